"""The stored connections, as what is stored says of them. Asks nobody and needs no key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assistant.problems import CATALOGUE, Occurrence, ProblemError, occurrence
from assistant.support.self_test.result import Check, Detail, Reason, Result, fine, not_checked, wrong
from assistant.support.self_test.world import World
from assistant.vault.connection import Connection


def look_at_connections(world: World) -> Sequence[Result]:
    """A result for each connection, the oldest first; company and person are not named. Blocks."""
    try:
        stored = world.vault.connections()
    except ProblemError as stopped:
        return (wrong(Check.CONNECTION, stopped.occurrence),)
    if not stored:
        return (not_checked(Check.CONNECTION, Reason.NOTHING_STORED),)
    return tuple(_one(number, each, world.clock()) for number, each in enumerate(stored, 1))


def _one(number: int, connection: Connection, now: datetime) -> Result:
    told = ((Detail.NUMBER, str(number)), (Detail.ACCOUNT, connection.account.value))
    problem = _problem(connection, now)
    return fine(Check.CONNECTION, *told) if problem is None else wrong(Check.CONNECTION, problem, *told)


def _problem(connection: Connection, now: datetime) -> Occurrence | None:
    """What the last use ended in and only a person can solve, or that its time has run out."""
    if connection.problem is not None:
        return occurrence(connection.problem if connection.problem in CATALOGUE else "STORE-07")
    if connection.valid_until is not None and connection.valid_until <= now:
        return occurrence("TOKEN-11")
    return None
