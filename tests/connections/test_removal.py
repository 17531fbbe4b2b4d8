"""Removing connections, and renewing them, over real HTTP against practice."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.connections.ports import Ports
from assistant.connections.removal import Revocation, remove
from assistant.connections.renewing import renew
from assistant.fortnox.account import AccountKind
from assistant.practice.faults import Cut, Fault
from assistant.practice.server import PracticeServer
from assistant.practice.switches import ServiceConsentFound
from assistant.problems import ProblemError, occurrence
from assistant.secret import Secret
from assistant.vault.connection import REFRESH_TOKEN_LIFE, Connection
from assistant.vault.lock import ConnectionLocks
from assistant.vault.tokens import Tokens
from tests.connections.ground import clock_of, ports_at, said
from tests.test_effects_keychain import LockedKeychain
from tests.vault.at_practice import TOKEN, connected, live_refresh_tokens, renewals, vault_at

pytestmark = pytest.mark.anyio

USER, SERVICE = AccountKind.USER, AccountKind.SERVICE
REVOKE = "/oauth-v1/revoke"


@pytest.fixture
def ports(server: PracticeServer, path: Path) -> Ports:
    return ports_at(path, clock=clock_of(server))


def secret_of(made: Connection, ports: Ports) -> Secret | None:
    return ports.vault.client_secret(made.endpoints.authorize_host, made.client_id)


def traces(path: Path, *texts: str) -> list[str]:
    """Which of `texts` the file still has somewhere."""
    content = path.read_bytes()
    return [each for each in texts if each.encode() in content]


async def test_a_user_account_is_withdrawn_and_leaves_nothing(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, USER)
    token = (await ports.tokens.access_token_async(made.id)).token.reveal()
    (refresh_token,) = live_refresh_tokens(server)
    removed = await remove(ports, made.id)
    assert (removed.connection.id, removed.revocation, removed.problem) == (made.id, Revocation.REVOKED, None)
    assert removed.last_of_integration
    assert live_refresh_tokens(server) == []
    assert ports.vault.connections() == ()
    assert secret_of(made, ports) is None
    assert made.company_name in removed.left_at_fortnox
    assert "Hantera integrationer" in removed.left_at_fortnox
    assert traces(path, made.id, made.company_name, token, refresh_token) == []


async def test_a_service_account_has_nothing_to_withdraw(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, SERVICE)
    removed = await remove(ports, made.id)
    assert removed.revocation is Revocation.NOTHING
    assert server.log == []
    assert ports.vault.connections() == ()


async def test_others_of_the_integration_keep_the_activation_key(
    server: PracticeServer, path: Path, ports: Ports
) -> None:
    made, other = connected(server, path, USER), connected(server, path, SERVICE)
    removed = await remove(ports, made.id)
    assert not removed.last_of_integration
    assert ports.vault.connections() == (other,)
    assert secret_of(other, ports) is not None
    assert (await remove(ports, other.id)).last_of_integration
    assert secret_of(other, ports) is None


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(status=500), "NET-06"),
        (Fault(cut=Cut.NO_ANSWER), "NET-08"),
        (Fault(status=200, content_type="text/html", body=b"<html>Sign in to the hotel</html>"), None),
        (Fault(status=401, body=b'{"error":"invalid_client"}'), "CONN-03"),
    ],
)
async def test_what_cannot_be_withdrawn_is_removed_all_the_same(
    server: PracticeServer, path: Path, ports: Ports, fault: Fault, code: str | None
) -> None:
    made = connected(server, path, USER)
    server.inject(REVOKE, fault)
    removed = await remove(ports, made.id)
    assert removed.revocation is Revocation.FAILED
    assert (removed.problem.code if removed.problem else None) == code
    assert ports.vault.connections() == ()


async def test_with_a_locked_keychain_it_is_removed_without_a_box(server: PracticeServer, path: Path) -> None:
    made = connected(server, path, USER)
    keychain = LockedKeychain()
    removed = await remove(ports_at(path, keychain=keychain), made.id)
    assert removed.revocation is Revocation.FAILED
    assert removed.problem is not None
    assert removed.problem.code == "STORE-02"
    assert keychain.prompts == 0
    assert vault_at(path).connections() == ()


async def test_a_damaged_one_can_be_removed(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, USER)
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE connection SET sealed = zeroblob(9)")
        database.commit()
    removed = await remove(ports, made.id)
    assert removed.problem is not None
    assert (removed.revocation, removed.problem.code) == (Revocation.FAILED, "STORE-06")
    assert ports.vault.connections() == ()


async def test_nothing_is_withdrawn_where_nothing_can_be_deleted(
    server: PracticeServer, path: Path, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = connected(server, path, USER)
    monkeypatch.setattr(type(ports.vault), "usable", lambda _: occurrence("STORE-09"))
    with pytest.raises(ProblemError) as stopped:
        await remove(ports, made.id)
    assert stopped.value.code == "STORE-09"
    assert len(live_refresh_tokens(server)) == 1
    assert ports.vault.connections() == (made,)


async def test_one_that_is_there_again_is_not_called_removed(
    server: PracticeServer, path: Path, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = connected(server, path, USER)
    monkeypatch.setattr(type(ports.vault), "remove", lambda *_: False)
    with pytest.raises(ProblemError) as stopped:
        await remove(ports, made.id)
    assert stopped.value.code == "STORE-14"


async def test_one_that_is_gone(server: PracticeServer, path: Path, ports: Ports) -> None:
    for act in (remove, renew):
        with pytest.raises(ProblemError) as stopped:
            await act(ports, "f" * 32)
        assert stopped.value.code == "STORE-16"


async def test_a_renewal_under_way_is_waited_for(server: PracticeServer, path: Path, ports: Ports) -> None:
    """Neither brings the other's back: not the removed row, not a live refresh token."""
    made = connected(server, path, USER)
    server.switches = replace(server.switches, latency=0.4)
    renewing = asyncio.create_task(renew(ports, made.id))
    await asyncio.sleep(0.2)
    removed = await remove(ports, made.id)
    await asyncio.gather(renewing, return_exceptions=True)
    assert removed.revocation is Revocation.REVOKED
    assert ports.vault.connections() == ()
    assert live_refresh_tokens(server) == []


