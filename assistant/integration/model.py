"""What an integration is once its file was read and found right."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

from assistant.fortnox.account import AccountKind
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.redirect import RedirectUri
from assistant.fortnox.scopes import scope
from assistant.integration.address import host_of, is_loopback

Texts = Mapping[str, str]  # the vendor's own words by language code: {"sv": "...", "en": "..."}


class SecretSource(Enum):
    """Where the client secret comes from (`from` in the file)."""

    RELAY = "relay"  # nowhere on this computer: the vendor's server holds it
    ASK = "ask"  # the person pastes an activation key
    ENVIRONMENT = "environment"
    FILE = "file"


class RedirectPage(Enum):
    """The vendor's promise about the page behind the redirect URI."""

    STATIC = "static"  # it runs no code, so an address with an unused code may stand in a browser
    DYNAMIC = "dynamic"  # nothing is promised; the default


class WayBack(Enum):
    """How the answer comes back from the person's own browser to this program."""

    LISTENER = "listener"  # the redirect URI is on this computer, and this program listens there
    PASTE = "paste"  # the person pastes the address the browser ended on


class OtherFiles(Enum):
    """Whether a packaged build may open another integration file than its own."""

    ANNOUNCE = "announce"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSecret:
    """How the client secret is had. The secret itself is never here.

    Attributes:
        variable: name of the environment variable, with `SecretSource.ENVIRONMENT` only.
        path: the file beside the integration file, with `SecretSource.FILE` only.
    """

    source: SecretSource
    variable: str | None = None
    path: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The vendor's own addresses, which hold the client secret in this program's place."""

    token: str
    revoke: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Whom the person can ask. Each may be missing; `language` is that of the support file."""

    phone: str | None = None
    email: str | None = None
    url: str | None = None
    hours: str | None = None
    language: str = "sv"


class LogoKind(Enum):
    """What the logo's bytes are; the value is the ending of its file name."""

    SVG = ".svg"
    PNG = ".png"


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """The vendor's logo, checked and read once, so that no later change of the file can reach the window."""

    kind: LogoKind
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The vendor's look: `accent` as "#rrggbb"."""

    logo: Logo | None = None
    accent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """A vendor's integration, as its file describes it.

    Attributes:
        app_id: reverse domain name for branded builds, safe as a file name on every system.
        scopes: in the file's order, without repeats.
        accounts: what is offered; the first is the recommended one.
        listing: its page at Fortnox; None for a hidden, one-to-one integration.
        download: where the next administrator gets this program.
        why: the vendor's reason for a scope, by scope.
        browser_hosts: the only hosts the main frame may visit (each with its subdomains); None for any https host.
        endpoints: Fortnox's own, or a loopback or test server's; never a mix of the two.
    """

    name: str
    vendor: str
    client_id: str
    redirect_uri: RedirectUri
    scopes: tuple[str, ...]
    start_page: str
    client_secret: ClientSecret
    app_id: str | None = None
    redirect_page: RedirectPage = RedirectPage.DYNAMIC
    accounts: tuple[AccountKind, ...] = (AccountKind.SERVICE, AccountKind.USER)
    listing: str | None = None
    download: str | None = None
    update: str | None = None
    other_files: OtherFiles = OtherFiles.ANNOUNCE
    next_steps: Texts = field(default_factory=dict)
    relay: Relay | None = None
    why: Mapping[str, Texts] = field(default_factory=dict)
    support: Support = Support()
    look: Look = Look()
    browser_hosts: tuple[str, ...] | None = None
    endpoints: Endpoints = field(default_factory=Endpoints)

    @property
    def recommended_account(self) -> AccountKind:
        """The kind of account that is chosen until the person chooses another."""
        return self.accounts[0]

    @property
    def licences_needed(self) -> tuple[tuple[str, ...], ...]:
        """Fortnox's words for the licences the scopes need, each need once, in the scopes' order.

        Each entry lists licences of which any one is enough.
        """
        needs = {frozenset(entry.licences): entry.licences for entry in map(scope, reversed(self.scopes))}
        return tuple(needs[need] for need in reversed(needs) if need)

    @property
    def asks_for_secret(self) -> bool:
        """Whether the person is asked for an activation key."""
        return self.client_secret.source is SecretSource.ASK

    @property
    def way_back(self) -> WayBack | None:
        """How the person's own browser can be used for the sign-in; None where it cannot.

        A redirect URI on this computer over https is no place to listen at: no browser trusts a certificate for it.
        An address with an unused code may stand in a browser only where the vendor promises a page without code.
        """
        if self.redirect_uri.is_loopback and self.redirect_uri.address.scheme == "http":
            return WayBack.LISTENER
        return WayBack.PASTE if self.redirect_page is RedirectPage.STATIC else None

    @property
    def servers(self) -> tuple[str, ...]:
        """One address for each server that the connection is made with, the authorization server first."""
        ends, relay = self.endpoints, self.relay
        return first_of_each_server(ends, *((relay.token, relay.revoke) if relay else (ends.token, ends.revoke)))

    @property
    def hosts(self) -> tuple[str, ...]:
        """The servers as somebody who opens a firewall needs them: by host, with the port where it is not the usual."""
        usual = {"https": 443, "http": 80}
        parts = [urlsplit(address) for address in self.servers]
        named = (
            host if part.port in (None, usual.get(part.scheme)) else f"{host}:{part.port}"
            for part in parts
            if (host := part.hostname)
        )
        return tuple(dict.fromkeys(named))

    @property
    def is_test_server(self) -> bool:
        """True when sign-in does not go to Fortnox; a banner must then say so for as long as the window is open."""
        return self.foreign_host is not None

    @property
    def foreign_host(self) -> str | None:
        """The hosts that stand in for Fortnox, for the banner; None when all are Fortnox's own."""
        if self.endpoints.is_fortnox:
            return None
        where = self.endpoints
        addresses = (where.authorize, where.token, where.revoke, where.migrate, where.api)
        return ", ".join(dict.fromkeys(host_of(address) for address in addresses if address))


def first_of_each_server(ends: Endpoints, *more: str) -> tuple[str, ...]:
    """Of sign-in, API and `more`, one address for each server."""
    first: dict[str, str] = {}
    for address in (ends.authorize, ends.api, *more):
        first.setdefault(urlsplit(address).netloc.lower(), address)
    return tuple(first.values())


def with_endpoints(integration: Integration, endpoints: Endpoints) -> Integration:
    """`integration`, with its sign-in at `endpoints`: how a practice server on a port of the moment is named.

    Raises:
        ValueError: an address is neither Fortnox's own nor on loopback, where no client secret may go.
    """
    addresses = (endpoints.authorize, endpoints.token, endpoints.revoke, endpoints.migrate, endpoints.api)
    if not endpoints.is_fortnox and not all(is_loopback(address) for address in addresses if address):
        raise ValueError("endpoints are Fortnox's own or on loopback")
    return dataclasses.replace(integration, endpoints=endpoints)
