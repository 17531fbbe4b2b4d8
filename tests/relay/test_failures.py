"""A relay that is down, slow, misled or not let in: each ends in a problem that names the vendor, who can solve it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant.fortnox.account import AccountKind
from assistant.fortnox.client import Client, Limits
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import Attempt, RelayAccess
from assistant.fortnox.relay import through_relay
from assistant.integration import Relay as RelayAddresses
from assistant.journey import Step, events
from assistant.practice.faults import Fault
from assistant.practice.server import PracticeServer
from assistant.problems import CATALOGUE, Occurrence, Way, Who, occurrence
from assistant.problems.words import solved_by, words
from assistant.secret import Secret
from tests.fortnox.servers import Script, answer
from tests.fortnox.servers import server as answering
from tests.journey.honest import integration
from tests.practice.browser import CLIENT_ID
from tests.relay.asking import COMPANY, asking, computer, connected, exchanged, problem, sign_in
from tests.relay.serving import Running, serving
from tests.walking import World, visit

pytestmark = pytest.mark.anyio

TOKEN = "/oauth-v1/token"
PAGE = b"<!doctype html><title>Exempelbolaget</title><h1>Welcome</h1>"
Call = Callable[[Client], Awaitable[object]]


def exchange(client: Client) -> Awaitable[object]:
    attempt = Attempt(Secret("v" * 43), AccountKind.SERVICE)
    return client.exchange_code(Secret("canary-code"), "https://lagerkoll.example/activation", None, attempt)


def renew(client: Client) -> Awaitable[object]:
    return client.refresh(Secret("canary-refresh"))


def serve(client: Client) -> Awaitable[object]:
    return client.client_credentials(str(COMPANY))


def revoke(client: Client) -> Awaitable[object]:
    return client.revoke(Secret("canary-refresh"))


def give_back(client: Client) -> Awaitable[object]:
    return client.give_back()


EVERY = (exchange, renew, serve, revoke, give_back)


def client_of(origin: str, credential: str | None = "canary-credential", *, total: float = 20.0) -> Client:
    access = RelayAccess(CLIENT_ID, f"{origin}/token", f"{origin}/revoke", Secret(credential) if credential else None)
    limits = Limits(connect=total, read=total, total=total)
    return Client(Endpoints(), access, proxy=lambda _: None, limits=limits)


async def said_by(script: Script, call: Call, credential: str | None = "canary-credential") -> Occurrence:
    """The problem that `call` ends in at a relay that does as `script` says."""
    async with answering(script) as heard, client_of(heard.origin, credential) as client:
        found = await problem(call(client))
    assert "canary" not in repr(found)
    assert found.facts["host"] == "127.0.0.1"
    return found


def names_the_vendor(found: Occurrence) -> bool:
    """Whether the page says the vendor's name, and that it is the vendor who can solve it."""
    said = words(found, integration=integration())
    shown = " ".join((said.title, said.cause, *said.remedy))
    return solved_by(found.problem.who, vendor="Exempelbolaget AB") == "Exempelbolaget AB" and "Exempelbolaget" in shown


def closed_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port


# Down and slow.


@pytest.mark.provokes("TOKEN-22")
@pytest.mark.parametrize("call", EVERY)
async def test_a_relay_that_is_down(call: Call) -> None:
    async with client_of(f"http://127.0.0.1:{closed_port()}") as client:
        found = await problem(call(client))
    assert found.code == "TOKEN-22"
    assert names_the_vendor(found)
    assert found.problem.ways[0] is Way.TRY_AGAIN


@pytest.mark.provokes("TOKEN-22", "TOKEN-04")
@pytest.mark.parametrize("call", EVERY)
async def test_a_relay_that_does_not_answer_in_time(call: Call) -> None:
    """What can be used up only once may have been; for the rest the vendor is named."""

    async def silent(_: bytes, __: asyncio.StreamReader, ___: asyncio.StreamWriter) -> None:
        await asyncio.sleep(3)

    async with answering(silent) as heard, client_of(heard.origin, total=0.4) as client:
        found = await problem(call(client))
        unclear = await problem(exchange(client))
        named = await problem(serve(client))
    assert (unclear.code, named.code) == ("TOKEN-04", "TOKEN-22")
    assert found.code == ("TOKEN-04" if call in (exchange, renew) else "TOKEN-22")
    assert names_the_vendor(named)


async def test_after_a_relay_that_was_down_the_same_code_is_sent_again(
    server: PracticeServer, relay: Running, tmp_path: Path
) -> None:
    here = computer(server, relay, tmp_path, visit())
    right = relay.addresses
    down = f"http://127.0.0.1:{closed_port()}"
    here.integration = replace(here.integration, relay=RelayAddresses(token=f"{down}/token", revoke=f"{down}/revoke"))
    async with here.walking():
        state = await here.to_confirm()
        assert state.problem is not None
        assert (state.step, state.problem.code) == (Step.PROBLEM, "TOKEN-22")
        # The relay comes up: at the address that the walk's integration has named all along.
        await _stand_in(here, right, down)
        assert here.state.step is Step.CONFIRM, here.state.problem
        assert len(here.person.redirects) == 1, "nobody had to sign in again"
        await here.leave()


