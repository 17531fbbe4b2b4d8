"""One proxy and one password for engine and client: the client's half, through a real proxy."""

from __future__ import annotations

import ssl
import threading
import time
import traceback
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory

from assistant.fortnox.client import Client, Limits, Reached
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import ClientSecret
from assistant.fortnox.proxies import Proxy, place_of
from assistant.problems import ProblemError
from assistant.secret import Secret
from assistant.window.proxy import Proxies, ProxyPasswords, host_of, resolved_proxy
from assistant.window.proxy_question import ProxyQuestion, ways_wanted
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


async def reach(passwords: ProxyPasswords, authority: secure_network.Authority) -> Reached:
    """Asks the authorization server for its time, as the first page does."""
    endpoints = Endpoints(authorize=f"https://{HOST}/auth")
    trusting = ssl.create_default_context(cafile=str(authority.root))
    limits = Limits(connect=3, read=3, total=6)
    access = ClientSecret("client", Secret("canary"))
    async with Client(endpoints, access, verify=trusting, proxy=Proxies(passwords), limits=limits) as client:
        return await client.reach()


@pytest.mark.anyio
async def test_the_password_typed_for_the_page_lets_requests_through_too(
    pages: Pages, authority: secure_network.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = secure_network.Proxy(to=pages.port, password="anna:right")
    monkeypatch.setenv("https_proxy", proxy.address)
    passwords = ProxyPasswords()
    passwords.remember(proxy.address, "anna", Secret("right"))
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
    passwords.remember(proxy.address, "anna", Secret("wrong"))
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


@pytest.mark.anyio
@pytest.mark.provokes("NET-07")
async def test_a_proxy_that_is_not_named_in_time_is_not_gone_round(
    authority: secure_network.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A company whose script cannot be fetched forbids the direct way more often than not; nobody is asked on it."""
    hung = threading.Event()
    monkeypatch.setattr("assistant.window.proxy.RESOLVING_SECONDS", 0.2)
    monkeypatch.setattr("assistant.window.proxy.resolved_proxy", lambda url: hung.wait(10))
    begun = time.monotonic()
    with pytest.raises(ProblemError, match="NET-07") as refused:
        await reach(ProxyPasswords(), authority)
    assert time.monotonic() - begun < 2
    assert ("Proxy look-up", "not named in time") in refused.value.occurrence.details
    async with Client(Endpoints(), None, proxy=Proxies(ProxyPasswords())) as client:
        assert not await client.trusts(f"https://{HOST}")
    hung.set()


# ---- SOCKS


@pytest.mark.anyio
@pytest.mark.parametrize("by_qt", [True, False])
async def test_requests_go_through_a_socks_proxy(
    by_qt: bool, pages: Pages, authority: secure_network.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = secure_network.SocksProxy(to=pages.port)
    monkeypatch.setenv("http_proxy" if by_qt else "https_proxy", proxy.address)
    if by_qt:
        monkeypatch.setattr(
            QNetworkProxyFactory, "systemProxyForQuery",
            lambda query: [QNetworkProxy(QNetworkProxy.ProxyType.Socks5Proxy, "127.0.0.1", proxy.port)],
        )  # fmt: skip
    reached = await reach(ProxyPasswords(), authority)
    assert (reached.status, reached.proxy, reached.issuer) == (501, f"127.0.0.1:{proxy.port}", "Sajten (Sajten Root)")
    assert proxy.asked == [(HOST, "")], "the proxy finds the address of the host, as for a page"


@pytest.mark.anyio
async def test_a_password_for_a_socks_proxy_is_used(
    pages: Pages, authority: secure_network.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = secure_network.SocksProxy(to=pages.port, password="anna:right")
    monkeypatch.setenv("https_proxy", proxy.address.replace("//", "//anna:right@"))
    await reach(ProxyPasswords(), authority)
    assert proxy.asked == [(HOST, "anna:right")]


@pytest.mark.anyio
@pytest.mark.provokes("NET-09")
@pytest.mark.parametrize("how", ["refuses", "wants a password", "speaks http", "hangs up"])
async def test_a_socks_proxy_that_lets_nothing_past_is_a_problem(
    how: str, pages: Pages, authority: secure_network.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = {"refuses": b"\x05\x02\x00\x01\0\0\0\0\0\0", "speaks http": b"HTTP/1.1 400 Bad", "hangs up": b""}
    if how == "wants a password":
        proxy = secure_network.SocksProxy(to=pages.port, password="anna:right")
    else:
        proxy = secure_network.SocksProxy(to=pages.port, refuses=refused[how])
    monkeypatch.setenv("https_proxy", proxy.address)
    with pytest.raises(ProblemError, match="NET-09"):
        await reach(ProxyPasswords(), authority)
    assert pages.requests == []


@pytest.mark.anyio
@pytest.mark.parametrize("address", ["socks5://127.0.0.1:1", "socks4://127.0.0.1:1", "http://[::1", "nonsense", "x://"])
async def test_a_look_at_a_certificate_through_a_proxy_that_is_none_is_a_no(address: str) -> None:
    async with Client(Endpoints(), None, proxy=lambda url: address) as client:
        assert not await client.trusts(f"https://{HOST}")
        assert not await client.trusts("https://[::1")
        assert not await client.trusts("https://\0.example")


@pytest.mark.anyio
async def test_a_certificate_is_looked_at_through_a_socks_proxy(
    pages: Pages, authority: secure_network.Authority
) -> None:
    proxy = secure_network.SocksProxy(to=pages.port)
    trusting = ssl.create_default_context(cafile=str(authority.root))
    async with Client(Endpoints(), None, verify=trusting, proxy=lambda url: proxy.address) as client:
        assert await client.trusts(f"https://{HOST}")
    closed = secure_network.SocksProxy(to=pages.port, refuses=b"")
    async with Client(Endpoints(), None, verify=trusting, proxy=lambda url: closed.address) as client:
        assert not await client.trusts(f"https://{HOST}")
    assert pages.requests == []


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


@pytest.mark.parametrize("sign", ["/", "#", "?", "[", "]", "@", ":", "\\", "//", "://", "12/"])
def test_a_password_nobody_escaped_is_taken_whole_and_shown_nowhere(sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As people write it: the host is what stands after the last "@"."""
    monkeypatch.setenv("https_proxy", f"http://anna:{sign}can{sign}ary{sign}@proxy.example:3128/")
    found = resolved_proxy("https://apps.fortnox.se/")
    assert found == Proxy("http://proxy.example:3128", "anna", Secret(f"{sign}can{sign}ary{sign}"))
    assert "ary" not in repr(found)


@pytest.mark.anyio
@pytest.mark.provokes("NET-07")
@pytest.mark.parametrize("sign", ["/", "#", "?", "[", "12/"])
async def test_nothing_of_such_a_password_is_in_a_problem(
    sign: str, authority: secure_network.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", f"http://canary:{sign}canary{sign}ca@127.0.0.1:1")
    with pytest.raises(ProblemError, match="NET-07") as refused:
        await reach(ProxyPasswords(), authority)
    assert ("Proxy", "127.0.0.1:1") in refused.value.occurrence.details
    told = "".join(traceback.format_exception(refused.value)) + repr(refused.value.occurrence)
    assert "canary" not in told
    assert sign + "ca" not in repr(refused.value.occurrence.details)


@given(st.text(), st.text(), st.sampled_from(["http://", "socks5://", ""]))
def test_any_name_and_password_stays_out_of_the_address(user: str, password: str, scheme: str) -> None:
    user = user.replace(":", "")
    written = f"{scheme}{user}:{password}@Proxy.example:3128"
    assert place_of(written) == "proxy.example:3128"
    if scheme:
        assert Proxy.of(written) == Proxy(f"{scheme}Proxy.example:3128", unquote(user), Secret(unquote(password)))


def test_a_proxy_is_known_by_its_host_and_port_however_it_is_written() -> None:
    passwords = ProxyPasswords()
    passwords.remember("http://Proxy.Example:3128", "anna", Secret("x"))
    assert passwords.of("proxy.example:3128") == ("anna", Secret("x"))
    assert passwords.of("http://eva:canary@proxy.example:3128/") == ("anna", Secret("x"))
    passwords.forget("PROXY.example:3128")
    assert passwords.of("proxy.example:3128") is None
    assert "Secret" not in repr(passwords)


def test_two_proxies_on_one_host_have_a_password_each() -> None:
    passwords = ProxyPasswords()
    passwords.remember("http://proxy.example:3128", "anna", Secret("x"))
    passwords.remember("http://proxy.example:8080", "eva", Secret("y"))
    assert passwords.of("proxy.example:3128") == ("anna", Secret("x"))
    assert passwords.of("proxy.example:8080") == ("eva", Secret("y"))
    passwords.forget("proxy.example:3128")
    assert passwords.of("proxy.example:8080") == ("eva", Secret("y"))
    assert passwords.of("proxy.example") is None


def test_the_engines_name_of_a_proxy_becomes_the_one_on_the_way() -> None:
    """The engine tells a host alone; which of two proxies there it means, the way says."""
    passwords = ProxyPasswords()
    passwords.leads("http://proxy.example:3128", to="apps.fortnox.se")
    passwords.leads("http://proxy.example:8080", to="api.fortnox.se")
    assert passwords.between("Apps.fortnox.se", "proxy.example") == "proxy.example:3128"
    assert passwords.between("api.fortnox.se", "proxy.example") == "proxy.example:8080"
    assert passwords.between("apps.fortnox.se", "other.example") == "", "never another proxy's password"
    assert passwords.between("elsewhere.example", "proxy.example") == ""


@pytest.mark.anyio
async def test_the_clients_way_is_known_to_the_engine(
    pages: Pages, authority: secure_network.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = secure_network.Proxy(to=pages.port)
    monkeypatch.setenv("https_proxy", proxy.address)
    passwords = ProxyPasswords()
    await reach(passwords, authority)
    assert passwords.between(HOST, "127.0.0.1") == f"127.0.0.1:{proxy.port}"


@given(st.text(max_size=60))
def test_no_name_of_a_proxy_is_too_strange(address: str) -> None:
    assert isinstance(place_of(address), str)
    assert isinstance(host_of(address), str)
    assert isinstance(Proxy.of(address), Proxy)


@given(st.binary(max_size=200))
def test_no_answer_of_a_proxy_is_too_strange(head: bytes) -> None:
    assert all(way == way.lower() for way in ways_wanted(head))


def test_the_ways_of_a_proxy_are_read_in_any_case_and_once() -> None:
    head = (
        b"HTTP/1.1 407 x\r\nproxy-AUTHENTICATE: NTLM\r\nProxy-Authenticate: Basic realm=x\r\nProxy-Authenticate: ntlm y"
    )
    assert ways_wanted(head) == ("ntlm", "basic")


def test_however_often_a_proxy_is_asked_one_thread_looks_it_up(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = secure_network.Proxy(to=1, password="a:b", offers=("Negotiate", 'Basic realm="x"'))
    monkeypatch.setenv("https_proxy", proxy.address)
    for _turn in range(5):
        question = ProxyQuestion(HOST)
        with qtbot.waitSignal(question.answered, timeout=10_000) as answered:
            question.begin()
        assert answered.args == [proxy.address, ("negotiate", "basic")]
    assert [each.name for each in threading.enumerate()].count("proxy-question") == 1
