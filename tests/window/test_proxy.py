"""One proxy and one password for engine and client: the client's half, through a real proxy."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.fortnox.client import Client, Limits
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import ClientSecret
from assistant.fortnox.proxies import Proxy
from assistant.problems import ProblemError
from assistant.secret import Secret
from assistant.window.proxy import Proxies, ProxyPasswords, name_of, resolved_proxy
from assistant.window.proxy_question import ways_wanted
from tests.window import secure_network
from tests.window.sign_in_pages import Pages

HOST = "sign-in.test"
RIGHT = "Basic YW5uYTpyaWdodA=="


@pytest.fixture
def authority(tmp_path: Path) -> secure_network.Authority:
    return secure_network.Authority(tmp_path, organisation="Sajten")


@pytest.fixture
def pages(authority: secure_network.Authority) -> Pages:
    return Pages(certificate=authority.issue(HOST))


async def reach(passwords: ProxyPasswords, authority: secure_network.Authority) -> None:
    """Asks the authorization server for its time, as the first page does."""
    endpoints = Endpoints(authorize=f"https://{HOST}/auth")
    trusting = ssl.create_default_context(cafile=str(authority.root))
    limits = Limits(connect=3, read=3, total=6)
    access = ClientSecret("client", Secret("canary"))
    async with Client(endpoints, access, verify=trusting, proxy=Proxies(passwords), limits=limits) as client:
        await client.reach()


@pytest.mark.anyio
async def test_the_password_typed_for_the_page_lets_requests_through_too(
    pages: Pages, authority: secure_network.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = secure_network.Proxy(to=pages.port, password="anna:right")
    monkeypatch.setenv("https_proxy", proxy.address)
    passwords = ProxyPasswords()
    passwords.remember("127.0.0.1", "anna", Secret("right"))
    await reach(passwords, authority)
    assert proxy.asked == [(HOST, RIGHT)]


@pytest.mark.anyio
@pytest.mark.provokes("NET-05")
async def test_no_password_and_a_wrong_one_are_a_problem(
    pages: Pages, authority: secure_network.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = secure_network.Proxy(to=pages.port, password="anna:right")
    monkeypatch.setenv("https_proxy", proxy.address)
    passwords = ProxyPasswords()
    with pytest.raises(ProblemError, match="NET-05"):
        await reach(passwords, authority)
    passwords.remember("127.0.0.1", "anna", Secret("wrong"))
    with pytest.raises(ProblemError, match="NET-05") as refused:
        await reach(passwords, authority)
    assert "wrong" not in repr(refused.value.occurrence)
    assert pages.paths == []


@pytest.mark.anyio
@pytest.mark.provokes("NET-11")
@pytest.mark.parametrize("offers", [("NTLM", "Negotiate"), ('Digest realm="x", nonce="y"',), ("Kerberos",)])
async def test_a_proxy_that_wants_a_windows_sign_in_is_a_problem_for_it(
    offers: tuple[str, ...], pages: Pages, authority: secure_network.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = secure_network.Proxy(to=pages.port, password="a:b", offers=offers)
    monkeypatch.setenv("https_proxy", proxy.address)
    with pytest.raises(ProblemError) as refused:
        await reach(ProxyPasswords(), authority)
    assert refused.value.code == "NET-11"
    named = dict(refused.value.occurrence.details)["Proxy wants"]
    assert named == ", ".join(offer.split(" ")[0].lower() for offer in offers)


@pytest.mark.anyio
async def test_where_basic_is_offered_too_the_password_can_help(
    pages: Pages, authority: secure_network.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = secure_network.Proxy(to=pages.port, password="a:b", offers=("Negotiate", "NTLM", 'Basic realm="x"'))
    monkeypatch.setenv("https_proxy", proxy.address)
    with pytest.raises(ProblemError, match="NET-05"):
        await reach(ProxyPasswords(), authority)


@pytest.mark.anyio
@pytest.mark.provokes("NET-07")
async def test_a_proxy_that_is_not_there_is_a_problem(
    authority: secure_network.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    with pytest.raises(ProblemError, match="NET-07"):
        await reach(ProxyPasswords(), authority)


# ---- which proxy


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("https_proxy", "http://proxy.example:3128"),
        ("HTTPS_PROXY", "http://proxy.example:3128"),
        ("https_proxy", "proxy.example:3128"),
        ("all_proxy", "http://proxy.example:3128"),
    ],
)
def test_every_spelling_of_the_environment_is_read(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    found = resolved_proxy("https://apps.fortnox.se/oauth-v1/token")
    assert found == Proxy("http://proxy.example:3128")
    assert resolved_proxy("http://localhost:8080/") is None
    assert resolved_proxy("https://127.0.0.1/") is None


def test_exceptions_of_the_environment_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "fortnox.se")
    assert resolved_proxy("https://apps.fortnox.se/") is None


def test_a_password_in_the_environment_is_used_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://anna:can%40ry@proxy.example:3128")
    found = resolved_proxy("https://apps.fortnox.se/")
    assert found == Proxy("http://proxy.example:3128", "anna", Secret("can@ry"))
    assert "can" not in repr(found)


def test_a_proxy_is_known_by_its_host_however_it_is_written() -> None:
    passwords = ProxyPasswords()
    passwords.remember("http://Proxy.Example:3128", "anna", Secret("x"))
    assert passwords.of("proxy.example") == ("anna", Secret("x"))
    passwords.forget("proxy.example:8080")
    assert passwords.of("proxy.example") is None
    assert "Secret" not in repr(passwords)


@given(st.text(max_size=60))
def test_no_name_of_a_proxy_is_too_strange(address: str) -> None:
    assert isinstance(name_of(address), str)
    assert isinstance(Proxy.of(address), Proxy)


@given(st.binary(max_size=200))
def test_no_answer_of_a_proxy_is_too_strange(head: bytes) -> None:
    assert all(way == way.lower() for way in ways_wanted(head))


def test_the_ways_of_a_proxy_are_read_in_any_case_and_once() -> None:
    head = (
        b"HTTP/1.1 407 x\r\nproxy-AUTHENTICATE: NTLM\r\nProxy-Authenticate: Basic realm=x\r\nProxy-Authenticate: ntlm y"
    )
    assert ways_wanted(head) == ("ntlm", "basic")
