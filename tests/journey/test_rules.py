"""The table of the journey by examples: one or more for each of its rows, and none without an example."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from assistant.fortnox.account import AccountKind
from assistant.fortnox.tokens import TokenAnswer
from assistant.integration import SecretSource, WayBack
from assistant.journey import Check, Event, Existing, Held, Journey, Notice, Step, Wish, begin, events, step, wishes
from assistant.journey import table as rows
from assistant.journey.rules import CLOSING_SECONDS, NOT_SPENT, OWN_BROWSER_SECONDS
from assistant.journey.state import Awaiting
from assistant.problems import CATALOGUE, Way, occurrence
from assistant.secret import Secret
from tests.journey import honest

PAGES = tuple(each for each in Step if each not in (Step.CLOSING, Step.CLOSED))
OTHER = Existing(id="f" * 32, account=AccountKind.USER, tenant_id="1000001", company_name="Björk & Ek")
SERVICE, USER = AccountKind.SERVICE, AccountKind.USER
NAMES = ("Björk & Ek", "Ek AB")


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


def own_browser(way: WayBack) -> Journey:
    """The second attempt, in the person's own browser, with its request drawn."""
    state = at(Step.SIGN_IN, integration=honest.integration(way_back=way))
    state, wished = step(state, events.OwnBrowserAsked())
    ready = honest.answer(honest.wished(wished, wishes.PrepareSignIn))
    assert ready is not None
    return step(state, ready)[0]


def answer(state: Journey) -> events.Redirected:
    """The answer the attempt of `state` waits for."""
    assert state.authorization is not None
    return events.Redirected(attempt=state.attempt, address=honest.redirect(state.authorization))


