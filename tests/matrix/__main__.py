"""Prints the matrix as Markdown: `python -m tests.matrix [--no-page]`. The exit code is 1 when a cell does not hold."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from assistant.problems import CATALOGUE
from assistant.window.paint_watch import LONGEST_MS
from tests.matrix.cells import LIMIT, NOISE, Cell, Request, run_cell
from tests.matrix.front import NetworkFault

_INTRODUCTION = """\
# The fault matrix

Each request of the journey, struck by each fault of the network. Real HTTP on loopback: the program's own journey,
client and vault on one side, practice on the other, and a front between them that spoils one request. This page is
printed by `python3 packaging/start.py faults`; it was last written on {date}.

A cell says in which problem it ends, the way on, what became of the tokens, and after how many seconds. Each cell is
walked twice: once the way is taken when the fault is gone, which has to end in a stored connection (unless the way is
closing); once the window is closed. The struck request may take {limit} seconds (the program's own limits, made short)
and {noise} more on a busy machine. No vault exists before the person says yes. No secret stands on disk, in the log, in
a problem or in the state. The client that loses a code's answer leaves one refresh token alive at Fortnox that nobody
knows; but for the row of revoking, a closed window leaves none otherwise.

- **none**: no tokens had come. Where the answer was lost after Fortnox gave them, nobody ever uses them.
- **held**: in memory, for trying again; revoked when the window is closed.
- **revoked**: handed back at once, for trying again cannot help.
- **person told**: they could not be handed back. A notice on the sign-in page says so with the code and the remedy, and
  the wizard goes on.
- **close**: somebody else has to act first. The problem's page says who.
"""
PAGE_LIMIT = LONGEST_MS / 1000
_FOOT = """
The authorization page is loaded by the browser engine, so its row is seen there, with the browser's own limits: {page}
seconds. No tokens have come yet. Its address holds the request's `state`, which is looked for in what the browser says
and in the messages of Qt. "Start over" opens a fresh browser, which is tried in every cell of the row once the fault is
gone. Three of its cells leave a page on show:

- **4xx**: `WEB-25` stands above it, for nothing the person did has led to this answer. What the server says stays to be
  read.
- **HTML** is no fault of this request: a page is what it asks for. A guest network's page is to be answered, and the
  browser cannot tell a wrong page from a right one.
- **oversized**: shown as far as it has come. The engine tells no size and offers no limit for one. What bounds it is
  that the page lies in a process of its own: where that runs out of memory, the sign-in is opened again (`WEB-24`), and
  a second time it ends in `WEB-02`. While it loads, "Start over" and Cancel above and below it can be pressed.

The row of revoking ends in a problem that is shown as a notice on the sign-in page: the person goes on all the same.
When the window is closed instead, it closes within the limit, and the tokens are forgotten: they live on at Fortnox
where the request did not arrive.
"""


def table(cells: Iterable[Cell]) -> str:
    """The cells, one row per request."""
    rows: dict[str, dict[str, str]] = {}
    for cell in cells:
        parts = [part for part in (cell.way.replace("-", " "), cell.tokens) if part]
        text = f"`{cell.ends_in or '?'}` {', '.join(parts)}, {cell.seconds:.1f} s"
        rows.setdefault(cell.request, {})[cell.fault] = f"**{'; '.join(cell.wrong)}**" if cell.wrong else text
    columns = [fault.value for fault in NetworkFault]
    lines = [f"| Request | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    lines += [f"| {name} | {' | '.join(row.get(column, '') for column in columns)} |" for name, row in rows.items()]
    return "\n".join(lines)


def summary(cells: list[Cell]) -> str:
    """How many hold, and what they end in."""
    holding = sum(not cell.wrong for cell in cells)
    problems = sum(cell.ends_in in CATALOGUE for cell in cells)
    rest = [f"`{cell.ends_in}` ({cell.request}, {cell.fault})" for cell in cells if cell.ends_in not in CATALOGUE]
    return f"{len(cells)} cells, {holding} hold: {problems} end in a problem; {' and '.join(rest) or 'none does not'}."


async def _cells() -> list[Cell]:
    return [await run_cell(request, fault) for request in Request for fault in NetworkFault]


def main(arguments: list[str]) -> int:
    """Prints the page."""
    cells = [] if "--no-page" in arguments else _page()
    cells += asyncio.run(_cells())
    print(_INTRODUCTION.format(date=datetime.now(UTC).date().isoformat(), limit=LIMIT, noise=NOISE))
    print(table(cells))
    print(_FOOT.format(page=int(PAGE_LIMIT)))
    wrong = [cell for cell in cells if cell.wrong]
    print(summary(cells))
    return 1 if wrong else 0


def _page() -> list[Cell]:
    from tests.matrix.page import run_row

    return run_row()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
