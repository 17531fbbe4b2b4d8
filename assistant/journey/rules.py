"""The table of the journey: what each event does in each state. Whatever is not in the table changes nothing.

The first line of each rule's docstring is its entry in the table (see `table`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from assistant.fortnox.account import AccountKind
from assistant.fortnox.authorization import AuthorizationRequest
from assistant.fortnox.company import Company
from assistant.fortnox.redirect import RedirectUri, belongs_to, read_redirect
from assistant.fortnox.tokens import Returnable, TokenAnswer
from assistant.integration import Integration, WayBack
from assistant.journey import events, wishes
from assistant.journey.fitting import fitted
from assistant.journey.state import Awaiting, Check, Existing, Held, Journey, Notice, Step
from assistant.journey.wishes import Wish
from assistant.problems import Occurrence, Way, occurrence
from assistant.secret import Secret

Moved = tuple[Journey, tuple[Wish, ...]]
Rule = Callable[[Journey, Any], Moved]

CLOSING_SECONDS = 5.0
"""How long revoking may take after the window is hidden."""

OWN_BROWSER_SECONDS = 600.0
"""How long an answer from the person's own browser is waited for. Ours: as long as Fortnox gives for a code."""

NOT_SPENT = frozenset(
    {*(f"NET-{number:02}" for number in (1, 2, 3, 4, 5, 7, 8, 9, 10, 11)), "START-05", "TOKEN-13", "TOKEN-22"}
)
"""Problems after which an authorization code may be sent again: on a code exchange these NET problems, and the wrong
clock behind a NET-10, mean that nothing was sent, TOKEN-22 that the vendor's relay was not reached, and a 429 that it
was turned away. Where the answer may be lost the client says TOKEN-04, and NET-06 comes of a server that may have spent
the code."""

_RULES: dict[tuple[Step, type[events.Event]], Rule] = {}

_OPEN = tuple(step for step in Step if step not in (Step.CLOSING, Step.CLOSED))


def begin(
    integration: Integration,
    *,
    account: AccountKind | None = None,
    client_secret: Secret | None = None,
    reconnecting: Existing | None = None,
) -> Moved:
    """The state a walk begins in.

    `account` is a choice remembered from an earlier window, used if it is still offered; `client_secret` the one that
    the integration file's `environment` or `file` led to, or that is stored already. `reconnecting` is a connection to
    make again: its kind stays, and the walk begins at the permissions.
    """
    chosen = account if account is not None and account in integration.accounts else integration.recommended_account
    state = Journey(integration=integration, account=chosen, client_secret=client_secret)
    if reconnecting is not None:
        state = replace(state, step=Step.PERMISSIONS, account=reconnecting.account, reconnecting=reconnecting)
    return state, (wishes.ListConnections(),)


def step(state: Journey, event: events.Event) -> Moved:
    """What `event` makes of `state`, and what should now be done. An event that does not fit changes nothing."""
    rule = _RULES.get((state.step, type(event)))
    return rule(state, event) if rule else (state, ())


def table() -> tuple[tuple[str, str, str], ...]:
    """The specification as rows of state, event and what happens."""
    return tuple(
        (state.value, event.__name__, (rule.__doc__ or "").strip().splitlines()[0])
        for (state, event), rule in _RULES.items()
    )


def _on(*steps: Step, event: type[events.Event]) -> Callable[[Rule], Rule]:
    def enter(rule: Rule) -> Rule:
        for state in steps:
            if (state, event) in _RULES:
                raise ValueError(f"two rules for {state} and {event}")
            _RULES[state, event] = rule
        return rule

    return enter


# Pieces of rules.


def _same(state: Journey) -> Moved:
    return state, ()


def _revoke(state: Journey) -> Moved:
    """Hands back what is held, if anything is, unless a connection here may stand on the same consent."""
    if state.held is None:
        return state, ()
    tokens, shared = state.held.tokens, state.shares_consent
    if shared and state.refused_attempt == state.attempt:  # no answer will say how that went
        state = replace(state, notice=Notice.NOT_HANDED_BACK, refused_attempt=None, left_behind=_let_be(state))
    elif shared and state.company is None:
        state = replace(state, left_behind=_let_be(state))
    return _handed_back(replace(state, held=None), state.attempt, tokens, shared=shared)


def _handed_back(state: Journey, attempt: int, tokens: TokenAnswer | Returnable, *, shared: bool) -> Moved:
    if shared and tokens.connection_credential is None:
        return state, ()
    access = state.access(tokens)
    wish = wishes.Revoke(attempt=attempt, tokens=tokens, access=access, consent_is_shared=shared)
    return replace(state, revoking=state.revoking + 1), (wish,)