async def test_it_goes_on_when_nobody_waits_any_more(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, USER)
    server.switches = replace(server.switches, latency=0.5)
    task = asyncio.create_task(remove(ports, made.id))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    end = time.monotonic() + 10
    while ports.vault.connections() and time.monotonic() < end:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.05)
    assert ports.vault.connections() == ()
    assert live_refresh_tokens(server) == []


# ---- renewing


async def test_a_renewal_moves_the_end_of_a_user_account(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, USER)
    server.clock.advance(30 * 86400)
    renewed = await renew(ports, made.id)
    assert renewed.connection == ports.vault.connection(made.id)
    assert renewed.connection.valid_until is not None
    left = renewed.connection.valid_until - ports.clock()
    assert abs((left - REFRESH_TOKEN_LIFE).total_seconds()) < 60
    assert renewed.access_expires_at is not None
    assert renewals(server) == 1
    await renew(ports, made.id)
    assert renewals(server) == 2, "whatever is at hand"
    assert len(live_refresh_tokens(server)) == 1


async def test_a_renewal_of_a_service_account_shows_the_approval(
    server: PracticeServer, path: Path, ports: Ports
) -> None:
    made = connected(server, path, SERVICE)
    assert (await renew(ports, made.id)).connection.valid_until is None
    server.switches = replace(server.switches, service_consent=ServiceConsentFound.MISSING)
    with pytest.raises(ProblemError) as stopped:
        await renew(ports, made.id)
    assert stopped.value.code == "CONN-02"
    assert made.company_name in said(stopped.value.occurrence)


async def test_a_renewal_of_a_damaged_one_is_noted(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, USER)
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE connection SET sealed = zeroblob(9)")
        database.commit()
    with pytest.raises(ProblemError) as stopped:
        await renew(ports, made.id)
    assert stopped.value.code == "STORE-06"
    after = ports.vault.connection(made.id)
    assert after is not None
    assert after.problem == "STORE-06"


async def test_a_problem_that_only_a_check_knows_outlives_a_new_token(
    server: PracticeServer, path: Path, ports: Ports
) -> None:
    made = connected(server, path, USER)
    for code, stays in (("CONN-01", True), ("CONN-07", True), ("TOKEN-01", False)):
        ports.vault.note(made.id, problem=code)
        after = (await renew(ports, made.id)).connection
        assert after.problem == (code if stays else None)


async def test_a_network_that_fails_keeps_what_there_is(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, USER)
    server.inject(TOKEN, Fault(status=503))
    with pytest.raises(ProblemError) as stopped:
        await renew(ports, made.id)
    assert stopped.value.code == "NET-06"
    assert (await renew(ports, made.id)).connection.problem is None
    with ConnectionLocks(path).held(made.id):
        assert len(live_refresh_tokens(server)) == 1


async def test_what_others_note_during_a_renewal_is_kept(
    server: PracticeServer, path: Path, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Noted between the reading and the saving; what a new token shows to be solved is cleared all the same."""
    made = connected(server, path, USER)
    for code, stays in (("CONN-07", True), ("CONN-05", False)):
        held = ports.vault.renewals.held(made.id)
        moment = ports.clock().replace(microsecond=0)
        ports.vault.note(made.id, checked_at=moment, problem=code)
        assert ports.vault.renewals.save(held, replace(held.connection, town="Lund"), held.secrets)
        after = ports.vault.connection(made.id)
        assert after is not None
        assert (after.town, after.last_checked) == ("Lund", moment)
        assert (after.problem, after.problem_at is not None) == (code, True) if stays else (None, False)


async def test_a_refusal_of_the_old_row_is_not_noted_of_the_new_one(
    server: PracticeServer, path: Path, ports: Ports
) -> None:
    """Its activation key was replaced, and the connection made again, while the old one was being refused."""
    made = connected(server, path, USER)
    held = ports.vault.renewals.held(made.id)
    (fresh,) = live_refresh_tokens(server)
    assert ports.vault.note(made.id, problem="TOKEN-01", version=held.version) is not None
    ports.vault.save(made, replace(held.secrets, refresh_token=Secret(fresh)), replacing=made.id)
    assert ports.vault.note(made.id, problem="TOKEN-01", version=held.version) is None
    after = ports.vault.connection(made.id)
    assert after is not None
    assert after.problem is None


async def test_the_connection_made_again_during_a_refused_renewal_gives_the_token(
    server: PracticeServer, path: Path, ports: Ports
) -> None:
    made = connected(server, path, USER)
    secrets = ports.vault.secrets(made.id)
    server.inject(TOKEN, Fault(status=401, body=b'{"error": "invalid_client"}'))

    def reached(point: str) -> None:
        if point == "begun" and ports.vault.renewals.held(made.id).version == version:
            ports.vault.save(made, secrets, replacing=made.id)

    version = ports.vault.renewals.held(made.id).version
    tokens = Tokens(ports.vault, ports.locks, client=ports.client, clock=ports.clock, reached=reached)
    assert (await tokens.renew_async(made.id)).connection_id == made.id
    after = ports.vault.connection(made.id)
    assert after is not None
    assert after.problem is None
