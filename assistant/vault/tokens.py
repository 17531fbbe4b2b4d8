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

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, ExitStack, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, TypeVar

from assistant.fortnox.account import AccountKind
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import Access, ClientSecret, RelayAccess
from assistant.fortnox.tokens import TokenAnswer
from assistant.integration import own_app_id
from assistant.problems import Occurrence, ProblemError, Way, stop
from assistant.secret import Secret
from assistant.vault.choosing import choose
from assistant.vault.connection import REFRESH_TOKEN_LIFE, Connection, Secrets
from assistant.vault.keychain import Keychain
from assistant.vault.lock import ConnectionLocks
from assistant.vault.places import vault_places
from assistant.vault.renewal import Next, after_failure
from assistant.vault.renewals import Held
from assistant.vault.store import Vault

Result = TypeVar("Result")

LEAD: Final = timedelta(seconds=90)
"""A token that ends within this time is renewed, so that whoever gets it has time to use it."""

_SAVE_PAUSES: Final = (0.2, 1.0, 4.0)
"""Seconds between tries to save what a renewal brought, for it cannot be had again."""

_UNREAD: Final = frozenset({"TOKEN-03", "TOKEN-04", "TOKEN-05", "TOKEN-06", "TOKEN-16"})
"""Answers that nobody could read: the refresh token may have been used up."""

_CLOCK_SLACK: Final = timedelta(minutes=2)


