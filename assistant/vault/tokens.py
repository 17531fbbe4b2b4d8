"""A valid access token on demand, for whoever integrates with Fortnox.

    from assistant.vault.tokens import access_token

    token = access_token(tenant_id="123456")
    headers = {"Authorization": f"Bearer {token.token.reveal()}"}

An access token lives for an hour [DOC, get-access-token] and is kept until shortly before its end. Renewing it means,
for a service account, one `client_credentials` request; for a user account, using up the refresh token, which Fortnox
replaces [DOC, refresh-token]. However many threads, tasks and processes ask, one renews and the others get the same.

A refresh token is lost only when Fortnox's answer is lost on the wire. So a renewal of a user account
1. writes down that it begins, and takes the room on the disk that its end needs, before anything is sent;
2. runs to its end on a thread of its own, which neither Ctrl+C nor a cancelled task stops;
3. saves what came, and reads it back, before anybody gets the token.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from assistant.fortnox.account import AccountKind
from assistant.resources import own_integration_file
from assistant.secret import Secret
from assistant.vault.access_token import AccessToken, token_of
from assistant.vault.choosing import choose
from assistant.vault.connection import Connection
from assistant.vault.keychain import Keychain
from assistant.vault.lock import ConnectionLocks
from assistant.vault.places import vault_places
from assistant.vault.renewals import Held
from assistant.vault.store import Vault
from assistant.vault.to_its_end import to_its_end

if TYPE_CHECKING:
    from assistant.fortnox.endpoints import Endpoints
    from assistant.fortnox.messages import Access
    from assistant.vault.renewing import TokenClient

__all__ = ["LEAD", "AccessToken", "Tokens", "access_token", "access_token_async"]

LEAD: Final = timedelta(seconds=90)
"""A token that ends within this time is renewed, so that whoever gets it has time to use it."""

_Asked = tuple[str, Secret | None, timedelta]

_CLOCK_SLACK: Final = timedelta(minutes=2)


def access_token(
    connection_id: str | None = None,
    *,
    tenant_id: str | None = None,
    client_id: str | None = None,
    account: AccountKind | None = None,
    refused: Secret | None = None,
    practice: bool = False,
) -> AccessToken:
    """A valid access token of one connection of the operating system's user who runs this.

    Blocks, mostly for less than a second; for minutes where disk, network and other processes all take their time.
    Never shows a box: a locked keychain is a problem.

    Args:
        connection_id, tenant_id, client_id, account: which connection, said as far as it takes; see `choose`.
        refused: a token that the API has just refused; another one is had for it, once however many say so.
        practice: of the practice vault instead.

    Raises:
        ProblemError: its `occurrence.code` says which. TOKEN-11: the company has to be connected again. STORE-02: the
            keychain is locked. STORE-20, STORE-19: none or several fit. STORE-06: damaged. NET-...: the network;
            what is stored is kept.
    """
    tokens = Tokens.of_this_user(practice=practice)
    chosen = tokens.choose(connection_id=connection_id, tenant_id=tenant_id, client_id=client_id, account=account)
    return tokens.access_token(chosen.id, refused=refused)


async def access_token_async(
    connection_id: str | None = None,
    *,
    tenant_id: str | None = None,
    client_id: str | None = None,
    account: AccountKind | None = None,
    refused: Secret | None = None,
    practice: bool = False,
) -> AccessToken:
    """`access_token` without blocking the event loop. Cancelling it does not stop a renewal that has begun."""

    def call() -> AccessToken:
        return access_token(
            connection_id,
            tenant_id=tenant_id,
            client_id=client_id,
            account=account,
            refused=refused,
            practice=practice,
        )

    return await _awaited(to_its_end(call))


class Tokens:
    """The tokens of one vault. Safe for several threads and, with others of its kind, for several processes."""

    def __init__(
        self,
        vault: Vault,
        locks: ConnectionLocks,
        *,
        client: Callable[[Endpoints, Access], AbstractAsyncContextManager[TokenClient]] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        reached: Callable[[str], None] = lambda point: None,
    ) -> None:
        """`client` speaks with Fortnox; `reached` is told of each point of a renewal, by name, for tests that stop it
        there: "asked", "locked", "begun", "answered", "saving", "saved"."""
        self._vault = vault
        self._locks = locks
        self._client = client
        self._clock = clock
        self._reached = reached
        self._guard = threading.RLock()  # a call that is over at once is forgotten by whoever holds it
        self._answers: dict[_Asked, Future[AccessToken]] = {}

    @classmethod
    def of_this_user(cls, *, practice: bool = False) -> Tokens:
        """The tokens of the vault of the operating system's user who runs this."""
        places = vault_places(_app_id(), practice=practice)
        return cls(Vault(places.vault_file, Keychain(places.keychain_service)), ConnectionLocks(places.vault_file))

    def choose(
        self,
        *,
        connection_id: str | None = None,
        tenant_id: str | None = None,
        client_id: str | None = None,
        account: AccountKind | None = None,
    ) -> Connection:
        """The one connection that is meant; see `assistant.vault.choosing.choose`."""
        listing = self._vault.listing()
        return choose(
            listing.connections,
            connection_id=connection_id,
            tenant_id=tenant_id,
            client_id=client_id,
            account=account,
            damaged=listing.damaged,
        )

    def access_token(self, connection_id: str, *, refused: Secret | None = None, lead: timedelta = LEAD) -> AccessToken:
        """A token of that connection which is valid for `lead` at least, renewed if there is none at hand.

        Raises:
            ProblemError: as the function of this name.
        """
        at_hand = self._found(connection_id, refused, lead)
        return at_hand or to_its_end(lambda: self._renewed(connection_id, refused, lead)).result()

    async def access_token_async(
        self, connection_id: str, *, refused: Secret | None = None, lead: timedelta = LEAD
    ) -> AccessToken:
        """`access_token` without blocking the event loop. Tasks that ask the same meanwhile share one answer."""

        def call() -> AccessToken:
            return self._found(connection_id, refused, lead) or self._renewed(connection_id, refused, lead)

        return await _awaited(self._shared((connection_id, refused, lead), call))

    def renew(self, connection_id: str) -> AccessToken:
        """A new token, whatever is at hand: for a user account this makes the connection valid for 45 days more.

        Raises:
            ProblemError: as the function `access_token`.
        """
        at_hand = self._vault.renewals.held(connection_id).secrets.access_token
        return self.access_token(connection_id, refused=at_hand)

    async def renew_async(self, connection_id: str) -> AccessToken:
        """`renew` without blocking the event loop."""
        return await _awaited(to_its_end(lambda: self.renew(connection_id)))

    def _found(self, connection_id: str, refused: Secret | None, lead: timedelta) -> AccessToken | None:
        self._reached("asked")
        return self._at_hand(self._vault.renewals.held(connection_id), refused, lead)

    def _renewed(self, connection_id: str, refused: Secret | None, lead: timedelta) -> AccessToken:
        """To be called by `to_its_end`, on a thread without an event loop."""
        import asyncio

        from assistant.vault.renewing import Renewing  # 50 ms, which a token that is at hand need not wait for

        renewing = Renewing(self._vault, self._locks, client=self._client, clock=self._clock, reached=self._reached)
        return asyncio.run(renewing.renewed(connection_id, lambda held: self._at_hand(held, refused, lead)))

    def _shared(self, asked: _Asked, call: Callable[[], AccessToken]) -> Future[AccessToken]:
        """The answer to `call`, which has one thread however many tasks wait for it."""
        with self._guard:
            answer = self._answers.get(asked)
            if answer is None or answer.done():
                answer = self._answers[asked] = to_its_end(call)
                answer.add_done_callback(lambda done: self._forget(asked, done))
        return answer

    def _forget(self, asked: _Asked, answer: Future[AccessToken]) -> None:
        with self._guard:
            if self._answers.get(asked) is answer:
                del self._answers[asked]

    def _at_hand(self, held: Held, refused: Secret | None, lead: timedelta) -> AccessToken | None:
        token, expires_at = held.secrets.access_token, held.connection.access_expires_at
        if token is None or expires_at is None or token == refused:
            return None
        now = self._clock()
        # Saved in the future means that the clock was set back: then nobody knows how old the token is.
        if expires_at - now <= lead or held.written_at - now > _CLOCK_SLACK:
            return None
        return token_of(held.connection, token, expires_at)


async def _awaited(answer: Future[AccessToken]) -> AccessToken:
    import asyncio

    return await asyncio.wrap_future(answer)


def _app_id() -> str | None:
    """The packaged program's own app id; see `assistant.integration.own_app_id`, which takes 40 ms to import."""
    if own_integration_file() is None:
        return None
    from assistant.integration import own_app_id

    return own_app_id()
