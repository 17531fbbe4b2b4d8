"""systemd's unit files: read back by its rules, judged by systemd-analyze, and their command run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, time
from pathlib import Path, PurePath

import pytest
from hypothesis import given

from assistant.schedule.job import Answer, State
from assistant.schedule.systemd import Systemd, service_text, timer_text
from tests.keychain_session import keychain_session, missing_tools
from tests.schedule import unit_file
from tests.schedule.jobs import HARD_PATHS, job, paths
from tests.schedule.recording import Recorded

UNITS = PurePath("/home/åsa/.config/systemd/user")
TIMER, SERVICE = "setup-assistant.keep-alive.timer", "setup-assistant.keep-alive.service"
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")


def test_the_timer() -> None:
    assert timer_text(job(at=time(9, 5))) == (
        "[Unit]\n"
        "Description=Renews the saved connections every day (setup-assistant)\n"
        "\n"
        "[Timer]\n"
        "OnCalendar=*-*-* 09:05:00\n"
        "Persistent=true\n"
        "RandomizedDelaySec=15min\n"
        "\n"
        "[Install]\n"
        "WantedBy=timers.target\n"
    )


def test_the_service() -> None:
    text = service_text(job("/opt/python 3/bin/python", "-m", "assistant", folder="/srv/100%", practice=True))
    lines = text.splitlines()
    assert 'ExecStart=":/opt/python 3/bin/python" "-m" "assistant" "keep-alive" "--practice"' in lines
    assert "WorkingDirectory=/srv/100%%/" in lines
    assert {"Type=oneshot", "NoNewPrivileges=yes", "UMask=0077", "TimeoutStartSec=2h"} <= set(lines)


def test_our_reader_reads_as_the_manual_says() -> None:
    """Examples in the sense of systemd.syntax(7); what the other tests compare with must not be ours alone."""
    assert unit_file.words("""one 'two two' "three\\\\ \\" \\'" fo"u r"4 %%x \\s""") == [
        "one", "two two", "three\\ \" '", "fou r4", "%x", " ",
    ]  # fmt: skip
    assert unit_file.words('""') == [""]
    with pytest.raises(AssertionError):
        unit_file.words("/home/%u")


@given(paths, paths)
def test_any_path_comes_through(program: str, folder: str) -> None:
    text = service_text(job(program, "-m", "assistant", folder=folder, environment=(("XDG_DATA_HOME", folder),)))
    started = unit_file.started(text)
    plain = [program, "-m", "assistant", "keep-alive"]
    assert started.words in (plain, ["/usr/bin/nice", "-n", "0", "--", *plain])
    assert started.folder is not None
    assert started.folder.removesuffix("/") == folder.rstrip("/")
    assert started.environment == {"XDG_DATA_HOME": folder}


@given(paths)
def test_no_path_adds_a_line(program: str) -> None:
    def keys(text: str) -> list[str]:
        return [key for section in unit_file.sections(text).values() for key, _ in section]

    assert keys(service_text(job(program, folder=program))) == keys(service_text(job("/a", folder="/a")))


# --- systemd itself ---


