"""A world for the self-test in which everything is well, to be spoilt one thing at a time."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from assistant.fortnox.client import Client, Limits
from assistant.fortnox.endpoints import Endpoints
from assistant.integration import Integration
from assistant.schedule import State, Status
from assistant.support.self_test import EngineAnswer, World
from assistant.vault.keychain import Keychain
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.sqlite_rows import SqliteRows
from assistant.vault.store import Vault
from tests.journey import honest


class OpenKeychain(Keychain):
    """The port without a keychain behind it: entries live in memory, the rules are the real ones."""

    def __init__(self) -> None:
        super().__init__("setup-assistant-test")
        self._memory = MemoryKeychain()

    def state(self) -> Any:
        return self._memory.state()

    def try_out(self) -> None:
        return None


def endpoints(authorize: str, api: str | None = None) -> Endpoints:
    return Endpoints(
        authorize=f"{authorize}/auth",
        token=f"{authorize}/token",
        revoke=f"{authorize}/revoke",
        migrate=f"{authorize}/migrate",
        api=api or authorize,
    )


def integration(authorize: str, api: str | None = None, **changes: Any) -> Integration:
    return replace(honest.integration(), endpoints=endpoints(authorize, api), **changes)


def world(folder: Path, **changes: Any) -> World:
    """Everything is well, apart from what `changes` says."""

    async def engine() -> EngineAnswer:
        return EngineAnswer(painted=True, qt="6.12.0", chromium="140.0.7339.225", patches="152.0.7977.83")

    file = folder / "connections.db"
    well: dict[str, Any] = {
        "integration": None,
        "endpoints": endpoints("http://127.0.0.1:1"),
        "vault": Vault(file, MemoryKeychain(), rows=SqliteRows(file, busy_seconds=1)),
        "vault_file": file,
        "keychain": OpenKeychain(),
        "engine": engine,
        "takes_web_addresses": lambda: True,
        "schedule": lambda: Status(state=State.INSTALLED),
        "client": partial(Client, proxy=lambda _: None, limits=Limits(connect=2, read=5, total=5)),
        "proxy": lambda _: None,
    }
    return World(**{**well, **changes})
