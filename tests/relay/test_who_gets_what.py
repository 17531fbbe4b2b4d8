"""Nobody gets anything but what their own connection credential is for."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from assistant.fortnox.account import AccountKind
from assistant.practice.faults import Fault
from assistant.practice.server import PracticeServer
from assistant.practice.switches import TenantClaim
from assistant.secret import Secret
from tests.practice.browser import CLIENT_ID
from tests.relay.asking import COMPANY, OTHER_COMPANY, asking, connected, exchanged, problem, sign_in
from tests.relay.serving import Running
from tests.walking import grants, outcomes

pytestmark = pytest.mark.anyio

REVOKE = "/oauth-v1/revoke"
WRONG = (None, Secret("guessed"), Secret("a.b"), Secret("."), Secret("0123456789abcdef." + "x" * 43))


@pytest.mark.provokes("TOKEN-20", "TOKEN-21")
async def test_a_tenant_id_alone_gets_nothing(server: PracticeServer, relay: Running) -> None:
    await connected(server, relay)
    asked = len(server.log)
    for wrong in WRONG:
        async with asking(server, relay, wrong) as client:
            stopped = await problem(client.client_credentials(str(COMPANY)))
            assert stopped.code == ("TOKEN-20" if wrong else "TOKEN-21")
    assert len(server.log) == asked, "Fortnox is not even asked"


async def test_without_a_credential_nobody_renews_revokes_or_gives_back(server: PracticeServer, relay: Running) -> None:
    held = await connected(server, relay, account=AccountKind.USER)
    assert held.refresh_token is not None
    asked = len(server.log)
    for wrong in WRONG:
        async with asking(server, relay, wrong) as client:
            for call in (client.refresh(held.refresh_token), client.revoke(held.refresh_token)):
                assert (await problem(call)).code in ("TOKEN-20", "TOKEN-21")
            if wrong is not None:
                assert (await problem(client.give_back())).code == "TOKEN-20"
    assert len(server.log) == asked
    assert len(relay.credentials) == 1


async def test_the_credential_of_another_company_gets_nothing(server: PracticeServer, relay: Running) -> None:
    mine, theirs = await connected(server, relay), await connected(server, relay, tenant_id=OTHER_COMPANY)
    assert theirs.refresh_token is not None
    asked = len(server.log)
    async with asking(server, relay, mine.connection_credential) as client:
        assert (await problem(client.client_credentials(str(OTHER_COMPANY)))).code == "TOKEN-20"
        assert (await problem(client.refresh(theirs.refresh_token))).code == "TOKEN-11"
        assert await client.revoke(theirs.refresh_token) is False
    assert len(server.log) == asked
    assert outcomes(server, REVOKE) == []
    async with asking(server, relay, theirs.connection_credential) as client:
        await client.client_credentials(str(OTHER_COMPANY))
        await client.refresh(theirs.refresh_token)


async def test_the_credential_of_another_connection_of_the_same_company_gets_none_of_its_tokens(
    server: PracticeServer, relay: Running
) -> None:
    annas = await connected(server, relay, account=AccountKind.USER)
    olles = await connected(server, relay, account=AccountKind.USER, person="olle")
    assert olles.refresh_token is not None
    async with asking(server, relay, annas.connection_credential) as client:
        assert (await problem(client.refresh(olles.refresh_token))).code == "TOKEN-11"
        assert await client.revoke(olles.refresh_token) is False
    assert outcomes(server, REVOKE) == []
    async with asking(server, relay, olles.connection_credential) as client:
        await client.refresh(olles.refresh_token)


async def test_the_credential_of_a_user_account_opens_no_service_account(
    server: PracticeServer, relay: Running
) -> None:
    """What is stolen from a person's computer opens what that person may, not what the whole company approved."""
    await connected(server, relay)
    olles = await connected(server, relay, account=AccountKind.USER, person="olle")
    asked = len(server.log)
    async with asking(server, relay, olles.connection_credential) as client:
        assert (await problem(client.client_credentials(str(COMPANY)))).code == "TOKEN-20"
    assert len(server.log) == asked