def _let_be(state: Journey) -> Occurrence:
    return state.left_behind or occurrence("TOKEN-24")


def _afresh(state: Journey) -> Journey:
    """The state without anything that belongs to one attempt. What is held must have been taken care of before."""
    return replace(
        state,
        authorization=None,
        aside=None,
        held=None,
        company=None,
        person=None,
        checks=frozenset(),
        replaced=None,
        choices=(),
        pending=None,
        problem=None,
        stopped_at=None,
        failed=None,
    )


def _sign_in(state: Journey, *, own_browser: WayBack | None = None) -> Moved:
    """A new attempt, with a `state` of its own: in a fresh browser inside the window, or in the person's own."""
    state, revoking = _revoke(state)
    state = replace(_afresh(state), step=Step.SIGN_IN, attempt=state.attempt + 1, own_browser=own_browser)
    if state.account is AccountKind.SERVICE:
        state = replace(state, service_attempts=state.service_attempts | {state.attempt})
    prepare = wishes.PrepareSignIn(
        attempt=state.attempt, integration=state.integration, account=state.account, scopes=state.scopes
    )
    return state, (*revoking, wishes.UnlockKeychain(attempt=state.attempt), prepare)


def _stop(state: Journey, at: Step, problem: Occurrence, failed: Wish | None = None) -> Moved:
    """The problem page. What is held stays held only when trying again can still use it."""
    problem = fitted(problem, state.integration, state.account)
    again = failed is not None and bool({Way.TRY_AGAIN, Way.UNLOCK} & set(problem.problem.ways))
    revoking: tuple[Wish, ...] = ()
    if not again:
        state, revoking = _revoke(state)
    state = replace(
        state,
        step=Step.PROBLEM,
        stopped_at=at,
        problem=problem,
        failed=failed if again else None,
        pending=None,
        authorization=None,
        aside=None,
    )
    return state, revoking


def _closed_if_done(state: Journey) -> Moved:
    if state.awaiting is None and state.revoking == 0:
        return replace(state, step=Step.CLOSED), (wishes.Quit(),)
    return state, ()


# Welcome, account, permissions.


@_on(*_OPEN, event=events.ConnectionsListed)
def _listed(state: Journey, event: events.ConnectionsListed) -> Moved:
    """Remember which companies are connected already."""
    return replace(state, existing=event.existing, companies=event.companies), ()


@_on(Step.WELCOME, Step.ACCOUNT, Step.PERMISSIONS, event=events.ListingFailed)
def _listing_failed(state: Journey, event: events.ListingFailed) -> Moved:
    """Stop before the person invests effort: what cannot be read cannot be written either."""
    return _stop(state, state.step, event.occurrence, wishes.ListConnections())


@_on(Step.SIGN_IN, event=events.ListingFailed)
def _listing_failed_late(state: Journey, event: events.ListingFailed) -> Moved:
    """End the sign-in and stop: what cannot be read cannot be written either."""
    state, wished = _stop(state, Step.SIGN_IN, event.occurrence)
    return state, (wishes.EndSignIn(attempt=state.attempt), *wished)


@_on(Step.WELCOME, event=events.HelpAsked)
def _help(state: Journey, event: events.HelpAsked) -> Moved:
    """Show the problem that the look ahead has found, with its ways on."""
    return _stop(state, Step.WELCOME, event.occurrence, wishes.ListConnections())


@_on(Step.WELCOME, event=events.Continue)
def _start(state: Journey, event: events.Continue) -> Moved:
    """On to the account page, or past it when only one kind is offered; look again whether the vault can be read."""
    return replace(state, step=Step.ACCOUNT if state.asks_account else Step.PERMISSIONS), (wishes.ListConnections(),)


@_on(Step.ACCOUNT, event=events.AccountChosen)
def _account(state: Journey, event: events.AccountChosen) -> Moved:
    """Remember the kind, if it is offered."""
    return (replace(state, account=event.account), ()) if event.account in state.integration.accounts else _same(state)


@_on(Step.ACCOUNT, event=events.Continue)
def _account_done(state: Journey, event: events.Continue) -> Moved:
    """On to the permissions."""
    return replace(state, step=Step.PERMISSIONS), ()


@_on(Step.ACCOUNT, event=events.Back)
def _account_back(state: Journey, event: events.Back) -> Moved:
    """Back to Welcome."""
    return replace(state, step=Step.WELCOME), ()


