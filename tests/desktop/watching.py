"""Watches a running program from outside: what its processes were given, and every file while it was there."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.leaks import files

EVERY_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Seen:
    """One process: its arguments and its environment, as the kernel keeps them."""

    pid: int
    arguments: bytes
    environment: bytes


class Watch:
    """Looks at the process `pid` and all it starts, and at the files under `folder`, until stopped.

    Attributes:
        processes: all that were seen, by process id and start time.
        files: every state of every file that was seen, by name, content and all: also what was deleted since.
    """

    def __init__(self, pid: int, folder: Path) -> None:
        self.processes: dict[tuple[int, str], Seen] = {}
        self.files: dict[str, set[bytes]] = {}
        self._pid, self._folder = pid, folder
        self._states: set[tuple[str, int, int, int]] = set()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """A last look, and no more."""
        self._stopped.set()
        self._thread.join()

    @property
    def children(self) -> list[Seen]:
        """The processes that were started by the one watched, or by those."""
        return [seen for seen in self.processes.values() if seen.pid != self._pid]

    def evidence(self, *, own_environment: bool) -> Iterator[tuple[str, bytes]]:
        """All that was seen and the files that are left, each with where it was.

        Args:
            own_environment: whether the environment the program itself was started with counts.
        """
        own = {(seen.arguments, seen.environment) for seen in self.processes.values() if seen.pid == self._pid}
        for seen in self.processes.values():
            # Between fork and exec a child still shows what its parent has: it is the program itself for that moment.
            is_own = seen.pid == self._pid or (seen.arguments, seen.environment) in own
            whose = "the program" if is_own else "a child"
            yield f"arguments of {whose}", seen.arguments
            if own_environment or not is_own:
                yield f"environment of {whose}", seen.environment
        for name, contents in self.files.items():
            yield from ((name, content) for content in contents)
        yield from files(self._folder)

    def _work(self) -> None:
        while not self._stopped.wait(EVERY_SECONDS):
            self._look()
        self._look()

    def _look(self) -> None:
        for pid in descendants(self._pid):
            with suppress(OSError):
                self._look_at(pid)
        for folder, _folders, names in os.walk(self._folder):
            for name in names:
                with suppress(OSError):  # gone again
                    self._look_at_file(Path(folder, name))

    def _look_at(self, pid: int) -> None:
        folder = Path("/proc", str(pid))
        arguments, environment = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        program = f"{_start_time(pid)} {hash((arguments, environment))}"
        self.processes[pid, program] = Seen(pid, arguments, environment)

    def _look_at_file(self, path: Path) -> None:
        facts = path.lstat()
        state = (str(path), facts.st_ino, facts.st_mtime_ns, facts.st_size)
        if stat.S_ISREG(facts.st_mode) and state not in self._states:
            content = path.read_bytes()
            self._states.add(state)
            self.files.setdefault(str(path.relative_to(self._folder)), set()).add(content)


def descendants(pid: int) -> list[int]:
    """`pid` and all processes that it and those started, as far as they are still there."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(OSError, IndexError):
                children.setdefault(int(_after_name(int(folder.name))[1]), []).append(int(folder.name))
    found, due = [], [pid]
    while due:
        found.append(due.pop())
        due.extend(children.get(found[-1], ()))
    return found


def still_there(pids: list[int]) -> list[str]:
    """Those of `pids` that still run or wait to be collected, with their command."""
    left = []
    for pid in pids:
        with suppress(OSError):
            state = _after_name(pid)[0]
            left.append(f"{pid} {state} {Path('/proc', str(pid), 'cmdline').read_bytes()[:120]!r}")
    return left


def _start_time(pid: int) -> str:
    return _after_name(pid)[19]


def _after_name(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may hold spaces: state, parent and so on (man proc)."""
    return Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