class TokenClient(Protocol):
    """What is needed of `assistant.fortnox.client.Client`; every method raises ProblemError."""

    async def refresh(self, refresh_token: Secret) -> TokenAnswer: ...

    async def client_credentials(self, tenant_id: str) -> TokenAnswer: ...

    async def revoke(self, refresh_token: Secret) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A token that Fortnox's API accepts, as far as can be known.

    Attributes:
        token: the bearer token, masked in every repr; `token.reveal()` is the text.
        expires_at: when it ends, aware; None where Fortnox did not say.
        connection_id: of the connection it belongs to.
        tenant_id: the company's, digits.
        scopes: what it is good for.
        api: the address of the API, without a slash at its end.
    """

    token: Secret
    expires_at: datetime | None
    connection_id: str
    tenant_id: str
    scopes: tuple[str, ...]
    api: str


def access_token(
    connection_id: str | None = None,
    *,
    tenant_id: str | None = None,
    client_id: str | None = None,
    account: AccountKind | None = None,
    refused: Secret | None = None,
    practice: bool = False,
) -> AccessToken:
    """A valid access token of one connection of the operating system's user who runs this. May block for a minute.

    Never shows a box: a locked keychain is a problem.

    Args:
        connection_id, tenant_id, client_id, account: which connection, said as far as it takes; see `choose`.
        refused: a token that the API has just refused; another one is had for it, once however many say so.
        practice: of the practice vault instead.

    Raises:
        ProblemError: its `occurrence.code` says which. TOKEN-11: the company has to be connected again. STORE-02: the
            keychain is locked. STORE-16, STORE-18: none or several fit. NET-...: the network; what is stored is kept.
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

    return await asyncio.wrap_future(_to_its_end(call))


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
        self._client = client or _client
        self._clock = clock
        self._reached = reached

    @classmethod
    def of_this_user(cls, *, practice: bool = False) -> Tokens:
        """The tokens of the vault of the operating system's user who runs this."""
        places = vault_places(own_app_id(), practice=practice)
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
        return choose(
            self._vault.connections(),
            connection_id=connection_id,
            tenant_id=tenant_id,
            client_id=client_id,
            account=account,
        )

    def access_token(self, connection_id: str, *, refused: Secret | None = None, lead: timedelta = LEAD) -> AccessToken:
        """A token of that connection which is valid for `lead` at least, renewed if there is none at hand.

        Raises:
            ProblemError: as the function of this name.
        """
        self._reached("asked")
        at_hand = self._at_hand(self._vault.renewals.held(connection_id), refused, lead)
        if at_hand is not None:
            return at_hand
        return _to_its_end(lambda: asyncio.run(self._renewed(connection_id, refused, lead))).result()

    async def access_token_async(
        self, connection_id: str, *, refused: Secret | None = None, lead: timedelta = LEAD
    ) -> AccessToken:
        """`access_token` without blocking the event loop."""
        return await asyncio.wrap_future(
            _to_its_end(lambda: self.access_token(connection_id, refused=refused, lead=lead))
        )

    def renew(self, connection_id: str) -> AccessToken:
        """A new token, whatever is at hand: for a user account this makes the connection valid for 45 days more.

        Raises:
            ProblemError: as the function `access_token`.
        """
        at_hand = self._vault.renewals.held(connection_id).secrets.access_token
        return self.access_token(connection_id, refused=at_hand)

    def _at_hand(self, held: Held, refused: Secret | None, lead: timedelta) -> AccessToken | None:
        token, expires_at = held.secrets.access_token, held.connection.access_expires_at
        if token is None or expires_at is None or token == refused:
            return None
        now = self._clock()
        # Saved in the future means that the clock was set back: then nobody knows how old the token is.
        if expires_at - now <= lead or held.written_at - now > _CLOCK_SLACK:
            return None
        return _of(held.connection, token, expires_at)

    async def _renewed(self, connection_id: str, refused: Secret | None, lead: timedelta) -> AccessToken:
        with ExitStack() as stack:
            service = self._vault.renewals.held(connection_id).connection.account is AccountKind.SERVICE
            # Two service tokens at once do no harm, so a folder that cannot be written in stops only user accounts.
            with suppress(ProblemError) if service else nullcontext():
                stack.enter_context(self._locks.held(connection_id))
            self._reached("locked")
            while True:
                held = self._vault.renewals.held(connection_id)  # anew: another may have renewed it meanwhile
                at_hand = self._at_hand(held, refused, lead)
                if at_hand is not None:
                    return at_hand
                try:
                    renewed = await (self._by_client_credentials(held) if service else self._by_rotation(held))
                except ProblemError as failure:
                    known = _naming(held.connection, failure.occurrence)
                    self._note(held, known)
                    raise ProblemError(known) from None
                if renewed is not None:
                    return renewed

    async def _by_client_credentials(self, held: Held) -> AccessToken:
        asked_at = self._clock()
        async with self._client(held.connection.endpoints, access_of(held)) as client:
            answer = await client.client_credentials(held.connection.tenant_id)
        self._reached("answered")
        renewed, secrets = _with(held, answer, asked_at)
        with suppress(ProblemError):  # nothing but time is lost with a token that cannot be kept
            self._vault.renewals.save(held, renewed, secrets)
        self._reached("saved")
        return _of(renewed, answer.access_token, _end(answer, asked_at))

    async def _by_rotation(self, held: Held) -> AccessToken | None:
        """The new token; None when the connection was made again meanwhile and has to be read anew."""
        if held.secrets.refresh_token is None:
            raise stop("TOKEN-11", {"Refresh token": "none"})
        asked_at = self._clock()
        async with self._client(held.connection.endpoints, access_of(held)) as client:
            self._vault.renewals.begin(held.connection.id)
            self._reached("begun")
            answer = await self._refreshed(client, held, held.secrets.refresh_token)
            if answer is None:
                return None
            self._reached("answered")
            renewed, secrets = _with(held, answer, asked_at)
            renewed = replace(renewed, valid_until=asked_at + REFRESH_TOKEN_LIFE)
            if not await self._saved(held, renewed, secrets):
                if self._vault.connection(held.connection.id) is None and secrets.refresh_token is not None:
                    with suppress(ProblemError):  # the person removed it: what came belongs to nobody
                        await client.revoke(secrets.refresh_token)
                return None
        self._reached("saved")
        return _of(renewed, answer.access_token, _end(answer, asked_at))

    async def _refreshed(self, client: TokenClient, held: Held, refresh_token: Secret) -> TokenAnswer | None:
        """The answer; None when the stored token is another one by now. See `assistant.vault.renewal`."""
        lost = held.begun_at is not None
        while True:
            try:
                return await client.refresh(refresh_token)
            except ProblemError as failure:
                problem = failure.occurrence
            decision = after_failure(problem, lost_before=lost)
            if decision.next is Next.SAME_TOKEN_AGAIN:
                lost = True
                continue
            if (
                decision.next is Next.RECONNECT
                and self._vault.renewals.held(held.connection.id).version != held.version
            ):
                return None
            if decision.next is Next.RECONNECT or not (lost or problem.code in _UNREAD):
                with suppress(ProblemError):  # left standing it only says that an answer may have been lost
                    self._vault.renewals.end(held.connection.id)
            raise ProblemError(decision.problem or problem)

    async def _saved(self, held: Held, connection: Connection, secrets: Secrets) -> bool:
        """Whether it was saved rather than the connection replaced or removed by somebody else.

        Raises:
            ProblemError: STORE-17, it could not be saved, tried for a while.
        """
        self._reached("saving")
        for pause in (*_SAVE_PAUSES, None):
            try:
                return self._vault.renewals.save(held, connection, secrets)
            except ProblemError as failure:
                if pause is None:
                    details: dict[str, object] = {"Failure": failure.occurrence.code}
                    raise stop("STORE-17", details, company=connection.company_name) from None
            await asyncio.sleep(pause)
        raise AssertionError  # the last turn of the loop returns or raises

    def _note(self, held: Held, problem: Occurrence) -> None:
        """Keeps what only a person can solve, so that a list shows it; what passes by itself is not kept."""
        by_itself = problem.code in _UNREAD or {Way.TRY_AGAIN, Way.UNLOCK} & set(problem.problem.ways)
        if by_itself or (problem.code.startswith(("NET", "STORE")) and problem.code != "STORE-17"):
            return
        with suppress(ProblemError):
            self._vault.note(held.connection.id, problem=problem.code)


