"""`python -m tests.scale [--quick]`: list, check and keep-alive at 10, 100 and 1,000 connections, as a table.

`--quick` stops at 100. Exit code 1 when something grows faster than the number of connections, when keep-alive takes
more than 1.2 times what the pace allows, or when memory is not flat. Check and keep-alive reach practice over HTTP.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.connections.pace import TOKEN_REQUESTS_A_SECOND
from assistant.practice.server import PracticeServer
from tests.vault.at_practice import connected, population

ROOT = Path(__file__).resolve().parent.parent.parent
FAST = "1000"
"""Token requests a second for check, whose own work is what is measured."""
GROWTH = 1.5
"""Linear, with room for the noise of a busy machine: ten times as many may take fifteen times as long."""
PACE_ROOM = 1.2
MEMORY_ROOM = 1.5
"""A process that only imports what it needs has most of the memory; a thousand rows may add half as much."""


def measured(operation: str, file: Path, *pace: str) -> tuple[float, float]:
    """Seconds and megabytes of `operation`, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.scale.measuring", operation, str(file), *pace],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    seconds, kilobytes = done.stdout.split()
    return float(seconds), float(kilobytes) / 1024


@contextmanager
def vault_of(count: int) -> Iterator[Path]:
    """A vault of `count` user accounts that are due, and a practice server that knows them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        PracticeServer(population=population(count)).in_thread() as server,
    ):
        path = Path(folder) / "connections.db"
        soon = datetime.now(UTC) + timedelta(days=10)
        for number in range(count):
            connected(server, path, tenant_id=2_000_000 + number, valid_until=soon)
        yield path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.scale")
    parser.add_argument("--quick", action="store_true")
    counts = (10, 100) if parser.parse_args().quick else (10, 100, 1000)
    print("| Connections | list, s | MB | keep-alive, s | of what the pace allows | MB | check of all, s | MB |")
    print("|---|---|---|---|---|---|---|---|")
    rows: dict[int, dict[str, tuple[float, float]]] = {}
    for count in counts:
        with vault_of(count) as path:
            rows[count] = {
                "list": measured("list", path),
                "keep-alive": measured("keep-alive", path),
                "check": measured("check", path, FAST),
            }
        (listed, one), (kept, two), (checked, three) = rows[count].values()
        ideal = (count - 1) / TOKEN_REQUESTS_A_SECOND
        print(
            f"| {count} | {listed:.3f} | {one:.0f} | {kept:.1f} | {kept / ideal:.2f} | {two:.0f} "
            f"| {checked:.2f} | {three:.0f} |",
            flush=True,
        )
    faults = [
        f"{name} at {many}: {what}"
        for few, many in itertools.pairwise(counts)
        for name in ("list", "check")
        for what, wrong in (
            ("time", rows[many][name][0] > GROWTH * many / few * max(rows[few][name][0], 0.02)),
            ("memory", rows[many][name][1] > MEMORY_ROOM * rows[few][name][1]),
        )
        if wrong
    ]
    last = counts[-1]
    if rows[last]["keep-alive"][0] > PACE_ROOM * (last - 1) / TOKEN_REQUESTS_A_SECOND + 1:
        faults.append("keep-alive is slower than its pace")
    if rows[last]["keep-alive"][1] > MEMORY_ROOM * rows[counts[0]]["keep-alive"][1]:
        faults.append("keep-alive takes memory for each connection")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
