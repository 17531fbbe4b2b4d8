"""What a fault of this program is told as."""

from __future__ import annotations

import traceback
from pathlib import PurePath

from assistant.problems.catalogue import occurrence
from assistant.problems.model import Occurrence


def unplanned(fault: BaseException) -> Occurrence:
    """Problem START-03 for a fault of this program: where and of what type, never what its text says."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else None
    return occurrence("START-03", {"fault": type(fault).__name__, "place": place})
