"""The gate that ordinary logging goes through: who said it and how serious, where it happened, and nothing of the text.

A log line can hold an address with its code, a header or a body. So no record is formatted here, none of its
arguments are looked at, and no other handler is left that would.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Final

from assistant.support.journal.events import Event, Faulted, Level, Logged, QtPart, QtSaid
from assistant.support.journal.fields import FaultKind, LoggerName, Place

Note = Callable[[Event], None]

_LEVELS: Final = (
    (logging.CRITICAL, Level.CRITICAL),
    (logging.ERROR, Level.ERROR),
    (logging.WARNING, Level.WARNING),
    (logging.INFO, Level.INFO),
)
_QT_PARTS: Final = (
    ("qt.qpa", QtPart.PLATFORM),
    ("qt.webengine", QtPart.ENGINE),
    ("qt.network", QtPart.NETWORK),
    ("qt.tls", QtPart.NETWORK),
    ("js", QtPart.PAGE),
)


class Gate(logging.Handler):
    """The one handler there is; it hands `note` what may be known of a record."""

    def __init__(self, note: Note) -> None:
        super().__init__()
        self._note = note
        self._busy = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        """Never formats the record. What is logged while an event is written is left out: it would not end."""
        if getattr(self._busy, "now", False):
            return
        self._busy.now = True
        try:
            self._note(logged(record))
        finally:
            self._busy.now = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Says nothing: logging's own would print the record's arguments."""


def logged(record: logging.LogRecord) -> Logged:
    """`record` as an event."""
    kind = fault = traceback = None
    if isinstance(record.exc_info, tuple):
        kind, fault, traceback = record.exc_info
    place = Place.of(traceback or (fault.__traceback__ if fault is not None else None))
    return Logged(
        logger=LoggerName(record.name),
        level=next((level for number, level in _LEVELS if record.levelno >= number), Level.DEBUG),
        fault=FaultKind(kind) if kind is not None else None,
        place=place or Place(_module(record), record.lineno),
    )


def guard_logging(note: Note, *, level: int = logging.WARNING) -> Gate:
    """Makes a gate to `note` the one handler of this process, for warnings of Python's too."""
    gate = Gate(note)
    root = logging.getLogger()
    named = [each for each in logging.Logger.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    for logger in (root, *named):
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
        logger.propagate = True
    root.addHandler(gate)
    root.setLevel(level)
    logging.lastResort = None  # would print what finds no handler
    logging.raiseExceptions = False  # else a record that cannot be formatted is printed with its arguments
    logging.captureWarnings(True)
    return gate


def guard_exceptions(note: Note) -> None:
    """Tells `note` of what escapes on any thread, by type and place; no traceback with its texts is printed."""

    def escaped(kind: type[BaseException], fault: BaseException | None, traceback: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt | SystemExit):
            note(Faulted(fault=FaultKind(kind), place=Place.of(traceback)))

    sys.excepthook = escaped
    threading.excepthook = lambda told: escaped(told.exc_type, told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: escaped(told.exc_type, told.exc_value, told.exc_traceback)


def qt_said(category: str, severity: int) -> QtSaid:
    """A message of Qt's as an event. `severity` is a `QtMsgType`: 0 debug, 1 warning, 2 critical, 3 fatal, 4 info."""
    part = next((part for beginning, part in _QT_PARTS if category.startswith(beginning)), QtPart.OTHER)
    level = {0: Level.DEBUG, 1: Level.WARNING, 2: Level.ERROR, 3: Level.CRITICAL, 4: Level.INFO}.get(severity)
    return QtSaid(part=part, level=level or Level.WARNING)


def _module(record: logging.LogRecord) -> str:
    """The loaded module whose file logged it."""
    for name, module in list(sys.modules.items()):
        if getattr(module, "__file__", None) == record.pathname:
            return name
    return ""
