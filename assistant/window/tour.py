"""`setup-assistant tour`: the real wizard, walked without a person, with a picture of every page.

Everything is real but the person: the practice server answers over HTTP, the engine shows its pages, keys and mouse
arrive as Qt events. Only the vault is a temporary one, with its key in memory, so that nothing on the computer changes.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from assistant.fortnox.account import AccountKind
from assistant.integration import read_integration, take_client_secret
from assistant.journey import Step, begin
from assistant.language import _, languages
from assistant.practice.people import PRACTICE_POPULATION
from assistant.problems import Way
from assistant.resources import PRACTICE_FILE, resource
from assistant.secret import Secret
from assistant.support.code import support_code
from assistant.vault.connection import Connection, Secrets, new_connection_id
from assistant.vault.places import Places
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from assistant.window import loop
from assistant.window.application import make_application
from assistant.window.choices import Choices
from assistant.window.hands import NotReachedError, click, press, settle, until
from assistant.window.main_window import MainWindow
from assistant.window.session import Session, Setting
from assistant.window.speech import speak
from assistant.window.theme import look

SIGN_IN, COMPANY, CONSENT = "/oauth-v1/auth/sign-in", "/oauth-v1/auth/company", "/oauth-v1/auth/consent"
TOKEN = "/oauth-v1/token"  # noqa: S105 - a path


def tour(*, out: Path, language_code: str) -> int:
    """Walks and saves a PNG of every page into `out`; prints their names. Returns the exit code.

    Raises:
        ProblemError: the window cannot be shown.
    """
    out.mkdir(parents=True, exist_ok=True)
    application = make_application()
    speak(language_code)
    with tempfile.TemporaryDirectory(prefix="setup-assistant-tour-") as folder:
        setting = practice_setting(Path(folder))
        look().follow_system(application, vendor_accent=setting.integration.look.accent)
        window = tour_window(setting)
        session = Session(window, setting)
        guide = Guide(session, out)

        async def main() -> int:
            walking = asyncio.get_running_loop().create_task(guide.walk())
            walking.add_done_callback(lambda _: window.leave())
            code = await session.main()
            await walking
            return code

        code = loop.run(application, main)
    for picture in guide.pictures:
        sys.stdout.write(f"{picture}\n")
    sys.stdout.write(_("{count} pictures in {folder}", count=len(guide.pictures), folder=out) + "\n")
    return code


def practice_setting(folder: Path, *, opened: list[str] | None = None) -> Setting:
    """A setting for practice whose vault lies in `folder` and whose key is in memory only."""
    integration = read_integration(resource(*PRACTICE_FILE))
    addresses = [] if opened is None else opened

    def open_address(address: str) -> bool:
        addresses.append(address)
        return True

    return Setting(
        integration=integration,
        client_secret=take_client_secret(integration, os.environ),
        practise=True,
        places=Places(
            vault_file=folder / "practice.db",
            keychain_service="setup-assistant tour",
            state_file=folder / "state.json",
            lock_file=folder / "practice.lock",
        ),
        choices=Choices(),
        keychain=MemoryKeychain(),
        open_address=open_address,
    )


def tour_window(setting: Setting) -> MainWindow:
    """The window on its first page."""
    window = MainWindow(setting.integration, support_code=support_code(secrets.randbelow))
    window.set_practice(True)
    window.show_state(begin(setting.integration, client_secret=setting.client_secret)[0])
    window.show()
    return window


def add_others(setting: Setting, made: Connection) -> None:
    """Puts companies of practice beside the one just connected, as they may stand after a year. Blocks."""
    assert setting.keychain is not None
    vault = Vault(setting.places.vault_file, setting.keychain)
    now = datetime.now(UTC)
    problems = ("", "CONN-02", "", "STORE-06", "", "CONN-03", "", "")
    towns = ("Björkdalen", "Strandviken", "Norrby", "Övre Ångsjö")
    trades = ("Bageri", "Måleri")
    for number, problem in enumerate(problems):
        user = number in (2, 4)
        other = replace(
            made,
            id=new_connection_id(),
            account=AccountKind.USER if user else AccountKind.SERVICE,
            tenant_id=str(1_200_000 + number),
            company_name=f"{towns[number % len(towns)]} {trades[number // len(towns)]} AB",
            organisation_number=f"559999-0{number + 1:02}8",
            person_name="Anna Björkdal" if user else None,
            person_id="4001" if user else None,
            scopes_granted=made.scopes_granted[:-1] if number == 6 else made.scopes_granted,
            connected_at=now - timedelta(days=300 - number),
            last_checked=now - timedelta(days=number + 1),
            valid_until=now + timedelta(days=9 if number == 2 else 40) if user else None,
            problem=problem or None,
            problem_at=now if problem else None,
        )
        vault.save(other, Secrets(refresh_token=Secret("practice") if user else None))


class Guide:
    """Walks through `session` and takes pictures into `out`.

    Attributes:
        pictures: those saved so far.
    """

    def __init__(self, session: Session, out: Path) -> None:
        self.session, self.out = session, out
        self.pictures: list[Path] = []
        self._seen = 0  # how much of the practice server's log belongs to sign-ins that are over

    @property
    def window(self) -> MainWindow:
        return self.session.window

    @property
    def filled(self) -> QWidget:
        return self.window.frame.footer.filled

    async def walk(self) -> None:
        """The whole journey: every page once, the unhappy turns first."""
        await self.session.begun.wait()
        await self.session.engine_ready.wait()
        await until(self._looked, "the preflight")
        await self.picture("welcome")
        await click(self.filled)
        await self.reach(Step.ACCOUNT)
        await self.picture("account")
        await click(self.filled)
        await self.reach(Step.PERMISSIONS)
        await self.picture("permissions")
        await click(self.filled)
        await self.sign_in(approve=False, picture="sign-in")
        await self.reach(Step.PROBLEM)
        await self.picture("problem-declined")
        assert self.window.wizard.problem.ways[0] is Way.SIGN_IN_AGAIN
        await click(self.filled)
        await self.sign_in()
        await self.reach(Step.CONFIRM)
        await click(self.window.frame.footer.second)
        await self.sign_in(company=1, hold_checking=True)
        await self.reach(Step.CONFIRM)
        await self.picture("confirm")
        await click(self.filled)
        await self.reach(Step.DONE)
        await self.picture("done")
        await click(self.filled)
        await settle()
        await self.connections()

    async def connections(self) -> None:
        """The list that the new connection now stands in, with what else a year brings beside it."""
        window, session = self.window, self.session
        await click(window.wizard.done_page.connections_link)
        await until(lambda: window.at_home, "the connections")
        page = session.home.page
        await until(lambda: not page.model.empty, "the new connection in its row")
        (made,) = [page.model.entry(row).connection for row in range(page.model.rowCount())]
        await asyncio.to_thread(add_others, session.setting, made)
        await session.home.reload(at=made.id)
        page.list.go_to_first()
        page.list.take_focus()
        await settle()
        await self.picture("connections")
        await press(page.list.view, Qt.Key.Key_Delete)
        await until(lambda: page.list.panel is not None, "the question before removing")
        await settle()
        await self.picture("connections-remove")
        assert page.list.panel is not None
        await click(page.list.panel.keep)
        server = session.practice
        assert server is not None
        server.switches = replace(server.switches, latency=0.4)
        await click(window.frame.footer.second)
        await until(lambda: page.progress.bar.value() >= 2, "some of them checked")
        await self.picture("connections-checking")
        await click(page.progress.stop)
        await until(lambda: not page.progress.isVisible(), "the check stopped")

    def _looked(self) -> bool:
        return self.window.wizard.welcome.all_found

    async def sign_in(
        self, *, approve: bool = True, company: int = 0, picture: str = "", hold_checking: bool = False
    ) -> None:
        """Signs in at practice by keyboard, in the page itself."""
        server = self.session.practice
        assert server is not None
        log, seen, links = server.log, self._seen, len(languages())
        await self.reach(Step.SIGN_IN)

        def served(path: str) -> Callable[[], bool]:
            return lambda: any(entry.path == path and entry.method == "GET" for entry in log[seen:])

        await self._page(served(SIGN_IN))
        if picture:
            await self.picture(picture)
        people = len(PRACTICE_POPULATION.people)
        await press(self.page_widget(), Qt.Key.Key_Tab, links + people + 1)  # the user name; Enter sends the form
        await press(self.page_widget(), Qt.Key.Key_Return)
        await self._page(served(COMPANY))
        if picture:
            await self.picture(f"{picture}-company")
        await press(self.page_widget(), Qt.Key.Key_Tab, links + 1 + company)
        await press(self.page_widget(), Qt.Key.Key_Return)
        await self._page(served(CONSENT))
        if picture:
            await self.picture(f"{picture}-consent")
        await press(self.page_widget(), Qt.Key.Key_Tab, links + (1 if approve else 2))
        if hold_checking:
            server.switches = replace(server.switches, latency=0.7)
        await press(self.page_widget(), Qt.Key.Key_Return)
        self._seen = len(log)
        if hold_checking:
            await self.reach(Step.CHECKING)
            await settle(1.0)
            await self.picture("checking")
            server.switches = replace(server.switches, latency=0.0)

    async def _page(self, served: Callable[[], bool]) -> None:
        """Waits until the page was served and has settled in the view."""
        await until(served, "the practice page")
        await settle(0.5)

    def page_widget(self) -> QWidget:
        """The widget that takes the keys of the web page."""
        browser = self.window.wizard.sign_in.browser
        widget = browser.page_widget if browser is not None else None
        if widget is None:
            raise NotReachedError("there is no web page to press a key in")
        return widget

    async def reach(self, step: Step) -> None:
        """Waits until the journey is at `step`, and longer than a double click, whose second half is not heard."""
        assert self.session.walk is not None
        walk = self.session.walk
        await until(lambda: walk.state.step is step, f"the step {step.value}, not {walk.state.step.value}")
        await settle(QGuiApplication.styleHints().mouseDoubleClickInterval() / 1000)

    async def picture(self, name: str) -> None:
        """Saves what the window shows as the next numbered picture."""
        path = self.out / f"{len(self.pictures) + 1:02}-{name}.png"
        if not self.window.grab().save(str(path), "PNG"):
            raise OSError(f"the picture {path.name} could not be written")
        self.pictures.append(path)
