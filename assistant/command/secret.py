"""`setup-assistant secret set`: stores the activation key (client secret) of an integration, or its replacement."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from assistant.command.asking import nothing_came, read_secret
from assistant.command.output import print_json
from assistant.connections.later import DAMAGED
from assistant.connections.ports import Ports
from assistant.integration import read_integration
from assistant.language import _, plural
from assistant.problems import ProblemError
from assistant.vault.connection import Connection

JSON_SCHEMA: Final = 1
"""Version of the JSON shape; it changes only when a field changes its meaning or goes."""

FIELDS: Final = {
    "schema": "1",
    "client_id": "of the integration",
    "authorize_host": "where that client id is registered",
    "connections": "how many connections use the key from now on",
}

_KEY_REFUSED: Final = frozenset({"TOKEN-01", "TOKEN-15", "CONN-03"})


def set_secret(ports: Ports, client_id: str, *, integration_file: Path | None, test_server: bool, as_json: bool) -> int:
    """Reads the key without echo, or from standard input, and stores it. 2 where it is not clear for what.

    Its connections go on with it; none has to be made again. The keychain may show its box.

    Raises:
        ProblemError: the vault, the keychain or the integration file.
    """
    hosts = {each.endpoints.authorize_host for each in _using(ports, client_id)}
    if integration_file is not None:
        hosts = {read_integration(integration_file, test_server=test_server).endpoints.authorize_host}
    if len(hosts) != 1:
        print(_("Name the integration file too (--integration): no connection says what {name} is.", name=client_id),
              file=sys.stderr)  # fmt: skip
        return 2
    (host,) = hosts
    using = [each for each in _using(ports, client_id) if each.endpoints.authorize_host == host]
    if using and all(each.relay is not None for each in using):
        print(_("The vendor's own server keeps the activation key of {name}. None is stored here.", name=client_id),
              file=sys.stderr)  # fmt: skip
        return 2
    secret = read_secret(_("the activation key"))
    if secret is None:
        return nothing_came(_("the activation key"))
    ports.vault.unlock()
    ports.vault.set_client_secret(host, client_id, secret)
    for each in using:
        if each.problem in _KEY_REFUSED or (each.problem == DAMAGED and _opens(ports, each)):
            ports.vault.note(each.id)
    if as_json:
        print_json(JSON_SCHEMA, {"client_id": client_id, "authorize_host": host, "connections": len(using)})
        return 0
    print(_("The activation key is stored."))
    print(plural("{count} connection uses it.", "{count} connections use it.", len(using)))
    return 0


def _opens(ports: Ports, connection: Connection) -> bool:
    """Whether all that is sealed for `connection` opens, so that it was the old key of the integration that did not."""
    try:
        ports.vault.secrets(connection.id)
    except ProblemError:
        return False
    return True


def _using(ports: Ports, client_id: str) -> tuple[Connection, ...]:
    return ports.vault.find(client_id=client_id)
