"""The keyboard's focus ring: 2 px in the text colour, 2 px away, drawn only for those who use the keyboard.

One ring a window lies over everything and follows the focus, so native fields and our own parts have the same and no
part must leave room for it. Which hand the person uses is read at the window's own QWindow, which gets presses alone:
an event filter on the application would call into Python for every event there is.
"""

from __future__ import annotations

from typing import cast

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QRegion, QWindow
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from assistant.window.theme import look, theme
from assistant.window.tokens import RADIUS_CARD, RADIUS_CONTROL, RING, RING_GAP

_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.TabletPress)
_MOVES = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange)
_OUTSET = RING + RING_GAP


class FocusRing(QWidget):
    """Lies over `window` and rings what the keyboard is on."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._frame = window
        self._keyboard = False
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._handle: QWindow | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        window.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._moved)
        look().changed.connect(self.update)
        self._attach()

    @property
    def target(self) -> QWidget | None:
        """What is ringed now."""
        return self._target if self.isVisible() else None

    def _attach(self) -> None:
        """Listens at the window's QWindow, which exists once the window is shown."""
        handle = cast("QWindow | None", self._frame.window().windowHandle())
        if handle is not None and handle is not self._handle and shiboken6.isValid(handle):
            # The first web page makes Qt destroy the window's QWindow and make another, drawn by the graphics card.
            if self._handle is not None and shiboken6.isValid(self._handle):
                self._handle.removeEventFilter(self)
            self._handle = handle
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.__dict__:  # Python's collector has taken this apart, and Qt not yet
            return False
        kind = event.type()
        if watched is self._handle:
            if kind == QEvent.Type.KeyPress:
                self._use_keyboard(self._keyboard or cast("QKeyEvent", event).key() not in _MODIFIERS)
            elif kind in _PRESSES:
                self._use_keyboard(False)
        else:
            if watched is self._frame and kind is QEvent.Type.Show:
                self._attach()
            if kind in _MOVES:
                self._place()
        return False

    def _use_keyboard(self, used: bool) -> None:
        if used != self._keyboard:
            self._keyboard = used
            self._place()

    def _moved(self, old: QWidget | None, new: QWidget | None) -> None:
        self._attach()
        for widget in self._watched:
            if shiboken6.isValid(widget):  # what stood around the old one may be gone with it
                widget.removeEventFilter(self)
        self._watched = []
        self._target = None
        frame = self._frame
        if new is not None and frame.isAncestorOf(new) and _rings(new):
            self._target = new
            walker: QWidget | None = new
            while walker is not None and walker is not frame:
                walker.installEventFilter(self)
                self._watched.append(walker)
                walker = walker.parentWidget()
        self._place()

    def _place(self) -> None:
        target, frame = self._target, self._frame
        if target is None or not self._keyboard or not target.isVisible():
            self.hide()
            return
        box = QRect(target.mapTo(frame, QPoint(0, 0)), target.size()).adjusted(-_OUTSET, -_OUTSET, _OUTSET, _OUTSET)
        self.setGeometry(box)
        clip = _clip(target, frame)
        if clip.contains(box):
            self.clearMask()
        else:
            self.setMask(QRegion(clip.translated(-box.topLeft())))
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        current = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(current.colour("text"), RING))
        inset = RING / 2
        tall = self.height() > current.px(80)
        radius = current.radius((RADIUS_CARD if tall else RADIUS_CONTROL) + RING_GAP)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)


def _rings(widget: QWidget) -> bool:
    """A ring belongs on what can be pressed or typed in; a heading or a web page that holds the focus has none."""
    return isinstance(widget, QAbstractButton | QLineEdit | QComboBox | QAbstractScrollArea)


def _clip(target: QWidget, frame: QWidget) -> QRect:
    """The part of `frame` where the ring may show: inside the scrolling area the target is in."""
    clip = frame.rect()
    walker = target.parentWidget()
    while walker is not None and walker is not frame:
        if isinstance(walker, QScrollArea):
            viewport = walker.viewport()
            clip &= QRect(viewport.mapTo(frame, QPoint(0, 0)), viewport.size())
        walker = walker.parentWidget()
    return clip
