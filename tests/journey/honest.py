"""An honest world for the journey's tests: answers to wishes as Fortnox and the vault would give them."""

from __future__ import annotations

import itertools

from assistant.fortnox.account import AccountKind
from assistant.fortnox.authorization import AuthorizationRequest, new_authorization
from assistant.fortnox.company import Company, Person
from assistant.fortnox.redirect import RedirectUri
from assistant.fortnox.tokens import Returnable, TokenAnswer
from assistant.integration import ClientSecret, Integration, RedirectPage, SecretSource, WayBack
from assistant.journey import Event, Journey, Wish, events, wishes
from assistant.problems import occurrence
from assistant.secret import Secret

SCOPES = ("companyinformation", "profile", "article")
_numbers = itertools.count(1)


def integration(
    *,
    accounts: tuple[AccountKind, ...] = (AccountKind.SERVICE, AccountKind.USER),
    source: SecretSource = SecretSource.FILE,
    scopes: tuple[str, ...] = SCOPES,
    way_back: WayBack | None = None,
) -> Integration:
    home = "http://localhost:4242/callback" if way_back is WayBack.LISTENER else "https://lagerkoll.example/activation"
    return Integration(
        name="Lagerkoll",
        vendor="Exempelbolaget AB",
        client_id="practice-lagerkoll",
        redirect_uri=RedirectUri(home),
        redirect_page=RedirectPage.STATIC if way_back is WayBack.PASTE else RedirectPage.DYNAMIC,
        scopes=scopes,
        start_page="https://lagerkoll.example/login",
        client_secret=ClientSecret(source=source),
        accounts=accounts,
    )


def company(tenant_id: str = "1000001", name: str = "Björk & Ek Inredning AB") -> Company:
    return Company(name=name, organisation_number="556677-8899", tenant_id=tenant_id, town="Växjö")


def person(id: str = "7") -> Person:
    return Person(id=id, name="Karin Ek", email="karin@example.test", system_administrator=True)


def tokens(*, refresh: bool = True, scopes: tuple[str, ...] | None = SCOPES) -> TokenAnswer:
    number = next(_numbers)
    return TokenAnswer(
        access_token=Secret(f"access-{number}"),
        refresh_token=Secret(f"refresh-{number}") if refresh else None,
        scopes=scopes,
        expires_in=3600,
    )


def unusable(attempt: int) -> events.TokensUnusable:
    number = next(_numbers)
    left = Returnable(refresh_token=Secret(f"refresh-{number}"))
    return events.TokensUnusable(attempt=attempt, tokens=left, occurrence=occurrence("TOKEN-16"))


def request(wish: wishes.PrepareSignIn) -> AuthorizationRequest:
    return new_authorization(
        endpoints=wish.integration.endpoints,
        client_id=wish.integration.client_id,
        redirect_uri=wish.integration.redirect_uri.text,
        scopes=wish.scopes,
        account=wish.account,
        token=lambda _: f"random-{next(_numbers):037}",
    )


def redirect(of: AuthorizationRequest, *, code: str = "a-code") -> Secret:
    return Secret(f"{of.redirect_uri}?code={code}&state={of.state.reveal()}")


def answer(wish: Wish, tenant_id: str = "1000001") -> Event | None:
    """What a world where all goes well, and the person chooses that company, answers; None where there is nothing."""
    match wish:
        case wishes.ListConnections():
            return events.ConnectionsListed(existing=())
        case wishes.PrepareSignIn():
            return events.AuthorizationReady(attempt=wish.attempt, request=request(wish))
        case wishes.ShowSignIn():
            return events.Redirected(attempt=wish.attempt, address=redirect(wish.request))
        case wishes.Listen():
            return events.Listening(attempt=wish.attempt)
        case wishes.OpenOwnBrowser():
            return events.Redirected(attempt=wish.attempt, address=redirect(wish.request))
        case wishes.ExchangeCode():
            return events.TokensReceived(attempt=wish.attempt, tokens=tokens())
        case wishes.ReadCompany():
            return events.CompanyRead(attempt=wish.attempt, company=company(tenant_id))
        case wishes.ReadPerson():
            return events.PersonRead(attempt=wish.attempt, person=person())
        case wishes.ProveService():
            return events.ServiceProved(attempt=wish.attempt, company=company(wish.tenant_id))
        case wishes.FindMatching():
            return events.MatchingFound(attempt=wish.attempt)
        case wishes.Revoke():
            return events.Revoked(attempt=wish.attempt)
        case wishes.Store():
            return events.Stored(attempt=wish.attempt, connection_id="0" * 32)
        case wishes.SetAside():
            return events.OldSetAside(attempt=wish.attempt, kept="connections 2026-11-23 12.30.15.db")
        case wishes.SetDeadline():
            return events.TimeIsUp()
        case _:
            return None


def wished(found: tuple[Wish, ...], kind: type[Wish]) -> Wish:
    """The one wish of `kind` among `found`."""
    (one,) = [wish for wish in found if isinstance(wish, kind)]
    return one


def steps(state: Journey, *happened: Event) -> tuple[Journey, tuple[Wish, ...]]:
    """The state after all of `happened`, and the wishes of the last."""
    from assistant.journey import step

    wished: tuple[Wish, ...] = ()
    for event in happened:
        state, wished = step(state, event)
    return state, wished
