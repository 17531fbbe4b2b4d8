"""Certificates and proxies, over real sockets."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.fortnox import certificate
from assistant.fortnox.client import Client, Limits
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import ClientSecret
from assistant.fortnox.proxies import system_proxy
from assistant.problems import Occurrence, ProblemError
from assistant.secret import Secret
from tests.fortnox import certificates
from tests.fortnox.servers import answer, server

pytestmark = pytest.mark.anyio

TOKENS = b'{"access_token":"a","token_type":"bearer"}'
QUICK = Limits(connect=2, read=2, total=4)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def problem_of(port: int, proxy: str | None = None) -> Occurrence:
    endpoints = Endpoints(token=f"https://127.0.0.1:{port}/token")
    access = ClientSecret("client", Secret("canary"))
    async with Client(endpoints, access, limits=QUICK, proxy=lambda _: proxy) as asked:
        with pytest.raises(ProblemError) as caught:
            await asked.exchange_code(Secret("canary"), "http://localhost:1/", None)
    return caught.value.occurrence


@pytest.mark.provokes("NET-04")
async def test_a_certificate_nobody_vouches_for_is_refused_and_its_issuer_named(tmp_path: Path) -> None:
    serving, _, _ = certificates.make(tmp_path, organisation="Snoop Guard")
    async with server(answer("200 OK", TOKENS), tls=serving) as heard:
        found = await problem_of(heard.port)
        assert heard.requests == []  # also the second look at the certificate sends nothing
    assert found.code == "NET-04"
    assert found.facts["issuer"] == "Snoop Guard (localhost)"
    assert ("Issuer", "Snoop Guard (localhost)") in found.details


async def test_a_trusted_certificate_is_accepted(tmp_path: Path) -> None:
    serving, trusting, _ = certificates.make(tmp_path, organisation="Own")
    async with server(answer("200 OK", TOKENS), tls=serving) as heard:
        endpoints = Endpoints(token=f"https://127.0.0.1:{heard.port}/token")
        async with Client(endpoints, ClientSecret("c", Secret("s")), verify=trusting) as asked:
            assert (await asked.refresh(Secret("r"))).access_token == Secret("a")


@pytest.mark.provokes("NET-10")
async def test_a_trusted_certificate_of_another_time_points_at_the_clock(tmp_path: Path) -> None:
    serving, trusting, _ = certificates.make(tmp_path, organisation="Own", days=(-9, -2))
    async with server(answer("200 OK", TOKENS), tls=serving) as heard:
        endpoints = Endpoints(token=f"https://127.0.0.1:{heard.port}/token")
        async with Client(endpoints, ClientSecret("c", Secret("s")), verify=trusting) as asked:
            with pytest.raises(ProblemError, match="NET-10"):
                await asked.refresh(Secret("r"))


@pytest.mark.provokes("NET-08")
async def test_a_server_that_speaks_no_tls_is_refused_before_anything_is_sent() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    running = await asyncio.start_server(babble, "127.0.0.1", 0)
    try:
        assert (await problem_of(running.sockets[0].getsockname()[1])).code == "NET-08"
    finally:
        running.close()


@pytest.mark.parametrize(
    ("status", "code"),
    [("407 Proxy Authentication Required", "NET-05"), ("403 Forbidden", "NET-09"), ("502 Bad Gateway", "NET-09")],
)
@pytest.mark.provokes(argument="code")
async def test_a_proxy_that_says_no(status: str, code: str) -> None:
    async with server(answer(status, b"")) as proxy:
        found = await problem_of(1, proxy.origin)
        assert proxy.requests[0].startswith(b"CONNECT 127.0.0.1:1 ")
        assert b"canary" not in proxy.requests[0]
    assert found.code == code
    assert found.facts["host"] == "127.0.0.1"


@pytest.mark.parametrize(
    "proxy", ["http://127.0.0.1:1", "http://nowhere.invalid:8080", "socks5://127.0.0.1:1", "nonsense", "http://[::1"]
)
@pytest.mark.provokes("NET-07")
async def test_a_proxy_that_cannot_be_used(proxy: str) -> None:
    assert (await problem_of(1, proxy)).code == "NET-07"


@pytest.mark.provokes("NET-04")
async def test_a_certificate_met_through_a_proxy_is_named_too(tmp_path: Path) -> None:
    serving, _, _ = certificates.make(tmp_path, organisation="Proxy Guard")

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", heard.port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")

        async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            try:
                while part := await source.read(65_536):
                    target.write(part)
                    await target.drain()
            except ConnectionError:
                pass
            finally:
                target.close()
                with suppress(OSError):
                    await target.wait_closed()

        await asyncio.gather(pass_on(reader, far_writer), pass_on(far_reader, writer))

    async with server(answer("200 OK", TOKENS), tls=serving) as heard:
        running = await asyncio.start_server(tunnel, "127.0.0.1", 0)
        try:
            found = await problem_of(heard.port, f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}")
        finally:
            running.close()
        assert heard.requests == []
    assert (found.code, found.facts["issuer"]) == ("NET-04", "Proxy Guard (localhost)")


def test_the_issuer_is_read_from_a_certificate_and_from_nothing_else(tmp_path: Path) -> None:
    _, _, der = certificates.make(tmp_path, organisation="A\r\nB")
    assert certificate.issuer(der) == "A B (localhost)"
    assert certificate.issuer(b"") is None
    assert certificate.issuer(b"0\x82") is None


def test_the_environments_proxy_is_used_but_never_for_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    monkeypatch.setenv("no_proxy", "direct.example")
    assert system_proxy("https://apps.fortnox.se/oauth-v1/token") == "http://proxy.example:3128"
    assert system_proxy("https://direct.example/") is None
    assert system_proxy("https://localhost:8080/") is None
    assert system_proxy("https://127.0.0.1/") is None
    monkeypatch.delenv("https_proxy")
    assert system_proxy("https://apps.fortnox.se/") is None
