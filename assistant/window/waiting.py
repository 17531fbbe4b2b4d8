"""How a wait is shown: nothing at first, then what is being done, then what is slow, then the way out."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assistant.window.accessibility import announce
from assistant.window.buttons import LinkButton
from assistant.window.column import put
from assistant.window.spinner import Spinner
from assistant.window.text import Body
from assistant.window.tokens import SPACE_2, SPACE_3


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """Seconds after which each part of a wait is shown."""

    verb: float = 0.3
    slow: float = 8.0
    way_out: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingWords:
    """What a wait says, in the language of now; "" leaves a part out.

    Attributes:
        verb: what is being done, beside a spinner; left out where the page shows it otherwise.
        slow: what takes its time, and what it may wait for.
        way_out: what the person can do instead of waiting.
        button: the label of that way; it emits `given_up`.
    """

    verb: str = ""
    slow: str = ""
    way_out: str = ""
    button: str = ""


class Waiting(QWidget):
    """Counts from the moment it is seen, and begins anew when it was hidden.

    Signals:
        given_up: the way out was pressed.
        advanced: `reached` has changed.
    """

    given_up = Signal()
    advanced = Signal()

    def __init__(self, *, delays: Delays | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delays = delays or Delays()
        self._words = WaitingWords()
        self._reached = 0
        self._verb_line = QWidget()
        self._verb, self._slow, self._way_out = Body(), Body(colour="muted"), Body()
        self._button = LinkButton()
        self._button.clicked.connect(self.given_up)
        line = QHBoxLayout(self._verb_line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACE_3)
        line.addWidget(Spinner())
        line.addWidget(self._verb, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        for part in (self._verb_line, self._slow, self._way_out, self._button):
            put(column, part)
        self._timers = [QTimer(self) for _ in range(3)]
        for number, timer in enumerate(self._timers, start=1):
            timer.setSingleShot(True)
            timer.timeout.connect(lambda reached=number: self._reach(reached))
        self._show_parts()

    def set_words(self, words: WaitingWords) -> None:
        """What it says from now on; time goes on."""
        self._words = words
        self._show_parts()

    @property
    def reached(self) -> int:
        """How much is shown: 0 nothing, 1 the verb, 2 what is slow, 3 the way out."""
        return self._reached

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if event.spontaneous():  # the window comes back from the task bar; the wait has not begun anew
            return
        delays = (self._delays.verb, self._delays.slow, self._delays.way_out)
        for timer, seconds in zip(self._timers, delays, strict=True):
            timer.start(round(seconds * 1000))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if event.spontaneous():
            return
        for timer in self._timers:
            timer.stop()
        self._reached = 0
        self._show_parts()
        self.advanced.emit()

    def _reach(self, reached: int) -> None:
        self._reached = reached
        self._show_parts()
        self.advanced.emit()
        announce(self, ("", self._words.verb, self._words.slow, self._words.way_out)[reached])

    def _show_parts(self) -> None:
        words = self._words
        for number, part, said in (
            (1, self._verb, words.verb),
            (2, self._slow, words.slow),
            (3, self._way_out, words.way_out),
            (3, self._button, words.button),
        ):
            part.setText(said)
            (self._verb_line if part is self._verb else part).setVisible(bool(said) and self._reached >= number)
