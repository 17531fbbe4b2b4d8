"""The theme: what the system wishes becomes palette, fonts and lengths, at the start and while running."""

import os
import subprocess
import sys

import pytest

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit

from assistant.window.colour import contrast
from assistant.window.palette import (
    CONTRAST_ON_BLACK,
    CONTRAST_ON_WHITE,
    DARK,
    LIGHT,
    Scheme,
    SystemPairs,
    high_contrast,
)
from assistant.window.style_sheet import style_sheet
from assistant.window.text import Body
from assistant.window.theme import Look, apply, build, look, system_families, system_pairs
from assistant.window.tokens import TYPE_SCALE, TypeRole
from tests.window.preview_look import destroy


def test_the_palette_of_native_parts_is_the_theme(qapp: QApplication) -> None:
    apply(qapp, build(scheme=Scheme.DARK))
    palette = qapp.palette()
    assert palette.color(QPalette.ColorRole.Window).name().upper() == DARK.window
    assert palette.color(QPalette.ColorRole.Text).name().upper() == DARK.text
    assert palette.color(QPalette.ColorRole.ToolTipBase).name().upper() == DARK.surface
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    assert disabled.name().upper() == DARK.faint


@pytest.mark.parametrize("role", TypeRole)
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_fonts_are_in_points_and_grow_with_the_text(qapp: QApplication, role: TypeRole, scale: float) -> None:
    font = build(text_scale=scale).font(role)
    assert font.pointSizeF() == pytest.approx(TYPE_SCALE[role].size() * scale)
    assert font.weight() == QFont.Weight(TYPE_SCALE[role].weight)


def test_macos_has_its_own_points() -> None:
    assert TYPE_SCALE[TypeRole.BODY].size(platform="darwin") == 13
    assert TYPE_SCALE[TypeRole.BODY].size(platform="win32") == 10.5
    assert system_families("win32")[-1] == "Segoe UI"
    assert system_families("linux") == ()


def test_widgets_follow_a_change_while_shown(qapp: QApplication) -> None:
    look().show(build())
    text = Body("Internet")
    try:
        text.show()
        before = text.sizeHint().height()
        look().show(build(scheme=Scheme.DARK, text_scale=2.0))
        assert text.palette().color(text.foregroundRole()).name().upper() == DARK.text
        assert text.sizeHint().height() == 2 * before
    finally:
        destroy(text)
        look().show(build())


def test_high_contrast_uses_no_colour_of_ours() -> None:
    for pairs in (CONTRAST_ON_BLACK, CONTRAST_ON_WHITE):
        c = high_contrast(pairs)
        allowed = {getattr(pairs, name) for name in SystemPairs.__slots__}
        assert {getattr(c, name) for name in type(c).__dataclass_fields__} <= allowed
        assert contrast(c.text, c.window) == pytest.approx(21)
        assert contrast(c.accent, c.accent_label) > 14
        assert contrast(c.accent_text, c.window) > 13
    assert build(contrast_pairs=CONTRAST_ON_BLACK).radius(10) == 0
    assert build(contrast_pairs=CONTRAST_ON_BLACK).border == 2


def test_a_real_contrast_theme_is_taken_as_it_is(qapp: QApplication) -> None:
    palette = QPalette()
    desert = {
        QPalette.ColorRole.Window: "#FFFAEF", QPalette.ColorRole.WindowText: "#3D3D3D",
        QPalette.ColorRole.Base: "#FFFAEF", QPalette.ColorRole.Text: "#3D3D3D",
        QPalette.ColorRole.Button: "#FFFAEF", QPalette.ColorRole.ButtonText: "#202020",
        QPalette.ColorRole.Highlight: "#63434F", QPalette.ColorRole.HighlightedText: "#FFF5E3",
        QPalette.ColorRole.Link: "#134A5C",
    }  # fmt: skip
    for role, colour in desert.items():
        palette.setColor(role, QColor(colour))
    pairs = system_pairs(palette, Scheme.LIGHT)
    assert (pairs.window, pairs.window_text, pairs.highlight, pairs.link) == (
        "#FFFAEF",
        "#3D3D3D",
        "#63434F",
        "#134A5C",
    )
    palette.setColor(QPalette.ColorRole.WindowText, QColor("#AAAAAA"))
    assert system_pairs(palette, Scheme.LIGHT) == CONTRAST_ON_WHITE
    assert system_pairs(palette, Scheme.DARK) == CONTRAST_ON_BLACK


def test_follow_system_reads_text_size_and_accent(qapp: QApplication) -> None:
    follower = Look()
    sizes = iter([1.5, 2.0])
    follower.follow_system(qapp, vendor_accent="#1A6B4F", read_text_size=lambda: next(sizes))
    assert follower.theme.text_scale == 1.5
    assert follower.theme.colours.accent == "#1A6B4F"
    told: list[bool] = []
    follower.changed.connect(lambda: told.append(True))
    follower.use_accent(None)
    assert follower.theme.text_scale == 2.0
    assert follower.theme.colours == LIGHT
    assert told == [True]
    look().show(build())


def test_the_sheet_is_lean_and_understood(qapp: QApplication) -> None:
    sheet = style_sheet(LIGHT, text_scale=1.0, high_contrast=False)
    assert len(sheet) < 2_500
    assert sheet.count("{") == sheet.count("}")
    apply(qapp, build())
    line = QLineEdit("x")
    try:
        line.show()
        qapp.processEvents()
        assert line.height() >= 36
        assert line.grab().toImage().pixelColor(20, 5).name().upper() == LIGHT.surface
    finally:
        destroy(line)


def test_importing_the_look_does_not_import_svg_or_the_engine() -> None:
    program = (
        "import sys, assistant.window.frame, assistant.window.cards, assistant.window.rows, assistant.window.field\n"
        "late = [name for name in sys.modules if name.startswith(('PySide6.QtSvg', 'PySide6.QtWebEngine'))]\n"
        "sys.exit(bool(late))"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    assert subprocess.run([sys.executable, "-c", program], check=False, env=environment, timeout=60).returncode == 0
