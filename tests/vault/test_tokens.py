"""A valid token on demand, against practice over real HTTP and with a real vault file."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from assistant.fortnox.account import AccountKind
from assistant.practice.faults import Cut, Fault
from assistant.practice.server import PracticeServer
from assistant.problems import ProblemError
from assistant.secret import Secret
from assistant.vault.connection import REFRESH_TOKEN_LIFE, Connection, Secrets
from tests.vault.at_practice import (
    TENANT,
    TOKEN,
    connected,
    live_refresh_tokens,
    renewals,
    tokens_of,
    vault_at,
)

USER, SERVICE = AccountKind.USER, AccountKind.SERVICE


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer().in_thread() as running:
        yield running
        assert running.crashes == []


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault" / "connections.db"


def opens(server: PracticeServer, token: Secret) -> bool:
    answer = httpx.get(
        server.endpoints["api"] + "/3/companyinformation",
        headers={"Authorization": f"Bearer {token.reveal()}"},
        trust_env=False,
    )
    return answer.status_code == 200


def stored(path: Path, connection: Connection) -> Secrets:
    return vault_at(path).secrets(connection.id)


@pytest.mark.parametrize("account", [USER, SERVICE])
def test_a_token_is_had_and_kept(server: PracticeServer, path: Path, account: AccountKind) -> None:
    connection = connected(server, path, account)
    first = tokens_of(path).access_token(connection.id)
    assert opens(server, first.token)
    assert (first.tenant_id, first.connection_id) == (str(TENANT), connection.id)
    assert first.expires_at is not None
    assert timedelta(minutes=58) < first.expires_at - datetime.now(UTC) <= timedelta(hours=1)
    asked = len(server.log)
    again = tokens_of(path).access_token(connection.id)  # as another process would
    assert again == first
    assert len(server.log) == asked


def test_a_rotation_is_saved_with_the_token(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path)
    before = stored(path, connection).refresh_token
    token = tokens_of(path).access_token(connection.id)
    after = stored(path, connection)
    assert after.refresh_token not in (before, None)
    assert [after.refresh_token and after.refresh_token.reveal()] == live_refresh_tokens(server)
    assert after.access_token == token.token
    kept = vault_at(path).connection(connection.id)
    assert kept is not None
    assert kept.access_expires_at == token.expires_at
    assert kept.valid_until is not None
    assert abs(kept.valid_until - datetime.now(UTC) - REFRESH_TOKEN_LIFE) < timedelta(minutes=1)
    assert vault_at(path).renewals.held(connection.id).begun_at is None


def test_a_service_account_keeps_nothing_that_rotates(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path, SERVICE)
    tokens_of(path).access_token(connection.id)
    assert stored(path, connection).refresh_token is None


@pytest.mark.parametrize("account", [USER, SERVICE])
def test_shortly_before_its_end_it_is_renewed(server: PracticeServer, path: Path, account: AccountKind) -> None:
    connection = connected(server, path, account)
    now = datetime.now(UTC)
    first = tokens_of(path, clock=lambda: now).access_token(connection.id)
    soon = now + timedelta(hours=1, seconds=-91)
    assert tokens_of(path, clock=lambda: soon).access_token(connection.id) == first
    due = now + timedelta(hours=1, seconds=-89)
    assert tokens_of(path, clock=lambda: due).access_token(connection.id).token != first.token


def test_a_clock_that_was_set_back_is_not_believed(server: PracticeServer, path: Path) -> None:
    """A token of an hour ago would look fresh for as long as the clock is wrong."""
    connection = connected(server, path)
    first = tokens_of(path).access_token(connection.id)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    assert tokens_of(path, clock=lambda: yesterday).access_token(connection.id).token != first.token


def test_a_refused_token_is_replaced_once(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path)
    first = tokens_of(path).access_token(connection.id)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: tokens_of(path).access_token(connection.id, refused=first.token), range(8)))
    assert len({answer.token.reveal() for answer in answers}) == 1
    assert answers[0].token != first.token
    assert renewals(server) == 2


def test_renew_renews_whatever_is_at_hand(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path)
    first = tokens_of(path).renew(connection.id)
    assert tokens_of(path).renew(connection.id).token != first.token
    assert renewals(server) == 2


def test_fifty_threads_renew_once(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path)
    tokens = tokens_of(path)
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: tokens.access_token(connection.id), range(50)))
    assert len({answer.token.reveal() for answer in answers}) == 1
    assert renewals(server) == 1


def test_fifty_tasks_renew_once(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path)
    tokens = tokens_of(path)

    async def all_ask() -> set[str]:
        asked = (tokens.access_token_async(connection.id) for _ in range(50))
        return {answer.token.reveal() for answer in await asyncio.gather(*asked)}

    assert len(asyncio.run(all_ask())) == 1
    assert renewals(server) == 1


def test_a_cancelled_task_stops_no_renewal(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path)
    begun = threading.Event()
    tokens = tokens_of(path, reached=lambda point: begun.set() if point == "begun" else None)
    server.inject(TOKEN, Fault(delay=0.3, handled=True))

    async def give_up() -> None:
        task = asyncio.create_task(tokens.access_token_async(connection.id))
        assert await asyncio.to_thread(begun.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(give_up())
    tokens_of(path).access_token(connection.id)  # waits for the one under way
    assert renewals(server) == 1
    (alive,) = live_refresh_tokens(server)
    assert stored(path, connection).refresh_token == Secret(alive)


def test_within_a_running_loop_the_sync_form_works_too(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path)

    async def blocking() -> Secret:
        return tokens_of(path).access_token(connection.id).token

    assert opens(server, asyncio.run(blocking()))


@pytest.mark.parametrize("handled", [True, False])
def test_a_lost_answer_is_asked_for_once_more(server: PracticeServer, path: Path, handled: bool) -> None:
    """Where the first request had arrived, the only new token is gone with its answer; where not, nothing is lost."""
    connection = connected(server, path)
    server.inject(TOKEN, Fault(cut=Cut.NO_ANSWER, handled=handled))
    if not handled:
        assert opens(server, tokens_of(path).access_token(connection.id).token)
        return
    with pytest.raises(ProblemError) as refused:
        tokens_of(path).access_token(connection.id)
    assert refused.value.occurrence.code == "TOKEN-11"
    assert dict(refused.value.occurrence.details)["Answer before"] == "lost"
    kept = vault_at(path).connection(connection.id)
    assert kept is not None
    assert kept.problem == "TOKEN-11"
    assert len([entry for entry in server.log if entry.path == TOKEN]) == 2


def test_two_lost_answers_leave_it_open(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path)
    before = stored(path, connection)
    server.inject(TOKEN, Fault(cut=Cut.NO_ANSWER), Fault(cut=Cut.NO_ANSWER))
    with pytest.raises(ProblemError) as failed:
        tokens_of(path).access_token(connection.id)
    assert failed.value.occurrence.code == "NET-08"
    assert stored(path, connection) == before
    assert vault_at(path).renewals.held(connection.id).begun_at is not None
    assert opens(server, tokens_of(path).access_token(connection.id).token)
    assert vault_at(path).renewals.held(connection.id).begun_at is None


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(status=503), "NET-06"),
        (Fault(status=429), "TOKEN-13"),
        (Fault(status=200, body=b"<html>", content_type="text/html"), "TOKEN-03"),
    ],
)
def test_what_passes_leaves_everything_as_it_was(server: PracticeServer, path: Path, fault: Fault, code: str) -> None:
    connection = connected(server, path)
    before = stored(path, connection)
    server.inject(TOKEN, fault)
    with pytest.raises(ProblemError) as failed:
        tokens_of(path).access_token(connection.id)
    assert failed.value.occurrence.code == code
    assert stored(path, connection) == before
    kept = vault_at(path).connection(connection.id)
    assert kept is not None
    assert kept.problem is None
    unread = code == "TOKEN-03"  # nobody knows what Fortnox did with the request
    assert (vault_at(path).renewals.held(connection.id).begun_at is not None) is unread
    assert opens(server, tokens_of(path).access_token(connection.id).token)


def test_no_network_keeps_everything(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path)
    before = stored(path, connection)
    server.inject(TOKEN, Fault(cut=Cut.NO_ANSWER))
    dead = "http://127.0.0.1:9"
    vault = vault_at(path)
    from dataclasses import replace

    gone = replace(connection, endpoints=replace(connection.endpoints, token=dead))
    vault.save(gone, before, replacing=connection.id)
    with pytest.raises(ProblemError) as failed:
        tokens_of(path).access_token(connection.id)
    assert failed.value.occurrence.code == "NET-02"
    assert stored(path, connection) == before
    held = vault_at(path).renewals.held(connection.id)
    assert (held.begun_at, held.connection.problem) == (None, None)


def test_a_dead_refresh_token_means_connecting_again(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path)
    (alive,) = live_refresh_tokens(server)
    server.run.ledger.revoke(alive, client_id=connection.client_id)
    with pytest.raises(ProblemError) as refused:
        tokens_of(path).access_token(connection.id)
    assert refused.value.occurrence.code == "TOKEN-11"
    assert "Answer before" not in dict(refused.value.occurrence.details)
    kept = vault_at(path).connection(connection.id)
    assert kept is not None
    assert (kept.problem, kept.problem_at is not None) == ("TOKEN-11", True)


def test_a_token_that_somebody_else_renewed_is_read_again(server: PracticeServer, path: Path) -> None:
    """A vault on a network disk: another computer has renewed, with a lock that is not seen here."""
    connection = connected(server, path)
    elsewhere: list[Secret] = []

    def other(point: str) -> None:
        if point == "begun" and not elsewhere:
            held = vault_at(path).renewals.held(connection.id)
            assert held.secrets.refresh_token is not None
            answer = server.run.ledger.renew(held.secrets.refresh_token.reveal(), client_id=connection.client_id)
            assert answer.refresh_token is not None
            elsewhere.append(Secret(answer.refresh_token))
            assert vault_at(path).renewals.save(held, held.connection, Secrets(refresh_token=elsewhere[0]))

    token = tokens_of(path, reached=other).access_token(connection.id)
    assert opens(server, token.token)
    assert stored(path, connection).refresh_token not in (None, elsewhere[0])


def test_a_connection_made_again_meanwhile_is_not_written_over(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path)
    fresh = Secrets(refresh_token=Secret("of-the-new-sign-in"), access_token=Secret("fresh"))

    def reconnect(point: str) -> None:
        if point == "saving":
            again = vault_at(path).connection(connection.id)
            assert again is not None
            from dataclasses import replace

            ends = datetime.now(UTC) + timedelta(hours=1)
            vault_at(path).save(replace(again, access_expires_at=ends), fresh, replacing=connection.id)

    assert tokens_of(path, reached=reconnect).access_token(connection.id).token == Secret("fresh")
    assert stored(path, connection) == fresh


def test_a_connection_removed_meanwhile_stays_removed(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path)

    def remove(point: str) -> None:
        if point == "saving":
            vault_at(path).remove(connection.id)

    with pytest.raises(ProblemError) as gone:
        tokens_of(path, reached=remove).access_token(connection.id)
    assert gone.value.occurrence.code == "STORE-16"
    assert vault_at(path).connections() == ()
    assert live_refresh_tokens(server) == [], "what the renewal brought was handed back"


@pytest.mark.provokes("STORE-19", "STORE-20")
def test_which_connection_is_meant_is_asked_where_several_fit(server: PracticeServer, path: Path) -> None:
    service = connected(server, path, SERVICE)
    user = connected(server, path, USER)
    tokens = tokens_of(path)
    assert tokens.choose() == tokens.choose(tenant_id=str(TENANT)) == service, "it belongs to no person"
    assert tokens.choose(account=USER) == user
    connected(server, path, SERVICE, tenant_id=1_100_025)
    with pytest.raises(ProblemError) as several:
        tokens.choose()
    assert several.value.occurrence.code == "STORE-19"
    assert tokens.choose(tenant_id="1100025").tenant_id == "1100025"
    with pytest.raises(ProblemError) as none:
        tokens.choose(tenant_id="7")
    assert none.value.occurrence.code == "STORE-20"


def test_three_hundred_tasks_need_few_threads(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path)
    server.inject(TOKEN, Fault(delay=0.5, handled=True))
    tokens = tokens_of(path)
    before, most = threading.active_count(), 0

    async def one() -> str:
        return (await tokens.access_token_async(connection.id)).token.reveal()

    async def all_ask() -> set[str]:
        nonlocal most
        asked = [asyncio.create_task(one()) for _ in range(300)]
        asked[0].cancel()
        while not asked[-1].done():
            most = max(most, threading.active_count())
            await asyncio.sleep(0.01)
        assert asked[0].cancelled()
        return set(await asyncio.gather(*asked[1:]))

    assert len(asyncio.run(all_ask())) == 1
    assert renewals(server) == 1
    assert most - before < 10, "one thread for all of them, and those of the server"
