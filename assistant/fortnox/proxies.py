"""The proxy that the operating system or the environment names, for programs that no window tells one."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from assistant.fortnox.address import is_loopback


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
