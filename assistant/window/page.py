"""The scrolling column that a page's content stands in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from assistant.window.column import put
from assistant.window.icons import HeroIcon
from assistant.window.theme import look, theme
from assistant.window.tokens import COMPACT_BELOW, CONTENT_MAXIMUM, NARROW_BELOW, SPACE_2, SPACE_4, SPACE_5, SPACE_7


def margin_for(width: int, height: int) -> int:
    """The content's margin in a window of this size."""
    if height < COMPACT_BELOW:
        return SPACE_4
    return SPACE_5 if width < NARROW_BELOW else SPACE_7


class Page(QScrollArea):
    """A left-aligned column, 680 wide at most at 100 % text size, that scrolls when it must.

    Args:
        maximum: the column's greatest width at 100 %; None for all there is.
    """

    def __init__(self, parent: QWidget | None = None, *, maximum: int | None = CONTENT_MAXIMUM) -> None:
        super().__init__(parent)
        self._maximum = maximum
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QWidget()
        self._outer = QHBoxLayout(whole)
        self._outer.setSpacing(0)
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._outer.addWidget(self._inner, 1, Qt.AlignmentFlag.AlignTop)
        self._outer.addStretch(0)
        self.setWidget(whole)
        self.viewport().setAutoFillBackground(False)
        whole.setAutoFillBackground(False)
        look().changed.connect(self._fit)
        self._fit()

    @property
    def column(self) -> QVBoxLayout:
        """Where the content stands, for what `add` cannot say."""
        return self._column

    def add(self, widget: QWidget, *, before: int = SPACE_2, alignment: Qt.AlignmentFlag | None = None) -> None:
        """Puts `widget` at the end, `before` pixels under the last. What is fixed in width stands at the left."""
        if before and self._column.count():
            self._column.addSpacing(before)
        put(self._column, widget, alignment)

    def _fit(self) -> None:
        window = self.window()
        margin = margin_for(window.width(), window.height())
        self._outer.setContentsMargins(margin, margin, margin, margin)
        if self._maximum is not None:
            self._inner.setMaximumWidth(theme().px(self._maximum))
        compact = window.height() < theme().px(COMPACT_BELOW)
        for hero in self._inner.findChildren(HeroIcon):
            hero.fit(compact=compact)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)
