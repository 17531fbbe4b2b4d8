"""The cover is what the first page will be: same measures, same colours, its heading in the same spot."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from assistant.language import use
from assistant.resources import resource
from assistant.window import cover, palette, tokens
from assistant.window.cover import Shell, glance
from assistant.window.theme import look
from assistant.window.tour import practice_setting, tour_window
from tests.window.preview_look import destroy

PRACTICE = resource("practice", "integration.toml")


def test_measures_and_colours_are_the_windows_own() -> None:
    assert (cover.WIDTH, cover.HEIGHT) == (tokens.WINDOW_WIDTH, tokens.WINDOW_HEIGHT)
    assert (cover.HEADER, cover.FOOTER, cover.RAIL) == (
        tokens.HEADER_HEIGHT,
        tokens.FOOTER_HEIGHT,
        tokens.RAIL_WIDTH,
    )
    assert (cover.CONTENT, cover.TEXT, cover.MARGIN) == (tokens.CONTENT_MAXIMUM, tokens.TEXT_MAXIMUM, tokens.SPACE_7)
    heading, lead = tokens.TYPE_SCALE[tokens.TypeRole.HEADING], tokens.TYPE_SCALE[tokens.TypeRole.LEAD]
    assert (heading.size(), lead.size()) == (cover.HEADING_POINTS, cover.LEAD_POINTS)
    assert (heading.line, lead.line) == (cover.HEADING_LINE, cover.LEAD_LINE)
    for mine, theirs in ((cover.LIGHT, palette.LIGHT), (cover.DARK, palette.DARK)):
        assert mine == {name: getattr(theirs, name) for name in mine}


def ink(image: QImage, within: QRect, ground: QColor) -> QRect:
    """The smallest rectangle that holds every pixel of `within` that is clearly not `ground`."""
    found = [
        QPoint(x, y)
        for y in range(within.top(), within.bottom() + 1)
        for x in range(within.left(), within.right() + 1)
        if abs(QColor(image.pixel(x, y)).lightness() - ground.lightness()) > 80
    ]
    assert found, "nothing is written there"
    xs, ys = [point.x() for point in found], [point.y() for point in found]
    return QRect(QPoint(min(xs), min(ys)), QPoint(max(xs), max(ys)))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_heading_stays_where_it_was(qapp: QApplication, tmp_path: Path, language: str) -> None:
    use(language)
    qapp.setStyle("Fusion")
    look().follow_system(qapp, read_text_size=lambda: 1.0)
    shell = Shell(glance(PRACTICE), practice=True)
    shell.show()
    qapp.processEvents()
    before = shell.grab().toImage()
    window = tour_window(practice_setting(tmp_path))
    qapp.processEvents()
    after = window.grab().toImage()
    heading = window.wizard.welcome.heading
    corner = heading.mapTo(window, QPoint(0, 0))
    around = QRect(corner.x() - 4, corner.y() - 6, 500, heading.height() + 12)
    ground = QColor(palette.LIGHT.window)
    one, other = ink(before, around, ground), ink(after, around, ground)
    for mine, theirs in zip(one.getCoords(), other.getCoords(), strict=True):  # type: ignore[arg-type]
        assert abs(mine - theirs) <= 2, (one, other)
    destroy(window)
    destroy(shell)
    use("en")


def test_a_glance_reads_the_name_and_nothing_that_is_not_one(tmp_path: Path) -> None:
    assert glance(PRACTICE) == "Lagerkoll"
    assert glance(None) == glance(tmp_path / "missing.toml") == glance(tmp_path) == ""
    bad = tmp_path / "bad.toml"
    for text in ("", "[integration]", "[integration]\nname = 3", '[integration]\nname = "a\\nb"', "name = ["):
        bad.write_text(text)
        assert glance(bad) == ""
    bad.write_text(f'[integration]\nname = "{"x" * 81}"')
    assert glance(bad) == ""
    bad.write_text(f'[integration]\nname = "x"\n# {"x" * cover.LONGEST_FILE}')
    assert glance(bad) == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('[integration]\nname = "Räksmörgås"', "Räksmörgås"),
        ("\ufeff[ integration ] # it\r\nvendor = 'x'\r\nname='Lager'  # ours\r\n", "Lager"),
        ('[support]\nname = "a"\n[integration]\nname = "b"\n[look]\nname = "c"', "b"),
        ('[integration]\n[integration.next_steps]\nname = "a"', ""),
        ('name = "a"', ""),
        ('[integration]\nname = "a" "b"', ""),
        ('[integration]\nnames = "a"', ""),
        ('[integration]\nname = """\na"""', ""),
    ],
)
def test_a_glance_knows_the_table_the_name_stands_in(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / "it.toml").write_bytes(text.encode())
    assert glance(tmp_path / "it.toml") == name


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_a_glance_waits_for_nobody_and_reads_no_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    assert glance(pipe) == glance(Path("/dev/zero")) == ""
    ordinary = PRACTICE.stat()
    monkeypatch.setattr(Path, "stat", lambda _path: ordinary)  # exchanged between the look and the opening
    assert glance(pipe) == glance(Path("/dev/zero")) == ""


@pytest.mark.parametrize("piece", ["a.", " ", "[", "\n", "[integration]\n", 'name = "', "name = 'a' #"])
def test_a_glance_at_a_file_made_to_be_slow_is_quick(tmp_path: Path, piece: str) -> None:
    file = tmp_path / "slow.toml"
    file.write_text("[integration]\n" + (piece * cover.LONGEST_FILE)[: cover.LONGEST_FILE - 20])
    begun = time.process_time()
    glance(file)
    assert time.process_time() - begun < 0.5


@given(st.binary(max_size=400))
def test_a_glance_at_anything_is_a_name_or_nothing(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(content)
    assert isinstance(glance(file), str)
