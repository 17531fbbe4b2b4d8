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
        title=N_("The company's proxy wants a password"),
        cause=N_("The proxy asked for a sign-in that this window does not give. No password was sent."),
        remedy=(N_("Ask IT to let {host} through without a proxy password."), N_("Then try again.")),
        who=Who.IT,
        ways=(Way.COPY_DETAILS, Way.TRY_AGAIN, Way.BACK),
        agent=N_("A proxy at the customer asks for a password. Their IT can exempt the addresses of Fortnox."),
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
)

_ENGINE = (
    Problem(
        code="WEB-02",
        title=N_("The sign-in page stopped working"),
        cause=N_("The browser inside the window ended on its own. Nothing is saved."),
        remedy=(N_("Sign in again."), N_("If it happens again, close other programs first.")),
        who=Who.YOU,
        ways=(Way.SIGN_IN_AGAIN, Way.COPY_DETAILS, Way.BACK),
        agent=N_("Ask the customer to sign in once more. A computer short of memory ends pages."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="WEB-03",
        title=N_("The page stays empty"),
        cause=N_("{host} sent a page, but this computer drew nothing of it. It may be the graphics card."),
        remedy=(N_("Sign in again."), N_("If it stays empty, restart the computer.")),
        who=Who.YOU,
        ways=(Way.SIGN_IN_AGAIN, Way.COPY_DETAILS, Way.BACK),
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
        ways=(Way.COPY_DETAILS, Way.TRY_AGAIN, Way.CLOSE),
        agent=N_("Ask the customer to install the program again, and which antivirus software they have."),
    ),
)

_REFUSED = (
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
        ways=(Way.SIGN_IN_AGAIN, Way.BACK),
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