@_on(Step.PERMISSIONS, event=events.SecretEntered)
def _secret(state: Journey, event: events.SecretEntered) -> Moved:
    """Keep the activation key in memory."""
    return replace(state, client_secret=event.client_secret or None), ()


@_on(Step.PERMISSIONS, event=events.Continue)
def _permissions_done(state: Journey, event: events.Continue) -> Moved:
    """Begin an attempt to sign in, unless the activation key is still missing."""
    return _same(state) if state.lacks_secret else _sign_in(replace(state, notice=None))


@_on(Step.PERMISSIONS, event=events.Back)
def _permissions_back(state: Journey, event: events.Back) -> Moved:
    """Back to the account page, or past it."""
    step = Step.ACCOUNT if state.asks_account else Step.WELCOME
    return replace(state, step=step, reconnecting=None), ()


# Sign in.


@_on(Step.SIGN_IN, event=events.AuthorizationReady)
def _ready(state: Journey, event: events.AuthorizationReady) -> Moved:
    """Show the sign-in page of this attempt, or listen before the person's own browser is opened."""
    if event.attempt != state.attempt or state.authorization is not None:
        return _same(state)
    state = replace(state, authorization=event.request)
    match state.own_browser:
        case None:
            return state, (wishes.ShowSignIn(attempt=state.attempt, request=event.request),)
        case WayBack.LISTENER:
            return state, (wishes.Listen(attempt=state.attempt, request=event.request),)
        case WayBack.PASTE:
            return _open_own_browser(state, event.request)


def _open_own_browser(state: Journey, request: AuthorizationRequest) -> Moved:
    """Opens the person's own browser; from then on its time runs."""
    opening = wishes.OpenOwnBrowser(attempt=state.attempt, request=request)
    return state, (opening, wishes.LimitOwnBrowser(attempt=state.attempt, seconds=OWN_BROWSER_SECONDS))


@_on(Step.SIGN_IN, event=events.Listening)
def _listening(state: Journey, event: events.Listening) -> Moved:
    """Open the person's own browser, now that its answer would arrive."""
    if event.attempt != state.attempt or state.own_browser is not WayBack.LISTENER or state.authorization is None:
        return _same(state)
    return _open_own_browser(state, state.authorization)


def _waits_for(state: Journey, event: events.Answer) -> bool:
    """Whether the attempt of `event` waits for an answer from the person's own browser."""
    return event.attempt == state.attempt and state.own_browser is not None and state.authorization is not None


@_on(Step.SIGN_IN, event=events.OwnBrowserFailed)
def _own_browser_failed(state: Journey, event: events.OwnBrowserFailed) -> Moved:
    """Say so beside the link to copy, and go on waiting."""
    return (replace(state, aside=event.occurrence), ()) if _waits_for(state, event) else _same(state)


@_on(Step.SIGN_IN, event=events.OpenAgainAsked)
def _open_again(state: Journey, event: events.OpenAgainAsked) -> Moved:
    """Open this attempt's address in the person's own browser once more."""
    if state.own_browser is None or state.authorization is None:
        return _same(state)
    opening = wishes.OpenOwnBrowser(attempt=state.attempt, request=state.authorization)
    return replace(state, aside=None), (opening,)


@_on(Step.SIGN_IN, event=events.NothingCameBack)
def _nothing_came_back(state: Journey, event: events.NothingCameBack) -> Moved:
    """Stop waiting for the person's own browser."""
    if not _waits_for(state, event):
        return _same(state)
    state, wished = _stop(state, Step.SIGN_IN, occurrence("OWN-03"))
    return state, (wishes.EndSignIn(attempt=state.attempt), *wished)


@_on(Step.SIGN_IN, event=events.AddressPasted)
def _pasted(state: Journey, event: events.AddressPasted) -> Moved:
    """Take the pasted address as the redirect if it is this attempt's; else say what is wrong, and go on waiting."""
    request = state.authorization
    if state.own_browser is not WayBack.PASTE or request is None:
        return _same(state)
    address = event.address.reveal()
    if belongs_to(address, request):
        return _redirected(state, events.Redirected(attempt=state.attempt, address=event.address))
    if state.integration.redirect_uri.matches(address):
        return replace(state, aside=occurrence("OWN-06")), ()
    wanted = state.integration.redirect_uri
    return replace(state, aside=occurrence("OWN-05", address=_place(wanted))), ()


