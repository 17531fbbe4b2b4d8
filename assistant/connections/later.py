"""A problem of the set-up, as it is told of a connection that has been there for a while. Pure.

The catalogue's texts of the set-up say "you are not connected yet" or "nothing is saved". Where the same refusal means
something else later, the family CONN has words for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from assistant.fortnox.scopes import licence_list
from assistant.language import N_
from assistant.problems import Occurrence, occurrence
from assistant.problems.model import Way
from assistant.vault.connection import Connection

OTHER_COMPANY: Final = "CONN-01"
APPROVAL_GONE: Final = "CONN-02"
PART_REFUSED: Final = "CONN-07"

CONNECT_AGAIN: Final = frozenset({"TOKEN-08", "TOKEN-11", "TOKEN-20", "STORE-18", OTHER_COMPANY, APPROVAL_GONE})
"""What only connecting the company again can mend. TOKEN-20: the vendor's relay no longer knows this computer."""
DAMAGED: Final = "STORE-06"
CONCERNS_ALL: Final = frozenset(f"STORE-{number:02}" for number in (1, 2, 3, 4, 5, 7, 8, 12, 13))
"""What stops every connection of this computer alike: the keychain, the key, the file."""
STOPS_RENEWALS: Final = CONCERNS_ALL | {"STORE-09", "STORE-10"}
"""What ends a run of keep-alive: with these nothing more can be renewed. A refresh token is used only when the new one
can be saved."""
UNTIL_RENEWED: Final = frozenset({"TOKEN-11", "TOKEN-20", "STORE-18"})
"""What a renewal has found and only another shows to be over. An access token from before it stays good meanwhile."""

_LATER: Final = {
    "TOKEN-01": "CONN-03",
    "TOKEN-03": "CONN-04",
    "TOKEN-05": "CONN-04",
    "TOKEN-06": "CONN-04",
    "TOKEN-08": APPROVAL_GONE,
    "TOKEN-09": "CONN-06",
    "TOKEN-14": "CONN-06",
    "TOKEN-16": "CONN-04",
    "CHECK-01": "CONN-04",
    "CHECK-02": "CONN-04",
    "CHECK-04": PART_REFUSED,
    "CHECK-05": "CONN-05",
    "CHECK-08": "CONN-06",
}


def facts(connection: Connection) -> dict[str, str]:
    """What the texts of a problem may name of `connection`."""
    return {
        "company": connection.company_name,
        "integration": connection.integration_name,
        "vendor": connection.vendor,
        "host": connection.endpoints.authorize_host,
        "licences": licence_list(connection.scopes_granted) or N_("the licence for integration"),
    }


def named(problem: Occurrence, connection: Connection) -> Occurrence:
    """`problem` with all that its texts can name of `connection`."""
    return replace(problem, facts={**facts(connection), **problem.facts})


def later(problem: Occurrence, connection: Connection | None = None) -> Occurrence:
    """`problem` in the words that fit a connection which is there, with what its texts can name of it."""
    known = {**(facts(connection) if connection else {}), **problem.facts}
    code = _LATER.get(problem.code)
    if code is None:
        return replace(problem, facts=known)
    return occurrence(code, {**dict(problem.details), "Answer": problem.code}, **known)


def told(code: str, connection: Connection) -> Occurrence | None:
    """The problem that was noted as `code` for `connection`; None for a code that a newer version wrote."""
    try:
        return later(occurrence(code), connection)
    except KeyError:
        return None


def needs_a_person(problem: Occurrence) -> bool:
    """Whether `problem` stays until somebody does something, so that it is worth noting with its connection.

    What the network, the keychain or the disk has to do with passes for all connections at once, or is told at once.
    """
    if problem.code in CONNECT_AGAIN or problem.code == DAMAGED:
        return True
    if problem.code.startswith(("NET", "STORE", "START", "FILE")):
        return False
    return not {Way.TRY_AGAIN, Way.UNLOCK} & set(problem.problem.ways)
