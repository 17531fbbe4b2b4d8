"""Tells when a page is first seen, and when nothing can be seen for too long. No engine, no script in the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

BLANK_AFTER_MS: Final = 15_000
SILENT_AFTER_MS: Final = 30_000
_LOOK_EVERY_MS: Final = 100
_LOOK_LESS_OFTEN_MS: Final = 500
_SHARP_LOOKS: Final = 20


def is_blank(picture: QImage) -> bool:
    """Whether every pixel has the same colour; so does a picture without pixels."""
    if picture.isNull():
        return True
    pixels = picture.convertToFormat(QImage.Format.Format_RGB32)
    data = bytes(pixels.constBits())
    return data == data[:4] * (len(data) // 4)


class PaintWatch(QObject):
    """Watches one page from the moment it is asked for.

    Signals:
        shown: something other than one flat colour is on the screen; once for each `begin`.
        blank: a page came, and 15 seconds later there is still nothing on it.
        silent: no page came within 30 seconds.
    """

    shown = Signal()
    blank = Signal()
    silent = Signal()

    def __init__(
        self,
        picture: Callable[[], QImage | None],
        parent: QObject | None = None,
        *,
        blank_after: int = BLANK_AFTER_MS,
        silent_after: int = SILENT_AFTER_MS,
    ) -> None:
        """`picture` gives what is on the screen now, or None while the page is not visible: then nobody waits for it
        and the limits stand still. Limits in milliseconds."""
        super().__init__(parent)
        self._picture = picture
        self._blank_after = blank_after
        self._silent = QTimer(self, singleShot=True, interval=silent_after)
        self._silent.timeout.connect(self.silent)
        self._looks = QTimer(self, interval=_LOOK_EVERY_MS)
        self._looks.timeout.connect(self._look)
        self._waited = 0
        self._looked = 0

    def begin(self) -> None:
        """A page was asked for."""
        self.stop()
        self._silent.start()

    def arrived(self) -> None:
        """A page's first bytes came; from now it should soon be seen."""
        self._silent.stop()
        self._waited = self._looked = 0
        self._looks.start(_LOOK_EVERY_MS)

    def stop(self) -> None:
        """Nothing is waited for any more."""
        self._silent.stop()
        self._looks.stop()

    def _look(self) -> None:
        picture = self._picture()
        if picture is None:
            return
        if not is_blank(picture):
            self._looks.stop()
            self.shown.emit()
            return
        self._waited += self._looks.interval()
        self._looked += 1
        if self._waited >= self._blank_after:
            self._looks.stop()
            self.blank.emit()
        elif self._looked >= _SHARP_LOOKS:
            self._looks.setInterval(_LOOK_LESS_OFTEN_MS)
