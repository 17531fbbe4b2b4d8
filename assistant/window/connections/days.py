"""Dates as the list writes them: short in a column, long in a sentence, in this computer's time zone."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QDate, QLocale

from assistant.language import current

_LONG: Final = "d MMMM yyyy"


def short_day(moment: datetime) -> str:
    """As in tables: 2027-01-04."""
    return moment.astimezone().date().isoformat()


def long_day(moment: datetime) -> str:
    """As in a sentence, with the month in the language of now: 4 January 2027."""
    day, code = moment.astimezone().date(), current().code
    spoken = QLocale("en_GB" if code == "en" else code)
    return str(spoken.toString(QDate(day.year, day.month, day.day), _LONG))


def is_same_day(moment: datetime, other: datetime) -> bool:
    """Whether both fall on one day here."""
    return moment.astimezone().date() == other.astimezone().date()
