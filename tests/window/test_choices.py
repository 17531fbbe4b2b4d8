"""Choices of a closed window: kept in one piece, and never in anyone's way."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.window.choices import Choices, read_choices, write_choices

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(language=st.none() | st.text(), accounts=st.dictionaries(st.text(), st.text()))
@SHARED
def test_what_was_chosen_is_read_again(tmp_path: Path, language: str | None, accounts: dict[str, str]) -> None:
    chosen = Choices(language=language, accounts=accounts)
    write_choices(tmp_path / "deep" / "choices.json", chosen)
    assert read_choices(tmp_path / "deep" / "choices.json") == chosen


@given(st.binary() | ANYTHING.map(lambda value: json.dumps(value).encode()))
@SHARED
def test_whatever_the_file_holds_the_window_opens(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "choices.json"
    file.write_bytes(content)
    found = read_choices(file)
    assert found.language is None or isinstance(found.language, str)
    assert all(isinstance(value, str) for value in found.accounts.values())


@given(
    st.fixed_dictionaries(
        {}, optional={"language": ANYTHING, "accounts": ANYTHING | st.dictionaries(st.text(), ANYTHING)}
    )
)
@SHARED
def test_one_wrong_value_costs_only_itself(tmp_path: Path, tree: dict[str, object]) -> None:
    file = tmp_path / "choices.json"
    file.write_text(json.dumps(tree))
    found = read_choices(file)
    if isinstance(tree.get("language"), str):
        assert found.language == tree["language"]
    accounts = tree.get("accounts")
    kept = (
        {key: value for key, value in accounts.items() if isinstance(value, str)} if isinstance(accounts, dict) else {}
    )
    assert found.accounts == kept


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"language": ' * 50_000, b"\xff\xfe", b"\0" * 100, b""])
def test_a_file_made_to_break_it_holds_no_choices(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "choices.json").write_bytes(content)
    assert read_choices(tmp_path / "choices.json") == Choices()


def test_a_folder_or_nothing_in_its_place_holds_no_choices(tmp_path: Path) -> None:
    assert read_choices(tmp_path) == Choices()
    assert read_choices(tmp_path / "missing" / "choices.json") == Choices()


def test_a_place_that_cannot_be_written_loses_a_convenience_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    write_choices(tmp_path / "file" / "choices.json", Choices(language="sv"))
    (tmp_path / "choices.json").mkdir()
    write_choices(tmp_path / "choices.json", Choices(language="sv"))
    assert (tmp_path / "file").read_text() == "in the way"


def test_a_write_that_is_cut_short_leaves_the_old_choices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "choices.json"
    write_choices(file, Choices(language="sv"))

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fails)
    write_choices(file, Choices(language="en"))
    assert read_choices(file) == Choices(language="sv")


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no mode there")
def test_the_folder_is_the_users_own(tmp_path: Path) -> None:
    write_choices(tmp_path / "state" / "choices.json", Choices(language="sv"))
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
