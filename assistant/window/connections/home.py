"""Tends the connections: carries out what the person wants of the list, each as a task of its own, and shows it.

home.show(listed)                 rows at once, from the disk
home.attach(world, integration)   from now on something can be done with them
await home.wish()                 a company to connect, or None: the person wants out
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from assistant.connections.checking import Check, check, check_all
from assistant.connections.health import keep_alive_problem
from assistant.connections.keeping import keep_alive
from assistant.connections.later import CONCERNS_ALL, needs_a_person, told
from assistant.connections.removal import remove
from assistant.connections.renewing import renew
from assistant.integration import Integration
from assistant.language import _, plural
from assistant.problems import Occurrence, ProblemError, occurrence
from assistant.problems.unplanned import unplanned
from assistant.problems.words import words
from assistant.secret import Secret
from assistant.vault.connection import Connection
from assistant.vault.rows import KeepAliveRun
from assistant.vault.sealing_key import KeychainState
from assistant.window.accessibility import announce
from assistant.window.banner import Tone
from assistant.window.connections.entry import Act, Doing, Entry, entry_of
from assistant.window.connections.listed import Listed, read_listed
from assistant.window.connections.page import ConnectionsPage
from assistant.window.connections.panel import Kind, RowPanel
from assistant.window.connections.world import World

_OF_KEYCHAIN: Final = frozenset({f"STORE-{number:02}" for number in (1, 2, 3, 4, 5, 12, 13)})
_KEYCHAIN_PROBLEMS: Final = {
    KeychainState.LOCKED: "STORE-02",
    KeychainState.ABSENT: "STORE-01",
    KeychainState.UNREACHABLE: "STORE-04",
}
_KEY_REFUSED: Final = frozenset({"TOKEN-01", "TOKEN-15", "CONN-03"})
_TELL_MS: Final = 150
"""How often heading and counts follow what changes in many rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectWish:
    """A company is to be connected: that of `reconnecting` again, or another one."""

    reconnecting: Connection | None = None


