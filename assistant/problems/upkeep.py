"""Problems with keeping connections alive from day to day.

Fact `{system}` is the name of the operating system.
"""

from __future__ import annotations

from assistant.language import N_
from assistant.problems.model import Problem, Way, Who

PROBLEMS = (
    Problem(
        code="KEEP-01",
        title=N_("The schedule for the daily renewal could not be changed"),
        cause=N_("{system} did not take the change. Your connections are not touched."),
        remedy=(
            N_("Sign in to the computer's own desktop as the user who connected, and try again there."),
            N_("If it happens again, show this page to IT."),
            N_("Until then, run the command keep-alive yourself every week."),
        ),
        who=Who.IT,
        ways=(Way.COPY_DETAILS, Way.TRY_AGAIN, Way.CLOSE),
        agent=N_("Ask whether the command was run over a remote connection, or as another user. Neither always works."),
    ),
)
