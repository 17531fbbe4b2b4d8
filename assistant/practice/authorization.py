"""The authorization endpoint: signing in, choosing a company, approving. GET /oauth-v1/auth and its pages."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from assistant.fortnox.scopes import scope
from assistant.language import N_
from assistant.practice import authorization_request
from assistant.practice.authorization_request import RedirectedError, UntrustedError
from assistant.practice.bankid_order import BankIdOrder
from assistant.practice.callbacks import answer_of
from assistant.practice.forms import FormError, form, query
from assistant.practice.people import ROLE_NAMES, Company, Person, Role
from assistant.practice.refusals import refusal_of
from assistant.practice.rendering import chosen_language
from assistant.practice.rendering import page as rendered
from assistant.practice.request_log import plain_names
from assistant.practice.run import Run, note
from assistant.practice.sessions import PendingRequest, Session
from assistant.practice.sign_in_ways import NOT_HERE, SCRIPTS, instead_of_sign_in
from assistant.practice.stopped import StoppedError, stop_page, unreadable
from assistant.practice.switches import Account, AlreadySignedIn, Callback, Consultants, SignInPage

AUTHORIZE = "/oauth-v1/auth"
SIGN_IN = "/oauth-v1/auth/sign-in"
COMPANY = "/oauth-v1/auth/company"
CONSENT = "/oauth-v1/auth/consent"
BANKID = "/oauth-v1/auth/bankid"
POP_UP = "/oauth-v1/auth/pop-up"

Step = Callable[[Request, Session, PendingRequest, Mapping[str, str]], Response]


class AuthorizationPages:
    """The routes a person walks through in a browser."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def routes(self) -> list[Route]:
        """The routes, for the application."""
        return [
            Route(AUTHORIZE, self.authorize, methods=["GET", "HEAD", "POST"]),
            Route(SIGN_IN, self.sign_in, methods=["GET", "POST"]),
            Route(COMPANY, self.company, methods=["GET", "POST"]),
            Route(CONSENT, self.consent, methods=["GET", "POST"]),
        ]

    async def authorize(self, request: Request) -> Response:
        """The authorization request itself."""
        if request.method == "HEAD":
            note(request).outcome = "head_refused"
            return Response(status_code=501)  # seen in 2022 [USER]
        if request.method == "POST":
            note(request).outcome = "posted_to_auth"
            return PlainTextResponse("Forbidden", status_code=403)  # what posting a token request here gets [DOC]
        run = self._run
        session = run.sessions.of(request)
        kept = session.language if session else None
        try:
            asked = authorization_request.read(query(request), integration=run.integration, switches=run.switches)
        except UntrustedError as refusal:
            stopped = StoppedError(
                refusal.reason,
                N_("The integration cannot be opened"),
                N_("What it sent does not match its registration. The vendor has to put this right."),
                detail=refusal.message,
            )
            return stop_page(request, stopped, language_kept=kept)
        except RedirectedError as refusal:
            note(request).outcome = refusal.error
            return RedirectResponse(refusal.location(run.switches), status_code=302)
        except FormError as error:
            return stop_page(request, unreadable(error), language_kept=kept)
        session = session or run.sessions.open()
        name = session.begin(asked)
        note(request).outcome = "accepted"
        response = self._after_arrival(request, session, name)
        run.sessions.hand_over(session, response)
        return response

    def _after_arrival(self, request: Request, session: Session, name: str) -> Response:
        known = self.person(session)
        way = self._run.switches.already_signed_in
        if known is None or way is AlreadySignedIn.ASK:
            return onward(SIGN_IN, name)
        if way is AlreadySignedIn.SKIP_COMPANY and session.tenant_id is not None:
            return self._company_chosen(request, session, name, known, session.tenant_id)
        return self.choose_company(request, session, name, known)

    async def sign_in(self, request: Request) -> Response:
        """Who are you? A person is chosen by a button; name and password are filled in."""
        if request.method == "GET" and (instead := instead_of_sign_in(request, self._run.switches.sign_in_page)):
            return instead
        return await self.answer(request, self._sign_in_page, self._signed_in)

    async def company(self, request: Request) -> Response:
        """Which company is it about?"""
        return await self.answer(request, self._company_page, self._company_posted)

    async def consent(self, request: Request) -> Response:
        """Approve or decline."""
        return await self.answer(request, self._consent_page, self._decided)

    async def answer(self, request: Request, shown: Step, posted: Step) -> Response:
        session = self._run.sessions.of(request)
        try:
            if request.method == "POST":
                values = await form(request)
                note(request).form_names = plain_names(values)
            else:
                values = query(request)
            if session is None:
                raise StoppedError(
                    "no_session",
                    N_("This sign-in is not known"),
                    N_("The browser sent no cookie, or practice was restarted. Start over in the program."),
                )
            if request.method == "POST" and not session.sent_by_us(values):
                raise StoppedError(
                    "foreign_form",
                    N_("This form came from somewhere else"),
                    N_("Nothing was changed. Start over in the program."),
                    status=403,
                )
            pending = session.requests.get(values.get("request", ""))
            if pending is None:
                raise StoppedError(
                    "no_request",
                    N_("This sign-in is no longer under way"),
                    N_("Start over in the program."),
                )
            if pending.location is not None:
                note(request).outcome = "already_ended"
                return RedirectResponse(pending.location, status_code=302)
            if request.method == "GET":
                session.language = chosen_language(request, session.language).code
                return shown(request, session, pending, values)
            return posted(request, session, pending, values)
        except FormError as error:
            return stop_page(request, unreadable(error), language_kept=session.language if session else None)
        except StoppedError as stopped:
            return stop_page(request, stopped, language_kept=session.language if session else None)

    def _sign_in_page(
        self, request: Request, session: Session, pending: PendingRequest, values: Mapping[str, str]
    ) -> Response:
        return self.sign_in_page(request, session, pending, values)

    def sign_in_page(
        self,
        request: Request,
        session: Session,
        pending: PendingRequest,
        values: Mapping[str, str],
        *,
        inside_pop_up: bool = False,
    ) -> Response:
        """The form of a sign-in, or the button that opens a window for it."""
        people = self._run.population.people
        known = self.person(session)
        chosen = self._run.population.person(values.get("person", "")) or known or people[0]
        way = self._run.switches.sign_in_page
        return self.page(
            request,
            session,
            pending,
            "sign_in.html",
            name=values["request"],
            people=people,
            role_names=ROLE_NAMES,
            chosen=chosen,
            known=None if inside_pop_up else known,
            password=self._run.issued.passwords.get(chosen.id, ""),
            wrong="wrong" in values,
            here=request.url.path,
            bankid=way.is_bankid,
            pop_up=POP_UP if way is SignInPage.POP_UP and not inside_pop_up else None,
            not_here=NOT_HERE,
            script=None if inside_pop_up else SCRIPTS.get(way),
        )

    def _signed_in(
        self, request: Request, session: Session, pending: PendingRequest, values: Mapping[str, str]
    ) -> Response:
        name = values["request"]
        if "continue" in values and (known := self.person(session)) is not None:
            note(request).outcome = "continued"
            return self.choose_company(request, session, name, known)
        person = self._named(values)
        if person is not None and self._run.switches.sign_in_page.is_bankid:
            note(request).outcome = "bankid_begun"
            session.bankid = BankIdOrder.begin(person.id)
            return onward(BANKID, name)
        if self.proved(values) is None or person is None:
            note(request).outcome = "wrong_password"
            return onward(SIGN_IN, name, wrong="1", **({"person": person.id} if person else {}))
        return self.welcome(request, session, name, person)

    def _named(self, values: Mapping[str, str]) -> Person | None:
        people = self._run.population.people
        return next((entry for entry in people if entry.email == values.get("username")), None)

    def proved(self, values: Mapping[str, str]) -> Person | None:
        """The person whose name and password stand in a form, if they are right."""
        person = self._named(values)
        password = self._run.issued.passwords.get(person.id) if person else None
        if password is None or not hmac.compare_digest(password.encode(), values.get("password", "").encode()):
            return None
        self._run.issued.presented.add(password)
        return person

    def welcome(self, request: Request, session: Session, name: str, person: Person) -> Response:
        """Goes on with somebody who has just proved who they are."""
        self.enter(request, session, person)
        response = self.choose_company(request, session, name, person)
        self._run.sessions.hand_over(session, response)
        return response

    def enter(self, request: Request, session: Session, person: Person) -> None:
        """Signs `person` in.

        Raises:
            StoppedError: somebody like that is not let in.
        """
        if self._run.switches.account is Account.USER_LOCKED:
            raise StoppedError(
                "user_locked",
                N_("This user is locked"),
                N_("Fortnox has locked this user. A system administrator can unlock it."),
                status=403,
            )
        if person.role is Role.CONSULTANT and self._run.switches.consultants is Consultants.STOPPED:
            raise StoppedError(
                "digital_byra",
                N_("Log in through Digital byrå"),
                N_("Consultants at accounting firms open their clients there. Start over in the program."),
                status=403,
            )
        session.person_id = person.id
        self._run.sessions.renew(session)
        note(request).outcome = "signed_in"

    def choose_company(self, request: Request, session: Session, name: str, person: Person) -> Response:
        companies = self._run.population.companies_of(person.id)
        if len(companies) == 1:
            return self._company_chosen(request, session, name, person, companies[0].tenant_id)
        return onward(COMPANY, name)

    def _company_page(
        self, request: Request, session: Session, pending: PendingRequest, values: Mapping[str, str]
    ) -> Response:
        person = self.person(session)
        if person is None:
            return onward(SIGN_IN, values["request"])
        return self.page(
            request,
            session,
            pending,
            "company.html",
            name=values["request"],
            person=person,
            consultant=person.role is Role.CONSULTANT,
            companies=self._run.population.companies_of(person.id),
        )

    def _company_posted(
        self, request: Request, session: Session, pending: PendingRequest, values: Mapping[str, str]
    ) -> Response:
        person = self.person(session)
        if person is None:
            return onward(SIGN_IN, values["request"])
        chosen = values.get("tenant_id", "")
        companies = self._run.population.companies_of(person.id)
        company = next((entry for entry in companies if str(entry.tenant_id) == chosen), None)
        if company is None:
            note(request).outcome = "unknown_company"
            return onward(COMPANY, values["request"])
        note(request).outcome = "company_chosen"
        return self._company_chosen(request, session, values["request"], person, company.tenant_id)

    def _company_chosen(
        self, request: Request, session: Session, name: str, person: Person, tenant_id: int
    ) -> Response:
        """Goes on to the consent page, or ends here when this person or company may not."""
        pending = session.requests[name]
        population = self._run.population
        company = population.company(tenant_id)
        membership = population.membership(person.id, tenant_id)
        if company is None or membership is None:
            return onward(COMPANY, name)
        note(request).tenant_id = tenant_id
        if self._run.switches.account is Account.LOCKED:
            stopped = StoppedError(
                "account_locked",
                N_("The account is locked"),
                N_("The company's account is locked until an unpaid invoice has been settled."),
                status=403,
            )
            return stop_page(request, stopped, language_kept=session.language)
        if self._run.switches.account is Account.LOCKED_CALLBACK:
            pending.location = pending.request.redirect_uri
            note(request).outcome = "account_locked"
            return RedirectResponse(pending.location, status_code=302)
        refusal = refusal_of(person, company, membership, request=pending.request, switches=self._run.switches)
        if refusal is not None:
            return self._end(request, pending, refusal.error, refusal.description)
        pending.tenant_id = tenant_id
        return onward(CONSENT, name)

    def _consent_page(
        self, request: Request, session: Session, pending: PendingRequest, values: Mapping[str, str]
    ) -> Response:
        person, company = self.person(session), self._company(pending)
        if person is None or company is None:
            return onward(SIGN_IN, values["request"])
        return self.page(
            request,
            session,
            pending,
            "consent.html",
            name=values["request"],
            person=person,
            company=company,
            integration=self._run.integration,
            service=pending.request.service,
            scopes=[scope(entry) for entry in pending.request.scopes],
        )

    def _decided(
        self, request: Request, session: Session, pending: PendingRequest, values: Mapping[str, str]
    ) -> Response:
        person, company = self.person(session), self._company(pending)
        if person is None or company is None:
            return onward(SIGN_IN, values["request"])
        note(request).tenant_id = company.tenant_id
        if values.get("decision") == "decline":
            return self._end(request, pending, "access_denied", "The user denied access to your application")
        if values.get("decision") != "approve":
            return onward(CONSENT, values["request"])
        session.tenant_id = company.tenant_id
        code = self._run.approve(pending.request, person_id=person.id, tenant_id=company.tenant_id)
        note(request).outcome = "code_issued"
        if self._run.switches.callback is Callback.NONE:
            raise StoppedError(
                "nothing_comes_back",
                N_("Nothing more happens here"),
                N_("The approval was received, but the browser is not sent back."),
                status=200,
            )
        pending.location = answer_of(pending.request, code, self._run.switches.callback)
        return RedirectResponse(pending.location, status_code=302)

    def _end(self, request: Request, pending: PendingRequest, error: str, description: str) -> Response:
        asked = pending.request
        refusal = RedirectedError(error, description, redirect_uri=asked.redirect_uri, state=asked.state)
        pending.location = refusal.location(self._run.switches)
        note(request).outcome = error
        return RedirectResponse(pending.location, status_code=302)

    def person(self, session: Session) -> Person | None:
        return self._run.population.person(session.person_id) if session.person_id else None

    def _company(self, pending: PendingRequest) -> Company | None:
        return self._run.population.company(pending.tenant_id) if pending.tenant_id is not None else None

    def page(
        self, request: Request, session: Session, pending: PendingRequest, template: str, **values: object
    ) -> Response:
        note(request).outcome = "page"
        tongue = chosen_language(request, session.language)
        target = pending.request.redirect_uri
        return rendered(
            request,
            template,
            tongue,
            form_target=target,
            values={"script": None, "csrf": session.csrf, **values},
            scripted=bool(values.get("script")),
        )


def onward(path: str, name: str, **more: str) -> Response:
    """On to the next page. Relative, so that localhost and 127.0.0.1 both stay what they are."""
    return RedirectResponse(f"{path}?{urlencode({'request': name, **more})}", status_code=303)
