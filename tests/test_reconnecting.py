"""A connection made again, without a window: exactly that one is replaced, with all it had and what is new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.effects import existing
from assistant.fortnox.account import AccountKind
from assistant.journey import Step, events
from assistant.practice.server import PracticeServer
from tests.vault.at_practice import live_refresh_tokens
from tests.walking import Person, World, outcomes, practice_integration, visit

pytestmark = pytest.mark.anyio

SERVICE, USER = AccountKind.SERVICE, AccountKind.USER
OTHER_COMPANY = 1_100_025


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer().in_thread() as running:
        yield running
        assert running.crashes == []


async def again(world: World, connection_id: str) -> None:
    """From the permissions to the sign-in."""
    assert world.state.step is Step.PERMISSIONS
    assert world.state.reconnecting is not None
    assert world.state.reconnecting.id == connection_id
    world.send(events.Continue())
    await world.until(Step.CONFIRM, Step.PROBLEM)


@pytest.mark.parametrize("account", [SERVICE, USER])
async def test_it_keeps_its_identity_and_gains_what_is_new(
    server: PracticeServer, tmp_path: Path, account: AccountKind
) -> None:
    """The integration has gained a permission and dropped another: the union is asked for."""
    person = Person(visit(), visit())
    before = practice_integration(server, scopes=("companyinformation", "profile", "article"))
    async with World(before, tmp_path, person).walking() as world:
        first = await world.connect(account)
    after = replace(before, scopes=("companyinformation", "profile", "order"))
    async with World(after, tmp_path, person, keychain=world.keychain).walking(reconnecting=existing(first)) as world:
        assert world.state.new_scopes == ("order",)
        await again(world, first.id)
        assert world.state.replaced is not None, "it is said beforehand"
        assert world.state.replaced.id == first.id
        world.send(events.Confirmed())
        await world.until(Step.DONE)
        (stored,) = world.stored
    assert stored.id == first.id
    assert set(stored.scopes_granted) == {"companyinformation", "profile", "order", "article"}
    assert stored.account is account


@pytest.mark.provokes("CHECK-12")
@pytest.mark.parametrize("account", [SERVICE, USER])
async def test_the_wrong_company_changes_nothing(server: PracticeServer, tmp_path: Path, account: AccountKind) -> None:
    integration = practice_integration(server)
    person = Person(visit(), visit(tenant_id=OTHER_COMPANY), visit())
    async with World(integration, tmp_path, person).walking() as world:
        first = await world.connect(account)
        secrets = world.vault.secrets(first.id)
    world = World(integration, tmp_path, person, keychain=world.keychain)
    async with world.walking(reconnecting=existing(first)):
        await again(world, first.id)
        assert world.state.problem is not None
        assert world.state.problem.code == "CHECK-12"
        assert first.company_name in world.state.problem.facts["right"]
        assert world.state.problem.facts["wrong"] != world.state.problem.facts["right"]
        assert world.stored == (first,)
        assert world.vault.secrets(first.id) == secrets
        way = next(iter(world.state.problem.problem.ways))
        world.send(events.WayChosen(way=way))
        await world.until(Step.CONFIRM)
        world.send(events.Confirmed())
        await world.until(Step.DONE)
        assert [each.id for each in world.stored] == [first.id]
    assert outcomes(server, "/oauth-v1/revoke") == ["revoked"]
    assert live_refresh_tokens(server, OTHER_COMPANY) == []


@pytest.mark.provokes("TOKEN-24")
async def test_a_company_that_is_connected_and_refused_keeps_its_consent(
    server: PracticeServer, tmp_path: Path
) -> None:
    integration = practice_integration(server)
    async with World(integration, tmp_path, Person(visit(), visit(), visit())).walking() as world:
        await world.connect(SERVICE)
        world.send(events.AnotherAsked(), events.Continue(), events.Continue())
        await world.until(Step.CONFIRM)
        world.send(events.Refused())
        await world.until(Step.SIGN_IN, Step.CONFIRM)
        assert world.state.left_behind is not None
        assert world.state.left_behind.code == "TOKEN-24"
        await world.leave()
    assert outcomes(server, "/oauth-v1/revoke") == []


async def test_the_wrong_company_that_is_connected_too_keeps_its_consent(
    server: PracticeServer, tmp_path: Path
) -> None:
    integration = practice_integration(server)
    person = Person(visit(), visit(tenant_id=OTHER_COMPANY), visit(tenant_id=OTHER_COMPANY))
    async with World(integration, tmp_path, person).walking() as world:
        first = await world.connect(SERVICE)
        world.send(events.AnotherAsked(), events.Continue(), events.Continue())
        await world.until(Step.CONFIRM)
        world.send(events.Confirmed())
        await world.until(Step.DONE)
    world = World(integration, tmp_path, person, keychain=world.keychain)
    async with world.walking(reconnecting=existing(first)):
        await world.until(Step.PERMISSIONS, where=lambda state: len(state.existing) == 2)
        await again(world, first.id)
        assert world.state.problem is not None
        assert world.state.problem.code == "CHECK-12"
        await world.leave()
    assert outcomes(server, "/oauth-v1/revoke") == []
