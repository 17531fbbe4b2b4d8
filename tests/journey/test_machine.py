"""No order of events stores what was not confirmed, loses track of tokens, or leads where nothing can be done."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import event as note
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from assistant.fortnox.account import AccountKind
from assistant.integration import SecretSource, WayBack
from assistant.journey import Event, Existing, Journey, Step, Wish, begin, events, step, wishes
from assistant.problems import CATALOGUE, Way, occurrence
from assistant.secret import Secret
from tests.journey import honest

FORWARD_WAYS = (Way.TRY_AGAIN, Way.UNLOCK, Way.SIGN_IN_AGAIN, Way.ENTER_SECRET, Way.USE_USER_ACCOUNT)
codes = st.sampled_from(sorted(CATALOGUE))
lateness = st.sampled_from([0, 0, 0, 0, -1, 1])
kinds = st.sampled_from(AccountKind)
reached: Counter[Step] = Counter()
"""How often the machine came to each step, over all its runs: a check of what it never met is worth nothing."""
SERVICE = Existing(
    id="e" * 32, account=AccountKind.SERVICE, tenant_id="1000001", company_name="Björk & Ek", scopes=("order",)
)
OTHER = Existing(id="f" * 32, account=AccountKind.USER, tenant_id="1000001", company_name="Björk & Ek")


def forward(state: Journey) -> Event:
    """What a person does who wants to be done."""
    match state.step:
        case Step.PERMISSIONS if state.lacks_secret:
            return events.SecretEntered(client_secret=Secret("key"))
        case Step.WELCOME | Step.ACCOUNT | Step.PERMISSIONS:
            return events.Continue()
        case Step.SIGN_IN | Step.CHECKING | Step.SAVING:
            return events.StartOver()
        case Step.CONFIRM:
            return events.Confirmed(add=bool(state.choices))
        case Step.PROBLEM:
            assert state.problem is not None
            for way in FORWARD_WAYS:
                if way in state.problem.problem.ways and step(state, events.WayChosen(way=way))[0] is not state:
                    return events.WayChosen(way=way)
            return events.Back()
        case _:
            raise AssertionError(state.step)


def right(state: Journey) -> str:
    """The tenant id of the company that a willing person chooses."""
    return state.reconnecting.tenant_id if state.reconnecting else "1000001"


def reaches_done(state: Journey, out: list[Wish]) -> bool:
    """Whether a willing person in an honest world gets from here to Done."""
    out = list(out)
    for _ in range(60):
        if state.step is Step.DONE:
            return True
        event = honest.answer(out.pop(0), right(state)) if out else forward(state)
        if event is not None:
            state, wished = step(state, event)
            out += wished
    return False


class JourneyMachine(RuleBasedStateMachine):
    @initialize(
        accounts=st.sampled_from(
            [(AccountKind.SERVICE, AccountKind.USER), (AccountKind.SERVICE,), (AccountKind.USER,)]
        ),
        source=st.sampled_from([SecretSource.FILE, SecretSource.ASK]),
        profile=st.booleans(),
        way_back=st.sampled_from([None, *WayBack]),
        again=st.sampled_from([None, None, "1000001", "2"]),
        listed=st.booleans(),
        depth=st.integers(0, 18),
    )
    def begin(
        self,
        accounts: tuple[AccountKind, ...],
        source: SecretSource,
        profile: bool,
        way_back: WayBack | None,
        again: str | None,
        listed: bool,
        depth: int,
    ) -> None:
        """Somewhere on an honest way, so that the last steps are met as often as the first.

        `again` is the tenant id of a connection that is to be made again; `listed`, whether the company that honest
        answers name has a service account here.
        """
        scopes = honest.SCOPES if profile else ("companyinformation",)
        described = honest.integration(accounts=accounts, source=source, scopes=scopes, way_back=way_back)
        secret = Secret("secret") if source is SecretSource.FILE else None
        before = None if again is None else replace(SERVICE, account=accounts[0], tenant_id=again)
        self.state, wished = begin(described, client_secret=secret, reconnecting=before)
        self.out: list[Wish] = list(wished)
        self.issued: list[str] = []
        self.settled: set[str] = set()  # handed back, stored, or given up at the deadline
        self.yes: set[tuple[str, str]] = set()  # (company, tokens) that were confirmed
        self.stored = False
        self.proved: set[tuple[int, str]] = set()  # (attempt, tenant id) a service account's own token has opened
        self.judged: Journey | None = None
        if listed:
            self.happen(events.ConnectionsListed(existing=(SERVICE,)))
            self.out.clear()
        self.goes_on(depth)

    def happen(self, event: Event) -> None:
        before = self.state
        self.state, wished = step(before, event)
        self.out += wished
        self.attempts_follow(before, wished)
        if self.state.step is not before.step:
            reached[self.state.step] += 1
            note(f"reached {self.state.step.value}")  # for pytest --hypothesis-show-statistics
        if isinstance(event, events.Confirmed) and before.step is Step.CONFIRM and wished:
            assert before.company is not None
            assert before.held is not None
            self.yes.add((before.company.tenant_id, before.held.tokens.access_token.reveal()))
        if isinstance(event, events.ServiceProved) and isinstance(before.pending, wishes.ProveService):
            self.proved.add((event.attempt, event.company.tenant_id))
        if isinstance(event, events.Answer) and event.attempt != before.attempt:
            assert self.state is before or isinstance(
                event, events.TokensReceived | events.TokensUnusable | events.Revoked
            )
        for wish in wished:
            if isinstance(wish, wishes.Revoke) and wish.tokens.refresh_token:
                self.settled.add(wish.tokens.refresh_token.reveal())
            if isinstance(wish, wishes.PrepareSignIn):
                asked = {*self.state.integration.scopes}
                asked |= {*self.state.reconnecting.scopes} if self.state.reconnecting else set()
                assert {*wish.scopes} == asked, "never fewer than before"
            if isinstance(wish, wishes.Store):
                if (wanted := before.reconnecting) is not None:
                    assert (wish.account, wish.company.tenant_id) == (wanted.account, wanted.tenant_id)
                    assert wish.replacing is not None, "made again, not once more"
                assert (wish.company.tenant_id, wish.tokens.access_token.reveal()) in self.yes
                assert before.step in (Step.CONFIRM, Step.PROBLEM)
                if wish.account is AccountKind.SERVICE:
                    assert (wish.attempt, wish.company.tenant_id) in self.proved
            if isinstance(wish, wishes.ExchangeCode) and before.step is Step.PROBLEM:
                assert isinstance(event, events.WayChosen)
        if isinstance(event, events.Stored) and self.state is not before:
            assert isinstance(before.pending, wishes.Store)
            self.stored = True
            if before.pending.tokens.refresh_token:
                self.settled.add(before.pending.tokens.refresh_token.reveal())
        if self.state is not before and isinstance(event, events.StoreFailed):
            assert isinstance(before.pending, wishes.Store)
            code, kept = event.occurrence.code, before.pending.tokens.refresh_token
            # Stored by another window, or perhaps by this one: what revoking would do to the connection is unknown.
            taken = code == "STORE-17" or (code == "STORE-15" and before.account is AccountKind.SERVICE)
            if kept and taken:
                self.settled.add(kept.reveal())
            elif kept and not any(isinstance(wish, wishes.Revoke) for wish in wished):
                self.settled.discard(kept.reveal())
        if before.held is not None and self.state.held is None and (before.shares_consent or self.state.shares_consent):
            # The consent is that of a connection which stands: what revoking would do to it is unknown.
            assert before.account is AccountKind.SERVICE
            assert before.held.tokens.refresh_token is not None
            self.settled.add(before.held.tokens.refresh_token.reveal())
        if isinstance(event, events.TokensReceived | events.TokensUnusable) and before.may_share_consent(event.attempt):
            kept = self.state.held.tokens if self.state.held else None
            assert before.step is Step.CLOSED or kept is event.tokens or self.state.left_behind is not None
            if kept is not event.tokens and event.tokens.refresh_token:
                assert not any(isinstance(wish, wishes.Revoke) and not wish.consent_is_shared for wish in wished)
                self.settled.add(event.tokens.refresh_token.reveal())
        if isinstance(event, events.TimeIsUp) and self.state is not before:
            self.settled.update(self.issued)
        assert before.step is not Step.CLOSED or (self.state is before and not wished)

    def attempts_follow(self, before: Journey, wished: tuple[Wish, ...]) -> None:
        """Another browser is another attempt, and only one browser is asked for at a time."""
        if self.state.own_browser is not before.own_browser:
            assert self.state.attempt == before.attempt + 1
            assert self.state.authorization is None
            assert before.step is not Step.SIGN_IN or any(isinstance(wish, wishes.EndSignIn) for wish in wished)
        for wish in wished:
            if isinstance(wish, wishes.ShowSignIn):
                assert self.state.own_browser is None
            if isinstance(wish, wishes.Listen | wishes.OpenOwnBrowser):
                assert self.state.own_browser is self.state.integration.way_back is not None
            if isinstance(wish, wishes.ExchangeCode) and before.step is Step.SIGN_IN:
                assert before.authorization is not None
                assert wish.request is before.authorization

    # The person, in any order.

    @rule(count=st.integers(1, 6))
    def goes_on(self, count: int) -> None:
        """A willing person in an honest world, for a while."""
        for _ in range(count):
            if self.out:
                self._answer(self.out.pop(0), 0)
            elif self.state.step not in (Step.DONE, Step.CHECKING, Step.SAVING, Step.CLOSING, Step.CLOSED):
                self.happen(forward(self.state))

    @rule(event=st.sampled_from([events.Continue(), events.Continue(), events.Back(), events.StartOver()]))
    def presses(self, event: Event) -> None:
        self.happen(event)

    @rule(
        event=st.sampled_from(
            [events.OwnBrowserAsked(), events.OwnBrowserAsked(), events.WindowBrowserAsked(), events.OpenAgainAsked()]
        )
    )
    def changes_browser(self, event: Event) -> None:
        if self.state.own_browser is not None:
            note(f"own browser: {self.state.own_browser.value}")
        self.happen(event)

    @rule(how=st.sampled_from(["right", "older", "elsewhere"]))
    def pastes_address(self, how: str) -> None:
        before, request = self.state, self.state.authorization
        text = "elsewhere"
        if request is not None:
            text = honest.redirect(request).reveal() + ("x" if how == "older" else "") if how != "elsewhere" else how
        self.happen(events.AddressPasted(address=Secret(text)))
        waits = before.step is Step.SIGN_IN and before.own_browser is WayBack.PASTE and request is not None
        assert (self.state.step is not before.step) == (waits and how == "right")

    @rule(account=kinds)
    def chooses(self, account: AccountKind) -> None:
        self.happen(events.AccountChosen(account=account))

    @rule(key=st.sampled_from(["", "key"]))
    def pastes(self, key: str) -> None:
        self.happen(events.SecretEntered(client_secret=Secret(key)))

    @rule(add=st.booleans(), replacing=st.sampled_from([None, OTHER.id, "unknown"]))
    def says_yes(self, add: bool, replacing: str | None) -> None:
        self.happen(events.Confirmed(add=add, replacing=replacing))

    @rule(event=st.sampled_from([events.Refused(), events.StartPageAsked(), events.AnotherAsked()]))
    def asks(self, event: Event) -> None:
        self.happen(event)

    @rule(way=st.sampled_from(Way))
    def takes_way(self, way: Way) -> None:
        self.happen(events.WayChosen(way=way))

    @rule(sure=st.integers(0, 9))
    def leaves(self, sure: int) -> None:
        """Seldom, so that walks grow long; oftener where there is something to hand back or to wait for."""
        if sure == 0 or (sure < 5 and self.state.step in (Step.CHECKING, Step.CONFIRM, Step.SAVING)):
            self.happen(events.Leave())

    # The world: honest answers, twice as often as anything else, in any order and possibly repeated.

    @precondition(lambda self: self.out)
    @rule(data=st.data(), keep=st.booleans(), late=lateness)
    def answers(self, data: st.DataObject, keep: bool, late: int) -> None:
        index = data.draw(st.integers(0, len(self.out) - 1))
        wish = self.out[index] if keep or late else self.out.pop(index)  # a stranger's number answers nothing
        self._answer(wish, late)

    @precondition(lambda self: self.out)
    @rule()
    def answers_first(self) -> None:
        self._answer(self.out.pop(0), 0)

    def _answer(self, wish: Wish, late: int) -> None:
        event = honest.answer(wish, right(self.state))
        if event is None:
            return
        if isinstance(event, events.Answer) and late:
            event = type(event)(
                **{
                    name: getattr(event, name) + late if name == "attempt" else getattr(event, name)
                    for name in event.__dataclass_fields__
                }
            )
        if isinstance(event, events.TokensReceived) and self.state.step is not Step.CLOSED:
            assert event.tokens.refresh_token is not None
            self.issued.append(event.tokens.refresh_token.reveal())
        self.happen(event)

    @rule(
        code=codes,
        late=lateness,
        kind=st.sampled_from(
            ["sign-in", "keychain", "exchange", "check", "store", "list", "own browser", "nothing", "fault"]
        ),
    )
    def fails(self, code: str, late: int, kind: str) -> None:
        attempt, problem = self.state.attempt + late, occurrence(code)
        failure: dict[str, Event] = {
            "sign-in": events.SignInStopped(attempt=attempt, occurrence=problem),
            "keychain": events.KeychainRefused(attempt=attempt, occurrence=problem),
            "exchange": events.ExchangeFailed(attempt=attempt, occurrence=problem),
            "check": events.CheckFailed(attempt=attempt, occurrence=problem),
            "store": events.StoreFailed(attempt=attempt, occurrence=problem),
            "list": events.ListingFailed(occurrence=problem),
            "own browser": events.OwnBrowserFailed(attempt=attempt, occurrence=problem),
            "nothing": events.NothingCameBack(attempt=attempt),
            "fault": events.Faulted(occurrence=occurrence("START-03")),
        }
        self.happen(failure[kind])

    @rule(late=lateness)
    def brings_what_cannot_be_used(self, late: int) -> None:
        event = honest.unusable(self.state.attempt + late)
        if self.state.step is not Step.CLOSED:
            self.issued.append(event.tokens.refresh_token.reveal())
        self.happen(event)

    @rule(kind=st.sampled_from(["company", "person", "proof", "another proof", "stored"]), late=lateness)
    def answers_unasked(self, kind: str, late: int) -> None:
        attempt = self.state.attempt + late
        if kind == "stored" and isinstance(self.state.pending, wishes.Store) and not late:
            return  # that would be asked
        unasked: dict[str, Event] = {
            "company": events.CompanyRead(attempt=attempt, company=honest.company()),
            "person": events.PersonRead(attempt=attempt, person=honest.person()),
            "proof": events.ServiceProved(attempt=attempt, company=honest.company()),
            "another proof": events.ServiceProved(attempt=attempt, company=honest.company("2")),
            "stored": events.Stored(attempt=attempt, connection_id="f" * 32),
        }
        self.happen(unasked[kind])

    @rule(choices=st.booleans(), replaced=st.booleans())
    def finds(self, choices: bool, replaced: bool) -> None:
        self.happen(
            events.MatchingFound(
                attempt=self.state.attempt,
                replaced=OTHER if replaced and not choices else None,
                choices=(OTHER,) if choices else (),
            )
        )

    @precondition(lambda self: self.state.step is Step.CHECKING and isinstance(self.state.pending, wishes.ReadCompany))
    @rule(tenant_id=st.sampled_from(["1000001", "3"]))
    def approves_another(self, tenant_id: str) -> None:
        before = self.state
        self.happen(events.CompanyRead(attempt=self.state.attempt, company=honest.company(tenant_id)))
        wrong = before.reconnecting is not None and before.reconnecting.tenant_id != tenant_id
        assert (self.state.problem is not None and self.state.problem.code == "CHECK-12") == wrong

    @rule(how=st.sampled_from(["no state", "other state", "error", "nothing", "two codes"]))
    def redirects_badly(self, how: str) -> None:
        address = (
            f"{self.state.integration.redirect_uri.text}?"
            + {
                "no state": "code=x",
                "other state": "code=x&state=y",
                "error": "error=access_denied",
                "nothing": "",
                "two codes": "code=x&code=y",
            }[how]
        )
        before = self.state
        self.happen(events.Redirected(attempt=self.state.attempt, address=Secret(address)))
        assert self.state.step is not Step.CHECKING or before.step is Step.CHECKING
        assert before.own_browser is None or self.state is before, "from there anyone may call"

    # What always holds.

    @invariant()
    def every_token_is_accounted_for(self) -> None:
        held = {self.state.held.tokens.refresh_token.reveal()} if self.state.held else set()  # type: ignore[union-attr]
        assert set(self.issued) <= held | self.settled
        assert not held & self.settled

    @invariant()
    def done_means_stored(self) -> None:
        if self.state.step is Step.DONE:
            assert self.stored
            assert self.state.held is None

    @invariant()
    def tokens_wait_on_a_problem_page_only_to_be_used(self) -> None:
        if self.state.step is Step.PROBLEM:
            assert (self.state.held is None) or (self.state.failed is not None)

    @invariant()
    def a_problem_page_has_a_problem(self) -> None:
        assert (self.state.step is Step.PROBLEM) <= (self.state.problem is not None)

    @invariant()
    def no_button_is_dead(self) -> None:
        """Whatever the machine itself can do for a problem, it does when it is offered."""
        if self.state.problem is None or self.state.step is not Step.PROBLEM:
            return
        for way in {*FORWARD_WAYS, Way.BACK, Way.CLOSE} & set(self.state.problem.problem.ways):
            if way is Way.USE_USER_ACCOUNT and AccountKind.USER not in self.state.integration.accounts:
                continue  # the page leaves it out
            assert step(self.state, events.WayChosen(way=way))[0] is not self.state, way

    @invariant()
    def something_can_be_done(self) -> None:
        if self.state.step in (Step.CLOSING, Step.CLOSED):
            return
        if self.state is self.judged:
            return
        self.judged = self.state
        assert step(self.state, events.Leave())[0].step in (Step.CLOSING, Step.CLOSED)
        assert reaches_done(self.state, self.out)

    @invariant()
    def made_again_it_stays_of_its_kind(self) -> None:
        assert self.state.reconnecting is None or self.state.account is self.state.reconnecting.account

    @invariant()
    def closing_ends(self) -> None:
        if self.state.step is Step.CLOSING:
            assert step(self.state, events.TimeIsUp())[0].step is Step.CLOSED
            assert self.state.awaiting is not None or self.state.revoking > 0


class TestJourney(JourneyMachine.TestCase):  # type: ignore[name-defined,misc]
    settings = settings(max_examples=400, stateful_step_count=40)

    def runTest(self) -> None:
        reached.clear()
        super().runTest()
        assert all(reached[each] >= 10 for each in Step if each is not Step.WELCOME), reached
