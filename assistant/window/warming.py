"""Starts the browser engine while earlier pages are read, with as little of it as possible on the window's thread.

Order: a thread of its own reads the engine's files and loads its library (200 MB, the slow part); then, in turns of
the event loop, its modules are imported and an empty off-the-record page is loaded, which starts its processes.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QLibraryInfo, QObject, QTimer, Signal

from assistant.problems import Occurrence, occurrence

_READ: Final = 4 * 1024 * 1024
_BREATH_MS: Final = 30
_LIMIT_MS: Final = 30_000
_BROWSER: Final = "assistant.window.browser"


def engine_process() -> Path | None:
    """The program the engine runs its pages in; None where it lies inside a bundle (macOS)."""
    if sys.platform == "darwin":
        return None
    name = "QtWebEngineProcess.exe" if sys.platform == "win32" else "QtWebEngineProcess"
    return Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.LibraryExecutablesPath)) / name


def engine_libraries() -> tuple[Path, ...]:
    """The engine's shared library where it can be loaded ahead of its modules; nothing on macOS (a framework)."""
    if sys.platform == "win32":
        folder, names = QLibraryInfo.LibraryPath.BinariesPath, ("Qt6WebEngineCore.dll",)
    elif sys.platform == "darwin":
        return ()
    else:
        folder, names = QLibraryInfo.LibraryPath.LibrariesPath, ("libQt6WebEngineCore.so.6",)
    found = (Path(QLibraryInfo.path(folder)) / name for name in names)
    return tuple(path for path in found if path.is_file())


def engine_files() -> tuple[Path, ...]:
    """What the engine reads when it starts."""
    data = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.DataPath)) / "resources"
    process = engine_process()
    return (*engine_libraries(), *([process] if process else []), *sorted(data.glob("*.pak")), *data.glob("*.dat"))


def read_ahead(files: Iterable[Path]) -> None:
    """Reads `files` to their end, so that they lie in memory when the engine maps them. What cannot be read is left."""
    for path in files:
        with contextlib.suppress(OSError), path.open("rb", buffering=0) as stream:
            while stream.read(_READ):
                pass


class Warming(QObject):
    """One start of the engine. Keep it until `done`.

    Signals:
        done: None when the engine runs, or the `Occurrence` that says why it cannot.
    """

    done = Signal(object)
    _read = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine: Any = None
        self._finished = False
        self._read.connect(self._import)

    def begin(self) -> None:
        """Begins; returns at once. Call it after the first window is shown."""
        QTimer.singleShot(_LIMIT_MS, self, lambda: self._finish(occurrence("WEB-04", {"stage": "time-out"})))
        threading.Thread(target=self._read_engine, name="engine-read-ahead", daemon=True).start()

    def stop(self) -> None:
        """Gives up what is not done yet; nothing is announced any more."""
        self._finished = True
        if self._engine is not None:
            self._engine.stop()

    def _read_engine(self) -> None:
        read_ahead(engine_files())
        for library in engine_libraries():
            with contextlib.suppress(OSError):
                ctypes.CDLL(str(library))
        with contextlib.suppress(RuntimeError):  # the window is gone already
            self._read.emit()

    def _import(self) -> None:
        if self._finished:
            return
        process = engine_process()
        if process is not None and not process.is_file():
            self._finish(occurrence("WEB-04", {"stage": "process"}))
            return
        self._import_next(["PySide6.QtWebEngineCore", "PySide6.QtWebEngineWidgets", _BROWSER])

    def _import_next(self, modules: list[str]) -> None:
        if self._finished:
            return
        if not modules:
            self._start()
            return
        try:
            importlib.import_module(modules[0])
        except ImportError as missing:
            self._finish(occurrence("WEB-04", {"stage": "import", "exception": type(missing).__name__}))
            return
        QTimer.singleShot(_BREATH_MS, self, lambda: self._import_next(modules[1:]))

    def _start(self) -> None:
        from assistant.window.browser.empty_page import EmptyPage

        self._engine = EmptyPage(lambda: self._finish(None))
        self._engine.start()

    def _finish(self, problem: Occurrence | None) -> None:
        if not self._finished:
            self._finished = True
            self.done.emit(problem)


def begin_warming(on_done: Callable[[Occurrence | None], object], parent: QObject | None = None) -> Warming:
    """Starts the engine in the background and calls `on_done` once, with None or the reason it cannot start."""
    warming = Warming(parent)
    warming.done.connect(on_done)
    warming.begin()
    return warming
