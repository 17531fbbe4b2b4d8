"""When a proxy's password is asked for where a request met the proxy before any page did, and what is asked."""

from __future__ import annotations

from typing import Final

from assistant.fortnox.proxies import place_of
from assistant.problems import Occurrence
from assistant.secret import Secret
from assistant.window.proxy import ProxyPasswords

PROXY_QUESTIONS: Final = 2
"""How often a proxy's password is asked for by itself: once, and once more when it was wrong."""


def proxy_of(problem: Occurrence | None) -> str:
    """Host and port of the proxy that wants a password which a person may have; "" where `problem` is another."""
    if problem is None or problem.code != "NET-05":
        return ""
    return dict(problem.details).get("Proxy", "")


class ProxyAsking:
    """What was asked for which proxy.

    Args:
        passwords: where an answer is kept, for engine and client.
    """

    def __init__(self, passwords: ProxyPasswords) -> None:
        self._passwords = passwords
        self._asked: dict[str, int] = {}

    def wants(self, problem: Occurrence | None) -> bool:
        """Whether the question is to come up by itself for `problem`: a person asks for it again with a button."""
        proxy = proxy_of(problem)
        return bool(proxy) and self._asked.get(place_of(proxy), 0) < PROXY_QUESTIONS

    def begin(self, proxy: str) -> bool:
        """The question for `proxy` comes up. True where it refused the password that was typed, which is forgotten."""
        place = place_of(proxy)
        self._asked[place] = self._asked.get(place, 0) + 1
        wrong = self._passwords.of(proxy) is not None
        self._passwords.forget(proxy)
        return wrong

    def answered(self, proxy: str, user: str, password: Secret) -> None:
        """Keeps what was typed."""
        self._passwords.remember(proxy, user, password)

    def given_up(self, proxy: str) -> None:
        """The person does not have it: nobody asks by itself any more."""
        self._asked[place_of(proxy)] = PROXY_QUESTIONS
