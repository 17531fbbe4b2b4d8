"""An event as one line of JSON, and back. Nothing but the declared fields, each of its kind, goes either way."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from assistant.support.journal.events import Event, event_types, fields_of
from assistant.support.journal.fields import MOST, Written, kind_of

LONGEST: Final = 2_000
"""Bytes of a line. None that is written comes near it."""

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a journal as it was read.

    Attributes:
        event: its name, one of `event_types()`.
        at: when, UTC, by this computer's clock.
        after: seconds since the attempt began, by a clock that nobody can set.
        values: the fields that were there and right.
    """

    event: str
    at: datetime
    after: float
    values: Mapping[str, Written]


def write_line(event: Event, *, at: datetime, after: float) -> bytes:
    """`event` as a line with its end. Never raises for what the fields hold."""
    line: dict[str, Written] = {
        "event": event.name,
        "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "after": round(max(0.0, min(after, float(MOST))), 1),
    }
    for name, declared in fields_of(type(event)).items():
        written = kind_of(declared).write(getattr(event, name))
        if written is not None:
            line[name] = written
    return json.dumps(line, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def read_line(line: bytes) -> Entry | None:
    """What stands in `line`; None where that is no event of this program, such as a line that was cut off."""
    if len(line) > LONGEST:
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    kind = event_types().get(str(found.get("event")))
    at, after = found.get("at"), found.get("after")
    if kind is None or not isinstance(at, str) or not _MOMENT.fullmatch(at):
        return None
    if isinstance(after, bool) or not isinstance(after, int | float) or not 0 <= after <= MOST:
        return None
    try:
        moment = datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    values = {
        name: found[name]
        for name, declared in fields_of(kind).items()
        if name in found and kind_of(declared).reads(found[name])
    }
    return Entry(event=kind.name, at=moment, after=float(after), values=values)
