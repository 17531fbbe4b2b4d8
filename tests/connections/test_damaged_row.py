"""One row that cannot be read stops no other connection, and can be removed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assistant.connections.checking import Check, check_all
from assistant.connections.ports import Ports
from assistant.connections.removal import Revocation, remove
from assistant.fortnox.account import AccountKind
from assistant.practice.server import PracticeServer
from assistant.problems import ProblemError
from assistant.vault.connection import Connection
from tests.connections.ground import clock_of, ports_at
from tests.vault.at_practice import connected

pytestmark = pytest.mark.anyio

OTHER = 1100025


@pytest.fixture
def ports(server: PracticeServer, path: Path) -> Ports:
    return ports_at(path, clock=clock_of(server))


@pytest.fixture(params=["connected_at = 'never'", "scopes_granted = x'ff'", "company_name = x'ff'", "valid_until = 7"])
def pair(server: PracticeServer, path: Path, request: pytest.FixtureRequest) -> tuple[Connection, Connection]:
    """One that can be read, and one that cannot."""
    good = connected(server, path, AccountKind.SERVICE)
    bad = connected(server, path, AccountKind.USER)
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"UPDATE connection SET {request.param} WHERE id = ?", (bad.id,))  # noqa: S608 - of this test
        database.commit()
    return good, bad


async def test_the_others_are_found_used_and_checked(pair: tuple[Connection, Connection], ports: Ports) -> None:
    good, bad = pair
    assert ports.vault.connections() == (good,)
    assert ports.vault.find(tenant_id=good.tenant_id) == (good,)
    assert ports.vault.matching(good) == (good,)
    assert [row.id for row in ports.vault.listing().damaged] == [bad.id]
    assert ports.tokens.choose(tenant_id=good.tenant_id) == good
    assert (await ports.tokens.access_token_async(good.id)).connection_id == good.id
    found: list[Check | None] = []
    await check_all(ports, [each.id for each in ports.vault.connections()], lambda _, each: found.append(each))
    assert [each.works for each in found if each is not None] == [True]


async def test_asked_for_by_its_id_it_is_damaged_and_not_missing(
    pair: tuple[Connection, Connection], ports: Ports
) -> None:
    for connection_id, code in ((pair[1].id, "STORE-06"), ("f" * 32, "STORE-20")):
        with pytest.raises(ProblemError) as stopped:
            ports.tokens.choose(connection_id=connection_id)
        assert stopped.value.code == code


async def test_it_can_be_removed(pair: tuple[Connection, Connection], ports: Ports, server: PracticeServer) -> None:
    good, bad = pair
    before = len(server.log)
    removed = await remove(ports, bad.id)
    assert (removed.connection, removed.revocation) == (None, Revocation.FAILED)
    assert removed.problem is not None
    assert removed.problem.code == "STORE-06"
    assert "Hantera integrationer" in removed.left_at_fortnox
    assert len(server.log) == before, "nothing is known that could be withdrawn"
    listing = ports.vault.listing()
    assert (listing.connections, listing.damaged) == ((good,), ())