async def test_a_credential_cannot_be_taken_back_by_another(server: PracticeServer, relay: Running) -> None:
    mine, theirs = await connected(server, relay), await connected(server, relay)
    assert mine.connection_credential is not None
    assert theirs.connection_credential is not None
    form = {
        "client_id": CLIENT_ID,
        "token_type_hint": "connection_credential",
        "token": theirs.connection_credential.reveal(),
    }
    bearer = {"Authorization": f"Bearer {mine.connection_credential.reveal()}"}
    async with httpx.AsyncClient(timeout=10, trust_env=False) as web:
        answer = await web.post(relay.addresses.revoke, data=form, headers=bearer)
    assert (answer.status_code, answer.json()) == (200, {"revoked": False})
    async with asking(server, relay, theirs.connection_credential) as client:
        await client.client_credentials(str(COMPANY))


async def test_a_company_can_be_cut_off_alone(server: PracticeServer, relay: Running) -> None:
    """The vendor withdraws what was stolen; the other companies notice nothing."""
    stolen, other = await connected(server, relay), await connected(server, relay, tenant_id=OTHER_COMPANY)
    assert relay.credentials.void_tenant(str(COMPANY)) == 1
    async with asking(server, relay, stolen.connection_credential) as client:
        assert (await problem(client.client_credentials(str(COMPANY)))).code == "TOKEN-20"
    async with asking(server, relay, other.connection_credential) as client:
        await client.client_credentials(str(OTHER_COMPANY))


async def test_the_tenant_is_fortnoxs_word_and_not_the_clients(server: PracticeServer, relay: Running) -> None:
    """A `TenantId` sent with the exchange of a code changes nothing."""
    done = sign_in(server)
    form = {
        "grant_type": "authorization_code",
        "client_id": CLIENT_ID,
        "code": done.code.reveal(),
        "redirect_uri": done.request.redirect_uri,
        "state_verifier": done.request.state_verifier.reveal(),
        "account_type": "service",
        "tenant_id": str(OTHER_COMPANY),
        "tenantId": str(OTHER_COMPANY),
    }
    async with httpx.AsyncClient(timeout=10, trust_env=False) as web:
        answer = await web.post(relay.addresses.token, data=form, headers={"TenantId": str(OTHER_COMPANY)})
    credential = Secret(answer.json()["connection_credential"])
    known = relay.credentials.holding(credential.reveal())
    assert known is not None
    assert known.tenant_id == str(COMPANY)
    async with asking(server, relay, credential) as client:
        assert (await problem(client.client_credentials(str(OTHER_COMPANY)))).code == "TOKEN-20"


@pytest.mark.parametrize("claim", TenantClaim)
async def test_the_tenant_is_learnt_from_the_company_whatever_the_token_claims(
    server: PracticeServer, relay: Running, claim: TenantClaim
) -> None:
    server.switches = replace(server.switches, tenant_claim=claim)
    held = await connected(server, relay)
    async with asking(server, relay, held.connection_credential) as client:
        await client.client_credentials(str(COMPANY))


@pytest.mark.parametrize(("claim", "status"), [(TenantClaim.NUMBER, 200), (TenantClaim.ABSENT, 500)])
async def test_where_the_company_cannot_be_read_the_claim_counts_and_without_either_nothing_is_given_out(
    server: PracticeServer, relay: Running, claim: TenantClaim, status: int
) -> None:
    server.switches = replace(server.switches, tenant_claim=claim)
    for path in ("/3/companyinformation", "/3/settings/company"):
        server.inject(path, Fault(status=500))
    done = sign_in(server)
    if status == 200:
        held = await exchanged(server, relay, done.code, done.request)
        async with asking(server, relay, held.connection_credential) as client:
            await client.client_credentials(str(COMPANY))
        return
    assert (await problem(exchanged(server, relay, done.code, done.request))).code == "TOKEN-23"
    assert len(relay.credentials) == 0
    assert outcomes(server, REVOKE) == ["revoked"]
    assert ("authorization_code", "token_issued") in grants(server)
