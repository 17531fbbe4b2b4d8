"""The troubles of the switches as faults that strike every request of their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.types import Message, Receive, Scope

from assistant.practice.faults import Cut, Fault
from assistant.practice.forms import LONGEST_BODY, FormError, fields
from assistant.practice.switches import Place, Switches, Trouble

_TOKEN: Final = "/oauth-v1/token"  # noqa: S105 - a path
_PATHS: Final = {
    "/oauth-v1/auth": Place.AUTHORIZE,
    "/oauth-v1/auth/consent": Place.CONSENT,
    "/oauth-v1/revoke": Place.REVOCATION,
    "/oauth-v1/migrate": Place.MIGRATION,
    "/3/companyinformation": Place.COMPANY,
    "/3/settings/company": Place.COMPANY,
    "/3/me": Place.PERSON,
}
_GRANTS: Final = {
    "authorization_code": Place.EXCHANGE,
    "refresh_token": Place.RENEWAL,
    "client_credentials": Place.SERVICE_TOKEN,
}
_AT_TOKEN: Final = tuple(_GRANTS.values())

_FOREVER: Final = 3600.0
"""Seconds; longer than anybody waits."""
_HTML: Final = "text/html; charset=utf-8"
_WELCOME: Final = (
    b"<!doctype html><html lang='en'><title>Practice: guest network</title>"
    b"<h1>Guest network</h1><p>This practice page stands where an answer should be.</p></html>"
)
_MAINTENANCE: Final = (
    b"<!doctype html><html lang='sv'><title>Practice: maintenance</title>"
    b"<h1>Maintenance</h1><p>This practice page says that the service is closed for maintenance.</p></html>"
)
_OVERSIZED: Final = b'{"access_token":"' + b"a" * 5_000_000 + b'"}'

FAULTS: Final = {
    Trouble.SLOW: Fault(delay=3.0),
    Trouble.STALLED: Fault(delay=_FOREVER, cut=Cut.NO_ANSWER),
    Trouble.DRIP: Fault(drip=1.0),
    Trouble.CUT_BEFORE: Fault(cut=Cut.NO_ANSWER),
    Trouble.CUT_AFTER_WORK: Fault(cut=Cut.NO_ANSWER, handled=True),
    Trouble.CUT_AFTER_HEADERS: Fault(cut=Cut.AFTER_HEADERS),
    Trouble.CUT_MIDWAY: Fault(cut=Cut.MIDWAY),
    Trouble.HALF: Fault(halved=True),
    Trouble.EMPTY: Fault(status=200, body=b"", content_type=_HTML),
    Trouble.WRONG_TYPE: Fault(relabelled="text/plain; charset=utf-8"),
    Trouble.HTML: Fault(status=200, body=_WELCOME, content_type=_HTML),
    Trouble.MAINTENANCE: Fault(status=503, body=_MAINTENANCE, content_type=_HTML),
    Trouble.GATEWAY: Fault(status=502, body=_MAINTENANCE, content_type=_HTML),
    Trouble.FAULT: Fault(
        status=500, body=b'{"ErrorInformation":{"error":1,"message":"System exception","code":1000003}}'
    ),
    Trouble.FORBIDDEN: Fault(status=403, body=_WELCOME, content_type=_HTML),
    Trouble.OVERSIZED: Fault(status=200, body=_OVERSIZED),
    Trouble.REDIRECT: Fault(status=302, headers=(("Location", "/practice/elsewhere"),)),
    Trouble.TOO_MANY: Fault(status=429, body=_MAINTENANCE, content_type=_HTML),
    Trouble.TOO_MANY_WAIT: Fault(status=429, body=_MAINTENANCE, content_type=_HTML, headers=(("Retry-After", "30"),)),
}
"""What each trouble does to an answer."""


class Troubles:
    """Finds the fault that the switches hold against a request.

    Args:
        switches: asked at every request, because they may be changed while the server runs.
    """

    def __init__(self, switches: Callable[[], Switches]) -> None:
        self._switches = switches

    async def standing(self, scope: Scope, receive: Receive) -> tuple[Fault | None, Receive]:
        """The fault, if there is one, and what the request's body can still be read with."""
        switches = self._switches()
        place = _PATHS.get(scope["path"])
        if scope["path"] == _TOKEN and any(getattr(switches, each.value) is not Trouble.NONE for each in _AT_TOKEN):
            body, receive = await _read(receive)
            place = _GRANTS.get(_grant(body))
        if place is None:
            return None, receive
        return FAULTS.get(getattr(switches, place.value)), receive


def _grant(body: bytes) -> str:
    try:
        return fields(body.decode("latin-1")).get("grant_type", "")
    except FormError:
        return ""


async def _read(receive: Receive) -> tuple[bytes, Receive]:
    """The body, as far as it may be long, and a `receive` that gives the same messages again."""
    messages: list[Message] = []
    body = b""
    more = True
    while more and len(body) <= LONGEST_BODY:
        message = await receive()
        messages.append(message)
        body += message.get("body", b"")
        more = message.get("more_body", False)

    async def again() -> Message:
        return messages.pop(0) if messages else await receive()

    return body, again
