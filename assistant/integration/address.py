"""Addresses in the integration file: what may stand there, and whose host it is.

Stricter than a browser: an address that two programs could read in two ways is refused instead of normalised.
"""

from __future__ import annotations

import ipaddress
import re

import idna

from assistant.fortnox.address import Address, parse
from assistant.language import N_

LONGEST = 2000
_NEVER = re.compile(r"""[\s\\"<>^`{|}]""")
_AUTHORITY = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
_PORT = re.compile(r":[0-9]{1,5}$")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NO_ADDRESS = (N_("This is not a whole address."), N_("Write it like https://example.se/page."))


def host_of(address: str) -> str:
    """Host of `address`, which `fault` finds nothing wrong with, and its port where one is given; in lower case."""
    found = _AUTHORITY.match(address)
    return found[1].lower() if found else ""


def is_loopback(address: str) -> bool:
    """Whether `address` stays on this computer: `localhost`, 127.0.0.0/8 or ::1, written as such."""
    return fault(address) is None and _is_loopback_host(parse(address).host)


def _is_loopback_host(host: str) -> bool:
    # Not names under .localhost: unlike a browser, an HTTP client asks the name server for those.
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_host(host: str) -> bool:
    """Whether `host` is a plain host name or address: no scheme, port, path, wildcard or trailing dot."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return "%" not in host
    try:
        name = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return False
    labels = name.split(".")
    # A last label that starts with a digit is no name: browsers read such hosts as IPv4 in odd notation (127.1).
    return len(name) <= 253 and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1][0].isdigit()


def fault(address: str) -> tuple[str, str] | None:
    """What is wrong with `address` and how to mend it, as message ids; None when it may stand in the file."""
    if len(address) > LONGEST:
        return N_("The address is too long."), N_("Use an address of at most 2000 characters.")
    if _NEVER.search(address) or not address.isprintable():
        return (
            N_("The address has a space or a character that addresses do not have."),
            N_("Write the address as a browser shows it, without spaces or backslashes."),
        )
    try:
        parts = parse(address)
    except ValueError:
        return _NO_ADDRESS
    return _fault_of_parts(address, parts)


def _fault_of_parts(address: str, parts: Address) -> tuple[str, str] | None:
    if parts.userinfo:
        return (
            N_("The address has a user name or a password in it."),
            N_("Take away everything between // and @, the @ too."),
        )
    host = _PORT.sub("", host_of(address))
    if not is_host(host.removeprefix("[").removesuffix("]")) or parts.port == 0:
        return _NO_ADDRESS
    if parts.scheme == "https" or _is_loopback_host(parts.host):
        return None
    return (
        N_("The address does not start with https."),
        N_("Use an https address. Only this computer itself (localhost) may have http."),
    )
