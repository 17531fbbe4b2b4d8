"""Every flag, variable and workaround of the browser engine, each with its reason, bug and version range.

Pure functions of settings, environment and versions; the engine itself is never imported here. What they decide has
to be in the environment before the QApplication is made, because the engine reads it once in a process's life.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Final

FLAGS: Final = "QTWEBENGINE_CHROMIUM_FLAGS"
ENGINE_PREFIX: Final = "QTWEBENGINE"
PROCESS_PATH: Final = "QTWEBENGINEPROCESS_PATH"
LEAKING: Final = frozenset(
    {
        "SSLKEYLOGFILE",  # Chromium's network service writes every TLS session key into the file it names
        "CHROME_LOG_FILE",  # page addresses, with their queries, would be written there
        "QT_LOGGING_CONF",  # could switch on the engine's own log of addresses
        "QT_LOGGING_RULES",  # the same without a file
    }
)
SANDBOX_OFF_FLAGS: Final = frozenset({"--no-sandbox", "--disable-setuid-sandbox"})

Version = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What this program wants of the engine.

    Attributes:
        software_rendering: draw without the graphics card: remote desktop, no card, or after a blank first page.
    """

    software_rendering: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Workaround:
    """One engine flag that is there because something is broken or unwanted.

    Attributes:
        flag: the switch as Chromium reads it.
        reason: what goes wrong without it.
        bug: where it is written about.
        since: first Qt version that needs it.
        until: first Qt version that does not; None while there is none.
        wanted: whether the settings ask for it.
    """

    flag: str
    reason: str
    bug: str
    since: Version
    until: Version | None = None
    wanted: Callable[[Settings], bool] = field(default=lambda _settings: True)

    def applies(self, settings: Settings, qt: Version) -> bool:
        return self.since <= qt and (self.until is None or qt < self.until) and self.wanted(settings)


