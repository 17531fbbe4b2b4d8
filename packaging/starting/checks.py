"""What `test` does: the suite, then style, types and arrows. All of it runs, so that one look tells what is wrong."""

from __future__ import annotations

import os
import time

from starting.place import VENV, Exit, call, python, say

NOTHING_COLLECTED = 5  # pytest's exit code
CHECKS = {
    "style": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "arrows": ["lint-imports"],
}


def test(arguments: list[str], *, begun: float) -> Exit:
    """Runs the tests and checks; ends with one line that says whether everything passed.

    With arguments for pytest, such as a folder or `-k`, those tests alone run.
    """
    everything = [word for word in arguments if word == "--all"]
    chosen = [word for word in arguments if word != "--all"]
    if chosen:
        say(f"Running pytest {' '.join(chosen)}")
        failed = ["tests"] if python("-m", "pytest", *everything, *chosen) else []
    else:
        failed = suite(everything) + [name for name, command in CHECKS.items() if not passes(name, command)]
    seconds = time.monotonic() - begun
    if failed:
        print(f"\nfailed after {seconds:.0f} s: {', '.join(failed)}", flush=True)
        return Exit.FAILED
    print(f"\n{'the chosen tests' if chosen else 'everything'} passed in {seconds:.0f} s", flush=True)
    return Exit.WELL


def suite(options: list[str]) -> list[str]:
    """Runs the tests that measure time one by one, then the rest side by side; returns the names of what failed."""
    failed = []
    say("Running the tests that measure time, one by one")
    if python("-m", "pytest", "-q", *options, "-m", "alone") not in (0, NOTHING_COLLECTED):
        failed.append("tests that measure time")
    workers = str(max(2, min(4, os.cpu_count() or 2)))
    say(f"Running the tests, {workers} at a time")
    side_by_side = ["-n", workers, "--dist", "loadfile", "-m", "not alone"]
    if python("-m", "pytest", "-q", *options, *side_by_side):
        failed.append("tests")
    return failed


def passes(name: str, command: list[str]) -> bool:
    """Runs one check, a program of the checkout's environment."""
    say(f"Checking {name}: {' '.join(command)}")
    program = VENV / ("Scripts" if os.name == "nt" else "bin") / command[0]
    return call([str(program), *command[1:]]) == 0
