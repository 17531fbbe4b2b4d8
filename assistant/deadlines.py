"""How long each wish of the journey may take, and what it is when one takes longer. No I/O.

The ports have limits of their own, and end in problems that say more. These lie above them: whatever a port does,
no page waits for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.journey import Wish, wishes
from assistant.problems import Occurrence, occurrence

CODE_SECONDS = 600.0
"""An authorization code holds ten minutes from its issue [DOC, get-access-token]; counted from the redirect."""

_SECONDS: Mapping[type[Wish], float] = {
    wishes.ListConnections: 15.0,  # SQLite waits five for another program's turn
    wishes.UnlockKeychain: 330.0,  # the person has five minutes to find the system's box and type
    wishes.ExchangeCode: 45.0,  # one request: 20, and ten more to name a certificate's issuer
    wishes.ReadCompany: 45.0,
    wishes.ReadPerson: 45.0,
    wishes.ProveService: 75.0,  # two requests
    wishes.FindMatching: 15.0,
    wishes.Revoke: 45.0,
    wishes.Store: 360.0,  # the box of the keychain may come up again
    wishes.SetAside: 330.0,  # macOS may ask whether the key may be read
    wishes.OpenStartPage: 15.0,
    wishes.OpenOwnBrowser: 15.0,
    wishes.Listen: 15.0,  # until somebody listens; the answer itself has the time of LimitOwnBrowser
}

AT_ONCE: frozenset[type[Wish]] = frozenset({
    wishes.PrepareSignIn, wishes.EndSignIn, wishes.HideWindow, wishes.Quit,
})  # fmt: skip
"""Carried out before the next event is looked at: nothing is waited for."""

TIMES: frozenset[type[Wish]] = frozenset({wishes.LimitOwnBrowser, wishes.SetDeadline})
"""Their `seconds` are the bound: they are what ends the wait of others."""

BY_THE_PERSON: frozenset[type[Wish]] = frozenset({wishes.ShowSignIn})
"""As long as the person takes. A page that does not come is ended by the watch of what is drawn (WEB-03, WEB-12)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Attributes:
    seconds: of each wish that waits for an answer.
    code: how old an authorization code may be to be sent again.
    """

    seconds: Mapping[type[Wish], float] = field(default_factory=lambda: _SECONDS)
    code: float = CODE_SECONDS

    def of(self, wish: Wish) -> float | None:
        """The seconds for `wish`; None for one whose end is a time itself.

        Raises:
            KeyError: nobody has said how long such a wish may take.
        """
        return None if type(wish) in TIMES else self.seconds[type(wish)]


def too_late(wish: Wish) -> Occurrence:
    """What it is when `wish` has not been answered in time."""
    details: dict[str, object] = {"Step": type(wish).__name__}
    match wish:
        case wishes.ExchangeCode():
            return occurrence("TOKEN-04", details)  # it may have been sent, and the code used up
        case wishes.UnlockKeychain() | wishes.SetAside():
            return occurrence("STORE-04", details)
        case wishes.Store():
            return occurrence("STORE-17", details)  # it goes on, on a thread that nobody can stop
        case wishes.OpenStartPage():
            return occurrence("OPEN-01", details)
        case wishes.OpenOwnBrowser():
            return occurrence("OWN-04", details)
        case _:
            return occurrence("START-04", details)
