"""A code that was stolen gets nothing from another computer's sign-in, as far as anybody but Fortnox can see to it.

What a relay can know depends on the way the code came back, and on whether Fortnox checks PKCE: docs/relay.md says what
rests on what, and each of its cases is here.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx
import pytest

from assistant.fortnox.authorization import AuthorizationRequest, s256
from assistant.fortnox.client import Client
from assistant.fortnox.endpoints import Endpoints
from assistant.practice.faults import Fault
from assistant.practice.server import PracticeServer
from assistant.practice.switches import Pkce
from tests.practice.browser import CLIENT_ID
from tests.relay.asking import COMPANY, SignIn, asking, begun, exchanged, problem, sign_in
from tests.relay.serving import Running
from tests.walking import grants

pytestmark = pytest.mark.anyio

TOKEN = "/oauth-v1/token"


async def came_back(relay: Running, code: str, state: str) -> httpx.Response:
    """The person's own browser ends on the vendor's page, which is shown the code on the way."""
    async with httpx.AsyncClient(timeout=10, trust_env=False) as web:
        return await web.get(relay.redirect_page, params={"code": code, "state": state})


async def on_the_page(relay: Running, done: SignIn) -> None:
    assert (await came_back(relay, done.code.reveal(), done.request.state.reveal())).status_code == 200


def test_the_state_is_what_the_state_verifier_proves(server: PracticeServer) -> None:
    """And for Fortnox it looks as it always did: 43 characters that nobody can guess."""
    first, second = begun(server), begun(server)
    assert first.state.reveal() == s256(first.state_verifier)
    assert len(first.state.reveal()) == 43
    assert len({first.state.reveal(), second.state.reveal(), s256(first.verifier or first.state)}) == 3
    for secret in (first.state_verifier, first.verifier):
        assert secret is not None
        assert secret.reveal() not in first.url


# A code that passed the vendor's redirect page: the relay knows whose it is.


@pytest.mark.parametrize("pkce", [Pkce.IGNORE, Pkce.REQUIRE])
async def test_a_code_from_the_redirect_page_is_bound_to_its_sign_in_whatever_fortnox_checks(
    server: PracticeServer, relay: Running, pkce: Pkce
) -> None:
    server.switches = replace(server.switches, pkce=pkce)
    done, thief = sign_in(server), begun(server)
    await on_the_page(relay, done)
    asked = len(server.log)
    assert (await problem(exchanged(server, relay, done.code, thief))).code == "TOKEN-02"
    assert len(server.log) == asked, "the code is not used up by it"
    held = await exchanged(server, relay, done.code, done.request)
    assert (await problem(exchanged(server, relay, done.code, thief))).code == "TOKEN-02"
    async with asking(server, relay, held.connection_credential) as client:
        await client.client_credentials(str(COMPANY))


async def test_knowing_the_state_is_not_enough(server: PracticeServer, relay: Running) -> None:
    """Code and state stand in the same address: who saw the one saw the other."""
    done = sign_in(server)
    await on_the_page(relay, done)
    for shown in (done.request.state, done.request.verifier):
        assert shown is not None
        thief = replace(begun(server), state=done.request.state, state_verifier=shown)
        assert (await problem(exchanged(server, relay, done.code, thief))).code == "TOKEN-02"


async def test_nobody_can_claim_a_code_on_the_page_after_it_came_back(server: PracticeServer, relay: Running) -> None:
    done, thief = sign_in(server), begun(server)
    await on_the_page(relay, done)
    await came_back(relay, done.code.reveal(), thief.state.reveal())
    assert (await problem(exchanged(server, relay, done.code, thief))).code == "TOKEN-02"
    await exchanged(server, relay, done.code, done.request)


async def test_the_redirect_page_runs_nothing_and_keeps_the_code_to_itself(relay: Running) -> None:
    answer = await came_back(relay, "a-code-of-somebody", "s" * 43)
    assert "a-code-of-somebody" not in answer.text
    assert "script" not in answer.text
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


# A code that was caught in the window, and never left the computer: the relay has not seen whose it is.


async def test_where_fortnox_checks_pkce_a_caught_code_is_bound_by_it(server: PracticeServer, relay: Running) -> None:
    """The relay passes the verifier on, so it is as good as if the program had asked Fortnox itself."""
    server.switches = replace(server.switches, pkce=Pkce.REQUIRE)
    done, thief = sign_in(server), begun(server)
    assert (await problem(exchanged(server, relay, done.code, thief))).code == "TOKEN-02"
    assert ("authorization_code", "token_issued") not in grants(server)
    assert len(relay.credentials) == 0


async def test_a_caught_code_that_was_used_gives_a_thief_nothing(server: PracticeServer, relay: Running) -> None:
    """And what it gave before is void, because the relay cannot know which of the two was the thief."""
    done, thief = sign_in(server), begun(server)
    held = await exchanged(server, relay, done.code, done.request)
    asked = len(server.log)
    assert (await problem(exchanged(server, relay, done.code, thief))).code == "TOKEN-02"
    assert len(server.log) == asked
    async with asking(server, relay, held.connection_credential) as client:
        assert (await problem(client.client_credentials(str(COMPANY)))).code == "TOKEN-20"


async def test_a_thief_who_was_first_loses_it_when_the_computer_of_the_sign_in_brings_the_code(
    server: PracticeServer, relay: Running
) -> None:
    """The limit: until then it had the company, and its access token lives on for up to an hour."""
    done, thief = sign_in(server), begun(server)
    stolen = await exchanged(server, relay, done.code, thief)
    assert stolen.refresh_token is not None
    assert (await problem(exchanged(server, relay, done.code, done.request))).code == "TOKEN-02"
    async with asking(server, relay, stolen.connection_credential) as client:
        assert (await problem(client.client_credentials(str(COMPANY)))).code == "TOKEN-20"
        assert (await problem(client.refresh(stolen.refresh_token))).code == "TOKEN-20"
    again = sign_in(server)
    await exchanged(server, relay, again.code, again.request)


async def test_two_who_bring_a_code_at_once_both_get_nothing(server: PracticeServer, relay: Running) -> None:
    done, thief = sign_in(server), begun(server)
    server.inject(TOKEN, Fault(delay=1.0))
    first = asyncio.ensure_future(problem(exchanged(server, relay, done.code, done.request)))
    await asyncio.sleep(0.4)
    second = await problem(exchanged(server, relay, done.code, thief))
    assert (second.code, (await first).code) == ("TOKEN-02", "TOKEN-02")
    assert len(relay.credentials) == 0
    refused = await problem(exchanged(server, relay, done.code, done.request))
    assert refused.code == "TOKEN-02"


async def test_the_same_computer_may_bring_its_code_again(server: PracticeServer, relay: Running) -> None:
    """It does when nothing was sent the first time. That a code is used up is for Fortnox to say, and costs nothing."""
    done = sign_in(server)
    held = await exchanged(server, relay, done.code, done.request)
    assert (await problem(exchanged(server, relay, done.code, done.request))).code == "TOKEN-02"
    async with asking(server, relay, held.connection_credential) as client:
        await client.client_credentials(str(COMPANY))


async def test_a_code_is_remembered_for_an_hour(server: PracticeServer, relay: Running) -> None:
    done = sign_in(server)
    held = await exchanged(server, relay, done.code, done.request)
    relay.later = 3700
    assert (await problem(exchanged(server, relay, done.code, begun(server)))).code == "TOKEN-02"
    async with asking(server, relay, held.connection_credential) as client:
        await client.client_credentials(str(COMPANY))


async def test_a_code_without_the_proof_of_a_sign_in_is_not_passed_on(server: PracticeServer, relay: Running) -> None:
    done = sign_in(server)
    form = {
        "grant_type": "authorization_code",
        "client_id": CLIENT_ID,
        "code": done.code.reveal(),
        "redirect_uri": done.request.redirect_uri,
    }
    asked = len(server.log)
    async with httpx.AsyncClient(timeout=10, trust_env=False) as web:
        for verifier in (None, "", "short", "x" * 129, "ä" * 43, "x" * 42 + " "):
            fields = form if verifier is None else {**form, "state_verifier": verifier}
            answer = await web.post(relay.addresses.token, data=fields)
            assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
    assert len(server.log) == asked


async def test_fortnox_is_told_nothing_of_the_proof(server: PracticeServer, relay: Running) -> None:
    """Neither through the relay nor where the program asks Fortnox itself."""
    done = sign_in(server)
    await exchanged(server, relay, done.code, done.request)
    (asked,) = [entry for entry in server.log if entry.grant == "authorization_code"]
    assert set(asked.form_names) == {"grant_type", "code", "redirect_uri", "code_verifier"}


async def test_a_thief_without_the_relay_has_no_client_secret(server: PracticeServer) -> None:
    done: SignIn = sign_in(server)
    request: AuthorizationRequest = done.request
    async with Client(Endpoints(**server.endpoints), None, proxy=lambda _: None) as client:
        stopped = await problem(client.exchange_code(done.code, request.redirect_uri, request.verifier))
        assert stopped.code == "TOKEN-15"
    async with httpx.AsyncClient(timeout=10, trust_env=False) as web:
        fields = {"grant_type": "authorization_code", "client_id": CLIENT_ID, "code": done.code.reveal()}
        assert (await web.post(server.endpoints["token"], data=fields)).status_code == 401
