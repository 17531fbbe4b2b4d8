"""Where `resources/` is: found alike from a checkout, an installed wheel and a frozen program."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path


@cache
def resources() -> Path:
    """The folder of icons, translations and the practice integration.

    Raises:
        FileNotFoundError: the program was installed without it (a broken package, not a person's mistake).
    """
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    places = [Path(frozen) / "resources"] if frozen else [package.parent / "resources", package / "_resources"]
    for place in places:
        if (place / "translations").is_dir():
            return place
    raise FileNotFoundError("resources/ is missing beside the program")


def resource(*parts: str) -> Path:
    """The path of one resource, such as `resource("icons", "lock.svg")`."""
    return resources().joinpath(*parts)


PRACTICE_FILE = ("practice", "integration.toml")


def integration_file_of(given: Path | None, *, practice: bool) -> Path | None:
    """The integration file: a packaged program's own, else the one given, else the one for practice.

    The packaged file wins always. Its key `other_files`, whether a given file is announced or refused, is not heeded
    yet; until packaged programs exist nothing is lost by that.
    """
    return own_integration_file() or given or (resource(*PRACTICE_FILE) if practice else None)


def own_integration_file() -> Path | None:
    """The integration file of a packaged, branded program; None for the program as it is."""
    own = resource("integration.toml")
    return own if own.is_file() else None
