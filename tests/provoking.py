"""Which test provokes which problem, and whether it really did.

    @pytest.mark.provokes("NET-01", "NET-02")     this test provokes both
    @pytest.mark.provokes(argument="code")        each of its cases provokes the problem its parameter `code` names

To provoke is to make it happen at its source: a server, a file, a process, a certificate. A marked test therefore
fails unless the program itself made the problem while it ran, here or in a process it started (`follow`); one that the
test took from the catalogue does not count. `tests/problems/test_provoked.py` asks for a test of every entry.

    python -m tests.provoking                     every code with the tests that provoke it, as JSON
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
_PROGRAM = str(ROOT / "assistant") + os.sep
_CATALOGUE = str(ROOT / "assistant" / "problems") + os.sep
_REPORTS = "ASSISTANT_TESTS_PROVOKED"  # names the file to which processes of a test report
_CURRENT_TEST = "PYTEST_CURRENT_TEST"

_seen: set[str] = set()


def marked(item: pytest.Item) -> frozenset[str]:
    """The codes that `item` says it provokes."""
    codes: set[str] = set()
    for mark in item.iter_markers("provokes"):
        codes.update(mark.args)
        for argument in mark.kwargs.values():
            value = getattr(item, "callspec").params[argument]  # noqa: B009 - only functions with parameters have one
            if value is not None:
                codes.add(value)
    return frozenset(codes)


def printed(code: str, output: str) -> None:
    """The program itself, run as a process of its own, ended in `code` and said so in `output`."""
    assert code in output, output
    _seen.add(code)


def follow() -> None:
    """For a process that a test starts: reports its problems to the test from now on."""
    reports = os.environ.get(_REPORTS)
    if reports is None:
        return
    module = os.environ.get(_CURRENT_TEST, "").partition("::")[0]

    def report(code: str) -> None:
        with Path(reports).open("a", encoding="utf-8") as file:
            file.write(f"{module}\t{code}\n")

    _watch_occurrences(report)


def _watch_occurrences(tell: Any) -> Any:
    """Calls `tell` with the code of every problem the program makes; returns what was there before."""
    from assistant.problems import Occurrence

    before = Occurrence.__init__

    def watched(self: Occurrence, *arguments: Any, **named: Any) -> None:
        before(self, *arguments, **named)
        if _made_by_the_program(sys._getframe(1)):
            tell(self.problem.code)

    Occurrence.__init__ = watched  # type: ignore[method-assign]
    return before


def _made_by_the_program(frame: FrameType | None) -> bool:
    while frame is not None and frame.f_code.co_filename.startswith(_CATALOGUE):
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith(_PROGRAM)


@contextlib.contextmanager
def watching(reports: Path) -> Iterator[None]:
    """Sees what happens meanwhile, in this process and in those that inherit its environment."""
    from assistant.problems import Occurrence

    _seen.clear()
    before = _watch_occurrences(_seen.add)
    outside = os.environ.get(_REPORTS)
    os.environ[_REPORTS] = str(reports)
    try:
        yield
    finally:
        Occurrence.__init__ = before  # type: ignore[method-assign]
        if outside is None:
            del os.environ[_REPORTS]
        else:
            os.environ[_REPORTS] = outside


def seen(item: pytest.Item, reports: Path) -> set[str]:
    """What `item` has seen. A process that several tests of its module share counts for each of them."""
    module = item.nodeid.partition("::")[0]
    try:  # asked by opening: a test may have put its own `stat` in the place of the system's
        lines = reports.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        lines = []
    told = (line.split("\t") for line in lines)
    return _seen | {code for whose, code in told if whose == module}


def provocations() -> Mapping[str, list[str]]:
    """Every code with the tests that provoke it (without their cases), asked of pytest in a process of its own."""
    asked = subprocess.run(
        [sys.executable, "-m", "tests.provoking"], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert asked.returncode == 0, asked.stdout + asked.stderr
    found: dict[str, list[str]] = json.loads(asked.stdout)
    return found


class _Collector:
    def __init__(self) -> None:
        self.found: defaultdict[str, list[str]] = defaultdict(list)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            name = item.nodeid.partition("[")[0]
            for code in marked(item):
                if name not in self.found[code]:
                    self.found[code].append(name)


def main() -> int:
    """Prints every code with its tests and returns pytest's exit code."""
    collector, said = _Collector(), io.StringIO()
    with contextlib.redirect_stdout(said):
        code = pytest.main(["--collect-only", "-qq", "--all", "-p", "no:cacheprovider", "tests"], plugins=[collector])
    if code:
        print(said.getvalue(), file=sys.stderr)
        return int(code)
    print(json.dumps({code: sorted(tests) for code, tests in sorted(collector.found.items())}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
