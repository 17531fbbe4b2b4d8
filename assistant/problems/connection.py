"""Problems of a connection that has been there for a while, and of taking over an old one."""

from __future__ import annotations

from assistant.language import N_
from assistant.problems.model import Problem, Tone, Way, Who

_CALL = N_("If it happens again, call {vendor}, {phone}, and read out the error code.")

PROBLEMS: tuple[Problem, ...] = (
    Problem(
        code="CONN-01",
        title=N_("The connection opens another company"),
        cause=N_("It was saved for {company}, but Fortnox now answers for another one."),
        remedy=(N_("Connect {company} again, and choose that company in Fortnox."), _CALL),
        who=Who.YOU,
        ways=(Way.SIGN_IN_AGAIN, Way.COPY_CODE, Way.CLOSE),
        agent=N_("The company number that Fortnox gives is not the stored one. Connect again before it is used."),
    ),
    Problem(
        code="CONN-02",
        title=N_("The approval in Fortnox is gone"),
        cause=N_("Fortnox no longer lets {integration} into {company}. Somebody may have removed it there."),
        remedy=(N_("Connect {company} again, as a system administrator."),),
        who=Who.YOU,
        ways=(Way.SIGN_IN_AGAIN, Way.COPY_CODE, Way.CLOSE),
        agent=N_("The service account's approval was withdrawn. A system administrator has to approve again."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="CONN-03",
        title=N_("Fortnox no longer accepts the activation key"),
        cause=N_("The key of {integration} has been replaced. The companies need not be connected again."),
        remedy=(N_("Get the new activation key from {vendor}."), N_("Enter the activation key in this program.")),
        who=Who.VENDOR,
        ways=(Way.ENTER_SECRET, Way.COPY_CODE, Way.CLOSE),
        agent=N_("Send the customer the new key in a safe way. They enter it once for all companies."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="CONN-04",
        title=N_("The answer about {company} could not be understood"),
        cause=N_("{host} did not answer as Fortnox does. The connection is kept as it was."),
        remedy=(N_("Try again in a few minutes."), _CALL),
        who=Who.VENDOR,
        ways=(Way.TRY_AGAIN, Way.COPY_CODE, Way.CLOSE),
        agent=N_("A network sign-in page may be in the way. Else note the technical information for the developers."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="CONN-05",
        title=N_("Fortnox turned the connection away"),
        cause=N_("Fortnox gave access to {company}, and then did not accept it. The connection is kept."),
        remedy=(N_("Check it again in a few minutes."), N_("If it stays so, connect {company} again."), _CALL),
        who=Who.YOU,
        ways=(Way.SIGN_IN_AGAIN, Way.COPY_CODE, Way.CLOSE),
        agent=N_("A fresh access token was refused. Check the computer's clock, then have them connect again."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="CONN-06",
        title=N_("Fortnox refuses the connection"),
        cause=N_("{integration} was not let into {company}, for a reason this program does not know."),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."),),
        who=Who.VENDOR,
        ways=(Way.COPY_CODE, Way.CLOSE),
        agent=N_("Open the technical information and note Fortnox's code for the developers. Nothing was removed."),
    ),
    Problem(
        code="CONN-07",
        title=N_("A part of the connection does not work"),
        cause=N_("{company} answers, but not for everything that {integration} was given. A licence may be missing."),
        remedy=(
            N_("Check the connection to see which permission is refused."),
            N_("Have the licence for it ordered in Fortnox, or connect again."),
        ),
        who=Who.ADMINISTRATOR,
        ways=(Way.SHOW_HOW, Way.COPY_HANDOVER, Way.SIGN_IN_AGAIN, Way.CLOSE),
        agent=N_("Ask which permission the check names, and whether the company has its licence."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="CONN-08",
        title=N_("Fortnox does not know the old token"),
        cause=N_("It has been exchanged already, or it belongs to another integration. Nothing is saved."),
        remedy=(N_("Check that it is the right token, from the same integration."), N_("Else connect by signing in.")),
        who=Who.YOU,
        ways=(Way.CLOSE, Way.COPY_CODE),
        agent=N_("An old token can be exchanged once. Where it is used up, a new sign-in is the way."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="CONN-09",
        title=N_("Fortnox could not exchange the old token"),
        cause=N_("The integration may not be set to OAuth2 at Fortnox yet. Nothing is saved."),
        remedy=(N_("Call {vendor}, {phone}, and read out the error code."), N_("Else connect by signing in.")),
        who=Who.VENDOR,
        ways=(Way.COPY_CODE, Way.CLOSE),
        agent=N_("In the developer portal the integration must be set to OAuth2, with the same client id."),
    ),
    Problem(
        code="CONN-10",
        title=N_("Fortnox does not allow the old token to be exchanged"),
        cause=N_("Most often the company lacks a licence, such as that for integration. Nothing is saved."),
        remedy=(
            N_("Have an administrator of the company look at its licences in Fortnox."),
            N_("Then run the command again."),
        ),
        who=Who.ADMINISTRATOR,
        ways=(Way.SHOW_HOW, Way.COPY_HANDOVER, Way.CLOSE),
        agent=N_("Ask whether the company has the integration licence. Never promise a price."),
        tone=Tone.WARNING,
    ),
)
