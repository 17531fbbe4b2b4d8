"""Problems with the way to Fortnox."""

from __future__ import annotations

from assistant.language import N_
from assistant.problems.model import Problem, Tone, Way, Who

PROBLEMS: tuple[Problem, ...] = (
    Problem(
        code="NET-01",
        title=N_("This computer can't reach {host}"),
        cause=N_("The name {host} can't be found. Often the internet connection is missing."),
        remedy=(
            N_("Check that this computer is on the internet."),
            N_("Try again. You carry on where you were."),
        ),
        who=Who.YOU,
        ways=(
            Way.TRY_AGAIN,
            Way.COPY_DETAILS,
            Way.CLOSE,
        ),
        agent=N_("Ask whether another web page opens on the same computer."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="NET-02",
        title=N_("This computer can't reach {host}"),
        cause=N_("The internet may be working, but {host} does not answer."),
        remedy=(
            N_("Wait a few minutes and try again."),
            N_("If it stays so, ask IT to allow {hosts}."),
        ),
        who=Who.YOU,
        ways=(
            Way.TRY_AGAIN,
            Way.COPY_DETAILS,
            Way.CLOSE,
        ),
        agent=N_("Ask whether other web pages open on the same computer. If they do, IT has to allow {hosts}."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="NET-03",
        title=N_("{host} answers too slowly"),
        cause=N_("The answer did not come in time."),
        remedy=(
            N_("Try again. You carry on where you were."),
            N_("If it stays slow, wait a few minutes first."),
        ),
        who=Who.YOU,
        ways=(
            Way.TRY_AGAIN,
            Way.COPY_DETAILS,
            Way.CLOSE,
        ),
        agent=N_("Ask whether other pages are slow too. A weak wireless network is the usual reason."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="NET-04",
        title=N_("Something on the network could read the traffic to {host}"),
        cause=N_(
            "The certificate of {host} comes from “{issuer}”, which this computer does not trust. Often "
            "it is antivirus software or the company's firewall. The program therefore won't sign in."
        ),
        remedy=(N_("Show this page to IT."),),
        who=Who.IT,
        ways=(
            Way.COPY_DETAILS,
            Way.CLOSE,
        ),
        agent=N_("Do not ask them to go round it. IT has to look at the certificate's issuer."),
    ),
    Problem(
        code="NET-05",
        title=N_("The company's proxy wants a sign-in"),
        cause=N_("The traffic to {host} goes through a proxy that let nothing past."),
        remedy=(
            N_("Did IT give you a user name and password for the proxy? Then enter them in the window."),
            N_("If not, ask IT to allow {hosts} without a sign-in."),
            N_("Come back here and try again."),
        ),
        who=Who.IT,
        ways=(
            Way.PROXY_PASSWORD,
            Way.COPY_DETAILS,
            Way.TRY_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("Ask whether they have a password for the proxy. If not, IT must make an exception."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="NET-06",
        title=N_("Fortnox is not working at the moment"),
        cause=N_("{host} answers that something is wrong at its end. You did nothing wrong."),
        remedy=(
            N_("Wait a few minutes and try again."),
            N_("If you can't get in at fortnox.se either, contact Fortnox."),
        ),
        who=Who.FORTNOX,
        ways=(
            Way.TRY_AGAIN,
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Look at Fortnox's status page, and agree on a time to try again."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="NET-07",
        title=N_("The company's proxy can't be reached"),
        cause=N_("This computer is set to use a proxy, and the proxy does not answer."),
        remedy=(
            N_("Check that this computer is on the company's network or VPN."),
            N_("Try again, or show this page to IT."),
        ),
        who=Who.IT,
        ways=(
            Way.TRY_AGAIN,
            Way.COPY_DETAILS,
            Way.CLOSE,
        ),
        agent=N_("Ask whether they work from home without VPN. The proxy setting belongs to the company's network."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="NET-08",
        title=N_("The network connection to {host} was cut"),
        cause=N_("The network closed the connection before {host} had answered. Trying again is safe."),
        remedy=(N_("Try again. You carry on where you were."),),
        who=Who.YOU,
        ways=(
            Way.TRY_AGAIN,
            Way.COPY_DETAILS,
            Way.CLOSE,
        ),
        agent=N_("Ask them to try once more. If it happens again, IT should look at the firewall."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="NET-09",
        title=N_("The company's proxy stops the traffic to {host}"),
        cause=N_("The proxy answered, but it did not let the program through to {host}."),
        remedy=(
            N_("Ask IT to allow {hosts}."),
            N_("Come back here and try again."),
        ),
        who=Who.IT,
        ways=(
            Way.COPY_DETAILS,
            Way.TRY_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("The proxy needs an exception for {hosts}. Only IT can add it."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="NET-10",
        title=N_("The certificate of {host} does not fit this computer's clock"),
        cause=N_(
            "The certificate of {host} is not valid on the date this computer shows. Most often the clock is wrong."
        ),
        remedy=(
            N_("Open date and time settings, and choose to set the time automatically."),
            N_("Come back here and try again."),
            N_("Is the clock right? Then show this page to IT."),
        ),
        who=Who.YOU,
        ways=(
            Way.OPEN_SETTINGS,
            Way.TRY_AGAIN,
            Way.COPY_DETAILS,
            Way.CLOSE,
        ),
        agent=N_("Ask which date and time the computer shows, year included."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="NET-11",
        title=N_("The company's proxy wants a Windows sign-in"),
        cause=N_(
            "The way to {host} goes through a proxy that takes only NTLM, Kerberos or Digest. This program knows none."
        ),
        remedy=(
            N_("Ask IT to let this computer reach {hosts} without a sign-in."),
            N_("Or ask them to allow Basic sign-in in the proxy for this program."),
        ),
        who=Who.IT,
        ways=(
            Way.COPY_DETAILS,
            Way.TRY_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("The technical information names what the proxy wants. IT can make an exception for the program."),
        tone=Tone.WARNING,
    ),
)
