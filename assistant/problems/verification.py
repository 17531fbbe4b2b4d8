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
        cause=N_(
            "Fortnox says the company may not be read without it. Check that the company has: {licences}. Often it is "
            "the integration licence."
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
        code="CHECK-08",
        title=N_("Fortnox would not show the company's details"),
        cause=N_(
            "Fortnox approved, but turned away the first question. This program does not know the reason. "
            "Nothing is saved."
        ),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."),),
        who=Who.VENDOR,
        ways=(
            Way.COPY_CODE,
            Way.CLOSE,
        ),
        agent=N_("Open the technical information and note Fortnox's code for the developers."),
    ),
    Problem(
        code="CHECK-12",
        title=N_("You chose another company"),
        cause=N_(
            "{right} was to be connected again, but {wrong} was approved. The connection to {right} is unchanged."
        ),
        remedy=(N_("Sign in again and choose {right}."),),
        who=Who.YOU,
        ways=(Way.SIGN_IN_AGAIN, Way.BACK, Way.CLOSE),
        agent=N_(
            "Ask the customer to compare the company's number. Another company is connected from the list instead."
        ),
        tone=Tone.WARNING,
    ),
)
