"""The client against servers that fail in every way we know of, over real sockets."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
import time
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from assistant.fortnox.client import Client, Limits
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import ClientSecret
from assistant.problems import Occurrence, ProblemError
from assistant.secret import Secret
from tests.fortnox.servers import Script, answer, basic, server

pytestmark = pytest.mark.anyio

SECRETS = ("canary-code", "canary-verifier", "canary-refresh", "canary-access", "canary-client-secret")
QUICK = Limits(connect=1, read=0.5, total=1)
TOKENS = json.dumps({"access_token": "a", "token_type": "bearer", "refresh_token": "r"}).encode()

Call = Callable[[Client], Awaitable[object]]


def exchange(client: Client) -> Awaitable[object]:
    return client.exchange_code(Secret("canary-code"), "http://localhost:1/cb", Secret("canary-verifier"))


def refresh(client: Client) -> Awaitable[object]:
    return client.refresh(Secret("canary-refresh"))


def service(client: Client) -> Awaitable[object]:
    return client.client_credentials("123")


def revoke(client: Client) -> Awaitable[object]:
    return client.revoke(Secret("canary-refresh"))


def company(client: Client) -> Awaitable[object]:
    return client.company(Secret("canary-access"), ("companyinformation",))


EVERY = (exchange, refresh, service, revoke, company)
ONCE = (exchange, refresh)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def client(origin: str, limits: Limits = QUICK, proxy: Callable[[str], str | None] | None = None) -> Client:
    endpoints = Endpoints(
        authorize=f"{origin}/auth",
        token=f"{origin}/token",
        revoke=f"{origin}/revoke",
        migrate=f"{origin}/migrate",
        api=origin,
    )
    return Client(endpoints, ClientSecret("client", Secret("canary-client-secret")), limits=limits, proxy=proxy)


async def problem_of(origin: str, call: Call, limits: Limits = QUICK) -> Occurrence:
    """The problem `call` ends in, after making sure that nothing of it shows a secret."""
    async with client(origin, limits) as asked:
        with pytest.raises(ProblemError) as caught:
            await call(asked)
    error = caught.value
    assert error.__cause__ is None
    shown = "".join(traceback.format_exception(error)) + repr(error.occurrence)
    assert not any(secret in shown for secret in (*SECRETS, basic("client", "canary-client-secret")))
    while error.__context__ is not None:  # only our own problems may hang on it
        assert isinstance(error.__context__, ProblemError)
        error = error.__context__
    return caught.value.occurrence


async def fault(script: Script, call: Call, limits: Limits = QUICK) -> Occurrence:
    async with server(script) as heard:
        found = await problem_of(heard.origin, call, limits)
        assert len(heard.requests) == 1  # nothing is ever sent twice
    return found


@pytest.mark.parametrize("call", EVERY)
@pytest.mark.provokes("NET-01")
async def test_a_host_that_does_not_exist(call: Call) -> None:
    found = await problem_of("http://nowhere.invalid", call)
    assert found.code == "NET-01"
    assert found.facts["host"] == "nowhere.invalid"


@pytest.mark.parametrize("call", EVERY)
@pytest.mark.provokes("NET-02")
async def test_a_port_that_refuses(call: Call) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert (await problem_of(f"http://127.0.0.1:{taken.getsockname()[1]}", call)).code == "NET-02"


async def silent(_: bytes, reader: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
    await reader.read()


async def drip(_: bytes, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def hang_up(_: bytes, __: asyncio.StreamReader, ___: asyncio.StreamWriter) -> None:
    return


async def cut(_: bytes, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"access_token":')
    await writer.drain()


async def babble(_: bytes, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
    await writer.drain()


LOST = (silent, drip, hang_up, cut, babble)


@pytest.mark.parametrize("script", LOST)
@pytest.mark.parametrize("call", ONCE)
@pytest.mark.provokes("TOKEN-04")
async def test_a_lost_answer_leaves_the_outcome_unknown(script: Script, call: Call) -> None:
    started = time.monotonic()
    assert (await fault(script, call)).code == "TOKEN-04"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("script", "code"), list(zip(LOST, ("NET-03", "NET-03", "NET-08", "NET-08", "NET-08"), strict=True))
)
@pytest.mark.parametrize("call", [service, revoke, company])
@pytest.mark.provokes(argument="code")
async def test_a_lost_answer_to_what_may_be_repeated_is_of_the_network(script: Script, code: str, call: Call) -> None:
    assert (await fault(script, call)).code == code


@pytest.mark.provokes("NET-03")
async def test_a_server_that_accepts_and_never_reads_is_too_slow_but_nothing_was_used_up() -> None:
    """A full listen queue: the connection itself does not come about, so even a code may be sent again."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        try:
            found = await problem_of(f"http://127.0.0.1:{port}", exchange, Limits(connect=0.3, read=1, total=2))
        finally:
            for filler in fillers:
                filler.close()
    assert found.code == "NET-03"


