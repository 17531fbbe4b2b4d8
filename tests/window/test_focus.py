"""The focus ring outlives the window's QWindow, which Qt makes anew when the first web page is shown in it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from assistant.window.footer import Action, ButtonRow
from assistant.window.frame import Frame


def test_it_listens_at_the_new_window(qtbot: QtBot) -> None:
    frame = Frame()
    qtbot.addWidget(frame)
    frame.set_buttons(ButtonRow(filled=Action("Start")))
    frame.show()
    before = frame.windowHandle()
    frame.destroy()
    assert not shiboken6.isValid(before)
    frame.hide()
    frame.show()
    assert frame.windowHandle() is not None
    frame.footer.filled.setFocus()
    QTest.keyClick(frame.windowHandle(), Qt.Key.Key_Tab)
    frame.footer.filled.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: frame.focus_ring.target is frame.footer.filled, timeout=2_000)