class Home:
    """The list's own side: what is pressed there happens here.

    Attributes:
        attached: set once something can be done with the rows.
    """

    def __init__(
        self,
        page: ConnectionsPage,
        *,
        practice: bool,
        integration: Integration | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.page = page
        self.attached = asyncio.Event()
        self._model, self._list = page.model, page.list
        self._practice, self._integration, self._clock = practice, integration, clock
        self._world: World | None = None
        self._keep_alive: KeepAliveRun | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._many: asyncio.Task[None] | None = None
        self._wish: ConnectWish | None = None
        self._wished = asyncio.Event()
        self._left = False
        self._tell_soon = QTimer(page)
        self._tell_soon.setSingleShot(True)
        self._tell_soon.setInterval(_TELL_MS)
        self._tell_soon.timeout.connect(page.tell)
        page.list.act_wanted.connect(self._act)
        page.list.panel_closed.connect(self._panel_closed)
        page.connect_wanted.connect(self._connect)
        page.check_wanted.connect(self._check_many)
        page.stop_wanted.connect(self._stop)
        page.unlock_wanted.connect(lambda: self._begin(self._unlock()))
        page.keep_alive_wanted.connect(self._renew_many)

    # From outside.

    def show(self, listed: Listed, *, at: str | None = None) -> None:
        """The rows; the person is then on that of `at`, else where they were, else on the first that needs them."""
        self._keep_alive = listed.keep_alive
        several = len({each.integration_name for each in listed.connections}) > 1
        here = self._list.current
        at = at or (here.id if here is not None else None)
        self._model.set_entries(self._entry(each, several=several) for each in listed.connections)
        self.page.show_renewal(keep_alive_problem(listed.keep_alive))
        row = self._model.row_of(at) if at is not None else None
        if row is None:
            self._list.go_to_first()
        else:
            self._list.go_to(row)

    def attach(self, world: World, integration: Integration | None) -> None:
        """From now on something can be done with the rows; called again when the list is shown again."""
        again = self.attached.is_set()
        self._world, self._integration = world, integration
        if again and not self._left:
            self._wish = None
            self._wished.clear()
        self.attached.set()
        self._list.close_panel()
        self.page.show_message("")
        self._begin(self._look_at_keychain())
        if again or self._model.empty:
            self._begin(self.reload())

    async def reload(self, *, at: str | None = None) -> None:
        """Reads the rows anew: after a company was connected, or another process has changed something."""
        world = await self._ready()
        vault = world.upkeep.vault
        try:
            listed = await world.upkeep.off_loop(lambda: read_listed(vault, self._integration, practice=self._practice))
        except ProblemError as failure:
            self._tell_problem(failure.occurrence)
            return
        self.show(listed, at=at)

    async def wish(self) -> ConnectWish | None:
        """Waits until a company is to be connected; None when the person wants out."""
        await self._wished.wait()
        return None if self._left else self._wish

    def leave(self) -> None:
        """The person wants out."""
        self._left = True
        self._stop()
        self._wished.set()

    async def close(self) -> None:
        """Ends what is under way. A renewal or a removal that has begun runs to its end all the same."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # What the person wants.

    def _act(self, connection_id: str, act: Act) -> None:
        entry = self._model.find(connection_id)
        if entry is None or entry.doing is not None or entry.removed is not None:
            return
        match act:
            case Act.CHECK:
                self._begin_check(entry.id)
            case Act.RENEW:
                self._set_doing(entry.id, Doing.RENEWING)
                self._begin(self._renew(entry.id), of=entry.id)
            case Act.CONNECT_AGAIN | Act.APPROVE:
                self._begin(self._connect_again(entry))
            case Act.ENTER_KEY:
                self._open(Kind.KEY, entry)
            case Act.UNLOCK:
                self._begin(self._unlock(then=entry))
            case Act.EXPLAIN:
                self._open(Kind.EXPLAIN, entry)
            case Act.OPEN_START_PAGE:
                self._begin(self._open_start_page(entry))
            case Act.COPY:
                QGuiApplication.clipboard().setText(entry.details)
                self.page.show_message(_("The details are copied. There is nothing secret among them."))
            case Act.REMOVE:
                self._open(Kind.REMOVE, entry)

    def _open(self, kind: Kind, entry: Entry) -> None:
        panel = RowPanel(kind, entry)
        if kind is Kind.REMOVE:
            panel.agreed.connect(lambda _none: self._begin_removal(entry.id))
        elif kind is Kind.KEY:
            panel.agreed.connect(lambda secret: self._begin(self._set_key(entry, secret)))
        self._list.open_panel(entry.id, panel)

    def _panel_closed(self, connection_id: str) -> None:
        """What was removed has been read."""
        entry = self._model.find(connection_id)
        if entry is not None and entry.removed is not None:
            row = self._model.row_of(connection_id) or 0
            self._model.drop(connection_id)
            if self._model.rowCount():
                self._list.go_to(min(row, self._model.rowCount() - 1))

    def _connect(self) -> None:
        if self._integration is None:
            self.page.show_message(
                _(
                    "It comes from the vendor of the integration. Start this program with that file, and the set-up"
                    " begins."
                ),
                title=_("Connecting a company takes an integration file"),
            )
            return
        self._answer(ConnectWish())

    async def _connect_again(self, entry: Entry) -> None:
        await self._ready()  # in practice the addresses are known only once its server runs
        if not self._is_of_integration(entry.connection):
            self._open(Kind.NEEDS_FILE, entry)
            return
        self._answer(ConnectWish(reconnecting=entry.connection))

    def _answer(self, wish: ConnectWish) -> None:
        """The first wish counts; what is pressed once more before the walk begins must not begin another after it."""
        self._stop()
        if self._wish is None:
            self._wish = wish
            self._wished.set()

    # One connection.

    def _begin_check(self, connection_id: str) -> None:
        self._set_doing(connection_id, Doing.CHECKING)
        self._begin(self._check(connection_id), of=connection_id)

    async def _check(self, connection_id: str) -> None:
        world = await self._ready()
        try:
            found = await check(world.upkeep, connection_id)
        except ProblemError as failure:
            self._failed(connection_id, failure.occurrence)
        else:
            self._found(found)
        self._say(connection_id)

    async def _renew(self, connection_id: str) -> None:
        world = await self._ready()
        try:
            renewed = await renew(world.upkeep, connection_id)
        except ProblemError as failure:
            await self._reread(connection_id, failure.occurrence)
        else:
            self._update(self._entry(renewed.connection))
        self._say(connection_id)

    def _begin_removal(self, connection_id: str) -> None:
        self._set_doing(connection_id, Doing.REMOVING)
        self._begin(self._remove(connection_id), of=connection_id)

    async def _remove(self, connection_id: str) -> None:
        world = await self._ready()
        try:
            removed = await remove(world.upkeep, connection_id)
        except ProblemError as failure:
            if failure.code == "STORE-16":
                self._gone(connection_id)
                return
            self._change(connection_id, lambda entry: replace(entry, doing=None))
            if self._list.panel is not None and self._list.panel_of == connection_id:
                self._list.panel.show_failure(failure.occurrence)
                announce(self.page, self._list.panel.said, assertive=True)
            return
        self._change(connection_id, lambda entry: replace(entry, doing=None, trouble=None, removed=removed))
        panel = self._list.panel
        if panel is not None and self._list.panel_of == connection_id:
            panel.take_focus()
            announce(self.page, panel.said, assertive=True)
        else:  # closed meanwhile, so nobody would read it
            self._model.drop(connection_id)
            said = f"{removed.revocation.words} {removed.left_at_fortnox}"
            company = removed.connection.company_name if removed.connection else ""  # a damaged row stands in no list
            self.page.show_message(said, title=_("{company} is no longer connected here", company=company))
        self._tell_soon.start()

    async def _open_start_page(self, entry: Entry) -> None:
        world = await self._ready()
        if not await world.open_address(entry.connection.start_page):
            problem = occurrence("OPEN-01", company=entry.company, integration=entry.connection.integration_name)
            self.page.show_message(entry.connection.start_page, tone=Tone.WARNING, title=words(problem).title)

    async def _set_key(self, entry: Entry, secret: Secret) -> None:
        """The new key serves every connection of its integration; those that were refused for the old one are free."""
        world, connection = await self._ready(), entry.connection
        panel = self._list.panel
        if panel is not None:
            panel.yes.set_busy(True)
        host = connection.endpoints.authorize_host
        try:
            await world.vault.unlock()
            await world.vault.set_client_secret(host, connection.client_id, secret)
            for each in await world.vault.find(authorize_host=host, client_id=connection.client_id):
                if each.problem in _KEY_REFUSED:
                    await self._note_free(world, each.id)
        except ProblemError as failure:
            if panel is not None and panel is self._list.panel:
                panel.show_failure(failure.occurrence)
            return
        self.page.show_keychain(None)
        self._list.close_panel()
        await self.reload(at=entry.id)
        if self._model.find(entry.id) is not None:
            self._begin_check(entry.id)

    @staticmethod
    async def _note_free(world: World, connection_id: str) -> None:
        await world.upkeep.off_loop(lambda: world.upkeep.vault.note(connection_id))

    # Many of them.

    def _check_many(self) -> None:
        ids = self._model.shown_ids
        if self._many is None and ids:
            self._many = self._begin(self._checked(ids))

    async def _checked(self, ids: tuple[str, ...]) -> None:
        done, total = 0, len(ids)

        def show() -> None:
            self.page.show_progress(_("Checked {done} of {total}", done=done, total=total), done, total)

        def one(connection_id: str, found: Check | None) -> None:
            nonlocal done
            done += 1
            if found is None:
                self._gone(connection_id)
            else:
                self._found(found)
            show()

        self.page.show_message("")
        show()
        try:
            world = await self._ready()
            await check_all(world.upkeep, ids, one)
        except ProblemError as failure:
            self._tell_problem(failure.occurrence)
        except asyncio.CancelledError:
            self._say_many(_("Stopped. {done} of {total} were checked.", done=done, total=total))
            raise
        else:
            needing = self._model.needing_action
            checked = plural("{count} company was checked.", "{count} companies were checked.", total)
            action = plural("{count} needs action.", "{count} need action.", needing)
            if not needing:
                action = _("Nothing needs to be done.")
            self._say_many(f"{checked} {action}")
        finally:
            self._many_ended()

    def _renew_many(self) -> None:
        if self._many is None:
            self._many = self._begin(self._renewed())

    async def _renewed(self) -> None:
        """What keep-alive left: the password store is opened first, since the person is there to do it."""

        def show(done: int, due: int) -> None:
            self.page.show_progress(_("Renewed {done} of {total}", done=done, total=due), done, due)

        try:
            world = await self._ready()
            await world.vault.unlock()
            self.page.show_keychain(None)
            kept = await keep_alive(world.upkeep, told=show)
            await self.reload()
            if kept.stopped_by is None:
                words_of = plural("{count} was renewed.", "{count} were renewed.", kept.run.renewed)
                self._say_many(words_of)
        except ProblemError as failure:
            self._tell_problem(failure.occurrence)
        finally:
            self._many_ended()

    def _stop(self) -> None:
        if self._many is not None:
            self._many.cancel()

    def _many_ended(self) -> None:
        self._many = None
        self.page.end_progress()
        self.page.tell()

    def _say_many(self, text: str) -> None:
        self.page.show_message(text)

    # The password store.

    async def _look_at_keychain(self) -> None:
        """Whether it is open, found out without any box."""
        world = await self._ready()
        state = await world.keychain_state()
        code = _KEYCHAIN_PROBLEMS.get(state)
        self.page.show_keychain(occurrence(code, system=world.system) if code else None)

    async def _unlock(self, *, then: Entry | None = None) -> None:
        world = await self._ready()
        state = await world.keychain_state()
        problem = occurrence(_KEYCHAIN_PROBLEMS.get(state, "STORE-02"), system=world.system)
        self.page.show_keychain(problem, busy=True)
        try:
            await world.vault.unlock()
        except ProblemError as failure:
            self.page.show_keychain(failure.occurrence)
            return
        self.page.show_keychain(None)
        self._list.take_focus()
        for entry in self._troubled():
            self._update(replace(entry, trouble=None))
        if then is not None:
            self._begin_check(then.id)

    def _troubled(self) -> list[Entry]:
        """Those that could not be read while the password store was not open."""
        found = (self._model.find(each) for each in self._model.shown_ids)
        return [each for each in found if each is not None and each.trouble and each.trouble.code in _OF_KEYCHAIN]

    # Entries.

    def _entry(self, connection: Connection, *, several: bool | None = None) -> Entry:
        before = self._model.find(connection.id)
        among = several if several is not None else before.several if before is not None else False
        wanted = self._integration.scopes if self._is_of_integration(connection) and self._integration else ()
        return entry_of(connection, now=self._clock(), keep_alive=self._keep_alive, wanted_scopes=wanted, several=among)

    def _is_of_integration(self, connection: Connection) -> bool:
        """Whether the open integration file is that connection's: only with it a company can be connected again."""
        integration = self._integration
        if integration is None or integration.client_id != connection.client_id:
            return False
        same_host = connection.endpoints.authorize_host == integration.endpoints.authorize_host
        return same_host or (self._practice and self._world is None)

    def _found(self, found: Check) -> None:
        connection, problem = found.connection, found.problem
        lasting = problem is not None and needs_a_person(problem)
        if problem is not None and lasting and told(problem.code, connection) is not None:
            connection = replace(connection, problem=problem.code)  # also where it could not be written down
        entry = self._entry(connection)
        self._update(entry if problem is None or lasting else replace(entry, trouble=problem))

    async def _reread(self, connection_id: str, problem: Occurrence) -> None:
        """After a failure: what the vault now knows of it, else the trouble of the moment."""
        world = await self._ready()
        try:
            connection = await world.vault.connection(connection_id)
        except ProblemError:
            connection = None
        if connection is None or not needs_a_person(problem):
            self._failed(connection_id, problem)
            return
        self._update(self._entry(replace(connection, problem=connection.problem or problem.code)))

    def _failed(self, connection_id: str, problem: Occurrence) -> None:
        if problem.code == "STORE-16":
            self._gone(connection_id)
            return
        if problem.code in CONCERNS_ALL:
            self._tell_problem(problem)
        self._change(connection_id, lambda entry: replace(entry, doing=None, trouble=problem))

    def _gone(self, connection_id: str) -> None:
        """Somebody else has removed it meanwhile."""
        if self._list.panel_of == connection_id:
            self._list.close_panel()
        self._model.drop(connection_id)

    def _update(self, entry: Entry) -> None:
        self._model.update_entry(entry)
        if self._list.panel is not None and self._list.panel_of == entry.id:
            self._list.panel.show_entry(entry)
        if not self._tell_soon.isActive():
            self._tell_soon.start()

    def _change(self, connection_id: str, change: Callable[[Entry], Entry]) -> None:
        entry = self._model.find(connection_id)
        if entry is not None:
            self._update(change(entry))

    def _set_doing(self, connection_id: str, doing: Doing) -> None:
        """Before anything is waited for, so that a second press finds it under way."""
        self._change(connection_id, lambda entry: replace(entry, doing=doing, trouble=None))

    def _say(self, connection_id: str) -> None:
        entry = self._model.find(connection_id)
        if entry is not None:
            announce(self.page, f"{entry.company}: {entry.state}. {entry.detail}")

    def _tell_problem(self, problem: Occurrence) -> None:
        """What concerns all of them, over the list."""
        if problem.code in _OF_KEYCHAIN:
            self.page.show_keychain(problem)
            return
        said = words(problem)
        self.page.show_message(f"{said.cause} {said.remedy[0]} ({problem.code})", tone=Tone.WARNING, title=said.title)

    # Tasks.

    async def _ready(self) -> World:
        await self.attached.wait()
        assert self._world is not None
        return self._world

    def _begin(self, work: Coroutine[None, None, None], *, of: str = "") -> asyncio.Task[None]:
        """Does `work` as a task of its own; `of` is the connection it is done with."""
        task = asyncio.get_running_loop().create_task(self._guarded(work, of))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _guarded(self, work: Awaitable[None], of: str) -> None:
        """Nothing may end in a row that stands still."""
        try:
            await work
        except Exception as fault:  # noqa: BLE001 - told by type and place, never by its text
            self._tell_problem(fault.occurrence if isinstance(fault, ProblemError) else unplanned(fault))
            self._change(of, lambda entry: replace(entry, doing=None))
