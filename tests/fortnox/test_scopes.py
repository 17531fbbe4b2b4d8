from __future__ import annotations

from assistant.fortnox.scopes import SCOPES, licence_list, licence_words, scope


def test_every_scope_of_fortnox_is_known() -> None:
    names = [
        "companyinformation",
        "profile",
        "settings",
        "inbox",
        "archive",
        "connectfile",
        "bookkeeping",
        "customer",
        "article",
        "invoice",
        "payment",
        "price",
        "print",
        "offer",
        "order",
        "supplier",
        "supplierinvoice",
        "project",
        "costcenter",
        "currency",
        "salary",
        "noxfinansinvoice",
        "timereporting",
        "assets",
        "warehouse",
        "developerapi",
    ]
    assert list(SCOPES) == names
    assert all(SCOPES[name].label and SCOPES[name].description for name in names)


def test_licences_are_said_in_fortnox_own_words() -> None:
    assert licence_words(SCOPES["companyinformation"]) == "no particular licence"
    assert licence_words(SCOPES["order"]) == "Order"
    assert licence_words(SCOPES["payment"]) == "Bokföring, Order or Kundfaktura"
    assert licence_words(SCOPES["archive"]) == "perhaps Arkivplats"


def test_the_licences_of_a_connection_are_named_once_each() -> None:
    assert licence_list(["companyinformation", "article", "invoice", "order"]) == "Order or Kundfaktura; Order"
    assert licence_list(["companyinformation"]) == ""


def test_an_unknown_scope_shows_its_raw_name() -> None:
    assert scope("brandnew").label == "brandnew"
    assert "{vendor}" in scope("brandnew").description


def test_what_people_worry_about_has_a_line_of_its_own() -> None:
    assert {name for name, entry in SCOPES.items() if entry.sensitive} == {
        "salary",
        "payment",
        "bookkeeping",
        "timereporting",
    }
