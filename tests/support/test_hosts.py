"""Whether the servers can be reached, over real sockets: names, routes, proxies, certificates and silence."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.fortnox.client import Client, Limits
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import ClientSecret
from assistant.integration import Integration
from assistant.problems import Occurrence
from assistant.secret import Secret
from assistant.support.hosts import look_at_hosts
from assistant.support.preflight import Finding, Probe, Verdict
from tests.fortnox import certificates
from tests.fortnox.servers import Script, answer, server
from tests.journey import honest

pytestmark = pytest.mark.anyio

REACHED = answer("501 Not Implemented", b"")


def _knows_localhost() -> bool:
    try:
        socket.getaddrinfo("localhost", 80)
    except OSError:
        return False
    return True


localhost_by_name = pytest.mark.skipif(not _knows_localhost(), reason="this machine does not know localhost by name")


def there(authorize: str, api: str) -> Integration:
    ends = Endpoints(
        authorize=f"{authorize}/auth", token=f"{authorize}/token", revoke=f"{authorize}/revoke",
        migrate=f"{authorize}/migrate", api=api,
    )  # fmt: skip
    return replace(honest.integration(), endpoints=ends)


async def looked(
    integration: Integration,
    *,
    verify: ssl.SSLContext | None = None,
    proxy: Callable[[str], str | None] = lambda _: None,
    limit: float = 2.5,
) -> tuple[Finding, Occurrence | None]:
    access = ClientSecret(client_id="canary-client", secret=Secret("canary-secret"))
    limits = Limits(connect=2, read=5, total=5)
    async with Client(integration.endpoints, access, verify=verify, proxy=proxy, limits=limits) as client:
        return await look_at_hosts(integration, client.reach, limit=limit)


@asynccontextmanager
async def proxying(status: bytes) -> AsyncIterator[str]:
    """A proxy that answers every CONNECT so; its address carries a password."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 " + status + b"\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{running.sockets[0].getsockname()[1]}"
    finally:
        running.close()


def test_each_server_is_asked_once_the_authorization_server_first() -> None:
    integration = honest.integration()
    assert integration.servers == (integration.endpoints.authorize, integration.endpoints.api)


async def test_servers_that_answer_are_fine_whatever_they_say_and_learn_nothing_of_the_integration() -> None:
    async with server(REACHED) as one, server(REACHED) as other:
        finding, of_clock = await looked(there(one.origin, other.origin))
        assert (finding.probe, finding.verdict, finding.occurrence, of_clock) == (
            Probe.INTERNET,
            Verdict.FINE,
            None,
            None,
        )
        assert [value for _, value in finding.details] == ["HTTP 501", "HTTP 501"]
        for heard in (one, other):
            (request,) = heard.requests
            assert request.startswith(b"HEAD ")
            assert b"canary" not in request
            assert b"Authorization" not in request


@localhost_by_name
@pytest.mark.provokes("NET-02")
async def test_the_failing_host_is_named_when_the_other_answers() -> None:
    async with server(REACHED) as one:
        finding, _ = await looked(there(one.origin, "http://localhost:1"))
    assert finding.verdict is Verdict.WRONG
    assert finding.occurrence is not None
    assert (finding.occurrence.code, finding.occurrence.facts["host"]) == ("NET-02", "localhost")
    assert finding.details[0] == ("127.0.0.1", "HTTP 501")


@pytest.mark.provokes("NET-01")
async def test_a_name_that_does_not_exist() -> None:
    finding, _ = await looked(there("https://nowhere.invalid", "https://nowhere.invalid"))
    assert finding.occurrence is not None
    assert (finding.occurrence.code, finding.occurrence.facts["host"]) == ("NET-01", "nowhere.invalid")
    assert len(finding.details) == 1


@localhost_by_name
@pytest.mark.provokes("NET-03")
async def test_a_server_that_says_nothing_is_named_within_the_limit() -> None:
    async def silent(_: bytes, reader: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await reader.read()

    script: Script = silent
    async with server(REACHED) as one, server(script) as mute:
        begun = time.monotonic()
        finding, _ = await looked(there(one.origin, mute.origin.replace("127.0.0.1", "localhost")), limit=0.3)
        assert time.monotonic() - begun < 3
    assert finding.occurrence is not None
    assert (finding.occurrence.code, finding.occurrence.facts["host"]) == ("NET-03", "localhost")


@pytest.mark.provokes("NET-04")
async def test_a_certificate_of_somebody_elses_is_named_by_its_issuer(tmp_path: Path) -> None:
    serving, trusting, _ = certificates.make(tmp_path, organisation="Snoop Guard")
    async with server(REACHED, tls=serving) as heard:
        origin = f"https://127.0.0.1:{heard.port}"
        finding, _ = await looked(there(origin, origin))
        assert finding.occurrence is not None
        assert (finding.occurrence.code, finding.occurrence.facts["issuer"]) == ("NET-04", "Snoop Guard (localhost)")
        assert heard.requests == []
        trusted, _ = await looked(there(origin, origin), verify=trusting)
    assert trusted.verdict is Verdict.FINE
    assert trusted.details == (("127.0.0.1", "HTTP 501, certificate by Snoop Guard (localhost)"),)


@pytest.mark.provokes("NET-10")
async def test_a_certificate_of_another_time_speaks_of_the_clock_and_not_of_the_network(tmp_path: Path) -> None:
    serving, trusting, _ = certificates.make(tmp_path, organisation="Own", days=(-9, -2))
    async with server(REACHED, tls=serving) as heard:
        origin = f"https://127.0.0.1:{heard.port}"
        finding, of_clock = await looked(there(origin, origin), verify=trusting)
    assert (finding.verdict, finding.occurrence) == (Verdict.NOT_CHECKED, None)
    assert of_clock is not None
    assert of_clock.code == "NET-10"


@pytest.mark.provokes(argument="code")
@pytest.mark.parametrize(
    ("status", "code"), [(b"407 Proxy Authentication Required", "NET-05"), (b"403 Forbidden", "NET-09")]
)
async def test_a_proxy_that_stands_in_the_way_is_named_without_its_password(status: bytes, code: str) -> None:
    async with proxying(status) as place:
        proxy = f"http://person:canary@{place}"
        far = "https://apps.fortnox.example"
        finding, _ = await looked(there(far, far), proxy=lambda _: proxy)
    assert finding.occurrence is not None
    assert finding.occurrence.code == code
    assert dict(finding.occurrence.details)["Proxy"] == place
    assert f"Proxy {place}" in finding.details[0][1]
    assert "canary" not in repr(finding)


@pytest.mark.provokes("NET-07")
async def test_a_proxy_that_is_not_there() -> None:
    far = "https://apps.fortnox.example"
    finding, _ = await looked(there(far, far), proxy=lambda _: "http://127.0.0.1:1")
    assert finding.occurrence is not None
    assert finding.occurrence.code == "NET-07"
    assert dict(finding.occurrence.details)["Proxy"] == "127.0.0.1:1"
