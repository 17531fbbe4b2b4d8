"""What the window shows first: its frame as plain areas, and the heading of the first page.

It needs next to nothing, so it is on the screen while everything else is still being imported and checked. The real
first page takes its place with the same heading in the same spot. Only the integration's name is read for it, and only
as plain text: the file has not been checked yet, and nothing can be pressed before it has.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QCloseEvent, QColor, QFont, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.language import _

LONGEST_FILE = 64 * 1024
LONGEST_NAME = 80
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)  # a FIFO that took the file's place would otherwise hang the opening
_HEADER = re.compile(r"\s*\[")
_TABLE = re.compile(r"\s*\[\s*integration\s*\]\s*(#.*)?")
_NAME = re.compile(r"""\s*name\s*=\s*(?:"([^"\\]+)"|'([^']+)')\s*(#.*)?""")

# Measures and colours of `tokens` and `palette`, which cost more to import than the whole cover to paint;
# a test compares them and the place of the heading.
WIDTH, HEIGHT, MINIMUM = 1120, 720, (1024, 496)
HEADER, FOOTER, RAIL, STRIP, MARGIN, GAP = 56, 72, 216, 32, 40, 16
HEADING_POINTS, LEAD_POINTS = (22.0, 15.0) if sys.platform == "darwin" else (18.0, 12.0)
HEADING_LINE, LEAD_LINE = 32, 24
CONTENT, TEXT = 680, 520
LIGHT = {
    "window": "#F6F7F9",
    "surface": "#FFFFFF",
    "rail": "#ECEFF3",
    "line": "#D8DDE4",
    "text": "#1B1F24",
    "muted": "#4E5866",
    "practice": "#FFD98A",
}
DARK = {
    "window": "#17191C",
    "surface": "#212428",
    "rail": "#1D2024",
    "line": "#383D44",
    "text": "#F1F3F5",
    "muted": "#B6BDC6",
    "practice": "#3A2C08",
}


def glance(integration_file: Path | None) -> str:
    """The integration's name as its file says, for the cover only; "" when there is none to be had.

    Nothing in the file can hold up the first paint: it is an ordinary file of bounded size, looked through line by
    line. A name written in another way TOML allows is not found here, and stands on the page that follows.
    """
    try:
        found = "" if integration_file is None else _name_in(_beginning(integration_file).decode("utf-8-sig"))
    except (OSError, ValueError):
        return ""
    return found if len(found) <= LONGEST_NAME and found.isprintable() else ""


def _beginning(path: Path) -> bytes:
    """The content of the ordinary file `path`; empty for anything else, and for one that is too large."""
    if not stat.S_ISREG(path.stat().st_mode):  # looked at first: opening a device can already do something
        return b""
    with open(os.open(path, os.O_RDONLY | _NONBLOCK | getattr(os, "O_BINARY", 0)), "rb") as file:
        content = file.read(LONGEST_FILE + 1) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else b""
    return content if len(content) <= LONGEST_FILE else b""


def _name_in(text: str) -> str:
    inside = False
    for line in text.splitlines():
        if _HEADER.match(line):
            inside = _TABLE.fullmatch(line) is not None
        elif inside and (found := _NAME.fullmatch(line)):
            return found[1] or found[2]
    return ""


class Shell(QWidget):
    """The top-level window: first the cover, then what it is filled with.

    Attributes:
        painted: whether it has been on the screen.
        on_close: asked when the person closes the window; the window stays until it is hidden.
    """

    def __init__(self, name: str, *, practice: bool) -> None:
        super().__init__()
        self.painted = False
        self.on_close: Callable[[], None] = lambda: None
        self._practice = practice
        self._filled = False
        self._heading = _("Connect {integration} to Fortnox", integration=name) if name else ""
        self._lead = _("It takes about three minutes. You buy nothing here, and you can stop at any time.")
        self.setWindowTitle(self._heading or _("Connect to Fortnox"))
        self.setMinimumSize(*MINIMUM)
        screen = QGuiApplication.primaryScreen().availableGeometry()
        self.resize(min(WIDTH, screen.width()), min(HEIGHT, screen.height()))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def fill(self, content: QWidget) -> None:
        """Puts the real window into the shell, in the place of the cover or of the one before."""
        self._filled = True
        if (before := self._column.takeAt(0)) is not None and (gone := before.widget()) is not None:
            gone.hide()
            gone.deleteLater()
        self._column.addWidget(content)
        content.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.on_close()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted = True
        if self._filled:
            return
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        colours = DARK if dark else LIGHT
        painter, width, height = QPainter(self), self.width(), self.height()
        top = HEADER + (STRIP if self._practice else 0)
        painter.fillRect(self.rect(), QColor(colours["window"]))
        painter.fillRect(0, 0, width, HEADER, QColor(colours["surface"]))
        painter.fillRect(0, HEADER - 1, width, 1, QColor(colours["line"]))
        if self._practice:
            painter.fillRect(0, HEADER, width, STRIP, QColor(colours["practice"]))
        painter.fillRect(0, top, RAIL, height - top - FOOTER, QColor(colours["rail"]))
        painter.fillRect(0, height - FOOTER, width, FOOTER, QColor(colours["surface"]))
        painter.fillRect(0, height - FOOTER, width, 1, QColor(colours["line"]))
        if self._heading:
            self._paint_words(painter, colours, RAIL + MARGIN, top + MARGIN)

    def _paint_words(self, painter: QPainter, colours: dict[str, str], left: int, top: int) -> None:
        font = QFont()
        font.setPointSizeF(HEADING_POINTS)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(colours["text"]))
        wrap = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        room = QRect(left, top, min(CONTENT, self.width() - left - MARGIN), 3 * HEADING_LINE)
        used = painter.boundingRect(room, wrap, self._heading)
        lines = max(1, round(used.height() / painter.fontMetrics().height()))
        offset = (HEADING_LINE - painter.fontMetrics().height()) // 2
        painter.drawText(room.translated(0, offset), wrap, self._heading)
        lead = QFont()
        lead.setPointSizeF(LEAD_POINTS)
        painter.setFont(lead)
        painter.setPen(QColor(colours["muted"]))
        under = QRect(left, top + lines * HEADING_LINE + GAP, min(TEXT, room.width()), 3 * LEAD_LINE)
        painter.drawText(under, wrap, self._lead)
