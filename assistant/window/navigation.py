"""What the sign-in browser does with an address before it is asked for: load, catch, hand over or refuse. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from assistant.window.place import Place, is_host_under

HANDED_OVER: Final = frozenset({"bankid"})
# Schemes of pages that would come from this computer or from a page itself, without an origin a person can judge.
PAGE_SCHEMES: Final = frozenset({
    "http", "file", "data", "blob", "javascript", "ftp", "view-source", "chrome", "chrome-untrusted", "devtools",
    "chrome-extension", "filesystem", "about", "qrc", "qtpdf", "content", "intent", "",
})  # fmt: skip
EMPTY_PAGES: Final = frozenset({"about:blank", "about:srcdoc"})


class Redirect(Protocol):
    """The integration's redirect URI; compares after the same normalisation on both sides."""

    def matches(self, url: str) -> bool:
        """Whether `url`, as the engine writes it, is the redirect with its parameters."""


class Verdict(Enum):
    """What becomes of a navigation."""

    LOAD = "load"
    CATCH = "catch"  # the redirect: refused, so that the request with the code never leaves, and reported
    HAND_OVER = "hand-over"  # another program's: given to the operating system
    REFUSE_UNSAFE = "refuse-unsafe"  # not https, or no origin
    REFUSE_HOST = "refuse-host"  # not among the integration file's `[browser] hosts`
    REFUSE_PROGRAM = "refuse-program"  # would start a program other than BankID
    DROP = "drop"  # refused without a word: in a frame, or after the redirect


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one attempt.

    Attributes:
        redirect: what ends the sign-in.
        hosts: the only hosts (and hosts under them) the main frame may visit, besides this computer when `redirect` or
            the first page is there; None for every host.
    """

    redirect: Redirect
    hosts: tuple[str, ...] | None = None

    def judge(self, url: str, *, main_frame: bool) -> Verdict:
        """The verdict on `url` as the engine writes it (WHATWG-normalised)."""
        if self.redirect.matches(url):
            return Verdict.CATCH if main_frame else Verdict.DROP
        place = Place.of(url)
        if place.scheme in HANDED_OVER:
            return Verdict.HAND_OVER
        if url in EMPTY_PAGES:
            return Verdict.LOAD
        if place.secure or place.loopback:
            return Verdict.LOAD if not main_frame or self._allows(place.host) else Verdict.REFUSE_HOST
        if not main_frame:
            return Verdict.DROP
        return Verdict.REFUSE_UNSAFE if place.scheme in PAGE_SCHEMES | {"https"} else Verdict.REFUSE_PROGRAM

    def _allows(self, host: str) -> bool:
        return self.hosts is None or any(is_host_under(host, allowed) for allowed in self.hosts)
