"""Problems with the integration file."""

from __future__ import annotations

from assistant.problems.model import Problem

PROBLEMS: tuple[Problem, ...] = ()
