"""One renewal killed, and what the next one makes of it."""

from __future__ import annotations

import multiprocessing
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from assistant.practice.server import PracticeServer
from tests.kills.renewing import renew
from tests.vault.at_practice import TENANT, connected, vault_at

BEFORE: Final = ("asked", "locked", "begun")
"""Points before anything is sent."""
BETWEEN: Final = ("arrived", "used up", "answered", "saving", "written")
"""Points at which Fortnox has the request and this computer has not committed what came of it."""
AFTER: Final = ("committed", "saved")
POINTS: Final = (*BEFORE, *BETWEEN, *AFTER)
RANDOM: Final = "random"

_LIMIT = 60.0
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.kills.renewing", "assistant.fortnox.client", "filelock"])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one trial.

    Attributes:
        point: where it was killed; `RANDOM` for a random moment.
        killed: whether the kill came before the renewal's own end.
        used_up: whether practice granted a renewal whose new refresh token is not in the vault.
        then: what the next process got: "token", or a code, with " unknown" where an answer was lost before.
        whole: whether the file passed SQLite's own check and every row opened.
    """

    point: str
    killed: bool
    used_up: bool
    then: str
    whole: bool

    @property
    def right(self) -> bool:
        """A token, but where Fortnox's answer was lost with the process: there it has to be said so."""
        return self.whole and self.then == ("TOKEN-11 unknown" if self.used_up else "token")


class Trials:
    """Trials against one practice server and one vault."""

    def __init__(self, server: PracticeServer, path: Path, *, seed: int) -> None:
        self._server = server
        self._path = path
        self._random = random.Random(seed)
        self._number = 0
        self._usual = 0.0

    def at(self, point: str) -> Outcome:
        """Kills one renewal at `point` and lets another process ask."""
        self._number += 1
        connection = connected(self._server, self._path, person_id=str(self._number), tenant_id=TENANT)
        process, pipe = self._started(connection.id, point if point in (*BEFORE, *BETWEEN[2:], *AFTER) else "")
        if point in ("arrived", "used up"):
            with self._at_the_ledger(process.kill, before=point == "arrived"):
                process.join(_LIMIT)
        else:
            if point == RANDOM:
                time.sleep(self._random.uniform(0, self._usual_seconds()))
                process.kill()
            process.join(_LIMIT)
        assert process.exitcode is not None, "the renewal never ended"
        killed = process.exitcode == -signal.SIGKILL
        assert killed or point == RANDOM, f"{point} was never reached"
        pipe.close()
        self._settled()
        used_up = self._used_up(connection.id)
        then = self._asked(connection.id)
        return Outcome(point, killed, used_up, then, self._whole(connection.id))

    def _started(self, connection_id: str, point: str) -> tuple[Any, Any]:
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=renew, args=(self._path, connection_id, point, theirs), daemon=True)
        process.start()
        theirs.close()
        assert ours.poll(_LIMIT), "the process never began"
        assert ours.recv() == "ready"
        return process, ours

    def _asked(self, connection_id: str) -> str:
        process, pipe = self._started(connection_id, "")
        assert pipe.poll(_LIMIT), "nobody answered"
        told: str = pipe.recv()
        process.join(_LIMIT)
        pipe.close()
        return told

    @contextmanager
    def _at_the_ledger(self, kill: Callable[[], None], *, before: bool) -> Iterator[None]:
        ledger = self._server.run.ledger
        real = ledger.renew

        def renewed(*arguments: Any, **named: Any) -> Any:
            if before:
                kill()
            answer = real(*arguments, **named)
            if not before:
                kill()
            return answer

        ledger.renew = renewed  # type: ignore[method-assign]
        try:
            yield
        finally:
            ledger.renew = real  # type: ignore[method-assign]

    def _settled(self) -> None:
        """Waits until practice has done with what a killed process had sent."""
        seen = -1
        while seen != (seen := len(self._server.log)):
            time.sleep(0.05)

    def _used_up(self, connection_id: str) -> bool:
        kept = vault_at(self._path).secrets(connection_id).refresh_token
        assert kept is not None
        return self._server.run.ledger.holdings.refresh_tokens[kept.reveal()].used_at is not None

    def _usual_seconds(self) -> float:
        """How long a renewal takes that nobody kills; measured once."""
        if not self._usual:
            connection = connected(self._server, self._path, person_id="measured", tenant_id=TENANT)
            process, pipe = self._started(connection.id, "")
            began = time.perf_counter()
            assert pipe.poll(_LIMIT)
            assert pipe.recv() == "token"
            self._usual = time.perf_counter() - began
            process.join(_LIMIT)
        return self._usual

    def _whole(self, connection_id: str) -> bool:
        with closing(sqlite3.connect(self._path)) as database:
            checked = database.execute("PRAGMA integrity_check").fetchone()[0]
        return bool(checked == "ok" and vault_at(self._path).renewals.held(connection_id))
