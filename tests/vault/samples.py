"""Connections and secrets to store in tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from assistant.fortnox.account import AccountKind
from assistant.fortnox.endpoints import Endpoints
from assistant.secret import Secret
from assistant.vault.connection import REFRESH_TOKEN_LIFE, Connection, RelayAddresses, Secrets, new_connection_id

MOMENT = datetime(2026, 11, 23, 12, 30, 15, 123456, tzinfo=UTC)

SERVICE = Connection(
    id="0" * 32,
    account=AccountKind.SERVICE,
    tenant_id="1234567",
    company_name="Åkerlunds Möbler & Söner AB",
    organisation_number="556677-8899",
    town="Växjö",
    integration_name="Lagerkoll",
    vendor="Exempelbolaget AB",
    client_id="8VurtMGDTeAI",
    endpoints=Endpoints(),
    relay=RelayAddresses(token="https://lagerkoll.example/token", revoke="https://lagerkoll.example/revoke"),
    redirect_uri="https://lagerkoll.example/activation",
    scopes_asked=("companyinformation", "article", "order"),
    scopes_granted=("companyinformation", "article"),
    start_page="https://lagerkoll.example/login",
    connected_at=MOMENT,
)
USER = replace(
    SERVICE,
    account=AccountKind.USER,
    person_id="42",
    person_name="Eva Åkerlund",
    relay=None,
    valid_until=MOMENT + REFRESH_TOKEN_LIFE,
)
HOST = SERVICE.endpoints.authorize_host
SECRETS = Secrets(refresh_token=Secret("refresh-canary-åäö"), connection_credential=Secret("credential-canary"))


def service(**changes: Any) -> Connection:
    """A service account with an id of its own."""
    return replace(SERVICE, **{"id": new_connection_id(), **changes})


def user(**changes: Any) -> Connection:
    """A user account with an id of its own."""
    return replace(USER, **{"id": new_connection_id(), **changes})
