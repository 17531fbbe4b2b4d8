"""A whole walk without a window: the real journey, effects, client and vault, and a person at a browser of text."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

import httpx

from assistant.effects import Ports, Walk
from assistant.fortnox.account import AccountKind
from assistant.fortnox.authorization import AuthorizationRequest
from assistant.fortnox.client import Client
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import Access
from assistant.fortnox.redirect import RedirectUri
from assistant.integration import ClientSecret, Integration, SecretSource
from assistant.journey import Event, Existing, Journey, Step, events
from assistant.practice.server import PracticeServer
from assistant.secret import Secret
from assistant.vault.async_vault import AsyncVault
from assistant.vault.connection import Connection
from assistant.vault.sealing_key import MemoryKeychain, SealingKeyHolder
from assistant.vault.store import Vault
from tests.practice.browser import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, Forms

SCOPES = ("companyinformation", "profile", "article")
PATIENCE = 15.0
"""Seconds: far more than any step takes, even on a busy machine."""


class Person:
    """The SignIn port. Every sign-in is a fresh browser, in which the buttons of one visit are pressed as they appear.

    Attributes:
        visits: ids of buttons to press, one tuple for each sign-in; afterwards the browser stands still.
        pages: every address that was shown, without its query.
        open: whether a browser is open now.
        cookies_at_start: how many cookies each browser began with.
    """

    def __init__(self, *visits: tuple[str, ...]) -> None:
        self.visits = list(visits)
        self.pages: list[str] = []
        self.open = False
        self.cookies_at_start: list[int] = []
        self.redirects: list[str] = []
        self.tamper: Callable[[str], str] = lambda address: address
        self._tasks: set[asyncio.Task[None]] = set()

    def show_request(self, attempt: int, request: AuthorizationRequest, send: Callable[[Event], None]) -> None:
        assert not self.open, "two browsers at once"
        self.open = True
        buttons = self.visits.pop(0) if self.visits else ()
        task = asyncio.get_running_loop().create_task(self._visit(attempt, request, send, list(buttons)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def end_request(self) -> None:
        """Destroys the browser, unless it is the one that is just telling where it was led."""
        self.open = False
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()

    async def _visit(
        self, attempt: int, request: AuthorizationRequest, send: Callable[[Event], None], buttons: list[str]
    ) -> None:
        home = RedirectUri(request.redirect_uri)
        async with httpx.AsyncClient(headers={"Accept-Language": "en"}, timeout=10, trust_env=False) as web:
            self.cookies_at_start.append(len(web.cookies.jar))
            method, address, fields = "GET", request.url, {}
            while True:
                if home.matches(address):
                    self.redirects.append(address)
                    send(events.Redirected(attempt=attempt, address=Secret(self.tamper(address))))
                    return
                self.pages.append(address.partition("?")[0])
                answer = await web.request(method, address, data=fields)
                if answer.is_redirect:
                    method, address, fields = "GET", urljoin(address, answer.headers["location"]), {}
                    continue
                forms = {button: form for form in Forms(answer.text).forms for button in form.buttons}
                pressed = next((button for button in buttons if button in forms), None)
                if pressed is None:
                    return  # the page stands there
                del buttons[: buttons.index(pressed) + 1]
                form = forms[pressed]
                name, value = form.buttons[pressed]
                fields = {**form.fields, **({name: value} if name else {})}
                address = urljoin(address, form.action)
                method = form.method.upper()
                if method == "GET":
                    address, fields = str(httpx.URL(address, params=fields)), {}


def visit(person: str = "anna", tenant_id: int = 1_100_017, last: str = "approve") -> tuple[str, ...]:
    """What somebody presses on practice's pages."""
    return (f"person-{person}", "sign-in", f"company-{tenant_id}", last)


