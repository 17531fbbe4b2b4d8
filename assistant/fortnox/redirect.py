"""The redirect that ends a sign-in: is it ours, and what does it say?

The code in it is a secret from the moment it is read, and is handed out only when the answer carries the `state` of
this very request (RFC 6749 10.12, RFC 9700 2.1). Nothing here raises for what a server or a stranger sends.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from assistant.fortnox.address import Address, normalise, parse
from assistant.fortnox.authorization import AuthorizationRequest
from assistant.fortnox.refusal import authorization_refusal
from assistant.language import N_
from assistant.problems import Occurrence, occurrence
from assistant.secret import Secret

__all__ = ["RedirectUri", "belongs_to", "normalise", "read_redirect"]

MOST_PARTS = 200
_OURS = ("code", "state", "error", "error_description", "iss")
_CODE = re.compile(r"[\x20-\x7e]{1,4096}")  # VSCHAR, RFC 6749 A.11; the length is ours
_DOTS = re.compile(r"(?:^|[/\\])(?:\.|%2e){1,2}(?:$|[/\\])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RedirectUri:
    """A redirect URI as it is registered with Fortnox. `text` is sent as it stands, character for character.

    Raises:
        ValueError: it cannot be a redirect URI. The message is a message id that says why.
    """

    text: str
    address: Address = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.text.isprintable() or re.search(r"[\s\\]", self.text):
            raise ValueError(N_("It contains a space, a control character or a backslash."))
        try:
            address = parse(self.text)
        except ValueError:
            raise ValueError(N_("It is not a complete web address.")) from None
        if "#" in self.text:
            raise ValueError(N_("It contains a fragment (#)."))
        if address.userinfo:
            raise ValueError(N_("It contains a user name or password."))
        if _DOTS.search(self.text.partition("?")[0].partition("://")[2]):
            raise ValueError(N_("Its path contains a dot segment (. or ..)."))
        if address.scheme != "https" and not address.is_loopback:
            raise ValueError(N_("It is not https."))
        try:
            registered = _pairs(address.query)
        except ValueError:
            raise ValueError(N_("Its query has too many parts.")) from None
        if any(name in _OURS for name, _ in registered):
            raise ValueError(N_("Its query uses a name that belongs to the answer, such as code or state."))
        object.__setattr__(self, "address", address)

    @property
    def is_loopback(self) -> bool:
        """Whether it ends on this computer, so that a listener here could receive it."""
        return self.address.is_loopback

    def matches(self, url: str) -> bool:
        """Whether `url`, as a browser reports it, is this redirect URI with an answer in its query.

        Scheme, host, port and path are equal after normalisation of both; a registered query is contained in it. A
        query with more parts than are read counts as ours too: `read_redirect` says what is wrong with it, and whatever
        code it holds does not leave for the page behind the address.
        """
        try:
            seen = parse(url)
        except ValueError:
            return False
        mine = self.address
        if seen.userinfo or (seen.scheme, seen.host, seen.port, seen.path) != (
            mine.scheme,
            mine.host,
            mine.port,
            mine.path,
        ):
            return False
        try:
            given = _pairs(seen.query)
        except ValueError:
            return True
        return not Counter(_pairs(mine.query)) - Counter(given)


def read_redirect(url: str, request: AuthorizationRequest, *, own_frame: bool) -> Secret | Occurrence | None:
    """What the redirect `url` answers to `request`.

    Args:
        url: the whole address, which `RedirectUri.matches`.
        request: what was asked.
        own_frame: True for the main frame of our own browser, where only Fortnox can have led. There an error, or
            nothing at all, ends the attempt even without `state`, since real callbacks lack it [USER]. From another
            browser anyone may call; what lacks the right state is nobody's answer.

    Returns:
        The authorization code, to be exchanged once; or the problem that ends the attempt; or None: not an answer to
        this request, go on waiting.
    """
    try:
        given = _answer(parse(url).query)
    except ValueError:
        return occurrence("AUTH-10", _lengths(url))
    if given is None:
        return occurrence("AUTH-10", {"Answer": "a parameter came twice"})
    state = given.get("state")
    if state is None or Secret(state) != request.state:
        return _without_state(given, request, own_frame=own_frame)
    if "iss" in given and not _same_issuer(given["iss"], request.endpoints.authorize):
        return occurrence("AUTH-15")
    if "error" in given and "code" in given:
        return occurrence("AUTH-10", {"Answer": "both a code and an error"})
    if "error" in given:
        return _refused(given, request)
    code = given.get("code", "")
    if not _CODE.fullmatch(code):
        return occurrence("AUTH-10", {"Answer": "no code"})
    return Secret(code)


def belongs_to(url: str, request: AuthorizationRequest) -> bool:
    """Whether `url` is an answer to this very `request`: its redirect URI, its `state` once, and a code or an error.

    From a browser that is not ours this must hold before anything else is looked at: anyone may call there.
    """
    try:
        if not RedirectUri(request.redirect_uri).matches(url):
            return False
        given = _pairs(parse(url).query)
    except ValueError:
        return False
    states = [value for name, value in given if name == "state"]
    return (
        len(states) == 1
        and Secret(states[0]) == request.state
        and any(name in ("code", "error") and value for name, value in given)
    )


def _without_state(given: dict[str, str], request: AuthorizationRequest, *, own_frame: bool) -> Occurrence | None:
    if "code" in given:
        return occurrence("AUTH-07", {"State": "missing" if "state" not in given else "another"})
    if not own_frame:
        return None
    if "state" in given:
        return occurrence("AUTH-07", {"State": "another"})
    if "error" in given:
        return _refused(given, request)
    return occurrence("AUTH-08")


def _refused(given: dict[str, str], request: AuthorizationRequest) -> Occurrence:
    return authorization_refusal(
        given["error"], given.get("error_description", ""), account=request.account, scopes=request.scopes
    )


def _answer(query: str | None) -> dict[str, str] | None:
    """The parameters that are ours, empty ones left out; None when one of them came twice (RFC 6749 3.1)."""
    found = [(name, value) for name, value in _pairs(query) if name in _OURS]
    if len({name for name, _ in found}) != len(found):
        return None
    return {name: value for name, value in found if value}


def _pairs(query: str | None) -> list[tuple[str, str]]:
    """The parts of `query`; ValueError for more than `MOST_PARTS`."""
    return parse_qsl(query or "", keep_blank_values=True, max_num_fields=MOST_PARTS)


def _same_issuer(issuer: str, authorize: str) -> bool:
    """RFC 9207's `iss`. Fortnox publishes no issuer identifier, so the origin of the authorization endpoint counts."""
    try:
        one, other = parse(issuer), parse(authorize)
    except ValueError:
        return False
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def _lengths(url: str) -> dict[str, object]:
    return {"Answer": "not readable", "Characters": len(url)}
