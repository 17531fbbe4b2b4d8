"""start.py as a person starts it, and its parts that decide."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.packaging.starting import ROOT, checks, commands, environment, place

START = ROOT / "packaging" / "start.py"


def start(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, str(START), *arguments],
        env=environ | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_names_every_command() -> None:
    done = start("--help")
    assert done.returncode == 0
    for command in ("run", "test", "tour", "bench", "faults", "translations", "lock", "set-up"):
        assert f"\n  {command} " in done.stdout


@pytest.mark.parametrize("arguments", [[], ["dance"]])
def test_a_wrong_command_gets_the_usage(arguments: list[str]) -> None:
    done = start(*arguments)
    assert done.returncode == place.Exit.USAGE
    assert "usage: python3 packaging/start.py" in done.stderr


def test_an_old_python_can_read_it() -> None:
    ast.parse(START.read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize(
    ("version", "found", "code"), [((3, 10), None, 3), ((3, 14), None, 3), ((3, 10), ["python3.12"], 0)]
)
def test_another_python_is_looked_for(
    version: tuple[int, int],
    found: list[str] | None,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    script: dict[str, object] = {"__name__": "start", "__file__": str(START)}
    exec(compile(START.read_text(encoding="utf-8"), START, "exec"), script)  # noqa: S102 - not importable by name
    called: list[list[str]] = []
    monkeypatch.setattr(sys, "version_info", (*version, 0, "final", 0))
    monkeypatch.setattr(sys, "argv", ["start.py", "run"])
    monkeypatch.setattr(subprocess, "call", lambda command: called.append(command) or 0)
    script["newer_python"] = lambda: found
    assert script["main"]() == code  # type: ignore[operator]
    if found:
        assert called == [["python3.12", str(START), "run"]]
    else:
        assert "needs Python 3.11 to 3.13" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
@pytest.mark.skipif(not environment.STAMP.exists(), reason="not set up by start.py")
def test_run_without_a_display_says_what_to_do_instead() -> None:
    begun = time.monotonic()
    done = start("run")
    assert done.returncode == place.Exit.NO_DISPLAY, done.stdout + done.stderr
    assert "packaging/start.py tour" in done.stderr
    assert time.monotonic() - begun < 10  # 0.2 s on a quiet machine: nothing is installed a second time


def test_root_alone_switches_the_sandbox_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands.sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("QTWEBENGINE_CHROMIUM_FLAGS", "--disable-gpu")
    monkeypatch.setattr(commands, "is_root", lambda: False)
    assert commands.development() == {}
    monkeypatch.setattr(commands, "is_root", lambda: True)
    assert commands.development() == {"QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu --no-sandbox"}


@pytest.fixture
def empty_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A `.venv` yet to be made; every act on it is written down instead of done."""
    acts: list[str] = []
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(environment, "usable", lambda: (tmp_path / "python").exists())

    def make() -> None:
        acts.append("make")
        (tmp_path / "python").touch()

    monkeypatch.setattr(environment, "make", make)
    monkeypatch.setattr(environment, "install", lambda: acts.append("install") or 0)
    return acts


def test_packages_are_installed_once_and_again_when_the_lock_changes(
    empty_environment: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.ensure()
    environment.ensure()
    assert empty_environment == ["make", "install"]
    changed = tmp_path / "requirements.lock"
    changed.write_text("another==1")
    monkeypatch.setattr(environment, "LOCK", changed)
    environment.ensure()
    assert empty_environment == ["make", "install", "install"]


def test_a_failed_installation_is_tried_once_more_and_leaves_no_stamp(
    empty_environment: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "install", lambda: empty_environment.append("install") or 1)
    with pytest.raises(place.Stop) as stopped:
        environment.ensure()
    assert stopped.value.code == place.Exit.MISSING
    assert empty_environment == ["make", "install", "install"]
    assert not environment.STAMP.exists()


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Exit codes by a word of the command; commands are not run."""
    codes: dict[str, int] = {}

    def call(command: list[str], **_: object) -> int:
        return next((code for word, code in codes.items() if any(word in part for part in command)), 0)

    monkeypatch.setattr(checks, "call", call)
    monkeypatch.setattr(checks, "python", lambda *arguments, **_: call(list(arguments)))
    return codes


@pytest.mark.parametrize(
    ("failing", "line"),
    [
        ({}, "everything passed in"),
        ({"alone": checks.NOTHING_COLLECTED, "not alone": 0}, "everything passed in"),
        ({"not alone": 1}, "tests"),
        ({"not alone": checks.NOTHING_COLLECTED}, "tests"),
        ({"mypy": 1, "ruff": 1}, "style, format, types"),
        ({"lint-imports": 1}, "arrows"),
    ],
)
def test_it_ends_with_one_line_that_says_how_it_went(
    outcomes: dict[str, int], failing: dict[str, int], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes.update(sorted(failing.items(), key=lambda item: -len(item[0])))
    code = checks.test([], begun=time.monotonic())
    last = capsys.readouterr().out.splitlines()[-1]
    assert line in last
    assert (code == place.Exit.WELL) == last.startswith("everything passed")


def test_chosen_tests_run_alone(outcomes: dict[str, int], capsys: pytest.CaptureFixture[str]) -> None:
    outcomes["mypy"] = 1
    assert checks.test(["tests/test_secret.py", "-k", "mask"], begun=time.monotonic()) == place.Exit.WELL
    assert "the chosen tests passed" in capsys.readouterr().out


def test_no_file_of_ours_names_a_registry() -> None:
    hosts = ["pypi." + "org", "python" + "hosted.org", "deb." + "debian.org"]
    files = [ROOT / "pyproject.toml", ROOT / ".ci" / "run", *(ROOT / "packaging").rglob("*.py"), place.LOCK]
    assert len(files) > 8
    assert [path.name for path in files if any(host in path.read_text(encoding="utf-8") for host in hosts)] == []


def test_every_locked_package_has_a_hash() -> None:
    packages = [
        line for line in place.LOCK.read_text().splitlines() if "==" in line and not line.startswith((" ", "#"))
    ]
    text = place.LOCK.read_text()
    assert len(packages) > 40
    assert text.count("--hash=sha256:") >= len(packages)
    assert all(line.rstrip().endswith("\\") for line in packages)
