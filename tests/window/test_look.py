"""Every sheet of the preview, measured: nothing is cut, and what is drawn can be read."""

from collections import Counter
from collections.abc import Iterator

import pytest

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QScrollArea, QWidget

from assistant.window.buttons import Button
from assistant.window.cards import ChoiceCard
from assistant.window.colour import contrast
from assistant.window.footer import Action, ButtonRow
from assistant.window.frame import Frame
from assistant.window.header import Name
from assistant.window.rail import RailStep
from assistant.window.tag import Tag
from assistant.window.text import Text
from assistant.window.theme import theme
from tests.window.preview_look import SHEETS, THEMES, shown

SIZES = [(1.0, (1120, 720)), (1.0, (1024, 600)), (1.0, (1024, 520)), (1.5, (1024, 600)), (2.0, (1024, 600))]


def _visible(root: QWidget, kind: type[QWidget]) -> Iterator[QWidget]:
    return (part for part in root.findChildren(kind) if part.isVisibleTo(root) and part.size().isValid())


def _cut(root: QWidget) -> list[str]:
    """What is smaller than its words need, or stands outside the place it is in."""
    found = []
    for text in _visible(root, Text):
        assert isinstance(text, Text)
        if isinstance(text, Name) or not text.text():
            continue
        needed = text.heightForWidth(text.width()) if text.wordWrap() else text.sizeHint().height()
        if text.height() < needed or text.width() < text.minimumSizeHint().width():
            found += [f"text {text.text()!r} {text.size()} needs {needed}"]
    for part in (*_visible(root, Button), *_visible(root, Tag), *_visible(root, RailStep)):
        least = part.minimumSizeHint()
        if part.width() < least.width() or part.height() < least.height():
            found += [f"{type(part).__name__} {part.accessibleName()!r} {part.size()} < {least}"]
    for part in (*_visible(root, QLabel), *_visible(root, QAbstractButton), *_visible(root, QLineEdit)):
        left = part.mapTo(root, QPoint(0, 0)).x()
        if left < 0 or left + part.width() > root.width():
            found += [f"{type(part).__name__} at {left} + {part.width()} leaves the window"]
    for area in root.findChildren(QScrollArea):
        inside = area.widget()
        if inside is not None and inside.width() > area.viewport().width():
            found += [f"the page is {inside.width()} wide in {area.viewport().width()}"]
    return found


@pytest.mark.parametrize("sheet", [name for name in SHEETS if name != "parts"])
@pytest.mark.parametrize(("scale", "size"), SIZES)
def test_nothing_is_cut(qapp: QApplication, sheet: str, scale: float, size: tuple[int, int]) -> None:
    with shown(sheet, scale=scale, size=size) as widget:
        assert (widget.width(), widget.height()) == size
        assert _cut(widget) == []


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_the_longest_confirm_footer_still_fits(qapp: QApplication, scale: float) -> None:
    with shown("confirm", scale=scale, size=(1024, 600)) as frame:
        assert isinstance(frame, Frame)
        frame.set_support_code("K7P-4M2")
        frame.set_buttons(
            ButtonRow(
                cancel=Action("Avbryt"),
                second=Action("Nej, fel företag"),
                filled=Action(
                    "Ja, koppla Västra Götal…ts Snickeri", full_name="Ja, koppla Västra Götalands läns Snickeri AB"
                ),
            )
        )
        QApplication.processEvents()
        assert (frame.width(), frame.height()) == (1024, 600)
        assert _cut(frame) == []
        boxes = [QRect(b.mapTo(frame, QPoint(0, 0)), b.size()) for b in _visible(frame.footer, Button)]
        assert not any(one.intersects(other) for one in boxes for other in boxes if one is not other)
        assert frame.footer.filled.accessibleName().endswith("Snickeri AB")


def test_a_long_vendor_name_does_not_push_help_out(qapp: QApplication) -> None:
    with shown("welcome", scale=2.0, size=(1024, 600)) as frame:
        assert isinstance(frame, Frame)
        frame.set_integration("Nordiska Lager- och Logistiksystem för Handel och Tillverkning – koppla till Fortnox")
        QApplication.processEvents()
        assert frame.width() == 1024
        assert _cut(frame) == []


def _ratio(image: QImage, box: QRect) -> float:
    """The contrast of what is drawn in `box` against what it is drawn on."""
    seen = Counter(
        image.pixelColor(x, y).name()
        for x in range(max(0, box.left()), min(image.width(), box.right() + 1))
        for y in range(max(0, box.top()), min(image.height(), box.bottom() + 1))
    )
    ground = seen.most_common(1)[0][0]
    return max(contrast(colour, ground) for colour in seen)


@pytest.mark.parametrize("theme_name", THEMES)
@pytest.mark.parametrize("sheet", ["welcome", "account", "permissions", "confirm", "problem"])
def test_every_text_that_is_drawn_can_be_read(qapp: QApplication, sheet: str, theme_name: str) -> None:
    with shown(sheet, theme_name, size=(1120, 1100)) as frame:
        image = frame.grab().toImage()
        weak = []
        for part in (
            *_visible(frame, Text),
            *_visible(frame, Tag),
            *_visible(frame, Button),
            *_visible(frame, RailStep),
        ):
            words = part.text() if isinstance(part, QLabel | QAbstractButton) else ""
            inset = 6 if isinstance(part, Button | Tag) else 0
            box = QRect(part.mapTo(frame, QPoint(0, 0)), part.size()).adjusted(inset, inset // 2, -inset, -inset // 2)
            if words and (ratio := _ratio(image, box)) < 4.5:
                weak.append(f"{type(part).__name__} {words!r} {ratio:.2f}")
        assert weak == []


@pytest.mark.parametrize("theme_name", THEMES)
def test_the_edges_of_controls_can_be_seen(qapp: QApplication, theme_name: str) -> None:
    with shown("account", theme_name) as frame:
        image = frame.grab().toImage()
        for card in _visible(frame, ChoiceCard):
            at = card.mapTo(frame, QPoint(0, card.height() // 2))
            assert _ratio(image, QRect(at.x() - 4, at.y(), 8, 2)) >= 3
        assert isinstance(frame, Frame)
        for button in (frame.footer.back, frame.footer.filled):
            at = button.mapTo(frame, QPoint(0, button.height() // 2))
            assert _ratio(image, QRect(at.x() - 4, at.y(), 8, 2)) >= 3


@pytest.mark.parametrize("theme_name", ["contrast-black", "contrast-white"])
@pytest.mark.parametrize("sheet", SHEETS)
def test_high_contrast_draws_in_the_systems_colours_alone(qapp: QApplication, sheet: str, theme_name: str) -> None:
    """Areas of colour, not the blended rims of letters: any colour that fills over one part in two hundred."""
    with shown(sheet, theme_name) as widget:
        c = theme().colours
        image = widget.grab().toImage()
        seen = Counter(
            image.pixelColor(x, y).name().upper()
            for x in range(0, image.width(), 2)
            for y in range(0, image.height(), 2)
        )
        areas = {colour for colour, count in seen.items() if count > sum(seen.values()) / 200}
        assert areas <= {getattr(c, name) for name in type(c).__dataclass_fields__}
