"""The integration file's shape: its tables and keys, which may be left out, and the type of each.

These types read the file and make the JSON Schema, so the two cannot disagree. Whether keys agree with each other is
in `rules.py`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from assistant.integration.values import (
    Address,
    AppId,
    ClientId,
    Colour,
    Email,
    FileName,
    Host,
    Hours,
    LanguageCode,
    Name,
    Phone,
    ScopeName,
    Sentence,
    Variable,
)

NEWEST_SCHEMA = 1
Texts = dict[LanguageCode, Sentence]


class Strict(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table: unknown keys are refused."""


class IntegrationTable(Strict, frozen=True, kw_only=True):
    """The integration as people and Fortnox know it."""

    name: Name
    vendor: Name
    client_id: ClientId
    redirect_uri: Address
    scopes: Annotated[list[ScopeName], Meta(min_length=1, extra_json_schema={"uniqueItems": True})]
    start_page: Address
    app_id: AppId | UnsetType = UNSET
    redirect_page: Literal["static", "dynamic"] | UnsetType = UNSET
    accounts: (
        Annotated[list[Literal["service", "user"]], Meta(min_length=1, extra_json_schema={"uniqueItems": True})]
        | UnsetType
    ) = UNSET
    listing: Address | UnsetType = UNSET
    download: Address | UnsetType = UNSET
    update: Address | UnsetType = UNSET
    other_files: Literal["announce", "refuse"] | UnsetType = UNSET
    next_steps: Texts | UnsetType = UNSET


class ClientSecretTable(Strict, frozen=True, kw_only=True):
    """Where the client secret comes from; never the secret itself."""

    source: Literal["relay", "ask", "environment", "file"] = msgspec.field(name="from")
    variable: Variable | UnsetType = UNSET
    path: FileName | UnsetType = UNSET


class RelayTable(Strict, frozen=True, kw_only=True):
    """The vendor's own addresses, only with from = "relay"."""

    token: Address
    revoke: Address


class SupportTable(Strict, frozen=True, kw_only=True):
    """Whom the person can ask."""

    phone: Phone | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    url: Address | UnsetType = UNSET
    hours: Hours | UnsetType = UNSET
    language: LanguageCode | UnsetType = UNSET


class LookTable(Strict, frozen=True, kw_only=True):
    """The vendor's logo and colour."""

    logo: FileName | UnsetType = UNSET
    accent: Colour | UnsetType = UNSET


class BrowserTable(Strict, frozen=True, kw_only=True):
    """Limits for the browser in the window."""

    hosts: Annotated[list[Host], Meta(min_length=1, extra_json_schema={"uniqueItems": True})]


class EndpointsTable(Strict, frozen=True, kw_only=True):
    """Fortnox's own addresses unless given; others on this computer, or with --test-server."""

    authorize: Address | UnsetType = UNSET
    token: Address | UnsetType = UNSET
    revoke: Address | UnsetType = UNSET
    migrate: Address | UnsetType = UNSET
    api: Address | UnsetType = UNSET
    pkce: bool | UnsetType = UNSET


class Form(Strict, frozen=True, kw_only=True):
    """A vendor's integration file."""

    schema: Literal[1]
    integration: IntegrationTable
    client_secret: ClientSecretTable
    relay: RelayTable | UnsetType = UNSET
    why: dict[ScopeName, Texts] | UnsetType = UNSET
    support: SupportTable | UnsetType = UNSET
    look: LookTable | UnsetType = UNSET
    browser: BrowserTable | UnsetType = UNSET
    endpoints: EndpointsTable | UnsetType = UNSET


def given(value: Any) -> Any:
    """`value`, or None where the file left the key out or what stands there did not fit."""
    return None if value is UNSET else value