def replied(state: Journey, query: str) -> Secret:
    """An answer with `query` and the right `state`."""
    assert state.authorization is not None
    return Secret(f"{state.authorization.redirect_uri}?{query}&state={state.authorization.state.reveal()}")


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
    problem, lost = occurrence("NET-02"), occurrence("TOKEN-17")
    found: list[Example] = []

    def add(before: Journey, event: Event, to: Step, *asks: type[Wish], **more: object) -> None:
        found.append(Example(before=before, event=event, to=to, asks=asks, **more))  # type: ignore[arg-type]

    one_kind = honest.integration(accounts=(SERVICE,))
    asking = honest.integration(source=SecretSource.ASK)

    # What may come on every page.
    for page in PAGES:
        here = at(page)
        listed = events.ConnectionsListed(existing=(OTHER,), companies=NAMES)
        add(here, listed, page, also=lambda state: (state.existing, state.companies) == ((OTHER,), NAMES))
        counted = replace(here, revoking=2)
        add(counted, events.Revoked(attempt=9), page, also=lambda state: state.revoking == 1)
        add(
            replace(here, revoking=1, refused_attempt=3),
            events.Revoked(attempt=3, occurrence=lost),
            page,
            also=lambda state: (
                (state.notice, state.refused_attempt, state.left_behind) == (Notice.NOT_HANDED_BACK, None, lost)
            ),
        )
        add(
            replace(here, revoking=1, left_behind=lost),
            events.Revoked(attempt=9),
            page,
            also=lambda state: state.left_behind is lost,  # it still has to be removed
        )
        late = events.TokensReceived(attempt=0, tokens=honest.tokens())
        add(here, late, page, wishes.Revoke, also=lambda state: state.revoking == 1)
        add(here, honest.unusable(0), page, wishes.Revoke, also=lambda state: state.revoking == 1)
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
    add(exchange, events.StartOver(), Step.SIGN_IN, wishes.UnlockKeychain, wishes.PrepareSignIn, says="nothing held")
    add(
        company,
        events.StartOver(),
        Step.SIGN_IN,
        wishes.Revoke,
        wishes.UnlockKeychain,
        wishes.PrepareSignIn,
        also=lambda state: state.held is None and state.attempt == 2,
    )
    add(exchange, events.CheckFailed(attempt=1, occurrence=problem), Step.CHECKING, says="nothing is held yet")

    # The person's own browser.
    anew_wishes = (wishes.EndSignIn, wishes.UnlockKeychain, wishes.PrepareSignIn)
    sign_in = at(Step.SIGN_IN)
    inside = {way: at(Step.SIGN_IN, integration=honest.integration(way_back=way)) for way in WayBack}
    to_own, to_window = events.OwnBrowserAsked(), events.WindowBrowserAsked()
    for way, here in inside.items():
        add(here, to_own, Step.SIGN_IN, *anew_wishes, also=lambda s, w=way: (s.attempt, s.own_browser) == (2, w))
        add(here, to_window, Step.SIGN_IN, says="it is there already")
    add(sign_in, to_own, Step.SIGN_IN, says="it cannot work with this integration")
    listening, pasting = own_browser(WayBack.LISTENER), own_browser(WayBack.PASTE)
    opened = (wishes.OpenOwnBrowser, wishes.LimitOwnBrowser)
    for each in (listening, pasting):
        add(each, to_own, Step.SIGN_IN, says="it is there already")
        add(each, to_window, Step.SIGN_IN, *anew_wishes, also=lambda s: s.attempt == 3 and s.own_browser is None)
        add(each, events.StartOver(), Step.SIGN_IN, *anew_wishes, also=lambda s: s.attempt == 3 and s.own_browser)
        add(each, events.OpenAgainAsked(), Step.SIGN_IN, wishes.OpenOwnBrowser)
        ready = events.AuthorizationReady(attempt=2, request=each.authorization)
        asked = (wishes.Listen,) if each is listening else opened
        add(replace(each, authorization=None), ready, Step.SIGN_IN, *asked)
        add(each, events.NothingCameBack(attempt=1), Step.SIGN_IN, says="of an older attempt")
        timed_out = events.NothingCameBack(attempt=2)
        add(each, timed_out, Step.PROBLEM, wishes.EndSignIn, also=lambda s: s.problem.code == "OWN-03")
        unopened = events.OwnBrowserFailed(attempt=2, occurrence=occurrence("OWN-04"))
        add(each, unopened, Step.SIGN_IN, also=lambda s: s.aside.code == "OWN-04" and s.authorization)
        add(each, replace(unopened, attempt=1), Step.SIGN_IN, says="of an older attempt")
        add(each, answer(each), Step.CHECKING, wishes.EndSignIn, wishes.ExchangeCode)
        refused_there = events.Redirected(attempt=2, address=replied(each, "error=access_denied"))
        add(each, refused_there, Step.PROBLEM, wishes.EndSignIn, also=lambda s: s.problem.code == "AUTH-01")
        for foreign in ("code=x&state=y", "code=x", "error=access_denied", "", "state=y", "code=x&code=y"):
            stray = Secret(f"{each.integration.redirect_uri.text}?{foreign}")
            add(each, events.Redirected(attempt=2, address=stray), Step.SIGN_IN, says="anyone may call there")
    add(listening, events.Listening(attempt=2), Step.SIGN_IN, *opened)
    add(listening, events.Listening(attempt=1), Step.SIGN_IN, says="of an older attempt")
    add(sign_in, events.Listening(attempt=1), Step.SIGN_IN, says="nobody was to listen")
    add(sign_in, events.OpenAgainAsked(), Step.SIGN_IN, says="it is inside the window")
    add(sign_in, events.NothingCameBack(attempt=1), Step.SIGN_IN, says="nobody has a limit inside the window")
    add(sign_in, events.OwnBrowserFailed(attempt=1, occurrence=problem), Step.SIGN_IN, says="it is inside the window")
    pasted = events.AddressPasted(address=answer(pasting).address)
    add(pasting, pasted, Step.CHECKING, wishes.EndSignIn, wishes.ExchangeCode)
    add(listening, events.AddressPasted(address=answer(listening).address), Step.SIGN_IN, says="there is no field")
    add(sign_in, pasted, Step.SIGN_IN, says="there is no field")
    for text, code in (
        ("https://lagerkoll.example/activation?code=x&state=old", "OWN-06"),
        ("https://lagerkoll.example/activation", "OWN-06"),
        ("https://apps.fortnox.se/oauth-v1/auth?code=x", "OWN-05"),
        ("not an address", "OWN-05"),
        ("", "OWN-05"),
    ):
        wrong = events.AddressPasted(address=Secret(text))
        add(pasting, wrong, Step.SIGN_IN, also=lambda s, c=code: s.aside.code == c and s.authorization)
    taken = step(listening, events.SignInStopped(attempt=2, occurrence=occurrence("OWN-01", port="4242")))[0]
    begun = (wishes.UnlockKeychain, wishes.PrepareSignIn)
    add(taken, events.WayChosen(way=Way.TRY_AGAIN), Step.SIGN_IN, *begun, also=lambda s: s.own_browser)
    add(taken, events.WayChosen(way=Way.WINDOW_BROWSER), Step.SIGN_IN, *begun, also=lambda s: s.own_browser is None)

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
    late = events.StoreFailed(attempt=1, occurrence=occurrence("STORE-17"))
    add(saving, late, Step.PROBLEM, also=lambda s: s.held is None and s.failed is not None, says="it may be stored")
    unknown = step(saving, late)[0]
    add(unknown, events.Leave(), Step.CLOSED, wishes.HideWindow, wishes.Quit, says="what may be stored stays valid")
    add(unknown, events.WayChosen(way=Way.TRY_AGAIN), Step.SAVING, wishes.Store)
    asked_again = step(unknown, events.WayChosen(way=Way.TRY_AGAIN))[0]
    add(asked_again, answer_of(saving), Step.DONE, wishes.ListConnections, also=lambda state: state.granted)
    add(asked_again, full, Step.PROBLEM, also=lambda state: state.held is not None, says="now it is known")
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
    keyless = step(saving, events.StoreFailed(attempt=1, occurrence=occurrence("STORE-05")))[0]
    aside = events.WayChosen(way=Way.SET_ASIDE)
    add(failed, aside, Step.PROBLEM, says="not offered")
    add(keyless, aside, Step.PROBLEM, wishes.SetAside, also=lambda state: state.held is not None)
    asked = step(keyless, aside)[0]
    add(asked, aside, Step.PROBLEM, says="it is being done")
    done = events.OldSetAside(attempt=1, kept="connections 2026-11-23 12.30.15.db")
    known = replace(asked, existing=(OTHER,), companies=("Björk & Ek",))
    add(known, done, Step.SAVING, wishes.Store, also=lambda state: (state.kept, state.companies) == (done.kept, ()))
    needless = events.OldSetAside(attempt=1, kept=None)
    add(known, needless, Step.SAVING, wishes.Store, also=lambda state: state.companies and state.kept is None)
    add(keyless, done, Step.PROBLEM, says="nobody asked")
    busy = events.SetAsideFailed(attempt=1, occurrence=occurrence("STORE-14"))
    add(
        asked,
        busy,
        Step.PROBLEM,
        also=lambda state: (state.problem is busy.occurrence, state.failed) == (True, saving.pending),
    )
    add(asked, events.SetAsideFailed(attempt=7, occurrence=problem), Step.PROBLEM, says="of an older attempt")
    add(asked, events.Back(), Step.CONFIRM, also=lambda state: state.pending is None)
    locked_out = step(at(Step.SIGN_IN), events.KeychainRefused(attempt=1, occurrence=occurrence("STORE-13")))[0]
    add(step(locked_out, aside)[0], done, Step.SIGN_IN, wishes.UnlockKeychain, wishes.PrepareSignIn)
    help_asked = events.HelpAsked(occurrence=occurrence("STORE-05"))
    add(at(Step.WELCOME), help_asked, Step.PROBLEM)
    unusable = step(at(Step.WELCOME), help_asked)[0]
    add(step(unusable, aside)[0], replace(done, attempt=0), Step.WELCOME, wishes.ListConnections)
    add(unusable, events.Back(), Step.WELCOME)
    stopped = at(Step.PROBLEM, problem="TOKEN-02")
    anew = events.WayChosen(way=Way.SIGN_IN_AGAIN)
    add(stopped, anew, Step.SIGN_IN, wishes.UnlockKeychain, wishes.PrepareSignIn)
    closed = events.WayChosen(way=Way.CLOSE)
    crashed = step(sign_in, events.SignInStopped(attempt=1, occurrence=occurrence("WEB-02")))[0]
    other = events.WayChosen(way=Way.OWN_BROWSER)
    add(crashed, other, Step.PROBLEM, says="it cannot work with this integration")
    for way in WayBack:
        able = replace(crashed, integration=honest.integration(way_back=way))
        add(able, other, Step.SIGN_IN, *begun, also=lambda s, w=way: s.own_browser is w)
    denied = replace(stopped, own_browser=WayBack.LISTENER)
    add(denied, anew, Step.SIGN_IN, *begun, also=lambda s: s.own_browser is WayBack.LISTENER)
    add(stopped, closed, Step.CLOSED, wishes.HideWindow, wishes.Quit)
    wrong_key = replace(at(Step.PROBLEM, problem="TOKEN-02"), problem=occurrence("TOKEN-01"))
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
    spoiled = honest.unusable(exchange.attempt)
    add(leaving, spoiled, Step.CLOSING, wishes.Revoke, also=lambda state: state.awaiting is None)
    add(
        exchange,
        spoiled,
        Step.PROBLEM,
        wishes.Revoke,
        also=lambda state: state.problem is spoiled.occurrence and state.failed is None and state.revoking == 1,
    )
    nothing = events.ExchangeFailed(attempt=1, occurrence=problem)
    add(leaving, nothing, Step.CLOSED, wishes.Quit)
    add(replace(leaving, attempt=2), nothing, Step.CLOSING, says="of an older attempt")
    revoking = step(seen, events.Leave())[0]
    add(revoking, events.Revoked(attempt=1), Step.CLOSED, wishes.Quit)
    add(replace(revoking, revoking=2), events.Revoked(attempt=1), Step.CLOSING)
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
        if step(one.before, one.event) != (one.before, ())
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


