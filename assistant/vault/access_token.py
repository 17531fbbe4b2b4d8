"""An access token as whoever integrates gets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.secret import Secret
from assistant.vault.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A token that Fortnox's API accepts, as far as can be known.

    Attributes:
        token: the bearer token, masked in every repr; `token.reveal()` is the text.
        expires_at: when it ends, aware; None where Fortnox did not say.
        connection_id: of the connection it belongs to.
        tenant_id: the company's, digits.
        scopes: what it is good for.
        api: the address of the API, without a slash at its end.
    """

    token: Secret
    expires_at: datetime | None
    connection_id: str
    tenant_id: str
    scopes: tuple[str, ...]
    api: str


def token_of(connection: Connection, token: Secret, expires_at: datetime | None) -> AccessToken:
    """`token` of that connection."""
    return AccessToken(
        token=token,
        expires_at=expires_at,
        connection_id=connection.id,
        tenant_id=connection.tenant_id,
        scopes=connection.scopes_granted,
        api=connection.endpoints.api.rstrip("/"),
    )
