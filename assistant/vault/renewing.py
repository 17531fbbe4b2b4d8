"""One renewal, from the lock to what was saved. It blocks between its awaits: it has a thread and a loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, ExitStack, nullcontext, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from assistant.fortnox.account import AccountKind
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import Access, ClientSecret, RelayAccess
from assistant.fortnox.tokens import TokenAnswer
from assistant.problems import Occurrence, ProblemError, Way, stop
from assistant.secret import Secret
from assistant.vault.access_token import AccessToken, token_of
from assistant.vault.connection import REFRESH_TOKEN_LIFE, Connection, Secrets
from assistant.vault.lock import ConnectionLocks
from assistant.vault.renewal import SAVE_PAUSES, Next, after_failure
from assistant.vault.renewals import Held
from assistant.vault.store import Vault

_UNREAD: Final = frozenset({"TOKEN-03", "TOKEN-04", "TOKEN-05", "TOKEN-06", "TOKEN-16"})
"""Answers that nobody could read: the refresh token may have been used up."""


class TokenClient(Protocol):
    """What is needed of `assistant.fortnox.client.Client`; every method raises ProblemError."""

    async def refresh(self, refresh_token: Secret) -> TokenAnswer: ...

    async def client_credentials(self, tenant_id: str) -> TokenAnswer: ...

    async def revoke(self, refresh_token: Secret) -> bool: ...


class Renewing:
    """Renewals of one vault's connections."""

    def __init__(
        self,
        vault: Vault,
        locks: ConnectionLocks,
        *,
        client: Callable[[Endpoints, Access], AbstractAsyncContextManager[TokenClient]] | None,
        clock: Callable[[], datetime],
        reached: Callable[[str], None],
    ) -> None:
        """See `assistant.vault.tokens.Tokens`."""
        self._vault = vault
        self._locks = locks
        self._client = client or _client
        self._clock = clock
        self._reached = reached

    async def renewed(self, connection_id: str, at_hand: Callable[[Held], AccessToken | None]) -> AccessToken:
        """A new token, or the one that `at_hand` finds once the lock is held: another may have renewed meanwhile.

        Raises:
            ProblemError: as `assistant.vault.tokens.access_token`.
        """
        with ExitStack() as stack:
            service = self._vault.renewals.held(connection_id).connection.account is AccountKind.SERVICE
            # Two service tokens at once do no harm, so a folder that cannot be written in stops only user accounts.
            with suppress(ProblemError) if service else nullcontext():
                stack.enter_context(self._locks.held(connection_id))
            self._reached("locked")
            while True:
                held = self._vault.renewals.held(connection_id)
                found = at_hand(held)
                if found is not None:
                    return found
                try:
                    renewed = await (self._by_client_credentials(held) if service else self._by_rotation(held))
                except ProblemError as failure:
                    known = _naming(held.connection, failure.occurrence)
                    if not self._is_of_an_older_row(held, known):
                        raise ProblemError(known) from None
                    continue
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
        return token_of(renewed, answer.access_token, _end(answer, asked_at))

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
                with suppress(ProblemError):  # the person removed it: what came belongs to nobody
                    if self._vault.renewals.is_removed(held) and secrets.refresh_token is not None:
                        await client.revoke(secrets.refresh_token)
                return None
        self._reached("saved")
        return token_of(renewed, answer.access_token, _end(answer, asked_at))

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
            ProblemError: STORE-18, it could not be saved, tried for a while.
        """
        self._reached("saving")
        written: set[int] = set()
        for pause in (*SAVE_PAUSES, None):
            try:
                return self._vault.renewals.save(held, connection, secrets, written=written)
            except ProblemError as failure:
                if pause is None:
                    details: dict[str, object] = {"Failure": failure.occurrence.code}
                    raise stop("STORE-18", details, company=connection.company_name) from None
            await asyncio.sleep(pause)
        raise AssertionError  # the last turn of the loop returns or raises

    def _is_of_an_older_row(self, held: Held, problem: Occurrence) -> bool:
        """Whether the connection was made again or removed meanwhile, so that `problem` says nothing about it.

        Keeps what only a person can solve, so that a list shows it; what passes by itself is not kept.
        """
        by_itself = problem.code in _UNREAD or {Way.TRY_AGAIN, Way.UNLOCK} & set(problem.problem.ways)
        if by_itself or (problem.code.startswith(("NET", "STORE")) and problem.code != "STORE-18"):
            return False
        try:
            if self._vault.connection(held.connection.id) is None:
                return problem.code != "STORE-18"  # nor is there a file to be made for a note
            noted = self._vault.note(held.connection.id, problem=problem.code, version=held.version)
        except ProblemError:  # only the note is lost
            return False
        return noted is None and problem.code != "STORE-18"  # that one may have written the row itself


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
