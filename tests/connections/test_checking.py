"""Checking connections over real HTTP against practice, with a real vault file."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.connections.checking import Check, ScopeState, check, check_all
from assistant.connections.health import State, health
from assistant.connections.pace import Pace
from assistant.connections.ports import Ports
from assistant.fortnox.account import AccountKind
from assistant.practice.faults import Fault
from assistant.practice.server import PracticeServer
from assistant.practice.switches import (
    AccessTokenLife,
    ApiRefusal,
    ClientSecret,
    LicenceNoticed,
    Licences,
    OlderAccessTokens,
    ServiceCompany,
    ServiceConsentFound,
    ServiceMe,
    TokenRefusal,
)
from assistant.problems import ProblemError
from tests.connections.ground import clock_of, ports_at, said
from tests.test_effects_keychain import LockedKeychain
from tests.vault.at_practice import connected, population, vault_at

pytestmark = pytest.mark.anyio

USER, SERVICE = AccountKind.USER, AccountKind.SERVICE
COMPANY, ME, SETTINGS = "/3/companyinformation", "/3/me", "/3/settings/company"


@pytest.fixture
def ports(server: PracticeServer, path: Path) -> Ports:
    return ports_at(path, clock=clock_of(server))


def switch(server: PracticeServer, **changes: Any) -> None:
    server.switches = replace(server.switches, **changes)


def asked(server: PracticeServer) -> list[str]:
    return [entry.path for entry in server.log]


def states(found: Check) -> dict[str, ScopeState]:
    return {each.name: each.state for each in found.scopes}


@pytest.mark.parametrize("account", AccountKind)
async def test_it_works(server: PracticeServer, path: Path, ports: Ports, account: AccountKind) -> None:
    made = connected(server, path, account)
    found = await check(ports, made.id)
    assert found.works, found.problem
    assert found.company is not None
    assert found.company.tenant_id == made.tenant_id
    assert states(found) == {"companyinformation": ScopeState.ANSWERS, "article": ScopeState.NOT_CHECKED}
    assert asked(server) == ["/oauth-v1/token", COMPANY]
    stored = ports.vault.connection(made.id)
    assert stored == found.connection
    assert stored is not None
    assert stored.last_checked == found.checked_at
    assert (await check(ports, made.id)).works
    assert asked(server)[2:] == [COMPANY], "the token at hand is used again"


async def test_each_permission_that_has_a_harmless_read_is_read(
    server: PracticeServer, path: Path, ports: Ports
) -> None:
    every = ("companyinformation", "profile", "article", "settings")
    made = connected(server, path, USER)
    _grant(server, path, every)
    found = await check(ports, made.id)
    assert found.works, found.problem
    assert states(found) == {
        "companyinformation": ScopeState.ANSWERS,
        "profile": ScopeState.ANSWERS,
        "article": ScopeState.NOT_CHECKED,
        "settings": ScopeState.ANSWERS,
    }
    assert asked(server)[1:] == [COMPANY, ME, SETTINGS]


async def test_without_company_information_the_settings_say_which_company(
    server: PracticeServer, path: Path, ports: Ports
) -> None:
    made = connected(server, path, USER)
    _grant(server, path, ("settings", "article"))
    found = await check(ports, made.id)
    assert found.works, found.problem
    assert asked(server)[1:] == [SETTINGS]


async def test_what_me_says_of_a_service_account_is_not_asked(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, SERVICE)
    _grant(server, path, ("companyinformation", "profile"))
    switch(server, service_me=ServiceMe.REFUSE)
    found = await check(ports, made.id)
    assert found.works, found.problem
    assert states(found)["profile"] is ScopeState.NOT_CHECKED


@pytest.mark.provokes("CONN-07")
async def test_a_refused_permission_does_not_end_the_check(server: PracticeServer, path: Path, ports: Ports) -> None:
    """The row says that it was granted; Fortnox thinks otherwise."""
    made = connected(server, path, USER)
    _store_granted(path, ("companyinformation", "settings", "profile", "article"))
    found = await check(ports, made.id)
    assert states(found)["settings"] is ScopeState.PERMISSION
    assert states(found)["profile"] is ScopeState.PERMISSION
    assert asked(server)[1:] == [COMPANY, SETTINGS, ME]
    assert found.problem is not None
    assert found.problem.code == found.connection.problem == "CONN-07"
    assert dict(found.problem.details)["Permissions"] == "settings, profile"
    assert found.connection.last_checked == found.checked_at, "the company was read"
    assert found.scopes[1].problem is not None
    assert "–" not in said(found.scopes[1].problem)


async def test_a_missing_licence_is_told_apart(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, USER)
    switch(server, licences=Licences.NO_INTEGRATION, licence_noticed=LicenceNoticed.AT_CALL)
    found = await check(ports, made.id)
    assert found.problem is not None
    assert found.problem.code == found.connection.problem == "CHECK-03"
    assert found.connection.last_checked == made.last_checked
    assert health(found.connection, now=ports.clock()).state is State.PROBLEM
    switch(server, licences=Licences.AS_INVENTED)
    again = await check(ports, made.id)
    assert again.works
    assert again.connection.problem is None


async def test_a_licence_and_an_unknown_refusal_of_one_permission(
    server: PracticeServer, path: Path, ports: Ports
) -> None:
    made = connected(server, path, USER)
    _grant(server, path, ("companyinformation", "settings", "profile"))
    licence = b'{"ErrorInformation":{"error":1,"message":"","code":2001101}}'
    unknown = b'{"ErrorInformation":{"Error":1,"Message":"","Code":2003275}}'
    server.inject(SETTINGS, Fault(status=403, content_type="application/json", body=licence))
    server.inject(ME, Fault(status=403, content_type="application/json", body=unknown))
    found = await check(ports, made.id)
    assert states(found)["settings"] is ScopeState.LICENCE
    assert states(found)["profile"] is ScopeState.REFUSED
    assert found.problem is not None
    assert found.problem.code == "CONN-07"


async def test_a_permission_that_is_not_clear_this_time_keeps_what_was_known(
    server: PracticeServer, path: Path, ports: Ports
) -> None:
    made = connected(server, path, USER)
    _grant(server, path, ("companyinformation", "settings"))
    ports.vault.note(made.id, problem="CONN-07")
    server.inject(SETTINGS, Fault(status=500))
    found = await check(ports, made.id)
    assert states(found)["settings"] is ScopeState.UNCLEAR
    assert found.problem is not None
    assert found.problem.code == "NET-06"
    assert found.connection.last_checked == found.checked_at


@pytest.mark.provokes("CONN-01")
async def test_another_company_answers(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, SERVICE)
    _grant(server, path, ("companyinformation", "settings"))
    switch(server, service_company=ServiceCompany.ANOTHER)
    found = await check(ports, made.id)
    assert found.problem is not None
    assert found.problem.code == found.connection.problem == "CONN-01"
    assert found.scopes == (), "nothing more is asked of a company that is not ours"
    assert found.connection.last_checked == made.last_checked
    assert made.company_name in said(found.problem)


@pytest.mark.provokes("CONN-02")
async def test_the_approval_was_removed_in_fortnox(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, SERVICE)
    switch(server, service_consent=ServiceConsentFound.MISSING)
    found = await check(ports, made.id)
    assert found.problem is not None
    assert found.problem.code == found.connection.problem == "CONN-02"
    assert health(found.connection, now=ports.clock()).state is State.CONNECT_AGAIN


async def test_a_dead_refresh_token(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, USER)
    server.run.ledger.withdraw(client_id=made.client_id, tenant_id=int(made.tenant_id))
    found = await check(ports, made.id)
    assert found.problem is not None
    assert found.problem.code == found.connection.problem == "TOKEN-11"


@pytest.mark.provokes("CONN-03")
async def test_the_activation_key_was_replaced(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, SERVICE)
    switch(server, client_secret=ClientSecret.REPLACED)
    found = await check(ports, made.id)
    assert found.problem is not None
    assert found.problem.code == found.connection.problem == "CONN-03"


@pytest.mark.provokes("CONN-04")
async def test_an_answer_that_is_none(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, SERVICE)
    server.inject(COMPANY, Fault(status=200, content_type="text/html", body=b"<html>Sign in to the hotel</html>"))
    found = await check(ports, made.id)
    assert found.problem is not None
    assert found.problem.code == "CONN-04"
    assert found.connection.problem is None, "it passes by itself"


@pytest.mark.provokes("CONN-05")
async def test_the_token_is_refused_again_and_again(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, SERVICE)
    switch(server, access_token_life=AccessTokenLife.OVER_AT_ONCE)
    found = await check(ports, made.id)
    assert found.problem is not None
    assert found.problem.code == found.connection.problem == "CONN-05"
    assert asked(server) == ["/oauth-v1/token", COMPANY, "/oauth-v1/token", COMPANY]


async def test_a_token_that_died_early_is_replaced(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, SERVICE)
    assert (await check(ports, made.id)).works
    switch(server, older_access_tokens=OlderAccessTokens.DIE)
    server.run.ledger.for_service(client_id=made.client_id, tenant_id=int(made.tenant_id), scopes=None)
    assert (await check(ports, made.id)).works


@pytest.mark.provokes("CONN-06")
@pytest.mark.parametrize("where", ["api", "token"])
async def test_a_refusal_nobody_knows(server: PracticeServer, path: Path, ports: Ports, where: str) -> None:
    made = connected(server, path, SERVICE)
    if where == "api":
        switch(server, api_refusal=ApiRefusal.UNCLEAR)
    else:
        switch(server, refused_service=TokenRefusal.UNHEARD_OF)
    found = await check(ports, made.id)
    assert found.problem is not None
    assert found.problem.code == found.connection.problem == "CONN-06"


@pytest.mark.parametrize("account", AccountKind)
async def test_without_a_network_nothing_is_noted(
    server: PracticeServer, path: Path, ports: Ports, account: AccountKind
) -> None:
    made = connected(server, path, account)
    nowhere = replace(made.endpoints, token="http://127.0.0.1:9/token", api="http://127.0.0.1:9")
    vault_at(path).save(replace(made, endpoints=nowhere), vault_at(path).secrets(made.id))
    found = await check(ports, made.id)
    assert found.problem is not None
    assert found.problem.code == "NET-02"
    assert found.connection == ports.vault.connection(made.id)
    assert found.connection.problem is None


async def test_a_damaged_row_is_noted_and_seen_without_the_key(
    server: PracticeServer, path: Path, ports: Ports
) -> None:
    made = connected(server, path, USER)
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE connection SET sealed = zeroblob(length(sealed))")
        database.commit()
    found = await check(ports, made.id)
    assert found.problem is not None
    assert found.problem.code == found.connection.problem == "STORE-06"
    assert health(found.connection, now=ports.clock()).state is State.DAMAGED


async def test_a_locked_keychain_is_no_result_and_shows_no_box(server: PracticeServer, path: Path) -> None:
    made = connected(server, path, USER)
    keychain = LockedKeychain()
    with pytest.raises(ProblemError) as stopped:
        await check(ports_at(path, keychain=keychain), made.id)
    assert (stopped.value.code, keychain.prompts) == ("STORE-02", 0)
    assert ports_at(path).vault.connection(made.id) == made


async def test_one_that_is_gone(server: PracticeServer, path: Path, ports: Ports) -> None:
    connected(server, path, USER)
    with pytest.raises(ProblemError) as stopped:
        await check(ports, "f" * 32)
    assert stopped.value.code == "STORE-16"


async def test_fortnox_asks_to_wait(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, SERVICE)
    server.inject(COMPANY, Fault(status=429, headers=(("Retry-After", "1"),)))
    begun = time.monotonic()
    found = await check(ports, made.id)
    assert found.works, found.problem
    assert time.monotonic() - begun >= 1
    assert asked(server) == ["/oauth-v1/token", COMPANY, COMPANY]


async def test_a_long_wait_is_told_instead(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = connected(server, path, SERVICE)
    server.inject(COMPANY, Fault(status=429, headers=(("Retry-After", "600"),)))
    found = await check(ports, made.id)
    assert found.problem is not None
    assert found.problem.code == "TOKEN-13"
    assert "10 minutes" in said(found.problem)
    assert found.connection.problem is None


async def test_a_company_is_never_asked_faster_than_it_allows(server: PracticeServer, path: Path, ports: Ports) -> None:
    """Thirty checks of one company, each a call: practice would answer the 26th with 429."""
    made = connected(server, path, SERVICE)
    await check(ports, made.id)
    begun = time.monotonic()
    for _ in range(29):
        assert (await check(ports, made.id)).works
    assert 429 not in [entry.status for entry in server.log]
    assert time.monotonic() - begun >= 4


# ---- several


@pytest.fixture
def companies(server: PracticeServer, path: Path) -> list[str]:
    server.run.population = population(4)
    kinds = (USER, SERVICE)
    return [connected(server, path, kind, tenant_id=2_000_000 + number).id for number in range(4) for kind in kinds]


async def test_all_are_checked_and_one_that_fails_stops_no_other(
    server: PracticeServer, path: Path, ports: Ports, companies: list[str]
) -> None:
    ports.vault.remove(companies[0])
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE connection SET sealed = zeroblob(9) WHERE id = ?", (companies[1],))
        database.commit()
    found: dict[str, Check | None] = {}
    await check_all(ports, companies, found.__setitem__)
    assert sorted(found) == sorted(companies)
    assert found[companies[0]] is None
    works = [each is not None and each.works for each in map(found.__getitem__, companies)]
    assert works == [False, False] + [True] * (len(companies) - 2)


async def test_a_locked_keychain_ends_it(server: PracticeServer, path: Path, companies: list[str]) -> None:
    keychain = LockedKeychain()
    told: list[str] = []
    with pytest.raises(ProblemError) as stopped:
        await check_all(ports_at(path, keychain=keychain), companies, lambda which, _: told.append(which))
    assert (stopped.value.code, told, keychain.prompts) == ("STORE-02", [], 0)


async def test_it_can_be_cancelled_midway(
    server: PracticeServer, path: Path, ports: Ports, companies: list[str]
) -> None:
    first = asyncio.Event()
    told: list[str] = []

    def one(which: str, found: Check | None) -> None:
        told.append(which)
        first.set()

    before = asyncio.all_tasks()
    task = asyncio.create_task(check_all(ports, companies, one, at_once=1))
    await first.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(told) < len(companies)
    assert asyncio.all_tasks() - before == set()
    checked = [each.id for each in ports.vault.connections() if each.last_checked is not None]
    assert set(told) <= set(checked)


async def test_tokens_are_asked_for_at_the_pace_of_the_token_endpoint(
    server: PracticeServer, path: Path, companies: list[str]
) -> None:
    ports = ports_at(path, clock=clock_of(server), token_pace=Pace(1, 0.2))
    begun = time.monotonic()
    await check_all(ports, companies, lambda which, found: None)
    assert time.monotonic() - begun >= 0.2 * (len(companies) - 1)


def _store_granted(path: Path, scopes: tuple[str, ...]) -> None:
    vault = vault_at(path)
    (made,) = vault.connections()
    vault.save(replace(made, scopes_granted=scopes), vault.secrets(made.id))


def _grant(server: PracticeServer, path: Path, scopes: tuple[str, ...]) -> None:
    """What was approved of the only connection, there and here."""
    holdings = server.run.ledger.holdings
    for value, token in holdings.refresh_tokens.items():
        holdings.refresh_tokens[value] = replace(token, authorization=replace(token.authorization, scopes=scopes))
    holdings.consents[:] = [replace(each, scopes=scopes) for each in holdings.consents]
    _store_granted(path, scopes)


@pytest.mark.parametrize("code", ["TOKEN-11", "TOKEN-20", "STORE-18"])
async def test_an_older_access_token_hides_no_dead_refresh_token(
    server: PracticeServer, path: Path, ports: Ports, code: str
) -> None:
    made = connected(server, path, AccountKind.USER)
    await ports.tokens.access_token_async(made.id)
    ports.vault.note(made.id, problem=code)
    found = await check(ports, made.id)
    noted = ports.vault.connection(made.id)
    assert noted is not None
    assert (noted.problem, noted.last_checked) == (code, found.checked_at)
    assert found.problem is not None
    assert found.problem.code == code
    _end_tokens(path)
    assert (await check(ports, made.id)).works, "it has renewed"
    assert ports.vault.connections()[0].problem is None


def _end_tokens(path: Path) -> None:
    """Makes every access token at hand one whose end is near."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE connection SET access_expires_at = connected_at")
        database.commit()