@pytest.mark.parametrize("way", WayBack)
def test_the_persons_own_browser_has_ten_minutes(way: WayBack) -> None:
    here = own_browser(way)
    event: Event = events.Listening(attempt=2)
    if way is WayBack.PASTE:
        assert here.authorization is not None
        here, event = (
            replace(here, authorization=None),
            events.AuthorizationReady(attempt=2, request=here.authorization),
        )
    limit = honest.wished(step(here, event)[1], wishes.LimitOwnBrowser)
    assert isinstance(limit, wishes.LimitOwnBrowser)
    assert limit.seconds == OWN_BROWSER_SECONDS == 600.0


def test_switching_makes_the_older_state_void() -> None:
    inside = at(Step.SIGN_IN, integration=honest.integration(way_back=WayBack.LISTENER))
    older = answer(inside)
    outside = own_browser(WayBack.LISTENER)
    oldest = answer(outside)
    assert step(outside, older) == (outside, ())
    assert step(outside, replace(older, attempt=2)) == (outside, ()), "even under the number of the new attempt"
    back, _ = step(outside, events.WindowBrowserAsked())
    ready = honest.answer(
        wishes.PrepareSignIn(attempt=3, integration=back.integration, account=back.account, scopes=back.scopes)
    )
    assert ready is not None
    back, _ = step(back, ready)
    assert step(back, oldest) == (back, ())


