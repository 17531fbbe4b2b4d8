"""Which sign-in an authorization code belongs to, as far as a relay can know; of each code only a hash is kept.

A sign-in is known by its `state`, which is the S256 of a secret that only the computer which began it holds. Who shows
the secret proves that the sign-in is theirs. That the code came back from that sign-in, the relay knows when its own
redirect page was shown both; else it takes the word of whoever brings the code first.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.relay.credentials import digest

REMEMBERED = 3600.0
"""Seconds: a code holds ten minutes, but what a stolen one opened is open for an hour."""
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
STATE = re.compile(r"[A-Za-z0-9_-]{43}")


def state_of(state_verifier: str) -> str:
    """The `state` of the sign-in that `state_verifier` belongs to."""
    return base64.urlsafe_b64encode(hashlib.sha256(state_verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(slots=True)
class _Code:
    state: str
    at: float
    from_page: bool
    disputed: bool = False
    key: str | None = None  # of the credential that it gave


class Codes:
    """In memory. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._codes: dict[bytes, _Code] = {}

    def came_back(self, code: str, state: str) -> None:
        """The redirect page was shown `code` with `state`. What was known before stays."""
        self._forget()
        self._codes.setdefault(digest(code), _Code(state, self._clock(), from_page=True))

    def claim(self, code: str, state: str) -> tuple[bool, str | None]:
        """Whether the code may be exchanged for the sign-in `state`, and the key of a credential that is void now.

        Two sign-ins that bring the same code: one of them stole it. If the redirect page has not seen whose it is,
        nobody knows which, and neither keeps what it got.
        """
        self._forget()
        known = self._codes.setdefault(digest(code), _Code(state, self._clock(), from_page=False))
        if hmac.compare_digest(known.state, state):
            return not known.disputed, None
        if known.from_page:
            return False, None
        known.disputed = True
        return False, known.key

    def gave(self, code: str, key: str) -> bool:
        """Notes what the code gave; False when it has come to be disputed meanwhile."""
        known = self._codes.get(digest(code))
        if known is None or known.disputed:
            return False
        known.key = key
        return True

    def _forget(self) -> None:
        oldest = self._clock() - REMEMBERED
        while self._codes and (first := next(iter(self._codes))) and self._codes[first].at < oldest:
            del self._codes[first]
