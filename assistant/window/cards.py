"""Cards to choose between: radio buttons that are whole areas, side by side or on top of each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from assistant.window.icons import Icon
from assistant.window.surface import paint_area
from assistant.window.tag import Tag
from assistant.window.text import Body, Caption, Strong, Text
from assistant.window.theme import look, theme
from assistant.window.tokens import (
    CARD_PADDING,
    ICON_CARD,
    LARGE_TEXT,
    LINE_SELECTED,
    RADIUS_CARD,
    SPACE_1,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    STACK_BELOW,
)

_RADIO = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer.

    Attributes:
        key: what the choice is called in code.
        title: the answer in a few words.
        kind: the technical name in brackets under the title; "" for none.
        consequence: what it means, in one sentence.
        lines: short label and text pairs, such as ("Needs", "a system administrator's approval").
        tag: "Recommended" or "".
        icon: a name of the family.
    """

    key: str
    title: str
    kind: str = ""
    consequence: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    tag: str = ""
    icon: str = ""


class ChoiceCard(QRadioButton):
    """One answer; the whole card is the target."""

    def __init__(self, choice: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._icon = Icon(choice.icon, role="muted", size=ICON_CARD)
        self._title, self._tag = Strong(), Tag(strong=True)
        self._kind, self._consequence = Caption(), Body()
        self._kind.setVisible(bool(choice.kind))
        self._labels = [(Text(colour="muted", wraps=False), Text()) for _ in choice.lines]
        self._lay_out()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.toggled.connect(self._toggled)
        self._restyle()
        look().changed.connect(self._restyle)
        self.set_choice(choice)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(CARD_PADDING, CARD_PADDING, CARD_PADDING, CARD_PADDING)
        column.setSpacing(SPACE_1)
        top = QHBoxLayout()
        top.setSpacing(SPACE_2)
        top.addWidget(self._icon)
        top.addStretch(1)
        top.addWidget(self._tag)
        self._radio_room = QSpacerItem(0, 0)
        top.addSpacerItem(self._radio_room)
        column.addLayout(top)
        column.addSpacing(SPACE_2)
        column.addWidget(self._title)
        column.addWidget(self._kind)
        column.addSpacing(SPACE_1)
        column.addWidget(self._consequence)
        column.addSpacing(SPACE_2)
        lines = QGridLayout()
        lines.setHorizontalSpacing(SPACE_3)
        lines.setVerticalSpacing(SPACE_1)
        lines.setColumnStretch(1, 1)
        for index, (label, text) in enumerate(self._labels):
            lines.addWidget(label, index, 0, Qt.AlignmentFlag.AlignTop)
            lines.addWidget(text, index, 1)
        column.addLayout(lines)
        column.addStretch(1)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _restyle(self) -> None:
        self._radio_room.changeSize(theme().px(_RADIO) + SPACE_2, 0)
        self.updateGeometry()
        self.update()

    @property
    def choice(self) -> Choice:
        return self._choice

    def set_choice(self, choice: Choice) -> None:
        """The same answer in other words, after a change of language."""
        self._choice = choice
        self._title.setText(choice.title)
        self._kind.setText(choice.kind)
        self._consequence.setText(choice.consequence)
        self._tag.setText(choice.tag)
        self._tag.setVisible(bool(choice.tag))
        for (label, text), (word, sentence) in zip(self._labels, choice.lines, strict=True):
            label.setText(word)
            text.setText(sentence)
        self.setAccessibleName(", ".join(part for part in (choice.title, choice.kind, choice.tag) if part))
        told = [choice.consequence, *(f"{word}: {sentence}" for word, sentence in choice.lines)]
        self.setAccessibleDescription(" ".join(told))

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.totalSizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        return layout.totalMinimumSize() if layout is not None else super().minimumSizeHint()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout is not None else -1

    def _toggled(self, checked: bool) -> None:
        self._icon.show_icon(self._choice.icon, "accent_text" if checked and not theme().high_contrast else "muted")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        current, chosen = theme(), self.isChecked()
        painter = QPainter(self)
        fill = current.soft("accent") if chosen else current.colour("rail" if self.underMouse() else "surface")
        edge = current.colour("accent_text" if chosen and not current.high_contrast else "edge")
        border = LINE_SELECTED + (1 if current.high_contrast else 0) if chosen else 1
        paint_area(painter, self, fill=fill, edge=edge, border=border, radius=RADIUS_CARD)
        radio = current.px(_RADIO)
        middle = QPointF(self.width() - CARD_PADDING - radio / 2, CARD_PADDING + current.px(ICON_CARD) / 2)
        painter.setBrush(current.colour("surface"))
        painter.setPen(QPen(edge, 2))
        painter.drawEllipse(middle, radio / 2 - 1, radio / 2 - 1)
        if chosen:
            painter.setBrush(edge)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(middle, radio / 4, radio / 4)


class ChoiceCards(QWidget):
    """The answers to one question. The first is chosen until told otherwise; arrow keys move, Space chooses."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[Choice], *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE_4)
        self._cards = [ChoiceCard(choice, self) for choice in choices]
        for index, card in enumerate(self._cards):
            card.setChecked(index == 0)
            self._row.addWidget(card, 1)
            card.toggled.connect(self._announce)
        look().changed.connect(self._arrange)

    @property
    def cards(self) -> tuple[ChoiceCard, ...]:
        return tuple(self._cards)

    @property
    def key(self) -> str:
        """The key of the chosen answer."""
        return next((card.choice.key for card in self._cards if card.isChecked()), "")

    def choose(self, key: str) -> None:
        """Chooses `key`; an unknown key changes nothing."""
        for card in self._cards:
            if card.choice.key == key:
                card.setChecked(True)

    def set_choices(self, choices: Sequence[Choice], *, name: str = "") -> None:
        """The same answers in other words."""
        self.setAccessibleName(name)
        for card, choice in zip(self._cards, choices, strict=True):
            card.set_choice(choice)

    def take_focus(self) -> None:
        """Puts the keyboard on the chosen card."""
        for card in self._cards:
            if card.isChecked():
                card.setFocus(Qt.FocusReason.OtherFocusReason)

    def _announce(self, checked: bool) -> None:
        if checked:
            self.chosen.emit(self.key)

    def _arrange(self) -> None:
        stacked = self.window().width() < STACK_BELOW or theme().text_scale > LARGE_TEXT
        wanted = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        if self._row.direction() != wanted:
            self._row.setDirection(wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
