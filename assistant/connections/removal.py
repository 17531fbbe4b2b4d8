"""Removes a connection: withdraws what can be withdrawn, deletes it here, makes sure that it is gone.

What Fortnox itself keeps is not this program's to remove: Fortnox documents the end of a refresh token [DOC,
revoke-access-token], not that of an approval. So whoever removes is told what to remove there.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum
from typing import Final

from assistant.connections.later import DAMAGED, later
from assistant.connections.ports import Ports
from assistant.language import N_, _
from assistant.problems import Occurrence, ProblemError, stop
from assistant.problems.unplanned import unplanned
from assistant.vault.connection import Connection
from assistant.vault.renewals import Held
from assistant.vault.renewing import access_of
from assistant.vault.to_its_end import to_its_end


class Revocation(Enum):
    """What became of withdrawing the stored access at Fortnox, or at the vendor's relay. The values stand in JSON."""

    REVOKED = "revoked"
    NOTHING = "nothing"  # a service account without a relay: nothing is stored that could be withdrawn
    FAILED = "failed"  # what is deleted here may stay good at Fortnox until it ends by itself, but nobody has it

    @property
    def words(self) -> str:
        """A sentence in the current language."""
        return _(_WORDS[self])


_NOT_KNOWN: Final = "TOKEN-20"

_WORDS: Final = {
    Revocation.REVOKED: N_("The access was withdrawn."),
    Revocation.NOTHING: N_("There was no access to withdraw: a service account is approved in Fortnox alone."),
    Revocation.FAILED: N_(
        "The access could not be withdrawn. It is deleted here, so nobody can use it, and it ends by itself."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What a removal did.

    Attributes:
        connection: as it was; None where it was damaged beyond reading.
        revocation: what became of the stored access.
        problem: why it could not be withdrawn; None unless `revocation` is FAILED.
        last_of_integration: whether no connection of its integration is left here, so that the stored activation key,
            if there was one, is gone too.
    """

    connection: Connection | None
    revocation: Revocation
    problem: Occurrence | None = None
    last_of_integration: bool = False

    @property
    def left_at_fortnox(self) -> str:
        """What to do in Fortnox itself, in the current language."""
        if self.connection is None:
            return _(
                "In Fortnox the integration is still listed. To end it there too, open “Hantera integrationer” (manage "
                "integrations) in that company, and remove the integration."
            )
        return _(
            "In Fortnox the integration is still listed. To end it there too, open “Hantera integrationer” (manage "
            "integrations) in {company}, and remove {integration}.",
            company=self.connection.company_name,
            integration=self.connection.integration_name,
        )


async def remove(ports: Ports, connection_id: str) -> Removed:
    """Removes the connection. Once begun it runs to its end, whoever is cancelled.

    Withdrawing is tried once and stops nothing: not without network, nor with a locked keychain, which is never asked
    to show its box. It is begun only when the row can be deleted, so that no withdrawn access is left in the list.
    Of a row that is damaged beyond reading nothing can be withdrawn; it is deleted.

    Raises:
        ProblemError: STORE-16, there is no such connection; STORE-07 to STORE-10: nothing can be changed, and nothing
            was; STORE-14, somebody else uses it, or stored it anew at the same moment.
    """
    return await asyncio.wrap_future(to_its_end(lambda: _remove(ports, connection_id)))


def _remove(ports: Ports, connection_id: str) -> Removed:
    with ports.locks.held(connection_id):
        connection, damage = _read(ports, connection_id)
        hindrance = ports.vault.usable()
        if hindrance is not None and hindrance.code != "STORE-10":  # deleting makes room
            raise ProblemError(hindrance)
        revocation, problem = (Revocation.FAILED, damage) if connection is None else _withdrawn(ports, connection)
        ports.vault.remove(connection_id)
        if ports.vault.connection(connection_id) is not None:
            raise stop("STORE-14", {"row": "there again"})
    if connection is None:
        return Removed(connection=None, revocation=revocation, problem=problem)
    alike = ports.vault.find(authorize_host=connection.endpoints.authorize_host, client_id=connection.client_id)
    return Removed(connection=connection, revocation=revocation, problem=problem, last_of_integration=not alike)


def _read(ports: Ports, connection_id: str) -> tuple[Connection | None, Occurrence | None]:
    """The connection, or what keeps its row from being read."""
    try:
        connection = ports.vault.connection(connection_id)
    except ProblemError as failure:
        if failure.code != DAMAGED:
            raise
        return None, failure.occurrence
    if connection is None:
        raise stop("STORE-16")
    return connection, None


def _withdrawn(ports: Ports, connection: Connection) -> tuple[Revocation, Occurrence | None]:
    try:
        held = ports.vault.renewals.held(connection.id)
        if held.secrets.refresh_token is None and held.secrets.connection_credential is None:
            return Revocation.NOTHING, None
        done = asyncio.run(_withdraw(ports, held))
    except ProblemError as failure:
        return Revocation.FAILED, later(failure.occurrence, connection)
    except Exception as fault:  # noqa: BLE001 - a fault of this program must not keep anybody from removing
        return Revocation.FAILED, unplanned(fault)
    return (Revocation.REVOKED if done else Revocation.FAILED), None


async def _withdraw(ports: Ports, held: Held) -> bool:
    """Whether all that is held was withdrawn: the refresh token at Fortnox, then the relay's own credential."""
    done = True
    async with ports.client(held.connection.endpoints, access_of(held)) as client:
        if held.secrets.refresh_token is not None:
            await ports.token_pace.turn()
            done = await client.revoke(held.secrets.refresh_token)
        if held.connection.relay is not None and held.secrets.connection_credential is not None:
            try:
                done = await client.give_back() and done
            except ProblemError as failure:
                # A relay may have ended it together with the refresh token: then it is not known any more.
                if failure.code != _NOT_KNOWN or held.secrets.refresh_token is None:
                    raise
    return done
