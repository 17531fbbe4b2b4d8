from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assistant.vault.places import vault_places


def test_practice_shares_nothing_with_the_real_thing() -> None:
    real, practice = vault_places(None, False), vault_places(None, True)
    for name in ("vault_file", "keychain_service", "state_file", "lock_file"):
        assert getattr(real, name) != getattr(practice, name)


def test_branded_programs_are_kept_apart() -> None:
    one, other = vault_places("se.exempelbolaget.lagerkoll", False), vault_places(None, False)
    assert one.vault_file.parent != other.vault_file.parent
    assert one.keychain_service == "se.exempelbolaget.lagerkoll"
    assert other.keychain_service == "setup-assistant"


@pytest.mark.skipif(sys.platform != "linux", reason="XDG")
def test_home_and_xdg_are_respected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert vault_places(None, False).vault_file == tmp_path / ".local/share/setup-assistant/connections.db"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert vault_places("a.b", True).vault_file == tmp_path / "data/a.b/practice.db"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "app_id", ["", "..", "a..b", "../x", "a/b", "a\\b", ".hidden", "a.", "C:", "a b", "x" * 200, "å"]
)
def test_an_app_id_that_leaves_its_folder_is_refused(app_id: str) -> None:
    with pytest.raises(ValueError, match="app id"):
        vault_places(app_id, False)
