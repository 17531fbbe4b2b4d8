"""`setup-assistant keep-alive`: renews the user accounts that would otherwise end, and its daily schedule."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Final

from assistant.command.output import moment, print_json
from assistant.command.stopping import run
from assistant.connections.keeping import Kept, keep_alive
from assistant.connections.ports import Ports
from assistant.language import N_, _, plural

if TYPE_CHECKING:
    from assistant.schedule import Status

JSON_SCHEMA: Final = 1
"""Version of both JSON shapes; it changes only when a field changes its meaning or goes."""

FIELDS: Final = {
    "schema": "1",
    "begun_at": "when the run began",
    "ended_at": "when it ended",
    "due": "how many user accounts were due",
    "renewed": "how many of them were renewed, or were used by somebody else meanwhile",
    "left": "how many were not tried, because something stopped the run or their server was not reached",
    "problem": "the code of the first problem, or of what stopped the run; null when there was none",
    "failures": "one object for each connection that was tried in vain",
}
FAILURE_FIELDS: Final = {
    "connection": "the id of the connection",
    "problem": "the code of the problem",
}
SCHEDULE_FIELDS: Final = {
    "schema": "1",
    "state": "`installed`, `not-installed`, `other-program`, `disabled` or `unknown`",
    "last_run": "when the system last ran it; null where the system does not say",
    "next_run": "when it runs next; null where the system does not say",
    "while_signed_in": "whether it runs only while the person is signed in; null where nobody could be asked",
}

_STATES: Final = {
    "installed": N_("The daily renewal is installed."),
    "not-installed": N_("The daily renewal is not installed."),
    "other-program": N_("The daily renewal starts another copy of this program. Install it again from this one."),
    "disabled": N_("The daily renewal is there, but switched off."),
    "unknown": N_("The system did not say whether the daily renewal is installed."),
}


def keep_connections_alive(ports: Ports, *, as_json: bool) -> int:
    """One run; prints what it did. 0 when all that was due is renewed, else 1.

    Raises:
        ProblemError: the vault's file itself cannot be read.
    """
    kept = run(keep_alive(ports))
    if as_json:
        print_json(JSON_SCHEMA, _fields(kept))
    else:
        _print(kept)
    if kept.stopped_by is not None:
        from assistant.command.telling import tell

        tell(kept.stopped_by, sys.stderr)
    return 0 if kept.run.problem is None else 1


def print_schedule(found: Status, *, as_json: bool) -> int:
    """Says how the daily schedule stands; 0."""
    if as_json:
        fields: dict[str, object] = {
            "state": found.state.value,
            "last_run": moment(found.last_run),
            "next_run": moment(found.next_run),
            "while_signed_in": found.while_signed_in,
        }
        print_json(JSON_SCHEMA, fields)
        return 0
    print(_(_STATES[found.state.value]))
    if found.last_run is not None:
        print(_("Last run: {time}", time=_local(found.last_run)))
    if found.next_run is not None:
        print(_("Next run: {time}", time=_local(found.next_run)))
    if found.while_signed_in and found.state.value == "installed":
        print(_("It runs while you are signed in to this computer."))
    return 0


def _local(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def _print(kept: Kept) -> None:
    run = kept.run
    if not run.due:
        print(_("No connection has to be renewed now."))
        return
    print(plural("{count} connection was due.", "{count} connections were due.", run.due))
    print(plural("{count} is renewed.", "{count} are renewed.", run.renewed))
    for failure in kept.failures:
        print(f"  {failure.connection_id}  {failure.code}")
    if kept.left:
        print(plural("{count} was left for the next run.", "{count} were left for the next run.", kept.left))


def _fields(kept: Kept) -> dict[str, object]:
    run = kept.run
    return {
        "begun_at": moment(run.begun_at),
        "ended_at": moment(run.ended_at),
        "due": run.due,
        "renewed": run.renewed,
        "left": kept.left,
        "problem": run.problem,
        "failures": [{"connection": each.connection_id, "problem": each.code} for each in kept.failures],
    }
