"""The icons: one family, tinted, sharp, cached."""

import re
from xml.etree import ElementTree as ET

import pytest

from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication

from assistant.resources import resource
from assistant.window import icons
from assistant.window.theme import build, look

NAMED = (
    "building-2",
    "server-cog",
    "user-round",
    "shield-check",
    "lock",
    "plug",
    "unplug",
    "circle-check",
    "triangle-alert",
    "octagon-alert",
    "info",
    "wifi-off",
    "clock",
    "key-round",
    "headset",
    "external-link",
    "copy",
    "printer",
    "save",
    "refresh-cw",
    "trash-2",
    "puzzle",
    "calendar-clock",
)
ALL = sorted(path.stem for path in resource("icons").glob("*.svg"))


def _ink(name: str, colour: str = "#123456", size: int = 48, ratio: float = 1.0) -> tuple[set[str], float]:
    """The opaque colours of the drawing, and the share of it that is drawn on."""
    image = icons.pixmap(name, QColor(colour), size, ratio).toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    solid = {pixel.name() for pixel in pixels if pixel.alpha() == 255}
    return solid, sum(pixel.alpha() > 40 for pixel in pixels) / len(pixels)


def test_every_icon_of_the_guide_is_there() -> None:
    assert set(NAMED) <= set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_each_is_of_the_family(name: str) -> None:
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    root = ET.fromstring(text)  # noqa: S314 - our own files
    hero = name.startswith("hero-")
    assert root.get("viewBox") == ("0 0 56 56" if hero else "0 0 24 24")
    assert root.get("stroke-width") == ("3" if hero else "2")
    assert (root.get("stroke"), root.get("stroke-linecap"), root.get("stroke-linejoin")) == (
        "currentColor",
        "round",
        "round",
    )
    assert not re.search(r"#[0-9a-fA-F]{3,8}|<image|<script|href|style=", text)


@pytest.mark.parametrize("name", ALL)
def test_each_is_drawn_in_the_colour_asked_for(qapp: QApplication, name: str) -> None:
    solid, share = _ink(name)
    assert solid == {"#123456"}
    assert 0.03 < share < 0.9


def test_no_two_icons_look_the_same(qapp: QApplication) -> None:
    drawn = {name: icons.pixmap(name, QColor("black"), 24, 1.0).toImage() for name in ALL}
    bits = {name: bytes(image.constBits()) for name, image in drawn.items()}
    assert len(set(bits.values())) == len(ALL)


@pytest.mark.parametrize("ratio", icons.RATIOS)
def test_pixels_follow_the_screen(qapp: QApplication, ratio: float) -> None:
    drawn = icons.pixmap("lock", QColor("black"), 20, ratio)
    assert drawn.width() == round(20 * ratio)
    assert drawn.devicePixelRatio() == ratio


def test_drawings_are_kept_until_the_theme_changes(qapp: QApplication) -> None:
    first = icons.pixmap("lock", QColor("black"), 20, 1.0)
    assert icons.pixmap("lock", QColor("black"), 20, 1.0) is first
    look().show(build())
    assert icons.pixmap("lock", QColor("black"), 20, 1.0) is not first


def test_an_icon_for_native_parts_has_its_modes(qapp: QApplication) -> None:
    look().show(build())
    made = icons.icon("copy", "danger", 20)
    colours = set()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled, QIcon.Mode.Selected):
        image = made.pixmap(20, mode).toImage()
        pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
        colours |= {pixel.name().upper() for pixel in pixels if pixel.alpha() == 255}
    assert {look().theme.colours.danger, look().theme.colours.faint, look().theme.colours.accent_label} <= colours


def test_an_unknown_icon_is_named(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError, match="no-such-icon"):
        icons.pixmap("no-such-icon", QColor("black"), 20, 1.0)
