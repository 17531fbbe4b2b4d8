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
from assistant.fortnox.proxies import Proxy, system_proxy
from assistant.secret import Secret
from assistant.vault.own_thread import OwnThread

RESOLVING_SECONDS: Final = 5.0
"""How long the system may take to name the proxy: it may have to fetch and run a script (PAC) for that."""

_SCHEMES: Final = {
    QNetworkProxy.ProxyType.HttpProxy: "http",
    QNetworkProxy.ProxyType.HttpCachingProxy: "http",
    QNetworkProxy.ProxyType.Socks5Proxy: "socks5",
}


def name_of(address: str) -> str:
    """The proxy's host in lower case: all that the engine tells of a proxy, hence what passwords are known by."""
    try:
        return (urlsplit(address if "://" in address else f"http://{address}").hostname or "").lower()
    except ValueError:
        return address


def resolved_proxy(url: str) -> Proxy | None:
    """The proxy for `url` as Qt resolves it: system settings, their script (PAC) included, or the environment.

    Where Qt finds none on Linux the environment is asked once more, in the spellings that Qt does not read
    (`HTTPS_PROXY`, an address without `http://`) and the engine does. May take seconds: not for the window's thread.
    """
    if is_loopback(urlsplit(url).hostname or ""):
        return None
    for found in QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(url))):
        scheme = _SCHEMES.get(found.type())
        if scheme is not None:
            password = Secret(found.password()) if found.user() or found.password() else None
            return Proxy(f"{scheme}://{_bracketed(found.hostName())}:{found.port()}", found.user(), password)
    named = system_proxy(url) if sys.platform.startswith("linux") else None
    return Proxy.of(named) if named else None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class ProxyPasswords:
    """What the person typed for a proxy, by the proxy's name."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Secret]] = {}

    def remember(self, proxy: str, user: str, password: Secret) -> None:
        """`proxy` in any spelling that `name_of` understands."""
        self._known[name_of(proxy)] = user, password

    def forget(self, proxy: str) -> None:
        """The proxy did not take it."""
        self._known.pop(name_of(proxy), None)

    def of(self, proxy: str) -> tuple[str, Secret] | None:
        """User name and password for `proxy`; None when nobody has said them."""
        return self._known.get(name_of(proxy))


class Proxies:
    """Finds the proxy for an address, with the password the person typed for it."""

    def __init__(self, passwords: ProxyPasswords) -> None:
        self._passwords = passwords
        self._thread = OwnThread("proxy")

    async def __call__(self, url: str) -> Proxy | None:
        """The proxy for `url`; None for a direct way, also where the system does not say in time."""
        try:
            async with asyncio.timeout(RESOLVING_SECONDS):
                found = await self._thread.call(lambda: resolved_proxy(url))
        except TimeoutError:
            return None
        typed = None if found is None else self._passwords.of(found.address)
        return found if found is None or typed is None else Proxy(found.address, *typed)
