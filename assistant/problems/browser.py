"""Problems with the browser inside the window."""

from __future__ import annotations

from assistant.problems.model import Problem

PROBLEMS: tuple[Problem, ...] = ()
