"""Engine flags as pure functions; no engine is started here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.problems import ProblemError
from assistant.window import chromium
from assistant.window.chromium import FLAGS, Settings, prepare_environment
from tests.window.walked import ROOT, environment

QT = (6, 12, 0)
HOSTILE = {
    "QTWEBENGINE_REMOTE_DEBUGGING": "9222",
    FLAGS: "--no-sandbox --remote-debugging-port=9222",
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
    "QTWEBENGINEPROCESS_PATH": "/tmp/evil",
    "QTWEBENGINE_RESOURCES_PATH": "/tmp",
    "SSLKEYLOGFILE": "/tmp/keys",
    "CHROME_LOG_FILE": "/tmp/log",
    "QT_LOGGING_CONF": "/tmp/rules",
    "QT_LOGGING_RULES": "qt.webenginecontext.debug=true",
    "HOME": "/home/anna",
}


def test_nothing_from_the_environment_counts_in_a_shipped_program() -> None:
    environ = dict(HOSTILE)
    told = prepare_environment(environ, qt=QT, development=False, root=False)
    assert environ == {"HOME": "/home/anna", FLAGS: "--disable-features=WebAuth"}
    assert told.sandboxed
    assert told.removed == tuple(sorted(set(HOSTILE) - {"HOME"}))


def test_development_keeps_what_the_developer_asked_for() -> None:
    environ = dict(HOSTILE)
    told = prepare_environment(environ, qt=QT, development=True, root=True)
    assert environ["QTWEBENGINE_REMOTE_DEBUGGING"] == "9222"
    assert environ[FLAGS] == "--no-sandbox --remote-debugging-port=9222 --disable-features=WebAuth"
    assert not told.sandboxed
    assert told.removed == ()


def test_disabled_features_are_joined_since_the_engine_keeps_only_the_last() -> None:
    environ = {FLAGS: "--disable-features=A,B --disable-features=WebAuth,C"}
    prepare_environment(environ, qt=QT, development=True, root=False)
    assert environ[FLAGS] == "--disable-features=A,B,WebAuth,C"


@pytest.mark.parametrize(
    ("development", "environ"), [(False, {}), (False, {FLAGS: "--no-sandbox"}), (True, {}), (True, {FLAGS: "--x"})]
)
@pytest.mark.provokes("START-02")
def test_root_is_refused_where_the_sandbox_may_not_be_off(development: bool, environ: dict[str, str]) -> None:
    with pytest.raises(ProblemError) as stopped:
        prepare_environment(environ, qt=QT, development=development, root=True)
    assert stopped.value.code == "START-02"


@pytest.mark.parametrize(
    "environ", [{FLAGS: "--no-sandbox"}, {FLAGS: "--x --no-sandbox"}, {"QTWEBENGINE_DISABLE_SANDBOX": "1"}]
)
def test_root_may_develop_without_a_sandbox(environ: dict[str, str]) -> None:
    assert not prepare_environment(environ, qt=QT, development=True, root=True).sandboxed


def test_a_bundles_own_process_stays_and_another_does_not() -> None:
    bundle = PurePosixPath("/Applications/S.app/Contents/Frameworks")
    for path, kept in (
        (f"{bundle}/QtWebEngineProcess", True),
        (f"{bundle}/../../../evil", False),
        ("/tmp/evil", False),
    ):
        environ = {"QTWEBENGINEPROCESS_PATH": path}
        prepare_environment(environ, qt=QT, development=False, root=False, bundle=bundle)
        assert ("QTWEBENGINEPROCESS_PATH" in environ) is kept


@given(st.dictionaries(st.text("QTWEBNGI_abX", min_size=1), st.text(max_size=20)))
def test_no_engine_variable_survives(environ: dict[str, str]) -> None:
    prepare_environment(environ, qt=QT, development=False, root=False)
    assert {name for name in environ if name.upper().startswith("QTWEBENGINE")} == {FLAGS}
    assert environ[FLAGS] == "--disable-features=WebAuth"


def test_flags_follow_settings_and_version() -> None:
    assert chromium.flags(Settings(), QT) == ("--disable-features=WebAuth",)
    assert chromium.flags(Settings(), (6, 9, 3)) == ()
    assert chromium.flags(Settings(software_rendering=True), QT) == ("--disable-features=WebAuth", "--disable-gpu")


def test_every_workaround_says_why_and_where() -> None:
    for workaround in chromium.WORKAROUNDS:
        assert workaround.flag.startswith("--")
        assert workaround.reason
        assert workaround.bug.startswith("https://")
        assert "sandbox" not in workaround.flag


def test_development_is_a_checkout_and_nothing_else(tmp_path: Path) -> None:
    package = tmp_path / "assistant"
    package.mkdir()
    assert not chromium.run_for_development(package=package, frozen=False)
    (tmp_path / "pyproject.toml").touch()
    assert chromium.run_for_development(package=package, frozen=False)
    assert not chromium.run_for_development(package=package, frozen=True)
    assert chromium.run_for_development()


def test_the_engine_sees_no_arguments_of_a_shipped_program() -> None:
    argv = ["setup-assistant", "--remote-debugging-port=1", "--webEngineArgs"]
    assert chromium.application_arguments(argv, development=False) == ["setup-assistant"]
    assert chromium.application_arguments(argv, development=True) == argv
    assert chromium.application_arguments([], development=False) == ["setup-assistant"]


@pytest.mark.parametrize(
    ("environ", "system", "card", "why"),
    [
        ({"SESSIONNAME": "RDP-Tcp#3"}, "windows", None, "remote-desktop"),
        ({"SESSIONNAME": "Console"}, "windows", None, None),
        ({"XRDP_SESSION": "1"}, "linux", True, "remote-desktop"),
        ({}, "linux", False, "no-graphics-card"),
        ({}, "linux", True, None),
        ({}, "macos", None, None),
    ],
)
def test_software_rendering_is_chosen_by_what_is_seen(
    environ: dict[str, str], system: str, card: bool | None, why: str | None
) -> None:
    assert chromium.rendering_without_card(environ, system=system, card=card) == why


@pytest.mark.parametrize(("text", "version"), [("6.12.0", (6, 12, 0)), ("6.12", (6, 12, 0)), ("7.0.1.5", (7, 0, 1))])
def test_versions(text: str, version: tuple[int, int, int]) -> None:
    assert chromium.qt_version(text) == version


@pytest.mark.parametrize(
    ("environ", "card", "asked", "software"),
    [
        ({"XRDP_SESSION": "1"}, True, False, True),
        ({}, False, False, True),
        ({}, True, False, False),
        ({}, True, True, True),
    ],
)
def test_the_window_begins_in_software_where_there_is_no_card_to_use(
    environ: dict[str, str], card: bool, asked: bool, software: bool, tmp_path: Path
) -> None:
    """In a process of its own: the engine's flags are in the environment before the one QApplication is made."""
    script = (
        "import os; from assistant.window import application as a;"
        f"a.has_graphics_card = lambda: {card};"
        f"made = a.make_application(software_rendering={asked});"
        "print('--disable-gpu' in os.environ['QTWEBENGINE_CHROMIUM_FLAGS'].split(),"
        " made.property(a.SOFTWARE_RENDERING))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment(tmp_path) | environ,
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert told.stdout.split() == [str(software), str(software)]
