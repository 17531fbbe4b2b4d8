"""Runs the program as `resumed_process` does, on a computer that lacks a part of the engine.

python -m tests.window.engineless_process modules|process LOG [ARGUMENTS OF THE PROGRAM]
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from tests.window import resumed_process


class Hidden(importlib.abc.MetaPathFinder):
    """Finds nothing where the engine's modules would be, as when a scanner took their files away."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.startswith("PySide6.QtWebEngine"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def main(lacks: str, log: str, *arguments: str) -> int:
    if lacks == "modules":
        sys.meta_path.insert(0, Hidden())
    else:
        from assistant.window import warming

        warming.engine_process = lambda: Path("/nowhere/QtWebEngineProcess")  # type: ignore[assignment]
    return resumed_process.main("15000", log, *arguments)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