def test_not_my_company_goes_on_inside_the_window() -> None:
    """The person's own browser may remember the company, and choose it again without asking."""
    here = at(Step.CONFIRM, own_browser=WayBack.LISTENER)
    assert step(here, events.Refused())[0].own_browser is None


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


AGAIN = Existing(
    id="a" * 32,
    account=AccountKind.SERVICE,
    tenant_id="1000001",
    company_name="Björk & Ek Inredning AB",
    organisation_number="556677-8899",
    scopes=("order", "article"),
)


def made_again(tenant_id: str = "1000001", account: AccountKind = AccountKind.SERVICE) -> tuple[Journey, Wish]:
    """A connection made again up to the company that was approved, and the wish that then came last."""
    state, _ = begin(honest.integration(), client_secret=Secret("s"), reconnecting=replace(AGAIN, account=account))
    state, wished = honest.steps(state, events.Continue())
    assert state.step is Step.SIGN_IN
    prepare = honest.wished(wished, wishes.PrepareSignIn)
    assert isinstance(prepare, wishes.PrepareSignIn)
    assert prepare.account is account
    assert prepare.scopes == ("companyinformation", "profile", "article", "order"), "never fewer than before"
    for kind in (wishes.PrepareSignIn, wishes.ShowSignIn, wishes.ExchangeCode):
        found = honest.answer(honest.wished(wished, kind))
        assert found is not None
        state, wished = step(state, found)
    assert isinstance(state.pending, wishes.ReadCompany)
    state, wished = step(state, events.CompanyRead(attempt=state.attempt, company=honest.company(tenant_id)))
    return state, wished[-1]


