"""Problems with a file that is made of the vault at a place the person names: a backup, an export."""

from __future__ import annotations

from assistant.language import N_
from assistant.problems.model import Problem, Tone, Way, Who

PROBLEMS = (
    Problem(
        code="COPY-01",
        title=N_("There is already a file of that name"),
        cause=N_("It was left as it is, and nothing was written."),
        remedy=(N_("Choose another name."), N_("If the old file may go, run the command again with --replace.")),
        who=Who.YOU,
        ways=(Way.BACK, Way.CLOSE),
        agent=N_("An older backup or export has that name. Have them choose another name, with today's date in it."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="COPY-02",
        title=N_("The file could not be written there"),
        cause=N_("The place is full, read-only or not there. Your connections are not touched."),
        remedy=(N_("Choose another place, or make room there."), N_("Try again.")),
        who=Who.YOU,
        ways=(Way.TRY_AGAIN, Way.COPY_DETAILS, Way.CLOSE),
        agent=N_("Ask where the file should go. A folder of the person's own, with a few megabytes free, always does."),
        tone=Tone.WARNING,
    ),
)
