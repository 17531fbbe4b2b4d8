"""What a screen reader is told beyond what Qt's own parts say: which text is the heading, and news without focus."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

# There is no heading role here, though Qt knows one: a widget gets another role only through an accessibility factory,
# and with PySide6 6.12.0 any factory written in Python ends in a segmentation fault when the browser engine loads its
# first page (Qt then asks it about the engine's own half-made objects), while PySide offers no way to take it out
# again. A page's heading is named, focused on arrival and announced instead.


def announce(widget: QWidget, text: str, *, assertive: bool = False) -> None:
    """Has a screen reader say `text` without moving the focus; `assertive` interrupts what it is saying."""
    if not text or not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if assertive else politeness.Polite)
    QAccessible.updateAccessibility(event)
