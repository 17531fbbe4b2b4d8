"""Problems with signing in and approving."""

from __future__ import annotations

from assistant.problems.model import Problem

PROBLEMS: tuple[Problem, ...] = ()