def _place(redirect_uri: RedirectUri) -> str:
    """The redirect URI without its query, as a person can compare it."""
    return redirect_uri.text.partition("?")[0]


@_on(Step.SIGN_IN, event=events.Redirected)
def _redirected(state: Journey, event: events.Redirected) -> Moved:
    """End the browser; exchange the code if the answer is ours and holds one, else show the problem.

    From the person's own browser only an answer to this very attempt counts; all else changes nothing.
    """
    request = state.authorization
    if event.attempt != state.attempt or request is None:
        return _same(state)
    own_frame = state.own_browser is None
    if not own_frame and not belongs_to(event.address.reveal(), request):
        return _same(state)
    end = wishes.EndSignIn(attempt=state.attempt)
    found = read_redirect(event.address.reveal(), request, own_frame=own_frame)
    if found is None:
        return _same(state)
    if not isinstance(found, Secret):
        state, wished = _stop(state, Step.SIGN_IN, found)
        return state, (end, *wished)
    exchange = wishes.ExchangeCode(attempt=state.attempt, code=found, request=request, access=state.access())
    state = replace(state, step=Step.CHECKING, authorization=None, aside=None, notice=None, pending=exchange)
    return state, (end, exchange)


@_on(Step.SIGN_IN, event=events.SignInStopped)
def _sign_in_stopped(state: Journey, event: events.SignInStopped) -> Moved:
    """End the browser and show the problem."""
    if event.attempt != state.attempt:
        return _same(state)
    state, wished = _stop(state, Step.SIGN_IN, event.occurrence)
    return state, (wishes.EndSignIn(attempt=state.attempt), *wished)


@_on(Step.SIGN_IN, event=events.KeychainRefused)
def _keychain_refused(state: Journey, event: events.KeychainRefused) -> Moved:
    """Stop before the person has signed in for nothing."""
    if event.attempt != state.attempt:
        return _same(state)
    state, wished = _stop(state, Step.SIGN_IN, event.occurrence)
    return state, (wishes.EndSignIn(attempt=state.attempt), *wished)


@_on(Step.SIGN_IN, event=events.StartOver)
def _start_over(state: Journey, event: events.StartOver) -> Moved:
    """A new attempt in a fresh browser; the old `state` is void."""
    return _another_attempt(state, state.own_browser)


def _another_attempt(state: Journey, own_browser: WayBack | None) -> Moved:
    end = wishes.EndSignIn(attempt=state.attempt)
    state, wished = _sign_in(state, own_browser=own_browser)
    return state, (end, *wished)


@_on(Step.SIGN_IN, event=events.OwnBrowserAsked)
def _own_browser(state: Journey, event: events.OwnBrowserAsked) -> Moved:
    """A new attempt in the person's own browser, where that can work; the old `state` is void."""
    way = state.integration.way_back
    return _another_attempt(state, way) if way is not None and state.own_browser is None else _same(state)


@_on(Step.SIGN_IN, event=events.WindowBrowserAsked)
def _window_browser(state: Journey, event: events.WindowBrowserAsked) -> Moved:
    """A new attempt in a fresh browser inside the window; the old `state` is void."""
    return _another_attempt(state, None) if state.own_browser is not None else _same(state)


@_on(Step.SIGN_IN, event=events.Back)
def _sign_in_back(state: Journey, event: events.Back) -> Moved:
    """End the browser, back to the permissions; the attempt's `state` is void."""
    end = wishes.EndSignIn(attempt=state.attempt)
    return replace(_afresh(state), step=Step.PERMISSIONS, notice=None), (end,)


# Checking. Each answer fits only while the wish it answers is out.


def _ask(state: Journey, wish: Wish) -> Moved:
    """Sends out `wish` as the one whose answer is awaited."""
    return replace(state, pending=wish), (wish,)


def _answers(state: Journey, event: events.Answer, wished: type[Wish]) -> bool:
    return event.attempt == state.attempt and isinstance(state.pending, wished)


@_on(Step.CHECKING, event=events.TokensReceived)
def _tokens(state: Journey, event: events.TokensReceived) -> Moved:
    """Hold the tokens in memory and read the company; a user account without a refresh token stops."""
    if not _answers(state, event, wishes.ExchangeCode):
        return _unwanted_tokens(state, event)
    tokens = event.tokens
    if state.account is AccountKind.USER and tokens.refresh_token is None:
        return _stop(state, Step.CHECKING, occurrence("TOKEN-12"))
    scopes = tokens.scopes if tokens.scopes is not None else state.scopes
    state = replace(state, held=Held(tokens=tokens, scopes=scopes), checks=state.checks | {Check.ANSWER})
    return _ask(state, wishes.ReadCompany(attempt=state.attempt, tokens=tokens, scopes=scopes))