def verify(folder: Path, *units: Path) -> subprocess.CompletedProcess[str]:
    """systemd's own reading of the files. It starts nothing, and reaches no service manager."""
    home = folder / "home"
    (home / "run").mkdir(parents=True, mode=0o700)
    return subprocess.run(
        ["systemd-analyze", "--user", "--man=no", "verify", *map(str, units)],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def saved(folder: Path, service: str, timer: str) -> tuple[Path, Path]:
    units = folder / SERVICE, folder / TIMER
    for path, text in zip(units, (service, timer), strict=True):
        path.write_text(text, encoding="utf-8")
    return units


@needs_systemd
@pytest.mark.parametrize("path", HARD_PATHS)
def test_systemd_finds_nothing_to_say_about_the_files(tmp_path: Path, path: str) -> None:
    program = recorder(tmp_path / path.lstrip("/"))
    one = job(str(program), folder=str(program.parent), environment=(("XDG_DATA_HOME", str(program.parent)),))
    done = verify(tmp_path, *saved(tmp_path, service_text(one), timer_text(one)))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs_systemd
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("/recorder", "/nothing", "not executable"),  # so it has really found the program by its path
        ("WorkingDirectory=/", "WorkingDirectory=", "absolute"),
        ("NoNewPrivileges", "NoSuchPrivileges", "Unknown key"),
        ("RestrictAddressFamilies=", "RestrictAddressFamilies=AF_NO ", "Failed to parse"),
    ],
)
def test_systemd_would_say_so(tmp_path: Path, before: str, after: str, said: str) -> None:
    program = recorder(tmp_path / "recorder")
    one = job(str(program), folder=str(tmp_path))
    text = service_text(one)
    assert before in text
    done = verify(tmp_path, *saved(tmp_path, text.replace(before, after), timer_text(one)))
    assert said in done.stderr


@needs_systemd
def test_systemd_really_refuses_a_quote_in_the_programs_own_path(tmp_path: Path) -> None:
    """The reason for `nice` in front of it; when this fails, the way round can go."""
    program = recorder(tmp_path / "it's")
    plain = service_text(job(str(program))).replace('":/usr/bin/nice" "-n" "0" "--" "', '":')
    done = verify(tmp_path, *saved(tmp_path, plain, timer_text(job())))
    assert "special characters" in done.stderr


