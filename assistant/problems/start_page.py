"""Problems with opening an address outside this program, such as the integration's start page."""

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
    Problem(
        code="OPEN-02",
        title=N_("The address could not be opened"),
        cause=N_("Nothing on this computer opened {address}."),
        remedy=(N_("Copy the address and open it yourself."),),
        who=Who.YOU,
        ways=(Way.COPY_ADDRESS, Way.CLOSE),
        agent=N_("Read the address out, or send it. Settings are also found with the system's own search."),
        tone=Tone.WARNING,
    ),
)
