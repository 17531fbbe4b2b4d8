"""The list with a thousand companies against ten, in the same run: what a person waits for does not grow."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from PySide6.QtWidgets import QApplication

from assistant.window.connections.entry import Entry, entry_of
from assistant.window.connections.panel import Kind, RowPanel
from tests.window.connections_shown import NOW, WANTED, listed, many

pytestmark = pytest.mark.alone

ROUNDS = 5
SCROLLS = 30
SLACK_SECONDS = 0.05
"""Under this nobody notices, and a busy machine makes more of it."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds a person waits, the median of several rounds."""

    first_rows: float
    scroll: float
    search: float
    panel: float


def measured(entries: list[Entry]) -> Waits:
    """One round with a fresh window."""
    with listed([]) as (_window, page):

        def wait(act: Callable[[], object]) -> float:
            begun = time.perf_counter()
            act()
            page.repaint()
            QApplication.processEvents()
            return time.perf_counter() - begun

        def first() -> None:
            page.model.set_entries(entries)
            page.list.go_to_first()

        first_rows = wait(first)
        bar = page.list.view.verticalScrollBar()
        steps = [round(bar.maximum() * step / SCROLLS) for step in range(SCROLLS)]
        scroll = statistics.median(wait(lambda to=to: bar.setValue(to)) for to in steps)  # type: ignore[misc]
        search = wait(lambda: page.search.setText("0003"))
        page.search.setText("")
        entry = page.list.current
        assert entry is not None
        panel = wait(lambda: page.list.open_panel(entry.id, RowPanel(Kind.REMOVE, entry)))
        return Waits(first_rows, scroll, search, panel)


def test_a_thousand_companies_are_as_smooth_as_ten(qapp: QApplication) -> None:
    few, lot = ([entry_of(each, now=NOW, wanted_scopes=WANTED) for each in many(count)] for count in (10, 1000))
    measured(few)  # fonts and icons are drawn for the first time
    rounds = [(measured(few), measured(lot)) for _ in range(ROUNDS)]
    for name in Waits.__dataclass_fields__:
        ten, thousand = (statistics.median(getattr(each[place], name) for each in rounds) for place in (0, 1))
        print(f"{name}: ten {ten * 1000:.1f} ms, a thousand {thousand * 1000:.1f} ms")
        assert thousand <= 4 * ten + SLACK_SECONDS, name