async def _stand_in(here: World, right: RelayAddresses, down: str) -> None:
    """Passes everything on from the address where nobody was to the relay, and lets the person try again."""
    target = urlsplit(right.token)

    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, into = await asyncio.open_connection(target.hostname, target.port)

        async def pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while part := await source.read(65536):
                sink.write(part)
                await sink.drain()
            sink.close()

        await asyncio.gather(pour(reader, into), pour(there, writer), return_exceptions=True)

    listening = await asyncio.start_server(passed_on, "127.0.0.1", urlsplit(down).port)
    async with listening:
        here.send(events.WayChosen(way=Way.TRY_AGAIN))
        await here.until(Step.CONFIRM, Step.PROBLEM)


# Answers that are none.


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (answer("200 OK", PAGE, content_type="text/html"), "TOKEN-03"),
        (answer("200 OK", b"", content_type="text/html"), "TOKEN-03"),
        (answer("200 OK", b"{}"), "TOKEN-03"),
        (answer("302 Found", b"", "Location: https://exempelbolaget.example/login"), "TOKEN-03"),
        (answer("200 OK", b"a" * 1_000_001), "TOKEN-03"),
        (answer("404 Not Found", PAGE, content_type="text/html"), "TOKEN-23"),
        (answer("403 Forbidden", PAGE, content_type="text/html"), "TOKEN-23"),
        (answer("405 Method Not Allowed", b""), "TOKEN-23"),
        (answer("500 Internal Server Error", PAGE, content_type="text/html"), "TOKEN-23"),
        (answer("503 Service Unavailable", b"{}"), "TOKEN-23"),
        (answer("502 Bad Gateway", PAGE, content_type="text/html"), "TOKEN-23"),
        (answer("504 Gateway Timeout", b"{}"), "TOKEN-23"),
        (answer("401 Unauthorized", b'{"error":"invalid_token"}'), "TOKEN-20"),
        (answer("401 Unauthorized", b"", 'WWW-Authenticate: Bearer error="invalid_token"'), "TOKEN-20"),
        (answer("401 Unauthorized", b"", 'WWW-Authenticate: Basic realm="x", bearer ERROR=invalid_token'), "TOKEN-20"),
        (answer("401 Unauthorized", b""), "TOKEN-23"),
        (answer("401 Unauthorized", b"{}", 'WWW-Authenticate: Basic realm="staging"'), "TOKEN-23"),
        (answer("401 Unauthorized", PAGE, content_type="text/html"), "TOKEN-23"),
        (answer("401 Unauthorized", b'{"error":"invalid_client"}'), "TOKEN-21"),
        (answer("400 Bad Request", b'{"error":"invalid_client"}'), "TOKEN-21"),
    ],
)
@pytest.mark.provokes(argument="code")
async def test_what_a_relay_may_say_in_place_of_tokens(script: Script, code: str) -> None:
    found = await said_by(script, serve)
    assert found.code == code
    assert names_the_vendor(found)


@pytest.mark.parametrize("status", ["502 Bad Gateway", "504 Gateway Timeout"])
@pytest.mark.parametrize("call", [exchange, renew])
async def test_a_relay_that_lost_fortnoxs_answer_leaves_it_open_what_was_used_up(status: str, call: Call) -> None:
    assert (await said_by(answer(status, b"{}"), call)).code == "TOKEN-04"


async def test_a_web_page_is_no_yes_to_a_revocation() -> None:
    async with answering(answer("200 OK", PAGE, content_type="text/html")) as heard, client_of(heard.origin) as client:
        assert await client.revoke(Secret("canary-refresh")) is False
        assert await client.give_back() is False


async def test_where_no_credential_was_sent_none_is_called_void() -> None:
    """A relay that wants a credential for the exchange of a code is one that nobody can connect through."""
    for body, code in ((b'{"error":"invalid_token"}', "TOKEN-21"), (b"", "TOKEN-23")):
        found = await said_by(answer("401 Unauthorized", body), exchange, None)
        assert found.code == code
        assert names_the_vendor(found)
        assert Way.ENTER_SECRET not in found.problem.ways


async def test_what_fortnox_says_through_the_relay_means_what_it_always_does() -> None:
    for body, call, code in (
        (b'{"error":"invalid_grant"}', exchange, "TOKEN-02"),
        (b'{"error":"invalid_grant"}', renew, "TOKEN-11"),
        (b'{"error":"invalid_grant"}', serve, "TOKEN-08"),
        (b'{"error":"invalid_scope"}', serve, "TOKEN-09"),
        (b'{"error":"error_missing_license"}', renew, "TOKEN-10"),
        (b'{"error":"unheard_of"}', serve, "TOKEN-14"),
    ):
        for status in ("400 Bad Request", "401 Unauthorized"):
            assert (await said_by(answer(status, body), call)).code == code


