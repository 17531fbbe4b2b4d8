"""Carries out what the journey wishes for, through ports, and sends the answers back as events. No Qt here.

    async with Walk(integration, ports) as walk:
        walk.send(events.Continue())
        await walk.ended.wait()

Every wish runs as a task of its own, so that nothing blocks; all tasks are cancelled and awaited at the end.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from assistant.deadlines import Deadlines, too_late
from assistant.elapsed import elapsed
from assistant.fortnox.account import AccountKind
from assistant.fortnox.authorization import AuthorizationRequest, new_authorization
from assistant.fortnox.client import Client
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import Access, Attempt, RelayAccess
from assistant.fortnox.server_clock import ServerClock, explained
from assistant.fortnox.tokens import Returnable, UnusableAnswerError
from assistant.integration import Integration
from assistant.journey import Event, Existing, Journey, Step, Wish, begin, events, step, wishes
from assistant.own_browser import OwnBrowser
from assistant.problems import Occurrence, ProblemError, occurrence, stop
from assistant.problems.unplanned import unplanned
from assistant.secret import Secret
from assistant.vault.connection import (
    REFRESH_TOKEN_LIFE,
    Connection,
    RelayAddresses,
    Secrets,
    new_connection_id,
)


class Vault(Protocol):
    """What the journey needs of the vault; every call raises ProblemError of the family STORE."""

    async def connections(self) -> tuple[Connection, ...]: ...

    async def matching(self, connection: Connection) -> tuple[Connection, ...]: ...

    async def connection(self, connection_id: str) -> Connection | None: ...

    async def secrets(self, connection_id: str) -> Secrets: ...

    async def unlock(self) -> None: ...

    async def set_aside(self, because: str) -> str | None: ...

    async def save(
        self,
        connection: Connection,
        secrets: Secrets,
        *,
        client_secret: Secret | None = None,
        replacing: str | None = None,
    ) -> Connection: ...


class SignIn(Protocol):
    """The browser: it answers with events.Redirected or events.SignInStopped, whenever that is."""

    def show_request(self, attempt: int, request: AuthorizationRequest, send: Callable[[Event], None]) -> None: ...

    def end_request(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The world as the journey sees it.

    Attributes:
        client: opens a client for these endpoints and this access; closed after use.
        open_address: opens an address in the default browser; False when nothing took it.
        hide: takes the window away.
        to_front: brings the window to the front after a sign-in in the person's own browser.
        clock: the present moment, aware.
        random_text: url-safe text made of that many random bytes.
        journal: told of what was failed at and not shown, by name and problem code alone.
        elapsed: seconds by a clock that nobody can set; see `assistant.elapsed`.
        deadlines: how long each wish may take.
        server_clock: what the answers so far say of this computer's clock.
    """

    client: Callable[[Endpoints, Access], AbstractAsyncContextManager[Client]]
    vault: Vault
    sign_in: SignIn
    open_address: Callable[[str], Awaitable[bool]]
    hide: Callable[[], None]
    clock: Callable[[], datetime]
    random_text: Callable[[int], str]
    journal: Callable[[str, str], None] = lambda name, code: None
    to_front: Callable[[], None] = lambda: None
    elapsed: Callable[[], float] = elapsed
    deadlines: Deadlines = field(default_factory=Deadlines)
    server_clock: ServerClock = field(default_factory=ServerClock)