async def huge(_: bytes, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\nContent-Type: application/json\r\n\r\n")
    for _part in range(50):
        writer.write(b" " * 100_000)
        await writer.drain()
        if writer.is_closing():
            return


@pytest.mark.parametrize(("call", "code"), [(exchange, "TOKEN-05"), (refresh, "TOKEN-05"), (company, "CHECK-01")])
@pytest.mark.provokes(argument="code")
async def test_an_answer_of_five_megabytes_is_not_read_to_its_end(call: Call, code: str) -> None:
    assert (await fault(huge, call, Limits())).code == code


@pytest.mark.provokes("TOKEN-03")
async def test_a_packed_answer_is_not_unpacked() -> None:
    packed = answer("200 OK", b"\x1f\x8b" + b"\x00" * 50, "Content-Encoding: gzip")
    assert (await fault(packed, exchange)).code == "TOKEN-03"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
@pytest.mark.provokes("TOKEN-06", "CHECK-01")
async def test_a_redirect_is_never_followed(status: str) -> None:
    async with server(answer("200 OK", TOKENS)) as other:
        script = answer(status, b"", f"Location: {other.origin}/token")
        assert (await fault(script, exchange)).code == "TOKEN-06"
        assert (await fault(script, company)).code == "CHECK-01"
        assert other.requests == []


@pytest.mark.parametrize(
    ("script", "call", "code"),
    [
        (answer("200 OK", b"<html>Welcome to the hotel</html>", content_type="text/html"), exchange, "TOKEN-03"),
        (answer("200 OK", b"not json"), refresh, "TOKEN-03"),
        (answer("200 OK", b"{}"), service, "TOKEN-03"),
        (answer("200 OK", b"<html>"), company, "CHECK-01"),
        (answer("200 OK", b'{"CompanyInformation":{"CompanyName":"A"}}'), company, "CHECK-02"),
        (answer("503 Service Unavailable", b"<html>Maintenance</html>", content_type="text/html"), exchange, "NET-06"),
        (answer("500 Internal Server Error", b""), company, "NET-06"),
        (answer("504 Gateway Timeout", b""), exchange, "TOKEN-04"),
        (answer("504 Gateway Timeout", b""), service, "NET-06"),
        (answer("401 Unauthorized", b'{"error":"invalid_client"}'), exchange, "TOKEN-01"),
        (answer("400 Bad Request", b'{"error":"invalid_grant"}'), exchange, "TOKEN-02"),
        (answer("400 Bad Request", b'{"error":"invalid_grant"}'), refresh, "TOKEN-11"),
        (answer("400 Bad Request", b'{"error":"invalid_grant"}'), service, "TOKEN-08"),
        (answer("407 Proxy Authentication Required", b""), company, "NET-05"),
        (answer("401 Unauthorized", b""), company, "CHECK-05"),
    ],
)
@pytest.mark.provokes(argument="code")
async def test_what_a_server_says_becomes_its_problem(script: Script, call: Call, code: str) -> None:
    found = await fault(script, call)
    assert found.code == code
    assert found.facts["host"] == "127.0.0.1"


@pytest.mark.parametrize("call", EVERY)
@pytest.mark.provokes("TOKEN-13")
async def test_too_many_calls_say_how_long_to_wait(call: Call) -> None:
    found = await fault(answer("429 Too Many Requests", b"", "Retry-After: 7"), call)
    assert (found.code, found.facts["seconds"]) == ("TOKEN-13", "7")


async def test_a_wait_given_as_a_date_counts_from_the_servers_own_clock() -> None:
    script = answer(
        "429 Too Many Requests",
        b"",
        "Date: Mon, 04 Jan 2027 08:00:00 GMT",
        "Retry-After: Mon, 04 Jan 2027 08:00:30 GMT",
    )
    assert int((await fault(script, exchange)).facts["seconds"]) in (30, 31)


async def test_the_servers_clock_is_compared_with_this_computers() -> None:
    now = datetime(2027, 1, 4, 9, 30, tzinfo=UTC)
    async with server(answer("200 OK", TOKENS, "Date: Mon, 04 Jan 2027 08:00:00 GMT")) as heard:
        asked = Client(Endpoints(token=heard.origin), ClientSecret("c", Secret("s")), clock=lambda: now)
        async with asked:
            assert asked.server_time_difference is None
            await exchange(asked)
            assert asked.server_time_difference == -timedelta(minutes=90)


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Jan 2027 08:00:00 GMT"])
async def test_a_date_that_is_none_is_left_alone(date: str) -> None:
    async with server(answer("200 OK", TOKENS, f"Date: {date}")) as heard, client(heard.origin) as asked:
        await exchange(asked)
        assert asked.server_time_difference is None


async def test_what_is_sent_and_nothing_else() -> None:
    async with server(answer("200 OK", TOKENS, "Set-Cookie: a=b")) as heard, client(heard.origin) as asked:
        await exchange(asked)
        await refresh(asked)
    first, second = (request.decode() for request in heard.requests)
    assert first.startswith("POST /token HTTP/1.1\r\n")
    assert f"Authorization: {basic('client', 'canary-client-secret')}" in first
    assert first.endswith(
        "grant_type=authorization_code&code=canary-code&redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fcb"
        "&code_verifier=canary-verifier"
    )
    assert "cookie" not in second.lower()


async def test_nothing_is_logged_even_where_everything_is(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with server(answer("200 OK", TOKENS)) as heard, client(heard.origin) as asked:
        await exchange(asked)
    assert not any(record.name.startswith(("httpx", "httpcore")) for record in caplog.records)
    assert not any(secret in caplog.text for secret in SECRETS)


async def test_cancelling_leaves_nothing_behind() -> None:
    arrived = asyncio.Event()

    async def wait(request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await silent(request, reader, writer)

    async with server(wait) as heard, client(heard.origin, Limits()) as asked:
        task = asyncio.create_task(asked.refresh(Secret("canary-refresh")))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.provokes("TOKEN-15")
async def test_without_a_client_secret_only_the_api_is_called() -> None:
    body = b'{"CompanyInformation":{"CompanyName":"A","DatabaseNumber":7}}'
    async with server(answer("200 OK", body)) as heard:
        async with Client(Endpoints(api=heard.origin), None) as asked:
            assert (await asked.company(Secret("t"), ("companyinformation",))).tenant_id == "7"
            with pytest.raises(ProblemError, match="TOKEN-15"):
                await exchange(asked)
        assert len(heard.requests) == 1


@pytest.mark.parametrize("url", ["http://[::1", "nonsense", "http://a b/", "http://" + "a" * 300 + ".example/"])
async def test_an_address_that_is_none_is_a_problem_too(url: str) -> None:
    assert (await problem_of(url, exchange)).code.startswith("NET-")


async def test_a_proxy_look_up_that_takes_its_time_does_not_stop_the_loop() -> None:
    let_go = threading.Event()

    def slow(_: str) -> None:
        assert let_go.wait(10)

    async with server(answer("200 OK", TOKENS)) as reached, client(reached.origin, proxy=slow) as asking:
        reaching = asyncio.create_task(asking.reach())
        await asyncio.sleep(0.1)
        assert not reaching.done()
        let_go.set()  # from the loop, which would wait for itself if the look-up stood in it
        await reaching


async def test_a_proxy_look_up_without_an_end_is_no_answer_in_time() -> None:
    let_go = threading.Event()
    try:
        async with client("http://127.0.0.1:1", Limits(total=0.2), proxy=lambda _: str(let_go.wait(10))) as asking:
            with pytest.raises(ProblemError, match="NET-03"):
                await asking.reach()
    finally:
        let_go.set()
