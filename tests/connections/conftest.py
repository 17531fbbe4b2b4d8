"""A practice server for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import language
from assistant.practice.server import PracticeServer


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer().in_thread() as running:
        yield running
        assert running.crashes == []


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the vault's file lies."""
    return tmp_path / "vault" / "connections.db"


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    language.use("en")