def test_made_again_it_replaces_exactly_that_connection() -> None:
    state, _ = made_again(account=AccountKind.USER)
    for event in (
        events.PersonRead(attempt=state.attempt, person=honest.person("another")),
        events.MatchingFound(attempt=state.attempt),
        events.Confirmed(),
    ):
        state, wished = step(state, event)
    store = honest.wished(wished, wishes.Store)
    assert isinstance(store, wishes.Store)
    assert store.replacing == AGAIN.id
    assert state.new_scopes == ("companyinformation", "profile")


def test_the_wrong_company_leaves_the_connection_alone_and_names_both() -> None:
    state, wish = made_again("2")
    assert state.problem is not None
    assert state.problem.code == "CHECK-12"
    assert AGAIN.company_name in state.problem.facts["right"]
    assert isinstance(wish, wishes.Revoke)
    again, _ = step(state, events.WayChosen(way=Way.SIGN_IN_AGAIN))
    assert (again.step, again.reconnecting) == (Step.SIGN_IN, state.reconnecting)


def test_a_consent_that_another_connection_stands_on_is_not_handed_back() -> None:
    """The wrong company has a service account here: revoking might end it."""
    wrong = replace(AGAIN, id="b" * 32, tenant_id="2")
    state, _ = begin(honest.integration(), client_secret=Secret("s"), reconnecting=AGAIN)
    state, wished = honest.steps(state, events.ConnectionsListed(existing=(AGAIN, wrong)), events.Continue())
    for kind in (wishes.PrepareSignIn, wishes.ShowSignIn, wishes.ExchangeCode):
        found = honest.answer(honest.wished(wished, kind))
        assert found is not None
        state, wished = step(state, found)
    state, wished = step(state, events.CompanyRead(attempt=state.attempt, company=honest.company("2")))
    assert state.problem is not None
    assert state.problem.code == "CHECK-12"
    assert (state.held, wished) == (None, ())


RELAYED = TokenAnswer(
    access_token=Secret("access"),
    refresh_token=Secret("refresh"),
    scopes=honest.SCOPES,
    expires_in=3600,
    connection_credential=Secret("credential"),
)


