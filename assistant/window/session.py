"""One run of the window: what starts after the first paint, and what is cleaned up before the end."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QUrl
from PySide6.QtGui import QDesktopServices

from assistant.fortnox.endpoints import Endpoints
from assistant.integration import Integration, with_endpoints
from assistant.journey import Event, Journey, events
from assistant.language import current
from assistant.problems.unplanned import unplanned
from assistant.secret import Secret
from assistant.support.preflight import Finding, Probe, Verdict
from assistant.vault.own_thread import OwnThread
from assistant.vault.places import Places
from assistant.window import ending
from assistant.window.choices import Choices, remembered_account, write_choices
from assistant.window.main_window import MainWindow
from assistant.window.speech import speak
from assistant.window.warming import begin_warming

if TYPE_CHECKING:
    from assistant.effects import Walk
    from assistant.practice.server import PracticeServer
    from assistant.problems import Occurrence
    from assistant.vault.sealing_key import SealingKeyHolder

PRACTICE_SECRET = Secret("practice-secret-not-real")
"""What practice registers for an integration whose own secret is not at hand; it opens nothing else."""

PRACTICE_PORT = 41477
"""The same from run to run where it is free: a connection is known again by the server it was made with."""

GONE_SECONDS = 5.0
"""How long the engine gets to let go of its last page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a session is started with.

    Attributes:
        integration: as read; in practice its endpoints are replaced by those of the practice server.
        client_secret: what its `environment` or `file` led to.
        practise: whether to run a practice server and sign in there.
        keychain: holds the sealing key; None for the operating system's.
        open_address: opens an address in the default browser and says whether something took it.
    """

    integration: Integration
    client_secret: Secret | None
    practise: bool
    places: Places
    choices: Choices
    keychain: SealingKeyHolder | None = None
    open_address: Callable[[str], bool] = lambda address: QDesktopServices.openUrl(QUrl(address))


class Session:
    """Ties the window to a walk.

    Attributes:
        walk: the journey under way, once it has begun.
        practice: the practice server, while it runs.
    """

    def __init__(self, window: MainWindow, setting: Setting) -> None:
        self.window, self.setting = window, setting
        self.walk: Walk | None = None
        self.practice: PracticeServer | None = None
        self.begun = asyncio.Event()
        self.engine_ready = asyncio.Event()
        self._engine_problem: Occurrence | None = None
        self._early: Event | None = None
        self._choices = setting.choices
        window.happened.connect(self.happen)
        window.language_chosen.connect(self.speak)

    def happen(self, event: Event) -> None:
        """What the person did.

        Of what is pressed before the walk has begun one thing counts when it has: leaving, else the first. Who presses
        again because nothing happens must not skip a page they have never seen.
        """
        if self.walk is not None:
            self.walk.send(event)
        elif isinstance(event, events.Leave) or self._early is None:
            self._early = event

    def faulted(self, fault: BaseException) -> None:
        """Something escaped that nobody waits for: it is told by type and place, and the journey stops at a problem."""
        problem = unplanned(fault)
        sys.stderr.write(" ".join(["START-03", *(f"{name}={value}" for name, value in problem.details)]) + "\n")
        if self.walk is not None:
            self.walk.send(events.Faulted(occurrence=problem))

    def speak(self, code: str) -> None:
        """Another language, in the open window at once and remembered for the next."""
        speak(code)
        self.window.retranslate()
        self._choices = Choices(language=code, accounts=self._choices.accounts)
        write_choices(self.setting.places.state_file, self._choices)

    async def main(self) -> int:
        """Runs until the journey is closed; returns the exit code.

        A fault of this program on the way ends in the problem page, and the program with exit code 1 when that is
        closed. Tokens that were held are then forgotten.
        """
        try:
            return await self._run()
        except Exception as fault:  # noqa: BLE001 - nothing may end in a window that stands still
            closed = asyncio.Event()
            self.window.happened.connect(lambda event: closed.set() if isinstance(event, events.Leave) else None)
            self.window.show_problem_alone(unplanned(fault))
            self.window.window().show()
            await closed.wait()
            self.window.window().hide()
            await self._engine_gone()
            return 1

    async def _run(self) -> int:
        await first_paint(self.window)
        self.window.wizard.welcome.start_checking()
        warming = begin_warming(self._warmed)
        work = OwnThread("session-start")
        with ExitStack() as stack:
            integration = self.setting.integration
            client_secret = self.setting.client_secret
            if self.setting.practise:
                client_secret = PRACTICE_SECRET  # never the real one, though practice never leaves this computer
                self.practice = await work.call(lambda: self._practise(stack))
                there = Endpoints(**self.practice.endpoints, pkce=integration.endpoints.pkce)
                # The vendor's relay holds the secret for the real Fortnox and must not hear of practice.
                integration = replace(with_endpoints(integration, there), relay=None)
            await work.call(_import_rooms)
            from assistant.effects import Walk
            from assistant.window.looking import look_ahead
            from assistant.window.ports import make_ports

            vault, keychain, ports = make_ports(self.window, self.setting)
            self.window.set_integration(integration)
            self.window.set_practice(self.setting.practise)
            async with Walk(
                integration,
                ports,
                account=remembered_account(self._choices, integration.client_id),
                client_secret=client_secret,
                on_change=self._changed,
            ) as walk:
                self.walk = walk
                if self._early is not None:
                    walk.send(self._early)
                self.begun.set()
                looking = asyncio.get_running_loop().create_task(
                    look_ahead(
                        integration,
                        ports,
                        vault=vault,
                        keychain=keychain,
                        engine=self._engine_verdict,
                        found=self._found,
                    )
                )
                await walk.ended.wait()
                looking.cancel()
                await asyncio.gather(looking, return_exceptions=True)
            self.window.window().hide()
            warming.stop()
            await self._engine_gone()
            await work.call(stack.close)
        return 0

    def _practise(self, stack: ExitStack) -> PracticeServer:
        from assistant.practice.integration import PracticeIntegration
        from assistant.practice.server import PracticeServer

        integration = self.setting.integration
        registered = PracticeIntegration(
            client_id=integration.client_id,
            client_secret=PRACTICE_SECRET.reveal(),
            redirect_uris=(integration.redirect_uri.text,),
            scopes=integration.scopes,
            service_accounts=True,
            name=integration.name,
            vendor=integration.vendor,
        )
        try:
            return stack.enter_context(PracticeServer(registered, port=PRACTICE_PORT).in_thread())
        except OSError:  # somebody has the port, perhaps another window that practises
            return stack.enter_context(PracticeServer(registered).in_thread())

    def _changed(self, state: Journey) -> None:
        self.window.show_state(state)
        known = self._choices.accounts.get(state.integration.client_id)
        if known != state.account.value and (known is not None or state.account is not state.integration.accounts[0]):
            accounts = {**self._choices.accounts, state.integration.client_id: state.account.value}
            self._choices = Choices(language=self._choices.language or current().code, accounts=accounts)
            write_choices(self.setting.places.state_file, self._choices)

    def _found(self, finding: Finding) -> None:
        self.window.wizard.welcome.show_finding(finding)
        if finding.probe is Probe.PASSWORD_STORE:
            self.window.wizard.sign_in.unlocks = finding.verdict is Verdict.ATTENTION

    def _warmed(self, problem: Occurrence | None) -> None:
        ending.engine_started()
        self._engine_problem = problem
        self.engine_ready.set()

    async def _engine_verdict(self) -> Occurrence | None:
        await self.engine_ready.wait()
        return self._engine_problem

    async def _engine_gone(self) -> None:
        """Waits until the engine has let go of the last page: the profile must go after it, and before the exit."""
        page = self.window.wizard.sign_in
        browser = page.browser
        if browser is None:
            return
        try:
            async with asyncio.timeout(GONE_SECONDS):
                while not browser.is_gone:  # noqa: ASYNC110 - several attempts may be going, each on its own
                    await asyncio.sleep(0.01)
        except TimeoutError:
            pass  # quitting destroys what is left at once


def _import_rooms() -> None:
    """The rooms that cost time to import, on another thread, while the first page is read."""
    import assistant.effects
    import assistant.vault.async_vault
    import assistant.vault.keychain
    import assistant.vault.store  # noqa: F401


async def first_paint(window: MainWindow) -> None:
    """Waits until the window has been painted once."""
    painted = asyncio.Event()

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                painted.set()
            return False

    watcher = Watcher()
    window.frame.installEventFilter(watcher)
    window.frame.update()
    try:
        async with asyncio.timeout(10):
            await painted.wait()
    except TimeoutError:
        pass  # a window that is shown where nothing paints it must not stop the journey
    finally:
        window.frame.removeEventFilter(watcher)
    await asyncio.sleep(0)
