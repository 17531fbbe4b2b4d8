"""Answers of the token endpoint as values."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

import msgspec

from assistant.fortnox import body as json_body
from assistant.fortnox.errors import token_refusal
from assistant.fortnox.messages import Grant
from assistant.problems import Occurrence, ProblemError, occurrence, stop
from assistant.secret import Secret

_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")  # no space or control character ever reaches a header
_DIGITS = re.compile(r"[0-9]{1,20}")
_LONGEST_LIFE = 366 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAnswer:
    """A successful answer of the token endpoint (RFC 6749 5.1).

    Attributes:
        access_token: a bearer token, an hour long at Fortnox.
        refresh_token: None where the grant gives none.
        scopes: what was granted; None where the server does not say, which means: as requested.
        expires_in: seconds, or None where the server does not say or says something absurd.
        token_type: "bearer".
        connection_credential: what a vendor's relay issued with a code exchange.
    """

    access_token: Secret
    refresh_token: Secret | None
    scopes: tuple[str, ...] | None
    expires_in: int | None
    token_type: str = "bearer"  # noqa: S105 - the type's name
    connection_credential: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Returnable:
    """What could be read of an answer that cannot be used: enough to hand it back, and good for nothing else."""

    refresh_token: Secret
    connection_credential: Secret | None = None


class UnusableAnswerError(ProblemError):
    """The answer cannot be used, and yet gave a refresh token. It holds until somebody hands it back."""

    def __init__(self, occurrence: Occurrence, returnable: Returnable) -> None:
        super().__init__(occurrence)
        self.returnable = returnable


class _Answer(msgspec.Struct):
    access_token: str
    token_type: str
    refresh_token: str | None = None
    scope: str | list[str] | None = None
    expires_in: int | float | str | None = None
    connection_credential: str | None = None


class _Revoked(msgspec.Struct):
    revoked: bool


def read_token_answer(
    status: int, content_type: str, body: bytes, *, grant: Grant = Grant.AUTHORIZATION_CODE
) -> TokenAnswer:
    """The answer, if it is one.

    Raises:
        UnusableAnswerError: any of these problems, with a refresh token in the answer all the same.
        ProblemError: TOKEN-03 when it is not understood, TOKEN-16 for another token type, else what the refusal means.
    """
    found = _judged(status, content_type, body, grant)
    if isinstance(found, TokenAnswer):
        return found
    left = _returnable(body) if 200 <= status < 300 else None
    raise ProblemError(found) if left is None else UnusableAnswerError(found, left)


def _judged(status: int, content_type: str, body: bytes, grant: Grant) -> TokenAnswer | Occurrence:
    details: dict[str, object] = {"Grant": grant.value, "HTTP status": status, "Content type": media_type(content_type)}
    found = json_body.read(body, _Answer) if 200 <= status < 300 else None
    if found is None:
        return token_refusal(grant, status, body) or occurrence("TOKEN-03", details)
    if found.token_type.lower() != "bearer":
        return occurrence("TOKEN-16", details)
    texts = (found.access_token, found.refresh_token or None, found.connection_credential or None)
    if any(text is not None and not _TOKEN.fullmatch(text) for text in texts):
        return occurrence("TOKEN-03", details)
    return TokenAnswer(
        access_token=Secret(found.access_token),
        refresh_token=Secret(found.refresh_token) if found.refresh_token else None,
        scopes=_scopes(found.scope),
        expires_in=_seconds(found.expires_in),
        connection_credential=Secret(found.connection_credential) if found.connection_credential else None,
    )


def _returnable(body: bytes) -> Returnable | None:
    """The refresh token in an answer that is none, whatever else is wrong with it."""
    fields = json_body.read(body, dict[str, object]) or {}
    refresh_token, credential = _token(fields.get("refresh_token")), _token(fields.get("connection_credential"))
    return None if refresh_token is None else Returnable(refresh_token=refresh_token, connection_credential=credential)


def _token(said: object) -> Secret | None:
    return Secret(said) if isinstance(said, str) and _TOKEN.fullmatch(said) else None


def read_revocation_answer(status: int, body: bytes) -> bool:
    """Whether the token is revoked: any 2xx is a yes (RFC 7009 2.2), unless Fortnox's own `revoked` says false.

    A web page is no yes: networks that want a sign-in of their own show one with a 200 in place of every answer.

    Raises:
        ProblemError: the server refused to look at it.
    """
    if 200 <= status < 300:
        if body.lstrip().startswith(b"<"):
            return False
        said = json_body.read(body, _Revoked)
        return said is None or said.revoked
    refused = token_refusal(Grant.REVOCATION, status, body)
    raise ProblemError(refused) if refused else stop("TOKEN-03", {"Grant": "revocation", "HTTP status": status})


def tenant_id_claim(access_token: Secret) -> str | None:
    """The claim `tenantId` of an access token that is a JWT, unverified (the key is not published) [CODE].

    Best effort: good for a comparison, never instead of the company's own answer.
    """
    parts = access_token.reveal().split(".")
    if len(parts) != 3:
        return None
    try:
        claims = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
    except (binascii.Error, ValueError):
        return None
    found = json_body.read(claims, dict[str, object])
    claim = found.get("tenantId") if found else None
    if isinstance(claim, bool) or not isinstance(claim, int | str):
        return None
    return str(int(claim)) if _DIGITS.fullmatch(str(claim)) else None


def media_type(content_type: str) -> str | None:
    """The media type alone, if it is one, for the technical details."""
    found = re.match(r"[a-z]{1,20}/[a-z0-9.+-]{1,40}", content_type.strip().lower())
    return found[0] if found else None


def _scopes(said: str | list[str] | None) -> tuple[str, ...] | None:
    names = said.split() if isinstance(said, str) else said or []
    return tuple(dict.fromkeys(names)) or None


def _seconds(said: float | str | None) -> int | None:
    if isinstance(said, str):
        said = int(said) if _DIGITS.fullmatch(said) else None
    if said is None or not 0 < said <= _LONGEST_LIFE:  # also refuses NaN
        return None
    return int(said) or None
