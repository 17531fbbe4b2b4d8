"""Labels with their values, in two columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from assistant.window.text import Text
from assistant.window.tokens import SPACE_2, SPACE_5


class SummaryList(QWidget):
    """Rows of (label, value). A row whose value is "" is left out."""

    def __init__(self, rows: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_5)
        self._grid.setVerticalSpacing(SPACE_2)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[Text, Text]] = []
        self.set_rows(rows)

    def set_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Shows other rows."""
        shown = [(label, value) for label, value in rows if value]
        while len(self._rows) < len(shown):
            self._append()
        for index, (label, value) in enumerate(self._rows):
            used = index < len(shown)
            words = shown[index] if used else ("", "")
            for widget, text in zip((label, value), words, strict=True):
                widget.setText(text)
                widget.setVisible(used)
            value.setAccessibleName(": ".join(words) if used else "")

    def _append(self) -> None:
        label, value = Text(colour="muted", wraps=False), Text(maximum=None)
        row = len(self._rows)
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1)
        self._rows.append((label, value))