@pytest.mark.parametrize("code", sorted(code for code in CATALOGUE if code.startswith(("NET", "AUTH", "TOKEN"))))
def test_no_problem_through_a_relay_sends_a_person_for_an_activation_key(code: str) -> None:
    if code == "TOKEN-15":
        return  # never sent anywhere
    for sent in (True, False):
        found = through_relay(occurrence(code, {"HTTP status": 400}, host="relay.example"), credential_sent=sent)
        assert Way.ENTER_SECRET not in found.problem.ways
        assert found.facts == {"host": "relay.example"}
        if found.code != code and found.code != "TOKEN-03":
            assert found.problem.who is Who.VENDOR


async def test_an_api_call_is_fortnoxs_own_affair() -> None:
    async with answering(answer("503 Service Unavailable", b"")) as heard:
        access = RelayAccess(CLIENT_ID, f"{heard.origin}/token", f"{heard.origin}/revoke", None)
        async with Client(Endpoints(api=heard.origin), access, proxy=lambda _: None) as client:
            found = await problem(client.company(Secret("canary-access"), ("companyinformation",)))
    assert (found.code, found.problem.who) == ("NET-06", Who.FORTNOX)


# The reference relay itself.


@pytest.mark.provokes("TOKEN-21")
async def test_a_relay_with_the_wrong_client_secret(server: PracticeServer, tmp_path: Path) -> None:
    with serving(server, secret="replaced-in-the-portal") as relay:
        async with computer(server, relay, tmp_path, visit()).walking() as here:
            state = await here.to_confirm()
            assert state.problem is not None
            assert (state.step, state.problem.code) == (Step.PROBLEM, "TOKEN-21")
            assert here.stored == ()
            await here.leave()


@pytest.mark.provokes("TOKEN-20")
async def test_a_credential_that_was_withdrawn_means_connecting_again(
    server: PracticeServer, relay: Running, tmp_path: Path
) -> None:
    held = await connected(server, relay)
    relay.credentials.void_tenant(str(COMPANY))
    async with asking(server, relay, held.connection_credential) as client:
        found = await problem(client.client_credentials(str(COMPANY)))
    assert (found.code, found.problem.ways[0]) == ("TOKEN-20", Way.SIGN_IN_AGAIN)
    again = await connected(server, relay)
    async with asking(server, relay, again.connection_credential) as client:
        await client.client_credentials(str(COMPANY))


async def test_fortnox_down_behind_the_relay(server: PracticeServer) -> None:
    with serving(server) as relay:
        held = await connected(server, relay)
        behind = relay.relay._fortnox
        behind._endpoints = {**server.endpoints, "token": f"http://127.0.0.1:{closed_port()}/token"}
        async with asking(server, relay, held.connection_credential) as client:
            found = await problem(client.client_credentials(str(COMPANY)))
            assert (found.code, dict(found.details)["HTTP status"]) == ("TOKEN-23", "503")


async def test_fortnox_slow_behind_the_relay(server: PracticeServer) -> None:
    with serving(server, patience=0.5) as relay:
        done = sign_in(server)
        server.inject(TOKEN, Fault(delay=2.0))
        found = await problem(exchanged(server, relay, done.code, done.request))
        assert (found.code, dict(found.details)["HTTP status"]) == ("TOKEN-04", "504")


async def test_who_asks_too_often_waits_and_nobody_else_does(server: PracticeServer) -> None:
    with serving(server, burst=3) as relay:
        first = await connected(server, relay)
        async with asking(server, relay) as nobody, asking(server, relay, first.connection_credential) as client:
            codes = [(await problem(nobody.client_credentials("1"))).code for _ in range(4)]
            assert codes[0] == "TOKEN-21"
            assert codes[-1] == "TOKEN-13"
            waits = await problem(nobody.client_credentials("1"))
            assert 1 <= int(waits.facts["seconds"]) <= 10
            await client.client_credentials(str(COMPANY))
            relay.later += 60
            assert (await problem(nobody.client_credentials("1"))).code == "TOKEN-21"


async def test_fortnoxs_own_limit_is_passed_on_with_its_seconds(server: PracticeServer, relay: Running) -> None:
    held = await connected(server, relay)
    server.inject(TOKEN, Fault(status=429, headers=(("Retry-After", "7"),)))
    async with asking(server, relay, held.connection_credential) as client:
        found = await problem(client.client_credentials(str(COMPANY)))
    assert (found.code, found.facts["seconds"]) == ("TOKEN-13", "7")
