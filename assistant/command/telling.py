"""A problem as one sentence and its remedy on a terminal."""

from __future__ import annotations

from typing import TextIO

from assistant.problems import Occurrence
from assistant.problems.words import words


def tell(occurrence: Occurrence, stream: TextIO) -> None:
    """Writes what happened, what to do and the code."""
    told = words(occurrence)
    print(f"{occurrence.code}: {told.title}. {told.cause}", file=stream)
    for line in told.remedy:
        print(f"  {line}", file=stream)
    for name, value in occurrence.details:
        print(f"  {name}: {value}", file=stream)
