"""A practice run in one JSON file, so that it can be resumed. The only place where practice writes its secrets."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from assistant.practice.ledger import Holdings
from assistant.practice.people import Population

VERSION: Final = 1


class StateFileError(Exception):
    """The state file cannot be used. The text names the file and the reason, and holds nothing out of it."""


@dataclass(slots=True, kw_only=True)
class Snapshot:
    """What a run needs to go on. `advanced` is how many seconds its clock had been moved forward."""

    version: int = VERSION
    advanced: float
    population: Population
    passwords: dict[str, str] = field(repr=False)
    holdings: Holdings = field(repr=False)


def load(path: Path) -> Snapshot | None:
    """The run kept in `path`, or None when there is no such file.

    Raises:
        StateFileError: it cannot be read, is damaged or comes from another version.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateFileError(f"{path} cannot be read: {error.strerror}") from None
    try:
        snapshot = msgspec.json.decode(content, type=Snapshot)
    except msgspec.DecodeError:
        raise StateFileError(f"{path} is not a practice state file, or it is damaged") from None
    if snapshot.version != VERSION:
        raise StateFileError(f"{path} was written by another version of practice")
    return snapshot


def save(path: Path, snapshot: Snapshot) -> None:
    """Replaces `path` whole: a reader finds the old run or the new one, and only the owner can read it.

    Raises:
        StateFileError: it cannot be written.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(snapshot), indent=1))
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StateFileError(f"{path} cannot be written: {error.strerror}") from None
