"""Problems with signing in and approving."""

from __future__ import annotations

from assistant.language import N_
from assistant.problems.model import Problem, Tone, Way, Who

PROBLEMS: tuple[Problem, ...] = (
    Problem(
        code="AUTH-01",
        title=N_("You stopped at Fortnox"),
        cause=N_("Nothing is saved and nothing has changed."),
        remedy=(N_("Carry on whenever you like."),),
        who=Who.YOU,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("Ask whether they chose to stop. If not, ask what the last page said."),
        tone=Tone.INFO,
    ),
    Problem(
        code="AUTH-02",
        title=N_("You need a system administrator's help"),
        cause=N_("Fortnox lets only system administrators approve a service account. Nothing has changed."),
        remedy=(N_("Send the text to your company's system administrator, or connect in your own name."),),
        who=Who.ADMINISTRATOR,
        ways=(
            Way.COPY_HANDOVER,
            Way.USE_USER_ACCOUNT,
            Way.CLOSE,
        ),
        agent=N_("Ask: “Who in your company can add users in Fortnox?”"),
        tone=Tone.WARNING,
    ),
    Problem(
        code="AUTH-03",
        title=N_("A licence is missing in Fortnox"),
        cause=N_(
            "Fortnox doesn't say which. Check that the company has: {licences}. Often it is the "
            "integration licence. Trying again won't help."
        ),
        remedy=(
            N_("Click the company name in Fortnox and choose ”Administrera användare” (manage users)."),
            N_("Order what is missing (”Tilläggsbeställning”). See the price at Fortnox first."),
            N_("Then start {integration}'s connection again."),
        ),
        who=Who.ADMINISTRATOR,
        ways=(
            Way.SHOW_HOW,
            Way.COPY_HANDOVER,
            Way.BACK,
            Way.CLOSE,
        ),
        agent=N_("Go through the licences one by one with the customer. Never promise a price."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="AUTH-04",
        title=N_("{integration} hasn't been ordered in Fortnox yet"),
        cause=N_("It is bought through Fortnox before it can be connected. You order nothing in this program."),
        remedy=(
            N_("Open {integration}'s page at Fortnox and order there."),
            N_("Come back here afterwards."),
        ),
        who=Who.ADMINISTRATOR,
        ways=(
            Way.OPEN_LISTING,
            Way.CLOSE,
        ),
        agent=N_("The customer orders it on the page at Fortnox, then starts this program again."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="AUTH-05",
        title=N_("{integration} isn't set up correctly at Fortnox"),
        cause=N_("It asks for a permission that isn't registered for it. You did nothing wrong and can't solve this."),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."),),
        who=Who.VENDOR,
        ways=(
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_(
            "Compare the integration file's scopes with those in the developer portal. Changes there take a while."
        ),
    ),
    Problem(
        code="AUTH-06",
        title=N_("{integration} may not use a service account yet"),
        cause=N_("The setting for service accounts is off at Fortnox. You did nothing wrong. Nothing has changed."),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."),),
        who=Who.VENDOR,
        ways=(
            Way.COPY_CODE,
            Way.USE_USER_ACCOUNT,
            Way.CLOSE,
        ),
        agent=N_("Switch on service account authorization for the client id in the developer portal."),
    ),
    Problem(
        code="AUTH-07",
        title=N_("The answer did not belong to this sign-in"),
        cause=N_("It may come from an older page or from another program. It was not used, and nothing is saved."),
        remedy=(
            N_("Close other Fortnox pages."),
            N_("Sign in again."),
        ),
        who=Who.YOU,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("Ask whether they had started twice. If it happens again, note the code for the developers."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="AUTH-08",
        title=N_("Fortnox hasn't answered"),
        cause=N_(
            "The page may have been closed, the sign-in may have taken too long, or the company's "
            "Fortnox may be locked."
        ),
        remedy=(
            N_("Try once more."),
            N_("If you can't get in at fortnox.se either, contact Fortnox."),
        ),
        who=Who.YOU,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("Ask: “What does the window say right now?”"),
        tone=Tone.WARNING,
    ),
    Problem(
        code="AUTH-09",
        title=N_("Fortnox did not approve the connection"),
        cause=N_("Fortnox gave a reason this program does not know. Nothing is saved."),
        remedy=(
            N_("Sign in again once."),
            N_("If it stays so, call {vendor}, {phone}, and read out the error code."),
        ),
        who=Who.VENDOR,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Open the technical information and note the OAuth code for the developers."),
    ),
    Problem(
        code="AUTH-10",
        title=N_("The answer from Fortnox could not be read"),
        cause=N_("Something in it was missing or came twice. It was not used, and nothing is saved."),
        remedy=(
            N_("Sign in again."),
            N_("If it happens again, call {vendor} and read out the codes below."),
        ),
        who=Who.YOU,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Ask them to sign in once more. Twice the same means a fault to report."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="AUTH-11",
        title=N_("Sign in through ”Digital byrå”"),
        cause=N_("Fortnox wants consultants at accounting firms to enter that way. Nothing has changed."),
        remedy=(
            N_("Sign in again."),
            N_("Choose ”Digital byrå”, then the client to connect."),
        ),
        who=Who.YOU,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("Ask: “Do you work at an accounting firm?” Those who do enter through ”Digital byrå”."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="AUTH-12",
        title=N_("Fortnox does not know {integration}"),
        cause=N_("Its client id is wrong, or sign-in is not switched on for it. You did nothing wrong."),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."),),
        who=Who.VENDOR,
        ways=(
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Compare the client id with the portal's, and check that OAuth2 is on."),
    ),
    Problem(
        code="AUTH-13",
        title=N_("Fortnox is not working at the moment"),
        cause=N_("Fortnox answered that it has a fault for the moment. Nothing has changed."),
        remedy=(
            N_("Wait a few minutes."),
            N_("Sign in again."),
        ),
        who=Who.FORTNOX,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("Agree on a time to try again."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="AUTH-14",
        title=N_("Your Fortnox user has too few permissions"),
        cause=N_("Fortnox did not let you approve everything {integration} needs. Nothing has changed."),
        remedy=(N_("Send the text to your company's system administrator."),),
        who=Who.ADMINISTRATOR,
        ways=(
            Way.COPY_HANDOVER,
            Way.CLOSE,
        ),
        agent=N_("Ask: “Who in your company can add users in Fortnox?” That person should connect."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="AUTH-15",
        title=N_("The answer came from somebody else than Fortnox"),
        cause=N_("It names another sender than the one you signed in to. It was not used, and nothing is saved."),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."),),
        who=Who.VENDOR,
        ways=(
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Stop here and pass the codes to the developers at once."),
    ),
    Problem(
        code="AUTH-16",
        title=N_("The approval is too old"),
        cause=N_("Fortnox gives ten minutes from approval, and they have passed. Nothing is saved."),
        remedy=(N_("Sign in again."),),
        who=Who.YOU,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("Nothing is broken. Signing in once more is enough."),
        tone=Tone.INFO,
    ),
    Problem(
        code="AUTH-17",
        title=N_("{integration} hasn't been ordered in Fortnox yet"),
        cause=N_("It is bought through Fortnox before it can be connected. The program doesn't know where."),
        remedy=(
            N_("Call {vendor}, {phone}, and ask where {integration} is ordered."),
            N_("Come back here when it is ordered."),
        ),
        who=Who.VENDOR,
        ways=(
            Way.COPY_HANDOVER,
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Tell the customer where to order, and name that page in the integration file, under listing."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="AUTH-18",
        title=N_("You need a system administrator's help"),
        cause=N_("Fortnox lets only a system administrator approve this connection. Nothing has changed."),
        remedy=(N_("Send the text to your company's system administrator."),),
        who=Who.ADMINISTRATOR,
        ways=(
            Way.COPY_HANDOVER,
            Way.CLOSE,
        ),
        agent=N_("Ask: “Who in your company can add users in Fortnox?” That person should connect."),
        tone=Tone.WARNING,
    ),
)
