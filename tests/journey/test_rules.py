"""The table of the journey by examples: one or more for each of its rows, and none without an example."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from assistant.fortnox.account import AccountKind
from assistant.integration import SecretSource
from assistant.journey import Check, Event, Existing, Held, Journey, Notice, Step, Wish, begin, events, step, wishes
from assistant.journey import table as rows
from assistant.journey.rules import CLOSING_SECONDS, NOT_SPENT
from assistant.journey.state import Awaiting
from assistant.problems import CATALOGUE, Way, occurrence
from assistant.secret import Secret
from tests.journey import honest

PAGES = tuple(each for each in Step if each not in (Step.CLOSING, Step.CLOSED))
OTHER = Existing(id="f" * 32, account=AccountKind.USER, tenant_id="1000001", company_name="Björk & Ek")
SERVICE, USER = AccountKind.SERVICE, AccountKind.USER


def at(wanted: Step, *, account: AccountKind = SERVICE, problem: str = "NET-02", **changes: object) -> Journey:
    """A state that stands at `wanted`, reached as a person in an honest world reaches it."""
    state, out = begin(honest.integration(), client_secret=Secret("secret"))
    waiting = list(out)
    while state.step is not wanted and not (wanted is Step.PROBLEM and state.pending):
        if wanted in (Step.CLOSING, Step.CLOSED) and state.step is Step.CHECKING:
            state, _ = step(state, events.Leave())
            if wanted is Step.CLOSED:
                state, _ = step(state, events.TimeIsUp())
            break
        if wanted is Step.SIGN_IN or not waiting:
            event: Event | None = events.Continue()
            if state.step is Step.ACCOUNT and state.account is not account:
                event = events.AccountChosen(account=account)
            if state.step is Step.CONFIRM:
                event = events.Confirmed()
            assert event is not None
            state, out = step(state, event)
        else:
            event = honest.answer(waiting.pop(0))
            state, out = step(state, event) if event else (state, ())
        waiting += out
    if wanted is Step.SIGN_IN:
        prepare = next(wish for wish in waiting if isinstance(wish, wishes.PrepareSignIn))
        state, _ = step(state, honest.answer(prepare) or events.Back())
    if wanted is Step.PROBLEM:
        failed = events.ExchangeFailed(attempt=state.attempt, occurrence=occurrence(problem))
        state, _ = step(state, failed)
    assert state.step is wanted
    return replace(state, **changes)  # type: ignore[arg-type]


def holding(wanted: Step, **changes: object) -> Journey:
    """`at` that state, with tokens in hand."""
    tokens = honest.tokens()
    state = at(wanted, held=Held(tokens=tokens, scopes=honest.SCOPES), company=honest.company())
    return replace(state, **changes)  # type: ignore[arg-type]


def waiting_for(wish: type[Wish], **changes: object) -> Journey:
    """The checking or saving state in which the answer to `wish` is out."""
    account = SERVICE if wish is wishes.ProveService else USER
    state = at(Step.SIGN_IN, account=account)
    assert state.authorization is not None
    address = honest.redirect(state.authorization)
    state, _ = step(state, events.Redirected(attempt=state.attempt, address=address))
    while not isinstance(state.pending, wish):
        event: Event | None = events.Confirmed()
        if state.step is Step.CHECKING:
            assert state.pending is not None
            event = honest.answer(state.pending)
        assert event is not None
        state, _ = step(state, event)
    return replace(state, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class Example:
    """`event` in `before` leads to `to` and asks for exactly `asks`, and `also` holds of the new state."""

    before: Journey
    event: Event
    to: Step
    asks: tuple[type[Wish], ...] = ()
    also: Callable[[Journey], object] = lambda state: True
    says: str = ""


def answer_of(state: Journey) -> Event:
    assert state.pending is not None
    found = honest.answer(state.pending)
    assert found is not None
    return found


def examples() -> list[Example]:
    problem = occurrence("NET-02")
    found: list[Example] = []

    def add(before: Journey, event: Event, to: Step, *asks: type[Wish], **more: object) -> None:
        found.append(Example(before=before, event=event, to=to, asks=asks, **more))  # type: ignore[arg-type]

    one_kind = honest.integration(accounts=(SERVICE,))
    asking = honest.integration(source=SecretSource.ASK)

    # What may come on every page.
    for page in PAGES:
        here = at(page)
        listed = events.ConnectionsListed(existing=(OTHER,))
        add(here, listed, page, also=lambda state: state.existing == (OTHER,))
        counted = replace(here, revoking=2)
        add(counted, events.Revoked(attempt=9, done=True), page, also=lambda state: state.revoking == 1)
        add(
            replace(here, revoking=1, refused_attempt=3),
            events.Revoked(attempt=3, done=False),
            page,
            also=lambda state: state.notice is Notice.NOT_HANDED_BACK and state.refused_attempt is None,
        )
        late = events.TokensReceived(attempt=0, tokens=honest.tokens())
        add(here, late, page, wishes.Revoke, also=lambda state: state.revoking == 1)
    for page in (Step.WELCOME, Step.ACCOUNT, Step.PERMISSIONS, Step.DONE):
        add(at(page), events.Leave(), Step.CLOSED, wishes.HideWindow, wishes.Quit)
    add(at(Step.SIGN_IN), events.Leave(), Step.CLOSED, wishes.EndSignIn, wishes.HideWindow, wishes.Quit)
    add(
        waiting_for(wishes.ExchangeCode),
        events.Leave(),
        Step.CLOSING,
        wishes.HideWindow,
        wishes.SetDeadline,
        also=lambda state: state.awaiting is Awaiting.TOKENS,
        says="the answer to the exchange may still bring tokens",
    )
    for held in (waiting_for(wishes.ReadCompany), at(Step.CONFIRM), holding(Step.PROBLEM)):
        add(
            held,
            events.Leave(),
            Step.CLOSING,
            wishes.Revoke,
            wishes.HideWindow,
            wishes.SetDeadline,
            also=lambda state: state.held is None,
        )
    add(
        at(Step.SAVING),
        events.Leave(),
        Step.CLOSING,
        wishes.HideWindow,
        also=lambda state: state.awaiting is Awaiting.STORE and state.held is not None,
        says="the yes was said",
    )

    # Welcome, account, permissions.
    unread = events.ListingFailed(occurrence=occurrence("STORE-08"))
    for page in (Step.WELCOME, Step.ACCOUNT, Step.PERMISSIONS):
        add(at(page), unread, Step.PROBLEM, also=lambda state, page=page: state.stopped_at is page)
    add(at(Step.SIGN_IN), unread, Step.PROBLEM, wishes.EndSignIn)
    add(at(Step.WELCOME), events.Continue(), Step.ACCOUNT, wishes.ListConnections)
    add(at(Step.WELCOME, integration=one_kind), events.Continue(), Step.PERMISSIONS, wishes.ListConnections)
    add(
        at(Step.ACCOUNT),
        events.AccountChosen(account=USER),
        Step.ACCOUNT,
        also=lambda state: state.account is USER,
    )
    add(
        at(Step.ACCOUNT, integration=one_kind),
        events.AccountChosen(account=USER),
        Step.ACCOUNT,
        also=lambda state: state.account is SERVICE,
        says="not offered",
    )
    add(at(Step.ACCOUNT), events.Continue(), Step.PERMISSIONS)
    add(at(Step.ACCOUNT), events.Back(), Step.WELCOME)
    entered = events.SecretEntered(client_secret=Secret("a key"))
    add(at(Step.PERMISSIONS), entered, Step.PERMISSIONS, also=lambda state: state.client_secret == Secret("a key"))
    emptied = events.SecretEntered(client_secret=Secret(""))
    add(at(Step.PERMISSIONS), emptied, Step.PERMISSIONS, also=lambda state: state.client_secret is None)
    add(
        at(Step.PERMISSIONS),
        events.Continue(),
        Step.SIGN_IN,
        wishes.UnlockKeychain,
        wishes.PrepareSignIn,
        also=lambda state: state.attempt == 1,
    )
    keyless = at(Step.PERMISSIONS, integration=asking, client_secret=None)
    add(keyless, events.Continue(), Step.PERMISSIONS, says="the activation key is missing")
    add(at(Step.PERMISSIONS), events.Back(), Step.ACCOUNT)
    add(at(Step.PERMISSIONS, integration=one_kind), events.Back(), Step.WELCOME)

    # Sign in.
    shown = at(Step.SIGN_IN)
    assert shown.authorization is not None
    ready = events.AuthorizationReady(attempt=1, request=shown.authorization)
    add(replace(shown, authorization=None), ready, Step.SIGN_IN, wishes.ShowSignIn)
    add(replace(shown, authorization=None, attempt=2), ready, Step.SIGN_IN, says="of an older attempt")
    add(shown, ready, Step.SIGN_IN, says="one request an attempt")
    ours = honest.redirect(shown.authorization)
    taken = events.Redirected(attempt=1, address=ours)
    add(shown, taken, Step.CHECKING, wishes.EndSignIn, wishes.ExchangeCode)
    add(replace(shown, attempt=2), taken, Step.SIGN_IN, says="of an older attempt")
    add(replace(shown, authorization=None), taken, Step.SIGN_IN, says="nothing was shown yet")
    for query, code in (("code=x&state=y", "AUTH-07"), ("code=x", "AUTH-07"), ("error=access_denied", "AUTH-01")):
        foreign = Secret(f"{shown.authorization.redirect_uri}?{query}")
        add(
            shown,
            events.Redirected(attempt=1, address=foreign),
            Step.PROBLEM,
            wishes.EndSignIn,
            also=lambda state, code=code: state.problem.code == code and state.authorization is None,
        )
    for failure in (events.SignInStopped, events.KeychainRefused):
        add(shown, failure(attempt=1, occurrence=problem), Step.PROBLEM, wishes.EndSignIn)
        add(shown, failure(attempt=0, occurrence=problem), Step.SIGN_IN, says="of an older attempt")
    add(
        shown,
        events.StartOver(),
        Step.SIGN_IN,
        wishes.EndSignIn,
        wishes.UnlockKeychain,
        wishes.PrepareSignIn,
        also=lambda state: state.attempt == 2 and state.authorization is None,
    )
    add(shown, events.Back(), Step.PERMISSIONS, wishes.EndSignIn, also=lambda state: state.authorization is None)

    # Checking.
    exchange = waiting_for(wishes.ExchangeCode)
    add(
        exchange,
        answer_of(exchange),
        Step.CHECKING,
        wishes.ReadCompany,
        also=lambda state: Check.ANSWER in state.checks,
    )
    hourly = events.TokensReceived(attempt=1, tokens=honest.tokens(refresh=False))
    add(exchange, hourly, Step.PROBLEM, also=lambda state: state.problem.code == "TOKEN-12" and state.held is None)
    unsaid = events.TokensReceived(attempt=1, tokens=honest.tokens(scopes=None))
    add(exchange, unsaid, Step.CHECKING, wishes.ReadCompany, also=lambda state: state.missing_scopes == ())
    for code in sorted(CATALOGUE):
        if code.startswith(("NET", "TOKEN", "START")):
            again = code in NOT_SPENT and Way.TRY_AGAIN in CATALOGUE[code].ways
            add(
                exchange,
                events.ExchangeFailed(attempt=1, occurrence=occurrence(code)),
                Step.PROBLEM,
                also=lambda state, again=again: (state.failed is not None) is again,
            )
    add(exchange, events.ExchangeFailed(attempt=0, occurrence=problem), Step.CHECKING)
    company = waiting_for(wishes.ReadCompany)
    add(company, answer_of(company), Step.CHECKING, wishes.ReadPerson, also=lambda state: Check.COMPANY in state.checks)
    add(replace(company, account=SERVICE), answer_of(company), Step.CHECKING, wishes.ProveService)
    assert company.held is not None
    nameless = replace(company, held=Held(tokens=company.held.tokens, scopes=("companyinformation",)))
    add(nameless, answer_of(company), Step.CHECKING, wishes.FindMatching)
    add(replace(company, attempt=2), answer_of(company), Step.CHECKING, says="of an older attempt")
    person = waiting_for(wishes.ReadPerson)
    add(
        person,
        answer_of(person),
        Step.CHECKING,
        wishes.FindMatching,
        also=lambda state: state.person.name == "Karin Ek",
    )
    add(company, answer_of(person), Step.CHECKING, says="not asked for")
    proof = waiting_for(wishes.ProveService)
    add(proof, answer_of(proof), Step.CHECKING, wishes.FindMatching, also=lambda state: Check.ACCOUNT in state.checks)
    another = events.ServiceProved(attempt=1, company=honest.company("2"))
    add(proof, another, Step.PROBLEM, wishes.Revoke, also=lambda state: state.problem.code == "CHECK-06")
    matching = waiting_for(wishes.FindMatching)
    alike = events.MatchingFound(attempt=1, choices=(OTHER,))
    add(matching, alike, Step.CONFIRM, also=lambda state: state.choices == (OTHER,) and state.checks == set(Check))
    add(proof, alike, Step.CHECKING, says="a service account is proved first")
    for broken in (company, person, proof, matching):
        add(
            broken,
            events.CheckFailed(attempt=1, occurrence=problem),
            Step.PROBLEM,
            also=lambda state: state.held is not None and state.failed is not None,
        )
        hopeless = events.CheckFailed(attempt=1, occurrence=occurrence("CHECK-02"))
        add(broken, hopeless, Step.PROBLEM, wishes.Revoke, also=lambda state: state.held is None)
    add(exchange, events.CheckFailed(attempt=1, occurrence=problem), Step.CHECKING, says="nothing is held yet")

    # A fault of this program.
    fault = events.Faulted(occurrence=occurrence("START-03"))
    for page in (Step.WELCOME, Step.ACCOUNT, Step.PERMISSIONS):
        add(at(page), fault, Step.PROBLEM, also=lambda state: state.failed == wishes.ListConnections())
    add(at(Step.SIGN_IN), fault, Step.PROBLEM, wishes.EndSignIn, also=lambda state: state.authorization is None)
    add(waiting_for(wishes.ExchangeCode), fault, Step.PROBLEM, also=lambda state: state.pending is None)
    add(holding(Step.CONFIRM), fault, Step.PROBLEM, wishes.Revoke, also=lambda state: state.held is None)

    # Confirm, saving, done.
    seen = at(Step.CONFIRM)
    add(seen, events.Confirmed(), Step.SAVING, wishes.Store)
    chosen = replace(seen, choices=(OTHER,))
    add(chosen, events.Confirmed(), Step.CONFIRM, says="replace or add was not answered")
    add(chosen, events.Confirmed(replacing="unknown"), Step.CONFIRM)
    add(chosen, events.Confirmed(replacing=OTHER.id), Step.SAVING, wishes.Store)
    add(chosen, events.Confirmed(add=True), Step.SAVING, wishes.Store)
    add(
        seen,
        events.Refused(),
        Step.SIGN_IN,
        wishes.Revoke,
        wishes.UnlockKeychain,
        wishes.PrepareSignIn,
        also=lambda state: state.held is None and state.company is None and state.refused_attempt == 1,
    )
    saving = at(Step.SAVING)
    add(saving, answer_of(saving), Step.DONE, wishes.ListConnections, also=lambda state: state.held is None)
    add(saving, events.Stored(attempt=0, connection_id="x"), Step.SAVING, says="of an older attempt")
    full = events.StoreFailed(attempt=1, occurrence=occurrence("STORE-10"))
    add(saving, full, Step.PROBLEM, also=lambda state: state.held is not None and state.failed is not None)
    taken = events.StoreFailed(attempt=1, occurrence=occurrence("STORE-15"))
    add(saving, taken, Step.PROBLEM, also=lambda state: state.held is None, says="another window stored it")
    newer = events.StoreFailed(attempt=1, occurrence=occurrence("STORE-07"))
    add(saving, newer, Step.PROBLEM, wishes.Revoke, also=lambda state: state.held is None)
    done = at(Step.DONE)
    add(replace(done, problem=problem), events.StartPageAsked(), Step.DONE, wishes.OpenStartPage)
    unopened = events.StartPageFailed(occurrence=occurrence("OPEN-01"))
    add(done, unopened, Step.DONE, also=lambda state: state.problem.code == "OPEN-01" and state.connection_id)
    add(
        done,
        events.AnotherAsked(),
        Step.ACCOUNT,
        wishes.ListConnections,
        also=lambda state: state.connection_id is None and state.company is None,
    )

    # Problems.
    failed = step(exchange, events.ExchangeFailed(attempt=1, occurrence=problem))[0]
    again = events.WayChosen(way=Way.TRY_AGAIN)
    add(failed, again, Step.CHECKING, wishes.ExchangeCode, says="the same code, for it never left")
    full_disk = step(saving, full)[0]
    add(full_disk, again, Step.SAVING, wishes.Store)
    add(full_disk, events.Back(), Step.CONFIRM, also=lambda state: state.held is not None)
    add(failed, events.WayChosen(way=Way.BACK), Step.PROBLEM, says="not offered")
    add(failed, events.Back(), Step.PERMISSIONS)
    stopped = at(Step.PROBLEM, problem="TOKEN-02")
    anew = events.WayChosen(way=Way.SIGN_IN_AGAIN)
    add(stopped, anew, Step.SIGN_IN, wishes.UnlockKeychain, wishes.PrepareSignIn)
    closed = events.WayChosen(way=Way.CLOSE)
    add(stopped, closed, Step.CLOSED, wishes.HideWindow, wishes.Quit)
    wrong_key = at(Step.PROBLEM, problem="TOKEN-01")
    key = events.WayChosen(way=Way.ENTER_SECRET)
    add(wrong_key, key, Step.PERMISSIONS)
    add(
        replace(wrong_key, integration=asking),
        key,
        Step.PERMISSIONS,
        also=lambda state: state.client_secret is None and state.lacks_secret,
    )
    refused = at(Step.PROBLEM, problem="TOKEN-08")
    own = events.WayChosen(way=Way.USE_USER_ACCOUNT)
    add(refused, own, Step.ACCOUNT, also=lambda state: state.account is USER)
    add(replace(refused, integration=one_kind), own, Step.PROBLEM, says="the integration offers no user account")

    # Closing.
    leaving = step(exchange, events.Leave())[0]
    add(leaving, answer_of(exchange), Step.CLOSING, wishes.Revoke, also=lambda state: state.awaiting is None)
    nothing = events.ExchangeFailed(attempt=1, occurrence=problem)
    add(leaving, nothing, Step.CLOSED, wishes.Quit)
    add(replace(leaving, attempt=2), nothing, Step.CLOSING, says="of an older attempt")
    revoking = step(seen, events.Leave())[0]
    add(revoking, events.Revoked(attempt=1, done=True), Step.CLOSED, wishes.Quit)
    add(replace(revoking, revoking=2), events.Revoked(attempt=1, done=True), Step.CLOSING)
    add(revoking, events.TimeIsUp(), Step.CLOSED, wishes.Quit, also=lambda state: state.revoking == 0)
    writing = step(saving, events.Leave())[0]
    add(writing, answer_of(saving), Step.CLOSED, wishes.Quit, also=lambda state: state.connection_id)
    add(writing, full, Step.CLOSING, wishes.Revoke, wishes.SetDeadline, also=lambda state: state.held is None)
    add(writing, events.TimeIsUp(), Step.CLOSED, wishes.Quit, also=lambda state: state.held is None)
    return found


EXAMPLES = examples()


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=[f"{one.before.step.value}-{type(one.event).__name__}" for one in EXAMPLES]
)
def test_an_example(example: Example) -> None:
    after, wished = step(example.before, example.event)
    assert after.step is example.to, example.says
    assert tuple(type(wish) for wish in wished) == example.asks, example.says
    assert example.also(after)
    if example.to is example.before.step and not example.asks and example.says:
        assert after is example.before, "what does not fit changes nothing"


def test_every_row_has_an_example_that_does_something() -> None:
    shown = {
        (one.before.step.value, type(one.event).__name__)
        for one in EXAMPLES
        if step(one.before, one.event)[0] != one.before
    }
    assert shown == {(state, event) for state, event, _ in rows()}


def test_every_row_says_what_happens_in_one_sentence() -> None:
    for state, event, what in rows():
        assert what.endswith("."), (state, event)
        assert "|" not in what


def test_whatever_is_not_in_the_table_changes_nothing() -> None:
    listed = {(state, event) for state, event, _ in rows()}
    samples = {type(one.event): one.event for one in EXAMPLES}
    assert set(samples) == {kind for kind in vars(events).values() if is_event(kind)}
    for each in Step:
        here = at(each)
        for kind, event in samples.items():
            if (each.value, kind.__name__) not in listed:
                assert step(here, event) == (here, ())


def is_event(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Event) and kind not in (Event, events.Answer)


def test_closing_takes_as_long_as_was_promised() -> None:
    _, wished = step(at(Step.CONFIRM), events.Leave())
    deadline = honest.wished(wished, wishes.SetDeadline)
    assert isinstance(deadline, wishes.SetDeadline)
    assert deadline.seconds == CLOSING_SECONDS == 5.0


def test_what_is_stored_is_what_was_on_the_page() -> None:
    here = at(Step.CONFIRM, replaced=OTHER)
    _, (store,) = step(here, events.Confirmed(replacing="ignored", add=True))
    assert isinstance(store, wishes.Store)
    assert here.held is not None
    assert (store.company, store.tokens, store.scopes) == (here.company, here.held.tokens, here.held.scopes)
    assert store.replacing == OTHER.id
    _, (store,) = step(replace(here, replaced=None, choices=(OTHER,)), events.Confirmed(add=True))
    assert isinstance(store, wishes.Store)
    assert store.replacing is None


def test_a_remembered_account_counts_only_while_it_is_offered() -> None:
    assert begin(honest.integration(), account=USER)[0].account is USER
    assert begin(honest.integration(accounts=(SERVICE,)), account=USER)[0].account is SERVICE
    assert begin(honest.integration(accounts=(USER, SERVICE)))[0].account is USER


def test_the_problem_page_stands_at_the_step_that_stopped() -> None:
    here = step(at(Step.SIGN_IN), events.SignInStopped(attempt=1, occurrence=occurrence("WEB-02")))[0]
    assert (here.shown_step, here.shown_step.number) == (Step.SIGN_IN, 4)
    assert [each.number for each in Step] == [1, 2, 3, 4, 4, 5, 5, 6, 6, 6, 6]


def test_the_table_in_the_documentation_is_this_one() -> None:
    root = Path(__file__).resolve().parents[2]
    printed = subprocess.run(
        [sys.executable, "-m", "assistant.journey"], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    assert (root / "docs" / "journey.md").read_text(encoding="utf-8") == printed, (
        "run: python -m assistant.journey > docs/journey.md"
    )
    for _, event, what in rows():
        assert f"| `{event}` | {what} |" in printed
