"""Turns a form without mistakes into an `Integration`."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from assistant.fortnox.account import AccountKind
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.redirect import RedirectUri
from assistant.integration.form import (
    ClientSecretTable,
    EndpointsTable,
    Form,
    LookTable,
    RelayTable,
    SupportTable,
    given,
)
from assistant.integration.model import (
    ClientSecret,
    Integration,
    Logo,
    Look,
    OtherFiles,
    RedirectPage,
    Relay,
    SecretSource,
    Support,
    Texts,
)
from assistant.integration.rules import ADDRESSES, named_addresses


def build(form: Form, *, folder: Path, logo: Logo | None) -> Integration:
    """The integration that `form`, found without mistakes, describes; `folder` is where its file stands."""
    table = form.integration
    accounts = given(table.accounts) or [kind.value for kind in (AccountKind.SERVICE, AccountKind.USER)]
    browser = given(form.browser)
    return Integration(
        name=table.name,
        vendor=table.vendor,
        client_id=table.client_id,
        redirect_uri=RedirectUri(table.redirect_uri),
        scopes=tuple(table.scopes),
        start_page=table.start_page,
        client_secret=_client_secret(form.client_secret, folder),
        app_id=given(table.app_id),
        redirect_page=RedirectPage(given(table.redirect_page) or RedirectPage.DYNAMIC),
        accounts=tuple(AccountKind(kind) for kind in accounts),
        listing=given(table.listing),
        download=given(table.download),
        update=given(table.update),
        other_files=OtherFiles(given(table.other_files) or OtherFiles.ANNOUNCE),
        next_steps=_texts(given(table.next_steps) or {}),
        relay=_relay(given(form.relay)),
        why=MappingProxyType({scope: _texts(texts) for scope, texts in (given(form.why) or {}).items()}),
        support=_support(given(form.support)),
        look=_look(given(form.look), logo),
        browser_hosts=None if browser is None else tuple(host.lower() for host in browser.hosts),
        endpoints=_endpoints(given(form.endpoints)),
    )


def _texts(texts: dict[str, str]) -> Texts:
    return MappingProxyType(dict(texts))


def _client_secret(table: ClientSecretTable, folder: Path) -> ClientSecret:
    name: str | None = given(table.path)
    return ClientSecret(
        source=SecretSource(table.source),
        variable=given(table.variable),
        path=None if name is None else folder.absolute() / name,
    )


def _relay(table: RelayTable | None) -> Relay | None:
    return None if table is None else Relay(token=table.token, revoke=table.revoke)


def _support(table: SupportTable | None) -> Support:
    if table is None:
        return Support()
    return Support(
        phone=given(table.phone),
        email=given(table.email),
        url=given(table.url),
        hours=given(table.hours),
        language=given(table.language) or "sv",
    )


def _look(table: LookTable | None, logo: Logo | None) -> Look:
    accent: str | None = given(table.accent) if table is not None else None
    return Look(logo=logo, accent=accent.lower() if accent else None)


def _endpoints(table: EndpointsTable | None) -> Endpoints:
    """Fortnox's, or the named server's own; a test server that names no migration address has none (an empty text)."""
    if table is None:
        return Endpoints()
    pkce = given(table.pkce)
    named = named_addresses(table)
    own = Endpoints()
    if all(address == getattr(own, key) for key, address in named.items()):
        named = {key: getattr(own, key) for key in ADDRESSES}
    return Endpoints(
        authorize=named["authorize"],
        token=named["token"],
        revoke=named["revoke"],
        migrate=named.get("migrate", ""),
        api=named["api"],
        pkce=True if pkce is None else pkce,
    )
