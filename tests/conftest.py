"""What every test shares: a home of its own, no display, no keychain, one language.

The environment is laid before anything of the program or of Qt is imported, for both read it once. A test that needs
a display or a keychain starts its own (`tests/display.py`, `tests/keychain_session.py`) and says so by asking for it;
none can reach the developer's.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import provoking

HOME = Path(tempfile.mkdtemp(prefix="assistant-tests-"))
PROVOKED = HOME / "provoked"

# What could lead a test out of its home, to another language or through somebody's proxy.
LEFT_OUT = (
    "DISPLAY WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS GNOME_KEYRING_CONTROL SSH_AUTH_SOCK",
    "PYTHON_KEYRING_BACKEND LANGUAGE LC_ALL LC_MESSAGES LC_CTYPE",
    "HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy",
    "QT_STYLE_OVERRIDE QT_QPA_PLATFORMTHEME QT_SCALE_FACTOR QTWEBENGINE_CHROMIUM_FLAGS",
)


def private_environment(home: Path) -> dict[str, str]:
    """Variables that keep a process inside `home`, drawing off screen, in English."""
    folders = {
        "HOME": home,
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_CACHE_HOME": home / ".cache",
        "XDG_DATA_HOME": home / ".local" / "share",
        "XDG_STATE_HOME": home / ".local" / "state",
        "XDG_RUNTIME_DIR": home / ".run",
    }
    if sys.platform == "win32":
        folders = {"USERPROFILE": home, "APPDATA": home / "Roaming", "LOCALAPPDATA": home / "Local"}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    variables = {name: str(folder) for name, folder in folders.items()}
    variables |= {"LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        variables["QTWEBENGINE_CHROMIUM_FLAGS"] = "--no-sandbox"  # the engine refuses to start for root with it on
    return variables


for _name in " ".join(LEFT_OUT).split():
    os.environ.pop(_name, None)
os.environ.update(private_environment(HOME))

settings.register_profile("here", deadline=None, print_blob=True)
settings.register_profile("ci", settings.get_profile("here"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="also the tests that take minutes (marked long)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves the long tests out unless `--all` asks for them."""
    if config.getoption("--all"):
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("long")]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Watches a test that says which problems it provokes."""
    if not provoking.marked(item):
        return (yield)
    with provoking.watching(PROVOKED):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Fails a test that passed without provoking what it says."""
    yield
    missing = provoking.marked(item) - provoking.seen(item, PROVOKED)
    assert not missing, f"said to provoke {', '.join(sorted(missing))}, which the program did not end in"


def pytest_unconfigure() -> None:
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """asyncio alone: the window's event loop is asyncio's."""
    return "asyncio"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home of this one test."""
    for name, value in private_environment(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    return tmp_path / "home"
