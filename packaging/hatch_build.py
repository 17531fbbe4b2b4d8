"""Compiles the translations into a wheel: only `.po` files are kept, and the program reads `.mo`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledTranslations(BuildHookInterface[Any]):
    """hatchling finds this class by its base and calls it before a wheel is put together."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Makes each `.mo` beside its `.po`, from where the whole of resources/ is taken into the wheel."""
        sys.path.insert(0, str(Path(self.root, "packaging")))
        from translations import compile_all

        compile_all()
