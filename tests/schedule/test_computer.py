"""The edge: files, and commands without a shell and without what is nobody's business."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from assistant.schedule import computer as edge
from assistant.schedule.computer import Computer, this_place

PYTHON = (sys.executable, "-c")


def test_a_file_is_written_whole_read_and_removed(tmp_path: Path) -> None:
    path, here = tmp_path / "new" / "folder" / "å.timer", Computer()
    assert here.read(path) is None
    here.write(path, b"one")
    here.write(path, b"two")
    assert here.read(path) == b"two"
    assert list(path.parent.iterdir()) == [path]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    here.remove(path)
    here.remove(path)
    assert list(path.parent.iterdir()) == []


def test_a_link_is_removed_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"x")
    link.symlink_to(target)
    Computer().remove(link)
    assert target.exists()
    assert not link.is_symlink()


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "inside").touch()
    with pytest.raises(OSError, match="taken"):
        Computer().write(tmp_path / "taken", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_what_a_command_says_and_how_it_ends() -> None:
    answer = Computer().run((*PYTHON, "import sys; print('å', *sys.argv[1:]); sys.exit(3)", "a b", "$HOME;id"))
    assert answer.code == 3
    assert answer.output.decode().split() == ["å", "a", "b", "$HOME;id"]


def test_a_command_that_is_not_there() -> None:
    assert Computer().run(("/nothing/here",)).code is None


def test_a_command_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "_LIMIT_SECONDS", 0.5)
    assert Computer().run((*PYTHON, "import time; time.sleep(60)")).code is None


def test_a_command_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGERKOLL_SECRET", "canary")
    said = Computer().run((*PYTHON, "import os; print(dict(os.environ))")).output.decode()
    assert "canary" not in said
    assert "'TZ': 'UTC'" in said
    assert os.environ["HOME"] in said


def test_a_command_reads_nothing_from_the_terminal() -> None:
    assert Computer().run((*PYTHON, "import sys; print(repr(sys.stdin.read()))")).output.strip() == b"''"


def test_where_connections_lie_comes_along(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    place = this_place()
    assert place.environment == (("XDG_DATA_HOME", str(tmp_path)),)
    assert place.configuration == Path.home() / ".config"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert this_place().configuration == tmp_path


def test_the_person_is_always_the_same() -> None:
    assert this_place() == this_place()
    assert this_place().whose.strip()
