"""Problems with the browser inside the window."""

from __future__ import annotations

from assistant.language import N_
from assistant.problems.model import Problem, Tone, Way, Who

_LOADING = (
    Problem(
        code="WEB-01",
        title=N_("The sign-in page did not load"),
        cause=N_("The page from {host} stopped on its way. Nothing is saved."),
        remedy=(N_("Try again."), N_("If it happens again, restart the computer and start from here.")),
        who=Who.YOU,
        ways=(Way.TRY_AGAIN, Way.COPY_DETAILS, Way.BACK),
        agent=N_("Ask the customer to try once more. If it stays, note the technical information."),
    ),
    Problem(
        code="WEB-11",
        title=N_("The address {host} was not found"),
        cause=N_("Either this computer has no internet, or its network does not know the address."),
        remedy=(
            N_("Check that other pages open on this computer."),
            N_("Then try again. If only this page is missing, ask IT to allow {host}."),
        ),
        who=Who.YOU,
        ways=(Way.TRY_AGAIN, Way.COPY_DETAILS, Way.BACK),
        agent=N_("Ask whether other web pages open on that computer. If they do, IT blocks or does not know the host."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="WEB-12",
        title=N_("{host} does not answer"),
        cause=N_("The address is known, but no page came from it. Nothing is saved."),
        remedy=(N_("Wait a few minutes."), N_("Then try again.")),
        who=Who.YOU,
        ways=(Way.TRY_AGAIN, Way.COPY_DETAILS, Way.BACK),
        agent=N_("Try fortnox.se yourself. If it works for you, a firewall at the customer may stop it."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="WEB-15",
        title=N_("{host} has a fault of its own"),
        cause=N_("The site answered that it cannot show the page now. Nothing is saved."),
        remedy=(N_("Wait a few minutes."), N_("Then sign in again.")),
        who=Who.FORTNOX,
        ways=(Way.SIGN_IN_AGAIN, Way.COPY_DETAILS, Way.BACK),
        agent=N_("The fault is at the site. Look at Fortnox's own status page, and ask the customer to wait."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="WEB-25",
        title=N_("{host} refused to open the sign-in"),
        cause=N_("It said no before you did anything. The page you see is its own, and nothing is saved."),
        remedy=(
            N_("Read what the page says."),
            N_("Then choose “Start over”."),
            N_("If it stays so, call {vendor}, {phone}, and read out the error code."),
        ),
        who=Who.VENDOR,
        ways=(Way.SIGN_IN_AGAIN, Way.OWN_BROWSER, Way.COPY_CODE, Way.BACK),
        agent=N_("Ask what the page says. Compare client id and redirect URI in the integration file with the portal."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="WEB-14",
        title=N_("The company's proxy did not let the page through"),
        cause=N_("This computer reaches the internet through a proxy, and the proxy did not pass {host} on."),
        remedy=(N_("Ask IT to allow {host} in the proxy."), N_("Then try again.")),
        who=Who.IT,
        ways=(Way.COPY_DETAILS, Way.TRY_AGAIN, Way.BACK),
        agent=N_("Ask the customer to send the technical information to whoever looks after their network."),
    ),
    Problem(
        code="WEB-10",
        title=N_("The company's proxy did not get a password it accepts"),
        cause=N_("The proxy {proxy} lets {host} through only with the right user name and password."),
        remedy=(
            N_("Ask IT for the user name and password of the proxy."),
            N_("Then try again. Or ask IT to let {host} through without them."),
        ),
        who=Who.IT,
        ways=(Way.COPY_DETAILS, Way.TRY_AGAIN, Way.BACK),
        agent=N_("It is the proxy's password, not the one for Fortnox. Their IT knows it, or can make an exception."),
    ),
    Problem(
        code="WEB-21",
        title=N_("The company's proxy wants a Windows sign-in for the page"),
        cause=N_(
            "The proxy on the way to {host} takes only NTLM, Kerberos or Digest. This program knows none of them."
        ),
        remedy=(
            N_("Show this page to IT. They can let {host} through without a sign-in."),
            N_("They can also allow Basic sign-in in the proxy. Then try again."),
        ),
        who=Who.IT,
        ways=(Way.COPY_DETAILS, Way.TRY_AGAIN, Way.BACK),
        agent=N_("The technical information names what the proxy wants. Only IT can change it."),
    ),
    Problem(
        code="WEB-22",
        title=N_("The company's proxy cannot be reached"),
        cause=N_("This computer is set to fetch {host} through a proxy, and the proxy does not answer."),
        remedy=(
            N_("Connect to the company's network or VPN."),
            N_("Then try again. If it stays so, show this page to IT."),
        ),
        who=Who.YOU,
        ways=(Way.TRY_AGAIN, Way.COPY_DETAILS, Way.BACK),
        agent=N_("Ask whether they work from home without VPN. The proxy setting belongs to the company's network."),
        tone=Tone.WARNING,
    ),
)

_CERTIFICATES = (
    Problem(
        code="WEB-06",
        title=N_("Something on the network could read the traffic to {host}"),
        cause=N_(
            "Its certificate comes from “{issuer}”, which this computer does not trust."
            " Often it is antivirus software or the company's firewall. The program therefore won't sign in."
        ),
        remedy=(N_("Show this page to IT."),),
        who=Who.IT,
        ways=(Way.COPY_DETAILS, Way.SIGN_IN_AGAIN, Way.BACK),
        agent=N_("Never ask the customer to go on anyway. Their IT has to see who the issuer is."),
    ),
    Problem(
        code="WEB-17",
        title=N_("The connection to {host} is not secure"),
        cause=N_("The site did not show a certificate that this computer trusts. The program therefore won't sign in."),
        remedy=(
            N_("Check that the date and time of this computer are right."),
            N_("Then sign in again. If it stays, show this page to IT."),
        ),
        who=Who.IT,
        ways=(Way.COPY_DETAILS, Way.SIGN_IN_AGAIN, Way.BACK),
        agent=N_("Ask what the clock of the computer shows. Never ask the customer to go on anyway."),
    ),
    Problem(
        code="WEB-23",
        title=N_("The company's own certificate is not known to the sign-in page"),
        cause=N_(
            "The program trusts “{issuer}” for {host}, but its browser reads another list of certificates."
            " The program therefore won't sign in."
        ),
        remedy=(
            N_("Copy the details and send them to IT."),
            N_("They add the company's root certificate for your user, with the command in the details."),
            N_("Then sign in again."),
        ),
        who=Who.IT,
        ways=(Way.COPY_DETAILS, Way.SIGN_IN_AGAIN, Way.BACK),
        agent=N_("Their IT adds the root with certutil, of the package libnss3-tools, as the customer's user."),
        system="linux",
    ),
)

_ENGINE = (
    Problem(
        code="WEB-02",
        title=N_("The sign-in page stopped working"),
        cause=N_("The browser inside the window ended on its own, twice. Nothing is saved."),
        remedy=(N_("Close other programs."), N_("Then sign in again.")),
        who=Who.YOU,
        ways=(Way.SIGN_IN_AGAIN, Way.OWN_BROWSER, Way.COPY_DETAILS, Way.BACK),
        agent=N_("Ask the customer to sign in once more. A computer short of memory ends pages."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="WEB-03",
        title=N_("The page stays empty"),
        cause=N_("{host} sent a page, but nothing of it was drawn, with the graphics card and without."),
        remedy=(N_("Restart the computer."), N_("Then sign in again.")),
        who=Who.YOU,
        ways=(Way.SIGN_IN_AGAIN, Way.OWN_BROWSER, Way.COPY_DETAILS, Way.BACK),
        agent=N_("Ask whether it is a virtual machine or a remote desktop. Try from the computer's own desktop."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="WEB-04",
        title=N_("The browser inside the window cannot start"),
        cause=N_("A part of this program is missing or was removed. Antivirus software sometimes does that."),
        remedy=(
            N_("Install the program again."),
            N_("If it happens again, ask IT to allow it in the antivirus software."),
        ),
        who=Who.IT,
        ways=(Way.OWN_BROWSER, Way.COPY_DETAILS, Way.SIGN_IN_AGAIN, Way.CLOSE),
        agent=N_("Ask the customer to install the program again, and which antivirus software they have."),
    ),
)

_REFUSED = (
    Problem(
        code="WEB-24",
        title=N_("The sign-in page was opened again"),
        cause=N_("The browser inside the window had ended on its own. The sign-in begins anew."),
        remedy=(N_("Sign in in the page you see."),),
        who=Who.YOU,
        ways=(Way.BACK, Way.SIGN_IN_AGAIN),
        agent=N_("Nothing is lost. Ask the customer to sign in from the beginning."),
        tone=Tone.INFO,
    ),
    Problem(
        code="WEB-05",
        title=N_("A page without a secure address was not opened"),
        cause=N_("The sign-in wanted to go to {host} without encryption. The page you see is still there."),
        remedy=(N_("Carry on in the page you see."), N_("If it leads nowhere, choose “Start over”.")),
        who=Who.VENDOR,
        ways=(Way.BACK, Way.SIGN_IN_AGAIN),
        agent=N_("Ask what the customer clicked. A link to an unencrypted page is never opened here."),
        tone=Tone.INFO,
    ),
    Problem(
        code="WEB-26",
        title=N_("A file on this computer was not opened"),
        cause=N_("The page wanted to open a file here. No page in this window may read this computer's files."),
        remedy=(N_("Carry on in the page you see."), N_("If it leads nowhere, choose “Start over”.")),
        who=Who.VENDOR,
        ways=(Way.BACK, Way.SIGN_IN_AGAIN),
        agent=N_("Nothing was read. Ask what the customer clicked, and note it for the developers."),
        tone=Tone.INFO,
    ),
    Problem(
        code="WEB-18",
        title=N_("{host} is not allowed in this sign-in"),
        cause=N_("{vendor} has listed the sites this sign-in may visit. {host} is not among them."),
        remedy=(N_("Carry on in the page you see."), N_("If you need {host} to sign in, call {vendor}.")),
        who=Who.VENDOR,
        ways=(Way.BACK, Way.SIGN_IN_AGAIN, Way.COPY_CODE),
        agent=N_("Note the host. If customers sign in there, add it to the list in the integration file."),
        tone=Tone.INFO,
    ),
    Problem(
        code="WEB-07",
        title=N_("BankID did not open on this computer"),
        cause=N_("There may be no BankID program on this computer. Nothing has changed."),
        remedy=(
            N_("Choose BankID on another device in the page, and use your phone."),
            N_("Or install BankID on this computer, then sign in again."),
        ),
        who=Who.YOU,
        ways=(Way.BACK, Way.SIGN_IN_AGAIN),
        agent=N_("Ask the customer to choose BankID on another device and scan the code with the phone."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="WEB-13",
        title=N_("Another program was not started"),
        cause=N_("The page wanted to open a “{scheme}” link. Only BankID may be opened from here."),
        remedy=(N_("Carry on in the page you see."),),
        who=Who.YOU,
        ways=(Way.BACK, Way.SIGN_IN_AGAIN),
        agent=N_("Nothing is wrong. Mail and phone links are not opened from the sign-in page."),
        tone=Tone.INFO,
    ),
    Problem(
        code="WEB-08",
        title=N_("A file was not downloaded"),
        cause=N_("The page offered a file. Files are neither fetched nor sent from this window."),
        remedy=(N_("Carry on in the page you see. Get the file later in your own browser."),),
        who=Who.YOU,
        ways=(Way.BACK, Way.SIGN_IN_AGAIN),
        agent=N_("Nothing is wrong. No file is needed to sign in."),
        tone=Tone.INFO,
    ),
    Problem(
        code="WEB-09",
        title=N_("A question from the page was answered with no"),
        cause=N_("The page wanted to show a box or to use something on this computer. Signing in needs neither."),
        remedy=(N_("Carry on in the page you see."),),
        who=Who.YOU,
        ways=(Way.BACK, Way.SIGN_IN_AGAIN),
        agent=N_("Nothing is wrong. If the page does not go on, ask the customer to choose “Start over”."),
        tone=Tone.INFO,
    ),
    Problem(
        code="WEB-16",
        title=N_("This way of signing in does not work inside the window"),
        cause=N_("Passkeys, security keys and card certificates work only in your own browser."),
        remedy=(N_("Choose another way to sign in, such as BankID."),),
        who=Who.YOU,
        ways=(Way.OWN_BROWSER, Way.SIGN_IN_AGAIN, Way.BACK),
        agent=N_("Ask the customer to sign in with BankID or a password instead."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="WEB-19",
        title=N_("{host} asked for a password outside its page"),
        cause=N_("The site wanted a sign-in box of the browser's own. No password was sent."),
        remedy=(N_("Sign in again, and choose a way that shows a page from Fortnox."),),
        who=Who.VENDOR,
        ways=(Way.SIGN_IN_AGAIN, Way.COPY_CODE, Way.BACK),
        agent=N_("A Fortnox sign-in never asks this way. Note the host and pass it to the developers."),
    ),
    Problem(
        code="WEB-20",
        title=N_("Too many windows were opened"),
        cause=N_("The page wanted one more window than this program shows. It was not opened."),
        remedy=(N_("Carry on in the page you see."), N_("If it leads nowhere, choose “Start over”.")),
        who=Who.YOU,
        ways=(Way.BACK, Way.SIGN_IN_AGAIN),
        agent=N_("Ask the customer to choose “Start over”, and to sign in once more."),
        tone=Tone.INFO,
    ),
)

PROBLEMS = (*_LOADING, *_CERTIFICATES, *_ENGINE, *_REFUSED)
