"""Browsers that practice knows by their cookie, and the authorization requests under way in each."""

from __future__ import annotations

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from assistant.practice.authorization_request import AuthorizationRequest
from assistant.practice.bankid_order import BankIdOrder

_MOST_SESSIONS: Final = 500
_MOST_REQUESTS: Final = 20


@dataclass(slots=True)
class PendingRequest:
    """One authorization request between its arrival and the redirect back.

    `location` is where it ended: a second press of the same button is sent there too, since a browser drops the
    answer to the first.
    """

    request: AuthorizationRequest
    tenant_id: int | None = None
    location: str | None = field(default=None, repr=False)


@dataclass(slots=True)
class Session:
    """One browser. `tenant_id` is the company it last approved for."""

    id: str = field(repr=False)
    csrf: str = field(repr=False)
    person_id: str | None = None
    tenant_id: int | None = None
    bankid: BankIdOrder | None = field(default=None, repr=False)
    language: str | None = None
    requests: OrderedDict[str, PendingRequest] = field(default_factory=OrderedDict, repr=False)

    def begin(self, request: AuthorizationRequest) -> str:
        """Remembers `request` and returns the name it goes by in this browser."""
        name = secrets.token_urlsafe(12)
        self.requests[name] = PendingRequest(request)
        while len(self.requests) > _MOST_REQUESTS:
            self.requests.popitem(last=False)
        return name

    def sent_by_us(self, form: Mapping[str, str]) -> bool:
        """Whether a form came from one of our own pages in this browser."""
        return hmac.compare_digest(form.get("csrf", "").encode(), self.csrf.encode())


class Sessions:
    """All of them. The cookie's name holds the port, because browsers share cookies between ports."""

    def __init__(self, *, port: int) -> None:
        self._cookie = f"practice_session_{port}"
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def of(self, request: Request) -> Session | None:
        """The session of the browser that sent `request`, if it has one."""
        return self._sessions.get(request.cookies.get(self._cookie, ""))

    def open(self) -> Session:
        """A new session, known to nobody yet."""
        session = Session(id=secrets.token_urlsafe(24), csrf=secrets.token_urlsafe(24))
        self._sessions[session.id] = session
        while len(self._sessions) > _MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return session

    def renew(self, session: Session) -> None:
        """Gives the session a new cookie value, so that one planted before signing in is worth nothing after."""
        del self._sessions[session.id]
        session.id = secrets.token_urlsafe(24)
        self._sessions[session.id] = session

    def hand_over(self, session: Session, response: Response) -> None:
        """Puts the session's cookie into `response`."""
        response.set_cookie(self._cookie, session.id, httponly=True, samesite="lax", path="/oauth-v1/")
