"""Jobs and paths that the tests of all three systems share."""

from __future__ import annotations

from datetime import time
from typing import Any

from hypothesis import strategies as st

from assistant.schedule.job import Job

HARD_PATHS = (
    "/opt/assistant",
    "/home/åsa öberg/Mina program/assistant",
    '/home/o\'brien/100% "säker"/assistant',
    "/srv/a&b;c|d<e>/assistant",
    "/srv/$HOME/${HOME}/$$/%h/%%/assistant",
    "/srv/a=b/assistant",
    "/srv/tail\\/\\n/assistant",
    "/srv/ trailing /-assistant",
    "/srv/#x;y/[Service]/assistant",
    "/srv/`id`/$(id)/assistant",
)

# Everything a folder may be called that is text; what is not, is refused (see test_job.py).
names = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="/"), min_size=1, max_size=30
).filter(lambda name: name not in (".", ".."))
paths = st.lists(names, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))


def job(*program: str, **others: Any) -> Job:
    """A job that starts `program` with nothing special about it."""
    usual: dict[str, Any] = {
        "app_id": "setup-assistant",
        "practice": False,
        "at": time(9, 17),
        "description": "Renews the saved connections every day (setup-assistant)",
    }
    return Job(program=program or ("/opt/assistant",), **{**usual, **others})
