"""The parts pages are made of: choosing, checking, folding, typing, waiting."""

from collections.abc import Iterator

import pytest

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from assistant.window.banner import Banner, Tone
from assistant.window.buttons import FilledButton, IconButton, LinkButton
from assistant.window.cards import Choice, ChoiceCards
from assistant.window.column import put
from assistant.window.field import TextField
from assistant.window.folded import FoldedRow
from assistant.window.rows import CheckRow, CheckState, PermissionRow
from assistant.window.spinner import Spinner
from assistant.window.summary import SummaryList
from assistant.window.text import Body, Heading, Text
from assistant.window.theme import build, look
from tests.window.preview_look import destroy

SERVICE = Choice(key="service", title="On behalf of the company", kind="Service account", tag="Recommended",
                 consequence="It goes on working.", lines=(("Needs", "an approval."),), icon="server-cog")  # fmt: skip
USER = Choice(key="user", title="In your name", consequence="It may do what you may.", icon="user-round")


@pytest.fixture
def window(qapp: QApplication) -> Iterator[QWidget]:
    look().show(build())
    made = QWidget()
    made.resize(1000, 700)
    QVBoxLayout(made)
    yield made
    destroy(made)


def _show(window: QWidget, *parts: QWidget) -> None:
    layout = window.layout()
    assert isinstance(layout, QVBoxLayout)
    for part in parts:
        put(layout, part)
    window.show()
    window.activateWindow()
    QApplication.processEvents()


def test_the_whole_card_is_the_target_and_arrows_move(window: QWidget) -> None:
    cards = ChoiceCards((SERVICE, USER), name="Whose name?")
    told: list[str] = []
    cards.chosen.connect(told.append)
    _show(window, cards)
    assert cards.key == "service"
    user = cards.cards[1]
    QTest.mouseClick(user, Qt.MouseButton.LeftButton, pos=user.rect().bottomRight() - QPoint(4, 4))
    assert cards.key == "user"
    cards.take_focus()
    QTest.keyClick(user, Qt.Key.Key_Left)
    assert cards.key == "service"
    assert cards.cards[0].hasFocus()
    cards.choose("no such answer")
    assert told == ["user", "service"]


def test_a_card_is_a_radio_button_with_name_and_consequence(window: QWidget) -> None:
    cards = ChoiceCards((SERVICE, USER))
    _show(window, cards)
    spoken = QAccessible.queryAccessibleInterface(cards.cards[0])
    assert spoken.role() is QAccessible.Role.RadioButton
    assert spoken.text(QAccessible.Text.Name) == "On behalf of the company, Service account, Recommended"
    assert "an approval." in spoken.text(QAccessible.Text.Description)


def test_cards_stack_in_narrow_windows_and_at_large_text(window: QWidget) -> None:
    cards = ChoiceCards((SERVICE, USER))
    _show(window, cards)
    first, second = cards.cards
    assert first.y() == second.y()
    window.resize(880, 700)
    QApplication.processEvents()
    assert first.y() < second.y()
    window.resize(1000, 700)
    look().show(build(text_scale=2.0))
    QApplication.processEvents()
    assert first.y() < second.y()


def test_a_heading_is_a_heading(window: QWidget) -> None:
    heading, body = Heading("Is this the right company?"), Body("Nothing is saved yet.")
    _show(window, heading, body)
    assert QAccessible.queryAccessibleInterface(heading).text(QAccessible.Text.Name) == "Is this the right company?"
    assert QAccessible.queryAccessibleInterface(heading).role() is QAccessible.Role.Heading
    heading.setText("Is this it?")
    assert QAccessible.queryAccessibleInterface(heading).text(QAccessible.Text.Name) == "Is this it?"
    assert QAccessible.queryAccessibleInterface(body).role() is QAccessible.Role.StaticText


@pytest.mark.parametrize("state", CheckState)
def test_each_state_of_a_check_has_word_and_shape(window: QWidget, state: CheckState) -> None:
    row, other = CheckRow("Internet"), CheckRow("Internet")
    _show(window, row, other)
    row.set_state(state)
    other.set_state(CheckState.OK if state is CheckState.WAITING else CheckState.WAITING)
    assert row.accessibleName() not in ("Internet: ", other.accessibleName())
    one, two = row.grab().toImage(), other.grab().toImage()
    grey = [
        [image.pixelColor(x, y).lightness() < 150 for x in range(22) for y in range(image.height())]
        for image in (one, two)
    ]
    assert grey[0] != grey[1]


def test_a_check_that_needs_attention_says_what_and_offers_a_way(window: QWidget) -> None:
    row = CheckRow("Password store")
    pressed: list[bool] = []
    row.pressed.connect(lambda: pressed.append(True))
    _show(window, row)
    row.set_state(CheckState.ATTENTION, word="Locked", sentence="You unlock it in step 4.", button="Unlock now")
    assert row.accessibleName() == "Password store: Locked"
    assert row.accessibleDescription() == "You unlock it in step 4."
    link = row.findChild(LinkButton)
    assert link is not None
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert pressed == [True]
    row.set_state(CheckState.OK)
    assert not link.isVisible()


