"""Walks through every pair and prints the table: `python -m tests.ends > docs/ends.md`. Exit code 1 if one fails."""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from assistant.language import language
from assistant.practice.scenarios import SCENARIOS
from tests.ends.pairs import LONG, MOUNTED, QUICK, SLOW, SLOW_BATCH, Ended, batches, walk_through
from tests.ends.storing import parted

HEAD = """\
# Where practice's situations end

A person walks the window through each of these situations: the real engine, the practice server over HTTP, the vault in
a file. They approve whatever is asked, and close the window at the end. This page is printed by
`python -m tests.ends > docs/ends.md`; the last run was on {date}. The situations are explained in
[practice.md](practice.md) and the codes in [problems.md](problems.md).

For each pair, server log and vault are looked at when the window is closed. Nothing is stored before the confirmation,
and one connection only where it says "connected". A code is tried once, and never one whose state is wrong. Refresh
tokens that were given out and not stored are revoked; only where the answer with them was lost on the way does one live
on, which nobody holds. Practice did not fail, and the program ended with exit code 0.

"waits" means that Fortnox shows a page that leads nowhere: the window stays at the sign-in, with its ways out. So it
does at WEB-25, a notice above the page. What stands after an "@" befalls the computer when the connection is to be
saved; a read-only place and a full disk are real mounts.

| Situation | What it is | Account | Ends in | Stored | Token requests | Revocations | Run by |
|---|---|---|---|---|---|---|---|
"""


def row(ended: Ended) -> str:
    """The line of one walk in the table."""
    tongue = language("en")
    names, storing = parted(ended.name)
    titles = [SCENARIOS[name].heading(tongue) for name in names]
    title = storing.title if storing is not None else ", ".join(titles)
    account = "user" if ended.closed.more["user"] else "service"
    asked = sum(entry.path.endswith("/token") for entry in ended.closed.log)
    revoked = sum(entry.outcome == "revoked" for entry in ended.closed.log)
    run_by = "test" if ended.name in QUICK else "test --all"
    cells = (
        f"`{ended.name}`", title, account, ended.outcome, len(ended.closed.vault), asked, revoked, f"`{run_by}`"
    )  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main() -> int:
    """Two processes at a time, since each waits a good deal."""
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:

        def walked(names: tuple[str, ...]) -> list[Ended]:
            place = Path(folder, names[0])
            place.mkdir()
            try:
                return walk_through(place, names)
            except AssertionError as fault:
                faults.append(f"{' '.join(names)}: {fault}")
                return []

        together = [*batches(QUICK), *batches(LONG), *batches(SLOW, SLOW_BATCH), MOUNTED]
        every = [ended for batch in pool.map(walked, together) for ended in batch]
    sys.stdout.write(HEAD.format(date=datetime.now(UTC).date().isoformat()))
    sys.stdout.writelines(f"{row(ended)}\n" for ended in every)
    faults += [f"{ended.name}: {fault}" for ended in every for fault in ended.faults()]
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
