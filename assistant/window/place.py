"""Where a page comes from, as a person should see it: the pure half of the address strip."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

FORTNOX: Final = "fortnox.se"
# Letters a Swedish reader knows apart. A host with any other letter is shown in punycode, so that no letter of another
# alphabet can pass for one of ours, and nothing written from right to left can reorder what is shown.
READABLE: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-åäöæøéü")


def is_host_under(host: str, domain: str) -> bool:
    """Whether `host` is `domain` or lies under it, on a label boundary; both in ASCII and lower case."""
    return host == domain or host.endswith("." + domain)


def is_loopback(host: str) -> bool:
    """Whether `host` (without brackets) can only be this computer: `localhost`, names under it, loopback addresses.

    RFC 6761 6.3 and the engine keep `localhost` names on this computer.
    """
    if is_host_under(host, "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def readable_host(host: str) -> str:
    """`host` (ASCII, as the engine has it) as it may be shown: each label in letters where those cannot deceive."""
    return ".".join(_readable_label(label) for label in host.split("."))


def _readable_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        letters = label[4:].encode("ascii").decode("punycode")
        again = letters.encode("punycode").decode("ascii")
    except UnicodeError:
        return label
    honest = set(letters) <= READABLE and not letters.isascii() and again == label[4:]
    return letters if honest else label


@dataclass(frozen=True, slots=True)
class Place:
    """The origin of a page.

    Attributes:
        scheme: lower case, without colon.
        host: ASCII and lower case, as the engine has it; empty for pages without one, such as about:blank.
        port: only where it is not the scheme's own.
    """

    scheme: str
    host: str
    port: int | None = None

    @classmethod
    def of(cls, url: str) -> Place:
        """The place of an address as the engine writes it; an address nobody can read is nowhere."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return cls("", "")
        scheme = parts.scheme.lower()
        usual = {"https": 443, "http": 80}.get(scheme)
        return cls(scheme, (parts.hostname or "").lower(), None if port == usual else port)

    @property
    def secure(self) -> bool:
        """Encrypted on the way; the engine refuses every certificate it does not trust."""
        return self.scheme == "https" and bool(self.host)

    @property
    def loopback(self) -> bool:
        return self.scheme in ("http", "https") and is_loopback(self.host)

    @property
    def is_fortnox(self) -> bool:
        """https under fortnox.se on its usual port."""
        return self.secure and self.port is None and is_host_under(self.host, FORTNOX)

    @property
    def shown(self) -> str:
        """Host, and port where it is unusual, as the strip shows it."""
        host = f"[{self.host}]" if ":" in self.host else readable_host(self.host)
        return host if self.port is None else f"{host}:{self.port}"
