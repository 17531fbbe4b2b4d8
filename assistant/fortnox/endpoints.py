"""Where Fortnox answers: the addresses of its authorization server and API."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Addresses of one authorization server and its API.

    The defaults are Fortnox's own (documented at fortnox.se/developer: get-authorization-code, get-access-token,
    revoke-access-token, migrate-legacy-token-to-jwt, header-fields). `pkce` says whether a code challenge is sent:
    Fortnox does not document PKCE, so it is sent and relied on for nothing.
    """

    authorize: str = "https://apps.fortnox.se/oauth-v1/auth"
    token: str = "https://apps.fortnox.se/oauth-v1/token"  # noqa: S105 - an address, not a token
    revoke: str = "https://apps.fortnox.se/oauth-v1/revoke"
    migrate: str = "https://apps.fortnox.se/oauth-v1/migrate"
    api: str = "https://api.fortnox.se"
    pkce: bool = True

    @property
    def authorize_host(self) -> str:
        """Host (with port where it is given) of the authorization server; part of a connection's identity."""
        return urlsplit(self.authorize).netloc.lower()

    @property
    def is_fortnox(self) -> bool:
        """True when every address is Fortnox's own."""
        return self == Endpoints(pkce=self.pkce)
