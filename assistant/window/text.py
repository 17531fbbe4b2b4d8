"""Texts: always plain, never HTML, with the line height of the type scale, wrapped where lines get too long to read."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from assistant.window.palette import ColourRole
from assistant.window.theme import look, theme
from assistant.window.tokens import CONTENT_MAXIMUM, TEXT_MAXIMUM, TypeRole

_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
_UNBOUNDED = 100_000


class Text(QLabel):
    """A text of one role of the type scale.

    Args:
        text: shown as it is; markup in it is shown as characters.
        role: its place in the type scale.
        colour: its colour role.
        maximum: where lines break at 100 % text size, in pixels; grows with the text. None: where the space ends.
        selectable: the person may mark and copy it (codes, addresses).
        wraps: False keeps it on one line.
    """

    def __init__(
        self,
        text: str = "",
        *,
        role: TypeRole = TypeRole.BODY,
        colour: ColourRole = "text",
        maximum: int | None = TEXT_MAXIMUM,
        selectable: bool = False,
        wraps: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role, self._colour, self._maximum = role, colour, maximum
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wraps)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(wraps)
        self.setSizePolicy(policy)
        if selectable:
            self.setTextInteractionFlags(_SELECTABLE)
        self._laid_out: tuple[float, str, list[QTextLayout], float, float] | None = None
        self._restyle()
        look().changed.connect(self._restyle)
        self.setText(text)

    @property
    def role(self) -> TypeRole:
        return self._role

    def set_colour(self, colour: ColourRole) -> None:
        """Another colour role."""
        self._colour = colour
        self._restyle()

    def _restyle(self) -> None:
        current = theme()
        self._laid_out = None
        self.setFont(current.font(self._role))
        palette = self.palette()
        palette.setColor(self.foregroundRole(), current.colour(self._colour))
        self.setPalette(palette)
        self.updateGeometry()

    def _lines(self, width: float) -> tuple[list[QTextLayout], float, float]:
        """The paragraphs laid out within `width`, with the width and height they take."""
        limit = min(width, theme().px(self._maximum)) if self._maximum else width
        limit = limit if self.wordWrap() else _UNBOUNDED
        if self._laid_out is None or self._laid_out[0] != limit or self._laid_out[1] != self.text():
            self._laid_out = (limit, self.text(), *self._lay_out(limit))
        return self._laid_out[2], self._laid_out[3], self._laid_out[4]

    def _lay_out(self, limit: float) -> tuple[list[QTextLayout], float, float]:
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        pitch = self._pitch()
        paragraphs, widest, top = [], 0.0, 0.0
        for paragraph in self.text().split("\n"):
            layout = QTextLayout(paragraph, self.font())
            layout.setTextOption(option)
            layout.beginLayout()
            while (line := layout.createLine()).isValid():
                line.setLineWidth(limit)
                line.setPosition(QPointF(0, top + (pitch - line.height()) / 2))
                widest, top = max(widest, line.naturalTextWidth()), top + pitch
            layout.endLayout()
            paragraphs.append(layout)
        return paragraphs, widest, top

    def _pitch(self) -> float:
        """Never under what the font itself needs: some desktops have tall letters."""
        return max(theme().line_height(self._role), math.ceil(QFontMetricsF(self.font()).height()))

    def _native(self) -> bool:
        return bool(self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse)

    def sizeHint(self) -> QSize:
        if self._native():
            return super().sizeHint()
        _, width, height = self._lines(_UNBOUNDED)
        return QSize(math.ceil(width), math.ceil(height))

    def minimumSizeHint(self) -> QSize:
        if self._native():
            return super().minimumSizeHint()
        if not self.wordWrap():
            return self.sizeHint()
        metrics = QFontMetricsF(self.font())
        longest = max((metrics.horizontalAdvance(word) for word in self.text().split()), default=0.0)
        return QSize(math.ceil(min(longest, self.sizeHint().width())), math.ceil(self._pitch()))

    def hasHeightForWidth(self) -> bool:
        return self.wordWrap()

    def heightForWidth(self, width: int) -> int:
        if self._native():
            return super().heightForWidth(width)
        return math.ceil(self._lines(width)[2]) if self.wordWrap() else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._native():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(theme().colour(self._colour if self.isEnabled() else "faint"))
        layouts, width, height = self._lines(self.width())
        left = 0.0
        if self.alignment() & Qt.AlignmentFlag.AlignHCenter:
            left = (self.width() - width) / 2
        elif self.alignment() & Qt.AlignmentFlag.AlignRight:
            left = self.width() - width
        top = 0.0 if self.alignment() & Qt.AlignmentFlag.AlignTop else max(0.0, (self.height() - height) / 2)
        for layout in layouts:
            layout.draw(painter, QPointF(left, top))


class Heading(Text):
    """The one heading of a page: a question or a result. Screen readers find it as a heading; it can take focus."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, role=TypeRole.HEADING, maximum=CONTENT_MAXIMUM, parent=parent)

    def take_focus(self) -> None:
        """Puts the keyboard here on arrival, so that nothing is pressed by habit; Tab goes on from here."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)


class SectionTitle(Text):
    """The heading of a group within a page."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, role=TypeRole.SECTION, maximum=CONTENT_MAXIMUM, parent=parent)


class Lead(Text):
    """The one sentence under the heading."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, role=TypeRole.LEAD, colour="muted", parent=parent)


class Body(Text):
    """Running text."""

    def __init__(self, text: str = "", *, colour: ColourRole = "text", parent: QWidget | None = None) -> None:
        super().__init__(text, colour=colour, parent=parent)


class Strong(Text):
    """A label or a title within a row or card."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, role=TypeRole.STRONG, parent=parent)


class Caption(Text):
    """A time or a code beside the main thing; never an instruction."""

    def __init__(self, text: str = "", *, colour: ColourRole = "muted", parent: QWidget | None = None) -> None:
        super().__init__(text, role=TypeRole.CAPTION, colour=colour, parent=parent)


class Fact(Text):
    """The one thing a page is about: the company's name, a code to read aloud."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, role=TypeRole.FACT, maximum=CONTENT_MAXIMUM, parent=parent)


class Code(Text):
    """A code or an id, monospaced; the person may mark and copy it."""

    def __init__(self, text: str = "", *, selectable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(text, role=TypeRole.CODE, selectable=selectable, parent=parent)