def test_a_folded_row_opens_by_mouse_and_key_and_its_inside_leaves_the_tab_order(window: QWidget) -> None:
    row, inside = FoldedRow("I work at an accounting firm"), QLineEdit()
    row.add(inside)
    _show(window, row)
    assert not inside.isVisible()
    QTest.mouseClick(row.head, Qt.MouseButton.LeftButton)
    assert inside.isVisible()
    row.head.setFocus()
    QTest.keyClick(row.head, Qt.Key.Key_Space)
    assert not inside.isVisible()
    assert not row.open


def test_a_secret_field_shows_dots_and_gives_nothing_to_the_clipboard(window: QWidget) -> None:
    field = TextField("Activation key", secret=True, paste=True)
    _show(window, field)
    QTest.keyClicks(field.line, "hidden-canary")
    field.line.selectAll()
    QApplication.clipboard().clear()
    field.line.copy()
    assert field.text() == "hidden-canary"
    assert "canary" not in field.line.displayText()
    field.line.cut()
    assert QApplication.clipboard().text() == ""
    field.clear()
    field.line.undo()
    assert field.text() == ""


def test_an_error_stands_under_the_field_until_typing(window: QWidget) -> None:
    field = TextField("Activation key")
    _show(window, field)
    field.set_error("The key is too short.")
    assert field.line.accessibleDescription() == "The key is too short."
    QTest.keyClicks(field.line, "a")
    assert field.error == ""
    assert field.line.accessibleDescription() == ""


def test_paste_replaces_what_was_there(window: QWidget) -> None:
    field = TextField("Activation key", secret=True, paste=True)
    _show(window, field)
    field.line.setText("old")
    QApplication.clipboard().setText("  new-key  ")
    paste = next(part for part in field.findChildren(QWidget) if part.property("text") == "Paste")
    QTest.mouseClick(paste, Qt.MouseButton.LeftButton)
    assert field.text() == "new-key"
    QApplication.clipboard().clear()


def test_a_narrow_button_does_not_squeeze_the_banner(window: QWidget) -> None:
    banner = Banner("A company can have only one service account for an integration.", tone=Tone.INFO, button="Show")
    _show(window, banner)
    text = next(part for part in banner.findChildren(Text) if part.text().startswith("A company"))
    assert text.width() > 700


def test_markup_is_shown_as_characters(window: QWidget) -> None:
    text = Body("<b>x</b>")
    _show(window, text)
    assert text.textFormat() is Qt.TextFormat.PlainText
    assert text.sizeHint().width() > Body("x").sizeHint().width() * 3


def test_a_word_longer_than_the_column_breaks(window: QWidget) -> None:
    text = Body("K" * 200)
    _show(window, text)
    assert text.minimumSizeHint().width() <= text.sizeHint().width()
    assert text.heightForWidth(300) > text.heightForWidth(10_000)


def test_the_spinner_honours_reduced_motion_and_rests_when_hidden(window: QWidget) -> None:
    spinner = Spinner()
    _show(window, spinner)
    assert spinner.moving
    look().show(build(reduced_motion=True))
    assert not spinner.moving
    look().show(build())
    assert spinner.moving
    window.hide()
    assert not spinner.moving


def test_summary_leaves_empty_rows_out(window: QWidget) -> None:
    summary = SummaryList((("Account type", "Service account"), ("Approved by", "")))
    _show(window, summary)
    shown = [part.text() for part in summary.findChildren(Text) if part.isVisible()]
    assert shown == ["Account type", "Service account"]
    summary.set_rows((("A", "1"), ("B", "2"), ("C", "3")))
    assert len([part for part in summary.findChildren(Text) if part.isVisible()]) == 6


def test_permission_rows_look_nothing_like_boxes_to_tick(window: QWidget) -> None:
    row = PermissionRow("Article", description="Goods and services.", why="To show stock.", licence="Order")
    _show(window, row)
    assert row.accessibleName() == "Article"
    assert row.accessibleDescription() == "Goods and services. To show stock. Order"
    assert row.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_an_icon_button_has_a_name(window: QWidget) -> None:
    button = IconButton("refresh-cw", "Reload")
    _show(window, button)
    assert QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name) == "Reload"
    assert min(button.width(), button.height()) >= 24


def test_labels_are_never_cut(window: QWidget) -> None:
    button = FilledButton("Yhdistä Lagerkoll Fortnoxiin ja jatka seuraavaan vaiheeseen")
    _show(window, button)
    assert button.width() >= button.fontMetrics().horizontalAdvance(button.text())
