"""One run of the window: what starts after the first paint, and what is cleaned up before the end."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject

from assistant.fortnox.endpoints import Endpoints
from assistant.integration import Integration, with_endpoints
from assistant.journey import Event, Journey, Step, events
from assistant.language import current
from assistant.own_thread import OwnThread
from assistant.problems import ProblemError, stop
from assistant.problems.unplanned import unplanned
from assistant.secret import Secret
from assistant.support.preflight import Finding, Probe, Verdict
from assistant.vault.places import Places
from assistant.window import ending
from assistant.window.choices import Choices, remembered_account, write_choices
from assistant.window.main_window import MainWindow
from assistant.window.restart import Resumption
from assistant.window.speech import speak
from assistant.window.warming import begin_warming
from assistant.window.web_address import open_web_address

if TYPE_CHECKING:
    from assistant.effects import Ports, Walk
    from assistant.practice.server import PracticeServer
    from assistant.problems import Occurrence
    from assistant.vault.connection import Connection
    from assistant.vault.sealing_key import SealingKeyHolder
    from assistant.window.connections.home import Home
    from assistant.window.connections.listed import Listed
    from assistant.window.connections.world import World
    from assistant.window.looking import LookAhead
    from assistant.window.warming import Warming

Answer = TypeVar("Answer")

PRACTICE_SECRET = Secret("practice-secret-not-real")
"""What practice registers for an integration whose own secret is not at hand; it opens nothing else."""

PRACTICE_PORT = 41477
"""The same from run to run where it is free: a connection is known again by the server it was made with."""

BEFORE_SIGN_IN = (Step.WELCOME, Step.ACCOUNT, Step.PERMISSIONS)

STAYS = Resumption(software_rendering=True)
"""A session that never starts the program again: one of several windows of a process, such as the tour's."""

PRACTICE_SECONDS = 20.0
"""How long the practice server gets to begin."""

IMPORT_SECONDS = 60.0
"""How long importing may take: a cold disk and a scanner of viruses are slow."""

GONE_SECONDS = 5.0
"""How long the engine gets to let go of its last page."""

STORED_SECRET_SECONDS = 2.0
"""How long an activation key that may be stored already is looked for before the person is asked for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a session is started with.

    Attributes:
        integration: as read; in practice its endpoints are replaced by those of the practice server.
        client_secret: what its `environment` or `file` led to.
        practise: whether to run a practice server and sign in there.
        keychain: holds the sealing key; None for the operating system's.
        resumption: how this process was begun.
        scenarios: names of the situations that practice begins with.
        open_address: opens an address in the default browser and says whether something took it.
    """

    integration: Integration
    client_secret: Secret | None
    practise: bool
    places: Places
    choices: Choices
    keychain: SealingKeyHolder | None = None
    resumption: Resumption = STAYS
    scenarios: tuple[str, ...] = ()
    open_address: Callable[[str], bool] = open_web_address


