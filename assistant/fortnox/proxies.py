"""Which proxy leads to an address, and the one that system or environment name where no window is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from assistant.fortnox.address import is_loopback
from assistant.secret import Secret


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
        try:
            parts = urlsplit(address)
        except ValueError:
            return cls(address)
        if "@" not in parts.netloc:
            return cls(address)
        before, _, host = parts.netloc.rpartition("@")
        user, _, password = before.partition(":")
        return cls(parts._replace(netloc=host).geturl(), unquote(user), Secret(unquote(password)))


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
    return found if "://" in found else f"http://{found}"
