"""What is done with connections that go through the vendor's relay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.connections.checking import check
from assistant.connections.health import State, health
from assistant.connections.ports import Ports
from assistant.connections.removal import Revocation, remove
from assistant.connections.renewing import renew
from assistant.fortnox.account import AccountKind
from assistant.practice.server import PracticeServer
from assistant.problems import ProblemError
from assistant.vault.connection import Connection, RelayAddresses
from tests.connections.ground import clock_of, ports_at
from tests.relay.asking import connected as exchanged
from tests.relay.serving import Running, serving
from tests.vault.at_practice import connected, live_refresh_tokens, vault_at

pytestmark = pytest.mark.anyio

USER, SERVICE = AccountKind.USER, AccountKind.SERVICE


@pytest.fixture
def relay(server: PracticeServer) -> Iterator[Running]:
    with serving(server) as running:
        yield running
        assert running.crashes == []


@pytest.fixture
def ports(server: PracticeServer, path: Path) -> Ports:
    return ports_at(path, clock=clock_of(server))


async def through_relay(server: PracticeServer, relay: Running, path: Path, account: AccountKind) -> Connection:
    """A stored connection, with what the relay gave out for it."""
    held = await exchanged(server, relay, account=account)
    made = connected(server, path, account)
    vault = vault_at(path)
    secrets = replace(
        vault.secrets(made.id),
        refresh_token=held.refresh_token if account is USER else None,
        connection_credential=held.connection_credential,
    )
    addresses = RelayAddresses(token=relay.addresses.token, revoke=relay.addresses.revoke)
    return vault.save(replace(made, relay=addresses), secrets)


@pytest.mark.parametrize("account", AccountKind)
async def test_it_is_checked_and_renewed(
    server: PracticeServer, relay: Running, path: Path, ports: Ports, account: AccountKind
) -> None:
    made = await through_relay(server, relay, path, account)
    found = await check(ports, made.id)
    assert found.works, found.problem
    assert (await renew(ports, made.id)).connection.problem is None


@pytest.mark.parametrize("account", AccountKind)
async def test_removing_it_leaves_nothing_with_the_relay(
    server: PracticeServer, relay: Running, path: Path, ports: Ports, account: AccountKind
) -> None:
    made = await through_relay(server, relay, path, account)
    assert len(relay.credentials) == 1
    before = len(live_refresh_tokens(server))
    removed = await remove(ports, made.id)
    assert (removed.revocation, removed.problem) == (Revocation.REVOKED, None)
    assert len(relay.credentials) == 0
    assert len(live_refresh_tokens(server)) == before - (account is USER)
    assert ports.vault.connections() == ()


async def test_a_relay_that_no_longer_knows_this_computer(
    server: PracticeServer, relay: Running, path: Path, ports: Ports
) -> None:
    made = await through_relay(server, relay, path, SERVICE)
    relay.credentials.void_tenant(made.tenant_id)
    found = await check(ports, made.id)
    assert found.problem is not None
    assert found.problem.code == found.connection.problem == "TOKEN-20"
    assert health(found.connection, now=ports.clock()).state is State.CONNECT_AGAIN
    with pytest.raises(ProblemError):
        await renew(ports, made.id)
    removed = await remove(ports, made.id)
    assert (removed.revocation, removed.problem and removed.problem.code) == (Revocation.FAILED, "TOKEN-20")
    assert ports.vault.connections() == ()
