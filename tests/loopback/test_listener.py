"""The listener on real sockets: junk is answered and survived, and one wanted request ends it."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from assistant.fortnox.redirect import RedirectUri
from assistant.loopback import Listener, Visitor, listener, listening, page
from assistant.secret import Secret
from tests.loopback.test_binding import free_port

pytestmark = pytest.mark.anyio

PATIENCE = 10.0
STRAY = page(language="sv", title="Stray & <b>lost</b>", lines=("a line",))


@dataclass
class Place:
    """A listener that waits for `/callback?ok`, and what its loop complained of."""

    listener: Listener
    port: int
    complaints: list[str] = field(default_factory=list)

    async def say(self, sent: bytes, *, host: str = "127.0.0.1", end: bool = False) -> bytes:
        """Everything that is answered to `sent`, until the other end closes."""
        reader, writer = await asyncio.open_connection(host, self.port)
        try:
            async with asyncio.timeout(PATIENCE):
                writer.write(sent)
                if end:
                    writer.write_eof()
                return await reader.read()
        finally:
            writer.transport.abort()

    async def get(self, target: str, *, method: str = "GET", host: str = "127.0.0.1", to: str | None = None) -> bytes:
        there = to if to is not None else f"localhost:{self.port}"
        return await self.say(f"{method} {target} HTTP/1.1\r\nHost: {there}\r\n\r\n".encode(), host=host)

    async def visitor(self, *, host: str = "127.0.0.1") -> tuple[Visitor, asyncio.Task[bytes]]:
        """Somebody with the answer, and what is shown to them."""
        shown = asyncio.get_running_loop().create_task(self.get("/callback?ok", host=host))
        async with asyncio.timeout(PATIENCE):
            return await self.listener.first(), shown


@asynccontextmanager
async def waiting() -> AsyncIterator[Place]:
    port = free_port()
    home = RedirectUri(f"http://localhost:{port}/callback")
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, told: complaints.append(str(told["message"])))

    def wanted(address: str) -> bool:
        return home.matches(address) and address.endswith("?ok")

    async with listening(home, wanted, stray_page=lambda: STRAY) as opened:
        yield Place(opened, port, complaints)
    assert complaints == []


async def ended(reading: Awaitable[bytes]) -> bool:
    """Whether the connection ends without a word; closed and reset are the same here."""
    try:
        return await reading == b""
    except ConnectionResetError:
        return True


def status(answer: bytes) -> int:
    found = re.match(rb"HTTP/1\.1 ([0-9]{3}) ", answer)
    assert found is not None, answer[:100]
    return int(found[1])


def fields(answer: bytes) -> dict[str, str]:
    head = answer.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in head)}


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_the_wanted_request_ends_it_in_either_family(host: str) -> None:
    async with waiting() as place:
        visitor, shown = await place.visitor(host=host)
        assert visitor.address == Secret(f"http://localhost:{place.port}/callback?ok")
        assert "ok" not in repr(visitor) + repr(visitor.address)
        for family in ("127.0.0.1", "::1"):
            with pytest.raises(OSError, match="Connect"):
                await place.say(b"", host=family)
        assert not shown.done(), "the browser waits for its page"
        await visitor.show(page(language="sv", title="Färdigt", lines=("Gå tillbaka.",)))
        await visitor.part()
        answer = await shown
        assert status(answer) == 200
        assert "Färdigt" in answer.decode()


async def test_every_answer_says_the_least() -> None:
    async with waiting() as place:
        stray, junk = await place.get("/other"), await place.say(b"junk\r\n\r\n")
        visitor, shown = await place.visitor()
        await visitor.show(page(language="en", title="Done", lines=()))
        await visitor.part()
        for answer in (stray, junk, await shown):
            said = fields(answer)
            assert said["connection"] == "close"
            assert said["cache-control"] == "no-store"
            assert said["x-content-type-options"] == "nosniff"
            assert said["referrer-policy"] == "no-referrer"
            assert said["content-security-policy"].startswith("default-src 'none'; base-uri 'none'; form-action 'none'")
            assert not {"server", "date", "x-powered-by", "access-control-allow-origin", "set-cookie"} & set(said)
            assert int(said["content-length"]) == len(answer.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/"),
        ("GET", "/callback"),
        ("GET", "/callback?code=x&state=y"),
        ("GET", "/callback/?ok"),
        ("GET", "/Callback?ok"),
        ("GET", "//callback?ok"),
        ("GET", "/favicon.ico"),
        ("GET", "/.env"),
        ("POST", "/callback?ok"),
        ("HEAD", "/callback?ok"),
        ("OPTIONS", "/callback?ok"),
        ("TRACE", "/callback?ok"),
    ],
)
async def test_what_is_not_wanted_is_not_found_and_waiting_goes_on(method: str, target: str) -> None:
    async with waiting() as place:
        answer = await place.get(target, method=method)
        assert status(answer) == 404
        if method == "HEAD":
            assert answer.endswith(b"\r\n\r\n")
            assert fields(answer)["content-length"] == str(len(STRAY))
        else:
            assert answer.endswith(STRAY)
        visitor, _ = await place.visitor()
        visitor.leave()


@pytest.mark.parametrize(
    "to",
    [
        *("", "evil.example", "localhost", "localhost.", "127.0.0.1:{port}", "[::1]:{port}", "a@localhost:{port}"),
        *("localhost:{port}/x", "localhost:{port}#", "localhost:{port}?", "localhost:{port}, localhost:{port}"),
    ],
)
async def test_another_host_is_refused(to: str) -> None:
    """A page elsewhere can give this computer a name of its own (DNS rebinding), and learns nothing here."""
    async with waiting() as place:
        answer = await place.get("/callback?ok", to=to.format(port=place.port))
        assert status(answer) == 400
        assert answer.endswith(b"\r\n\r\n")
        assert status(await place.say(b"GET /callback?ok HTTP/1.1\r\n\r\n")) == 400
        visitor, _ = await place.visitor()
        visitor.leave()


@pytest.mark.parametrize(
    "junk",
    [
        b"\r\n\r\n",
        b"GET /callback?ok\r\n",  # HTTP/0.9
        b"\x16\x03\x01\x00\x05\r\n",  # somebody tries TLS
        bytes(range(256)) * 10 + b"\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X-Y: z\r\n" * 10_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 1_000_000,
    ],
    ids=lambda junk: repr(junk[:20]),
)
async def test_junk_is_answered_and_survived(junk: bytes) -> None:
    async with waiting() as place:
        assert status(await place.say(junk, end=True)) == 400
        visitor, _ = await place.visitor()
        visitor.leave()


@pytest.mark.parametrize("said", [b"", b"GET /callback?ok HTTP/1.1\r\nHost:"])
async def test_who_says_nothing_or_half_is_let_go(said: bytes) -> None:
    async with waiting() as place:
        assert await ended(place.say(said, end=True))
        visitor, _ = await place.visitor()
        visitor.leave()


async def test_who_drips_is_let_go_in_time_and_keeps_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "HEAD_SECONDS", 0.5)
    async with waiting() as place:
        reader, writer = await asyncio.open_connection("127.0.0.1", place.port)

        async def drip() -> None:
            for letter in b"GET /callback?ok HTTP/1.1\r\nHost: " + b"a" * 1000:
                writer.write(bytes([letter]))
                await asyncio.sleep(0.05)

        dripping = asyncio.get_running_loop().create_task(drip())
        before = time.monotonic()
        async with asyncio.timeout(PATIENCE):
            answer = await reader.readuntil(b"\r\n\r\n")
        assert status(answer) == 408
        assert time.monotonic() - before < 3
        dripping.cancel()
        writer.transport.abort()
        visitor, _ = await place.visitor()
        visitor.leave()


async def test_a_crowd_that_says_nothing_keeps_nobody_out() -> None:
    async with waiting() as place:
        crowd = [await asyncio.open_connection("127.0.0.1", place.port) for _ in range(3 * listener.MOST_CONNECTIONS)]
        visitor, shown = await place.visitor()
        await visitor.show(b"page")
        await visitor.part()
        assert status(await shown) == 200
        for _reader, writer in crowd:
            writer.transport.abort()


async def test_many_at_once_are_all_answered() -> None:
    async with waiting() as place:
        answers = await asyncio.gather(*(place.get(f"/{number}") for number in range(20)))
        assert {status(answer) for answer in answers} == {404}
        visitor, _ = await place.visitor()
        visitor.leave()


async def test_two_with_the_answer_are_one_visitor() -> None:
    async with waiting() as place:
        first, second = (asyncio.get_running_loop().create_task(place.get("/callback?ok")) for _ in range(2))
        visitor = await place.listener.first()
        await visitor.show(b"page")
        await visitor.part()
        answers = await asyncio.gather(first, second, return_exceptions=True)
        assert [isinstance(each, bytes) and each.startswith(b"HTTP/1.1 200") for each in answers].count(True) == 1


async def test_a_port_scanner_that_only_knocks_is_survived() -> None:
    async with waiting() as place:
        for _ in range(50):
            knock = socket.create_connection(("127.0.0.1", place.port))
            knock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            knock.close()  # with a reset
        visitor, _ = await place.visitor()
        visitor.leave()


async def test_closing_drops_everybody_and_frees_the_port() -> None:
    async with waiting() as place:
        reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
        await place.get("/other")
    async with asyncio.timeout(PATIENCE):
        assert await ended(reader.read())
    writer.transport.abort()
    async with listening(RedirectUri(f"http://localhost:{place.port}/"), lambda _: False, stray_page=lambda: b""):
        pass


async def test_a_browser_that_went_away_meanwhile_is_no_fault() -> None:
    async with waiting() as place:
        visitor, shown = await place.visitor()
        shown.cancel()
        await asyncio.sleep(0.05)
        await visitor.show(b"page" * 100_000)
        await visitor.part()


async def test_a_browser_that_does_not_read_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "ANSWER_SECONDS", 0.3)
    async with waiting() as place:
        with socket.create_connection(("127.0.0.1", place.port)) as stubborn:
            stubborn.setblocking(False)
            asked = f"GET /callback?ok HTTP/1.1\r\nHost: localhost:{place.port}\r\n\r\n".encode()
            await asyncio.get_running_loop().sock_sendall(stubborn, asked)
            visitor = await place.listener.first()
            before = time.monotonic()
            await visitor.show(b"x" * 50_000_000)
            await visitor.part()
            assert time.monotonic() - before < 3


async def test_a_real_client_reads_the_page() -> None:
    async with waiting() as place, httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as web:
        asking = asyncio.get_running_loop().create_task(web.get(f"http://localhost:{place.port}/callback?ok"))
        visitor = await place.listener.first()
        await visitor.show(page(language="sv", title="Klart", lines=("å",)))
        await visitor.part()
        answer = await asking
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "<p>å</p>" in answer.text