@_on(Step.CHECKING, event=events.TokensUnusable)
def _tokens_unusable(state: Journey, event: events.TokensUnusable) -> Moved:
    """Hand back what came and show the problem; the code is used up, so the way on is a new sign-in."""
    awaited = _answers(state, event, wishes.ExchangeCode)
    state, revoking = _unwanted_tokens(state, event)
    if not awaited:
        return state, revoking
    state, wished = _stop(state, Step.CHECKING, event.occurrence)
    return state, (*revoking, *wished)


@_on(Step.CHECKING, event=events.ExchangeFailed)
def _exchange_failed(state: Journey, event: events.ExchangeFailed) -> Moved:
    """Show the problem; the code is sent again only if it certainly was not used, else the way on is a new sign-in."""
    if not _answers(state, event, wishes.ExchangeCode):
        return _same(state)
    not_spent = event.occurrence.code in NOT_SPENT
    return _stop(state, Step.CHECKING, event.occurrence, state.pending if not_spent else None)


@_on(Step.CHECKING, event=events.CompanyRead)
def _company(state: Journey, event: events.CompanyRead) -> Moved:
    """Read who approved where the permission for it was given, else go on to the account.

    The wrong company ends in a problem with both names: the connection to be made again stays as it was.
    """
    if not _answers(state, event, wishes.ReadCompany) or state.held is None:
        return _same(state)
    held = state.held
    state = replace(state, company=event.company, checks=state.checks | {Check.COMPANY})
    wanted = state.reconnecting
    if wanted is not None and wanted.tenant_id != event.company.tenant_id:
        wrong = _name(event.company.name, event.company.organisation_number)
        right = _name(wanted.company_name, wanted.organisation_number)
        return _stop(state, Step.CHECKING, occurrence("CHECK-12", wrong=wrong, right=right))
    if state.account is AccountKind.SERVICE:
        prove = wishes.ProveService(
            attempt=state.attempt,
            tenant_id=event.company.tenant_id,
            scopes=held.scopes,
            access=state.access(held.tokens),
        )
        return _ask(state, prove)
    if "profile" in held.scopes:
        return _ask(state, wishes.ReadPerson(attempt=state.attempt, tokens=held.tokens))
    return _match(state, event.company)


@_on(Step.CHECKING, event=events.PersonRead)
def _person(state: Journey, event: events.PersonRead) -> Moved:
    """Remember who approved."""
    if not _answers(state, event, wishes.ReadPerson) or state.company is None:
        return _same(state)
    return _match(replace(state, person=event.person), state.company)


@_on(Step.CHECKING, event=events.ServiceProved)
def _proved(state: Journey, event: events.ServiceProved) -> Moved:
    """A token of the service account opened the same company: only that proves the connection."""
    if not _answers(state, event, wishes.ProveService) or state.company is None:
        return _same(state)
    if event.company.tenant_id != state.company.tenant_id:
        opened, approved = event.company.name, state.company.name
        return _stop(state, Step.CHECKING, occurrence("CHECK-06", wrong=opened, right=approved))
    return _match(state, state.company)


def _name(company: str, organisation_number: str) -> str:
    return f"{company} ({organisation_number})" if organisation_number else company


def _match(state: Journey, company: Company) -> Moved:
    state = replace(state, checks=state.checks | {Check.ACCOUNT})
    return _ask(
        state,
        wishes.FindMatching(attempt=state.attempt, account=state.account, company=company, person=state.person),
    )


@_on(Step.CHECKING, event=events.MatchingFound)
def _matching(state: Journey, event: events.MatchingFound) -> Moved:
    """All is checked: ask whether it is the right company."""
    if not _answers(state, event, wishes.FindMatching):
        return _same(state)
    replaced, choices = event.replaced, event.choices
    if state.reconnecting is not None and replaced is None:  # another person, or one that was not known
        replaced, choices = state.reconnecting, ()
    state = replace(state, checks=frozenset(Check), replaced=replaced, choices=choices)
    return replace(state, step=Step.CONFIRM, pending=None), ()


