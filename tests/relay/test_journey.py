"""Whole connections through the relay, by the program's own journey, effects, client and vault, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from assistant.fortnox.account import AccountKind
from assistant.fortnox.client import Client, Limits
from assistant.fortnox.tokens import TokenAnswer
from assistant.journey import Step, events
from assistant.practice.faults import Cut, Fault
from assistant.practice.server import PracticeServer
from assistant.secret import Secret
from assistant.vault.connection import Connection
from assistant.vault.lock import ConnectionLocks
from assistant.vault.renewal import Next, after_failure
from assistant.vault.tokens import Tokens
from tests.practice.browser import CLIENT_SECRET
from tests.relay.asking import COMPANY, OTHER_COMPANY, asking, computer, problem
from tests.relay.serving import Running
from tests.walking import World, grants, outcomes, visit

pytestmark = pytest.mark.anyio

TOKEN, REVOKE = "/oauth-v1/token", "/oauth-v1/revoke"


def credential(here: World, stored: Connection) -> Secret:
    held = here.vault.secrets(stored.id).connection_credential
    assert held is not None
    return held


def refresh_token(here: World, stored: Connection) -> Secret:
    held = here.vault.secrets(stored.id).refresh_token
    assert held is not None
    return held


@pytest.mark.parametrize("account", AccountKind)
async def test_a_connection_needs_no_client_secret_on_this_computer(
    server: PracticeServer, relay: Running, tmp_path: Path, account: AccountKind
) -> None:
    async with computer(server, relay, tmp_path, visit()).walking() as here:
        stored = await here.connect(account)
        known = relay.credentials.holding(credential(here, stored).reveal())
        assert known is not None
        assert (known.tenant_id, known.service) == (stored.tenant_id, account is AccountKind.SERVICE)
        assert here.vault.client_secret(stored.endpoints.authorize_host, stored.client_id) is None
        assert stored.relay is not None
        assert stored.relay.token == relay.addresses.token
        await here.leave()
    assert ("authorization_code", "token_issued") in grants(server)
    assert (("client_credentials", "token_issued") in grants(server)) is (account is AccountKind.SERVICE)
    assert CLIENT_SECRET.encode() not in (tmp_path / "vault.db").read_bytes()


async def test_a_service_connection_gets_tokens_as_often_as_it_asks(
    server: PracticeServer, relay: Running, tmp_path: Path
) -> None:
    async with computer(server, relay, tmp_path, visit()).walking() as here:
        stored = await here.connect()
        async with asking(server, relay, credential(here, stored)) as client:
            for _ in range(3):
                answer = await client.client_credentials(stored.tenant_id)
                assert answer.connection_credential is None
                assert (await client.company(answer.access_token, stored.scopes_granted)).tenant_id == stored.tenant_id
            narrow = await client.client_credentials(stored.tenant_id, ("article",))
            assert narrow.scopes == ("article",)


async def test_a_user_connection_is_renewed_and_each_refresh_token_works_once(
    server: PracticeServer, relay: Running, tmp_path: Path
) -> None:
    async with computer(server, relay, tmp_path, visit("olle")).walking() as here:
        stored = await here.connect(AccountKind.USER)
        async with asking(server, relay, credential(here, stored)) as client:
            token = refresh_token(here, stored)
            for _ in range(3):
                answer = await client.refresh(token)
                assert answer.refresh_token not in (None, token)
                assert (await problem(client.refresh(token))).code == "TOKEN-11"
                assert answer.refresh_token is not None
                token = answer.refresh_token


async def test_a_refresh_token_that_is_two_rotations_old_is_refused_by_the_relay_itself(
    server: PracticeServer, relay: Running, tmp_path: Path
) -> None:
    async with computer(server, relay, tmp_path, visit("olle")).walking() as here:
        stored = await here.connect(AccountKind.USER)
        async with asking(server, relay, credential(here, stored)) as client:
            first = refresh_token(here, stored)
            second = (await client.refresh(first)).refresh_token
            assert second is not None
            await client.refresh(second)
            asked = len(grants(server))
            assert (await problem(client.refresh(first))).code == "TOKEN-11"
            assert len(grants(server)) == asked


@pytest.mark.parametrize("handled", [False, True])
async def test_an_answer_lost_behind_the_relay_is_told_of_as_lost(
    server: PracticeServer, relay: Running, tmp_path: Path, handled: bool
) -> None:
    """The relay says 504: the program tries the old token once more, and what Fortnox says then is the truth."""
    async with computer(server, relay, tmp_path, visit("olle")).walking() as here:
        stored = await here.connect(AccountKind.USER)
        async with asking(server, relay, credential(here, stored)) as client:
            server.inject(TOKEN, Fault(cut=Cut.NO_ANSWER, handled=handled))
            token = refresh_token(here, stored)
            lost = await problem(client.refresh(token))
            assert lost.code == "TOKEN-04"
            assert after_failure(lost, lost_before=False).next is Next.SAME_TOKEN_AGAIN
            if handled:
                assert after_failure(await problem(client.refresh(token)), lost_before=True).next is Next.RECONNECT
            else:
                assert isinstance(await client.refresh(token), TokenAnswer)


async def test_what_the_program_no_longer_waits_for_the_relay_brings_to_its_end(
    server: PracticeServer, relay: Running, tmp_path: Path
) -> None:
    """The token that Fortnox gave meanwhile is one that the relay would let through."""
    async with computer(server, relay, tmp_path, visit("olle")).walking() as here:
        stored = await here.connect(AccountKind.USER)
        held, token = credential(here, stored), refresh_token(here, stored)
        server.inject(TOKEN, Fault(delay=2.0))
        async with asking(server, relay, held, limits=Limits(read=0.5, total=0.5)) as hasty:
            assert (await problem(hasty.refresh(token))).code == "TOKEN-04"
        async with asking(server, relay, held) as client:
            await _until(lambda: ("refresh_token", "token_issued") in grants(server))
            await _until(lambda: relay.log[-1].startswith("/token refresh 200"))
            newest = Secret(server.issued.refresh_tokens[-1])
            assert isinstance(await client.refresh(newest), TokenAnswer)


async def test_what_is_not_wanted_is_handed_back_with_its_credential(
    server: PracticeServer, relay: Running, tmp_path: Path
) -> None:
    async with computer(server, relay, tmp_path, visit(), visit(tenant_id=OTHER_COMPANY)).walking() as here:
        await here.to_confirm()
        assert len(relay.credentials) == 1
        here.send(events.Refused())
        await here.until(Step.CONFIRM, where=lambda state: state.attempt == 2 and not state.revoking)
        assert outcomes(server, REVOKE) == ["revoked"]
        assert len(relay.credentials) == 1
        await here.leave()
    assert len(relay.credentials) == 0
    assert outcomes(server, REVOKE) == ["revoked", "revoked"]


async def test_connecting_again_gives_a_new_credential_and_the_old_one_back(
    server: PracticeServer, relay: Running, tmp_path: Path
) -> None:
    async with computer(server, relay, tmp_path, visit(), visit()).walking() as here:
        first = await here.connect()
        old = credential(here, first)
        here.send(events.AnotherAsked(), events.AccountChosen(account=AccountKind.SERVICE))
        here.send(events.Continue(), events.Continue())
        await here.until(Step.CONFIRM, Step.PROBLEM)
        async with asking(server, relay, old) as client:
            await client.client_credentials(first.tenant_id)  # until the yes the old one stands
        here.send(events.Confirmed())
        await here.until(Step.DONE, Step.PROBLEM)
        await _until(lambda: len(relay.credentials) == 1)
        (stored,) = here.stored
        assert stored.id == first.id
        new = credential(here, stored)
        assert new != old
        async with asking(server, relay, old) as client:
            assert (await problem(client.client_credentials(stored.tenant_id))).code == "TOKEN-20"
        async with asking(server, relay, new) as client:
            await client.client_credentials(stored.tenant_id)


async def test_a_wrong_company_on_connecting_again_leaves_its_connection_alone(
    server: PracticeServer, relay: Running, tmp_path: Path
) -> None:
    """An exchange takes nothing from the credentials given out before, whatever company it turns out to be."""
    async with computer(server, relay, tmp_path / "one", visit()).walking() as here:
        stored = await here.connect()
        held = credential(here, stored)
    async with computer(server, relay, tmp_path / "two", visit(), visit(tenant_id=OTHER_COMPANY)).walking() as here:
        await here.to_confirm()
        here.send(events.Refused())
        await here.until(Step.CONFIRM, where=lambda state: state.attempt == 2 and not state.revoking)
        async with asking(server, relay, held) as client:
            await client.client_credentials(str(COMPANY))


async def test_a_relay_that_cannot_take_the_old_credential_back_does_not_spoil_the_new_connection(
    server: PracticeServer, relay: Running, tmp_path: Path
) -> None:
    async with computer(server, relay, tmp_path, visit(), visit()).walking() as here:
        first = await here.connect()
        relay.credentials.void_tenant(first.tenant_id)
        here.send(events.AnotherAsked(), events.AccountChosen(account=AccountKind.SERVICE))
        here.send(events.Continue(), events.Continue())
        await here.until(Step.CONFIRM, Step.PROBLEM)
        here.send(events.Confirmed())
        assert (await here.until(Step.DONE, Step.PROBLEM)).step is Step.DONE
        await _until(lambda: ("GiveBack", "TOKEN-20") in here.failures)


async def test_a_revoked_connection_gets_nothing_more(server: PracticeServer, relay: Running, tmp_path: Path) -> None:
    async with computer(server, relay, tmp_path, visit("olle")).walking() as here:
        stored = await here.connect(AccountKind.USER)
        token = refresh_token(here, stored)
        async with asking(server, relay, credential(here, stored)) as client:
            assert await client.revoke(token)
            assert outcomes(server, REVOKE) == ["revoked"]
            assert (await problem(client.refresh(token))).code == "TOKEN-20"


async def test_a_revocation_that_fortnox_did_not_carry_out_can_be_asked_for_again(
    server: PracticeServer, relay: Running, tmp_path: Path
) -> None:
    async with computer(server, relay, tmp_path, visit("olle")).walking() as here:
        stored = await here.connect(AccountKind.USER)
        token = refresh_token(here, stored)
        async with asking(server, relay, credential(here, stored)) as client:
            server.inject(REVOKE, Fault(status=503))
            assert (await problem(client.revoke(token))).code == "TOKEN-23"
            assert await client.revoke(token)


async def test_a_credential_given_back_opens_nothing(server: PracticeServer, relay: Running, tmp_path: Path) -> None:
    """What a service connection has to hand back when it is removed: it keeps no refresh token."""
    async with computer(server, relay, tmp_path, visit()).walking() as here:
        stored = await here.connect()
        async with asking(server, relay, credential(here, stored)) as client:
            assert await client.give_back()
            assert (await problem(client.client_credentials(stored.tenant_id))).code == "TOKEN-20"
            assert (await problem(client.give_back())).code == "TOKEN-20"


@pytest.mark.provokes("TOKEN-20")
@pytest.mark.parametrize("account", AccountKind)
async def test_the_integration_gets_tokens_on_demand_until_the_vendor_withdraws_the_connection(
    server: PracticeServer, relay: Running, tmp_path: Path, account: AccountKind
) -> None:
    async with computer(server, relay, tmp_path, visit("anna")).walking() as here:
        stored = await here.connect(account)
    file = tmp_path / "vault.db"
    tokens = Tokens(
        here.vault, ConnectionLocks(file), client=lambda ends, access: Client(ends, access, proxy=lambda _: None)
    )
    got = [await tokens.renew_async(stored.id) for _ in range(3)]
    assert len({each.token.reveal() for each in got}) == 3
    assert (await tokens.access_token_async(stored.id)).token == got[-1].token
    assert relay.credentials.void_tenant(stored.tenant_id) == 1
    assert (await problem(tokens.renew_async(stored.id))).code == "TOKEN-20"
    (after,) = here.stored
    assert after.problem == "TOKEN-20", "the list shows that a person has to connect it again"


async def _until(true: Callable[[], bool]) -> None:
    """Waits until `true()`, with slack for a slow machine."""
    for _ in range(750):
        if true():
            return
        await anyio.sleep(0.02)
    raise AssertionError("waited 15 seconds")
