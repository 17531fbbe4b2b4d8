from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.fortnox.company import Company, Person, read_company_information, read_company_settings, read_person
from assistant.problems import ProblemError

INFORMATION = {
    "Address": "Storgatan 1",
    "City": "Växjö",
    "CompanyName": "Bageriet AB",
    "CountryCode": "SE",
    "DatabaseNumber": 654321,
    "OrganizationNumber": "556677-8899",
    "VisitCity": "Växjö",
    "ZipCode": "35230",
}


def information(**fields: Any) -> Company:
    return read_company_information(json.dumps({"CompanyInformation": INFORMATION | fields}).encode())


def test_both_resources_tell_of_the_same_company() -> None:
    settings = {name: value for name, value in INFORMATION.items() if name != "CompanyName"}
    settings |= {"Name": "Bageriet AB", "DatabaseNumber": "654321", "TaxEnabled": True, "BG": "1-2"}
    other = read_company_settings(json.dumps({"CompanySettings": settings}).encode())
    assert (
        other
        == information()
        == Company(
            name="Bageriet AB",
            organisation_number="556677-8899",
            tenant_id="654321",
            address="Storgatan 1",
            zip_code="35230",
            town="Växjö",
            country="SE",
        )
    )


def test_empty_fields_are_no_hindrance() -> None:
    body = {"CompanyInformation": {"CompanyName": "A", "DatabaseNumber": 1, "City": None, "OrganizationNumber": None}}
    assert read_company_information(json.dumps(body).encode()).town == ""


@pytest.mark.parametrize("number", [None, "", 0, "0", "abc", -1, "1.5", "٣", "1" * 30])
def test_without_its_number_a_company_is_none(number: object) -> None:
    with pytest.raises(ProblemError, match="CHECK-02"):
        information(DatabaseNumber=number)


@pytest.mark.parametrize(
    "fields", [{"CompanyName": ""}, {"CompanyName": None}, {"CompanyName": 5}, {"CompanyName": "\u202e"}]
)
def test_a_company_without_a_name_cannot_be_confirmed(fields: dict[str, object]) -> None:
    with pytest.raises(ProblemError, match="CHECK-01"):
        information(**fields)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"CompanyInformation":[]}', b'{"CompanyInformation":1}']
)
def test_another_answer_is_not_understood(body: bytes) -> None:
    for read in (read_company_information, read_company_settings, read_person):
        with pytest.raises(ProblemError, match="CHECK-01"):
            read(body)


def test_a_name_is_made_fit_to_be_confirmed() -> None:
    found = information(CompanyName="  Bageriet\r\n\tAB\u202e\u200b\x00 " + "x" * 500)
    assert found.name.startswith("Bageriet AB xxx")
    assert len(found.name) <= 200


def test_the_person() -> None:
    body = {"MeInformation": {"Id": "7", "Name": "Ada", "Email": "a@b.se", "SysAdmin": True, "Locale": "sv_SE"}}
    assert read_person(json.dumps(body).encode()) == Person(
        id="7", name="Ada", email="a@b.se", system_administrator=True
    )


def test_a_person_may_be_little_more_than_a_number() -> None:
    assert read_person(b'{"MeInformation":{"Id":7}}') == Person(id="7", name="", email="", system_administrator=None)


ANY = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers(), max_size=2)


@given(st.dictionaries(st.sampled_from([*INFORMATION, "Name", "Id", "SysAdmin", "Email"]), ANY))
def test_any_answer_is_a_company_or_a_problem(fields: dict[str, object]) -> None:
    for read, name in (
        (read_company_information, "CompanyInformation"),
        (read_company_settings, "CompanySettings"),
        (read_person, "MeInformation"),
    ):
        try:
            found = read(json.dumps({name: fields}).encode())
        except ProblemError:
            continue
        shown = found.name
        assert not any(part in shown for part in "\n\r\x00\u202e")
