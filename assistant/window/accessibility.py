"""What a screen reader is told beyond what Qt's own parts say: which text is the heading, and news without focus."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

_HEADING = "assistantHeading"
_interfaces: dict[int, QAccessibleInterface] = {}
_installed = False


def mark_heading(widget: QWidget) -> None:
    """Gives `widget` the heading role. Its name stays its text or accessible name."""
    global _installed
    widget.setProperty(_HEADING, True)
    if not _installed:
        QAccessible.installFactory(_interface_for)
        _installed = True


def _interface_for(_class_name: str, thing: QObject | None) -> QAccessibleInterface | None:
    """Qt asks for every part of the window; only headings are ours. Qt keeps no reference of Python's, so we do."""
    if not isinstance(thing, QWidget) or not thing.property(_HEADING):
        return None
    found = QAccessibleWidget(thing, QAccessible.Role.Heading)
    key = id(found)
    _interfaces[key] = found
    thing.destroyed.connect(lambda: _interfaces.pop(key, None))
    return found


def announce(widget: QWidget, text: str, *, assertive: bool = False) -> None:
    """Has a screen reader say `text` without moving the focus; `assertive` interrupts what it is saying."""
    if not text or not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if assertive else politeness.Polite)
    QAccessible.updateAccessibility(event)
