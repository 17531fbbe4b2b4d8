"""Renews a connection now, whatever is at hand: a user account is then valid for 45 days more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.connections.later import DAMAGED, later
from assistant.connections.ports import Ports
from assistant.problems import ProblemError, stop
from assistant.vault.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """What a renewal brought.

    Attributes:
        connection: as it stands in the vault afterwards; its `valid_until` is the new one.
        access_expires_at: when the new access token ends, aware; None where Fortnox did not say.
    """

    connection: Connection
    access_expires_at: datetime | None


async def renew(ports: Ports, connection_id: str) -> Renewed:
    """Gets a new token. Cancelling it does not stop a renewal that has begun; it is saved all the same.

    A service account has nothing that ends; for one this shows that the approval still stands.

    Raises:
        ProblemError: STORE-16, there is no such connection; else what stopped it, in the words of `later`. What only
            a person can solve is noted with the connection.
    """
    connection = await ports.off_loop(lambda: ports.vault.connection(connection_id))
    if connection is None:
        raise stop("STORE-16")
    await ports.token_pace.turn()
    try:
        token = await ports.tokens.renew_async(connection_id)
    except ProblemError as failure:
        if failure.code == DAMAGED:
            await note_damage(ports, connection_id)
        raise ProblemError(later(failure.occurrence, connection)) from None
    after = await ports.off_loop(lambda: ports.vault.connection(connection_id))
    return Renewed(connection=after or connection, access_expires_at=token.expires_at)


async def note_damage(ports: Ports, connection_id: str) -> None:
    """Writes down that the secrets of a connection cannot be read, so that a list shows it without the key."""
    try:
        await ports.off_loop(lambda: ports.vault.note(connection_id, problem=DAMAGED))
    except ProblemError:
        return  # its clear columns cannot be read either: whoever lists it sees that
