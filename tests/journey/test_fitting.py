"""Which entry of the catalogue the journey shows, where the room that met a problem knew too little."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.fortnox.account import AccountKind
from assistant.integration import SecretSource
from assistant.journey.fitting import fitted
from assistant.problems import CATALOGUE, occurrence
from tests.journey import honest

SERVICE, USER = AccountKind.SERVICE, AccountKind.USER
LISTED = replace(honest.integration(source=SecretSource.ASK), listing="https://www.fortnox.se/lagerkoll")


@pytest.mark.parametrize(
    ("met", "source", "shown"),
    [("TOKEN-01", source, "TOKEN-01" if source is SecretSource.ASK else "TOKEN-18") for source in SecretSource],
)
def test_a_key_is_asked_for_again_only_where_it_was_asked_for(met: str, source: SecretSource, shown: str) -> None:
    found = fitted(occurrence(met, {"HTTP status": 401}, host="h"), honest.integration(source=source), SERVICE)
    assert (found.code, found.details, found.facts) == (shown, (("HTTP status", "401"),), {"host": "h"})


def test_an_order_page_is_named_only_where_there_is_one() -> None:
    assert fitted(occurrence("AUTH-04"), LISTED, SERVICE).code == "AUTH-04"
    assert fitted(occurrence("AUTH-04"), replace(LISTED, listing=None), SERVICE).code == "AUTH-17"


def test_nobody_is_offered_what_they_chose_already() -> None:
    assert [fitted(occurrence("AUTH-02"), LISTED, kind).code for kind in (SERVICE, USER)] == ["AUTH-02", "AUTH-18"]


@pytest.mark.parametrize("code", sorted(set(CATALOGUE) - {"TOKEN-01", "AUTH-04", "AUTH-02"}))
def test_everything_else_stays_what_it_is(code: str) -> None:
    met = occurrence(code)
    assert fitted(met, replace(LISTED, listing=None), USER) is met