class Walk:
    """One journey under way: the state, and the tasks that carry out its wishes.

    Attributes:
        state: where the person is.
        ended: set when the journey is closed.
    """

    def __init__(
        self,
        integration: Integration,
        ports: Ports,
        *,
        account: AccountKind | None = None,
        client_secret: Secret | None = None,
        reconnecting: Existing | None = None,
        on_change: Callable[[Journey], None] = lambda state: None,
    ) -> None:
        self.ended = asyncio.Event()
        self.on_change = on_change
        self._ports = ports
        self._own_browser = OwnBrowser(ports.to_front)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._save: tuple[wishes.Store, asyncio.Task[Connection]] | None = None  # the last one begun
        self._due: deque[Event] = deque()
        self._stepping = False
        self._redirected: tuple[int, float] = (0, 0.0)  # the attempt whose code came last, and when
        self.state, self._first = begin(
            integration, account=account, client_secret=client_secret, reconnecting=reconnecting
        )

    async def __aenter__(self) -> Walk:
        self.on_change(self.state)
        for wish in self._first:
            self._carry_out(wish)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cancels what is still under way and waits for it."""
        self._ports.sign_in.end_request()
        await self._own_browser.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def send(self, event: Event) -> None:
        """Lets `event` happen. May be called from within `on_change`; events happen one after the other."""
        self._due.append(event)
        if self._stepping:
            return
        self._stepping = True
        try:
            while self._due:
                before = self.state
                self.state, wished = step(before, self._due.popleft())
                try:
                    if self.state is not before:
                        self._own_browser.follow(self.state)
                        self.on_change(self.state)
                finally:  # a view that fails must not leave the journey waiting for answers nobody was asked for
                    for wish in wished:
                        self._carry_out(wish)
        finally:
            self._stepping = False

    def _carry_out(self, wish: Wish) -> None:
        match wish:
            case wishes.ShowSignIn():
                self._ports.sign_in.show_request(wish.attempt, wish.request, self.send)
            case wishes.Listen():
                self._own_browser.listen(
                    wish.attempt,
                    wish.request,
                    self.send,
                    self.state.integration.name,
                    within=self._ports.deadlines.of(wish),
                    late=too_late(wish),
                )
            case wishes.EndSignIn():
                self._ports.sign_in.end_request()
                self._own_browser.end()
            case wishes.HideWindow():
                self._ports.hide()
            case wishes.Quit():
                self.ended.set()
            case wishes.PrepareSignIn():
                self.send(self._prepare(wish))
            case _:
                if isinstance(wish, wishes.ExchangeCode) and wish.attempt != self._redirected[0]:
                    self._redirected = wish.attempt, self._ports.elapsed()
                self._begin(self._answer(wish))

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        """Does `work` as a task of its own, which ends with the walk."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _prepare(self, wish: wishes.PrepareSignIn) -> Event:
        integration = wish.integration
        request = new_authorization(
            endpoints=integration.endpoints,
            client_id=integration.client_id,
            redirect_uri=integration.redirect_uri.text,
            scopes=wish.scopes,
            account=wish.account,
            token=self._ports.random_text,
        )
        return events.AuthorizationReady(attempt=wish.attempt, request=request)

    async def _answer(self, wish: Wish) -> None:
        """Does what `wish` says and sends its answer; whatever fails becomes the wish's own failure event."""
        limit = asyncio.timeout(self._ports.deadlines.of(wish))
        try:
            async with limit:
                answer = await self._do(wish)
        except UnusableAnswerError as problem:
            answer = self._failure(wish, problem.occurrence, problem.returnable)
        except ProblemError as problem:
            answer = self._failure(wish, problem.occurrence)
        except TimeoutError as fault:
            answer = self._failure(wish, too_late(wish) if limit.expired() else unplanned(fault))
        except Exception as fault:  # noqa: BLE001 - nothing may end in a traceback nobody sees
            answer = self._failure(wish, unplanned(fault))
        if answer is not None:
            self.send(answer)

    async def _do(self, wish: Wish) -> Event | None:
        ports, integration = self._ports, self.state.integration
        match wish:
            case wishes.ListConnections():
                found = await ports.vault.connections()
                mine = [existing(each) for each in found if _same_integration(each, integration)]
                companies = tuple(dict.fromkeys(each.company_name for each in found))
                return events.ConnectionsListed(existing=tuple(mine), companies=companies)
            case wishes.UnlockKeychain():
                await ports.vault.unlock()
                return None
            case wishes.ExchangeCode():
                self._see_that_code_holds()
                asked = wish.request
                async with self._client(wish.access) as client:
                    tokens = await client.exchange_code(
                        wish.code, asked.redirect_uri, asked.verifier, Attempt(asked.state_verifier, asked.account)
                    )
                return events.TokensReceived(attempt=wish.attempt, tokens=tokens)
            case wishes.ReadCompany():
                async with self._client(self.state.access()) as client:
                    company = await client.company(wish.tokens.access_token, wish.scopes)
                return events.CompanyRead(attempt=wish.attempt, company=company)
            case wishes.ReadPerson():
                async with self._client(self.state.access()) as client:
                    person = await client.person(wish.tokens.access_token)
                return events.PersonRead(attempt=wish.attempt, person=person)
            case wishes.ProveService():
                async with self._client(wish.access) as client:
                    proof = await client.client_credentials(wish.tenant_id)
                    company = await client.company(proof.access_token, wish.scopes)
                return events.ServiceProved(attempt=wish.attempt, company=company)
            case wishes.FindMatching():
                return await self._find_matching(wish)
            case wishes.Revoke():
                return await self._revoke(wish)
            case wishes.Store():
                stored = await self._stored_once(wish)
                return events.Stored(attempt=wish.attempt, connection_id=stored.id)
            case wishes.SetAside():
                return events.OldSetAside(attempt=wish.attempt, kept=await ports.vault.set_aside(wish.because))
            case wishes.OpenStartPage():
                if not await ports.open_address(integration.start_page):
                    raise stop("OPEN-01", company=self.state.company.name if self.state.company else "")
                return None
            case wishes.OpenOwnBrowser():
                if not await ports.open_address(wish.request.url):
                    raise stop("OWN-04")
                return None
            case wishes.LimitOwnBrowser():
                await asyncio.sleep(wish.seconds)
                return events.NothingCameBack(attempt=wish.attempt)
            case wishes.SetDeadline():
                await asyncio.sleep(wish.seconds)
                return events.TimeIsUp()
            case _:
                raise NotImplementedError(type(wish).__name__)

    def _see_that_code_holds(self) -> None:
        """AUTH-16 when the code came too long ago to be sent: after a failed try, the person may have waited."""
        age = self._ports.elapsed() - self._redirected[1]
        if age >= self._ports.deadlines.code:
            raise stop("AUTH-16", {"Seconds since approval": round(age)})

    def _worth_waiting(self, problem: Occurrence) -> Occurrence:
        """`problem`, or TOKEN-19 where Fortnox wants a wait that the code does not outlive."""
        if problem.code != "TOKEN-13":
            return problem
        age = self._ports.elapsed() - self._redirected[1]
        if age + float(problem.facts["seconds"]) < self._ports.deadlines.code:
            return problem
        return occurrence("TOKEN-19", dict(problem.details), **problem.facts)

    def _failure(self, wish: Wish, problem: Occurrence, left: Returnable | None = None) -> Event | None:
        now = self._ports.clock()
        difference = self._ports.server_clock.difference(now, elapsed=self._ports.elapsed())
        problem = explained(problem, now, difference)
        self._ports.journal(type(wish).__name__, problem.code)
        match wish:
            case wishes.ListConnections():
                return events.ListingFailed(occurrence=problem)
            case wishes.UnlockKeychain():
                return events.KeychainRefused(attempt=wish.attempt, occurrence=problem)
            case wishes.OpenOwnBrowser():
                return events.OwnBrowserFailed(attempt=wish.attempt, occurrence=problem)
            case wishes.ExchangeCode() if left is not None:
                return events.TokensUnusable(attempt=wish.attempt, tokens=left, occurrence=problem)
            case wishes.ExchangeCode():
                return events.ExchangeFailed(attempt=wish.attempt, occurrence=self._worth_waiting(problem))
            case wishes.ReadCompany() | wishes.ReadPerson() | wishes.ProveService() | wishes.FindMatching():
                return events.CheckFailed(attempt=wish.attempt, occurrence=problem)
            case wishes.Revoke():
                return events.Revoked(attempt=wish.attempt, occurrence=_left_behind(problem))
            case wishes.Store():
                return events.StoreFailed(attempt=wish.attempt, occurrence=problem)
            case wishes.SetAside():
                return events.SetAsideFailed(attempt=wish.attempt, occurrence=problem)
            case wishes.OpenStartPage():
                return events.StartPageFailed(occurrence=problem)
            case _:
                return None

    @asynccontextmanager
    async def _client(self, access: Access | None) -> AsyncIterator[Client]:
        if access is None:
            raise stop("TOKEN-15")
        async with self._ports.client(self.state.integration.endpoints, access) as client:
            try:
                yield client
            finally:
                if client.server_time is not None:
                    self._ports.server_clock.note(client.server_time, elapsed=self._ports.elapsed())

    async def _find_matching(self, wish: wishes.FindMatching) -> Event:
        candidate = self._connection(
            account=wish.account, company_wish=wish, scopes=self.state.scopes, id=new_connection_id()
        )
        found = await self._ports.vault.matching(candidate)
        same = [each for each in found if each.identity is not None and each.identity == candidate.identity]
        if same:
            return events.MatchingFound(attempt=wish.attempt, replaced=existing(same[0]))
        return events.MatchingFound(attempt=wish.attempt, choices=tuple(existing(each) for each in found))

    async def _revoke(self, wish: wishes.Revoke) -> Event:
        if wish.consent_is_shared:
            if isinstance(wish.access, RelayAccess):
                await self._give_back(wish.access)
            return events.Revoked(attempt=wish.attempt)
        if wish.tokens.refresh_token is None:  # an access token cannot be revoked [DOC revoke-access-token]
            raise stop("TOKEN-17", {"Refresh token": "none"})
        async with self._client(wish.access) as client:
            if not await client.revoke(wish.tokens.refresh_token):
                raise stop("TOKEN-17", {"Revoked": "not confirmed"})
        return events.Revoked(attempt=wish.attempt)

    async def _stored_once(self, wish: wishes.Store) -> Connection:
        """What `wish` stored. A save that is late goes on: whoever asks for the same again waits for that one."""
        if self._save is None or self._save[0] is not wish or _failed(self._save[1]):
            task = asyncio.get_running_loop().create_task(self._store(wish))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            task.add_done_callback(_failed)  # looked at, whoever still waits
            self._save = wish, task
        return await asyncio.shield(self._save[1])

    async def _store(self, wish: wishes.Store) -> Connection:
        """Service account: nothing that rotates is kept. User account: the refresh token of the exchange.

        What a relay gave out for the connection that is replaced is given back once the new one is stored.
        """
        connection = self._connection(
            account=wish.account, company_wish=wish, scopes=wish.scopes, id=wish.replacing or new_connection_id()
        )
        user = wish.account is AccountKind.USER
        sealed = Secrets(
            refresh_token=wish.tokens.refresh_token if user else None,
            connection_credential=wish.tokens.connection_credential,
        )
        older = await self._relay_access(wish.replacing) if wish.replacing else None
        stored = await self._written(wish, connection, sealed)
        if older is not None:
            self._begin(self._give_back(older))
        return stored

    async def _written(self, wish: wishes.Store, connection: Connection, sealed: Secrets) -> Connection:
        vault = self._ports.vault
        try:
            return await vault.save(connection, sealed, client_secret=wish.client_secret, replacing=wish.replacing)
        except ProblemError as problem:
            if problem.code != "STORE-02":
                raise
        # It was open during the sign-in and has locked itself since. Saving never prompts, so without this
        # "Unlock and try again" would meet the same locked keychain for ever.
        await vault.unlock()
        return await vault.save(connection, sealed, client_secret=wish.client_secret, replacing=wish.replacing)

    async def _relay_access(self, connection_id: str) -> RelayAccess | None:
        """How the stored connection speaks with its relay; None where it has none, or its secrets do not open."""
        vault = self._ports.vault
        try:
            connection = await vault.connection(connection_id)
            if connection is None or connection.relay is None:
                return None
            credential = (await vault.secrets(connection_id)).connection_credential
        except ProblemError as problem:
            self._ports.journal("GiveBack", problem.code)
            return None
        relay = connection.relay
        return RelayAccess(connection.client_id, relay.token, relay.revoke, credential) if credential else None

    async def _give_back(self, older: RelayAccess) -> None:
        """Has the relay forget what it gave out. Should that fail, what is connected stands all the same."""
        try:
            async with self._client(older) as client:
                await client.give_back()
        except ProblemError as problem:
            self._ports.journal("GiveBack", problem.code)

    def _connection(
        self,
        *,
        account: AccountKind,
        company_wish: wishes.Store | wishes.FindMatching,
        scopes: tuple[str, ...],
        id: str,
    ) -> Connection:
        integration, company, person = self.state.integration, company_wish.company, company_wish.person
        now = self._ports.clock()
        relay = integration.relay
        return Connection(
            id=id,
            account=account,
            tenant_id=company.tenant_id,
            company_name=company.name,
            organisation_number=company.organisation_number,
            town=company.town,
            person_id=person.id if person else None,
            person_name=person.name if person else None,
            integration_name=integration.name,
            vendor=integration.vendor,
            client_id=integration.client_id,
            endpoints=integration.endpoints,
            relay=RelayAddresses(token=relay.token, revoke=relay.revoke) if relay else None,
            redirect_uri=integration.redirect_uri.text,
            scopes_asked=self.state.scopes,
            scopes_granted=scopes,
            start_page=integration.start_page,
            connected_at=now,
            valid_until=now + REFRESH_TOKEN_LIFE if account is AccountKind.USER else None,
            last_checked=now,
        )


def _failed(task: asyncio.Task[Connection]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _left_behind(problem: Occurrence) -> Occurrence:
    """That an access could not be handed back, with the `problem` that was met on the way as technical details."""
    if problem.code == "TOKEN-17":
        return problem
    return occurrence("TOKEN-17", {"Problem": problem.code, **dict(problem.details)})


def existing(connection: Connection) -> Existing:
    """What the journey needs to know of `connection`."""
    return Existing(
        id=connection.id,
        account=connection.account,
        tenant_id=connection.tenant_id,
        company_name=connection.company_name,
        organisation_number=connection.organisation_number,
        person_name=connection.person_name or "",
        scopes=connection.scopes_granted,
    )


def _same_integration(connection: Connection, integration: Integration) -> bool:
    return (
        connection.client_id == integration.client_id
        and connection.endpoints.authorize_host == integration.endpoints.authorize_host
    )


__all__ = ["Ports", "SignIn", "Step", "Vault", "Walk", "existing", "unplanned"]
