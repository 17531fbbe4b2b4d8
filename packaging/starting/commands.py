"""The commands of start.py."""

from __future__ import annotations

import os
import sys
import time

from starting import checks, environment, system
from starting.lock import lock
from starting.place import Exit, Stop, is_root, python, say, stop

USAGE = """\
usage: python3 packaging/start.py COMMAND [ARGUMENT...]

Each command first makes what it needs: .venv, the locked packages, translations, system libraries.

  run [ARGUMENT...]             the wizard in practice mode; arguments go to the program
  test [--all] [ARGUMENT...]    all tests, style, types and arrows, as CI does; --all adds the tests that take
                                minutes; with arguments for pytest, those tests alone
  tour [--out DIR] [--lang sv|en]
                                a picture of every page of the wizard, without a screen (default: build/tour)
  bench [ARGUMENT...]           how fast the first window and the first page are, against bare ones
  faults [--no-page]            every request of a connection with every network fault, as a table; takes minutes;
                                --no-page leaves out the sign-in page, which needs the browser engine
  translations [update | merge FILE.po...]
                                take new texts of the code into the .po files, or fill the Swedish one
  lock [--upgrade]              remake packaging/requirements.lock from pyproject.toml
  set-up                        only what the other commands do first

exit codes: 0 all well, 1 something failed, 2 wrong usage, 3 something is missing that could not be installed,
            4 run: set up, but there is no display to show a window on
"""


def main(arguments: list[str]) -> int:
    """Does what `arguments` say and returns the exit code."""
    begun = time.monotonic()
    if arguments[:1] in (["--help"], ["-h"], ["help"]):
        print(USAGE)
        return Exit.WELL
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    try:
        match name:
            case "run":
                return run(rest)
            case "test":
                set_up(for_tests=True)
                return checks.test(rest, begun=begun)
            case "tour":
                set_up()
                return tour(rest)
            case "bench":
                set_up(for_tests=True)
                return python("-m", "tests.bench", *rest, environment=development())
            case "faults":
                set_up(for_tests=True)
                return python("-m", "tests.matrix", *rest, environment=development())
            case "translations":
                environment.ensure()
                return python("packaging/translations.py", *(rest or ["update"]))
            case "lock":
                return lock(rest)
            case "set-up":
                set_up(for_tests=True)
                say("Everything is set up")
                return Exit.WELL
    except Stop as stopped:
        print(f"\n{stopped}", file=sys.stderr, flush=True)
        return stopped.code
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    print(f"No command {name!r}.\n\n{USAGE}" if name else USAGE, file=sys.stderr)
    return Exit.USAGE


def set_up(*, for_tests: bool = False) -> None:
    """Makes what every command needs. The second time this takes a fraction of a second."""
    system.ensure(for_tests=for_tests)
    environment.ensure()
    if python("packaging/translations.py", "compile", "--quiet"):
        stop("The translations could not be compiled; the reason is above.", Exit.FAILED)


def run(arguments: list[str]) -> int:
    """The wizard in practice mode, or where there is no screen what can be done instead."""
    set_up()
    if not has_display():
        stop(
            "Everything is set up, but this machine has no display to show a window on.\n"
            "See the pages as pictures instead:   python3 packaging/start.py tour\n"
            "or run the same command again on a desktop.",
            Exit.NO_DISPLAY,
        )
    say("Starting the wizard in practice mode; nothing here reaches Fortnox")
    code = python("-m", "assistant", "--practice", *arguments, environment=development())
    say("The wizard was closed" if code == 0 else f"The wizard ended with exit code {code}")
    return code


def tour(arguments: list[str]) -> int:
    """Pictures of every page."""
    if "--out" not in arguments:
        arguments = [*arguments, "--out", os.path.join("build", "tour")]
    return python("-m", "assistant", "tour", *arguments, environment=development())


def has_display() -> bool:
    """Whether a window can be shown: always on Windows and macOS, on Linux where a display is named."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def development() -> dict[str, str]:
    """Variables for a program started from the checkout.

    For root the engine's sandbox must be off or it refuses to start. Only here, where the program is run for
    development, may that be said; a shipped program started as root stops instead.
    """
    variables = {} if has_display() else {"QT_QPA_PLATFORM": "offscreen"}
    if is_root() and sys.platform == "linux":
        flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "").split()
        variables["QTWEBENGINE_CHROMIUM_FLAGS"] = " ".join(dict.fromkeys([*flags, "--no-sandbox"]))
    return variables
