"""The steps to a server, told apart over real sockets: proxy, name, TCP, certificate, answer; and the clock."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from assistant.fortnox.client import Client, Limits
from assistant.support.preflight import Verdict
from assistant.support.self_test import Check, Detail, Reason, Result
from assistant.support.self_test.servers import look_at_servers, proxy_in_use
from tests.fortnox import certificates
from tests.fortnox.servers import answer, server
from tests.support.self_test.worlds import integration, world

pytestmark = pytest.mark.anyio

REACHED = answer("501 Not Implemented", b"")


def steps(result: Result) -> dict[str, str]:
    wanted = (Detail.NAME, Detail.TCP, Detail.TLS, Detail.ANSWER)
    return {name.value: value for name, value in result.details if name in wanted}


@asynccontextmanager
async def silent() -> AsyncIterator[str]:
    """A server that takes every call and says nothing."""
    over = asyncio.Event()
    served: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()
        served.append(writer)

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{running.sockets[0].getsockname()[1]}"
    finally:
        running.close()
        over.set()
        await asyncio.sleep(0.1)
        for writer in served:
            with suppress(OSError):
                await writer.wait_closed()


async def test_a_server_that_answers(tmp_path: Path) -> None:
    async with server(REACHED) as there:
        first, clock = await look_at_servers(world(tmp_path, integration=integration(there.origin)))
    assert (first.check, first.verdict) == (Check.SERVER, Verdict.FINE)
    assert first.detail(Detail.STATUS) == "501"
    assert steps(first) == {"name": "fine", "tcp": "fine", "answer": "fine"}, "there is no TLS on this computer"
    assert clock.check is Check.CLOCK
    assert proxy_in_use([first]) is False


@pytest.mark.provokes("NET-02")
async def test_nobody_listens(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        first, clock = await look_at_servers(world(tmp_path, integration=integration(address)))
    assert first.problem is not None
    assert first.problem.code == "NET-02"
    assert steps(first) == {"name": "fine", "tcp": "wrong", "answer": "not-checked"}
    assert (clock.verdict, clock.reason) == (Verdict.NOT_CHECKED, Reason.NO_ANSWER)


@pytest.mark.provokes("NET-01")
async def test_a_name_that_is_not_found(tmp_path: Path) -> None:
    there = integration("https://nowhere.invalid")
    first, _ = await look_at_servers(world(tmp_path, integration=there))
    assert first.problem is not None
    assert first.problem.code == "NET-01"
    assert steps(first) == {"name": "wrong", "tcp": "not-checked", "tls": "not-checked", "answer": "not-checked"}


@pytest.mark.provokes("NET-03")
async def test_a_name_look_up_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: time.sleep(20))
    began = time.monotonic()
    first, _ = await look_at_servers(world(tmp_path, integration=integration("https://hangs.example")))
    assert time.monotonic() - began < 4
    assert first.problem is not None
    assert first.problem.code == "NET-03"
    assert steps(first)["name"] == "wrong"


@pytest.mark.provokes("NET-03")
async def test_a_server_that_hangs(tmp_path: Path) -> None:
    async with silent() as place, server(REACHED) as there:
        began = time.monotonic()
        one, other, _ = await look_at_servers(world(tmp_path, integration=integration(f"http://{place}", there.origin)))
        assert time.monotonic() - began < 6
    assert one.problem is not None
    assert one.problem.code == "NET-03"
    assert steps(one) == {"name": "fine", "tcp": "fine", "answer": "wrong"}
    assert other.verdict is Verdict.FINE, "one server's silence says nothing of the other"


@pytest.mark.provokes("NET-04")
async def test_a_certificate_nobody_trusts(tmp_path: Path) -> None:
    serving, _, _ = certificates.make(tmp_path, organisation="Snoop Guard")
    async with server(REACHED, tls=serving) as there:
        address = there.origin.replace("http:", "https:")
        first, clock = await look_at_servers(world(tmp_path, integration=integration(address)))
    assert first.problem is not None
    assert first.problem.code == "NET-04"
    assert steps(first) == {"name": "fine", "tcp": "fine", "tls": "wrong", "answer": "not-checked"}
    assert first.detail(Detail.ISSUER) == "Snoop Guard (localhost)"
    assert clock.verdict is Verdict.NOT_CHECKED


@pytest.mark.provokes("NET-07")
async def test_a_proxy_that_is_not_there(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        proxy = f"http://eva:canary-password@127.0.0.1:{taken.getsockname()[1]}"
        here = world(
            tmp_path,
            integration=integration("https://apps.example"),
            proxy=lambda _: proxy,
            client=partial(Client, proxy=lambda _: proxy, limits=Limits(connect=2, read=5, total=5)),
        )
        first, _ = await look_at_servers(here)
    assert first.problem is not None
    assert first.problem.code == "NET-07"
    assert first.detail(Detail.PROXY).startswith("127.0.0.1:")
    assert "canary" not in repr(first)
    assert steps(first)["tcp"] == "wrong"
    assert proxy_in_use([first]) is True


@pytest.mark.provokes("START-05")
async def test_a_clock_that_is_wrong(tmp_path: Path) -> None:
    dated = answer("501 Not Implemented", b"", f"Date: {datetime.now(UTC):%a, %d %b %Y %H:%M:%S} GMT")
    async with server(dated) as there:
        here = world(
            tmp_path, integration=integration(there.origin), clock=lambda: datetime.now(UTC) - timedelta(minutes=10)
        )
        _, clock = await look_at_servers(here)
    assert clock.problem is not None
    assert (clock.verdict, clock.problem.code) == (Verdict.WRONG, "START-05")
    assert -605 < int(clock.detail(Detail.SECONDS_OFF)) < -595