@_on(Step.CHECKING, event=events.CheckFailed)
def _check_failed(state: Journey, event: events.CheckFailed) -> Moved:
    """Show the problem; what is held stays held if the check can be tried again, else it is revoked."""
    if event.attempt != state.attempt or state.held is None:
        return _same(state)
    return _stop(state, Step.CHECKING, event.occurrence, state.pending)


@_on(Step.CHECKING, event=events.StartOver)
def _checking_over(state: Journey, event: events.StartOver) -> Moved:
    """Wait no longer: a new attempt in a fresh browser; what is held, and what still comes, is handed back."""
    return _sign_in(replace(state, notice=None))


# Confirm, saving, done.


@_on(Step.CONFIRM, event=events.Confirmed)
def _confirmed(state: Journey, event: events.Confirmed) -> Moved:
    """Store the connection; where "replace or add?" is asked, only with its answer."""
    if state.held is None or state.company is None:
        return _same(state)
    replacing = state.replaced.id if state.replaced else None
    if state.choices:
        if event.replacing is None and not event.add:
            return _same(state)
        if event.replacing is not None and event.replacing not in {choice.id for choice in state.choices}:
            return _same(state)
        replacing = event.replacing
    store = wishes.Store(
        attempt=state.attempt,
        account=state.account,
        company=state.company,
        person=state.person,
        tokens=state.held.tokens,
        scopes=state.held.scopes,
        client_secret=state.client_secret,
        replacing=replacing,
    )
    return _ask(replace(state, step=Step.SAVING), store)


@_on(Step.CONFIRM, event=events.Refused)
def _refused(state: Journey, event: events.Refused) -> Moved:
    """Not my company: hand the tokens back and begin a new attempt in a fresh browser inside the window.

    The person's own browser would remember the company, and might choose it again without asking.
    """
    return _sign_in(replace(state, notice=None, refused_attempt=state.attempt))


@_on(Step.SAVING, event=events.Stored)
def _stored(state: Journey, event: events.Stored) -> Moved:
    """Connected: written and read back."""
    if not _answers(state, event, wishes.Store):
        return _same(state)
    granted = state.pending.scopes if isinstance(state.pending, wishes.Store) else ()
    state = replace(state, step=Step.DONE, held=None, pending=None, connection_id=event.connection_id, granted=granted)
    return state, (wishes.ListConnections(),)


@_on(Step.SAVING, event=events.StoreFailed)
def _store_failed(state: Journey, event: events.StoreFailed) -> Moved:
    """Show the problem with the tokens still held, so that storing can be tried again; what may be stored is let be."""
    if not _answers(state, event, wishes.Store):
        return _same(state)
    return _stop(_not_stored(state, event.occurrence), Step.SAVING, event.occurrence, state.pending)


def _not_stored(state: Journey, problem: Occurrence) -> Journey:
    """Holds what was not stored, so that it can be stored or handed back; not what is stored, or may be."""
    wish = state.pending
    # With STORE-15 another window has just stored this very consent; what revoking would do to it is unknown.
    taken = problem.code == "STORE-15" and state.account is AccountKind.SERVICE
    if taken or problem.code == "STORE-17" or not isinstance(wish, wishes.Store):
        return replace(state, held=None)
    return replace(state, held=Held(tokens=wish.tokens, scopes=wish.scopes))


@_on(Step.DONE, event=events.StartPageAsked)
def _start_page(state: Journey, event: events.StartPageAsked) -> Moved:
    """Open the start page in the default browser."""
    return replace(state, problem=None), (wishes.OpenStartPage(),)


@_on(Step.DONE, event=events.StartPageFailed)
def _start_page_failed(state: Journey, event: events.StartPageFailed) -> Moved:
    """Say so on the page, with the address to copy; the connection stands."""
    return replace(state, problem=event.occurrence), ()


@_on(Step.DONE, event=events.AnotherAsked)
def _another(state: Journey, event: events.AnotherAsked) -> Moved:
    """Begin again for another company, with the choices kept."""
    state = replace(_afresh(state), connection_id=None, notice=None, granted=(), left_behind=None, reconnecting=None)
    return replace(state, step=Step.ACCOUNT if state.asks_account else Step.PERMISSIONS), (wishes.ListConnections(),)


# Problems.


