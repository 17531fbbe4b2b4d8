"""The frame: what it asks for, what it shows, and how it is used without a mouse."""

from collections.abc import Iterator

import pytest

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from assistant import language
from assistant.window.banner import Banner, Strip
from assistant.window.buttons import OutlinedButton
from assistant.window.field import TextField
from assistant.window.footer import Action, ButtonRow
from assistant.window.frame import Frame
from assistant.window.page import Page
from assistant.window.rail import StepState
from assistant.window.text import Heading
from assistant.window.theme import build, look
from assistant.window.tokens import (
    FOOTER_COMPACT,
    FOOTER_HEIGHT,
    HEADER_COMPACT,
    HEADER_HEIGHT,
    RAIL_FOLDED,
    RAIL_WIDTH,
)
from tests.window.preview_look import destroy

ROW = ButtonRow(cancel=Action("Cancel"), back=Action("Back"), filled=Action("Continue"))


@pytest.fixture
def frame(qapp: QApplication) -> Iterator[Frame]:
    look().show(build())
    made = Frame()
    page = Page()
    page.add(Heading("A question"))
    page.add(QLineEdit())
    page.add(OutlinedButton("Copy"))
    made.set_content(page)
    made.set_step(3)
    made.set_buttons(ROW)
    made.show()
    made.activateWindow()
    qapp.processEvents()
    yield made
    destroy(made)


def _asked(frame: Frame) -> list[str]:
    told: list[str] = []
    for name in ("cancel", "back", "second", "next", "help"):
        getattr(frame, f"{name}_requested").connect(lambda name=name: told.append(name))
    return told


def _press(frame: Frame, key: Qt.Key) -> None:
    """A key as the window system delivers it."""
    QTest.keyClick(frame.windowHandle(), key)


def test_buttons_ask(frame: Frame) -> None:
    told = _asked(frame)
    for button in (frame.footer.cancel, frame.footer.back, frame.footer.filled, frame.header.help_button):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told == ["cancel", "back", "next", "help"]


def test_keys_ask(frame: Frame) -> None:
    told = _asked(frame)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_F1):
        _press(frame, key)
    assert told == ["next", "cancel", "help"]


def test_enter_does_nothing_where_habit_could_harm(frame: Frame) -> None:
    told = _asked(frame)
    frame.set_buttons(ROW, enter_presses=False)
    _press(frame, Qt.Key.Key_Return)
    assert told == []
    frame.footer.filled.setFocus(Qt.FocusReason.TabFocusReason)
    _press(frame, Qt.Key.Key_Return)
    assert told == ["next"]


def test_a_busy_button_stays_in_place_and_takes_no_press(frame: Frame) -> None:
    told = _asked(frame)
    frame.footer.filled.setFocus(Qt.FocusReason.TabFocusReason)
    frame.set_buttons(ButtonRow(cancel=Action("Cancel"), filled=Action("Saving", busy=True)))
    QTest.mouseClick(frame.footer.filled, Qt.MouseButton.LeftButton)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Enter):
        _press(frame, key)
    frame.press_enter()
    assert told == []
    assert frame.footer.filled.hasFocus()


def test_tab_goes_through_content_then_the_way_on_then_out(frame: Frame) -> None:
    line = frame.findChild(QLineEdit)
    assert line is not None
    line.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget | None] = []
    for _ in range(6):
        seen.append(QApplication.focusWidget())
        _press(frame, Qt.Key.Key_Tab)
    copy = frame.findChild(OutlinedButton, options=Qt.FindChildOption.FindChildrenRecursively)
    footer = frame.footer
    assert isinstance(seen[1], OutlinedButton)
    assert copy is not None
    assert seen[2:] == [footer.back, footer.filled, footer.cancel, frame.header.help_button]
    assert QApplication.focusWidget() is line


def test_the_ring_is_for_the_keyboard(frame: Frame) -> None:
    line = frame.findChild(QLineEdit)
    assert line is not None
    line.setFocus(Qt.FocusReason.TabFocusReason)
    assert frame.focus_ring.target is None
    _press(frame, Qt.Key.Key_Tab)
    ringed = frame.focus_ring.target
    assert ringed is QApplication.focusWidget()
    assert frame.focus_ring.geometry().contains(ringed.mapTo(frame, ringed.rect().center()))
    QTest.mouseClick(frame.windowHandle(), Qt.MouseButton.LeftButton, pos=line.mapTo(frame, line.rect().center()))
    assert frame.focus_ring.target is None