class Session:
    """Ties the window to a walk.

    One walk follows another where the connections stand between them: the list is where a walk begun there ends.

    Attributes:
        walk: the journey under way, or the last one; None before the first.
        practice: the practice server, while it runs.
        restart_wished: how the program is to be started again once this session has ended; None where it is not.
    """

    def __init__(self, window: MainWindow, setting: Setting) -> None:
        self.window, self.setting = window, setting
        self.walk: Walk | None = None
        self.practice: PracticeServer | None = None
        self.restart_wished: Resumption | None = None
        self.begun = asyncio.Event()
        self.engine_ready = asyncio.Event()
        self._engine_problem: Occurrence | None = None
        self._early: Event | None = None
        self._home: Home | None = None
        self._at_home = False
        self._from_home = False  # whether the walk under way was begun at the list
        self._home_wanted = False
        self._program_ends = False
        self._begin_home: Callable[[], None] | None = None
        self._warming: Warming | None = None
        self._choices = setting.choices
        window.open_address = setting.open_address
        window.happened.connect(self.happen)
        window.home_wanted.connect(self._go_home)
        window.language_chosen.connect(self.speak)

    def happen(self, event: Event) -> None:
        """What the person did.

        Of what is pressed before the walk has begun one thing counts when it has: leaving, else the first. Who presses
        again because nothing happens must not skip a page they have never seen.
        """
        if isinstance(event, events.Leave):
            self._program_ends = True
            if self._at_home and self._home is not None:
                self.window.window().hide()
                self._home.leave()
        if self._at_home:
            return
        if self.walk is not None:
            self.walk.send(event)
        elif isinstance(event, events.Leave) or self._early is None:
            self._early = event

    @property
    def home(self) -> Home:
        """The list of connections, made when it is first needed."""
        if self._home is None:
            from assistant.window.connections.home import Home
            from assistant.window.connections.page import ConnectionsPage

            self._home = Home(ConnectionsPage(), practice=self.setting.practise, integration=self.setting.integration)
        return self._home

    def begin_at_home(self, listed: Listed) -> None:
        """Opens on the connections instead of the first page; to be called before `main`."""
        self.home.show(listed)
        self._at_home = True
        self.window.show_home(self.home.page)

    def _go_home(self) -> None:
        """The person wants the list: the walk is left as if the window were closed, and all it holds handed back."""
        self._home_wanted = True
        if self.walk is not None and not self._at_home:
            self.walk.send(events.Leave())

    def _hide(self) -> None:
        """The walk is over: its window goes away, or shows the list again."""
        if not self._program_ends and (self._home_wanted or self._from_home):
            self._home_wanted = self._at_home = True
            self.window.show_home(self.home.page)
            if self._begin_home is not None:
                self._begin_home()
        else:
            self.window.window().hide()

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
            self.window.show_problem_alone(fault.occurrence if isinstance(fault, ProblemError) else unplanned(fault))
            self.window.window().show()
            await closed.wait()
            self.window.window().hide()
            await self._engine_gone()
            return 1

    async def _run(self) -> int:
        await first_paint(self.window)
        if not self._at_home:
            self._begin_looking()
        work = OwnThread("session-start")
        with ExitStack() as stack:
            integration = self.setting.integration
            client_secret = self.setting.client_secret
            if self.setting.practise:
                client_secret = PRACTICE_SECRET  # never the real one, though practice never leaves this computer
                beginning = work.call(lambda: self._practise(stack))
                self.practice = await _within(PRACTICE_SECONDS, "practice", beginning)
                there = Endpoints(**self.practice.endpoints, pkce=integration.endpoints.pkce)
                # The vendor's relay holds the secret for the real Fortnox and must not hear of practice.
                integration = replace(with_endpoints(integration, there), relay=None)
            await _within(IMPORT_SECONDS, "import", work.call(_import_rooms))
            from assistant.window.ports import make_ports

            world, ports = make_ports(self.window, self.setting, restart=self._restart, hide=self._hide)
            self.window.set_integration(integration)
            self.window.set_practice(self.setting.practise)
            try:
                await self._walks(integration, world, ports, client_secret)
            finally:
                if self._home is not None:
                    await self._home.close()
            self.window.window().hide()
            if self._warming is not None:
                self._warming.stop()
            await self._engine_gone()
            with suppress(ProblemError):  # practice runs on a thread that does not keep the program
                await _within(GONE_SECONDS, "practice", work.call(stack.close))
        return 0

    def _begin_looking(self) -> None:
        """The preflight's rows begin to turn, and the engine to start, the first time a walk is to begin."""
        self.window.wizard.welcome.start_checking()
        if self._warming is None:
            self._warming = begin_warming(self._warmed)

    async def _walks(self, integration: Integration, world: World, ports: Ports, client_secret: Secret | None) -> None:
        """One walk after another, until the person wants out."""

        def begin_home() -> None:
            self.home.attach(world, integration)

        self._begin_home = begin_home
        reconnecting: Connection | None = None
        if self.setting.resumption.reconnecting is not None:
            with suppress(ProblemError):
                reconnecting = await world.vault.connection(self.setting.resumption.reconnecting)
                self._from_home = reconnecting is not None
        while not self._program_ends or self._early is not None:
            if self._at_home:
                if not self.home.attached.is_set():
                    begin_home()
                self.begun.set()
                wish = await self.home.wish()
                if wish is None:
                    return
                self._at_home, self._from_home, self._home_wanted = False, True, False
                reconnecting = wish.reconnecting
                client_secret = client_secret or await self._stored_secret(integration, world)
                self._begin_looking()
            await self._walked(integration, world, ports, client_secret, reconnecting)
            if not self._at_home:
                return
            done = self.walk.state.connection_id if self.walk is not None else None
            await self.home.reload(at=done or (reconnecting.id if reconnecting is not None else None))
            self.window.arrive_home()

    async def _walked(
        self,
        integration: Integration,
        world: World,
        ports: Ports,
        client_secret: Secret | None,
        reconnecting: Connection | None,
    ) -> None:
        """One walk, from its first page to its end."""
        from assistant.effects import Walk, existing
        from assistant.window.looking import LookAhead

        self.window.set_from_home(self._from_home)
        async with Walk(
            integration,
            ports,
            account=remembered_account(self._choices, integration.client_id),
            client_secret=client_secret,
            reconnecting=existing(reconnecting) if reconnecting is not None else None,
            on_change=self._changed,
        ) as walk:
            self.walk = walk
            if self.setting.resumption.at_sign_in and not self.begun.is_set():
                self._go_to_sign_in(walk)
            early, self._early = self._early, None
            if early is not None:
                walk.send(early)
            self.begun.set()
            looking = asyncio.get_running_loop().create_task(
                self._look(
                    lambda: LookAhead(
                        integration, ports, vault=world.vault, keychain=world.keychain, engine=self._engine_verdict
                    )
                )
            )
            await walk.ended.wait()
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    @staticmethod
    async def _stored_secret(integration: Integration, world: World) -> Secret | None:
        """The activation key that is stored already, where it can be read without any box."""
        if not integration.asks_for_secret:
            return None
        try:
            async with asyncio.timeout(STORED_SECRET_SECONDS):
                return await world.vault.client_secret(integration.endpoints.authorize_host, integration.client_id)
        except (ProblemError, TimeoutError):
            return None

    def _go_to_sign_in(self, walk: Walk) -> None:
        """What the person had done already: as far as step 4 from the first page, with the choices that were kept."""
        for _page in BEFORE_SIGN_IN:
            if walk.state.step in BEFORE_SIGN_IN and not (
                walk.state.step is Step.PERMISSIONS and walk.state.lacks_secret
            ):
                walk.send(events.Continue())
        if walk.state.step is Step.SIGN_IN:
            self.window.wizard.sign_in.tell_restarted()

    def _restart(self) -> bool:
        """Ends this session for one without the graphics card; False where there is nothing more to try."""
        if self.setting.resumption.software_rendering or self.walk is None:
            return False
        again = self.walk.state.reconnecting
        self.restart_wished = Resumption(
            at_sign_in=True,
            software_rendering=True,
            client_secret=self._secret(),
            reconnecting=again.id if again is not None else None,
        )
        self._program_ends = True
        self.walk.send(events.Leave())
        return True

    def _secret(self) -> Secret | None:
        """The client secret that the next process would not find again by itself."""
        return None if self.setting.practise or self.walk is None else self.walk.state.client_secret

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
        scenarios = self.setting.scenarios
        try:
            server = PracticeServer(registered, port=PRACTICE_PORT, scenarios=scenarios)
            return stack.enter_context(server.in_thread())
        except OSError:  # somebody has the port, perhaps another window that practises
            return stack.enter_context(PracticeServer(registered, scenarios=scenarios).in_thread())

    def _changed(self, state: Journey) -> None:
        self.window.show_state(state)
        known = self._choices.accounts.get(state.integration.client_id)
        if known != state.account.value and (known is not None or state.account is not state.integration.accounts[0]):
            accounts = {**self._choices.accounts, state.integration.client_id: state.account.value}
            self._choices = Choices(language=self._choices.language or current().code, accounts=accounts)
            write_choices(self.setting.places.state_file, self._choices)

    async def _look(self, looking_ahead: Callable[[], LookAhead]) -> None:
        """The preflight, and again whenever the person asks for it."""
        again = asyncio.Event()
        self.window.wizard.welcome.check_again.connect(again.set)
        while True:
            look = asyncio.get_running_loop().create_task(looking_ahead().run(self._found))
            try:
                await again.wait()
            finally:  # it may still wait for an engine that starts slowly; the next look waits for it too
                look.cancel()
                await asyncio.gather(look, return_exceptions=True)
            again.clear()
            self.window.wizard.welcome.start_checking()

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


async def _within(seconds: float, name: str, answer: Awaitable[Answer]) -> Answer:
    """`answer`, or START-04 with the `name` of the step when it is not there within `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            return await answer
    except TimeoutError:
        raise stop("START-04", {"Step": name}) from None


def _import_rooms() -> None:
    """The rooms that cost time to import, on another thread, while the first page is read."""
    import assistant.connections.checking
    import assistant.connections.keeping
    import assistant.connections.removal
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
