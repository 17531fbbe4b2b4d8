"""The world as this room has it: the vault, its locks, the way to Fortnox, its pace, the clock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from assistant.connections.pace import CompanyPaces, Pace, token_pace
from assistant.integration import own_app_id
from assistant.own_thread import OwnThread
from assistant.vault.keychain import Keychain
from assistant.vault.lock import ConnectionLocks
from assistant.vault.places import vault_places
from assistant.vault.store import Vault
from assistant.vault.tokens import Tokens

if TYPE_CHECKING:
    from assistant.fortnox.client import Client
    from assistant.fortnox.endpoints import Endpoints
    from assistant.fortnox.messages import Access

Result = TypeVar("Result")


def _client(endpoints: Endpoints, access: Access | None) -> AbstractAsyncContextManager[Client]:
    from assistant.fortnox.client import Client  # 0.15 s, which telling how connections are need not wait for

    return Client(endpoints, access)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What every operation of this room needs. Make one for each window or command, and keep it: it holds the pace.

    Attributes:
        vault: the connections. Its calls block, so they are made through `off_loop`.
        locks: the connections' locks, of the same vault.
        client: opens a client for these endpoints and this access; closed after use.
        clock: the present moment, aware.
        token_pace: of the token endpoint.
        company_paces: of the API, for each company.
    """

    vault: Vault
    locks: ConnectionLocks
    client: Callable[[Endpoints, Access | None], AbstractAsyncContextManager[Client]] = _client
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    token_pace: Pace = field(default_factory=token_pace)
    company_paces: CompanyPaces = field(default_factory=CompanyPaces)
    _work: OwnThread = field(default_factory=lambda: OwnThread("connections"), repr=False)

    @classmethod
    def of_this_user(cls, *, practice: bool = False) -> Ports:
        """The vault of the operating system's user who runs this, and the real Fortnox.

        Raises:
            ProblemError: FILE-...: the integration file that a packaged program carries is broken.
        """
        places = vault_places(own_app_id(), practice=practice)
        return cls(
            vault=Vault(places.vault_file, Keychain(places.keychain_service)), locks=ConnectionLocks(places.vault_file)
        )

    @property
    def tokens(self) -> Tokens:
        """The access tokens of the vault's connections."""
        return Tokens(self.vault, self.locks, client=self.client, clock=self.clock)

    async def off_loop(self, call: Callable[[], Result]) -> Result:
        """The result of a blocking `call`, made on a thread of its own."""
        return await self._work.call(call)
