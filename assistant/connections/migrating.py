"""Takes over a connection of Fortnox's retired scheme: its access token is exchanged, once, for tokens of today.

Fortnox exchanges a legacy token once, and it dies with the exchange; the integration must have been set to OAuth2 and
keeps its client id; the customer need not do anything [DOC, migrate-legacy-token-to-jwt]. What comes is a user
account's pair of tokens. Nothing is stored before somebody has said yes to the company by name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from assistant.connections.checking import LONGEST_WAIT, asked_to_wait
from assistant.connections.ports import Ports
from assistant.fortnox.account import AccountKind
from assistant.fortnox.company import Company, Person
from assistant.fortnox.messages import ClientSecret
from assistant.integration import Integration
from assistant.problems import Occurrence, ProblemError, occurrence, stop
from assistant.secret import Secret
from assistant.vault.connection import REFRESH_TOKEN_LIFE, Connection, Secrets, new_connection_id
from assistant.vault.to_its_end import to_its_end

if TYPE_CHECKING:
    from assistant.fortnox.client import Client

Result = TypeVar("Result")

_PAUSES: Final = (0.5, 2.0, 5.0)
"""Seconds between tries to read the company and to save: what was exchanged cannot be had again."""

_REFUSALS: Final = {"TOKEN-11": "CONN-08", "TOKEN-14": "CONN-09", "TOKEN-10": "CONN-10"}
"""The refusals that Fortnox documents [DOC, migrate-legacy-token-to-jwt]: 404 Access-token not found, 400 Could not
create JWT, 403 Not allowed to create JWT. The fourth, 401 Invalid authorization, is TOKEN-01 as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """A legacy token that was exchanged and of which nothing is stored yet.

    Attributes:
        connection: what would be stored.
        company: which company it opens, to be asked about by name.
        secrets: what would be sealed with it.
        client_secret: that it was exchanged with.
        replacing: the stored connection of the same person and company, whose place it takes; None where there is none.
    """

    connection: Connection
    company: Company
    secrets: Secrets
    client_secret: Secret
    replacing: Connection | None = None


async def exchange(ports: Ports, integration: Integration, client_secret: Secret, legacy_token: Secret) -> Exchanged:
    """Exchanges the token and reads the company it opens. Stores nothing; `store` or `give_up` has to follow.

    Raises:
        ProblemError: before anything is sent: STORE-..., nothing could be stored; TOKEN-15, the integration goes
            through a relay, which knows no such call. Then the refusals: CONN-08 unknown token, CONN-09 not possible,
            CONN-10 not allowed, TOKEN-01 the client secret. TOKEN-04: the answer was lost, and the old token may be
            used up. CHECK-...: the company could not be read; what came is then handed back.
    """
    hindrance = await ports.off_loop(ports.vault.usable)
    if hindrance is not None:
        raise ProblemError(hindrance)
    await ports.off_loop(ports.vault.unlock)
    names = {"integration": integration.name, "vendor": integration.vendor}
    if integration.relay is not None:
        raise stop("TOKEN-15", None, **names)
    async with ports.client(integration.endpoints, ClientSecret(integration.client_id, client_secret)) as client:
        await ports.token_pace.turn()
        asked_at = ports.clock()
        try:
            answer = await client.migrate(legacy_token)
        except ProblemError as failure:
            raise ProblemError(_refusal(failure.occurrence, names)) from None
        if answer.refresh_token is None:
            raise stop("TOKEN-12", None, **names)
        granted = answer.scopes or integration.scopes
        try:
            company, person = await _read(client, answer.access_token, granted)
        except ProblemError:
            with suppress(ProblemError):
                await client.revoke(answer.refresh_token)
            raise
    connection = Connection(
        id=new_connection_id(),
        account=AccountKind.USER,
        tenant_id=company.tenant_id,
        company_name=company.name,
        organisation_number=company.organisation_number,
        town=company.town,
        person_id=person.id if person else None,
        person_name=person.name if person else None,
        integration_name=integration.name,
        vendor=integration.vendor,
        client_id=integration.client_id,
        endpoints=integration.endpoints,
        redirect_uri=integration.redirect_uri.text,
        scopes_asked=integration.scopes,
        scopes_granted=granted,
        start_page=integration.start_page,
        connected_at=asked_at,
        valid_until=asked_at + REFRESH_TOKEN_LIFE,
        last_checked=ports.clock(),
        access_expires_at=asked_at + timedelta(seconds=answer.expires_in) if answer.expires_in else None,
    )
    alike = await ports.off_loop(lambda: ports.vault.matching(connection))
    return Exchanged(
        connection=connection,
        company=company,
        secrets=Secrets(
            refresh_token=answer.refresh_token, access_token=answer.access_token if answer.expires_in else None
        ),
        client_secret=client_secret,
        # Where a person is not known it is a connection of its own: nobody's is replaced by a guess.
        replacing=next((each for each in alike if each.identity and each.identity == connection.identity), None),
    )


async def store(ports: Ports, exchanged: Exchanged) -> Connection:
    """Stores what was exchanged, after the yes. Once begun it runs to its end.

    Raises:
        ProblemError: STORE-..., it could not be stored, tried for a while; then it is handed back as far as possible.
    """
    replaced = exchanged.replacing
    for pause in (*_PAUSES, None):
        try:
            return await asyncio.wrap_future(
                to_its_end(
                    lambda: ports.vault.save(
                        exchanged.connection,
                        exchanged.secrets,
                        client_secret=exchanged.client_secret,
                        replacing=replaced.id if replaced else None,
                    )
                )
            )
        except ProblemError:
            if pause is None:
                await give_up(ports, exchanged)
                raise
        await asyncio.sleep(pause)
    raise AssertionError  # the last turn of the loop returns or raises


async def give_up(ports: Ports, exchanged: Exchanged) -> bool:
    """Hands back what was exchanged, after the no. Whether Fortnox says that it took it back."""
    token = exchanged.secrets.refresh_token
    if token is None:
        return False
    access = ClientSecret(exchanged.connection.client_id, exchanged.client_secret)
    try:
        async with ports.client(exchanged.connection.endpoints, access) as client:
            return await client.revoke(token)
    except ProblemError:
        return False


async def _read(client: Client, token: Secret, granted: tuple[str, ...]) -> tuple[Company, Person | None]:
    """The company, and the person where the permission for that was given."""
    company = await _tried(lambda: client.company(token, granted))
    person = None
    if "profile" in granted:
        with suppress(ProblemError):  # without it the connection is that of somebody unknown
            person = await _tried(lambda: client.person(token))
    return company, person


async def _tried(call: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """`call`, made again for a while where that can help."""
    for pause in (*_PAUSES, None):
        try:
            return await call()
        except ProblemError as failure:
            if pause is None or not failure.occurrence.problem.retry_helps:
                raise
            wait = asked_to_wait(failure.occurrence)
        await asyncio.sleep(pause if wait is None else min(wait, LONGEST_WAIT))
    raise AssertionError  # the last turn of the loop returns or raises


def _refusal(problem: Occurrence, names: dict[str, str]) -> Occurrence:
    code = _REFUSALS.get(problem.code, problem.code)
    return occurrence(code, dict(problem.details), **{**names, **problem.facts})
