"""What a screen reader is told beyond what Qt's own parts say: which text is the heading, and news without focus."""

from __future__ import annotations

import shiboken6
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

_interfaces: list[QAccessibleInterface] = []


def give_role(widget: QWidget, role: QAccessible.Role) -> None:
    """Lets screen readers know `widget` by `role`, which a plain widget has no property for.

    The interface is registered for this one widget. An accessibility factory would be Qt's usual way, but with PySide6
    6.12.0 any factory written in Python ends in a segmentation fault when the browser engine loads its first page: Qt
    then asks it about the engine's own half-made objects.
    """
    # Qt deletes an interface with its widget but keeps no reference of Python's, so we keep one until Qt has deleted
    # it; dropping it earlier would delete it twice.
    _interfaces[:] = [interface for interface in _interfaces if shiboken6.isValid(interface)]
    _interfaces.append(QAccessibleWidget(widget, role))
    QAccessible.registerAccessibleInterface(_interfaces[-1])


def announce(widget: QWidget, text: str, *, assertive: bool = False) -> None:
    """Has a screen reader say `text` without moving the focus; `assertive` interrupts what it is saying."""
    if not text or not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if assertive else politeness.Polite)
    QAccessible.updateAccessibility(event)
