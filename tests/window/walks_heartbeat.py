"""Scenario of the journey: a heartbeat through the whole tour, and what stood in its way."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

from assistant.window.tour import Guide
from tests.window.walk import Stage, scenario

BEAT_MS = 20
LATE_SECONDS = 0.1
SAMPLE_SECONDS = 0.02
FRAMES = 5


class Heart(QObject):
    """Beats every 20 ms in the event loop. A thread beside it notes where the window's thread is when a beat is late.

    Attributes:
        beats: the moments, by `time.perf_counter`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.beats = [time.perf_counter()]
        self._samples: list[tuple[float, str]] = []
        self._main = threading.get_ident()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self.beats.append(time.perf_counter()))
        self._timer.start(BEAT_MS)
        self._stopped = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        self._timer.stop()
        self._stopped.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._stopped.wait(SAMPLE_SECONDS):
            now = time.perf_counter()
            if now - self.beats[-1] > LATE_SECONDS:
                self._samples.append((now, " < ".join(self._where())))

    def _where(self) -> list[str]:
        """Where the window's thread is. Lets its frames go at once: one of a paint event would keep a painter alive."""
        frame, found = sys._current_frames().get(self._main), []
        while frame is not None and len(found) < FRAMES:
            found.append(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno} {frame.f_code.co_name}")
            frame = frame.f_back
        del frame
        return found

    def gaps(self, since: float) -> list[dict[str, object]]:
        """Those over `LATE_SECONDS` after the moment `since`: when, how long in ms, and where the thread was seen."""
        found: list[dict[str, object]] = []
        for before, after in zip(self.beats, self.beats[1:], strict=False):
            if before >= since and after - before > LATE_SECONDS:
                seen = {where for moment, where in self._samples if before < moment <= after}
                length = round((after - before) * 1000)
                found.append({"at": round(before - since, 2), "ms": length, "where": sorted(seen)})
        return found


class Walking(Guide):
    """The tour without its pictures, which no person waits for."""

    async def picture(self, name: str) -> None:
        self.pictures.append(self.out / name)


@scenario
async def heartbeat(stage: Stage) -> None:
    """The tour, from the first paint to the connections at its end."""
    heart = Heart()
    async with stage.window(at_once=True) as walker:
        painted = walker.painted
        ready: list[float] = []

        def note() -> None:
            if walker.session.engine_ready.is_set() and not ready:
                ready.append(time.perf_counter())

        heart._timer.timeout.connect(note)
        guide = Walking(walker.session, stage.folder)
        await guide.walk()
        await walker.until(lambda: walker.window.at_home, "the connections")
        heart.stop()
        started = ready[0] - painted
        tenants = [each.tenant_id for each in walker.vault.connections()]
        walker.mark(
            "tour",
            vault=False,
            gaps=heart.gaps(painted),
            beats=len(heart.beats),
            engine=started,
            pages=len(guide.pictures),
            tenants=tenants,
        )
