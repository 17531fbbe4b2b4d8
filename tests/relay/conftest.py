"""A practice server with a relay in front of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.practice.server import PracticeServer
from tests.relay.serving import Running, serving


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer().in_thread() as running:
        yield running
        assert running.crashes == []


@pytest.fixture
def relay(server: PracticeServer) -> Iterator[Running]:
    with serving(server) as running:
        yield running
        assert running.crashes == []
