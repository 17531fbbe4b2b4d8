"""Reading queries, forms and headers that anybody may send."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.practice.authorization_request import RedirectedError, UntrustedError, callback, read
from assistant.practice.forms import FormError, fields
from assistant.practice.integration import LAGERKOLL
from assistant.practice.people import PRACTICE_POPULATION
from assistant.practice.rate_limit import RateLimit
from assistant.practice.rendering import accepted_language
from assistant.practice.request_log import plain_names
from assistant.practice.switches import Switches


@given(st.dictionaries(st.text(), st.text(), max_size=20))
def test_what_was_encoded_is_read(values: dict[str, str]) -> None:
    try:
        encoded = urlencode(values)
    except UnicodeEncodeError:
        return  # lone surrogates are no text
    assert fields(encoded) == values


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = fields(text)
    except FormError:
        return
    assert all(isinstance(value, str) for value in found.values())


@given(st.dictionaries(st.sampled_from(["client_id", "redirect_uri", "scope", "state", "response_type"]), st.text()))
def test_no_request_leads_to_an_address_that_is_not_registered(parameters: dict[str, str]) -> None:
    try:
        request = read({"client_id": LAGERKOLL.client_id, **parameters}, integration=LAGERKOLL, switches=Switches())
    except UntrustedError:
        return
    except RedirectedError as refused:
        where = refused.location(Switches()).partition("?error=")[0]
    else:
        where = request.redirect_uri
    assert where in LAGERKOLL.redirect_uris


def test_an_answer_joins_the_query_that_is_there() -> None:
    assert callback("https://a.example/b", {"code": "x y"}) == "https://a.example/b?code=x+y"
    assert callback("https://a.example/b?c=d", {"code": "x"}) == "https://a.example/b?c=d&code=x"
    assert callback("https://a.example/b", {}) == "https://a.example/b"


@given(st.text())
def test_any_language_wish_gets_a_language(header: str) -> None:
    assert accepted_language(header) in ("sv", "en")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("en-GB,sv;q=0.9", "en"),
        ("de,sv;q=0.3,en;q=0.2", "sv"),
        ("sv;q=0,en", "en"),
        ("da", "sv"),
        ("fr", "en"),
        ("", "en"),
        ("sv;q=x", "en"),
    ],
)
def test_language_wishes(header: str, code: str) -> None:
    assert accepted_language(header) == code


@given(st.text())
def test_a_name_that_is_not_plain_is_not_logged(name: str) -> None:
    assert plain_names([name])[0] in (name, "(odd)")
    assert not set(plain_names([name])[0]) & set("=&%\n <>'\"")


@given(st.lists(st.floats(0, 3), max_size=80))
def test_never_more_than_25_in_any_five_seconds(pauses: list[float]) -> None:
    limit, now, let_through = RateLimit(), 0.0, []
    for pause in pauses:
        now += pause
        if limit.wait("client", 1, now=now) == 0:
            let_through.append(now)
    for moment in let_through:
        assert sum(moment - 5 < other <= moment for other in let_through) <= 25


def test_the_invented_world_holds_together() -> None:
    companies = {company.tenant_id: company for company in PRACTICE_POPULATION.companies}
    assert len(companies) == len(PRACTICE_POPULATION.companies)
    for company in companies.values():
        digits = [int(digit) for digit in company.organisation_number if digit.isdigit()]
        doubled = [digit * 2 if place % 2 == 0 else digit for place, digit in enumerate(digits)]
        assert len(digits) == 10
        assert sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
    tests = [company for company in companies.values() if company.is_test]
    assert tests
    for copy in tests:
        numbers = [company.organisation_number for company in companies.values()]
        assert numbers.count(copy.organisation_number) == 2
    assert any(company.missing_licences(LAGERKOLL.scopes) for company in companies.values())
    for membership in PRACTICE_POPULATION.memberships:
        assert membership.tenant_id in companies
        assert PRACTICE_POPULATION.person(membership.person_id)
