"""`setup-assistant vault check|export|backup|new-key`: care of the file in which the connections are kept."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.command.output import print_json
from assistant.command.telling import tell
from assistant.integration import own_app_id
from assistant.language import N_, _, plural
from assistant.problems import occurrence
from assistant.vault.backup import back_up
from assistant.vault.export import export
from assistant.vault.integrity import ClientSecretFound, ConnectionFound, Seal, VaultReport, inspect
from assistant.vault.keychain import Keychain
from assistant.vault.new_key import make_new_key
from assistant.vault.own_file import open_to_others
from assistant.vault.places import Places, vault_places
from assistant.vault.vault_file import VaultFile

JSON_SCHEMA = 1
"""Version of the JSON shapes; it changes only when a field changes its meaning or goes. New fields may come.

`vault check --json`:

    {"schema": 1, "file": "/…/connections.db", "there": true, "vault_version": 2, "whole": true, "complaints": [],
     "connections": [{...}, ...], "client_secrets": [{...}, ...], "problems": ["STORE-06"],
     "new_key_unfinished": false, "file_is_gone": false, "open_to_others": false}

`there`: whether anything was ever saved. `vault_version`: of the file's layout, null where it is not there. `whole`: no
problem was found and every seal was tried. `complaints`: SQLite's own words about the structure. One object a
connection: `id`, `company_name`, `organisation_number`, `account` ("service", "user", or null where it cannot be read),
`integration`, `seal`; and a client secret: `client_id`, `authorize_host`, `seal`. `seal` is "opens", "damaged",
"unreadable" or "not-tried". `problems`: codes, each once.

`vault backup --json` and `vault export --json`:

    {"schema": 1, "written": "/…/file", "connections": 3, "open_to_others": false}

`written` and `connections` are null where there is no vault; export adds `unreadable`, the rows that are damaged.

