"""A vault with connections that practice knows of, and the ports to do something with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.connections.pace import Pace
from assistant.connections.ports import Ports
from assistant.fortnox.client import Client, Limits
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import Access
from assistant.practice.clock import PracticeClock
from assistant.practice.server import PracticeServer
from assistant.problems import Occurrence
from assistant.problems.words import words
from assistant.vault.lock import ConnectionLocks
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from tests.vault.at_practice import KEY

SOON = timedelta(days=10)
"""What is left of a user account that is due."""


def client(endpoints: Endpoints, access: Access | None) -> Client:
    return Client(endpoints, access, proxy=lambda _: None, limits=Limits(connect=3, read=3, total=5))


def ports_at(path: Path, **changes: Any) -> Ports:
    """The ports of the vault at `path`, without any proxy, in no hurry but without waiting."""
    vault = Vault(path, changes.pop("keychain", None) or MemoryKeychain(KEY))
    given = {
        "vault": vault,
        "locks": ConnectionLocks(path, wait_seconds=10),
        "client": client,
        "token_pace": Pace(1000, 1.0),
        **changes,
    }
    return Ports(**given)


def clock_of(server: PracticeServer) -> Callable[[], datetime]:
    """The practice server's clock, as this program reads one."""
    return lambda: datetime.fromtimestamp(server.clock.now(), UTC)


def new_clock() -> PracticeClock:
    return PracticeClock()


def said(problem: Occurrence) -> str:
    """All that a person reads of `problem`, to look for gaps in it."""
    told = words(problem)
    return " ".join((told.title, told.cause, *told.remedy))
