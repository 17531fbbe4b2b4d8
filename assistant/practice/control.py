"""The control page: what practice does and why, with its switches and its clock. It needs the token of the run."""

from __future__ import annotations

import datetime
import hmac
import secrets
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.language import N_
from assistant.practice.facts import FACTS
from assistant.practice.forms import FormError, form, query
from assistant.practice.rendering import chosen_language, page
from assistant.practice.request_log import plain_names
from assistant.practice.run import Run, note
from assistant.practice.scenarios import EVERYWHERE, PLACES, SCENARIOS, TROUBLES, ScenarioError, combine
from assistant.practice.stopped import StoppedError, stop_page
from assistant.practice.switches import QUESTIONS, Stage, with_choices

ENTER = "/practice/enter"
CONTROL = "/practice/"
_STEPS = (
    ("600", N_("10 minutes")),
    ("3600", N_("1 hour")),
    ("86400", N_("1 day")),
    ("3888000", N_("45 days")),
)
_LATEST = 40
_FIELD = "scenario-"
_LISTED = [each for each in SCENARIOS.values() if each.stage is not Stage.NETWORK and each.changes]
_LISTED += EVERYWHERE
"""The situations with a box of their own; those of the network are put together from their two halves."""


class Control:
    """Routes of the control page. The link with the token is traded for a cookie, so that it does not stay in view."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._cookie_name = f"practice_control_{run.port}"
        self._cookie = secrets.token_urlsafe(24)
        self._csrf = secrets.token_urlsafe(24)
        self._language: str | None = None
        self._refused: ScenarioError | None = None

    def routes(self) -> list[Route]:
        """The routes, for the application."""
        return [
            Route(ENTER, self.enter, methods=["GET"]),
            Route(CONTROL, self.show, methods=["GET"]),
            Route(f"{CONTROL}switches", self.switches, methods=["POST"]),
            Route(f"{CONTROL}scenario", self.scenario, methods=["POST"]),
            Route(f"{CONTROL}clock", self.clock, methods=["POST"]),
            Route(f"{CONTROL}withdraw", self.withdraw, methods=["POST"]),
        ]

    async def enter(self, request: Request) -> Response:
        """Takes the token of the run."""
        try:
            given = query(request).get("token", "")
        except FormError:
            given = ""
        if not hmac.compare_digest(given.encode(), self._run.control_token.encode()):
            return self._closed(request)
        note(request).outcome = "control_opened"
        response = RedirectResponse(CONTROL, status_code=303)
        response.set_cookie(self._cookie_name, self._cookie, httponly=True, samesite="lax", path=CONTROL)
        return response

    async def show(self, request: Request) -> Response:
        """The page."""
        if not self._is_open(request):
            return self._closed(request)
        run = self._run
        tongue = chosen_language(request, self._language)
        self._language = tongue.code
        moment = datetime.datetime.fromtimestamp(run.clock.now(), tz=datetime.UTC)
        connected = [
            (
                run.population.company(tenant_id),
                run.ledger.consent(client_id=run.integration.client_id, tenant_id=tenant_id),
            )
            for tenant_id in run.ledger.connected(run.integration.client_id)
        ]
        note(request).outcome = "page"
        return page(
            request,
            "control.html",
            tongue,
            values={
                "script": None,
                "csrf": self._csrf,
                "integration": run.integration,
                "now": moment.strftime("%Y-%m-%d %H:%M:%S UTC"),
                "steps": _STEPS,
                "stages": [
                    (
                        stage,
                        [question for question in QUESTIONS if question.stage is stage],
                        [each for each in _LISTED if each.stage is stage],
                    )
                    for stage in Stage
                ],
                "switches": run.switches,
                "chosen": self._run.chosen,
                "refused": self._refused.sentence(tongue) if self._refused else "",
                "network": [
                    name for name, each in SCENARIOS.items() if each.stage is Stage.NETWORK and each not in EVERYWHERE
                ],
                "places": list(PLACES),
                "troubles": list(TROUBLES),
                "facts": FACTS,
                "connected": [(company, consent is not None) for company, consent in connected if company is not None],
                "entries": run.log[-_LATEST:][::-1],
            },
        )

    async def switches(self, request: Request) -> Response:
        """Sets the switches."""
        return await self._changed(request, self._set_switches)

    async def scenario(self, request: Request) -> Response:
        """Sets the switches to what the chosen situations make of them."""
        return await self._changed(request, self._set_scenario)

    async def clock(self, request: Request) -> Response:
        """Moves the clock forward."""
        return await self._changed(request, self._advance)

    async def withdraw(self, request: Request) -> Response:
        """Does what a customer does under Manage integrations: removes the connection on Fortnox's side."""
        return await self._changed(request, self._withdraw)

    def _set_switches(self, values: Mapping[str, str]) -> None:
        names = {question.name for question in QUESTIONS}
        self._run.chosen, self._refused = frozenset(), None
        self._run.switches = with_choices(
            self._run.switches, {name: value for name, value in values.items() if name in names}
        )

    def _set_scenario(self, values: Mapping[str, str]) -> None:
        names = [name.removeprefix(_FIELD) for name in values if name.startswith(_FIELD)]
        names += values.get("more", "").split()
        try:
            self._run.switches = combine(*names)
        except ScenarioError as refused:
            self._refused = refused
            raise
        self._run.chosen, self._refused = frozenset(names), None

    def _advance(self, values: Mapping[str, str]) -> None:
        if values.get("seconds") not in {seconds for seconds, _ in _STEPS}:
            raise ValueError("no such step")
        self._run.clock.advance(float(values["seconds"]))
        self._run.save()

    def _withdraw(self, values: Mapping[str, str]) -> None:
        self._run.ledger.withdraw(client_id=self._run.integration.client_id, tenant_id=int(values.get("tenant_id", "")))
        self._run.save()

    async def _changed(self, request: Request, change: Callable[[Mapping[str, str]], None]) -> Response:
        if not self._is_open(request):
            return self._closed(request)
        try:
            values = await form(request)
            note(request).form_names = plain_names(values)
            if not hmac.compare_digest(values.get("csrf", "").encode(), self._csrf.encode()):
                return self._closed(request)
            change(values)
        except (FormError, ValueError):
            note(request).outcome = "malformed"
            return RedirectResponse(CONTROL, status_code=303)
        note(request).outcome = "changed"
        return RedirectResponse(CONTROL, status_code=303)

    def _is_open(self, request: Request) -> bool:
        given = request.cookies.get(self._cookie_name, "")
        return hmac.compare_digest(given.encode(), self._cookie.encode())

    def _closed(self, request: Request) -> Response:
        closed = StoppedError(
            "control_refused",
            N_("The control page is closed"),
            N_("Open it with the link that practice showed when it started."),
            status=403,
        )
        return stop_page(request, closed, language_kept=self._language)