WORKAROUNDS: Final = (
    Workaround(
        flag="--disable-features=WebAuth",
        reason="PublicKeyCredential.getClientCapabilities() never settles, so sign-in pages that ask it first (BankID"
        " of Norway, Apple) wait for ever. Without the feature they see a browser without passkeys and go on; passkeys"
        " belong to the person's own browser here. Seen in 6.12.0 too.",
        bug="https://github.com/qutebrowser/qutebrowser/issues/8930",
        since=(6, 10, 0),
    ),
    Workaround(
        flag="--disable-gpu",
        reason="Drivers of virtual machines and remote desktops leave the page blank.",
        bug="https://bugreports.qt.io/browse/PYSIDE-2289",
        since=(6, 0, 0),
        wanted=lambda settings: settings.software_rendering,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineEnvironment:
    """What was decided, for the journal and the support file: names and flags, never values of a stranger's variable.

    Attributes:
        flags: the engine flags of this process.
        removed: names of environment variables that were set and do not count.
        development: whether this process is run for development.
        sandboxed: whether the engine's sandbox is on.
    """

    flags: tuple[str, ...]
    removed: tuple[str, ...]
    development: bool
    sandboxed: bool


def run_for_development(*, package: Path | None = None, frozen: bool | None = None) -> bool:
    """Whether this is an unfrozen checkout: `pyproject.toml` lies beside the package `assistant`.

    An installed or frozen program can never be talked into it: no environment variable is asked.
    """
    if frozen is None:
        frozen = bool(getattr(sys, "frozen", False))
    folder = package or Path(__file__).resolve().parent.parent
    return not frozen and folder.name == "assistant" and (folder.parent / "pyproject.toml").is_file()


def flags(settings: Settings, qt: Version) -> tuple[str, ...]:
    """The engine flags this program wants, in the order of `WORKAROUNDS`.

    `--disable-features` is one switch of which Chromium keeps the last only, so its values are joined.
    """
    switches: list[str] = []
    features: list[str] = []
    for workaround in WORKAROUNDS:
        if not workaround.applies(settings, qt):
            continue
        name, _, value = workaround.flag.partition("=")
        if name == "--disable-features":
            features.append(value)
        else:
            switches.append(workaround.flag)
    if features:
        switches.insert(0, f"--disable-features={','.join(features)}")
    return tuple(switches)


def unwanted(environ: Mapping[str, str], *, bundle: PurePath | None) -> tuple[str, ...]:
    """Names of variables that would change or watch the engine of a shipped program, sorted.

    All of the engine's own variables are, today's and tomorrow's: they open a debugging port, switch the sandbox off,
    run another program as the engine's process. One exception: a frozen program's start-up points the engine to its
    process inside its own `bundle`, and must.
    """
    return tuple(
        sorted(
            name
            for name, value in environ.items()
            if (name.upper().startswith(ENGINE_PREFIX) or name.upper() in LEAKING)
            and not (name == PROCESS_PATH and bundle is not None and _inside(PurePath(value), bundle))
        )
    )


def _inside(path: PurePath, folder: PurePath) -> bool:
    return ".." not in path.parts and path.is_relative_to(folder)


def switches_sandbox_off(environ: Mapping[str, str]) -> bool:
    """Whether the environment asks for an engine without sandbox."""
    words = environ.get(FLAGS, "").split()
    return bool(SANDBOX_OFF_FLAGS & set(words)) or environ.get("QTWEBENGINE_DISABLE_SANDBOX", "") not in ("", "0")


def is_root() -> bool:
    """Whether this process runs as root, where Chromium cannot have a sandbox. Windows has no such user."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def qt_version(text: str) -> Version:
    """ "6.12.0" as numbers; what is missing is 0.

    Raises:
        ValueError: not a version.
    """
    parts = [int(part) for part in text.split(".")[:3]]
    major, minor, patch = (*parts, 0, 0, 0)[:3]
    return major, minor, patch


def prepare_environment(
    environ: MutableMapping[str, str],
    *,
    qt: Version,
    settings: Settings | None = None,
    development: bool | None = None,
    root: bool | None = None,
    bundle: PurePath | None = None,
) -> EngineEnvironment:
    """Puts the engine's flags into `environ` and takes out what has no business there. Call it before QApplication.

    Run for development, the environment's own flags come first and stay, so that a developer and the tests can look
    inside; otherwise nothing the environment says about the engine counts.

    Args:
        environ: `os.environ`, changed in place.
        qt: the version of Qt that runs.
        settings: what this program wants of the engine.
        development: whether run for development; found out when not given.
        root: whether run as root; found out when not given.
        bundle: the folder of a frozen program.

    Raises:
        ProblemError: START-02, run as root where the sandbox may not be switched off.
    """
    development = run_for_development() if development is None else development
    root = is_root() if root is None else root
    removed = () if development else unwanted(environ, bundle=bundle)
    for name in removed:
        del environ[name]
    sandboxed = not switches_sandbox_off(environ)
    if root and sandboxed:
        from assistant.problems import stop  # not before the first paint: the catalogue is large

        raise stop("START-02")
    chosen = flags(settings or Settings(), qt)
    environ[FLAGS] = " ".join(_joined([*environ.get(FLAGS, "").split(), *chosen]))
    if not environ[FLAGS]:
        del environ[FLAGS]
    return EngineEnvironment(flags=chosen, removed=removed, development=development, sandboxed=sandboxed)


def _joined(words: Sequence[str]) -> list[str]:
    """`words` without repeats, and with every `--disable-features` in one."""
    features = [word.partition("=")[2] for word in words if word.startswith("--disable-features=")]
    others = [word for word in dict.fromkeys(words) if not word.startswith("--disable-features=")]
    names = dict.fromkeys(name for value in features for name in value.split(",") if name)
    return [*others, f"--disable-features={','.join(names)}"] if names else others


def application_arguments(argv: Sequence[str], *, development: bool) -> list[str]:
    """The arguments QApplication may see: the engine takes switches such as `--remote-debugging-port` from them too.

    The program's own name always stays: an empty list upsets the engine (pyinstaller issue 7549).
    """
    program = argv[0] if argv else "setup-assistant"
    return [program, *argv[1:]] if development else [program]


REMOTE_SESSIONS: Final = ("XRDP_SESSION", "VNCDESKTOP", "X2GO_SESSION", "NX_SESSION_ID")


def rendering_without_card(environ: Mapping[str, str], *, system: str, card: bool | None) -> str | None:
    """Why the page should be drawn in software from the start, in a word for the journal; None when it should not.

    Args:
        environ: the environment; Windows names the session in SESSIONNAME.
        system: "windows", "macos" or "linux".
        card: whether there is a graphics device (Linux: a node under /dev/dri); None when unknown.
    """
    if system == "windows" and environ.get("SESSIONNAME", "").upper().startswith(("RDP-", "ICA-")):
        return "remote-desktop"
    if system == "linux":
        if any(environ.get(name) for name in REMOTE_SESSIONS):
            return "remote-desktop"
        if card is False:
            return "no-graphics-card"
    return None


def has_graphics_card(devices: Path = Path("/dev/dri")) -> bool | None:
    """Whether Linux shows a render device; None on other systems."""
    if not sys.platform.startswith("linux"):
        return None
    return any(devices.glob("renderD*")) if devices.is_dir() else False
