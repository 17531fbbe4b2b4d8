"""Writes the journal of one attempt: each event at once, in one call, to the end of a file of its own.

What was handed to the operating system outlives this process however it ends: a kill loses at most the line that was
being written, and spoils none before it. A journal that cannot be written is left; it never stops the program.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.elapsed import elapsed as real_elapsed
from assistant.support.journal.events import Ended, Event, Full, Outcome, WishFailed
from assistant.support.journal.fields import Code, SupportCode, WishName
from assistant.support.journal.line import write_line

if TYPE_CHECKING:
    from filelock import FileLock

KEPT: Final = 20
"""Attempts, the one that begins among them."""

MOST_BYTES: Final = 128 * 1024
"""Of one attempt's file. Twenty of them come to 2.5 MB at most."""

_FOR_THE_END: Final = 512
_ENDING: Final = ".jsonl"


def journal_folder(state_file: Path) -> Path:
    """Where the journals lie: beside the choices of a closed window, practice in a folder of its own."""
    return state_file.with_name(f"{state_file.stem}-journal")


def journal_files(folder: Path) -> tuple[Path, ...]:
    """The files of all attempts, the newest first; none where they cannot be looked at."""
    try:
        found = [path for path in folder.iterdir() if path.suffix == _ENDING]
    except OSError:
        return ()
    return tuple(sorted(found, key=lambda path: path.name, reverse=True))


def lock_of(path: Path) -> Path:
    """The file whose lock the process that writes `path` holds for as long as it lives."""
    return path.with_suffix(".lock")


class Journal:
    """The journal of one attempt. Its methods never raise, and may be called on any thread.

    Attributes:
        path: its file; None where none could be made.
        lost: how many events could not be written.
    """

    def __init__(
        self,
        folder: Path,
        support_code: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        elapsed: Callable[[], float] = real_elapsed,
        most_bytes: int = MOST_BYTES,
        kept: int = KEPT,
    ) -> None:
        """Makes the file, for its owner alone, and clears away the oldest. Takes some milliseconds."""
        self._clock, self._elapsed, self._most = clock, elapsed, most_bytes
        self._begun = elapsed()
        self._writing = threading.Lock()
        self._handle: int | None = None
        self._alive: FileLock | None = None
        self._size = 0
        self._torn = self._full = False
        self.path: Path | None = None
        self.lost = 0
        try:
            self._open(folder, SupportCode(support_code))
            _clear_away(folder, kept)
        except (OSError, ValueError, NotImplementedError):
            pass  # nothing is written then; `path` says so

    def note(self, event: Event) -> None:
        """Writes `event`."""
        with self._writing:
            if self._full and not isinstance(event, Ended):
                self.lost += 1
                return
            line = self._line(event)
            if not isinstance(event, Ended) and self._size + len(line) > self._most - _FOR_THE_END:
                self._full = True
                self.lost += 1
                line = self._line(Full())
            self._write(line)

    def wish_failed(self, name: str, code: str) -> None:
        """For `effects.Ports.journal`."""
        with suppress(ValueError):  # what is no wish, or no code, is nothing to write down
            self.note(WishFailed(wish=WishName(name), code=Code(code)))

    def end(self, outcome: Outcome) -> None:
        """Writes that the attempt ended as it should, and lets go of the file."""
        self.note(Ended(outcome=outcome))
        self.close()

    def close(self) -> None:
        """Lets go of the file without saying that the attempt ended."""
        with self._writing:
            handle, self._handle = self._handle, None
            alive, self._alive = self._alive, None
            with suppress(OSError):
                if handle is not None:
                    os.close(handle)
            with suppress(OSError):
                if alive is not None:
                    alive.release()

    def _open(self, folder: Path, support_code: SupportCode) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        began = self._clock().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        for number in range(1, 100):  # the same code twice in a second is only ever a test's
            name = f"{began}-{support_code.text}" + (f"-{number}" if number > 1 else "")
            path = folder / f"{name}{_ENDING}"
            with suppress(FileExistsError):
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0)
                self._handle = os.open(path, flags, 0o600)
                self.path = path
                break
        if self.path is None:
            return
        from filelock import FileLock  # 50 ms, which a command that reads no journal need not wait for

        alive = FileLock(lock_of(self.path), mode=0o600, thread_local=False)
        alive.acquire(timeout=0)
        self._alive = alive

    def _line(self, event: Event) -> bytes:
        return write_line(event, at=self._clock(), after=self._elapsed() - self._begun)

    def _write(self, line: bytes) -> None:
        if self._handle is None:
            self.lost += 1
            return
        if self._torn:
            line = b"\n" + line  # what a full disk left of an earlier line ends here
        try:
            written = os.write(self._handle, line)
        except OSError:
            self.lost += 1
            return
        self._size += written
        self._torn = written < len(line)
        self.lost += self._torn


def _clear_away(folder: Path, kept: int) -> None:
    for path in journal_files(folder)[kept:]:
        for each in (path, lock_of(path)):
            with suppress(OSError):
                each.unlink()
