"""Error bodies of Fortnox's token endpoint and API, and what they mean as our problems.

The code in the body comes first and the HTTP status second: the same refusal has been seen with different statuses
(2000663 as 400, 401 and 403). Messages are Swedish and for people; nothing of a body but its codes is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec

from assistant.fortnox import body as json_body
from assistant.fortnox.messages import Grant
from assistant.fortnox.refusal import safe
from assistant.fortnox.scopes import licence_words, scope
from assistant.problems import Occurrence, occurrence


@dataclass(frozen=True, slots=True)
class ErrorInformation:
    """Fortnox's API error: `code` is what counts, `error` says little."""

    code: int
    error: int | None


@dataclass(frozen=True, slots=True)
class OAuthError:
    """An error of the token endpoint (RFC 6749 5.2). `description` is only looked at, never shown."""

    error: str
    description: str


class _OAuthBody(msgspec.Struct):
    error: str
    error_description: str | None = None


_API_CODES = {
    2000310: "CHECK-05",  # [DOC errors] Ogiltig inloggning
    2000311: "CHECK-05",  # [DOC errors] access-token eller client-secret saknas
    2000663: "CHECK-04",  # [DOC errors] Har inte behörighet för scope
    2001101: "CHECK-03",  # [DOC errors] ingen aktiv licens för önskat scope
    2001103: "CHECK-03",  # [DOC errors] Api-licens saknas
    1000003: "NET-06",  # [DOC errors] System exception
}

_INVALID_GRANT = {
    Grant.AUTHORIZATION_CODE: "TOKEN-02",
    Grant.REFRESH_TOKEN: "TOKEN-11",
    Grant.CLIENT_CREDENTIALS: "TOKEN-08",
    Grant.MIGRATION: "TOKEN-11",
}

_TOKEN_CODES = {
    "invalid_client": "TOKEN-01",
    "redirect_uri_mismatch": "TOKEN-07",
    "invalid_scope": "TOKEN-09",
    "error_missing_license": "TOKEN-10",
    "error_missing_app_license": "AUTH-04",
    "server_error": "AUTH-13",
    "temporarily_unavailable": "AUTH-13",
}

_NO_CONSENT = frozenset({"access_denied", "unauthorized_client", "unsupported_grant_type", "consent_required"})
_GATEWAY_LOST_IT = frozenset({502, 504})
_RETRY_AFTER = "10"


def read_error_information(body: bytes) -> ErrorInformation | None:
    """Fortnox's `ErrorInformation` in either casing of its keys [DOC responses, USER]."""
    whole = _folded(json_body.read(body, dict[str, object]))
    inner = _folded(whole.get("errorinformation"))
    code = _integer(inner.get("code"))
    return None if code is None else ErrorInformation(code=code, error=_integer(inner.get("error")))


def read_oauth_error(body: bytes) -> OAuthError | None:
    """An OAuth error body, or None."""
    found = json_body.read(body, _OAuthBody)
    return None if found is None else OAuthError(found.error, found.error_description or "")


def token_refusal(grant: Grant, status: int, body: bytes, *, retry_after: int | None = None) -> Occurrence | None:
    """What a refusal by the authorization server means; None for a success whose body is no refusal either."""
    refused = read_oauth_error(body)
    details: dict[str, object] = {"Grant": grant.value, "HTTP status": status}
    if refused is not None and (refused.error or status >= 400):
        details["OAuth"] = safe(refused.error)
        return occurrence(_token_code(grant, status, refused), details, **_wait(retry_after))
    information = read_error_information(body)
    if information is not None:
        details["Fortnox"] = information.code
    if status < 400:
        return None
    return occurrence(_token_status(grant, status), details, **_wait(retry_after))


def api_refusal(status: int, body: bytes, *, scope_name: str, retry_after: int | None = None) -> Occurrence:
    """What a refusal by the API means, for a call that needs `scope_name`."""
    information = read_error_information(body)
    oauth = read_oauth_error(body)
    details: dict[str, object] = {
        "HTTP status": status,
        "Fortnox": information.code if information else None,
        "OAuth": safe(oauth.error) if oauth else None,
    }
    entry = scope(scope_name)
    facts = {"permission": entry.label, "licence": licence_words(entry), **_wait(retry_after)}
    return occurrence(_api_code(status, information, oauth), details, **facts)


def _token_code(grant: Grant, status: int, refused: OAuthError) -> str:
    error, said = refused.error.lower(), refused.description.lower()
    if "does not allow service account" in said:
        return "AUTH-06"
    if "auth code or clientid supplied is invalid" in said:
        return "AUTH-12"
    if "not have enough licenses" in f"{error} {said}":
        return "TOKEN-10"
    if error.startswith("error_missing_system_admin"):
        return "AUTH-02"
    if "redirect uri is missing or do" in said:
        return "TOKEN-07"
    if error == "invalid_grant":
        return _INVALID_GRANT.get(grant, "TOKEN-14")
    if grant is Grant.CLIENT_CREDENTIALS and error in _NO_CONSENT:
        return "TOKEN-08"
    return _TOKEN_CODES.get(error) or _token_status(grant, status, known_body=True)


def _token_status(grant: Grant, status: int, *, known_body: bool = False) -> str:
    if status == 407:
        return "NET-05"
    if status == 429:
        return "TOKEN-13"
    if status in _GATEWAY_LOST_IT and not grant.repeatable:
        return "TOKEN-04"  # something between asked Fortnox and lost what it said
    if status >= 500:
        return "NET-06"
    if known_body:
        return "TOKEN-14"
    if grant is Grant.MIGRATION:  # [DOC migrate-legacy-token-to-jwt] documents these statuses without a body
        return {401: "TOKEN-01", 403: "TOKEN-10", 404: "TOKEN-11"}.get(status, "TOKEN-14")
    return "TOKEN-01" if status == 401 else "TOKEN-14"


def _api_code(status: int, information: ErrorInformation | None, oauth: OAuthError | None) -> str:
    if information is not None and information.code in _API_CODES:
        return _API_CODES[information.code]
    if oauth is not None and oauth.error in ("invalid_token", "insufficient_scope"):  # RFC 6750 3.1
        return "CHECK-05" if oauth.error == "invalid_token" else "CHECK-04"
    if status >= 500:
        return "NET-06"
    return {401: "CHECK-05", 407: "NET-05", 429: "TOKEN-13"}.get(status, "CHECK-08")


def _wait(retry_after: int | None) -> dict[str, str]:
    """The limit is 25 calls in 5 seconds [DOC rate-limits]; ten seconds are enough where nothing is said."""
    return {"seconds": _RETRY_AFTER if retry_after is None else str(retry_after)}


def _folded(value: object) -> dict[str, object]:
    """A JSON object with its keys in lower case; anything else as an empty one."""
    return {str(key).lower(): item for key, item in value.items()} if isinstance(value, dict) else {}


def _integer(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) < 10**12 else None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}", value):
        return int(value)
    return None
