"""The browser engine: does it start and paint a page. It is tried in a process of its own."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.problems import CATALOGUE, occurrence
from assistant.support.self_test.result import Check, Detail, Reason, Result, fine, not_checked, wrong
from assistant.support.self_test.world import World


async def look_at_engine(world: World) -> Sequence[Result]:
    """One result, with the versions where the engine told them."""
    answer = await world.engine()
    versions = tuple(
        (name, text)
        for name, text in (
            (Detail.QT, answer.qt),
            (Detail.CHROMIUM, answer.chromium),
            (Detail.PATCHES, answer.patches),
        )
        if text
    )
    if answer.painted:
        return (fine(Check.ENGINE, *versions),)
    for unable, reason in (
        (answer.no_qt, Reason.NO_QT),
        (answer.no_display, Reason.NO_DISPLAY),
        (answer.late, Reason.LATE),
    ):
        if unable:
            return (not_checked(Check.ENGINE, reason, *versions),)
    code = answer.problem if answer.problem in CATALOGUE else "WEB-04"
    return (wrong(Check.ENGINE, occurrence(code or "WEB-04"), *versions),)
