"""One operation on a vault of a given size, in a process of its own, so that its peak memory is its own.

    python -m tests.scale.measuring OPERATION FILE [PACE]

Prints seconds and peak kilobytes. PACE: token requests a second; without it the program's own.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from pathlib import Path

from assistant.connections.checking import check_all
from assistant.connections.health import health
from assistant.connections.keeping import keep_alive
from assistant.connections.pace import Pace, token_pace
from tests.connections.ground import ports_at


def main(operation: str, file: str, per_second: str | None = None) -> None:
    pace = token_pace() if per_second is None else Pace(1, 1 / float(per_second))
    ports = ports_at(Path(file), token_pace=pace)
    began = time.perf_counter()
    match operation:
        case "list":
            connections = ports.vault.connections()
            run = ports.vault.keep_alive()
            assert all(health(each, now=ports.clock(), keep_alive=run) for each in connections)
        case "check":
            told: list[str] = []
            ids = [each.id for each in ports.vault.connections()]
            asyncio.run(check_all(ports, ids, lambda one, found: told.append(one) if found and found.works else None))
            assert sorted(told) == sorted(ids)
        case "keep-alive":
            kept = asyncio.run(keep_alive(ports))
            assert kept.run.renewed == kept.run.due > 0, kept
    seconds = time.perf_counter() - began
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main(*sys.argv[1:])
