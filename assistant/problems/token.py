"""Problems with tokens."""

from __future__ import annotations

from assistant.language import N_
from assistant.problems.model import Problem, Tone, Way, Who

PROBLEMS: tuple[Problem, ...] = (
    Problem(
        code="TOKEN-01",
        title=N_("Fortnox did not accept the activation key"),
        cause=N_("The key of {integration} is wrong or has been replaced. You are not connected yet."),
        remedy=(
            N_("Enter the activation key again, without spaces."),
            N_("If it is right, call {vendor}, {phone}, and read out the error code."),
        ),
        who=Who.VENDOR,
        ways=(
            Way.ENTER_SECRET,
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Check the client secret in the developer portal. Send a new key in a safe way."),
    ),
    Problem(
        code="TOKEN-02",
        title=N_("The approval was too old or already used"),
        cause=N_("An approval holds for ten minutes and works once. Nothing is saved."),
        remedy=(N_("Sign in again."),),
        who=Who.YOU,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("Ask them to sign in once more and not to pause after approving."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="TOKEN-03",
        title=N_("The answer from {host} could not be read"),
        cause=N_("It was not what Fortnox usually sends. Nothing is saved."),
        remedy=(
            N_("Sign in again."),
            N_("If it happens again, call {vendor} and read out the codes below."),
        ),
        who=Who.VENDOR,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Open the technical information and note it for the developers."),
    ),
    Problem(
        code="TOKEN-04",
        title=N_("It is not clear whether Fortnox approved"),
        cause=N_("The request was sent, but the answer was lost on the way. Nothing is saved here."),
        remedy=(
            N_("Check that this computer is on the internet."),
            N_("Sign in again. It does no harm if Fortnox has approved already."),
        ),
        who=Who.YOU,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("Nothing is lost but a minute. They sign in again, and the new approval replaces the old."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="TOKEN-05",
        title=N_("The answer from {host} was far too large"),
        cause=N_("It can't be an answer from Fortnox, so the program stopped reading. Nothing is saved."),
        remedy=(
            N_("Show this page to IT: something on the network may answer instead."),
            N_("Sign in again."),
        ),
        who=Who.IT,
        ways=(
            Way.COPY_DETAILS,
            Way.SIGN_IN_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("Ask whether the network has a sign-in page of its own, such as a hotel's."),
    ),
    Problem(
        code="TOKEN-06",
        title=N_("{host} pointed somewhere else"),
        cause=N_("The program sends credentials to the agreed address only. It stopped, and nothing is saved."),
        remedy=(
            N_("Show this page to IT: a network sign-in page may be in the way."),
            N_("Sign in again."),
        ),
        who=Who.IT,
        ways=(
            Way.COPY_DETAILS,
            Way.SIGN_IN_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("Ask whether the network has a sign-in page. Else the developers should check the addresses."),
    ),
    Problem(
        code="TOKEN-07",
        title=N_("{integration} isn't set up correctly at Fortnox"),
        cause=N_("Its redirect address is not the registered one. You did nothing wrong and can't solve this."),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."),),
        who=Who.VENDOR,
        ways=(
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Compare the redirect URI in the integration file with the portal, character for character."),
    ),
    Problem(
        code="TOKEN-08",
        title=N_("The service account could not be used"),
        cause=N_("Fortnox approved, but gave no access in the company's name. Nothing is saved."),
        remedy=(
            N_("Sign in again as a system administrator."),
            N_("If it stays so, call {vendor}, {phone}, and read out the error code."),
        ),
        who=Who.VENDOR,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.COPY_CODE,
            Way.USE_USER_ACCOUNT,
            Way.CLOSE,
        ),
        agent=N_("Check in the portal that service accounts and client credentials are on for this client id."),
    ),
    Problem(
        code="TOKEN-09",
        title=N_("{integration} asks for more than was approved"),
        cause=N_("Fortnox refused a permission. You did nothing wrong. Nothing is saved."),
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
        code="TOKEN-10",
        title=N_("A licence is missing in Fortnox"),
        cause=N_(
            "Fortnox gave no access and doesn't say which. Check that the company has: {licences}. Often it is the "
            "integration licence."
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
        code="TOKEN-11",
        title=N_("The connection has to be made again"),
        cause=N_(
            "Fortnox no longer accepts what is stored here. It has expired, been withdrawn, or been used elsewhere."
        ),
        remedy=(N_("Sign in again and choose the same company."),),
        who=Who.YOU,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("Ask whether two computers use the same connection. Then connect once on each."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="TOKEN-12",
        title=N_("The connection would stop after an hour"),
        cause=N_("Fortnox gave access, but nothing to renew it with. Nothing is saved."),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."),),
        who=Who.VENDOR,
        ways=(
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_(
            "No refresh token came with the user account. The developers should check the integration's settings."
        ),
    ),
    Problem(
        code="TOKEN-13",
        title=N_("Fortnox asks the program to wait"),
        cause=N_("There were too many calls in a short time. Nothing is wrong with the connection."),
        remedy=(
            N_("Wait {wait}."),
            N_("Try again. You carry on where you were."),
        ),
        who=Who.YOU,
        ways=(
            Way.TRY_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("Ask them to wait a moment. Other programs at the company may be calling too."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="TOKEN-14",
        title=N_("Fortnox refused the connection"),
        cause=N_("Fortnox gave a reason this program does not know. Nothing is saved."),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."),),
        who=Who.VENDOR,
        ways=(
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Open the technical information and note the OAuth code for the developers."),
    ),
    Problem(
        code="TOKEN-15",
        title=N_("The activation key is missing"),
        cause=N_("{integration} can't be connected without it. Nothing has been sent to Fortnox."),
        remedy=(
            N_("Enter the activation key you got from {vendor}."),
            N_("Have you none? Call {vendor}, {phone}."),
        ),
        who=Who.YOU,
        ways=(
            Way.ENTER_SECRET,
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Send the customer the activation key in a safe way, never by reading it aloud."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="TOKEN-16",
        title=N_("{host} gave a kind of access this program can't use"),
        cause=N_("It was not of the kind Fortnox uses. Nothing is saved."),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."),),
        who=Who.VENDOR,
        ways=(
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("The token type was not bearer. The developers should check the addresses in the integration file."),
    ),
    Problem(
        code="TOKEN-17",
        title=N_("An access could not be handed back"),
        cause=N_("Fortnox did not confirm it. Nothing is saved here, but {integration} may still have that access."),
        remedy=(
            N_("Remove {integration} in that company's Fortnox, under Manage integrations (Hantera integrationer)."),
        ),
        who=Who.YOU,
        ways=(
            Way.COPY_CODE,
            Way.BACK,
            Way.CLOSE,
        ),
        agent=N_("Ask which company it was, and have them remove the integration there, with that company chosen."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="TOKEN-18",
        title=N_("{integration} isn't set up correctly at Fortnox"),
        cause=N_("Fortnox did not accept the key set up by {vendor}. You did nothing wrong and can't solve this."),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."),),
        who=Who.VENDOR,
        ways=(
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Compare the client secret in the file, variable or relay with the one in the developer portal."),
    ),
    Problem(
        code="TOKEN-19",
        title=N_("Fortnox wants a longer wait than the approval lasts"),
        cause=N_("There were too many calls in a short time. An approval holds for ten minutes. Nothing is saved."),
        remedy=(
            N_("Wait {wait}."),
            N_("Then sign in again."),
        ),
        who=Who.YOU,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("Agree on a time to sign in again. Other programs at the company may be calling too."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="TOKEN-20",
        title=N_("{vendor} does not let this connection through"),
        cause=N_("{integration} connects through a server at {vendor}, which no longer knows what is stored here."),
        remedy=(
            N_("Sign in again and choose the same company."),
            N_("If it happens again, call {vendor}, {phone}, and read out the error code."),
        ),
        who=Who.VENDOR,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("The relay refused the connection credential. Signing in again gives a new one. Find out why."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="TOKEN-21",
        title=N_("{integration} isn't set up correctly at {vendor}"),
        cause=N_("The server at {vendor} was not let in. You did nothing wrong and can't solve this."),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."),),
        who=Who.VENDOR,
        ways=(
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Fortnox refused the relay's client id or secret, or the relay refused the call. Check both."),
    ),
    Problem(
        code="TOKEN-22",
        title=N_("This computer can't reach {vendor}"),
        cause=N_("{integration} connects through {host}, which does not answer. You did nothing wrong."),
        remedy=(
            N_("Check that this computer is on the internet, and try again."),
            N_("If it stays so, call {vendor}, {phone}, and read out the error code."),
        ),
        who=Who.VENDOR,
        ways=(
            Way.TRY_AGAIN,
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("See whether the relay is up. If it is, the customer's network has to let its address through."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="TOKEN-23",
        title=N_("The server at {vendor} is not working at the moment"),
        cause=N_("{integration} connects through {host}, which answers that it can't help. You did nothing wrong."),
        remedy=(
            N_("Wait a few minutes and try again."),
            N_("If it stays so, call {vendor}, {phone}, and read out the error code."),
        ),
        who=Who.VENDOR,
        ways=(
            Way.TRY_AGAIN,
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("The HTTP status stands in the technical information. The developers should look at the relay's log."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="TOKEN-24",
        title=N_("An access was not handed back"),
        cause=N_("A connection on this computer may rest on the same approval in Fortnox, so the approval was let be."),
        remedy=(
            N_("If that company is connected on this computer, you need do nothing."),
            N_(
                "If it is not, remove {integration} in that company's Fortnox, under Manage integrations (Hantera "
                "integrationer)."
            ),
        ),
        who=Who.YOU,
        ways=(
            Way.COPY_CODE,
            Way.BACK,
            Way.CLOSE,
        ),
        agent=N_(
            "Ask which company it was. Have the integration removed there only if that company is not to stay "
            "connected."
        ),
        tone=Tone.WARNING,
    ),
)
