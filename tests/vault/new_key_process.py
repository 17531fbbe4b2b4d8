"""Makes a new key in a process of its own, as `python -m tests.vault.new_key_process FILE KEYS POINT`.

KEYS is a file that stands in for a keychain, behind the program's own `Keychain`. At the named POINT the process kills
itself; POINT `none` lets it end, POINT `after:SECONDS` kills it at that moment. It prints "done" at its end.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.vault import new_key, sqlite_rows
from assistant.vault.keychain import Keychain
from assistant.vault.rows import ConnectionRow

SERVICE = "new key"
POINTS = (
    "begun",
    "next stored",
    "first row sealed",
    "before the commit",
    "after the commit",
    "old removed",
    "new stored",
    "next removed",
)


class FileBackend:
    """A keychain in a file, each change in one step. Like macOS it replaces by removing first."""

    priority = 1

    def __init__(self, path: Path, changed: Callable[[str, str], None] = lambda _change, _service: None) -> None:
        self._path = path
        self._changed = changed

    def get_password(self, service: str, username: str) -> str | None:
        found = self._entries().get(f"{username}@{service}")
        assert found is None or isinstance(found, str)
        return found

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write({**self._entries(), f"{username}@{service}": password})
        self._changed("stored", service)

    def delete_password(self, service: str, username: str) -> None:
        entries = self._entries()
        del entries[f"{username}@{service}"]
        self._write(entries)
        self._changed("removed", service)

    def _entries(self) -> dict[str, str]:
        return json.loads(self._path.read_text()) if self._path.exists() else {}  # type: ignore[no-any-return]

    def _write(self, entries: dict[str, str]) -> None:
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}.{threading.get_ident()}")
        beside.write_text(json.dumps(entries))
        beside.replace(self._path)


class FileKeychain(Keychain):
    """The program's own keychain on such a file."""

    def __init__(self, path: Path, changed: Callable[[str, str], None] = lambda _change, _service: None) -> None:
        super().__init__(SERVICE)
        self._backend = FileBackend(path, changed)  # type: ignore[assignment]

    def _is_secret_service(self) -> bool:
        return False


class DyingRows(sqlite_rows.SqliteRows):
    """Tells when a transaction has come how far."""

    def __init__(self, path: Path, at: Callable[[str], None]) -> None:
        super().__init__(path)
        self._at = at
        self._transactions = 0

    @contextmanager
    def writing(self, *, leaving_nothing: bool = False) -> Iterator[sqlite_rows.SqliteWriting]:
        self._transactions += 1
        first = self._transactions == 1
        with super().writing(leaving_nothing=leaving_nothing) as writing:
            if first:
                self._at("begun")
                put = writing.put_connection

                def telling(row: ConnectionRow) -> None:
                    put(row)
                    self._at("first row sealed")

                writing.put_connection = telling  # type: ignore[method-assign]
            yield writing
            if first:
                self._at("before the commit")
        if first:
            self._at("after the commit")


def main(path: str, keys: str, point: str) -> None:
    def at(here: str) -> None:
        if here == point:
            os.kill(os.getpid(), signal.SIGKILL)

    def changed(change: str, service: str) -> None:
        if service != SERVICE:
            at(f"next {change}")
        else:
            at("old removed" if change == "removed" else "new stored")

    if point.startswith("after:"):
        threading.Thread(target=_die, args=(float(point.removeprefix("after:")),), daemon=True).start()
    print("ready", flush=True)
    made = new_key.make_new_key(DyingRows(Path(path), at), FileKeychain(Path(keys), changed))
    print(f"done {made}", flush=True)


def _die(seconds: float) -> None:
    time.sleep(seconds)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
