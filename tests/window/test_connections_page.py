"""The list on the screen: focus, keys, panels, what a screen reader is told, and that nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from assistant import language
from assistant.connections.removal import Removed, Revocation
from assistant.language import languages
from assistant.problems import occurrence
from assistant.window.connections.entry import Act, entry_of
from assistant.window.connections.page import SEARCH_FROM, ConnectionsPage
from assistant.window.connections.panel import Kind, RowPanel
from assistant.window.main_window import MainWindow
from tests.window.connections_shown import NOW, entries, listed, many, settle
from tests.window.test_look import SIZES, _cut

Shown = tuple[MainWindow, ConnectionsPage]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    language.use("en")
    yield
    language.use("en")


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[Shown]:
    with listed(entries()) as found:
        yield found


def wanted(page: ConnectionsPage) -> list[tuple[str, Act]]:
    """What the person asks for from now on."""
    told: list[tuple[str, Act]] = []
    page.list.act_wanted.connect(lambda of, act: told.append((of, act)))
    return told


def key(window: MainWindow, code: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key as the window system delivers it."""
    handle = window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, code, modifier)
    settle()


def current(page: ConnectionsPage) -> str:
    entry = page.list.current
    assert entry is not None
    return entry.id


def test_it_opens_on_the_first_that_needs_somebody(shown: Shown) -> None:
    _window, page = shown
    assert page.list.view.hasFocus()
    row = page.model.first_needing_action()
    assert row is not None
    assert row > 0
    assert page.list.current == page.model.entry(row)


def test_arrows_move_and_enter_does_the_most_useful(shown: Shown) -> None:
    window, page = shown
    told = wanted(page)
    before = page.list.view.here.row()
    key(window, Qt.Key.Key_Return)
    key(window, Qt.Key.Key_Down)
    key(window, Qt.Key.Key_Delete)
    assert page.list.view.here.row() == before + 1
    here, there = page.model.entry(before), page.model.entry(before + 1)
    assert told[0] == (here.id, here.main)
    assert told[1:] == ([(there.id, Act.REMOVE)] if Act.REMOVE in there.acts else [])


