"""Integration files in a folder of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.integration import Mistake, check_integration
from tests.integration.files import Check, Write, changed, toml


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the right tree with changes and returns its path."""

    def write(changes: dict[str, Any] | None = None, name: str = "integration.toml") -> Path:
        path = tmp_path / name
        path.write_text(toml(changed(changes or {})), encoding="utf-8")
        return path

    return write


@pytest.fixture
def check(write: Write) -> Check:
    """The mistakes in the right tree with changes."""

    def check(changes: dict[str, Any], **options: bool) -> tuple[Mistake, ...]:
        return check_integration(write(changes), **options)

    return check
