#!/usr/bin/env python3
"""Sets up this checkout and starts what you name, on a machine that has nothing but Python.

    python3 packaging/start.py run            the wizard, in practice mode
    python3 packaging/start.py test           the tests and checks that CI runs
    python3 packaging/start.py --help         everything else

This file keeps to what Python 3.6 understands, so that an old one can say what is needed or find a newer one; the rest
is in starting/.
"""

import os
import subprocess
import sys

OLDEST = (3, 11)
NEWEST = (3, 13)


def newer_python() -> "list[str] | None":
    """A command for another Python on this machine that will do, or None."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        command = ["py", f"-3.{minor}"] if os.name == "nt" else [f"python3.{minor}"]
        ask = [*command, "-c", "import sys; print(sys.version_info[1])"]
        try:
            answer = subprocess.run(ask, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
        except OSError:
            continue
        if answer.strip() == str(minor).encode():  # a pyenv shim for a Python that is not there answers otherwise
            return command
    return None


def main() -> int:
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        from starting.commands import main as start

        return start(sys.argv[1:])
    command = newer_python()
    if command:
        return subprocess.call([*command, os.path.abspath(__file__), *sys.argv[1:]])
    have = ".".join(map(str, sys.version_info[:2]))
    sys.stderr.write(f"This needs Python 3.11 to 3.13, and this is {have}. Install one of them, then try again.\n")
    return 3


if __name__ == "__main__":
    sys.exit(main())
