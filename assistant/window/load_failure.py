"""Which problem a page that did not load is, from Chromium's network error numbers and HTTP status. No Qt.

Numbers: net/base/net_error_list.h of Chromium; they are stable, new ones are added at the end of a range.
"""

from __future__ import annotations

from typing import Final

from assistant.problems import Occurrence, occurrence

ABORTED: Final = -3  # what follows every refused or replaced navigation
NAME: Final = frozenset({-105, -137, -106, -800, -803})  # not resolved; resolution failed; no network; DNS answers
SILENT: Final = frozenset({-7, -15, -21, -100, -101, -102, -103, -104, -108, -109, -118, -324, -354, -355})
PROXY: Final = frozenset({-111, -121, -131, -136, -327, -336})
PROXY_SILENT: Final = frozenset({-120, -130})  # no connection to a SOCKS or HTTP proxy
PROXY_PASSWORD: Final = frozenset({-127})
PROXY_SIGN_IN: Final = frozenset({-115, -338, -339, -341, -342})  # it wants a way of signing in that is not there
CLIENT_CERTIFICATE: Final = frozenset({-110, -117, -134, -135})
CERTIFICATES: Final = range(-299, -199)
REFUSAL: Final = 400
FAULTY_ANSWER: Final = 500


def failed_load(code: int, *, host: str) -> Occurrence | None:
    """The problem behind a network error number; None where nothing went wrong."""
    if code in (ABORTED, 0):
        return None
    if code in PROXY_PASSWORD:
        return None  # the proxy's question itself is answered by `attempt`, and this follows it
    details: dict[str, object] = {"net_error": code}
    if code in CERTIFICATES:
        return certificate_refused(host=host, issuer="", net_error=code)
    for numbers, name in (
        (NAME, "WEB-11"),
        (SILENT, "WEB-12"),
        (PROXY, "WEB-14"),
        (PROXY_SILENT, "WEB-22"),
        (PROXY_SIGN_IN, "WEB-21"),
        (CLIENT_CERTIFICATE, "WEB-16"),
    ):
        if code in numbers:
            return occurrence(name, details, host=host)
    return occurrence("WEB-01", details, host=host)


def faulty_answer(status: int, *, host: str) -> Occurrence | None:
    """The problem behind an HTTP status. Under 500 the page itself says what to do, such as "wrong password"."""
    return occurrence("WEB-15", {"http_status": status}, host=host) if status >= FAULTY_ANSWER else None


def refused_request(status: int, *, host: str) -> Occurrence | None:
    """The problem behind the HTTP status of the answer to the authorization request itself: nothing that the person
    did has led to it. What the server makes of an invalid client id or redirect URI is not documented."""
    return occurrence("WEB-25", {"http_status": status}, host=host) if REFUSAL <= status < FAULTY_ANSWER else None


def certificate_refused(*, host: str, issuer: str, net_error: int) -> Occurrence:
    """The certificate of `host` is not trusted here; `issuer` is who signed it, empty when unknown."""
    code = "WEB-06" if issuer else "WEB-17"
    return occurrence(code, {"net_error": net_error, "issuer": issuer or None}, host=host, issuer=issuer)
