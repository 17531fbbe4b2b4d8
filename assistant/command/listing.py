"""`setup-assistant list`: the connections on this computer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from assistant.command.output import company_line, day, moment, print_json
from assistant.connections.health import Health, State, health, keep_alive_problem
from assistant.fortnox.account import AccountKind
from assistant.integration import own_app_id, read_integration
from assistant.language import _, plural
from assistant.problems import occurrence
from assistant.problems.words import words
from assistant.vault.connection import Connection
from assistant.vault.keychain import Keychain
from assistant.vault.places import vault_places
from assistant.vault.rows import DamagedRow, KeepAliveRun
from assistant.vault.store import Vault

JSON_SCHEMA: Final = 1
"""Version of the JSON shape; it changes only when a field changes its meaning or goes."""

FIELDS: Final = {
    "schema": "1",
    "connections": "one object for each, in the order they were first connected",
    "damaged": "one object for each row that cannot be read; `remove --connection` takes it away",
    "keep_alive": "the last run of keep-alive; null before the first",
}
DAMAGED_FIELDS: Final = {
    "id": "the connection; null where even that cannot be read",
    "company_name": "what can be read of the company; an empty text for nothing",
}
CONNECTION_FIELDS: Final = {
    "id": "the connection",
    "account": "`service` or `user`",
    "tenant_id": "the company, digits as text",
    "company_name": "the company",
    "organisation_number": "of the company, as Fortnox writes it",
    "integration": "its name",
    "vendor": "who makes it",
    "client_id": "of the integration",
    "authorize_host": "where that client id is registered",
    "scopes": "those granted",
    "connected_at": "when somebody said yes to the company",
    "valid_until": "when a user account ends unless it is used before; null for a service account",
    "last_checked": "when a real call last succeeded; null before the first",
    "health": "`damaged`, `connect-again`, `problem`, `ends-soon`, `approve-again`, `unchecked` or `works`",
    "problem": "the code of what stands in the way; null where nothing does",
    "problem_at": "when that was noted; null where nothing was",
    "renewed_by_itself": "whether keep-alive has lately renewed user accounts here; false for a service account",
}
KEEP_ALIVE_FIELDS: Final = {
    "begun_at": "when it began",
    "ended_at": "when it ended; null while it runs, or where it was cut off",
    "due": "how many user accounts were due",
    "renewed": "how many of them were renewed",
    "problem": "the code of the first problem, or of what stopped the run; null when there was none",
}


def list_connections(*, integration_file: Path | None, practice: bool, test_server: bool, as_json: bool) -> int:
    """Prints the connections and how they are doing, told from what is stored; asks no keychain and makes no file.

    `test_server`: the integration file may name another server than Fortnox.

    Raises:
        ProblemError: the vault or the integration file cannot be read.
    """
    integration = read_integration(integration_file, test_server=test_server) if integration_file else None
    places = vault_places(own_app_id(), practice=practice)
    vault = Vault(places.vault_file, Keychain(places.keychain_service))
    listing = vault.listing()
    connections = listing.connections
    if integration is not None:
        # A damaged row may belong to any integration, so it is named whichever is asked for.
        host = None if practice else integration.endpoints.authorize_host
        connections = tuple(
            each
            for each in connections
            if each.client_id == integration.client_id and host in (None, each.endpoints.authorize_host)
        )
    keep_alive, now = vault.keep_alive(), _now()
    listed = [(each, health(each, now=now, keep_alive=keep_alive)) for each in connections]
    if as_json:
        fields = {
            "connections": [_fields(each, found) for each, found in listed],
            "damaged": [{"id": each.id, "company_name": each.company_name} for each in listing.damaged],
            "keep_alive": _run(keep_alive) if keep_alive else None,
        }
        print_json(JSON_SCHEMA, fields)
        return 0
    if not listed and not listing.damaged:
        print(_("No company is connected on this computer."))
        return 0
    if listed:
        print(plural("{count} company is connected:", "{count} companies are connected:", len(listed)))
    for each, found in listed:
        _print(each, found)
    _print_damaged(listing.damaged)
    stopped = keep_alive_problem(keep_alive)
    if stopped is not None:
        print(_("The last renewal of all was not complete: {code} {title}", code=stopped.code,
                title=words(stopped).title))  # fmt: skip
    return 0


def _now() -> datetime:
    return datetime.now(UTC)


def _print(connection: Connection, found: Health) -> None:
    person = connection.person_name if connection.account is AccountKind.USER else None
    print(f"  {company_line(connection)}" + (f": {person}" if person else ""))
    integration, date = connection.integration_name, day(connection.connected_at)
    print("    " + _("{integration}, connected {date}", integration=integration, date=date))
    dead = found.state in (State.DAMAGED, State.CONNECT_AGAIN)  # using it makes it no longer any more
    print(f"    {found.state.words}" + ("" if dead else f", {found.forecast.words}"))
    if found.problem is not None:
        print(f"    {found.problem.code}: {words(found.problem).title}")
    print("    " + _("tenant {tenant}, connection {connection}", tenant=connection.tenant_id, connection=connection.id))


def _print_damaged(rows: tuple[DamagedRow, ...]) -> None:
    if not rows:
        return
    print(plural("{count} connection is damaged and cannot be used:",
                 "{count} connections are damaged and cannot be used:", len(rows)))  # fmt: skip
    for row in rows:
        print(f"  {row.company_name or '–'}")
        if row.id is not None:
            print("    " + _("take it away with: {command}", command=f"remove --connection {row.id}"))
    damage = occurrence("STORE-06")
    print(f"    {damage.code}: {words(damage).title}")


def _fields(connection: Connection, found: Health) -> dict[str, object]:
    return {
        "id": connection.id,
        "account": connection.account.value,
        "tenant_id": connection.tenant_id,
        "company_name": connection.company_name,
        "organisation_number": connection.organisation_number,
        "integration": connection.integration_name,
        "vendor": connection.vendor,
        "client_id": connection.client_id,
        "authorize_host": connection.endpoints.authorize_host,
        "scopes": list(connection.scopes_granted),
        "connected_at": moment(connection.connected_at),
        "valid_until": moment(connection.valid_until),
        "last_checked": moment(connection.last_checked),
        "health": found.state.value,
        "problem": found.problem.code if found.problem else None,
        "problem_at": moment(connection.problem_at),
        "renewed_by_itself": found.forecast.renewed_by_itself,
    }


def _run(run: KeepAliveRun) -> dict[str, object]:
    return {
        "begun_at": moment(run.begun_at),
        "ended_at": moment(run.ended_at),
        "due": run.due,
        "renewed": run.renewed,
        "problem": run.problem,
    }
