"""The vault for a window: the same calls, awaited, on threads of their own."""

from __future__ import annotations

from assistant.own_thread import OwnThread
from assistant.problems import Occurrence
from assistant.secret import Secret
from assistant.vault.connection import Connection, Secrets
from assistant.vault.store import Listing, Vault


class AsyncVault:
    """`Vault` without blocking the event loop; its methods mean and raise the same.

    Cancelling a waiter does not stop a call that has begun: a save happens or does not, whoever still waits for it.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        # Two threads, so that the list can be shown while the box of the keychain waits for its answer.
        self._keyed = OwnThread("vault-keyed")
        self._plain = OwnThread("vault-plain")

    async def listing(self) -> Listing:
        return await self._plain.call(self._vault.listing)

    async def connections(self) -> tuple[Connection, ...]:
        return await self._plain.call(self._vault.connections)

    async def find(
        self, *, authorize_host: str | None = None, client_id: str | None = None, tenant_id: str | None = None
    ) -> tuple[Connection, ...]:
        return await self._plain.call(
            lambda: self._vault.find(authorize_host=authorize_host, client_id=client_id, tenant_id=tenant_id)
        )

    async def connection(self, connection_id: str) -> Connection | None:
        return await self._plain.call(lambda: self._vault.connection(connection_id))

    async def matching(self, connection: Connection) -> tuple[Connection, ...]:
        return await self._plain.call(lambda: self._vault.matching(connection))

    async def usable(self) -> Occurrence | None:
        return await self._plain.call(self._vault.usable)

    async def key_problem(self) -> Occurrence | None:
        return await self._keyed.call(self._vault.key_problem)

    async def set_aside(self, because: str) -> str | None:
        return await self._keyed.call(lambda: self._vault.set_aside(because))

    async def unlock(self) -> None:
        await self._keyed.call(self._vault.unlock)

    async def save(
        self,
        connection: Connection,
        secrets: Secrets,
        *,
        client_secret: Secret | None = None,
        replacing: str | None = None,
    ) -> Connection:
        return await self._keyed.call(
            lambda: self._vault.save(connection, secrets, client_secret=client_secret, replacing=replacing)
        )

    async def secrets(self, connection_id: str) -> Secrets:
        return await self._keyed.call(lambda: self._vault.secrets(connection_id))

    async def client_secret(self, authorize_host: str, client_id: str) -> Secret | None:
        return await self._keyed.call(lambda: self._vault.client_secret(authorize_host, client_id))

    async def set_client_secret(self, authorize_host: str, client_id: str, client_secret: Secret) -> None:
        await self._keyed.call(lambda: self._vault.set_client_secret(authorize_host, client_id, client_secret))

    async def remove(self, connection_id: str) -> bool:
        return await self._plain.call(lambda: self._vault.remove(connection_id))
