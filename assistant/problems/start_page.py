"""Problems with opening the integration's start page."""

from __future__ import annotations

from assistant.language import N_
from assistant.problems.model import Problem, Tone, Way, Who

PROBLEMS = (
    Problem(
        code="OPEN-01",
        title=N_("The start page did not open"),
        cause=N_("This computer has no web browser that would open the address. {company} is connected all the same."),
        remedy=(N_("Copy the address and open it in a browser yourself."),),
        who=Who.YOU,
        ways=(Way.COPY_ADDRESS, Way.TRY_AGAIN, Way.CLOSE),
        agent=N_("The connection is made. Ask the customer to copy the address and open it in any browser."),
        tone=Tone.WARNING,
    ),
)
