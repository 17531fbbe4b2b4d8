"""`python3 packaging/start.py bench`: how fast the program is, as ratios against a peer measured in the same run.

The window is measured against bare Qt, `token` against keyring's own command for reading one entry.

Each row alternates the two processes, so that whatever else the machine does falls on both; the medians are compared.
Exit code 1 when a ratio is over its aim.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from assistant.practice.server import PracticeServer
from tests.bench import token
from tests.display import display

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST_PAINT_AIM = 1.4
SIGN_IN_AIM = 1.2
TOKEN_AIM = 0.85


def environment(shown_on: str, home: str) -> dict[str, str]:
    """What both processes get: a private home, a display, cached bytecode as an installed program has it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT", "PYTHON", "XDG"))}
    kept |= {"DISPLAY": shown_on, "HOME": home, "LANG": "sv_SE.UTF-8"}
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        kept["QTWEBENGINE_CHROMIUM_FLAGS"] = "--no-sandbox"
    return kept


def run(module: str, *arguments: str, env: Mapping[str, str]) -> tuple[float, float]:
    """Runs one process; returns the moment it was started and the number it printed."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
    )
    words = done.stdout.split()
    if not words:
        raise RuntimeError(f"{module} {arguments} printed nothing:\n{done.stderr[-2000:]}")
    return started, float(words[-1])


def alternate(rounds: int, bare: Callable[[], float], ours: Callable[[], float]) -> tuple[list[float], list[float]]:
    """`rounds` measurements of each, one after the other, after one of each that only warms the disk."""
    bare()
    ours()
    pairs = [(bare(), ours()) for _ in range(rounds)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def row(name: str, bare: list[float], ours: list[float], aim: float) -> bool:
    """Prints one row and says whether the aim is met."""
    low, high = statistics.median(bare), statistics.median(ours)
    ratio = high / low
    verdict = "met" if ratio <= aim else "NOT MET"
    print(f"{name:<44} {low * 1000:>7.0f} ms {high * 1000:>7.0f} ms {ratio:>6.2f}   aim {aim:.2f}  {verdict}")
    return ratio <= aim


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 packaging/start.py bench")
    parser.add_argument("--rounds", type=int, default=11)
    rounds = parser.parse_args().rounds
    print(f"{'':<44} {'peer':>10} {'program':>10} {'ratio':>6}   (medians of {rounds}, alternating)")
    with display() as shown_on, tempfile.TemporaryDirectory() as home, PracticeServer().in_thread() as server:
        env = environment(shown_on, home)

        def first_paint(kind: str) -> float:
            started, painted = run("tests.bench.first_paint", kind, env=env)
            return painted - started

        address = server.endpoints["authorize"] + (
            "?client_id=practice-lagerkoll&response_type=code&state=bench&scope=companyinformation"
            "&access_type=offline&redirect_uri=https%3A%2F%2Flagerkoll.example%2Factivation"
        )
        met = row(
            "first paint, heading readable",
            *alternate(rounds, lambda: first_paint("bare"), lambda: first_paint("assistant")),
            FIRST_PAINT_AIM,
        )
        met &= row(
            "sign-in page seen, from asking for it",
            *alternate(
                rounds,
                lambda: run("tests.bench.sign_in_page", "bare", address, env=env)[1],
                lambda: run("tests.bench.sign_in_page", "assistant", env=env)[1],
            ),
            SIGN_IN_AIM,
        )
    with token.prepared() as env:
        met &= row(
            "token at hand, against keyring get",
            *alternate(rounds, lambda: token.keyring_get(env), lambda: token.token(env)),
            TOKEN_AIM,
        )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
