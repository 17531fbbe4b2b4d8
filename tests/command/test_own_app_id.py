"""Only the file a packaged program carries names its vault; a file that is merely opened does not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant import resources
from assistant.integration import own_app_id
from assistant.resources import integration_file_of, resource


def test_the_program_as_it_is_has_no_name_of_its_own() -> None:
    assert own_app_id() is None
    assert integration_file_of(None, practice=False) is None


def test_a_branded_program_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = tmp_path / "integration.toml"
    shutil.copytree(resource("practice"), tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(resources, "resources", lambda: tmp_path)
    assert own_app_id() == "se.exempelbolaget.lagerkoll"
    assert integration_file_of(None, practice=True) == packaged


def test_the_file_that_a_branded_program_carries_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = tmp_path / "given.toml"
    assert integration_file_of(given, practice=False) == integration_file_of(given, practice=True) == given
    (tmp_path / "integration.toml").touch()
    monkeypatch.setattr(resources, "resources", lambda: tmp_path)
    assert integration_file_of(given, practice=False) == tmp_path / "integration.toml"
    assert integration_file_of(given, practice=True) == tmp_path / "integration.toml"