def with_tokens_held(*existing: Existing, company: bool, tokens: TokenAnswer | None = None) -> Journey:
    """A service account's tokens are held; whether the company was read."""
    state = at(Step.CONFIRM if company else Step.CHECKING)
    held = Held(tokens=tokens or honest.tokens(), scopes=honest.SCOPES)
    read = honest.company() if company else None
    pending = None if company else wishes.ReadCompany(attempt=state.attempt, tokens=held.tokens, scopes=held.scopes)
    attempts = frozenset({state.attempt})
    return replace(
        state, account=SERVICE, held=held, company=read, pending=pending, existing=existing, service_attempts=attempts
    )


SAME = Existing(id="c" * 32, account=SERVICE, tenant_id="1000001", company_name="Björk & Ek")


def test_an_access_of_a_company_nobody_has_read_is_let_be_where_a_service_account_is_connected() -> None:
    for existing, lets_be in (((SAME,), True), ((replace(SAME, tenant_id="9"),), True), ((OTHER,), False), ((), False)):
        assert (OTHER.account, SERVICE) == (AccountKind.USER, AccountKind.SERVICE)
        before = with_tokens_held(*existing, company=False)
        ends = (
            events.CheckFailed(attempt=before.attempt, occurrence=occurrence("AUTH-02")),
            events.StartOver(),
            events.Leave(),
        )
        for event in ends:
            state, wished = step(before, event)
            revoked = [wish for wish in wished if isinstance(wish, wishes.Revoke)]
            assert (revoked == []) is lets_be
            assert (state.left_behind is not None) is lets_be
            assert state.held is None
        late = events.TokensReceived(attempt=before.attempt, tokens=honest.tokens())
        over = replace(before, held=None, attempt=before.attempt + 1, account=AccountKind.USER)
        state, wished = step(over, late)
        assert (wished == ()) is lets_be
        assert (state.left_behind is not None) is lets_be
    again = replace(with_tokens_held(company=False), reconnecting=SAME)
    state, wished = step(again, events.StartOver())
    assert not [wish for wish in wished if isinstance(wish, wishes.Revoke)], "before the list has come"


def test_what_the_relay_gave_out_is_handed_back_though_the_consent_is_shared() -> None:
    before = with_tokens_held(SAME, company=True, tokens=RELAYED)
    state, wished = step(before, events.Refused())
    wish = honest.wished(wished, wishes.Revoke)
    assert isinstance(wish, wishes.Revoke)
    assert (wish.consent_is_shared, wish.tokens) == (True, RELAYED)
    assert state.revoking == 1
    state, _ = step(state, events.Revoked(attempt=before.attempt))
    assert (state.revoking, state.notice) == (0, Notice.NOT_HANDED_BACK)


def test_not_my_company_says_that_a_shared_consent_was_let_be() -> None:
    state, wished = step(with_tokens_held(SAME, company=True), events.Refused())
    assert not [wish for wish in wished if isinstance(wish, wishes.Revoke)]
    assert (state.step, state.notice, state.refused_attempt) == (Step.SIGN_IN, Notice.NOT_HANDED_BACK, None)
    assert state.left_behind is not None
    assert state.left_behind.code == "TOKEN-24"


def test_tokens_that_are_let_be_hold_up_no_closing() -> None:
    waiting = replace(at(Step.CHECKING), account=SERVICE, existing=(SAME,), service_attempts=frozenset({3}), attempt=3)
    state, _ = step(waiting, events.Leave())
    assert state.awaiting is not None
    state, wished = step(state, events.TokensReceived(attempt=3, tokens=honest.tokens()))
    assert (state.step, wished) == (Step.CLOSED, (wishes.Quit(),))


def test_another_kind_of_account_is_no_longer_that_connection_made_again() -> None:
    state, _ = made_again()
    state, _ = step(state, events.CheckFailed(attempt=state.attempt, occurrence=occurrence("AUTH-02")))
    state, _ = step(state, events.WayChosen(way=Way.USE_USER_ACCOUNT))
    assert (state.account, state.reconnecting) == (AccountKind.USER, None)
