"""Companies connected without anybody signing in: what they hold is issued by practice and saved in a vault."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.fortnox.account import AccountKind
from assistant.fortnox.client import Client
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import Access
from assistant.practice.credentials import Authorization, ServiceConsent, new_uuid
from assistant.practice.people import PRACTICE_POPULATION, Population
from assistant.practice.server import PracticeServer
from assistant.secret import Secret
from assistant.vault.connection import Connection, Secrets
from assistant.vault.lock import ConnectionLocks
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from assistant.vault.tokens import Tokens
from tests.practice.browser import CLIENT_ID, CLIENT_SECRET
from tests.vault.samples import service, user

KEY = bytes(range(32))
TOKEN = "/oauth-v1/token"
SCOPES = ("companyinformation", "article")
TENANT = PRACTICE_POPULATION.companies[0].tenant_id


def vault_at(path: Path, **more: Any) -> Vault:
    """The vault in the file `path`, with a key that every process of a test has."""
    return Vault(path, MemoryKeychain(KEY), **more)


def tokens_of(path: Path, **more: Any) -> Tokens:
    """The tokens of the vault in the file `path`, without any proxy."""
    return Tokens(vault_at(path), ConnectionLocks(path), **{"client": client, **more})


def client(endpoints: Endpoints, access: Access) -> Client:
    return Client(endpoints, access, proxy=lambda _: None)


def connected(
    server: PracticeServer,
    path: Path,
    account: AccountKind = AccountKind.USER,
    *,
    tenant_id: int = TENANT,
    person_id: str = "1",
    vault: Vault | None = None,
    **changes: Any,
) -> Connection:
    """A connection in the vault at `path`, or in `vault`, that practice knows of, without an access token at hand."""
    made = user if account is AccountKind.USER else service
    ends = datetime.now(UTC) + timedelta(days=45) if account is AccountKind.USER else None
    connection = made(
        tenant_id=str(tenant_id),
        person_id=None if account is AccountKind.SERVICE else person_id,
        client_id=CLIENT_ID,
        relay=None,
        endpoints=Endpoints(**server.endpoints),
        scopes_asked=SCOPES,
        scopes_granted=SCOPES,
        connected_at=datetime.now(UTC),
        **{"valid_until": ends, **changes},
    )
    refresh_token = None
    if account is AccountKind.USER:
        issued = server.run.ledger.issue(_approved(tenant_id, service=False), with_refresh_token=True)
        assert issued.refresh_token is not None
        server.issued.refresh_tokens.append(issued.refresh_token)
        refresh_token = Secret(issued.refresh_token)
    else:
        server.run.ledger.holdings.consents.append(
            ServiceConsent(
                client_id=CLIENT_ID, tenant_id=tenant_id, person_id="1", scopes=SCOPES, recorded_at=server.clock.now()
            )
        )
    kept_in = vault or vault_at(path)
    return kept_in.save(connection, Secrets(refresh_token=refresh_token), client_secret=Secret(CLIENT_SECRET))


def population(count: int) -> Population:
    """`count` companies more than practice has, all with every licence."""
    first = PRACTICE_POPULATION.companies[0]
    more = tuple(replace(first, tenant_id=2_000_000 + number, name=f"Bolag {number} AB") for number in range(count))
    return replace(PRACTICE_POPULATION, companies=(*PRACTICE_POPULATION.companies, *more))


def live_refresh_tokens(server: PracticeServer, tenant_id: int = TENANT) -> list[str]:
    """The refresh tokens of that company that would still work."""
    return [
        token.value
        for token in server.run.ledger.holdings.refresh_tokens.values()
        if token.authorization.tenant_id == tenant_id and not token.revoked and token.used_at is None
    ]


def renewals(server: PracticeServer) -> int:
    """The requests for a renewal that practice granted."""
    return sum(entry.path == TOKEN and entry.grant == "refresh_token" and entry.status == 200 for entry in server.log)


def _approved(tenant_id: int, *, service: bool) -> Authorization:
    return Authorization(
        client_id=CLIENT_ID, tenant_id=tenant_id, person_id="1", service=service, scopes=SCOPES, family=new_uuid()
    )
