"""The fault matrix: one row and one column of it always, all of it with `--all`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.matrix.__main__ import table
from tests.matrix.cells import Cell, Request, run_cell
from tests.matrix.front import NetworkFault
from tests.matrix.page import ROW, run_row

ROOT = Path(__file__).resolve().parents[2]
QUICK_ROW, QUICK_COLUMN = Request.EXCHANGE, NetworkFault.RESET
EVERY = [(request, fault) for request in Request for fault in NetworkFault]
QUICK = [pair for pair in EVERY if QUICK_ROW in pair or QUICK_COLUMN in pair]
REST = [pair for pair in EVERY if pair not in QUICK]


def _name(value: Request | NetworkFault) -> str:
    return value.value


@pytest.mark.anyio
@pytest.mark.parametrize(("request_", "fault"), QUICK, ids=_name)
async def test_one_row_and_one_column(request_: Request, fault: NetworkFault) -> None:
    _holds(await run_cell(request_, fault))


@pytest.mark.long
@pytest.mark.anyio
@pytest.mark.parametrize(("request_", "fault"), REST, ids=_name)
async def test_every_other_cell(request_: Request, fault: NetworkFault) -> None:
    _holds(await run_cell(request_, fault))


@pytest.mark.long
@pytest.mark.timeout(600)
def test_the_row_of_the_authorization_page() -> None:
    cells = run_row()
    assert [cell.fault for cell in cells] == [fault.value for fault in NetworkFault]
    for cell in cells:
        _holds(cell)


def test_the_committed_table_has_every_cell() -> None:
    text = (ROOT / "docs" / "fault-matrix.md").read_text(encoding="utf-8")
    assert re.search(r"last written on \d{4}-\d\d-\d\d", text)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    assert rows[0] == ["Request", *(fault.value for fault in NetworkFault)]
    assert [row[0] for row in rows[2:]] == [ROW, *(request.value for request in Request)]
    seen = [cell for row in rows[2:] for cell in row[1:]]
    assert len(seen) == 12 * 7
    assert all(re.fullmatch(r"`[A-Za-z0-9 -]+` [a-z, -]+, [0-9.]+ s", cell) for cell in seen), "a cell does not hold"


def test_a_cell_that_does_not_hold_is_seen_in_the_table() -> None:
    cell = Cell(Request.COMPANY.value, NetworkFault.RESET.value, "NET-08", "try-again", "held", 0.1)
    assert "| `NET-08` try again, held, 0.1 s |" in table([cell])
    cell.hold(False, "something was stored")
    assert "**something was stored**" in table([cell])


def _holds(cell: Cell) -> None:
    assert cell.wrong == [], (cell.request, cell.fault, cell.ends_in)
