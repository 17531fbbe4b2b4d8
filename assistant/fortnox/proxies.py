"""Which proxy leads to an address, and the one that system or environment name where no window is asked."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from assistant.fortnox.address import is_loopback
from assistant.secret import Secret

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_AFTER_PLACE = re.compile(r"[/\\?#]")
_SOCKS = {"socks://": "socks5://"}
"""GNOME writes it so."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, and what it is told to let the program through (Basic, RFC 7617).

    Attributes:
        address: scheme, host and port; user name and password stand beside it, never in it.
    """

    address: str
    user: str = ""
    password: Secret | None = None

    @classmethod
    def of(cls, address: str) -> Proxy:
        """The proxy of an address as environments write it: user name and password may stand before the host."""
        scheme, before, place = _taken_apart(address)
        address = _SOCKS.get(scheme.lower(), scheme) + place
        if before is None:
            return cls(address)
        user, _, password = before.partition(":")
        return cls(address, unquote(user), Secret(unquote(password)))


def place_of(address: str) -> str:
    """Host and port of a proxy's `address` in lower case; never what stands before an "@"."""
    return _taken_apart(address)[2].lower()


def _taken_apart(address: str) -> tuple[str, str | None, str]:
    """Scheme, what stands before the last "@" (None where there is none), and place.

    By hand: RFC 3986 ends the authority at the first "/", "?" or "#", and people write passwords that hold them.
    """
    found = _SCHEME.match(address)
    scheme = found.group() if found else ""
    before, at, rest = address[len(scheme) :].rpartition("@")
    return scheme, before if at else None, _AFTER_PLACE.split(rest, maxsplit=1)[0]


ProxyFor = Callable[[str], Awaitable[Proxy | None] | Proxy | str | None]
"""The proxy for an address, at once or when it is found out; None for a direct way."""


def system_proxy(url: str) -> str | None:
    """The proxy for `url` from the environment, or from the system's settings on Windows and macOS; None for none.

    This computer itself is never asked for through a proxy. Automatic configuration (PAC) is not understood here.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host) or proxy_bypass(f"{host}:{parts.port}" if parts.port else host):
        return None
    named = getproxies()
    found = named.get(parts.scheme) or named.get("all")
    if not found:
        return None
    return found if _SCHEME.match(found) else f"http://{found}"
