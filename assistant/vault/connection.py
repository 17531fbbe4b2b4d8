"""What a connection is: `Connection` may be shown and listed, `Secrets` may not."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from assistant.fortnox.account import AccountKind
from assistant.fortnox.endpoints import Endpoints
from assistant.secret import Secret

REFRESH_TOKEN_LIFE: Final = timedelta(days=45)
"""How long a refresh token lives, counted from its last use. [DOC, get-refresh-token]"""


def new_connection_id(randomness: Callable[[int], str] = secrets.token_hex) -> str:
    """A random id of 128 bits, as 32 lower-case hexadecimal digits."""
    return randomness(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayAddresses:
    """The vendor's own addresses that stand before Fortnox's, https."""

    token: str
    revoke: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What makes two connections the same one.

    A company can have only one service account per client id [DOC, service-accounts]; `person_id` is None for those
    and the `/3/me` id for user accounts.
    """

    account: AccountKind
    authorize_host: str
    client_id: str
    tenant_id: str
    person_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One integration, one company, one account. Holds no secret: it is kept in clear columns.

    Attributes:
        id: random; `new_connection_id` makes one. It stays the same when the company is connected again.
        account: service or user account.
        tenant_id: Fortnox's `DatabaseNumber`, digits.
        company_name, organisation_number, town: as Fortnox wrote them; "" where it gave none.
        person_id, person_name: from `/3/me`; None when they were not read.
        integration_name, vendor, client_id: of the integration file at the yes.
        endpoints: the addresses that were used, and the only ones used later.
        relay: the vendor's addresses for token and revoke calls; None when this computer calls Fortnox itself.
        redirect_uri: the registered string, as it was sent.
        scopes_asked, scopes_granted: in the order they were asked for and given.
        start_page: the integration's address to open afterwards.
        connected_at: when the person said yes, aware.
        valid_until: user account: the end of the refresh token unless it is used before, aware. Service account: None.
        last_checked: when a real call last succeeded, aware; None before the first.
        access_expires_at: when the access token sealed with it ends, aware; None when none is kept.
        problem: the code of the problem that the last use ended in and that only a person can solve; None when there
            is none. It says nothing secret, so that a list can show it without a key.
        problem_at: when that was, aware.
    """

    id: str
    account: AccountKind
    tenant_id: str
    company_name: str
    organisation_number: str
    town: str = ""
    person_id: str | None = None
    person_name: str | None = None
    integration_name: str
    vendor: str
    client_id: str
    endpoints: Endpoints
    relay: RelayAddresses | None = None
    redirect_uri: str
    scopes_asked: tuple[str, ...]
    scopes_granted: tuple[str, ...]
    start_page: str
    connected_at: datetime
    valid_until: datetime | None = None
    last_checked: datetime | None = None
    access_expires_at: datetime | None = None
    problem: str | None = None
    problem_at: datetime | None = None

    def __post_init__(self) -> None:
        moments = (self.connected_at, self.valid_until, self.last_checked, self.access_expires_at, self.problem_at)
        for moment in moments:
            if moment is not None and moment.tzinfo is None:
                raise ValueError("a moment without a time zone means nothing on another computer")
        if not self.id or not self.tenant_id or not self.client_id:
            raise ValueError("a connection has an id, a tenant id and a client id")

    @property
    def grant(self) -> str:
        """The OAuth grant that gets its access tokens."""
        return "client_credentials" if self.account is AccountKind.SERVICE else "refresh_token"

    @property
    def identity(self) -> Identity | None:
        """What makes it the same as another; None for a user account whose person is not known.

        With None, whoever stores it asks whether to replace one of the vault's `matching` connections or to add it.
        """
        if self.account is AccountKind.USER and self.person_id is None:
            return None
        return Identity(
            account=self.account,
            authorize_host=self.endpoints.authorize_host,
            client_id=self.client_id,
            tenant_id=self.tenant_id,
            person_id=self.person_id if self.account is AccountKind.USER else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What is sealed with a connection. Its repr is masked, since every field is a `Secret`.

    Attributes:
        refresh_token: user account: the one that is valid now. Service account: None, nothing that rotates is kept.
        connection_credential: what the vendor's relay gave out with the code exchange; None without a relay.
        access_token: the newest one, kept until `Connection.access_expires_at`, so that a process that asks for a
            token shortly after another gets the same.
    """

    refresh_token: Secret | None = None
    connection_credential: Secret | None = None
    access_token: Secret | None = None
