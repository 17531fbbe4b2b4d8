"""Which command line starts this very program again: from a checkout, an installed wheel or a frozen program."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """How this process was started.

    Attributes:
        executable: `sys.executable`: Python, or the program itself where it is frozen.
        frozen: whether it is.
        checkout: the folder with `assistant/` and `pyproject.toml`, None for an installed program.
        script: the command `setup-assistant` that came with the wheel, None where there is none to use.
        windowless: Windows' `pythonw.exe` beside Python, so that no console opens every day.
    """

    executable: str
    frozen: bool = False
    checkout: str | None = None
    script: str | None = None
    windowless: str | None = None


def command_line(running: Running) -> tuple[tuple[str, ...], str | None]:
    """The words, and the folder they need. A folder is needed by a checkout alone, which is found from nowhere else."""
    if running.frozen:
        return (running.executable,), None
    python = running.windowless or running.executable
    if running.checkout is not None:
        return (python, "-m", "assistant"), running.checkout
    if running.script is not None:
        return (running.script,), None
    return (python, "-P", "-m", "assistant"), None  # -P: no module is taken from wherever it happens to be started