@_on(Step.PROBLEM, event=events.WayChosen)
def _way(state: Journey, event: events.WayChosen) -> Moved:
    """Do what the problem page's button says, if the problem offers it."""
    if state.problem is None or event.way not in state.problem.problem.ways:
        return _same(state)
    match event.way:
        case Way.TRY_AGAIN | Way.UNLOCK:
            return _once_more(state)
        case Way.SIGN_IN_AGAIN:
            return _sign_in(replace(state, notice=None), own_browser=state.own_browser)
        case Way.SET_ASIDE if not isinstance(state.pending, wishes.SetAside):
            return _ask(state, wishes.SetAside(attempt=state.attempt, because=state.problem.code))
        case Way.OWN_BROWSER if state.integration.way_back is not None:
            return _sign_in(replace(state, notice=None), own_browser=state.integration.way_back)
        case Way.WINDOW_BROWSER:
            return _sign_in(replace(state, notice=None))
        case Way.USE_USER_ACCOUNT if AccountKind.USER in state.integration.accounts:
            state, revoking = _revoke(state)
            state = replace(_afresh(state), account=AccountKind.USER, reconnecting=None)
            return replace(state, step=Step.ACCOUNT), revoking
        case Way.ENTER_SECRET:
            state, revoking = _revoke(state)
            kept = None if state.integration.asks_for_secret else state.client_secret
            return replace(_afresh(state), step=Step.PERMISSIONS, client_secret=kept), revoking
        case Way.BACK:
            return _problem_back(state, events.Back())
        case Way.CLOSE:
            return _leave(state, events.Leave())
        case _:
            return _same(state)


def _once_more(state: Journey) -> Moved:
    """What has failed is asked again where it can be, else the sign-in begins anew."""
    if state.failed is None or state.stopped_at is None:
        return _sign_in(replace(state, notice=None), own_browser=state.own_browser)
    again = replace(state, step=state.stopped_at, problem=None, stopped_at=None, failed=None)
    return _ask(again, state.failed)


@_on(Step.PROBLEM, event=events.OldSetAside)
def _set_aside(state: Journey, event: events.OldSetAside) -> Moved:
    """Try again what has failed, with a new vault, or with the old one where that opens after all."""
    if not _answers(state, event, wishes.SetAside):
        return _same(state)
    if event.kept is not None:
        state = replace(state, kept=event.kept, existing=(), companies=())
    return _once_more(replace(state, pending=None))


@_on(Step.PROBLEM, event=events.SetAsideFailed)
def _set_aside_failed(state: Journey, event: events.SetAsideFailed) -> Moved:
    """Show what kept it from being done; what has failed before can still be tried again."""
    if not _answers(state, event, wishes.SetAside):
        return _same(state)
    return replace(state, pending=None, problem=event.occurrence), ()


@_on(Step.PROBLEM, event=events.Back)
def _problem_back(state: Journey, event: events.Back) -> Moved:
    """Back to the page before: to Confirm with all still held after a failed store, else to the step it stopped at."""
    if state.stopped_at is Step.SAVING and state.held is not None:
        return replace(state, step=Step.CONFIRM, problem=None, stopped_at=None, failed=None, pending=None), ()
    before = state.stopped_at
    state, revoking = _revoke(state)
    target = before if before in (Step.WELCOME, Step.ACCOUNT, Step.PERMISSIONS) else Step.PERMISSIONS
    return replace(_afresh(state), step=target), revoking


@_on(Step.WELCOME, Step.ACCOUNT, Step.PERMISSIONS, event=events.Faulted)
def _faulted(state: Journey, event: events.Faulted) -> Moved:
    """Show the problem; trying again shows the page again."""
    return _stop(state, state.step, event.occurrence, wishes.ListConnections())


@_on(Step.SIGN_IN, event=events.Faulted)
def _faulted_at_sign_in(state: Journey, event: events.Faulted) -> Moved:
    """End the browser and show the problem."""
    state, wished = _stop(state, Step.SIGN_IN, event.occurrence)
    return state, (wishes.EndSignIn(attempt=state.attempt), *wished)


@_on(Step.CHECKING, Step.CONFIRM, event=events.Faulted)
def _faulted_later(state: Journey, event: events.Faulted) -> Moved:
    """Hand back what is held and show the problem; the way on is a new sign-in."""
    return _stop(state, state.step, event.occurrence)


# Handing back and leaving.


def _unwanted_tokens(state: Journey, event: events.TokensReceived | events.TokensUnusable) -> Moved:
    """Tokens nobody waits for any more are handed back, never kept."""
    if state.held is not None and state.held.tokens is event.tokens:
        return _same(state)
    shared = state.may_share_consent(event.attempt)
    if shared:
        state = replace(state, left_behind=_let_be(state))
    return _handed_back(state, event.attempt, event.tokens, shared=shared)


