"""Situations of the way there: every trouble at every place, slowness and another time everywhere."""

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
_NOTICE: Final = "WEB-25"
"""What is said above a page that stays to be read."""
_TOO_MANY: Final = frozenset({Trouble.TOO_MANY, Trouble.TOO_MANY_WAIT})
_REFUSALS: Final = _TOO_MANY | {Trouble.FORBIDDEN, Trouble.REDIRECT}  # it points to where nothing is
_OF_BODIES: Final = frozenset({Trouble.DRIP, Trouble.CUT_MIDWAY, Trouble.HALF, Trouble.WRONG_TYPE})


def _outcome(place: Place, trouble: Trouble) -> str:
    """The code of the problem the program ends in; empty where it goes on or waits."""
    if place in _PAGES:
        return _page_outcome(place, trouble)
    if trouble in _HARMLESS:
        return ""
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


def _page_outcome(place: Place, trouble: Trouble) -> str:
    if trouble in _FAULTS:
        return "WEB-15"
    if place is Place.AUTHORIZE and trouble in _REFUSALS:
        return _NOTICE
    if place is Place.AUTHORIZE and trouble is Trouble.EMPTY:
        return "WEB-03"
    return "WEB-12" if trouble in (_LOST | {Trouble.STALLED}) and not _goes_on(place, trouble) else ""


def _goes_on(place: Place, trouble: Trouble) -> bool:
    """Whether a connection is made all the same. The authorization endpoint answers with a redirect, whose body is
    empty: what befalls a body alone does not befall it."""
    if place is Place.AUTHORIZE and trouble in _OF_BODIES:
        return True
    return trouble in _HARMLESS and (place, trouble) != (Place.CONSENT, Trouble.WRONG_TYPE)  # a page shown as text


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
        waits=place in _PAGES and outcome in ("", _NOTICE) and not _goes_on(place, trouble),
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

CLOCK_WRONG: Final = Scenario(
    name="clock-wrong",
    title=N_("This computer's clock seems three hours slow"),
    shows=N_("The first page says so (START-05). A connection is made all the same."),
    stage=Stage.NETWORK,
    mark=Mark.NETWORK,
    changes={"clock_ahead": 10_800.0},
)

EVERYWHERE: Final = (SLOW, CLOCK_WRONG)
"""Situations of the way there that are not tied to a place."""

NETWORK: Final = (
    *EVERYWHERE,
    *(_situation(*place, *trouble) for place in PLACES.items() for trouble in TROUBLES.items()),
)
"""Those of everywhere, then each place with each trouble, such as `exchange-cut-midway`."""
