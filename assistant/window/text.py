"""Texts: always plain, never HTML, with the line height of the type scale, wrapped where lines get too long to read."""

from __future__ import annotations

import math
from typing import NamedTuple

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QAccessible, QFontMetricsF, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from assistant.window.accessibility import give_role
from assistant.window.palette import ColourRole
from assistant.window.theme import look, theme
from assistant.window.tokens import CONTENT_MAXIMUM, TEXT_MAXIMUM, TypeRole

_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
_UNBOUNDED = 100_000.0


class _Laid(NamedTuple):
    """Paragraphs with their lines in place, and the room they take."""

    paragraphs: tuple[QTextLayout, ...]
    width: float
    height: float


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
        self._selectable = selectable
        self._words = ""
        self._laid: dict[float, _Laid] = {}
        self._line_pitch = 0.0
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
        self._laid = {}
        self.setFont(current.font(self._role))
        # Never under what the font itself needs: some desktops have tall letters.
        self._line_pitch = max(current.line_height(self._role), math.ceil(QFontMetricsF(self.font()).height()))
        palette = self.palette()
        palette.setColor(self.foregroundRole(), current.colour(self._colour))
        self.setPalette(palette)
        self.updateGeometry()

    def _lines(self, width: float) -> _Laid:
        """The paragraphs laid out within `width`; each width is laid out once, for layouts ask often."""
        words = self.text()
        if words != self._words:
            self._words, self._laid = words, {}
        whole = self._laid.get(_UNBOUNDED) or self._laid.setdefault(_UNBOUNDED, self._lay_out(_UNBOUNDED))
        limit = min(width, theme().px(self._maximum)) if self._maximum else width
        if not self.wordWrap() or whole.width <= limit:
            return whole
        return self._laid.get(limit) or self._laid.setdefault(limit, self._lay_out(limit))

    def _lay_out(self, limit: float) -> _Laid:
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        pitch = self._line_pitch
        paragraphs, widest, top = [], 0.0, 0.0
        for paragraph in self._words.split("\n"):
            layout = QTextLayout(paragraph, self.font())
            layout.setTextOption(option)
            layout.beginLayout()
            while (line := layout.createLine()).isValid():
                line.setLineWidth(limit)
                line.setPosition(QPointF(0, top + (pitch - line.height()) / 2))
                widest, top = max(widest, line.naturalTextWidth()), top + pitch
            layout.endLayout()
            paragraphs.append(layout)
        return _Laid(tuple(paragraphs), widest, top)

    def sizeHint(self) -> QSize:
        if self._selectable:
            return super().sizeHint()
        laid = self._lines(_UNBOUNDED)
        return QSize(math.ceil(laid.width), math.ceil(laid.height))

    def minimumSizeHint(self) -> QSize:
        if self._selectable:
            return super().minimumSizeHint()
        if not self.wordWrap():
            return self.sizeHint()
        metrics = QFontMetricsF(self.font())
        longest = max((metrics.horizontalAdvance(word) for word in self.text().split()), default=0.0)
        return QSize(math.ceil(min(longest, self.sizeHint().width())), math.ceil(self._line_pitch))

    def hasHeightForWidth(self) -> bool:
        return self.wordWrap()

    def heightForWidth(self, width: int) -> int:
        if self._selectable:
            return super().heightForWidth(width)
        return math.ceil(self._lines(width).height) if self.wordWrap() else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._selectable:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(theme().colour(self._colour if self.isEnabled() else "faint"))
        laid = self._lines(self.width())
        left = 0.0
        if self.alignment() & Qt.AlignmentFlag.AlignHCenter:
            left = (self.width() - laid.width) / 2
        elif self.alignment() & Qt.AlignmentFlag.AlignRight:
            left = self.width() - laid.width
        top = 0.0 if self.alignment() & Qt.AlignmentFlag.AlignTop else max(0.0, (self.height() - laid.height) / 2)
        for layout in laid.paragraphs:
            layout.draw(painter, QPointF(left, top))


class Heading(Text):
    """The one heading of a page: a question or a result. Screen readers find it as a heading; it can take focus."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, role=TypeRole.HEADING, maximum=CONTENT_MAXIMUM, parent=parent)
        give_role(self, QAccessible.Role.Heading)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(text)

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
