"""The whole connection against practice over HTTP, without a window: asserted on the server's log and on the vault."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.fortnox.account import AccountKind
from assistant.fortnox.client import Client
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import ClientSecret
from assistant.integration import ClientSecret as ClientSecretSource
from assistant.integration import SecretSource
from assistant.journey import Check, Notice, Step, events
from assistant.practice.faults import Cut, Fault
from assistant.practice.server import PracticeServer
from assistant.practice.switches import Callback, PortalServiceAccounts, Switches
from assistant.problems import Way
from assistant.secret import Secret
from tests.practice.browser import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, Browser
from tests.walking import Person, World, alive, grants, outcomes, practice_integration, visit

pytestmark = pytest.mark.anyio

TOKEN, REVOKE = "/oauth-v1/token", "/oauth-v1/revoke"
COMPANY, ME = "/3/companyinformation", "/3/me"
OTHER_COMPANY = 1_100_025
EXCHANGED = ("authorization_code", "token_issued")
SERVICE = ("client_credentials", "token_issued")


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer().in_thread() as running:
        yield running
        assert running.crashes == []


def world(server: PracticeServer, folder: Path, *visits: tuple[str, ...], **changes: object) -> World:
    return World(practice_integration(server, **changes), folder, Person(*visits))


async def test_a_service_account(server: PracticeServer, tmp_path: Path) -> None:
    async with world(server, tmp_path, visit()).walking() as here:
        state = await here.to_confirm()
        assert state.step is Step.CONFIRM, state.problem
        assert state.company is not None
        assert (state.company.name, state.company.tenant_id) == ("Björkdalens Trävaror AB", "1100017")
        assert state.checks == set(Check)
        assert state.missing_scopes == ()
        assert here.stored == ()
        assert not (tmp_path / "vault.db").exists()

        here.send(events.Confirmed())
        state = await here.until(Step.DONE)
        (stored,) = here.stored
        assert stored.id == state.connection_id
        assert (stored.account, stored.tenant_id, stored.organisation_number) == (
            AccountKind.SERVICE,
            "1100017",
            "559999-0016",
        )
        assert stored.endpoints == here.integration.endpoints
        assert stored.scopes_asked == stored.scopes_granted == here.integration.scopes
        assert stored.valid_until is None
        assert here.vault.secrets(stored.id).refresh_token is None, "nothing that rotates is kept"
        secret = here.vault.client_secret(stored.endpoints.authorize_host, stored.client_id)
        assert secret == here.client_secret
        assert grants(server) == [EXCHANGED, SERVICE]
        assert outcomes(server, COMPANY) == ["ok", "ok"], "read with the exchange's token, then with the account's own"
        assert outcomes(server, ME) == [], "nobody's name is read for a service account"
        assert outcomes(server, REVOKE) == []
        await here.until(Step.DONE, where=lambda state: len(state.existing) == 1)

        here.send(events.StartPageAsked())
        await here.walk_done()
        await here.leave()
        assert here.opened == ["https://lagerkoll.example/login"]
        assert here.hidden == 1
    assert here.state.step is Step.CLOSED
    assert outcomes(server, REVOKE) == [], "what was confirmed is not handed back"


async def test_a_user_account(server: PracticeServer, tmp_path: Path) -> None:
    async with world(server, tmp_path, visit("olle")).walking() as here:
        stored = await here.connect(AccountKind.USER)
        assert (stored.account, stored.person_id, stored.person_name) == (AccountKind.USER, "4002", "Olle Ek")
        assert stored.valid_until is not None
        assert (stored.valid_until - stored.connected_at).days == 45
        kept = here.vault.secrets(stored.id).refresh_token
        assert kept is not None
        assert [kept.reveal()] == server.issued.refresh_tokens
        assert grants(server) == [EXCHANGED]
        assert outcomes(server, ME) == ["ok"]
    assert await alive(server) == [kept.reveal()]


async def test_the_request_says_what_was_chosen(server: PracticeServer, tmp_path: Path) -> None:
    async with world(server, tmp_path, (), ()).walking() as here:
        here.go(AccountKind.SERVICE)
        first = (await here.until(Step.SIGN_IN, where=lambda state: state.authorization is not None)).authorization
        here.send(events.Back(), events.Back(), events.AccountChosen(account=AccountKind.USER))
        here.send(events.Continue(), events.Continue())
        second = here.state.authorization
        assert first is not None
        assert second is not None
        asked = [parse_qs(urlsplit(request.url).query) for request in (first, second)]
        assert [each.get("account_type") for each in asked] == [["service"], None]
        assert asked[0]["state"] != asked[1]["state"]
        assert asked[0]["code_challenge"] != asked[1]["code_challenge"]


@pytest.mark.provokes("AUTH-01")
async def test_declined(server: PracticeServer, tmp_path: Path) -> None:
    async with world(server, tmp_path, visit(last="decline"), visit()).walking() as here:
        state = await here.to_confirm()
        assert state.problem is not None
        assert (state.step, state.problem.code) == (Step.PROBLEM, "AUTH-01")
        assert grants(server) == []
        here.send(events.WayChosen(way=Way.SIGN_IN_AGAIN))
        assert (await here.until(Step.CONFIRM)).attempt == 2
        assert here.person.cookies_at_start == [0, 0]
        assert here.stored == ()


@pytest.mark.provokes("AUTH-02")
async def test_an_ordinary_user_asks_for_a_service_account_and_takes_a_user_account(
    server: PracticeServer, tmp_path: Path
) -> None:
    async with world(server, tmp_path, visit("olle"), visit("olle")).walking() as here:
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == "AUTH-02"
        here.send(events.WayChosen(way=Way.USE_USER_ACCOUNT))
        assert (here.state.step, here.state.account) == (Step.ACCOUNT, AccountKind.USER)
        here.send(events.Continue(), events.Continue())
        await here.until(Step.CONFIRM)
        here.send(events.Confirmed())
        await here.until(Step.DONE)
        assert [each.account for each in here.stored] == [AccountKind.USER]


async def test_not_my_company(server: PracticeServer, tmp_path: Path) -> None:
    async with world(server, tmp_path, visit(), visit(tenant_id=OTHER_COMPANY)).walking() as here:
        await here.to_confirm()
        here.send(events.Refused())
        state = await here.until(Step.CONFIRM, where=lambda state: state.attempt == 2)
        assert state.company is not None
        assert state.company.tenant_id == str(OTHER_COMPANY)
        assert here.person.cookies_at_start == [0, 0]
        assert here.stored == ()
        here.send(events.Confirmed())
        await here.until(Step.DONE)
        assert [each.tenant_id for each in here.stored] == [str(OTHER_COMPANY)]
    assert outcomes(server, REVOKE) == ["revoked"]
    first, second = server.issued.refresh_tokens
    assert await alive(server) == [second], "the first was handed back; a service account's own is only forgotten"
    assert first != second


async def test_after_not_my_company_the_page_says_that_the_access_was_handed_back(
    server: PracticeServer, tmp_path: Path
) -> None:
    async with world(server, tmp_path, visit(), ()).walking() as here:
        await here.to_confirm()
        here.send(events.Refused())
        state = await here.until(Step.SIGN_IN, where=lambda state: state.notice is not None)
        assert (state.notice, state.left_behind) == (Notice.HANDED_BACK, None)
        assert "Revoke" not in dict(here.failures)


NOT_CONFIRMED = {
    "lost": (Fault(cut=Cut.NO_ANSWER), {"Problem": "NET-08", "Host": "127.0.0.1"}),
    "refused": (Fault(status=401, body=b'{"error":"invalid_client"}'), {"Problem": "TOKEN-01", "HTTP status": "401"}),
    "denied": (Fault(status=200, body=b'{"revoked":false}'), {"Revoked": "not confirmed"}),
    "a page": (
        Fault(status=200, body=b"<h1>Guest network</h1>", content_type="text/html"),
        {"Revoked": "not confirmed"},
    ),
}


@pytest.mark.provokes("TOKEN-17")
@pytest.mark.parametrize(("fault", "details"), NOT_CONFIRMED.values(), ids=NOT_CONFIRMED)
async def test_after_not_my_company_the_page_says_that_the_access_could_not_be_handed_back(
    server: PracticeServer, tmp_path: Path, fault: Fault, details: dict[str, str]
) -> None:
    async with world(server, tmp_path, visit(), visit()).walking() as here:
        await here.to_confirm()
        server.inject(REVOKE, fault)
        here.send(events.Refused())
        state = await here.until(Step.SIGN_IN, where=lambda state: state.notice is not None)
        assert state.notice is Notice.NOT_HANDED_BACK
        assert state.left_behind is not None
        assert state.left_behind.code == "TOKEN-17"
        assert details.items() <= dict(state.left_behind.details).items()
        assert "Revoke" in dict(here.failures)
        await here.until(Step.CONFIRM)
        assert here.state.left_behind is state.left_behind, "it is said to the end"


@pytest.mark.provokes("AUTH-05")
async def test_scopes_the_registration_lacks(server: PracticeServer, tmp_path: Path) -> None:
    scopes = ("companyinformation", "salary")
    async with world(server, tmp_path, visit(), scopes=scopes).walking() as here:
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == "AUTH-05"
        assert grants(server) == []


@pytest.mark.provokes("AUTH-03")
async def test_a_licence_is_missing(server: PracticeServer, tmp_path: Path) -> None:
    scopes = ("companyinformation", "invoice", "order")
    async with world(server, tmp_path, visit(tenant_id=1_100_033), visit(), scopes=scopes).walking() as here:
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == "AUTH-03"
        here.send(events.WayChosen(way=Way.BACK))
        assert here.state.step is Step.PERMISSIONS
        here.send(events.Continue())
        assert (await here.until(Step.CONFIRM)).company is not None


@pytest.mark.provokes("CHECK-05")
async def test_less_was_granted_than_asked_for(server: PracticeServer, tmp_path: Path) -> None:
    body = b'{"access_token": "%s", "refresh_token": "r", "token_type": "bearer", "scope": "companyinformation"}'
    async with world(server, tmp_path, visit("olle")).walking() as here:
        server.inject(TOKEN, Fault(status=200, body=body % b"unknown", handled=True))
        state = await here.to_confirm(AccountKind.USER)
        assert state.problem is not None
        assert state.problem.code == "CHECK-05", "the token was nobody's, so the company is not read"
        assert state.held is None


SPOILED: dict[str, tuple[str, dict[str, object]]] = {
    "of another type": ("TOKEN-16", {"access_token": "a", "token_type": "mac"}),
    "without an access token": ("TOKEN-03", {"token_type": "bearer"}),
    "with an absurd scope": ("TOKEN-03", {"access_token": "a", "token_type": "bearer", "scope": {}}),
    "with an error beside it": ("TOKEN-09", {"error": "invalid_scope"}),
}


async def spoil_the_answer(server: PracticeServer, answer: dict[str, object], **how: float) -> None:
    """The next answer of the token endpoint is `answer`, with a refresh token that really holds."""
    with Browser(server.base_url) as browser:
        code = browser.approve_as("anna", 1_100_017)["code"]
    proof = ClientSecret(CLIENT_ID, Secret(CLIENT_SECRET))
    async with Client(Endpoints(**server.endpoints), proof, proxy=lambda _: None) as client:
        tokens = await client.exchange_code(Secret(code), REDIRECT_URI, None)
    assert tokens.refresh_token is not None
    body = json.dumps({"refresh_token": tokens.refresh_token.reveal(), **answer}).encode()
    server.inject(TOKEN, Fault(status=200, body=body, **how))  # type: ignore[arg-type]


@pytest.mark.parametrize(("code", "answer"), SPOILED.values(), ids=SPOILED)
async def test_what_came_with_an_answer_that_cannot_be_used_is_handed_back(
    server: PracticeServer, tmp_path: Path, code: str, answer: dict[str, object]
) -> None:
    await spoil_the_answer(server, answer)
    async with world(server, tmp_path, visit()).walking() as here:
        state = await here.to_confirm()
        assert state.problem is not None
        assert (state.step, state.problem.code) == (Step.PROBLEM, code)
        assert ("ExchangeCode", code) in here.failures
        state = await here.until(Step.PROBLEM, where=lambda state: state.revoking == 0)
        assert (state.held, state.left_behind) == (None, None)
    assert outcomes(server, REVOKE) == ["revoked"]
    assert await alive(server) == []
    assert here.stored == ()


async def test_an_answer_that_cannot_be_used_is_handed_back_after_leaving(
    server: PracticeServer, tmp_path: Path
) -> None:
    await spoil_the_answer(server, {"access_token": "a", "token_type": "mac"}, delay=0.3)
    async with world(server, tmp_path, visit()).walking() as here:
        here.go()
        await here.until(Step.CHECKING)
        await here.leave()
    assert outcomes(server, REVOKE) == ["revoked"]
    assert await alive(server) == []


@pytest.mark.provokes("TOKEN-08")
async def test_the_service_consent_is_not_there(server: PracticeServer, tmp_path: Path) -> None:
    """Only a token of the service account proves the connection: there is no silent fallback."""
    async with world(server, tmp_path, visit()).walking() as here:
        refused = Fault(status=400, body=b'{"error": "unauthorized_client"}')
        server.inject(TOKEN, Fault(delay=0.001), refused)
        state = await here.to_confirm()
        assert state.problem is not None
        assert (state.step, state.problem.code) == (Step.PROBLEM, "TOKEN-08")
        assert here.stored == ()
        await here.until(Step.PROBLEM, where=lambda state: state.revoking == 0)
        assert state.held is None
        here.send(events.Confirmed())
        assert here.state.step is Step.PROBLEM
    assert outcomes(server, REVOKE) == ["revoked"]
    assert await alive(server) == []
    assert here.stored == ()


@pytest.mark.provokes("AUTH-06")
async def test_service_accounts_are_off_in_the_portal(server: PracticeServer, tmp_path: Path) -> None:
    server.switches = Switches(portal_service_accounts=PortalServiceAccounts.OFF)
    async with world(server, tmp_path, visit()).walking() as here:
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == "AUTH-06"


@pytest.mark.provokes("AUTH-08")
async def test_nothing_comes_back_with_the_redirect(server: PracticeServer, tmp_path: Path) -> None:
    server.switches = Switches(callback=Callback.EMPTY)
    async with world(server, tmp_path, visit()).walking() as here:
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == "AUTH-08"
        assert grants(server) == []


@pytest.mark.provokes("AUTH-07")
async def test_a_code_with_another_state_is_never_exchanged(server: PracticeServer, tmp_path: Path) -> None:
    async with world(server, tmp_path, visit(), visit()).walking() as here:
        here.person.tamper = lambda address: address.replace("state=", "state=x")
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == "AUTH-07"
        assert grants(server) == []
        here.person.tamper = lambda address: address
        here.send(events.WayChosen(way=Way.SIGN_IN_AGAIN))
        await here.until(Step.CONFIRM)


async def test_the_same_company_again_takes_the_place_of_the_first(server: PracticeServer, tmp_path: Path) -> None:
    async with world(server, tmp_path, visit(), visit()).walking() as here:
        first = await here.connect()
        here.send(events.AnotherAsked(), events.Continue(), events.Continue())
        state = await here.until(Step.CONFIRM)
        assert state.replaced is not None
        assert state.replaced.id == first.id
        here.send(events.Confirmed())
        await here.until(Step.DONE)
        (again,) = here.stored
        assert again.id == first.id
        assert again.connected_at > first.connected_at


async def test_another_company_and_a_user_stand_beside_a_service_account(
    server: PracticeServer, tmp_path: Path
) -> None:
    here = world(server, tmp_path, visit(), visit(tenant_id=OTHER_COMPANY), visit(), visit("olle"))
    async with here.walking():
        for account in (AccountKind.SERVICE, AccountKind.SERVICE, AccountKind.USER, AccountKind.USER):
            if here.state.step is Step.DONE:
                here.send(events.AnotherAsked(), events.AccountChosen(account=account))
                here.send(events.Continue(), events.Continue())
            else:
                here.go(account)
            state = await here.until(Step.CONFIRM)
            assert (state.replaced, state.choices) == (None, ())
            here.send(events.Confirmed())
            await here.until(Step.DONE)
        await here.until(Step.DONE, where=lambda state: len(state.existing) == 4)
        assert [(each.tenant_id, each.person_name) for each in here.stored] == [
            ("1100017", None),
            (str(OTHER_COMPANY), None),
            ("1100017", "Anna Björkdal"),
            ("1100017", "Olle Ek"),
        ]


@pytest.mark.parametrize("add", [False, True], ids=["replace", "add"])
async def test_without_the_permission_profile_the_person_decides(
    server: PracticeServer, tmp_path: Path, add: bool
) -> None:
    scopes = ("companyinformation", "article")
    async with world(server, tmp_path, visit(), visit("olle"), scopes=scopes).walking() as here:
        first = await here.connect(AccountKind.USER)
        assert first.person_id is None
        here.send(events.AnotherAsked(), events.Continue(), events.Continue())
        state = await here.until(Step.CONFIRM)
        assert state.replaced is None
        assert [choice.id for choice in state.choices] == [first.id]
        here.send(events.Confirmed())
        here.send(events.Confirmed(replacing="somebody else's"))
        assert here.state.step is Step.CONFIRM, "nothing is guessed"
        here.send(events.Confirmed(add=True) if add else events.Confirmed(replacing=first.id))
        await here.until(Step.DONE)
        assert outcomes(server, ME) == []
        stored = {each.id for each in here.stored}
        assert first.id in stored
        assert len(stored) == (2 if add else 1)
        newest = here.vault.secrets(here.state.connection_id or "").refresh_token
        assert newest is not None
        assert newest.reveal() == server.issued.refresh_tokens[-1]


# Leaving.


async def step_of(here: World, step: Step, account: AccountKind) -> None:
    if step is Step.WELCOME:
        return
    here.send(events.Continue())
    if step is Step.ACCOUNT:
        return
    here.send(events.AccountChosen(account=account), events.Continue())
    if step is Step.PERMISSIONS:
        return
    here.send(events.Continue())
    await here.until(step)


@pytest.mark.parametrize("account", AccountKind)
@pytest.mark.parametrize(
    "step", [Step.WELCOME, Step.ACCOUNT, Step.PERMISSIONS, Step.SIGN_IN, Step.CHECKING, Step.CONFIRM]
)
async def test_leaving_leaves_nothing(server: PracticeServer, tmp_path: Path, step: Step, account: AccountKind) -> None:
    here = world(server, tmp_path, () if step is Step.SIGN_IN else visit())
    async with here.walking():
        if step is Step.CHECKING:
            server.inject(TOKEN, Fault(delay=0.3))  # the answer comes after the person has left
        await step_of(here, step, account)
        assert here.state.step is step
        await here.leave()
        assert here.state.step is Step.CLOSED
        assert here.hidden == 1
    assert here.state.held is None
    assert here.stored == ()
    assert not (tmp_path / "vault.db").exists()
    obtained = step in (Step.CHECKING, Step.CONFIRM)
    assert outcomes(server, REVOKE) == (["revoked"] if obtained else [])
    assert len(server.issued.refresh_tokens) == int(obtained)
    assert await alive(server) == []


@pytest.mark.parametrize("path", [COMPANY, ME])
async def test_leaving_while_something_is_read_hands_the_tokens_back(
    server: PracticeServer, tmp_path: Path, path: str
) -> None:
    async with world(server, tmp_path, visit()).walking() as here:
        server.inject(path, Fault(delay=0.5))
        here.go(AccountKind.USER)
        wanted = Check.ANSWER if path == COMPANY else Check.COMPANY
        await here.until(Step.CHECKING, where=lambda state: wanted in state.checks)
        await here.leave()
    assert outcomes(server, REVOKE) == ["revoked"]
    assert await alive(server) == []
    assert here.stored == ()


async def test_leaving_while_it_is_being_saved_keeps_what_was_confirmed(server: PracticeServer, tmp_path: Path) -> None:
    async with world(server, tmp_path, visit()).walking() as here:
        await here.to_confirm(AccountKind.USER)
        here.send(events.Confirmed())
        await here.leave()
        assert [each.tenant_id for each in here.stored] == ["1100017"]
    assert outcomes(server, REVOKE) == []
    assert await alive(server) == server.issued.refresh_tokens[:1]


async def test_leaving_waits_five_seconds_for_the_server_and_no_longer(
    server: PracticeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.journey.rules.CLOSING_SECONDS", 0.2)
    async with world(server, tmp_path, visit()).walking() as here:
        await here.to_confirm()
        server.inject(REVOKE, Fault(delay=30))
        await here.leave()
        assert here.state.held is None
    assert here.stored == ()


# What is lost on the way.


@pytest.mark.provokes("TOKEN-04")
async def test_the_answer_to_the_exchange_is_lost(server: PracticeServer, tmp_path: Path) -> None:
    """The code is not tried again, for a server may answer a reused code by revoking."""
    async with world(server, tmp_path, visit(), visit()).walking() as here:
        server.inject(TOKEN, Fault(cut=Cut.NO_ANSWER, handled=True))
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == "TOKEN-04"
        here.send(events.WayChosen(way=Way.TRY_AGAIN))
        assert here.state.step is Step.PROBLEM, "not offered"
        here.send(events.WayChosen(way=Way.SIGN_IN_AGAIN))
        await here.until(Step.CONFIRM)
        assert [grant for grant, _ in grants(server)].count("authorization_code") == 2
        assert len(server.issued.codes) == 2


SERVICE_CALLS = ["exchange", "company", "proof"]
USER_CALLS = ["exchange", "company", "person"]


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("account", AccountKind)
async def test_the_network_is_down_and_trying_again_goes_on_with_what_was_had(
    server: PracticeServer, tmp_path: Path, account: AccountKind, number: int
) -> None:
    here = world(server, tmp_path, visit())
    here.down = {number, number + 1}
    async with here.walking():
        state = await here.to_confirm(account)
        for _ in range(2):
            assert state.step is Step.PROBLEM
            assert state.problem is not None
            assert state.problem.code.startswith("NET-")
            assert state.problem.problem.ways[0] is Way.TRY_AGAIN
            assert here.stored == ()
            here.send(events.WayChosen(way=Way.TRY_AGAIN))
            state = await here.until(Step.PROBLEM, Step.CONFIRM)
        assert state.step is Step.CONFIRM
        assert state.attempt == 1, "nobody signs in twice for a cable that came loose"
        here.send(events.Confirmed())
        await here.until(Step.DONE)
        assert len(here.stored) == 1
    assert grants(server) == ([EXCHANGED, SERVICE] if account is AccountKind.SERVICE else [EXCHANGED])
    assert outcomes(server, REVOKE) == []


@pytest.mark.parametrize("way", ["leave", "back"])
async def test_giving_up_when_the_network_is_down_hands_back_what_was_held(
    server: PracticeServer, tmp_path: Path, way: str
) -> None:
    here = world(server, tmp_path, visit())
    here.down = {1}
    async with here.walking():
        state = await here.to_confirm()
        assert state.held is not None
        if way == "back":
            here.send(events.Back())
            assert here.state.step is Step.PERMISSIONS
            await here.until(Step.PERMISSIONS, where=lambda state: state.revoking == 0)
        await here.leave()
    assert outcomes(server, REVOKE) == ["revoked"]
    assert await alive(server) == []
    assert here.stored == ()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(cut=Cut.NO_ANSWER), "NET-08"),
        (Fault(cut=Cut.MIDWAY), "NET-08"),
        (Fault(status=503), "NET-06"),
        (Fault(status=429), "TOKEN-13"),
        (Fault(status=200, body=b"<html>"), "CHECK-01"),
    ],
    ids=["cut", "half", "503", "429", "not JSON"],
)
@pytest.mark.provokes(argument="code")
async def test_the_company_cannot_be_read_once(server: PracticeServer, tmp_path: Path, fault: Fault, code: str) -> None:
    async with world(server, tmp_path, visit()).walking() as here:
        server.inject(COMPANY, fault)
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == code
        here.send(events.WayChosen(way=Way.TRY_AGAIN))
        state = await here.until(Step.CONFIRM, Step.PROBLEM)
        assert state.step is Step.CONFIRM
        assert state.attempt == 1
    assert [grant for grant, _ in grants(server)].count("authorization_code") == 1


async def test_a_code_that_was_turned_away_is_sent_again(server: PracticeServer, tmp_path: Path) -> None:
    """429 means that nothing was done with the code: nobody signs in twice because Fortnox was busy."""
    async with world(server, tmp_path, visit()).walking() as here:
        server.inject(TOKEN, Fault(status=429))
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == "TOKEN-13"
        here.send(events.WayChosen(way=Way.TRY_AGAIN))
        state = await here.until(Step.CONFIRM, Step.PROBLEM)
        assert state.step is Step.CONFIRM
        assert state.attempt == 1


@pytest.mark.provokes("CHECK-06")
async def test_the_service_account_opens_another_company(server: PracticeServer, tmp_path: Path) -> None:
    body = b'{"CompanyInformation": {"CompanyName": "Somebody Else", "DatabaseNumber": 7}}'
    async with world(server, tmp_path, visit()).walking() as here:
        server.inject(COMPANY, Fault(delay=0.001), Fault(status=200, body=body))
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == "CHECK-06"
        await here.until(Step.PROBLEM, where=lambda state: state.revoking == 0)
    assert outcomes(server, REVOKE) == ["revoked"]
    assert here.stored == ()


@pytest.mark.provokes("TOKEN-12")
async def test_without_a_refresh_token_a_user_account_is_not_stored(server: PracticeServer, tmp_path: Path) -> None:
    async with world(server, tmp_path, visit()).walking() as here:
        body = b'{"access_token": "a", "token_type": "bearer"}'
        server.inject(TOKEN, Fault(status=200, body=body))
        state = await here.to_confirm(AccountKind.USER)
        assert state.problem is not None
        assert state.problem.code == "TOKEN-12"
        assert here.stored == ()


@pytest.mark.provokes("OPEN-01")
async def test_the_start_page_does_not_open(server: PracticeServer, tmp_path: Path) -> None:
    here = world(server, tmp_path, visit())
    here.opens = False
    async with here.walking():
        await here.connect()
        here.send(events.StartPageAsked())
        state = await here.until(Step.DONE, where=lambda state: state.problem is not None)
        assert state.problem is not None
        assert state.problem.code == "OPEN-01"
        assert len(here.stored) == 1
        here.opens = True
        here.send(events.StartPageAsked())
        assert here.state.problem is None


@pytest.mark.provokes("STORE-08")
async def test_a_vault_that_cannot_be_read_stops_before_the_person_signs_in(
    server: PracticeServer, tmp_path: Path
) -> None:
    (tmp_path / "vault.db").write_bytes(b"this is no database" * 200)
    async with world(server, tmp_path, visit()).walking() as here:
        state = await here.until(Step.PROBLEM)
        assert state.problem is not None
        assert (state.problem.code, state.stopped_at) == ("STORE-08", Step.WELCOME)
        (tmp_path / "vault.db").unlink()
        here.send(events.WayChosen(way=Way.TRY_AGAIN))
        assert here.state.step is Step.WELCOME
        await here.connect()


@pytest.mark.provokes("START-03")
async def test_a_disk_that_refuses_once(
    server: PracticeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(server, tmp_path, visit()).walking() as here:
        await here.to_confirm(AccountKind.USER)
        real, refused = here.vault.save, []

        def save(*arguments: object, **named: object) -> object:
            if not refused:
                refused.append(True)
                raise sqlite3.OperationalError("nobody planned this canary")
            return real(*arguments, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(here.vault, "save", save)
        here.send(events.Confirmed())
        state = await here.until(Step.PROBLEM)
        assert state.problem is not None
        assert (state.problem.code, state.stopped_at) == ("START-03", Step.SAVING)
        assert "canary" not in repr(state)
        assert dict(state.problem.details)["fault"] == "OperationalError"
        assert state.held is not None
        here.send(events.Back())
        assert here.state.step is Step.CONFIRM, "the yes can be thought over"
        here.send(events.Confirmed())
        await here.until(Step.DONE)
        assert len(here.stored) == 1
    assert outcomes(server, REVOKE) == []


# Pressing twice, and too late.


async def test_everything_pressed_twice_happens_once(server: PracticeServer, tmp_path: Path) -> None:
    async with world(server, tmp_path, visit()).walking() as here:
        here.go()
        here.send(events.Continue(), events.Continue())
        await here.until(Step.CONFIRM)
        here.send(events.Confirmed(), events.Confirmed(), events.Refused())
        await here.until(Step.DONE)
        assert len(here.stored) == 1
        here.send(events.Leave(), events.Leave())
        await here.walk.ended.wait()
        assert here.hidden == 1
    assert grants(server) == [EXCHANGED, SERVICE]
    assert outcomes(server, REVOKE) == []


async def test_starting_over_voids_the_first_sign_in(server: PracticeServer, tmp_path: Path) -> None:
    async with world(server, tmp_path, (), visit()).walking() as here:
        here.go()
        await here.until(Step.SIGN_IN, where=lambda state: state.authorization is not None)
        here.send(events.StartOver())
        state = await here.until(Step.CONFIRM)
        assert state.attempt == 2
        assert len(here.person.redirects) == 1
    assert len(server.issued.codes) == 1


HOUR = (("Retry-After", "3600"),)


@pytest.mark.provokes(argument="code")
@pytest.mark.parametrize(("wait", "code"), [("30", "TOKEN-13"), ("3600", "TOKEN-19")])
async def test_a_wait_that_the_code_does_not_outlive_promises_no_going_on(
    server: PracticeServer, tmp_path: Path, wait: str, code: str
) -> None:
    async with world(server, tmp_path, visit(), visit()).walking() as here:
        server.inject(TOKEN, Fault(status=429, headers=(("Retry-After", wait),)))
        if code == "TOKEN-13":
            server.inject(TOKEN, Fault(status=429, headers=HOUR))
        state = await here.to_confirm()
        assert state.problem is not None
        assert (state.problem.code, state.problem.facts["seconds"]) == (code, wait)
        if code == "TOKEN-13":
            here.send(events.WayChosen(way=Way.TRY_AGAIN))
            state = await here.until(Step.PROBLEM)
            assert state.problem is not None
            assert state.problem.code == "TOKEN-19", "the code was kept once, and now it is not"
        here.send(events.WayChosen(way=Way.SIGN_IN_AGAIN))
        assert (await here.until(Step.CONFIRM)).attempt == 2


@pytest.mark.provokes(argument="code")
@pytest.mark.parametrize(("source", "code"), [(SecretSource.ASK, "TOKEN-01"), (SecretSource.FILE, "TOKEN-18")])
async def test_only_who_was_asked_for_a_key_is_asked_for_it_again(
    server: PracticeServer, tmp_path: Path, source: SecretSource, code: str
) -> None:
    server.inject(TOKEN, Fault(status=401, body=b'{"error":"invalid_client"}'))
    async with world(server, tmp_path, visit(), client_secret=ClientSecretSource(source=source)).walking() as here:
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == code
        assert dict(state.problem.details)["HTTP status"] == "401"


@pytest.mark.provokes(argument="code")
@pytest.mark.parametrize(("listing", "code"), [("https://www.fortnox.se/lagerkoll", "AUTH-04"), (None, "AUTH-17")])
async def test_where_it_is_ordered_is_said_only_where_it_is_known(
    tmp_path: Path, listing: str | None, code: str
) -> None:
    with PracticeServer(scenarios=("not-bought",)).in_thread() as running:
        async with world(running, tmp_path, visit(), listing=listing).walking() as here:
            state = await here.to_confirm()
            assert state.problem is not None
            assert state.problem.code == code


@pytest.mark.provokes(argument="code")
@pytest.mark.parametrize(("account", "code"), [(AccountKind.SERVICE, "AUTH-02"), (AccountKind.USER, "AUTH-18")])
async def test_who_asked_in_their_own_name_is_told_of_no_service_account(
    server: PracticeServer, tmp_path: Path, account: AccountKind, code: str
) -> None:
    server.inject(TOKEN, Fault(status=400, body=b'{"error":"error_missing_system_admin_right"}'))
    async with world(server, tmp_path, visit()).walking() as here:
        state = await here.to_confirm(account)
        assert state.problem is not None
        assert state.problem.code == code
        assert (Way.USE_USER_ACCOUNT in state.problem.problem.ways) is (code == "AUTH-02")