def test_keys_of_the_page(shown: Shown) -> None:
    window, page = shown
    asked: list[str] = []
    page.check_wanted.connect(lambda: asked.append("check"))
    key(window, Qt.Key.Key_F5)
    key(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.search.hasFocus()
    QTest.keyClicks(page.search, "rkdalens")
    assert page.model.rowCount() == 1
    key(window, Qt.Key.Key_Escape)
    assert page.search.text() == ""
    key(window, Qt.Key.Key_Down)
    assert page.list.view.hasFocus()
    assert asked == ["check"]


@pytest.mark.parametrize(
    ("code", "modifier"),
    [(Qt.Key.Key_Menu, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)],
)
def test_the_menu_opens_by_keyboard_and_offers_all(shown: Shown, code: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    window, page = shown
    told = wanted(page)
    key(window, code, modifier)
    assert page.list.menu.isVisible()
    entry = page.list.current
    assert entry is not None
    lines = [line for line in page.list.menu.actions() if not line.isSeparator()]
    assert [line.data() for line in lines] == list(entry.acts)
    QTest.keyClick(page.list.menu, Qt.Key.Key_Up)
    QTest.keyClick(page.list.menu, Qt.Key.Key_Return)
    assert told == [(entry.id, Act.REMOVE)]
    settle()


def test_the_mouse_presses_a_drawn_button_of_another_row(shown: Shown) -> None:
    _window, page = shown
    told = wanted(page)
    view = page.list.view
    row = next(
        row for row in range(page.model.rowCount()) if row != view.here.row() and page.model.entry(row).main is not None
    )
    box = view.visualRect(page.model.index(row))
    place = view.rows.places(box.width()).act.center() + box.topLeft()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told == [(page.model.entry(row).id, page.model.entry(row).main)]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=box.topLeft() + QPoint(20, 20))
    assert len(told) == 1, "a press beside the buttons only goes to the row"


def test_the_real_buttons_lie_over_the_current_row_wherever_it_is(qapp: QApplication) -> None:
    with listed([entry_of(each, now=NOW) for each in many(60)]) as (_window, page):
        for row in (3, 30, 59):
            page.list.go_to(row)
            settle()
            entry = page.list.current
            assert entry is not None
            box = page.list.view.visualRect(page.list.view.here)
            at = page.list.view.viewport().mapFromGlobal(page.list.act.mapToGlobal(QPoint(1, 1)))
            assert page.list.act.isVisible()
            assert box.contains(at)
            assert page.list.act.accessibleName().endswith(entry.company)
            assert page.list.more.accessibleName() == f"More for {entry.company}"
        page.list.more.setFocus()
        page.list.view.verticalScrollBar().setValue(0)
        settle()
        assert not page.list.act.isVisible()
        assert page.list.view.hasFocus(), "the keyboard must not fall out of the list"


def test_every_row_and_button_has_name_and_role(shown: Shown) -> None:
    _window, page = shown
    spoken = QAccessible.queryAccessibleInterface(page.list.view)
    assert spoken.role() is QAccessible.Role.List
    assert spoken.text(QAccessible.Text.Name) == "Connections"
    assert spoken.childCount() == page.model.rowCount()
    for row in range(page.model.rowCount()):
        child = spoken.child(row)
        assert child.role() is QAccessible.Role.ListItem
        assert child.text(QAccessible.Text.Name) == page.model.entry(row).spoken
    for button in (page.list.act, page.list.more):
        told = QAccessible.queryAccessibleInterface(button)
        assert told.role() is QAccessible.Role.Button
        assert told.text(QAccessible.Text.Name)


def test_a_row_has_the_focus_only_while_the_list_has(shown: Shown) -> None:
    _window, page = shown
    spoken = QAccessible.queryAccessibleInterface(page.list.view)
    row = page.list.view.here.row()
    assert spoken.child(row).state().focused
    page.search.setFocus()
    assert not spoken.child(row).state().focused
    assert spoken.child(row).state().selected
    page.list.take_focus()
    assert spoken.child(row).state().focused
    assert page.list.view.here.row() == row


def test_removing_asks_first_and_nothing_is_lost_by_habit(shown: Shown) -> None:
    window, page = shown
    entry = page.list.current
    assert entry is not None
    agreed: list[object] = []
    panel = RowPanel(Kind.REMOVE, entry)
    panel.agreed.connect(agreed.append)
    page.list.open_panel(entry.id, panel)
    settle()
    assert entry.company in panel.said
    assert "Hantera integrationer" in panel.said
    assert panel.keep.hasFocus()
    key(window, Qt.Key.Key_Escape)
    assert page.list.panel is None
    assert page.list.view.hasFocus()
    assert agreed == []


def test_what_became_of_the_removal_is_said_in_the_row(shown: Shown) -> None:
    _window, page = shown
    entry = page.list.current
    assert entry is not None
    page.list.open_panel(entry.id, RowPanel(Kind.REMOVE, entry))
    for revocation in Revocation:
        done = Removed(connection=entry.connection, revocation=revocation, problem=occurrence("NET-02", host="h"))
        page.model.update_entry(replace(entry, removed=done))
        assert page.list.panel is not None
        page.list.panel.show_entry(replace(entry, removed=done))
        settle()
        assert revocation.words in page.list.panel.said
        assert done.left_at_fortnox in page.list.panel.said
        assert page.list.panel.yes.isHidden()


def test_a_panel_goes_where_its_row_goes(qapp: QApplication) -> None:
    with listed([entry_of(each, now=NOW) for each in many(40)]) as (_window, page):
        page.list.go_to(20)
        entry = page.list.current
        assert entry is not None
        page.list.open_panel(entry.id, RowPanel(Kind.REMOVE, entry))
        settle()
        panel = page.list.panel
        assert panel is not None
        before = panel.y()
        bar = page.list.view.verticalScrollBar()
        bar.setValue(bar.value() + 40)
        settle()
        assert panel.y() == before - 40
        page.search.setText("no such company")
        settle()
        assert page.list.panel is None


def test_search_and_filter_stand_there_only_where_there_is_much_to_search(qapp: QApplication) -> None:
    for count in (SEARCH_FROM - 1, SEARCH_FROM):
        with listed([entry_of(each, now=NOW) for each in many(count)]) as (_window, page):
            assert page.search.isVisible() is (count >= SEARCH_FROM)
            assert page.only_action.isVisible() is (count >= SEARCH_FROM)


def test_the_filter_leaves_what_needs_somebody(shown: Shown) -> None:
    _window, page = shown
    QTest.keyClick(page.only_action, Qt.Key.Key_Space)
    settle()
    assert page.only_action.text() == f"Needs action ({page.model.needing_action})"
    assert page.model.rowCount() == page.model.needing_action > 0
    page.search.setText("nothing like it")
    settle()
    assert page._nothing.isVisible()
    assert not page.list.isVisible()


def test_empty_says_what_will_stand_here(qapp: QApplication) -> None:
    with listed([]) as (window, page):
        assert page.heading.text() == "No company is connected yet"
        assert window.frame.footer.filled.text() == "Connect a company"
        assert window.frame.footer.second.isHidden()
        assert window.frame.footer.filled.hasFocus()


def test_one_lock_is_told_once_and_a_refusal_beside_it(shown: Shown) -> None:
    _window, page = shown
    page.show_keychain(occurrence("STORE-02", system="Linux"))
    assert page.keychain.isVisible()
    page.show_renewal(occurrence("STORE-02", system="Linux"))
    assert (page.keychain.isVisible(), page.renewal.isVisible()) == (False, True)
    page.show_keychain(occurrence("STORE-03", system="Linux"))
    assert (page.keychain.isVisible(), page.renewal.isVisible()) == (True, True)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(("scale", "size"), [*SIZES, (1.5, (3840, 2160))])
@pytest.mark.parametrize("code", languages())
def test_nothing_is_cut(qapp: QApplication, kind: Kind, scale: float, size: tuple[int, int], code: str) -> None:
    language.use(code)
    with listed(entries(), size=size, scale=scale) as (window, page):
        assert (window.width(), window.height()) == size
        entry = next(each for each in entries() if each.health.problem is not None)
        here = next(page.model.entry(row) for row in range(page.model.rowCount())
                    if page.model.entry(row).company == entry.company)  # fmt: skip
        page.list.open_panel(here.id, RowPanel(kind, here))
        page.show_progress("999 / 1000", 999, 1000)
        settle()
        assert _cut(window) == []
        panel = page.list.panel
        assert panel is not None
        for part in panel.findChildren(QWidget):
            if part.isVisibleTo(panel):
                bottom = part.mapTo(panel, QPoint(0, part.height())).y()
                assert bottom <= panel.height(), f"{part} leaves its panel"


def test_the_language_changes_in_every_row(shown: Shown) -> None:
    _window, page = shown
    here = current(page)
    language.use("sv")
    page.retranslate()
    settle()
    entry = page.model.find(here)
    assert entry is not None
    assert page.heading.text() != "12 companies are connected"
    assert "Needs" not in entry.spoken
