"""A desktop for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.desktop import Desktop, desktop, not_here


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Desktop]:
    """A desktop of this one test."""
    reason = not_here()
    if reason is not None:
        pytest.skip(reason)
    with desktop(tmp_path / "recorded") as made:
        yield made