@dataclass
class World:
    """What a walk is let into.

    Attributes:
        down: numbers of the client's calls, from 0, for which the network is down before anything is sent.
        calls: how many clients were opened.
        opened: addresses given to the default browser.
        states: everything the view was shown.
        failures: what the journal was told.
    """

    integration: Integration
    folder: Path
    person: Person
    keychain: SealingKeyHolder = field(default_factory=MemoryKeychain)
    client_secret: Secret | None = field(default_factory=lambda: Secret(CLIENT_SECRET))
    down: set[int] = field(default_factory=set)
    calls: int = 0
    opened: list[str] = field(default_factory=list)
    opens: bool = True
    hidden: int = 0
    states: list[Journey] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    walk: Walk = field(init=False)
    vault: Vault = field(init=False)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.vault = Vault(self.folder / "vault.db", self.keychain)

    @property
    def state(self) -> Journey:
        return self.walk.state

    @property
    def stored(self) -> tuple[Connection, ...]:
        """What is in the vault, read by somebody who only knows its file."""
        return Vault(self.folder / "vault.db", MemoryKeychain()).connections()

    def ports(self) -> Ports:
        async def open_address(address: str) -> bool:
            self.opened.append(address)
            return self.opens

        def hide() -> None:
            self.hidden += 1

        return Ports(
            client=self._client,
            vault=AsyncVault(self.vault),
            sign_in=self.person,
            open_address=open_address,
            hide=hide,
            clock=lambda: datetime.now(UTC),
            random_text=secrets.token_urlsafe,
            journal=lambda name, code: self.failures.append((name, code)),
        )

    def _client(self, endpoints: Endpoints, access: Access) -> AbstractAsyncContextManager[Client]:
        number, self.calls = self.calls, self.calls + 1
        proxy = (lambda _: "http://127.0.0.1:1") if number in self.down else (lambda _: None)
        return Client(endpoints, access, proxy=proxy)

    @asynccontextmanager
    async def walking(
        self, account: AccountKind | None = None, *, reconnecting: Existing | None = None
    ) -> AsyncIterator[World]:
        """A walk from Welcome, or of a connection made again; its tasks are gone at the end, and so is its browser."""

        def seen(state: Journey) -> None:
            self.states.append(state)
            self._changed.set()

        walk = Walk(
            self.integration,
            self.ports(),
            account=account,
            client_secret=self.client_secret,
            reconnecting=reconnecting,
            on_change=seen,
        )
        self.walk = walk
        async with walk:
            yield self
        assert not self.person.open

    def send(self, *happened: Event) -> None:
        for event in happened:
            self.walk.send(event)

    async def until(self, *steps: Step, where: Callable[[Journey], bool] = lambda state: True) -> Journey:
        """The state once it stands at one of `steps`."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not (self.state.step in steps and where(self.state)):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"stands at {self.state.step}, {self.state.problem}") from None
        return self.state

    async def to_confirm(self, account: AccountKind = AccountKind.SERVICE) -> Journey:
        self.go(account)
        return await self.until(Step.CONFIRM, Step.PROBLEM)

    def go(self, account: AccountKind = AccountKind.SERVICE) -> None:
        """From Welcome to the sign-in."""
        self.send(events.Continue(), events.AccountChosen(account=account), events.Continue(), events.Continue())

    async def connect(self, account: AccountKind = AccountKind.SERVICE, **answer: object) -> Connection:
        """The whole way to Done; returns what was stored."""
        state = await self.to_confirm(account)
        assert state.step is Step.CONFIRM, state.problem
        self.send(events.Confirmed(**answer))  # type: ignore[arg-type]
        state = await self.until(Step.DONE, Step.PROBLEM)
        assert state.step is Step.DONE, state.problem
        (mine,) = [each for each in self.stored if each.id == state.connection_id]
        return mine

    async def walk_done(self) -> None:
        """Lets a wish without an answer of its own, such as opening the start page, come to its end."""
        for _ in range(5):
            await asyncio.sleep(0)

    async def leave(self) -> None:
        """Closes the window and waits for the end."""
        self.send(events.Leave())
        async with asyncio.timeout(PATIENCE):
            await self.walk.ended.wait()


def practice_integration(server: PracticeServer, **changes: object) -> Integration:
    """The integration of practice, pointed at `server`."""
    described: dict[str, object] = {
        "name": "Lagerkoll",
        "vendor": "Exempelbolaget AB",
        "client_id": CLIENT_ID,
        "redirect_uri": RedirectUri(REDIRECT_URI),
        "scopes": SCOPES,
        "start_page": "https://lagerkoll.example/login",
        "client_secret": ClientSecret(source=SecretSource.FILE),
        "endpoints": Endpoints(**server.endpoints),
    }
    return Integration(**{**described, **changes})  # type: ignore[arg-type]


def outcomes(server: PracticeServer, path: str) -> list[str]:
    """What the server decided on the requests for `path`, in order."""
    return [entry.outcome for entry in server.log if entry.path == path]


def grants(server: PracticeServer) -> list[tuple[str | None, str]]:
    """Grant and outcome of every token request, in order."""
    return [(entry.grant, entry.outcome) for entry in server.log if entry.path == "/oauth-v1/token"]


async def alive(server: PracticeServer) -> list[str]:
    """The refresh tokens handed out that still renew. Asking uses them up."""
    found = []
    async with httpx.AsyncClient(auth=(CLIENT_ID, CLIENT_SECRET), timeout=10, trust_env=False) as web:
        for token in list(server.issued.refresh_tokens):
            asked = {"grant_type": "refresh_token", "refresh_token": token}
            answer = await web.post(server.endpoints["token"], data=asked)
            if answer.status_code == 200:
                found.append(token)
            else:
                assert json.loads(answer.text)["error"] == "invalid_grant"
    return found
