"""Problems with checking the connection."""

from __future__ import annotations

from assistant.language import N_
from assistant.problems.model import Problem, Tone, Way, Who

PROBLEMS: tuple[Problem, ...] = (
    Problem(
        code="CHECK-01",
        title=N_("The company's details could not be read"),
        cause=N_("{host} answered in a way this program does not understand. Nothing is saved."),
        remedy=(
            N_("Try again."),
            N_("If it happens again, call {vendor} and read out the codes below."),
        ),
        who=Who.VENDOR,
        ways=(
            Way.TRY_AGAIN,
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Open the technical information and note it for the developers."),
    ),
    Problem(
        code="CHECK-02",
        title=N_("Fortnox did not say which company it is"),
        cause=N_("The number that identifies the company was missing. Without it nothing can be saved safely."),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."),),
        who=Who.VENDOR,
        ways=(
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("The answer lacked DatabaseNumber. Pass the codes to the developers."),
    ),
    Problem(
        code="CHECK-03",
        title=N_("A licence is missing in Fortnox"),
        cause=N_("Fortnox says the company may not be read without it. Often it is the integration licence."),
        remedy=(
            N_("Click the company name in Fortnox and choose ”Administrera användare” (manage users)."),
            N_("Order what is missing (”Tilläggsbeställning”). See the price at Fortnox first."),
            N_("Then start {integration}'s connection again."),
        ),
        who=Who.ADMINISTRATOR,
        ways=(
            Way.BACK,
            Way.COPY_HANDOVER,
            Way.CLOSE,
        ),
        agent=N_("Ask whether the company has the integration licence. Never promise a price."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="CHECK-04",
        title=N_("A permission is missing"),
        cause=N_("{integration} needs the permission {permission}, and the approval did not include it."),
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
        code="CHECK-05",
        title=N_("Fortnox did not accept the new access"),
        cause=N_("You approved, but the first call was turned away. Nothing is saved."),
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
        agent=N_("Ask them to sign in once more. Check that the computer's clock is right."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="CHECK-06",
        title=N_("The service account opened another company"),
        cause=N_("You approved {right}, but the service account opens {wrong}. Nothing is saved."),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."),),
        who=Who.VENDOR,
        ways=(
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Stop here. Pass both company names and the codes to the developers."),
    ),
    Problem(
        code="CHECK-07",
        title=N_("You chose {wrong}, but this connection is for {right}"),
        cause=N_("Nothing is saved and the old connection is untouched."),
        remedy=(
            N_("Sign in again and choose {right}."),
            N_("If it isn't in the list, your sign-in doesn't include it."),
        ),
        who=Who.YOU,
        ways=(
            Way.SIGN_IN_AGAIN,
            Way.CLOSE,
        ),
        agent=N_("Ask which company stands at the top right in Fortnox."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="CHECK-08",
        title=N_("Fortnox would not show the company's details"),
        cause=N_("Fortnox gave a reason this program does not know. Nothing is saved."),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."),),
        who=Who.VENDOR,
        ways=(
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Open the technical information and note Fortnox's code for the developers."),
    ),
    Problem(
        code="CHECK-09",
        title=N_("Some permissions are missing"),
        cause=N_("Fortnox approved less than {integration} asked for. Missing: {permissions}."),
        remedy=(
            N_("You can go on. What needs these permissions will not work."),
            N_("Call {vendor}, {phone}, if you are unsure."),
        ),
        who=Who.VENDOR,
        ways=(
            Way.BACK,
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Compare the permissions with what the customer needs. A new sign-in gives them once Fortnox allows."),
        tone=Tone.WARNING,
    ),
)
