"""Bringing the window back to the front after the person was in another program."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def bring_to_front(window: QWidget) -> None:
    """Shows `window` above the others and gives it the keyboard, where the system lets a program do that.

    Windows and Wayland often allow neither to a program that is not in front; then its entry in the task bar asks for
    attention. A window that was hidden on purpose stays hidden.
    """
    if not window.isVisible():
        return
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)
