"""Situations of the way there: every trouble at every place, and slowness everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from assistant.language import N_
from assistant.practice.scenarios.model import Scenario
from assistant.practice.switches import QUESTIONS, Mark, Place, Stage, Trouble

PLACES: Final[Mapping[str, Place]] = MappingProxyType(
    {
        "sign-in": Place.AUTHORIZE,
        "consent": Place.CONSENT,
        "exchange": Place.EXCHANGE,
        "renewal": Place.RENEWAL,
        "service-token": Place.SERVICE_TOKEN,
        "revocation": Place.REVOCATION,
        "migration": Place.MIGRATION,
        "company": Place.COMPANY,
        "person": Place.PERSON,
    }
)
"""What the first half of such a situation's name says."""

TROUBLES: Final[Mapping[str, Trouble]] = MappingProxyType(
    {trouble.name.lower().replace("_", "-"): trouble for trouble in Trouble if trouble is not Trouble.NONE}
)
"""What the second half says."""

_ONCE: Final = frozenset({Place.EXCHANGE, Place.RENEWAL, Place.MIGRATION})
"""What is used up by the first request that arrives: with the answer lost, nobody knows the outcome."""
_BESIDE: Final = frozenset({Place.RENEWAL, Place.REVOCATION, Place.MIGRATION})
_PAGES: Final = frozenset({Place.AUTHORIZE, Place.CONSENT})
_CALLS: Final = frozenset({Place.COMPANY, Place.PERSON})
_LOST: Final = frozenset({Trouble.CUT_BEFORE, Trouble.CUT_AFTER_WORK, Trouble.CUT_AFTER_HEADERS, Trouble.CUT_MIDWAY})
_LATE: Final = frozenset({Trouble.STALLED, Trouble.DRIP})
_UNREADABLE: Final = frozenset({Trouble.HALF, Trouble.EMPTY, Trouble.HTML})
_HARMLESS: Final = frozenset({Trouble.SLOW, Trouble.WRONG_TYPE})
_FAULTS: Final = frozenset({Trouble.MAINTENANCE, Trouble.GATEWAY, Trouble.FAULT})
_TOO_MANY: Final = frozenset({Trouble.TOO_MANY, Trouble.TOO_MANY_WAIT})


def _outcome(place: Place, trouble: Trouble) -> str:
    """The code of the problem the program ends in; empty where it goes on or waits."""
    if trouble in _HARMLESS:
        return ""
    if place in _PAGES:
        return _page_outcome(trouble)
    once, call = place in _ONCE, place in _CALLS
    if trouble in _LOST or trouble in _LATE or (trouble is Trouble.GATEWAY and once):
        return "TOKEN-04" if once else "NET-03" if trouble in _LATE else "NET-06" if trouble in _FAULTS else "NET-08"
    if trouble in _FAULTS:
        return "NET-06"
    if trouble in _TOO_MANY:
        return "TOKEN-13"
    if trouble is Trouble.FORBIDDEN:
        return "CHECK-08" if call else "TOKEN-10" if place is Place.MIGRATION else "TOKEN-14"
    if call:
        return "CHECK-01"
    if trouble in _UNREADABLE:
        return "" if place is Place.REVOCATION else "TOKEN-03"
    return "TOKEN-05" if trouble is Trouble.OVERSIZED else "TOKEN-06"


def _page_outcome(trouble: Trouble) -> str:
    if trouble in _FAULTS:
        return "WEB-15"
    if trouble is Trouble.EMPTY:
        return "WEB-03"
    return "WEB-12" if trouble in _LOST or trouble is Trouble.STALLED else ""


def _situation(place_name: str, place: Place, trouble_name: str, trouble: Trouble) -> Scenario:
    outcome = _outcome(place, trouble)
    return Scenario(
        name=f"{place_name}-{trouble_name}",
        title=N_("{place}: {trouble}"),
        words={"place": _NAMES[place.value], "trouble": trouble.value},
        stage=Stage.NETWORK,
        mark=Mark.NETWORK,
        changes={place.value: trouble},
        outcomes=(outcome,) if outcome else (),
        waits=place in _PAGES and not outcome and trouble not in _HARMLESS,
        user_account=place is Place.PERSON,
        beside_journey=place in _BESIDE,
    )


_NAMES: Final = {question.name: question.text for question in QUESTIONS}

SLOW: Final = Scenario(
    name="slow",
    title=N_("Every answer takes three seconds"),
    stage=Stage.NETWORK,
    mark=Mark.NETWORK,
    changes={"latency": 3.0},
)

NETWORK: Final = (
    SLOW,
    *(_situation(*place, *trouble) for place in PLACES.items() for trouble in TROUBLES.items()),
)
"""`slow`, then each place with each trouble, such as `exchange-cut-midway`."""
