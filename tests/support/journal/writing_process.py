"""A process that writes a journal and says after each event how far it has come, until it is killed.

python -m tests.support.journal.writing_process FOLDER [BYTES ITS FILES MAY HAVE]
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from assistant.support.journal import Journal
from assistant.support.journal.events import SelfTested

if __name__ == "__main__":
    folder, limit = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None
    journal = Journal(folder, "K7P-4M2", most_bytes=250_000)
    assert journal.path is not None
    if limit is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    for number in itertools.count() if limit is None else range(40):
        journal.note(SelfTested(failures=number, not_checked=0, seconds=0))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
    print(f"lost {journal.lost}")
