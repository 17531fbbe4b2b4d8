"""What no type can say about an integration file: where secrets may go, and which keys belong together."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.fortnox.address import parse
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.redirect import RedirectUri
from assistant.integration.address import is_loopback
from assistant.integration.form import (
    BrowserTable,
    ClientSecretTable,
    EndpointsTable,
    Form,
    IntegrationTable,
    RelayTable,
    given,
)
from assistant.integration.mistake import Kind, Mistake, shown_key
from assistant.language import N_

_OWN = Endpoints()
ADDRESSES = ("authorize", "token", "revoke", "migrate", "api")
_NEEDED = ("authorize", "token", "revoke", "api")  # migration is Fortnox's own invention; other servers have none


def judge(form: Form, *, opened_by_double_click: bool, test_server: bool) -> Iterator[Mistake]:
    """Every mistake that only shows when the values are read for what they mean."""
    integration: IntegrationTable | None = given(form.integration)
    secret: ClientSecretTable | None = given(form.client_secret)
    if integration is not None:
        yield from _scopes(integration)
        yield from _redirect(integration)
        yield from _why(form, integration)
    if secret is not None:
        yield from _secret(secret, given(form.relay), opened_by_double_click=opened_by_double_click)
    yield from _endpoints(given(form.endpoints), test_server=test_server)
    yield from _browser(given(form.browser), given(form.endpoints))


def _scopes(table: IntegrationTable) -> Iterator[Mistake]:
    scopes: list[str] | None = given(table.scopes)
    if scopes is not None and not {"companyinformation", "settings"} & set(scopes):
        yield Mistake(
            place=("integration", "scopes"),
            what=N_("Without companyinformation or settings there is no company to confirm."),
            remedy=N_("Add companyinformation. It needs no licence."),
        )


def _redirect(table: IntegrationTable) -> Iterator[Mistake]:
    text: str | None = given(table.redirect_uri)
    if text is None:
        return
    try:
        RedirectUri(text)
    except ValueError as refused:
        yield Mistake(
            place=("integration", "redirect_uri"),
            what=str(refused),
            remedy=N_("Take that out, and register the address without it in the developer portal."),
        )


def _why(form: Form, table: IntegrationTable) -> Iterator[Mistake]:
    scopes: list[str] | None = given(table.scopes)
    why: dict[str, object] = given(form.why) or {}
    if scopes is None:
        return
    for name in why:
        if name not in scopes:
            yield Mistake(
                place=("why", name),
                what=N_("The reason is for a scope that the integration does not ask for."),
                remedy=N_("Take the reason away, or add {scope} to the scopes."),
                facts={"scope": shown_key(name)},
            )


def _secret(table: ClientSecretTable, relay: RelayTable | None, *, opened_by_double_click: bool) -> Iterator[Mistake]:
    source: str | None = given(table.source)
    if source is None:
        return
    for key, owner in (("variable", "environment"), ("path", "file")):
        value = given(getattr(table, key))
        if value is not None and source != owner:
            yield Mistake(
                place=("client_secret", key),
                what=N_("This key belongs to another source of the client secret."),
                remedy=N_('Take {key} away, or write from = "{source}".'),
                facts={"key": key, "source": owner},
            )
        if value is None and source == owner:
            yield Mistake(
                place=("client_secret", key),
                what=N_("This is missing."),
                remedy=N_("Write a line that starts with: {key} ="),
                facts={"key": key},
            )
    if relay is not None and source != "relay":
        yield Mistake(
            place=("relay",),
            what=N_("A relay is named, but the client secret does not come from it."),
            remedy=N_('Take [relay] away, or write from = "relay" under [client_secret].'),
        )
    if relay is None and source == "relay":
        yield Mistake(
            place=("relay",),
            what=N_("The client secret is with a relay, but no relay is named."),
            remedy=N_("Write [relay] with token and revoke, the addresses of your server."),
        )
    if opened_by_double_click and source in ("environment", "file"):
        yield Mistake(
            place=("client_secret", "from"),
            kind=Kind.SECRET_FOR_DOUBLE_CLICK,
            what=N_("A file opened by double click may not take a secret from this computer."),
            remedy=N_('Write from = "relay" or from = "ask", or start the program with --integration.'),
        )


def _endpoints(table: EndpointsTable | None, *, test_server: bool) -> Iterator[Mistake]:
    addresses = named_addresses(table)
    foreign = {key: address for key, address in addresses.items() if address != getattr(_OWN, key)}
    for key, address in addresses.items():
        place = ("endpoints", key)
        if "#" in address or (key == "api" and "?" in address):
            yield Mistake(
                place=place,
                what=N_("This address has a part that does not belong here."),
                remedy=N_("Take away # or ? and everything after it."),
            )
        elif key not in foreign and foreign:
            yield Mistake(
                place=place,
                kind=Kind.FOREIGN_ADDRESS,
                what=N_("Some of these addresses are Fortnox's and some are not."),
                remedy=N_("Name one server for all of them, or take [endpoints] away for Fortnox."),
            )
        elif key in foreign and not _may_stand_in(address, test_server=test_server):
            yield Mistake(
                place=place,
                kind=Kind.FOREIGN_ADDRESS,
                what=N_("This address is not Fortnox's own."),
                remedy=N_("Take it away. Developers may name this computer, or start with --test-server."),
            )
    for key in _NEEDED:
        if foreign and given(getattr(table, key)) is None:
            yield Mistake(
                place=("endpoints", key),
                what=N_("This is missing. A server other than Fortnox needs all its addresses."),
                remedy=N_("Write a line that starts with: {key} ="),
                facts={"key": key},
            )


def _may_stand_in(address: str, *, test_server: bool) -> bool:
    """Whether `address`, which is not one of Fortnox's own, may be given a client secret."""
    if is_loopback(address):
        return True
    # An unknown page at Fortnox is no test server: the banner "not Fortnox: apps.fortnox.se" would make no sense.
    return test_server and not _is_under(parse(address).host, "fortnox.se")


def named_addresses(table: EndpointsTable | None) -> dict[str, str]:
    """The addresses the file names, by key; a slash after the API's host means nothing and is dropped."""
    found = {key: given(getattr(table, key)) for key in ADDRESSES} if table is not None else {}
    named = {key: address for key, address in found.items() if address is not None}
    if "api" in named:
        named["api"] = named["api"].rstrip("/")
    return named


def _browser(table: BrowserTable | None, endpoints: EndpointsTable | None) -> Iterator[Mistake]:
    hosts: list[str] | None = given(table.hosts) if table is not None else None
    if hosts is None:
        return
    host = parse(named_addresses(endpoints).get("authorize", _OWN.authorize)).host
    if not any(_is_under(host, allowed) for allowed in hosts):
        yield Mistake(
            place=("browser", "hosts"),
            what=N_("The browser could not open the sign-in page, which is at {host}."),
            remedy=N_("Add {host} to the list, or take [browser] away."),
            facts={"host": host},
        )


def _is_under(host: str, domain: str) -> bool:
    """Whether `host` is `domain` or one of its subdomains, on a label boundary."""
    host, domain = host.lower(), domain.lower()
    return host == domain or host.endswith("." + domain)