`vault new-key --json`: {"schema": 1, "resealed": 4}: how many seals were made anew.
"""

_SEALS: Mapping[Seal, str] = {
    Seal.OPENS: N_("can be opened"),
    Seal.DAMAGED: N_("is damaged"),
    Seal.UNREADABLE: N_("cannot be read"),
    Seal.NOT_TRIED: N_("was not tried"),
}


def check(*, practice: bool, as_json: bool) -> int:
    """Looks at the whole vault, changes nothing and unlocks nothing. 0 when everything was tried and is whole, else 1.

    Raises:
        ProblemError: the file cannot be looked at.
    """
    places = vault_places(own_app_id(), practice=practice)
    report = inspect(VaultFile(places.vault_file), Keychain(places.keychain_service))
    if as_json:
        print_json(JSON_SCHEMA, _report_fields(report, places))
    else:
        for line in _report_lines(report, places):
            print(line)
        for found in report.problems:
            tell(found, sys.stderr)
    return 1 if report.problems or report.file_is_gone else 0


def write_export(target: Path, *, practice: bool, replace: bool, as_json: bool) -> int:
    """Writes what is not secret to `target`. 0, or 1 when a row could not be read; the others are written then.

    Raises:
        ProblemError: COPY-01 or COPY-02, about the target; or the vault cannot be read.
    """
    written = export(VaultFile(_file(practice)), target, replace=replace)
    connections, unreadable = written or (None, 0)
    if as_json:
        print_json(JSON_SCHEMA, {**_written_fields(target, connections), "unreadable": unreadable})
    elif connections is None:
        print(_("Nothing is stored on this computer, so no file was written."))
    else:
        print(plural("{count} connection was written, without its secrets:",
                     "{count} connections were written, without their secrets:", connections))  # fmt: skip
        _tell_where(target)
    if not unreadable:
        return 0
    tell(occurrence("STORE-06", details={"rows": unreadable}), sys.stderr)
    return 1


def write_backup(target: Path, *, practice: bool, replace: bool, as_json: bool) -> int:
    """Copies the vault file to `target`.

    Raises:
        ProblemError: COPY-01 or COPY-02, about the target; or the vault cannot be read, or is damaged.
    """
    connections = back_up(VaultFile(_file(practice)), target, replace=replace)
    if as_json:
        print_json(JSON_SCHEMA, _written_fields(target, connections))
    elif connections is None:
        print(_("Nothing is stored on this computer, so no file was written."))
    else:
        print(plural("{count} connection was copied:", "{count} connections were copied:", connections))
        _tell_where(target)
        print(_("The secrets in it open only with the key in this computer's password store."))
    return 0


def new_key(*, practice: bool, as_json: bool) -> int:
    """Has the keychain unlocked, with the system's own box where it needs one, and seals everything anew.

    Raises:
        ProblemError: it could not be done; the vault opens as before.
    """
    places = vault_places(own_app_id(), practice=practice)
    keychain, rows = Keychain(places.keychain_service), VaultFile(places.vault_file)
    with rows.reading() as reading:
        anything = reading.anything_sealed()
    if anything:
        keychain.unlock()
    resealed = make_new_key(rows, keychain)
    if as_json:
        print_json(JSON_SCHEMA, {"resealed": resealed})
    elif not resealed:
        print(_("Nothing is stored on this computer, so no new key was made."))
    else:
        print(_("The connections have a new key. The companies need not be connected again."))
        print(_("Earlier backups can no longer be opened. Make a new one."))
    return 0


def _report_lines(report: VaultReport, places: Places) -> Iterator[str]:
    yield os.fspath(places.vault_file)
    if report.file_is_gone:
        yield "  " + _("The file is not there, but the password store has a key for it. Was it moved or removed?")
        yield "  " + _("Put it back, or a backup of it. Without either, connect the companies again.")
        return
    if report.schema_version is None:
        yield "  " + _("Nothing is stored yet.")
        return
    yield "  " + (_("The file is damaged:") if report.complaints else _("The file is whole."))
    for complaint in report.complaints:
        yield f"    {complaint}"
    for found in report.connections:
        name = " ".join(part for part in (found.company_name or found.id, found.organisation_number) if part)
        yield f"  {name}: {_(_SEALS[found.seal])}"
    for secret in report.client_secrets:
        name = _("Activation key for {client_id} at {host}", client_id=secret.client_id, host=secret.authorize_host)
        yield f"  {name}: {_(_SEALS[secret.seal])}"
    if report.new_key_unfinished:
        yield "  " + _("A change of key was cut off. Nothing is lost; run “vault new-key” to bring it to its end.")
    if report.open_to_others:
        yield "  " + _(
            "Other users of this computer may open the file. The next time something is saved, that is mended."
        )


def _report_fields(report: VaultReport, places: Places) -> dict[str, Any]:
    return {
        "file": os.fspath(places.vault_file),
        "there": report.schema_version is not None,
        "vault_version": report.schema_version,
        "whole": not report.problems and not report.file_is_gone,
        "complaints": list(report.complaints),
        "connections": [_connection_fields(found) for found in report.connections],
        "client_secrets": [_secret_fields(found) for found in report.client_secrets],
        "problems": [found.code for found in report.problems],
        "new_key_unfinished": report.new_key_unfinished,
        "file_is_gone": report.file_is_gone,
        "open_to_others": report.open_to_others,
    }


def _connection_fields(found: ConnectionFound) -> dict[str, Any]:
    return {
        "id": found.id,
        "company_name": found.company_name,
        "organisation_number": found.organisation_number,
        "account": found.account.value if found.account else None,
        "integration": found.integration_name,
        "seal": found.seal.value,
    }


def _secret_fields(found: ClientSecretFound) -> dict[str, Any]:
    return {"client_id": found.client_id, "authorize_host": found.authorize_host, "seal": found.seal.value}


def _written_fields(target: Path, connections: int | None) -> dict[str, Any]:
    return {
        "written": None if connections is None else os.fspath(target.absolute()),
        "connections": connections,
        "open_to_others": connections is not None and open_to_others(target),
    }


def _tell_where(target: Path) -> None:
    print(f"  {target.absolute()}")
    if open_to_others(target):
        print(_("Others may open it there: that disk does not keep files to their owner."))


def _file(practice: bool) -> Path:
    return vault_places(own_app_id(), practice=practice).vault_file