@_on(*(step for step in _OPEN if step is not Step.CHECKING), event=events.TokensReceived)
@_on(*(step for step in _OPEN if step is not Step.CHECKING), event=events.TokensUnusable)
def _late_tokens(state: Journey, event: events.TokensReceived | events.TokensUnusable) -> Moved:
    """Tokens of an attempt that is over are handed back, never kept."""
    return _unwanted_tokens(state, event)


@_on(*_OPEN, event=events.Revoked)
def _revoked(state: Journey, event: events.Revoked) -> Moved:
    """Note it; after "not my company" the sign-in page says whether the access was handed back."""
    left_behind = state.left_behind or event.occurrence
    state = replace(state, revoking=max(0, state.revoking - 1), left_behind=left_behind)
    if event.attempt == state.refused_attempt:
        notice = Notice.HANDED_BACK if event.occurrence is None else Notice.NOT_HANDED_BACK
        state = replace(state, notice=notice, refused_attempt=None)
    return state, ()


@_on(*_OPEN, event=events.Leave)
def _leave(state: Journey, event: events.Leave) -> Moved:
    """Hide the window, hand back what is held, wait for answers that are out, then end."""
    wished: tuple[Wish, ...] = ()
    if state.step is Step.SIGN_IN:
        wished = (wishes.EndSignIn(attempt=state.attempt),)
    if state.step is Step.SAVING:
        state = replace(state, awaiting=Awaiting.STORE)
    else:
        if state.step is Step.CHECKING and state.held is None:
            state = replace(state, awaiting=Awaiting.TOKENS)
        state, revoking = _revoke(state)
        wished += revoking
    state = replace(state, step=Step.CLOSING, authorization=None, failed=None)
    state, quitting = _closed_if_done(state)
    if quitting:
        return state, (*wished, wishes.HideWindow(), *quitting)
    if state.awaiting is Awaiting.STORE:  # the person said yes: a save ends by itself, within the vault's own limits
        return state, (*wished, wishes.HideWindow())
    return state, (*wished, wishes.HideWindow(), wishes.SetDeadline(seconds=CLOSING_SECONDS))


@_on(Step.CLOSING, event=events.TokensReceived)
@_on(Step.CLOSING, event=events.TokensUnusable)
def _closing_tokens(state: Journey, event: events.TokensReceived | events.TokensUnusable) -> Moved:
    """Hand back what arrived after the person left."""
    if event.attempt == state.attempt and state.awaiting is Awaiting.TOKENS:
        state = replace(state, awaiting=None)
    state, wished = _unwanted_tokens(state, event)
    return (state, wished) if wished else _closed_if_done(state)


@_on(Step.CLOSING, event=events.ExchangeFailed)
def _closing_exchange_failed(state: Journey, event: events.ExchangeFailed) -> Moved:
    """Nothing came, so nothing is to hand back."""
    if event.attempt != state.attempt or state.awaiting is not Awaiting.TOKENS:
        return _same(state)
    return _closed_if_done(replace(state, awaiting=None))


@_on(Step.CLOSING, event=events.Stored)
def _closing_stored(state: Journey, event: events.Stored) -> Moved:
    """The person had said yes: the connection stands."""
    if event.attempt != state.attempt or state.awaiting is not Awaiting.STORE:
        return _same(state)
    return _closed_if_done(replace(state, awaiting=None, held=None, connection_id=event.connection_id))


@_on(Step.CLOSING, event=events.StoreFailed)
def _closing_store_failed(state: Journey, event: events.StoreFailed) -> Moved:
    """It was not stored, so the tokens are handed back; what may be stored is let be."""
    if event.attempt != state.attempt or state.awaiting is not Awaiting.STORE:
        return _same(state)
    state, revoking = _revoke(replace(_not_stored(state, event.occurrence), awaiting=None))
    if not revoking:
        return _closed_if_done(state)
    return state, (*revoking, wishes.SetDeadline(seconds=CLOSING_SECONDS))


@_on(Step.CLOSING, event=events.Revoked)
def _closing_revoked(state: Journey, event: events.Revoked) -> Moved:
    """End when nothing is out any more."""
    return _closed_if_done(replace(state, revoking=max(0, state.revoking - 1)))


@_on(Step.CLOSING, event=events.TimeIsUp)
def _time_is_up(state: Journey, event: events.TimeIsUp) -> Moved:
    """End without waiting longer; the tokens are forgotten."""
    return replace(state, step=Step.CLOSED, held=None, awaiting=None, revoking=0), (wishes.Quit(),)
