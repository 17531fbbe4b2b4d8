"""All families of problems in one look-up."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from assistant.problems import (
    authorization,
    browser,
    connection,
    copies,
    file,
    network,
    own_browser,
    start,
    start_page,
    storage,
    token,
    upkeep,
    verification,
)
from assistant.problems.model import Occurrence, Problem, ProblemError

_FAMILIES = (
    start,
    file,
    network,
    browser,
    own_browser,
    authorization,
    token,
    verification,
    connection,
    storage,
    copies,
    upkeep,
    start_page,
)

CATALOGUE: Mapping[str, Problem] = MappingProxyType(
    {entry.code: entry for family in _FAMILIES for entry in family.PROBLEMS}
)


def problem(code: str) -> Problem:
    """The entry `code`.

    Raises:
        KeyError: there is no such code; a mistake in this program.
    """
    return CATALOGUE[code]


def occurrence(code: str, /, details: dict[str, object] | None = None, **facts: str) -> Occurrence:
    """Problem `code` as it happened now, with `facts` for its texts and allowed `details`."""
    shown = tuple((name, str(value)) for name, value in (details or {}).items() if value is not None)
    return Occurrence(problem=problem(code), facts=facts, details=shown)


def stop(code: str, /, details: dict[str, object] | None = None, **facts: str) -> ProblemError:
    """The exception to raise: `raise stop("NET-01", host="apps.fortnox.se")`."""
    return ProblemError(occurrence(code, details, **facts))
