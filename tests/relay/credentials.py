"""Which connection credentials the relay has given out, and for what; of each secret only a hash is kept.

What is hashed is random with 122 bits or more, so that plain SHA-256 is enough: nobody can try them all.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Holding:
    """What one credential is good for.

    Attributes:
        key: the part of the credential that is no secret.
        tenant_id: the company, as Fortnox itself named it.
        service: whether it was given for a service account, as the program said. Only such a one gets service tokens,
            so that what is stolen from a user's computer opens no more than that user may.
        secret: hash of the part that is one.
        refresh_tokens: hashes of the newest refresh token and of the one before, which is tried once more when the
            answer with the newest was lost.
    """

    key: str
    tenant_id: str
    service: bool
    secret: bytes
    refresh_tokens: tuple[bytes, ...] = ()

    def has(self, refresh_token: str) -> bool:
        """Whether the token came with this credential."""
        shown = digest(refresh_token)
        return sum(hmac.compare_digest(kept, shown) for kept in self.refresh_tokens) > 0


class Credentials:
    """In memory; a vendor keeps the same rows in a database."""

    def __init__(self) -> None:
        self._holdings: dict[str, Holding] = {}

    def __len__(self) -> int:
        return len(self._holdings)

    def issue(self, tenant_id: str, *, service: bool, refresh_token: str | None) -> tuple[str, Holding]:
        """A new credential, and what is remembered of it. Those given out before stay as they are."""
        key, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        known = (digest(refresh_token),) if refresh_token else ()
        holding = Holding(key, tenant_id, service, digest(secret), known)
        self._holdings[key] = holding
        return f"{key}.{secret}", holding

    def holding(self, credential: str) -> Holding | None:
        """What `credential` is good for; None when it is not one of ours, or no longer."""
        key, _, secret = credential.partition(".")
        found = self._holdings.get(key)
        right = hmac.compare_digest(found.secret if found else bytes(32), digest(secret))
        return found if found and right else None

    def rotate(self, key: str, refresh_token: str) -> None:
        """Fortnox has replaced the refresh token that came with this credential."""
        found = self._holdings.get(key)
        if found is not None:
            self._holdings[key] = replace(found, refresh_tokens=(digest(refresh_token), *found.refresh_tokens[:1]))

    def void(self, key: str) -> None:
        """It opens nothing from now on."""
        self._holdings.pop(key, None)

    def void_tenant(self, tenant_id: str) -> int:
        """Withdraws every credential of a company; returns how many."""
        keys = [key for key, found in self._holdings.items() if found.tenant_id == tenant_id]
        for key in keys:
            self.void(key)
        return len(keys)


def digest(text: str) -> bytes:
    """SHA-256 of a secret that is random."""
    return hashlib.sha256(text.encode()).digest()
