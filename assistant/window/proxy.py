"""The proxy that Qt resolves for an address, and the passwords of proxies: one answer for engine and client alike.

A password is kept in memory and nowhere else, for as long as the program runs.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Final
from urllib.parse import urlsplit

from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

from assistant.fortnox.address import is_loopback
from assistant.fortnox.proxies import Proxy, place_of, system_proxy
from assistant.own_thread import OwnThread
from assistant.problems import stop
from assistant.secret import Secret

RESOLVING_SECONDS: Final = 5.0
"""How long the system may take to name the proxy: it may have to fetch and run a script (PAC) for that."""

_SCHEMES: Final = {
    QNetworkProxy.ProxyType.HttpProxy: "http",
    QNetworkProxy.ProxyType.HttpCachingProxy: "http",
    QNetworkProxy.ProxyType.Socks5Proxy: "socks5",
}


def host_of(address: str) -> str:
    """The proxy's host in lower case: all that the engine tells of a proxy."""
    place = place_of(address)
    try:
        return urlsplit(f"//{place}").hostname or ""
    except ValueError:
        return place


def resolved_proxy(url: str) -> Proxy | None:
    """The proxy for `url` as Qt resolves it: system settings, their script (PAC) included, or the environment.

    Where Qt finds none on Linux the environment is asked once more, in the spellings that Qt does not read
    (`HTTPS_PROXY`, an address without `http://`) and the engine does. May take seconds: not for the window's thread.
    """
    if is_loopback(urlsplit(url).hostname or ""):
        return None
    named = system_proxy(url) if sys.platform.startswith("linux") else None
    if named and "@" in named:  # Qt ends the host at the first "/", also at one that belongs to the password
        return Proxy.of(named)
    for found in QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(url))):
        scheme = _SCHEMES.get(found.type())
        if scheme is not None:
            password = Secret(found.password()) if found.user() or found.password() else None
            return Proxy(f"{scheme}://{_bracketed(found.hostName())}:{found.port()}", found.user(), password)
    return Proxy.of(named) if named else None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class ProxyPasswords:
    """What the person typed for a proxy, by its host and port, and which proxy leads to which host.

    The engine tells only the host of a proxy that wants a password, and two may run there. So what the system said of
    the way is kept beside the passwords.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Secret]] = {}
        self._ways: dict[str, str] = {}

    def remember(self, proxy: str, user: str, password: Secret) -> None:
        """`proxy` in any spelling that `place_of` understands."""
        self._known[place_of(proxy)] = user, password

    def forget(self, proxy: str) -> None:
        """The proxy did not take it."""
        self._known.pop(place_of(proxy), None)

    def of(self, proxy: str) -> tuple[str, Secret] | None:
        """User name and password for `proxy`; None when nobody has said them."""
        return self._known.get(place_of(proxy))

    def leads(self, proxy: str, *, to: str) -> None:
        """The way to the host `to` goes through `proxy`."""
        self._ways[to.lower()] = place_of(proxy)

    def between(self, host: str, proxy: str) -> str:
        """Host and port of the proxy on the way to `host` which the engine calls `proxy`; "" where nobody knows."""
        way = self._ways.get(host.lower(), "")
        return way if way and host_of(way) == host_of(proxy) else ""


class Proxies:
    """Finds the proxy for an address, with the password the person typed for it."""

    def __init__(self, passwords: ProxyPasswords) -> None:
        self._passwords = passwords
        self._thread = OwnThread("proxy")

    async def __call__(self, url: str) -> Proxy | None:
        """The proxy for `url`; None for a direct way.

        Raises:
            ProblemError: NET-07 where the system does not say in time. It has a proxy to find, else it would have said
                so at once; and going round a company's proxy is not this program's to decide.
        """
        try:
            async with asyncio.timeout(RESOLVING_SECONDS):
                found = await self._thread.call(lambda: resolved_proxy(url))
        except TimeoutError:
            host = urlsplit(url).hostname or ""
            raise stop("NET-07", {"Host": host, "Proxy look-up": "not named in time"}, host=host) from None
        if found is not None:
            self._passwords.leads(found.address, to=urlsplit(url).hostname or "")
        typed = None if found is None else self._passwords.of(found.address)
        return found if found is None or typed is None else Proxy(found.address, *typed)
