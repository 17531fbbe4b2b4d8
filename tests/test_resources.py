"""resources/ is found alike from a checkout, an installed wheel and a frozen program."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import resources as module
from assistant.resources import resource, resources


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    resources.cache_clear()
    yield
    resources.cache_clear()


def package_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    package = folder / "assistant"
    package.mkdir()
    monkeypatch.setattr(module, "__file__", str(package / "resources.py"))
    return package


def test_the_checkout_has_what_the_program_shows() -> None:
    assert resource("translations", "sv", "LC_MESSAGES", "assistant.po").is_file()
    assert list(resource("icons").glob("*.svg"))


def test_an_installed_program_has_them_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = package_in(tmp_path, monkeypatch) / "_resources"
    (inside / "translations").mkdir(parents=True)
    assert resource("icons", "x.svg") == inside / "icons" / "x.svg"


def test_a_frozen_program_has_them_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources" / "translations").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources() == tmp_path / "resources"


def test_a_package_without_them_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package_in(tmp_path, monkeypatch)
    with pytest.raises(FileNotFoundError, match="resources"):
        resources()
