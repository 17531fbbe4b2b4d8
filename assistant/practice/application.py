"""The ASGI application of practice: who may ask at all, every route, and the log."""

from __future__ import annotations

import asyncio
import re
from email.utils import formatdate

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.practice.api import Api
from assistant.practice.authorization import AuthorizationPages
from assistant.practice.control import CONTROL, Control
from assistant.practice.faults import FaultLayer
from assistant.practice.forms import FormError, query
from assistant.practice.rendering import PAGES
from assistant.practice.request_log import LogEntry, Note, plain_names
from assistant.practice.run import Run
from assistant.practice.sign_in_pages import SignInPages
from assistant.practice.tokens import TokenEndpoints
from assistant.practice.troubles import Troubles

_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::(\d{1,5}))?", re.IGNORECASE)


_SCRIPTS = frozenset({"bankid.js", "embedded.js", "pop_up.js", "pop_up_done.js"})
_CACHED = {"Cache-Control": "max-age=600"}


async def _style(request: Request) -> Response:
    return FileResponse(PAGES / "practice.css", media_type="text/css", headers=_CACHED)


async def _script(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _SCRIPTS:
        return PlainTextResponse("Not Found", status_code=404)
    return FileResponse(PAGES / name, media_type="text/javascript", headers=_CACHED)


async def _icon(request: Request) -> Response:
    return FileResponse(PAGES / "practice.svg", media_type="image/svg+xml", headers=_CACHED)


async def _front(request: Request) -> Response:
    return RedirectResponse(CONTROL, status_code=303)


def application(run: Run) -> ASGIApp:
    """The application of one run."""
    pages = AuthorizationPages(run)
    routes = [
        *pages.routes(),
        *SignInPages(run, pages).routes(),
        *TokenEndpoints(run).routes(),
        *Api(run).routes(),
        *Control(run).routes(),
        Route("/practice.css", _style, methods=["GET"]),
        Route("/practice/scripts/{name}", _script, methods=["GET"]),
        Route("/practice.svg", _icon, methods=["GET"]),
        Route("/", _front, methods=["GET"]),
    ]
    troubles = Troubles(lambda: run.switches)
    known = frozenset(route.path for route in routes)
    return Gate(FaultLayer(Starlette(routes=routes), run.faults, troubles.standing), run, known_paths=known)


class Gate:
    """Refuses requests that were not meant for this computer, holds answers back, and logs every request once.

    Another `Host` means that a foreign name was made to point here (DNS rebinding); such a page could otherwise read
    what practice answers.
    """

    def __init__(self, app: ASGIApp, run: Run, *, known_paths: frozenset[str]) -> None:
        self._app = app
        self._run = run
        self._known_paths = known_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request (ASGI)."""
        if scope["type"] != "http":
            return
        note = Note()
        scope["practice.note"] = note
        scope["practice.cutting"] = lambda: self._record_cut(scope, note)
        start: Message | None = None

        async def watched(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = {**message, "headers": [*message["headers"], (b"date", self._date())]}
                return
            # Logged before the first byte leaves: whoever has the answer finds it in the log.
            if start is not None:
                self._record(scope, note, start["status"])
                await send(start)
                start = None
            await send(message)

        if not self._is_ours(scope):
            note.outcome = "foreign_host"
            await PlainTextResponse("Misdirected Request", status_code=421)(scope, receive, watched)
            return
        if self._run.switches.latency > 0:
            await asyncio.sleep(self._run.switches.latency)
        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            self._run.crashes.append(error)
            note.outcome = "crashed"
            raise
        finally:
            self._record_cut(scope, note)

    def _date(self) -> bytes:
        """The practice clock's time, by which a program judges the clock of its computer."""
        now = self._run.clock.now() + self._run.switches.clock_ahead
        return formatdate(now, usegmt=True).encode()

    def _record_cut(self, scope: Scope, note: Note) -> None:
        if not scope.get("practice.recorded"):
            note.outcome = note.outcome or "cut"
            self._record(scope, note, 0)

    def _is_ours(self, scope: Scope) -> bool:
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        return match is not None and match[1] in (None, str(self._run.port))

    def _record(self, scope: Scope, note: Note, status: int) -> None:
        scope["practice.recorded"] = True
        try:
            names = plain_names(query(Request(scope)))
        except FormError:
            names = ("(malformed)",)
        self._run.log.append(
            LogEntry(
                time=self._run.clock.now(),
                method=scope["method"] if scope["method"].isalpha() else "(odd)",
                path=scope["path"] if scope["path"] in self._known_paths else "(unknown)",
                query_names=names,
                form_names=note.form_names,
                status=status,
                client_authenticated=note.client_authenticated,
                grant=note.grant,
                outcome=note.outcome or ("ok" if 200 <= status < 400 else "refused"),
                tenant_id=note.tenant_id,
            )
        )