def _naming(connection: Connection, problem: Occurrence) -> Occurrence:
    """`problem` with what its texts may name."""
    facts = {
        "company": connection.company_name,
        "integration": connection.integration_name,
        "vendor": connection.vendor,
        "host": connection.endpoints.authorize_host,
    }
    return replace(problem, facts={**facts, **problem.facts})


def _with(held: Held, answer: TokenAnswer, asked_at: datetime) -> tuple[Connection, Secrets]:
    """The connection and its secrets after `answer`."""
    ends = _end(answer, asked_at)
    connection = replace(
        held.connection,
        scopes_granted=answer.scopes or held.connection.scopes_granted,
        access_expires_at=ends,
        problem=None,
        problem_at=None,
    )
    secrets = replace(
        held.secrets,
        # A server may leave the refresh token as it is, RFC 6749 6. A service account keeps nothing that rotates.
        refresh_token=None
        if held.connection.account is AccountKind.SERVICE
        else answer.refresh_token or held.secrets.refresh_token,
        access_token=answer.access_token if ends else None,
    )
    return connection, secrets


def _end(answer: TokenAnswer, asked_at: datetime) -> datetime | None:
    return None if answer.expires_in is None else asked_at + timedelta(seconds=answer.expires_in)


def _of(connection: Connection, token: Secret, expires_at: datetime | None) -> AccessToken:
    return AccessToken(
        token=token,
        expires_at=expires_at,
        connection_id=connection.id,
        tenant_id=connection.tenant_id,
        scopes=connection.scopes_granted,
        api=connection.endpoints.api.rstrip("/"),
    )


def access_of(held: Held) -> Access:
    """How the integration proves itself for that connection.

    Raises:
        ProblemError: TOKEN-15, its client secret is not stored here.
    """
    connection = held.connection
    if connection.relay is not None:
        return RelayAccess(
            connection.client_id,
            connection.relay.token,
            connection.relay.revoke,
            held.secrets.connection_credential,
        )
    if held.client_secret is None:
        raise stop("TOKEN-15")
    return ClientSecret(connection.client_id, held.client_secret)


def _client(endpoints: Endpoints, access: Access) -> AbstractAsyncContextManager[TokenClient]:
    from assistant.fortnox.client import Client  # 0.15 s, which a token that is at hand need not wait for

    return Client(endpoints, access)


def _to_its_end(call: Callable[[], Result]) -> Future[Result]:
    """Runs `call` on a thread that the process waits for when it ends, so that nothing interrupts it but a kill."""
    answer: Future[Result] = Future()

    def run() -> None:
        try:
            result = call()
        except BaseException as failure:  # noqa: BLE001 - whoever waits gets it
            answer.set_exception(failure)
        else:
            answer.set_result(result)

    answer.set_running_or_notify_cancel()
    threading.Thread(target=run, name="token", daemon=False).start()
    return answer
