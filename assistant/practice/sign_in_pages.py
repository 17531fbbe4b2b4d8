"""The pages of BankID and of a sign-in in a window of its own."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assistant.language import N_
from assistant.practice.authorization import BANKID, POP_UP, SIGN_IN, AuthorizationPages, onward
from assistant.practice.bankid_order import SIGNING_SECONDS
from assistant.practice.moving_code import moving_code
from assistant.practice.run import Run, note
from assistant.practice.sessions import PendingRequest, Session
from assistant.practice.sign_in_ways import NOT_HERE, REFUSED
from assistant.practice.stopped import StoppedError, stop_page
from assistant.practice.switches import BankIdEnd, BankIdSigning, SignInPage

CODE = "/oauth-v1/auth/bankid/code.svg"
STATUS = "/oauth-v1/auth/bankid/status"
CONTINUE = "/oauth-v1/auth/continue"

_ENDS = {
    BankIdEnd.CANCELLED: N_("BankID was cancelled in the app."),
    BankIdEnd.TIMED_OUT: N_("BankID waited too long. Nothing was signed."),
    BankIdEnd.NO_USER: N_("No Fortnox user has this personal number. A system administrator can add it."),
}


class SignInPages:
    """The routes beside those of `AuthorizationPages`, which does the walking."""

    def __init__(self, run: Run, walk: AuthorizationPages) -> None:
        self._run = run
        self._walk = walk

    def routes(self) -> list[Route]:
        """The routes, for the application."""
        return [
            Route(BANKID, self.bankid, methods=["GET", "POST"]),
            Route(CODE, self.code, methods=["GET"]),
            Route(STATUS, self.status, methods=["GET"]),
            Route(POP_UP, self.pop_up, methods=["GET", "POST"]),
            Route(CONTINUE, self.go_on, methods=["GET"]),
            Route(NOT_HERE, self.not_here, methods=["GET"]),
        ]

    async def bankid(self, request: Request) -> Response:
        """The page that waits for the app; it is posted when that has signed, or when somebody says so."""
        return await self._walk.answer(request, self._bankid_page, self._signed)

    async def code(self, request: Request) -> Response:
        """A new pattern, for the page of another device."""
        note(request).outcome = "moving_code"
        return Response(moving_code(), media_type="image/svg+xml", headers={"Cache-Control": "no-store"})

    async def status(self, request: Request) -> Response:
        """How the order is getting on: `waiting`, `signed`, or how it ended."""
        session = self._run.sessions.of(request)
        note(request).outcome = "bankid_status"
        return JSONResponse({"state": self._state(session)}, headers={"Cache-Control": "no-store"})

    async def pop_up(self, request: Request) -> Response:
        """The sign-in form in a window of its own, and the page that closes that window."""
        return await self._walk.answer(request, self._pop_up_page, self._pop_up_posted)

    async def go_on(self, request: Request) -> Response:
        """Where the first window goes when the other one has signed in."""
        return await self._walk.answer(request, self._gone_on, self._gone_on)

    async def not_here(self, request: Request) -> Response:
        """The page for a browser that is refused."""
        session = self._run.sessions.of(request)
        return stop_page(request, REFUSED, language_kept=session.language if session else None)

    def _state(self, session: Session | None) -> str:
        order = session.bankid if session else None
        if order is None:
            return "gone"
        switches = self._run.switches
        due = order.seconds >= SIGNING_SECONDS
        if switches.bankid_end is not BankIdEnd.SIGNED:
            return "ended" if due or order.signed else "waiting"
        return "signed" if order.signed or (due and switches.bankid_signing is BankIdSigning.BY_ITSELF) else "waiting"

    def _bankid_page(
        self, request: Request, session: Session, pending: PendingRequest, values: Mapping[str, str]
    ) -> Response:
        order = session.bankid
        if order is None:
            return onward(SIGN_IN, values["request"])
        person = self._run.population.person(order.person_id)
        way = self._run.switches.sign_in_page
        return self._walk.page(
            request,
            session,
            pending,
            "bankid.html",
            name=values["request"],
            person=person,
            order=order,
            moving=way is SignInPage.BANKID_CODE,
            opens=way is SignInPage.BANKID_SCRIPT,
            by_itself=self._run.switches.bankid_signing is BankIdSigning.BY_ITSELF,
            code=CODE,
            status=STATUS,
            script="bankid.js",
        )

    def _signed(
        self, request: Request, session: Session, pending: PendingRequest, values: Mapping[str, str]
    ) -> Response:
        order, name = session.bankid, values["request"]
        if order is None:
            return onward(SIGN_IN, name)
        order.signed = order.signed or "signed" in values
        state = self._state(session)
        if state == "waiting":
            note(request).outcome = "bankid_waiting"
            return onward(BANKID, name)
        session.bankid = None
        if state == "ended":
            end = self._run.switches.bankid_end
            raise StoppedError(
                f"bankid_{end.name.lower()}",
                N_("BankID did not sign you in"),
                _ENDS[end],
                again=f"{SIGN_IN}?request={name}",
            )
        person = self._run.population.person(order.person_id)
        if person is None:
            return onward(SIGN_IN, name)
        return self._walk.welcome(request, session, name, person)

    def _pop_up_page(
        self, request: Request, session: Session, pending: PendingRequest, values: Mapping[str, str]
    ) -> Response:
        return self._walk.sign_in_page(request, session, pending, values, inside_pop_up=True)

    def _pop_up_posted(
        self, request: Request, session: Session, pending: PendingRequest, values: Mapping[str, str]
    ) -> Response:
        person = self._walk.proved(values)
        if person is None:
            note(request).outcome = "wrong_password"
            return onward(POP_UP, values["request"], wrong="1")
        self._walk.enter(request, session, person)
        response = self._walk.page(
            request,
            session,
            pending,
            "pop_up_done.html",
            onward=f"{CONTINUE}?request={values['request']}",
            script="pop_up_done.js",
        )
        note(request).outcome = "signed_in"
        self._run.sessions.hand_over(session, response)
        return response

    def _gone_on(
        self, request: Request, session: Session, pending: PendingRequest, values: Mapping[str, str]
    ) -> Response:
        person = self._walk.person(session)
        if person is None:
            return onward(SIGN_IN, values["request"])
        note(request).outcome = "continued"
        return self._walk.choose_company(request, session, values["request"], person)
