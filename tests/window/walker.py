"""A person at the window: real keys and clicks, in our pages and in the web page, and a look at server and vault."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from assistant.fortnox.account import AccountKind
from assistant.journey import Journey, Step
from assistant.practice.authorization import COMPANY, CONSENT, SIGN_IN
from assistant.practice.request_log import LogEntry
from assistant.practice.server import PracticeServer
from assistant.problems import Way
from assistant.vault.store import Vault
from assistant.window.hands import NotReachedError, click, press, until
from assistant.window.main_window import MainWindow
from assistant.window.session import Session

PATIENCE = 15.0
_JS_PATIENCE = 2.0
_DRAWN = """
(() => {
  if (window.left || location.pathname !== PATH || document.readyState !== 'complete') return false;
  if (!document.getElementById(ID)) return false;
  if (window.drawn === undefined) {
    window.drawn = false;
    requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = true; }));
  }
  if (window.drawn) document.getElementById(ID).focus();
  return window.drawn;
})()
"""


class Walker:
    """Walks through one window.

    Attributes:
        steps: every state the journey has been in, in order, repeated states left out.
        marks: what `mark` saw, by name.
        painted: when the window had been painted once, by `time.perf_counter`.
    """

    def __init__(self, session: Session, running: asyncio.Task[int], marks: dict[str, Any], opened: list[str]) -> None:
        self.session, self.running, self.marks, self.opened = session, running, marks, opened
        self.window: MainWindow = session.window
        self.steps: list[str] = []
        self.painted = 0.0
        self._seen = 0  # how much of the server's log belongs to pages that were answered

    @property
    def server(self) -> PracticeServer:
        assert self.session.practice is not None
        return self.session.practice

    @property
    def log(self) -> list[LogEntry]:
        return self.server.log

    @property
    def state(self) -> Journey:
        assert self.session.walk is not None
        return self.session.walk.state

    @property
    def vault(self) -> Vault:
        """What another process would find in the vault file with the same key."""
        keychain = self.session.setting.keychain
        assert keychain is not None
        return Vault(self.session.setting.places.vault_file, keychain)

    # What a person does in our window.

    async def main(self) -> None:
        await click(self.window.frame.footer.filled)

    async def other(self) -> None:
        await click(self.window.frame.footer.second)

    async def back(self) -> None:
        await click(self.window.frame.footer.back)

    async def cancel(self) -> None:
        await click(self.window.frame.footer.cancel)

    async def way(self, way: Way) -> None:
        """Presses the button of `way` on the problem page, wherever it stands."""
        page = self.window.wizard.problem
        place = page.ways.index(way)
        if place < 2:
            await (self.main() if place == 0 else self.other())
            return
        links = [each for each in page.findChildren(QWidget) if each.property("way") == way.value]
        await click(links[0])

    async def at(self, *steps: Step, patience: float = PATIENCE) -> None:
        """Waits until the journey is at one of `steps` and its page is on show."""
        wished = " or ".join(step.value for step in steps)

        def there() -> bool:
            return self.state.step in steps and self.window.wizard.shown.steps.count(self.state.step) == 1

        try:
            await until(there, wished, patience=patience)
        except NotReachedError:
            problem = self.state.problem
            where = f"{self.state.step.value} {problem.code if problem else ''}"
            raise NotReachedError(f"waited for {wished}, the journey is at {where}; {self.log[-5:]}") from None
        await asyncio.sleep(0)

    async def to(self, step: Step, *, user: bool = False) -> None:
        """From the first page to `step`, one of the four first."""
        await self.at(Step.WELCOME)
        for page in (Step.ACCOUNT, Step.PERMISSIONS, Step.SIGN_IN):
            if self.state.step is step:
                return
            if user and self.state.step is Step.ACCOUNT:
                await self.choose_user_by_keyboard()
            await self.main()
            await self.at(page)

    async def choose_user_by_keyboard(self) -> None:
        """Arrow right from the recommended card, which has the focus."""
        page = self.window.wizard.account
        focused = page.first_focus()
        assert focused is not None
        await self.until(focused.hasFocus, "the focus on the chosen card")
        assert page._cards is not None
        one, other = page._cards.cards
        await self.until(lambda: not one.geometry().intersects(other.geometry()), "the cards side by side")
        await press(focused, Qt.Key.Key_Right)
        await self.until(lambda: self.state.account is AccountKind.USER, "the user account")

    # What a person does in the web page.

    async def sign_in(
        self, *, person: str = "anna", company: int | None = 1_100_017, decision: str | None = "approve"
    ) -> None:
        """Through practice's pages; `company` None where that person has only one, `decision` None to stop there."""
        await self.at(Step.SIGN_IN)
        if person != "anna":
            await self.press(SIGN_IN, f"person-{person}")
        await self.press(SIGN_IN, "sign-in")
        if company is not None:
            await self.press(COMPANY, f"company-{company}")
        if decision is not None:
            await self.press(CONSENT, decision)

    async def press(self, path: str, element: str) -> None:
        """Waits for the page at `path`, and presses Enter on one of its elements."""
        await self.page(path, element)
        await self.evaluate("window.left = true")  # the page that comes may have the same path
        self._seen = len(self.log)
        widget = self._page_widget()
        assert widget is not None
        await press(widget, Qt.Key.Key_Return)

    async def page(self, path: str, element: str) -> None:
        """Waits until the page at `path` was served, is drawn, and has the focus in `element`."""
        await until(lambda: self.served(path), path, patience=PATIENCE)
        script = _DRAWN.replace("PATH", repr(path)).replace("ID", repr(element))
        async with asyncio.timeout(PATIENCE):
            while await self.evaluate(script) is not True:  # noqa: ASYNC110 - the page cannot call back
                await asyncio.sleep(0.02)

    def served(self, path: str) -> bool:
        """Whether the server has answered with the page at `path` since the last press."""
        return any((entry.method, entry.path, entry.status) == ("GET", path, 200) for entry in self.log[self._seen :])

    async def evaluate(self, script: str) -> Any:
        """What the web page says to `script`; None where there is no page, or another by then."""
        browser = self.window.wizard.sign_in.browser
        attempt = None if browser is None else browser._attempt
        if attempt is None:
            return None
        said: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        attempt.page.runJavaScript(script, 0, lambda value: said.done() or said.set_result(value))
        with suppress(TimeoutError):  # a page that is replaced meanwhile never answers
            return await asyncio.wait_for(said, _JS_PATIENCE)
        return None

    def _page_widget(self) -> QWidget | None:
        browser = self.window.wizard.sign_in.browser
        return None if browser is None else browser.page_widget

    # What server and vault say.

    def tokens(self) -> list[dict[str, Any]]:
        """The refresh tokens the server gave out, oldest first, without their values."""
        return [
            {
                "tenant_id": token.authorization.tenant_id,
                "service": token.authorization.service,
                "revoked": token.revoked,
                "used": token.used_at is not None,
            }
            for token in self.server.run.ledger.holdings.refresh_tokens.values()
        ]

    def stored(self) -> list[dict[str, Any]]:
        """What the vault holds; secrets as the number of the server's refresh token that they are."""
        vault, told = self.vault, []
        for connection in vault.connections():
            secrets = vault.secrets(connection.id)
            issued = [*self.server.run.ledger.holdings.refresh_tokens]
            token = secrets.refresh_token
            client_secret = vault.client_secret(connection.endpoints.authorize_host, connection.client_id)
            told.append({
                "id": connection.id,
                "account": connection.account.value,
                "tenant_id": connection.tenant_id,
                "company": connection.company_name,
                "person_id": connection.person_id,
                "scopes": list(connection.scopes_granted),
                "redirect_uri": connection.redirect_uri,
                "token_address": connection.endpoints.token,
                "start_page": connection.start_page,
                "refresh_token": None if token is None else issued.index(token.reveal()),
                "client_secret": client_secret is not None
                and client_secret.reveal() == self.server.integration.client_secret,
            })  # fmt: skip
        return told

    def mark(self, name: str, *, vault: bool = True, **more: object) -> None:
        """Remembers how things stand now, under `name`."""
        problem = self.state.problem
        self.marks[name] = {
            "step": self.state.step.value,
            "problem": problem.code if problem else None,
            "account": self.state.account.value,
            "attempt": self.state.attempt,
            "held": self.state.held is not None,
            "replaced": self.state.replaced.id if self.state.replaced else None,
            "log": [asdict(entry) for entry in self.log],
            "tokens": self.tokens(),
            "codes": len(self.server.issued.codes),
            "vault": self.stored() if vault else [],
            "opened": list(self.opened),
            "steps": list(self.steps),
            **more,
        }

    async def until(self, reached: Callable[[], object], what: str) -> None:
        await until(reached, what, patience=PATIENCE)
