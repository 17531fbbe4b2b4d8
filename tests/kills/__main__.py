"""`python -m tests.kills`: kills 360 renewals and prints the table; exits with 1 when an outcome is wrong."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from assistant.practice.server import PracticeServer
from tests.kills.table import table
from tests.kills.trial import POINTS, RANDOM, Trials

EACH_POINT = 20
AT_RANDOM = 160


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, PracticeServer().in_thread() as server:
        trials = Trials(server, Path(folder) / "connections.db", seed=1)
        outcomes = [trials.at(point) for point in (*(POINTS * EACH_POINT), *((RANDOM,) * AT_RANDOM))]
    print(table(outcomes))
    return 0 if all(outcome.right for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
