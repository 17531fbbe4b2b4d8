"""packaging/starting, which start.py finds beside itself, made importable for the tests."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

sys.path.append(str(ROOT / "packaging"))

from starting import checks, commands, environment, place, system  # noqa: E402

__all__ = ["ROOT", "checks", "commands", "environment", "place", "system"]
