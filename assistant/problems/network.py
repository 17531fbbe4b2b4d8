"""Problems with the way to Fortnox."""

from __future__ import annotations

from assistant.problems.model import Problem

PROBLEMS: tuple[Problem, ...] = ()
