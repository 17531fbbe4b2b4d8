"""Every problem this program knows: code, cause, remedy, who can solve it and what an agent should say.

A problem is a value; what happened to one person is an `Occurrence`: the problem and the facts of the moment. Rooms
that fail raise `ProblemError`, which carries an occurrence and nothing else:

    ProblemError                 the only exception that leaves a room
      .occurrence                Occurrence(problem, facts, details)

The families are files of their own beside this one; their texts are English message ids (`N_`), translated where shown.
No Qt and no I/O here.
"""

from __future__ import annotations

from assistant.problems.catalogue import CATALOGUE, occurrence, problem, stop
from assistant.problems.model import (
    Occurrence,
    Problem,
    ProblemError,
    Tone,
    Way,
    Who,
)

__all__ = ["CATALOGUE", "Occurrence", "Problem", "ProblemError", "Tone", "Way", "Who", "occurrence", "problem", "stop"]
