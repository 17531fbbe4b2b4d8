"""What the self-test looks at, as values and functions: the very ones that the program itself uses."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from assistant.fortnox.client import Client
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import Access
from assistant.fortnox.proxies import system_proxy
from assistant.integration import Integration
from assistant.problems import Occurrence
from assistant.schedule import Status
from assistant.vault.keychain import Keychain
from assistant.vault.store import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineAnswer:
    """What a start of the browser engine came to.

    Attributes:
        painted: whether a page was seen.
        problem: the code of what stopped it; None where nothing did, or nobody said.
        qt, chromium, patches: versions; "" where they were not told.
        no_display, no_qt: why it was not tried.
        late: whether it was still starting when its time was over.
    """

    painted: bool = False
    problem: str | None = None
    qt: str = ""
    chromium: str = ""
    patches: str = ""
    no_display: bool = False
    no_qt: bool = False
    late: bool = False


def this_user() -> int | None:
    """The number of the system's user who runs this; None on Windows, which has none."""
    return os.geteuid() if hasattr(os, "geteuid") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is looked at.

    Attributes:
        integration: as read; None where there is none, `integration_problem` then says why unless no file was named.
        endpoints: Fortnox's own where no integration names others; in practice those of the practice server.
        vault, vault_file, keychain: of the user who runs this.
        engine: starts the browser engine in a process of its own.
        takes_web_addresses: whether a program is there to take a web address; None where that cannot be asked.
        schedule: how the daily renewal stands. Blocks.
        client: opens a client.
        proxy: the proxy for an address. May block.
        clock: the present moment, aware.
        user: the number of the system's user who runs this.
    """

    integration: Integration | None
    integration_problem: Occurrence | None = None
    endpoints: Endpoints = field(default_factory=Endpoints)
    vault: Vault
    vault_file: Path
    keychain: Keychain
    engine: Callable[[], Awaitable[EngineAnswer]]
    takes_web_addresses: Callable[[], bool | None]
    schedule: Callable[[], Status]
    client: Callable[[Endpoints, Access | None], AbstractAsyncContextManager[Client]] = Client
    proxy: Callable[[str], str | None] = system_proxy
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    user: Callable[[], int | None] = this_user
