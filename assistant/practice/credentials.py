"""The values that practice hands out: codes, tokens, and the consent behind them."""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from dataclasses import dataclass, field
from typing import Final

from assistant.practice.switches import TenantClaim, TokenLength

CODE_LIFETIME: Final = 600.0
"""Seconds an authorization code lives [DOC authorization]."""
ACCESS_TOKEN_LIFETIME: Final = 3600.0
"""Seconds an access token lives [DOC authorization]."""
REFRESH_TOKEN_LIFETIME: Final = 45 * 86400.0
"""Seconds an unused refresh token lives [DOC migrate-legacy-token-to-jwt]."""
REFRESH_GRACE: Final = 1800.0
"""Seconds a used refresh token still works under `RefreshReuse.GRACE` (guess; another accounting program's rule)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """What one person approved for one company.

    `family` ties together everything issued from the same approval.
    """

    client_id: str
    tenant_id: int
    person_id: str
    service: bool
    scopes: tuple[str, ...]
    family: str

    @property
    def scope(self) -> str:
        """The scopes as the protocol writes them."""
        return " ".join(self.scopes)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationCode:
    """A code on its way to the integration. `challenge` is the PKCE S256 challenge when one was sent."""

    value: str = field(repr=False)
    authorization: Authorization
    redirect_uri: str
    challenge: str | None
    with_refresh_token: bool
    issued_at: float
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A bearer token. `alive` turns False when a switch or the customer kills it before its time."""

    value: str = field(repr=False)
    authorization: Authorization
    expires_at: float
    alive: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """A token for one renewal."""

    value: str = field(repr=False)
    authorization: Authorization
    issued_at: float
    used_at: float | None = None
    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceConsent:
    """That a company lets an integration work through a service account, and for which scopes."""

    client_id: str
    tenant_id: int
    person_id: str
    scopes: tuple[str, ...]
    recorded_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAnswer:
    """What the token endpoint answers with."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    scope: str
    tenant_id: int

    def body(self) -> dict[str, object]:
        """The JSON object [DOC get-access-token]. `refresh_token` is absent when there is none."""
        body: dict[str, object] = {
            "access_token": self.access_token,
            "scope": self.scope,
            "expires_in": int(ACCESS_TOKEN_LIFETIME),
            "token_type": "bearer",
        }
        if self.refresh_token is not None:
            body["refresh_token"] = self.refresh_token
        return body


def new_uuid() -> str:
    """A value shaped like Fortnox's codes and refresh tokens: a random UUID [USER]."""
    return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))


def access_token_text(
    authorization: Authorization, *, issued_at: float, claim: TenantClaim, length: TokenLength
) -> str:
    """An access token with the one claim that is known, `tenantId` [DOC]; the others are guesses.

    The signature is random: Fortnox does not publish its key, so no client may try to verify one.
    """
    if claim is TenantClaim.NOT_A_JWT:
        return new_uuid()
    header = {"alg": "RS256", "typ": "JWT", "kid": "practice"}
    claims: dict[str, object] = {
        "tenantId": str(authorization.tenant_id) if claim is TenantClaim.TEXT else authorization.tenant_id,
        "scope": authorization.scope,
        "iat": int(issued_at),
        "exp": int(issued_at + ACCESS_TOKEN_LIFETIME),
        "jti": new_uuid(),
    }
    if claim is TenantClaim.ABSENT:
        del claims["tenantId"]
    if length is TokenLength.FOUR_KILOBYTES:
        claims["padding"] = secrets.token_urlsafe(3000)
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in (header, claims)] + [secrets.token_bytes(256)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
