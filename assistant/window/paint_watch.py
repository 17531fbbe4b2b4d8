"""Tells when a page is first seen, and when nothing can be seen for too long. No engine, no script in the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

SILENT_AFTER_MS: Final = 30_000
LOADING_AFTER_MS: Final = 45_000
BLANK_AFTER_MS: Final = 15_000
LONGEST_MS: Final = SILENT_AFTER_MS + LOADING_AFTER_MS + BLANK_AFTER_MS
"""Until something is seen of a page that is asked for, or it is said why not."""
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

    A page is blank only once all of it has come: until then it may be white because its script is still on the way.

    Signals:
        shown: something other than one flat colour is on the screen; once for each page.
        blank: a page came whole, and 15 seconds later there is still nothing on it.
        silent: no page came within 30 seconds, or one of which nothing was to be seen had not come whole in 45.
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
        loading_after: int = LOADING_AFTER_MS,
        silent_after: int = SILENT_AFTER_MS,
    ) -> None:
        """`picture` gives what is on the screen now, or None while the page is not visible: then nobody waits for it
        and the limits stand still. Limits in milliseconds."""
        super().__init__(parent)
        self._picture = picture
        self._blank_after, self._loading_after = blank_after, loading_after
        self._silent = QTimer(self, singleShot=True, interval=silent_after)
        self._silent.timeout.connect(self.silent)
        self._looks = QTimer(self, interval=_LOOK_EVERY_MS)
        self._looks.timeout.connect(self._look)
        self._watching = self._loading = self._seen = False
        self._waited = 0
        self._looked = 0

    def begin(self) -> None:
        """A page was asked for."""
        self.stop()
        self._watching = True
        self._silent.start()

    def arrived(self, *, loading: bool) -> None:
        """A page's first bytes came, and while it is `loading` more are to come; from now it should soon be seen."""
        self._silent.stop()
        self._watching, self._loading, self._seen = True, loading, False
        self._look_from_now()

    def ended(self) -> None:
        """A load ended, and a page stands: the one that came, or the one before where none was to come.

        A download, an answer without content and an address for another program are asked for like pages.
        """
        if not self._watching:
            return
        self._silent.stop()
        if not self._seen and (self._loading or not self._looks.isActive()):
            self._loading = False
            self._look_from_now()

    def stop(self) -> None:
        """Nothing is waited for any more."""
        self._watching = False
        self._silent.stop()
        self._looks.stop()

    def _look_from_now(self) -> None:
        self._waited = self._looked = 0
        self._looks.start(_LOOK_EVERY_MS)

    def _look(self) -> None:
        picture = self._picture()
        if picture is None:
            return
        if not is_blank(picture):
            self._looks.stop()
            self._seen = True
            self.shown.emit()
            return
        self._waited += self._looks.interval()
        self._looked += 1
        if self._waited >= (self._loading_after if self._loading else self._blank_after):
            self._looks.stop()
            (self.silent if self._loading else self.blank).emit()
        elif self._looked >= _SHARP_LOOKS:
            self._looks.setInterval(_LOOK_LESS_OFTEN_MS)