@needs_systemd
def test_systemd_understands_the_time(tmp_path: Path) -> None:
    expression = dict(unit_file.sections(timer_text(job(at=time(15, 59))))["Timer"])["OnCalendar"]
    asked = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=2", "--base-time=2026-03-28 16:00:00 UTC", expression],
        env={"PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    assert "2026-03-29 15:59:00 UTC" in asked
    assert "2026-03-30 15:59:00 UTC" in asked


# --- the command itself ---

RECORDER = """#!{python}
import json, os, sys
print(json.dumps([sys.argv[1:], os.getcwd(), os.environ.get("XDG_DATA_HOME"), os.path.abspath(sys.argv[0])]))
"""


def recorder(path: Path) -> Path:
    """A program at `path` that says how it was started."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(RECORDER.format(python=sys.executable), encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such paths")
@pytest.mark.parametrize("path", HARD_PATHS)
def test_the_command_of_the_file_runs(tmp_path: Path, path: str) -> None:
    program = recorder(tmp_path / path.lstrip("/"))
    one = job(
        str(program), "-m", 'a"b $x', folder=str(program.parent), environment=(("XDG_DATA_HOME", str(program.parent)),)
    )
    started = unit_file.started(service_text(one))
    done = subprocess.run(
        started.words,
        cwd=started.folder,
        env={"PATH": os.environ["PATH"], **started.environment},
        capture_output=True,
        timeout=60,
        check=True,
    )
    arguments, folder, data, itself = json.loads(done.stdout)
    assert arguments == ["-m", 'a"b $x', "keep-alive"]
    assert Path(folder) == program.parent
    assert data == str(program.parent)
    assert itself == str(program)


@pytest.mark.skipif(missing_tools() is not None, reason=str(missing_tools()))
def test_the_keychain_is_within_what_the_service_may_reach() -> None:
    """Looks into a real keychain and notes every kind of socket: each is among those the service allows."""
    script = (
        "import socket, sys\nused = set()\n"
        "sys.addaudithook(lambda name, found: used.add(socket.AddressFamily(found[1]).name)"
        " if name == 'socket.__new__' else None)\n"
        "from assistant.vault.secret_service import look\n"
        "print(look().value, *used)"
    )
    with keychain_session() as session:
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=Path(__file__).parents[2],
            env=session.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    state, *used = done.stdout.split()
    assert state == "ready"
    allowed = dict(unit_file.sections(service_text(job()))["Service"])["RestrictAddressFamilies"].split()
    assert used
    assert set(used) <= set(allowed)


# --- what systemctl says ---


def systemd(*program: str, folder: str | None = None) -> Systemd:
    return Systemd(job=job(*program, folder=folder), units=UNITS, uid=1000)


SHOWN = (
    b"NextElapseUSecRealtime=Tue 2026-11-24 09:21:52 UTC\nLastTriggerUSec=Mon 2026-11-23 09:20:01 UTC\n"
    b"ActiveState=active\nUnitFileState=enabled\n"
)


def recorded(shown: Answer, *, schedule: Systemd, linger: Answer | None = None) -> Recorded:
    files = {file.path: file.content for file in schedule.files()}
    return Recorded(files=files, answers={"show": shown, "loginctl": linger or Answer(code=1)})


def test_installed_with_its_times() -> None:
    here = systemd("/opt/a")
    computer = recorded(Answer(code=0, output=SHOWN), schedule=here, linger=Answer(code=0, output=b"Linger=no\n"))
    found = here.status(computer)
    assert found.state is State.INSTALLED
    assert found.next_run == datetime(2026, 11, 24, 9, 21, 52, tzinfo=UTC)
    assert found.last_run == datetime(2026, 11, 23, 9, 20, 1, tzinfo=UTC)
    assert found.while_signed_in is True
    assert ("loginctl", "show-user", "1000", "--property=Linger") in computer.ran


@pytest.mark.parametrize(("linger", "signed_in"), [(b"Linger=yes\n", False), (b"", None)])
def test_lingering(linger: bytes, signed_in: bool | None) -> None:
    here = systemd("/opt/a")
    computer = recorded(Answer(code=0, output=SHOWN), schedule=here, linger=Answer(code=0, output=linger))
    assert here.status(computer).while_signed_in is signed_in


@pytest.mark.parametrize("never", [b"", b"n/a"])
def test_it_has_never_run(never: bytes) -> None:
    here = systemd("/opt/a")
    shown = SHOWN.replace(b"Mon 2026-11-23 09:20:01 UTC", never)
    found = here.status(recorded(Answer(code=0, output=shown), schedule=here))
    assert found.state is State.INSTALLED
    assert found.last_run is None


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(code=0, output=SHOWN.replace(b"enabled", b"disabled")), State.DISABLED),
        (Answer(code=0, output=SHOWN.replace(b"enabled", b"masked")), State.DISABLED),
        (Answer(code=0, output=SHOWN.replace(b"=active", b"=inactive")), State.DISABLED),
        (Answer(code=0, output=b""), State.DISABLED),
        (Answer(code=1), State.UNKNOWN),
        (Answer(code=None), State.UNKNOWN),
    ],
)
def test_other_states(answer: Answer, state: State) -> None:
    here = systemd("/opt/a")
    assert here.status(recorded(answer, schedule=here)).state is state


@pytest.mark.parametrize(
    "other", [systemd("/opt/b"), systemd("/opt/a", "-m", "assistant"), systemd("/opt/a", folder="/b")]
)
def test_another_copy_of_the_program(other: Systemd) -> None:
    here = systemd("/opt/a", folder="/a")
    assert here.status(recorded(Answer(code=0, output=SHOWN), schedule=other)).state is State.OTHER_PROGRAM


def test_another_time_or_language_is_the_same_program() -> None:
    here = systemd("/opt/a")
    other = Systemd(job=job("/opt/a", at=time(11, 1), description="Förnyar"), units=UNITS, uid=1000)
    assert here.status(recorded(Answer(code=0, output=SHOWN), schedule=other)).state is State.INSTALLED


def test_without_the_files_nothing_is_asked() -> None:
    here = systemd("/opt/a")
    computer = Recorded()
    assert here.status(computer).state is State.NOT_INSTALLED
    assert computer.ran == []


def test_nothing_goes_through_a_shell_or_asks_for_a_password() -> None:
    here = systemd("/opt/a")
    for command in (*here.installing(), *here.uninstalling(), *here.afterwards()):
        assert command.words[:3] == ("systemctl", "--user", "--no-ask-password")
