"""Web addresses in one normal form, so that what was registered and what a browser reports can be compared.

Browsers rewrite addresses (measured: `http://localhost:4242` arrives with path `/`; `:443`, upper case, international
names, dot segments and escapes are rewritten). This follows the WHATWG URL standard for http and https, and goes one
step further: escapes are brought to one spelling as RFC 3986 6.2.2 describes, since engines differ there.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

import idna

_DEFAULT_PORTS = {"http": 80, "https": 443}
_ADDRESS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):[/\\]{2}(?P<authority>[^/\\?#]*)(?P<path>[^?#]*)(?P<rest>.*)", re.DOTALL
)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_IN_PATH = _UNRESERVED | frozenset(b"!$&'()*+,;=:@/%")
_IN_QUERY = _IN_PATH | frozenset(b"?")
_FORBIDDEN_IN_HOST = re.compile(r"[\x00-\x20#/:<>?@\[\\\]^|%\x7f]")
LONGEST = 65_536
"""Characters; more than any browser takes in an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An http or https address in normal form. The fragment is gone: it never reaches a server.

    Attributes:
        scheme: "http" or "https".
        host: lower case ASCII (punycode where the name is international), IPv6 without brackets.
        port: the port in use, also where it is the default.
        path: begins with "/", without dot segments.
        query: without "?"; None where there is none.
        userinfo: whether a user name or password was given.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str | None
    userinfo: bool

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        query = "" if self.query is None else f"?{self.query}"
        return f"{self.scheme}://{host}{port}{self.path}{query}"

    @property
    def is_loopback(self) -> bool:
        """Whether it never leaves this computer: `localhost`, 127.0.0.0/8 or ::1."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether `host` (a name or address, without port and brackets) is this computer."""
    name = host.lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def parse(url: str) -> Address:
    """`url` as a normalised `Address`.

    Raises:
        ValueError: it is no http or https address. The message never repeats the address.
    """
    if len(url) > LONGEST:
        raise ValueError("the address is too long")
    text = re.sub(r"[\t\n\r]", "", url.strip("".join(map(chr, range(33)))))
    found = _ADDRESS.fullmatch(text)
    if found is None:
        raise ValueError("not an address")
    scheme = found["scheme"].lower()
    if scheme not in _DEFAULT_PORTS:
        raise ValueError("neither http nor https")
    place = found["authority"].rpartition("@")[2]
    host, port = _host_and_port(place, _DEFAULT_PORTS[scheme])
    before_fragment, _, _ = found["rest"].partition("#")
    return Address(
        scheme=scheme,
        host=host,
        port=port,
        path=_without_dot_segments(_escaped(found["path"].replace("\\", "/"), _IN_PATH)),
        query=_escaped(before_fragment[1:], _IN_QUERY) if before_fragment.startswith("?") else None,
        userinfo="@" in found["authority"],
    )


def normalise(url: str) -> str:
    """`url` in normal form, without its fragment and user information.

    Raises:
        ValueError: it is no http or https address.
    """
    return str(parse(url))


def _host_and_port(place: str, default: int) -> tuple[str, int]:
    found = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::([0-9]*))?", place)
    if found is None:
        raise ValueError("the host or port cannot be read")
    host, digits = found.groups()
    port = int(digits) if digits and len(digits) <= 10 else default
    if (digits and len(digits) > 10) or not 0 <= port <= 65_535:
        raise ValueError("there is no such port")
    return _host(host), port


def _host(text: str) -> str:
    if text.startswith("["):
        return ipaddress.IPv6Address(text[1:-1].partition("%")[0]).compressed
    name = unquote_to_bytes(text).decode("utf-8", "strict")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True, transitional=False).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise ValueError("the host name cannot be read") from None
    name = name.lower()
    if not name or _FORBIDDEN_IN_HOST.search(name):
        raise ValueError("the host name cannot be read")
    return _ipv4(name) or name


def _ipv4(name: str) -> str | None:
    """WHATWG's IPv4 numbers, as browsers read them: `127.1` and `0x7f000001` are 127.0.0.1."""
    labels = name.removesuffix(".").split(".")
    if not re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        return None
    if len(labels) > 4 or any(not re.fullmatch(r"[0-9]{1,12}|0x[0-9a-f]{0,10}", label) for label in labels):
        raise ValueError("the host looks like an address of numbers but is none")
    *first, last = [_number(label) for label in labels]
    if any(number > 255 for number in first) or last >= 256 ** (5 - len(labels)):
        raise ValueError("the host looks like an address of numbers but is none")
    return str(ipaddress.IPv4Address(last + sum(number << (8 * (3 - place)) for place, number in enumerate(first))))


def _number(label: str) -> int:
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    if len(label) > 1 and label.startswith("0"):
        return int(label, 8)  # raises ValueError for 08 and 09, as the standard asks
    return int(label)


def _escaped(text: str, allowed: frozenset[int]) -> str:
    """Escapes in one spelling: unreserved characters plain, everything not allowed escaped in upper case."""

    def respelled(found: re.Match[str]) -> str:
        byte = int(found[1], 16)
        return chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"

    raw = text.encode("utf-8", "surrogatepass")
    spelled = "".join(chr(byte) if byte in allowed else f"%{byte:02X}" for byte in raw)
    return _ESCAPE.sub(respelled, spelled)


def _without_dot_segments(path: str) -> str:
    """RFC 3986 5.2.4 on a path whose escapes are already in normal form, so `%2e` is a dot here too."""
    kept: list[str] = []
    segments = path.split("/")[1:] if path else [""]
    for place, segment in enumerate(segments):
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
            continue
        if place == len(segments) - 1:
            kept.append("")
    return "/" + "/".join(kept)
