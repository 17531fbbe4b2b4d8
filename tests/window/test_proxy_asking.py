"""A proxy's password is asked for wherever the proxy is met first; real engine, real proxy, practice behind both."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.problems import occurrence
from assistant.secret import Secret
from assistant.window.proxy import ProxyPasswords
from assistant.window.proxy_asking import PROXY_QUESTIONS, ProxyAsking, proxy_of
from tests.window.walked import walked
from tests.window.walks_proxy import RIGHT, WRONG

REFUSED = "The proxy did not accept it. Check both and try once more."


@pytest.mark.provokes("NET-05")
def test_asked_on_the_first_page_and_used_by_the_engine_too(tmp_path: Path) -> None:
    walk = walked(tmp_path, "proxy_on_the_first_page")
    looked = walk.marks["looked"].more
    assert looked["button"] == "Enter the password"
    assert looked["credentials"] == ["", WRONG, RIGHT]
    assert [looked[turn]["error"] for turn in ("first", "second")] == ["", REFUSED]
    for turn in ("first", "second"):
        said = looked[turn]
        assert (said["title"], said["proxy"]) == ("The company's proxy wants a password", looked["proxy"])
        assert (said["focus"], said["way out"], said["other buttons"], said["modal"]) == (True, True, [], False)
    there = walk.marks["sign-in"].more
    assert (there["asked"], there["host"]) == (False, "sign-in.test")


@pytest.mark.provokes("NET-05")
def test_asked_where_the_exchange_meets_it_and_the_code_is_not_lost(tmp_path: Path) -> None:
    walk = walked(tmp_path, "proxy_at_the_exchange")
    confirm, done = walk.marks["confirm"], walk.marks["done"]
    assert confirm.more["asked_at"] == ["problem", "NET-05"]
    assert [confirm.more[turn]["error"] for turn in ("first", "second")] == ["", REFUSED]
    assert (confirm.attempt, confirm.codes) == (2, 1), "the same code, in the same attempt"
    assert confirm.more["credentials"][-2:] == [WRONG, RIGHT]
    assert done.stored == [("service", "1100017")]
    assert not done.more["panel"]


@pytest.mark.provokes("NET-05")
def test_who_does_not_have_it_is_not_asked_again_but_by_a_button(tmp_path: Path) -> None:
    more = walked(tmp_path, "proxy_password_not_known").marks["confirm"].more
    assert more["ways"] == ["proxy-password", "copy-details", "try-again"]
    assert not more["again"]
    assert more["said"]["error"] == ""


# When it is asked.


def net_05(proxy: str = "proxy.example:3128") -> object:
    return occurrence("NET-05", {"Proxy": proxy} if proxy else {}, host="apps.fortnox.se")


def test_only_a_proxy_that_is_known_and_wants_a_password_is_asked_for() -> None:
    assert proxy_of(net_05()) == "proxy.example:3128"  # type: ignore[arg-type]
    assert proxy_of(net_05("")) == ""  # type: ignore[arg-type]
    assert proxy_of(occurrence("NET-11", {"Proxy": "proxy.example:3128"}, host="x")) == ""
    assert proxy_of(None) == ""


def test_by_itself_it_asks_twice_for_each_proxy() -> None:
    passwords = ProxyPasswords()
    asking = ProxyAsking(passwords)
    for turn in range(PROXY_QUESTIONS):
        assert asking.wants(net_05())  # type: ignore[arg-type]
        assert asking.begin("proxy.example:3128") is (turn > 0), "only what was typed can have been wrong"
        assert passwords.of("proxy.example:3128") is None
        asking.answered("proxy.example:3128", "anna", Secret("x"))
    assert not asking.wants(net_05())  # type: ignore[arg-type]
    assert asking.wants(net_05("proxy.example:8080")), "another proxy on the same host"  # type: ignore[arg-type]
    asking.given_up("proxy.example:8080")
    assert not asking.wants(net_05("proxy.example:8080"))  # type: ignore[arg-type]
