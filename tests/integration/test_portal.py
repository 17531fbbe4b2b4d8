"""The vendor's side: what the file says is judged, what only the portal shows is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.fortnox.account import AccountKind
from assistant.fortnox.redirect import RedirectUri
from assistant.integration import ClientSecret, Integration, RedirectPage, Relay, SecretSource, Support
from assistant.integration.portal import Certainty, Field, Point, Verdict, check, sheet
from tests.journey.honest import integration as described

INTEGRATION: Integration = replace(described(), listing=None, download=None, support=Support())


def point(key: str, **changes: object) -> Point:
    (one,) = [each for each in check(replace(INTEGRATION, **changes)) if each.key == key]  # type: ignore[arg-type]
    return one


def field(key: str, **changes: object) -> Field:
    (one,) = [each for each in sheet(replace(INTEGRATION, **changes)) if each.key == key]  # type: ignore[arg-type]
    return one


def test_every_point_of_the_vendors_side_is_gone_through() -> None:
    assert [each.key for each in check(INTEGRATION)] == [
        "service_account", "redirect_uri", "scopes", "client_secret", "start_page", "publishing", "support", "download",
    ]  # fmt: skip


def test_what_only_the_portal_shows_is_never_said_to_be_right() -> None:
    for key in ("service_account", "redirect_uri", "scopes", "start_page", "publishing"):
        assert point(key).verdict is Verdict.COMPARE
    assert INTEGRATION.redirect_uri.text in point("redirect_uri").text
    assert ", ".join(INTEGRATION.scopes) in point("scopes").text


def test_user_accounts_alone_are_to_be_considered() -> None:
    assert point("service_account", accounts=(AccountKind.USER,)).verdict is Verdict.CONSIDER
    assert "off" in field("service_account", accounts=(AccountKind.USER,)).values[0]
    assert field("service_account").values == ("on",)


@pytest.mark.parametrize("source", SecretSource)
def test_which_source_of_the_client_secret_fits(source: SecretSource) -> None:
    changes: dict[str, object] = {"client_secret": ClientSecret(source=source)}
    if source is SecretSource.RELAY:
        changes["relay"] = Relay(token="https://a.example/t", revoke="https://a.example/r")
    found = point("client_secret", **changes)
    assert (found.verdict is Verdict.RIGHT) == (source is SecretSource.RELAY)
    assert ("relay" in found.text) is True
    assert field("client_secret", **changes).values == (), "the portal makes it, and it is never printed"


def test_a_redirect_uri_on_the_computer_and_one_with_a_static_page() -> None:
    assert "port" in point("redirect_uri", redirect_uri=RedirectUri("http://localhost:4242/callback")).text
    assert "redirect_page" in point("redirect_uri").text
    assert "redirect_page" not in point("redirect_uri", redirect_page=RedirectPage.STATIC).text


def test_the_sheet_has_what_the_file_says_character_for_character() -> None:
    assert field("redirect_uri").values == (INTEGRATION.redirect_uri.text,)
    assert [value.split()[0] for value in field("scopes").values] == [*INTEGRATION.scopes]
    assert field("start_page").values == (INTEGRATION.start_page,)
    assert field("listing", listing="https://www.fortnox.se/x").values == ("https://www.fortnox.se/x",)
    assert {each.certainty for each in sheet(INTEGRATION)} == set(Certainty)


def test_support_and_hand_over() -> None:
    assert point("support").verdict is Verdict.CONSIDER
    assert point("support", support=Support(phone="+46 8 1")).verdict is Verdict.CONSIDER
    assert point("support", support=Support(phone="+46 8 1", hours="08-17")).verdict is Verdict.RIGHT
    assert point("download", download="https://a.example/d").verdict is Verdict.RIGHT
