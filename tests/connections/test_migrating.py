"""Taking over connections of the retired scheme, over real HTTP against practice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.connections.migrating import exchange, give_up, store
from assistant.connections.ports import Ports
from assistant.fortnox.account import AccountKind
from assistant.integration import Integration, Relay
from assistant.practice.faults import Cut, Fault
from assistant.practice.server import PracticeServer
from assistant.practice.switches import Account, LicenceNoticed, Licences
from assistant.problems import ProblemError, stop
from assistant.secret import Secret
from assistant.vault.connection import REFRESH_TOKEN_LIFE
from tests.connections.ground import clock_of, ports_at, said
from tests.practice.browser import CLIENT_SECRET
from tests.test_effects_keychain import LockedKeychain
from tests.vault.at_practice import TENANT, connected, live_refresh_tokens, vault_at
from tests.walking import practice_integration

pytestmark = pytest.mark.anyio

MIGRATE, COMPANY, ME = "/oauth-v1/migrate", "/3/companyinformation", "/3/me"
KEY = Secret(CLIENT_SECRET)


@pytest.fixture
def ports(server: PracticeServer, path: Path) -> Ports:
    return ports_at(path, clock=clock_of(server))


@pytest.fixture
def integration(server: PracticeServer) -> Integration:
    return practice_integration(server)


def legacy(server: PracticeServer, tenant_id: int = TENANT) -> Secret:
    return Secret(server.issued.legacy_tokens[tenant_id])


async def test_it_becomes_a_user_account(server: PracticeServer, ports: Ports, integration: Integration) -> None:
    exchanged = await exchange(ports, integration, KEY, legacy(server))
    assert ports.vault.connections() == (), "nothing before the yes"
    assert exchanged.company.tenant_id == str(TENANT)
    stored = await store(ports, exchanged)
    assert ports.vault.connections() == (stored,)
    assert (stored.account, stored.tenant_id) == (AccountKind.USER, str(TENANT))
    assert stored.company_name == exchanged.company.name
    assert stored.scopes_granted == server.integration.scopes
    assert stored.valid_until == stored.connected_at + REFRESH_TOKEN_LIFE
    secrets = ports.vault.secrets(stored.id)
    assert secrets.refresh_token is not None
    assert [secrets.refresh_token.reveal()] == live_refresh_tokens(server)
    token = await ports.tokens.access_token_async(stored.id)
    assert token.token.reveal() in server.issued.access_tokens
    assert ports.vault.client_secret(stored.endpoints.authorize_host, stored.client_id) == KEY


async def test_after_the_no_nothing_is_left(server: PracticeServer, ports: Ports, integration: Integration) -> None:
    exchanged = await exchange(ports, integration, KEY, legacy(server))
    assert await give_up(ports, exchanged)
    assert live_refresh_tokens(server) == []
    assert ports.vault.connections() == ()


@pytest.mark.provokes("CONN-08")
async def test_a_token_that_is_not_known(server: PracticeServer, ports: Ports, integration: Integration) -> None:
    with pytest.raises(ProblemError) as stopped:
        await exchange(ports, integration, KEY, Secret("11111111-2222-3333-4444-555555555555"))
    assert stopped.value.code == "CONN-08"
    assert dict(stopped.value.occurrence.details)["HTTP status"] == "404"


async def test_a_token_is_exchanged_once(server: PracticeServer, ports: Ports, integration: Integration) -> None:
    await store(ports, await exchange(ports, integration, KEY, legacy(server)))
    with pytest.raises(ProblemError) as stopped:
        await exchange(ports, integration, KEY, legacy(server))
    assert stopped.value.code == "CONN-08"


async def test_a_wrong_activation_key(server: PracticeServer, ports: Ports, integration: Integration) -> None:
    with pytest.raises(ProblemError) as stopped:
        await exchange(ports, integration, Secret("wrong"), legacy(server))
    assert stopped.value.code == "TOKEN-01"
    assert dict(stopped.value.occurrence.details)["HTTP status"] == "401"
    assert integration.name in said(stopped.value.occurrence)


@pytest.mark.provokes("CONN-09")
async def test_one_that_cannot_be_exchanged(server: PracticeServer, ports: Ports, integration: Integration) -> None:
    server.switches = replace(server.switches, account=next(each for each in Account if each is not Account.OPEN))
    with pytest.raises(ProblemError) as stopped:
        await exchange(ports, integration, KEY, legacy(server))
    assert stopped.value.code == "CONN-09"
    assert dict(stopped.value.occurrence.details)["HTTP status"] == "400"
    assert integration.vendor in said(stopped.value.occurrence)


@pytest.mark.provokes("CONN-10")
async def test_one_that_may_not_be_exchanged(server: PracticeServer, ports: Ports, integration: Integration) -> None:
    server.switches = replace(
        server.switches, licences=Licences.NO_INTEGRATION, licence_noticed=LicenceNoticed.AT_TOKEN
    )
    with pytest.raises(ProblemError) as stopped:
        await exchange(ports, integration, KEY, legacy(server))
    assert stopped.value.code == "CONN-10"
    assert dict(stopped.value.occurrence.details)["HTTP status"] == "403"


async def test_a_lost_answer_is_said_and_not_tried_again(
    server: PracticeServer, ports: Ports, integration: Integration
) -> None:
    server.inject(MIGRATE, Fault(handled=True, cut=Cut.NO_ANSWER))
    with pytest.raises(ProblemError) as stopped:
        await exchange(ports, integration, KEY, legacy(server))
    assert stopped.value.code == "TOKEN-04"
    assert [entry.path for entry in server.log] == [MIGRATE]


async def test_a_company_that_answers_late_is_asked_again(
    server: PracticeServer, ports: Ports, integration: Integration
) -> None:
    server.inject(COMPANY, Fault(status=503))
    exchanged = await exchange(ports, integration, KEY, legacy(server))
    assert exchanged.company.tenant_id == str(TENANT)


async def test_a_company_that_cannot_be_read_is_handed_back(
    server: PracticeServer, ports: Ports, integration: Integration
) -> None:
    server.inject(COMPANY, Fault(status=403, body=b'{"ErrorInformation":{"code":2000663}}'))
    with pytest.raises(ProblemError) as stopped:
        await exchange(ports, integration, KEY, legacy(server))
    assert stopped.value.code == "CHECK-04"
    assert live_refresh_tokens(server) == []
    assert ports.vault.connections() == ()


async def test_the_same_persons_connection_is_replaced_and_keeps_its_id(
    server: PracticeServer, path: Path, ports: Ports, integration: Integration
) -> None:
    made = connected(server, path, person_id="77")
    another = connected(server, path, person_id="78")
    me = b'{"MeInformation":{"Id":"77","Name":"Eva","Email":"eva@example.se"}}'
    server.inject(ME, Fault(status=200, body=me))
    exchanged = await exchange(ports, integration, KEY, legacy(server))
    assert exchanged.replacing == made
    stored = await store(ports, exchanged)
    assert (stored.id, stored.person_name) == (made.id, "Eva")
    assert {each.id for each in ports.vault.connections()} == {made.id, another.id}


async def test_a_person_nobody_knows_replaces_nobody(
    server: PracticeServer, path: Path, ports: Ports, integration: Integration
) -> None:
    made = connected(server, path, person_id="77")
    server.inject(ME, Fault(status=403, body=b'{"ErrorInformation":{"code":2000663}}'))
    stored = await store(ports, await exchange(ports, integration, KEY, legacy(server)))
    assert stored.person_id is None
    assert {each.id for each in ports.vault.connections()} == {made.id, stored.id}


async def test_nothing_is_sent_where_nothing_can_be_stored(
    server: PracticeServer, path: Path, ports: Ports, integration: Integration
) -> None:
    keychain = LockedKeychain(False)
    with pytest.raises(ProblemError) as stopped:
        await exchange(ports_at(path, keychain=keychain), integration, KEY, legacy(server))
    assert (stopped.value.code, keychain.prompts) == ("STORE-03", 1)
    _block(path)
    with pytest.raises(ProblemError) as stopped:
        await exchange(ports, integration, KEY, legacy(server))
    assert stopped.value.code == "STORE-08"
    assert server.log == []


async def test_a_relay_knows_no_such_call(server: PracticeServer, ports: Ports, integration: Integration) -> None:
    address = "https://lagerkoll.example/fortnox"
    relayed = replace(integration, relay=Relay(token=address, revoke=address))
    with pytest.raises(ProblemError) as stopped:
        await exchange(ports, relayed, KEY, legacy(server))
    assert stopped.value.code == "TOKEN-15"
    assert server.log == []


async def test_what_cannot_be_stored_is_handed_back(
    server: PracticeServer, path: Path, ports: Ports, integration: Integration, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchanged = await exchange(ports, integration, KEY, legacy(server))
    monkeypatch.setattr("assistant.connections.migrating._PAUSES", (0.01,))
    tries = []

    def full(*_: object, **__: object) -> None:
        tries.append(1)
        raise stop("STORE-10")

    monkeypatch.setattr(type(ports.vault), "save", full)
    with pytest.raises(ProblemError) as stopped:
        await store(ports, exchanged)
    assert (stopped.value.code, len(tries)) == ("STORE-10", 2)
    assert live_refresh_tokens(server) == []
    assert vault_at(path).connections() == ()


def _block(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database at all" * 300)
