"""What to do when a renewal fails, so that a lost answer costs no more than it must. Pure.

A refresh token works once [DOC, refresh-token]. When the answer to a renewal is lost, nobody here knows whether the
old token was used up: if it was, the new one is gone with the answer; if not, the old one still works. It is tried
once more, and what Fortnox says then is the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from assistant.problems import Occurrence, occurrence

LOST_ANSWER = "TOKEN-04"
REFUSED = "TOKEN-11"
"""What `invalid_grant` is on a renewal: the stored token is used up, expired or withdrawn."""
CREDENTIAL_VOID = "TOKEN-20"
"""What the vendor's relay says when it does not know the connection credential, or no longer."""

SAVE_PAUSES: Final = (0.2, 1.0, 4.0)
"""Seconds between tries to save what a renewal brought, for it cannot be had again."""
REQUEST_SECONDS: Final = 20.0
"""The longest that one request takes; see `assistant.fortnox.client.Limits`."""

ONLY_A_CHECK_KNOWS: Final = frozenset({"CONN-01", "CONN-07", "CHECK-03"})
"""Problems that a new token does not show to be solved: another company answers, a part of it does not answer."""


class Next(Enum):
    """What comes after a renewal that failed."""

    SAME_TOKEN_AGAIN = "same-token-again"  # noqa: S105 - an answer, not a token
    RECONNECT = "reconnect"  # the connection has to be made again; the row stays until it is
    LATER = "later"  # nothing is decided; the stored token stays, and a later renewal finds out


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What comes next, and the problem to show unless it is another try."""

    next: Next
    problem: Occurrence | None = None


def after_failure(problem: Occurrence, *, lost_before: bool) -> Decision:
    """What follows when a renewal ended in `problem`.

    Args:
        problem: what the client raised.
        lost_before: whether this was the second try, after the answer to the first was lost.
    """
    return after_lost_answer(problem) if lost_before else _after_first(problem)


def after_lost_answer(problem: Occurrence) -> Decision:
    """What follows when the one further try with the old token failed as well.

    Refused: the first try had used the old token up, and its answer held the only new one. Lost again: still nobody
    knows, so the old token is kept and the network is what is told of; there is no third try, since a network that
    loses two answers loses the next. Anything else: it stands for itself, and the old token is kept.
    """
    if problem.code == REFUSED:
        details: dict[str, object] = {**dict(problem.details), "Answer before": "lost"}
        return Decision(next=Next.RECONNECT, problem=occurrence(REFUSED, details, **problem.facts))
    if problem.code == LOST_ANSWER:
        return Decision(next=Next.LATER, problem=occurrence("NET-08", dict(problem.details), **problem.facts))
    return Decision(next=Next.RECONNECT if problem.code == CREDENTIAL_VOID else Next.LATER, problem=problem)


def _after_first(problem: Occurrence) -> Decision:
    if problem.code == LOST_ANSWER:
        return Decision(next=Next.SAME_TOKEN_AGAIN)
    if problem.code in (REFUSED, CREDENTIAL_VOID):
        return Decision(next=Next.RECONNECT, problem=problem)
    return Decision(next=Next.LATER, problem=problem)