def test_the_ring_is_two_pixels_of_text_colour_two_away(frame: Frame) -> None:
    _press(frame, Qt.Key.Key_Tab)
    frame.footer.filled.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    image = frame.grab().toImage()
    edge = frame.footer.filled.mapTo(frame, QPoint(0, frame.footer.filled.height() // 2))
    row = [image.pixelColor(edge.x() + dx, edge.y()).name().upper() for dx in range(-5, 1)]
    c = look().theme.colours
    assert row == [c.surface, c.text, c.text, c.surface, c.surface, c.accent]


def test_the_ring_follows_what_it_is_on(frame: Frame) -> None:
    _press(frame, Qt.Key.Key_Tab)
    frame.footer.filled.setFocus(Qt.FocusReason.TabFocusReason)
    before = frame.focus_ring.geometry()
    frame.resize(1060, 640)
    QApplication.processEvents()
    assert frame.focus_ring.geometry() != before
    centre = frame.footer.filled.mapTo(frame, frame.footer.filled.rect().center())
    assert frame.focus_ring.geometry().contains(centre)
    frame.footer.filled.hide()
    assert frame.focus_ring.target is not frame.footer.filled


def test_the_rail_tells_each_step_in_shape_and_words(frame: Frame) -> None:
    states = [step.state for step in frame.rail.steps]
    assert states == [StepState.DONE] * 2 + [StepState.CURRENT] + [StepState.FUTURE] * 3
    assert frame.rail.steps[0].accessibleName() == "Step 1: Welcome, done"
    assert frame.rail.steps[2].accessibleName() == "Step 3: Permissions, you are here"
    frame.set_step(3, stopped=True)
    assert frame.rail.steps[2].accessibleName() == "Step 3: Permissions, stopped"
    assert not any(step.focusPolicy() & Qt.FocusPolicy.TabFocus for step in frame.rail.steps)


def test_the_rail_folds_for_the_browser_and_for_large_text(frame: Frame) -> None:
    assert frame.rail.width() == RAIL_WIDTH
    frame.set_folded(True)
    QApplication.processEvents()
    assert frame.rail.width() == RAIL_FOLDED
    frame.set_folded(False)
    look().show(build(text_scale=2.0))
    QApplication.processEvents()
    assert frame.rail.folded
    assert frame.rail.width() == RAIL_FOLDED


def test_without_steps_there_is_no_rail(frame: Frame) -> None:
    frame.set_step(None)
    assert not frame.rail.isVisible()


def test_low_windows_are_compact(frame: Frame) -> None:
    assert (frame.header.height(), frame.footer.height()) == (HEADER_HEIGHT, FOOTER_HEIGHT)
    frame.resize(1024, 520)
    QApplication.processEvents()
    assert frame.height() == 520
    assert (frame.header.height(), frame.footer.height()) == (HEADER_COMPACT, FOOTER_COMPACT)


def test_both_banners_stay_together(frame: Frame) -> None:
    frame.set_practice(True)
    frame.set_other_host("localhost:8080")
    shown = [strip.text() for strip in frame.findChildren(Strip) if strip.isVisible()]
    assert shown == ["Practice – nothing here reaches the real Fortnox", "Not Fortnox: localhost:8080"]
    frame.set_other_host("")
    assert len([strip for strip in frame.findChildren(Strip) if strip.isVisible()]) == 1


def test_a_change_of_language_reaches_every_part(frame: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"Step {step} of {steps}": "Steg {step} av {steps}", "Welcome": "Välkommen", "Help (F1)": "Hjälp (F1)"}

    def translated(message: str, /, **values: object) -> str:
        return words.get(message, message).format(**values)

    frame.set_support_code("K7P-4M2")
    for module in ("header", "rail", "footer", "frame"):
        monkeypatch.setattr(f"assistant.window.{module}._", translated)
    frame.retranslate()
    assert frame.rail.steps[0].text() == "Välkommen"
    assert frame.header.help_button.text() == "Hjälp (F1)"
    assert language.current().code == "en"


def test_a_logo_keeps_its_colours_and_shape(frame: Frame) -> None:
    logo = QPixmap(400, 40)
    logo.fill(Qt.GlobalColor.magenta)
    frame.set_integration("Lagerkoll", logo)
    QApplication.processEvents()
    image = frame.header.grab().toImage()
    magenta = [x for x in range(image.width()) if image.pixelColor(x, image.height() // 2).name() == "#ff00ff"]
    assert len(magenta) == 160


def test_markup_from_outside_is_shown_as_characters(frame: Frame) -> None:
    banner = Banner("<b>Bold</b><img src='file:///etc/passwd'>")
    frame.set_content(banner)
    assert banner.accessibleName().startswith("<b>")


def test_content_is_swapped_not_stacked(frame: Frame) -> None:
    first = frame.content
    field = TextField("Activation key", secret=True)
    frame.set_content(field)
    assert first is not None
    assert not first.isVisible()
    assert frame.content is field
