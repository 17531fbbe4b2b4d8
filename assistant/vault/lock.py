"""One renewal at a time, however many threads and processes ask: a lock for each connection.

The operating system holds the lock and gives it up when the process dies, so there is no stale one to clear away. The
files stay; an empty file for each connection is cheaper than the races of deleting it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from assistant.problems import stop
from assistant.vault.renewal import REQUEST_SECONDS, SAVE_PAUSES
from assistant.vault.sqlite_problems import system_problem
from assistant.vault.sqlite_rows import BUSY_SECONDS

_VIEW: Final = BUSY_SECONDS
_BEGIN: Final = 2 * BUSY_SECONDS
_REQUESTS: Final = 2 * REQUEST_SECONDS
_SAVING: Final = sum(SAVE_PAUSES) + (len(SAVE_PAUSES) + 1) * BUSY_SECONDS

WAIT_SECONDS: Final = 1.1 * (_VIEW + _BEGIN + _REQUESTS + _SAVING)
"""Longer than the longest renewal, in which everything waits for as long as it may: each try to save waits once, since
whoever else writes is done then."""


class ConnectionLocks:
    """The locks of one vault's connections, in a folder beside it."""

    def __init__(self, vault_file: Path, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self._folder = vault_file.parent / f"{vault_file.stem}.locks"
        self._wait = wait_seconds

    @contextmanager
    def held(self, connection_id: str) -> Iterator[None]:
        """Waits for the connection's lock and holds it. Blocks.

        Raises:
            ProblemError: STORE-09 or STORE-10, no lock can be made here; STORE-14, it was not free in time.
        """
        from filelock import FileLock, Timeout  # 50 ms, which a token that is at hand need not wait for

        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Not the thread's own: whoever has this object may give it back, and nobody else has it.
            lock = FileLock(self._folder / f"{connection_id}.lock", mode=0o600, thread_local=False)
            lock.acquire(timeout=self._wait)
        except Timeout:
            raise stop("STORE-14", details={"lock": "renewal"}) from None
        except OSError as failure:
            raise system_problem(failure) from None
        try:
            yield
        finally:
            lock.release()
