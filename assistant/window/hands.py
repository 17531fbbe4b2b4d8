"""Hands for the tour: real key and mouse events, and patience. They reach the window as a person's would."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

PATIENCE_SECONDS = 30.0
_LOOK_EVERY = 0.02


class NotReachedError(RuntimeError):
    """Something the tour waited for did not come."""


async def until(reached: Callable[[], object], what: str, *, patience: float = PATIENCE_SECONDS) -> None:
    """Waits until `reached()` is true.

    Raises:
        NotReachedError: it was not within `patience` seconds; names `what`.
    """
    try:
        async with asyncio.timeout(patience):
            while not reached():  # noqa: ASYNC110 - a person looks again and again too
                await asyncio.sleep(_LOOK_EVERY)
    except TimeoutError:
        raise NotReachedError(f"waited {patience:.0f} s for {what}") from None


async def click(widget: QWidget) -> None:
    """Clicks in the middle of `widget` with the left mouse button, once it can be clicked."""
    await until(lambda: widget.isVisible() and widget.isEnabled(), f"{_name(widget)} to be there")
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, _middle(widget))
    await asyncio.sleep(_LOOK_EVERY)


async def press(widget: QWidget, key: Qt.Key, times: int = 1) -> None:
    """Presses `key` in `widget`."""
    for _ in range(times):
        QTest.keyClick(widget, key)
        await asyncio.sleep(_LOOK_EVERY)


async def settle(seconds: float = 0.2) -> None:
    """Lets layouts, fades and spinners come to rest."""
    await asyncio.sleep(seconds)
    QApplication.sendPostedEvents()


def _middle(widget: QWidget) -> QPoint:
    return widget.rect().center()


def _name(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QAbstractButton) else type(widget).__name__
