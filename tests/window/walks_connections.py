"""Scenarios of the list of connections: what is pressed there, and the walks that begin and end there."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from assistant.fortnox.account import AccountKind
from assistant.integration import Integration
from assistant.journey import Step
from assistant.problems import Way
from assistant.secret import Secret
from assistant.vault.connection import Connection
from assistant.vault.rows import KeepAliveRun
from assistant.window.connections.entry import Act, Entry
from assistant.window.connections.home import Home
from assistant.window.connections.page import ConnectionsPage
from assistant.window.hands import click, press
from assistant.window.restart import Resumption
from assistant.window.session import PRACTICE_SECRET
from tests.vault.at_practice import SCOPES, connected
from tests.window.walk import Stage, scenario
from tests.window.walker import Walker
from tests.window.walks_vault import LockedKeychain

SERVICE, USER = AccountKind.SERVICE, AccountKind.USER
FIRST, COPY, CAFE = 1_100_017, 1_100_025, 1_100_033


async def type_text(widget: QWidget, text: str) -> None:
    """Types `text` into `widget`."""
    QTest.keyClicks(widget, text)
    await asyncio.sleep(0.02)


def home(walker: Walker) -> Home:
    return walker.session.home


def page(walker: Walker) -> ConnectionsPage:
    return home(walker).page


def entry(walker: Walker, connection_id: str) -> Entry | None:
    return page(walker).model.find(connection_id)


def told(walker: Walker, connection_id: str) -> dict[str, Any]:
    """How that row stands, as a person reads it."""
    shown = entry(walker, connection_id)
    if shown is None:
        return {}
    return {"state": shown.health.state.value, "words": shown.state, "detail": shown.detail, "spoken": shown.spoken}


async def seed(
    walker: Walker, account: AccountKind, tenant_id: int, name: str, *, known: bool = True, **changes: Any
) -> Connection:
    """A company connected in this vault; `known` whether practice knows of it too."""
    server = walker.server
    made = connected(
        server,
        walker.session.setting.places.vault_file,
        account,
        tenant_id=tenant_id,
        vault=walker.vault,
        company_name=name,
        **changes,
    )
    walker.vault.set_client_secret(made.endpoints.authorize_host, made.client_id, PRACTICE_SECRET)
    if not known:
        server.run.ledger.withdraw(client_id=made.client_id, tenant_id=tenant_id)
    return made


async def rows(walker: Walker) -> None:
    """The list as it is on the disk now, with the keyboard in it."""
    await home(walker).reload()
    page(walker).list.take_focus()
    await walker.until(page(walker).list.view.hasFocus, "the keyboard in the list")


def soon(days: int) -> datetime:
    """A moment so many days from now."""
    return datetime.now(UTC) + timedelta(days=days)


def only_seeded(integration: Integration) -> Integration:
    """With the permissions that seeded connections have, so that none is missing."""
    return replace(integration, scopes=SCOPES)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the keyboard"
    return widget


def keys(key: Qt.Key, times: int = 1) -> Any:
    return press(focused(), key, times)


async def idle(walker: Walker) -> None:
    """Waits until nothing is being done with any row."""
    model = page(walker).model

    def still() -> bool:
        found = [model.find(each) for each in model.shown_ids]
        return not page(walker).progress.isVisible() and all(each is None or each.doing is None for each in found)

    await walker.until(still, "nothing being done")


@scenario
async def tended_by_keyboard(stage: Stage) -> None:
    """Check, renew, remove, search and check all, without a mouse."""
    stage.change = only_seeded
    async with stage.window(at_home=True) as walker:
        shown = page(walker)
        stage.marks["empty"] = shown.heading.text()
        good = await seed(walker, SERVICE, FIRST, "Björkdalens Trävaror AB")
        ends = await seed(walker, USER, COPY, "Kafé Måsen i Strandviken AB", valid_until=soon(9))
        gone = await seed(walker, SERVICE, CAFE, "Avlägset AB", known=False)
        await rows(walker)
        first = shown.list.current
        stage.marks["focus on"] = first.company if first else None
        stage.marks["heading"] = [shown.heading.text(), shown.lead.text()]

        await keys(Qt.Key.Key_Return)  # the main act of the one that ends soon
        await idle(walker)
        stage.marks["renewed"] = told(walker, ends.id)
        await keys(Qt.Key.Key_F5)
        await idle(walker)
        stage.marks["checked"] = {name: told(walker, each.id) for name, each in
                                  (("good", good), ("ends", ends), ("gone", gone))}  # fmt: skip
        stage.marks["said"] = shown.message.accessibleName()
        stage.marks["lead after"] = shown.lead.text()

        await keys(Qt.Key.Key_Home)
        await keys(Qt.Key.Key_F10)  # nothing: only with Shift
        current = shown.list.current
        assert current is not None
        stage.marks["at"] = current.company
        await press_menu(walker)
        stage.marks["menu"] = [line.text() for line in shown.list.menu.actions() if line.text()]
        await press(shown.list.menu, Qt.Key.Key_Escape)
        await walker.until(lambda: not shown.list.menu.isVisible(), "the menu closed")

        row = shown.model.row_of(ends.id)
        assert row is not None
        shown.list.go_to(row)
        shown.list.take_focus()
        await keys(Qt.Key.Key_Delete)
        panel = shown.list.panel
        assert panel is not None
        stage.marks["asked"] = panel.said
        stage.marks["safe by habit"] = focused() is panel.keep
        await keys(Qt.Key.Key_Escape)
        stage.marks["kept"] = [each.id for each in walker.vault.connections()] == [good.id, ends.id, gone.id]
        await keys(Qt.Key.Key_Delete)
        panel = shown.list.panel
        assert panel is not None
        panel.yes.setFocus()
        await keys(Qt.Key.Key_Return)
        await walker.until(lambda: (each := entry(walker, ends.id)) is not None and each.removed, "removed")
        stage.marks["removed"] = panel.said
        await keys(Qt.Key.Key_Return)
        await walker.until(lambda: entry(walker, ends.id) is None, "the row gone")
        stage.marks["left"] = [each.id for each in walker.vault.connections()] == [good.id, gone.id]
        stage.marks["revoked"] = [entry.outcome for entry in walker.log if entry.path == "/oauth-v1/revoke"]
        stage.marks["focus in list"] = shown.list.view.hasFocus()


async def press_menu(walker: Walker) -> None:
    await keys(Qt.Key.Key_Menu)
    await walker.until(page(walker).list.menu.isVisible, "the menu")


@scenario
async def checked_all_and_stopped(stage: Stage) -> None:
    """A check of all is stopped on the way: what was checked by then stays checked."""
    stage.change = only_seeded
    async with stage.window(at_home=True) as walker:
        shown = page(walker)
        for number in range(20):
            await seed(walker, USER, FIRST, f"Bolag nr{number:02} AB", person_id=str(number), last_checked=None)
        await rows(walker)
        stage.marks["tools"] = not shown.search.isHidden() and shown.search.isVisible()
        walker.server.switches = replace(walker.server.switches, latency=0.25)
        await walker.other()
        await walker.until(lambda: shown.progress.bar.value() >= 3, "some checked")
        stage.marks["progress"] = shown.progress.text()
        stage.marks["spoken bar"] = shown.progress.bar.accessibleName()
        await click(shown.progress.stop)
        await idle(walker)
        stage.marks["said"] = shown.message.accessibleName()
        before = sum(each.last_checked is not None for each in walker.vault.connections())
        await asyncio.sleep(0.6)
        after = sum(each.last_checked is not None for each in walker.vault.connections())
        stage.marks["checked"] = [before, after]
        walker.server.switches = replace(walker.server.switches, latency=0.0)

        QTest.keyClick(focused(), Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        await walker.until(shown.search.hasFocus, "the search")
        await type_text(shown.search, "bolag nr1")
        stage.marks["found"] = shown.model.rowCount()
        await type_text(shown.search, "7")
        stage.marks["found one"] = [shown.model.entry(row).company for row in range(shown.model.rowCount())]
        await keys(Qt.Key.Key_Down)
        stage.marks["down goes to the list"] = shown.list.view.hasFocus()
        await keys(Qt.Key.Key_F5)
        await idle(walker)
        stage.marks["checked what is shown"] = shown.message.accessibleName()
        shown.search.setFocus()
        await keys(Qt.Key.Key_Escape)
        stage.marks["esc empties"] = [shown.search.text(), shown.model.rowCount()]


@scenario
async def locked_at_the_list(stage: Stage) -> None:
    """The list can be read while the password store is locked; it is opened when the person wants it, never before."""
    stage.change = only_seeded
    stage.keychain = keychain = LockedKeychain(locked=False)
    async with stage.window(at_home=True) as walker:
        shown = page(walker)
        ends = await seed(walker, USER, COPY, "Kafé Måsen i Strandviken AB", valid_until=soon(9))
        run = KeepAliveRun(begun_at=soon(-1), ended_at=soon(-1), due=1, problem="STORE-02")
        walker.vault.note_keep_alive(run)
        keychain.locked = True
        home(walker)._world.upkeep.vault._key._hold(None)  # type: ignore[union-attr]
        home(walker).attach(home(walker)._world, home(walker)._integration)  # type: ignore[arg-type]
        await walker.until(shown.renewal.isVisible, "the banner")
        stage.marks["rows"] = [shown.model.entry(row).company for row in range(shown.model.rowCount())]
        stage.marks["renewal"] = shown.renewal.accessibleName()
        shown.list.take_focus()
        shown.list.act_wanted.emit(ends.id, Act.CHECK)
        await idle(walker)
        stage.marks["not read"] = told(walker, ends.id)
        stage.marks["boxes before"] = keychain.boxes
        await click(shown.renewal.button)
        await idle(walker)
        await walker.until(shown.keychain.isVisible, "the refusal")
        stage.marks["dismissed"] = shown.keychain.accessibleName()
        keychain.dismissed = False
        await click(shown.renewal.button)
        await walker.until(lambda: not shown.renewal.isVisible() and not shown.progress.isVisible(), "renewed")
        stage.marks["boxes"] = keychain.boxes
        stage.marks["after"] = told(walker, ends.id)
        stage.marks["banners"] = [shown.keychain.isVisible(), shown.renewal.isVisible()]
        stage.marks["renewals"] = sum(each.grant == "refresh_token" for each in walker.log)


@scenario
async def new_key(stage: Stage) -> None:
    """The activation key was replaced: the new one is entered once, and the company works again."""
    stage.change = only_seeded
    async with stage.window(at_home=True) as walker:
        shown = page(walker)
        made = await seed(walker, SERVICE, FIRST, "Björkdalens Trävaror AB")
        walker.vault.set_client_secret(made.endpoints.authorize_host, made.client_id, Secret("an older key"))
        await rows(walker)
        await keys(Qt.Key.Key_Return)
        await idle(walker)
        stage.marks["refused"] = told(walker, made.id)
        await keys(Qt.Key.Key_Return)
        panel = shown.list.panel
        assert panel is not None
        stage.marks["asked"] = panel.said
        stage.marks["in the field"] = focused() is panel.field.line
        await keys(Qt.Key.Key_Return)
        stage.marks["missing"] = panel.field.error
        await type_text(panel.field.line, PRACTICE_SECRET.reveal())
        await keys(Qt.Key.Key_Return)
        await walker.until(lambda: shown.list.panel is None, "the panel closed")
        await walker.until(lambda: told(walker, made.id).get("state") == "works", "that it works")
        stage.marks["works"] = told(walker, made.id)


@scenario
async def connected_again(stage: Stage) -> None:
    """Fortnox has lost the approval, and the integration has gained permissions: again, by way of a wrong company."""
    async with stage.window(at_home=True) as walker:
        shown = page(walker)
        old = await seed(walker, USER, FIRST, "Björkdalens Trävaror AB", person_id="4001")
        other = await seed(walker, SERVICE, CAFE, "Kafé Måsen i Strandviken AB")
        await rows(walker)
        stage.marks["before"] = told(walker, old.id)
        shown.list.go_to(shown.model.row_of(old.id) or 0)
        await keys(Qt.Key.Key_Return)
        await walker.at(Step.PERMISSIONS)
        permissions = walker.window.wizard.permissions
        stage.marks["said before"] = permissions._again.accessibleName()
        stage.marks["new"] = [name for name, row in permissions._rows.items() if not row._new.isHidden()]
        await walker.back()
        await walker.until(lambda: walker.window.at_home, "the list again")
        await walker.until(shown.list.view.hasFocus, "the keyboard in the list")
        here = shown.list.current
        stage.marks["back on"] = here.id == old.id if here else None
        await keys(Qt.Key.Key_Return)
        await walker.at(Step.PERMISSIONS)
        await walker.main()
        await walker.sign_in(company=COPY)
        await walker.at(Step.PROBLEM)
        await walker.until(lambda: any(each.path == "/oauth-v1/revoke" for each in walker.log), "handed back")
        walker.mark("wrong", title=walker.window.wizard.problem.heading.text())
        await walker.way(Way.SIGN_IN_AGAIN)
        await walker.sign_in(company=FIRST)
        await walker.at(Step.CONFIRM)
        stage.marks["confirm"] = walker.window.wizard.confirm._replaces.accessibleName()
        await walker.main()
        await walker.at(Step.DONE)
        walker.mark("done", old=old.id, other=other.id)
        await walker.cancel()
        await walker.until(lambda: walker.window.at_home, "the list after it")
        await walker.until(shown.list.view.hasFocus, "the keyboard in the list again")
        await walker.until(lambda: told(walker, old.id).get("state") == "works", "the row as it is now")
        here = shown.list.current
        stage.marks["on"] = here.id == old.id if here else None
        stage.marks["after"] = told(walker, old.id)
        stage.marks["window open"] = walker.window.window().isVisible()


@scenario
async def another_company(stage: Stage) -> None:
    """From the first page to Done, from there to the list, and once more from the list; left in the middle."""
    async with stage.window() as walker:
        await walker.to(Step.SIGN_IN)
        await walker.sign_in(company=FIRST)
        await walker.at(Step.CONFIRM)
        await walker.main()
        await walker.at(Step.DONE)
        await click(walker.window.wizard.done_page.connections_link)
        await walker.until(lambda: walker.window.at_home, "the list")
        shown = page(walker)
        await walker.until(lambda: shown.model.rowCount() == 1, "the row")
        stage.marks["one"] = [shown.heading.text(), shown.model.entry(0).company]
        await walker.main()
        await walker.at(Step.WELCOME)
        await walker.back()
        await walker.until(lambda: walker.window.at_home, "the list by Back")
        await walker.main()
        await walker.to(Step.SIGN_IN)
        await walker.sign_in(company=COPY)
        await walker.at(Step.CONFIRM)
        await walker.cancel()
        await walker.until(lambda: walker.window.at_home, "the list by Cancel")
        await walker.until(lambda: any(each.path == "/oauth-v1/revoke" for each in walker.log), "handed back")
        walker.mark("left", window=walker.window.window().isVisible())


@scenario
async def start_page_and_details(stage: Stage) -> None:
    """What the menu has beside: the start page, and what support asks for."""
    stage.change = only_seeded
    async with stage.window(at_home=True) as walker:
        shown = page(walker)
        made = await seed(walker, SERVICE, FIRST, "Björkdalens Trävaror AB")
        await rows(walker)
        shown.list.act_wanted.emit(made.id, Act.OPEN_START_PAGE)
        await walker.until(lambda: stage.opened, "the start page")
        stage.marks["opened"] = list(stage.opened)
        stage.opener_takes = False
        shown.list.act_wanted.emit(made.id, Act.OPEN_START_PAGE)
        await walker.until(shown.message.isVisible, "that nothing took it")
        stage.marks["not opened"] = shown.message.accessibleName()
        shown.list.act_wanted.emit(made.id, Act.COPY)
        stage.marks["copied"] = QGuiApplication.clipboard().text()
        walker.vault.remove(made.id)
        shown.list.act_wanted.emit(made.id, Act.CHECK)
        await walker.until(lambda: shown.model.empty, "the row gone that somebody else removed")
        stage.marks["gone"] = shown.heading.text()


@scenario
async def resumed_again(stage: Stage) -> None:
    """The program starts itself anew in the midst of connecting again: it still is that connection."""
    async with stage.window(at_home=True) as walker:
        old = await seed(walker, USER, FIRST, "Björkdalens Trävaror AB", person_id="4001")
    stage.resumption = Resumption(at_sign_in=True, software_rendering=True, reconnecting=old.id)
    async with stage.window() as walker:
        await walker.at(Step.SIGN_IN)
        await walker.sign_in(company=COPY)
        await walker.at(Step.PROBLEM)
        walker.mark("wrong", vault=False, again=walker.state.reconnecting is not None)
        await walker.cancel()
        await walker.until(lambda: walker.window.at_home, "the list")
        await walker.until(lambda: page(walker).model.rowCount() == 1, "its row")
        stage.marks["listed"] = page(walker).model.entry(0).id == old.id
