"""What the list is told from: the connections as they lie on the disk. Needs no key and asks nobody. Blocks."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.integration import Integration
from assistant.vault.connection import Connection
from assistant.vault.rows import KeepAliveRun
from assistant.vault.store import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The connections that the list shows, and the last run of keep-alive."""

    connections: tuple[Connection, ...] = ()
    keep_alive: KeepAliveRun | None = None


def read_listed(vault: Vault, integration: Integration | None, *, practice: bool) -> Listed:
    """Those of `integration`, or all without one. In practice its client id decides: the server's port may differ.

    Raises:
        ProblemError: the vault cannot be read.
    """
    if integration is None:
        found = vault.connections()
    else:
        host = None if practice else integration.endpoints.authorize_host
        found = vault.find(authorize_host=host, client_id=integration.client_id)
    return Listed(connections=found, keep_alive=vault.keep_alive())
