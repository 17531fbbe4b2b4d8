"""The preflight of the first page, on the real network, clock, password store and engine."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from assistant.effects import Ports
from assistant.fortnox.messages import ClientSecret
from assistant.integration import Integration
from assistant.problems import Occurrence, occurrence, stop
from assistant.secret import Secret
from assistant.support.preflight import Finding, Probe, Verdict, preflight
from assistant.vault.async_vault import AsyncVault
from assistant.vault.keychain import Keychain
from assistant.vault.own_thread import OwnThread
from assistant.vault.sealing_key import KeychainState, SealingKeyHolder

CLOCK_TOLERANCE = timedelta(minutes=2)


async def look_ahead(
    integration: Integration,
    ports: Ports,
    *,
    vault: AsyncVault,
    keychain: SealingKeyHolder,
    engine: Callable[[], Awaitable[Occurrence | None]],
    found: Callable[[Finding], None],
) -> None:
    """Looks at everything a connection needs and tells `found`; sends nothing that says who asks."""
    difference: asyncio.Future[timedelta | None] = asyncio.get_running_loop().create_future()

    async def internet() -> Finding:
        nobody = ClientSecret(client_id=integration.client_id, secret=Secret(""))
        try:
            async with ports.client(integration.endpoints, nobody) as client:
                await client.reach()
                if not difference.done():
                    difference.set_result(client.server_time_difference)
        finally:
            if not difference.done():
                difference.set_result(None)
        return Finding(probe=Probe.INTERNET, verdict=Verdict.FINE)

    async def clock() -> Finding:
        seen = await asyncio.shield(difference)
        if seen is None:
            return Finding(probe=Probe.CLOCK, verdict=Verdict.NOT_CHECKED)
        if abs(seen) <= CLOCK_TOLERANCE:
            return Finding(probe=Probe.CLOCK, verdict=Verdict.FINE)
        here = ports.clock().astimezone()
        raise stop("START-05", shown=f"{here:%Y-%m-%d %H:%M}", right=f"{here + seen:%Y-%m-%d %H:%M}")

    async def password_store() -> Finding:
        unusable = await vault.usable()
        if unusable is not None:
            return Finding(probe=Probe.PASSWORD_STORE, verdict=Verdict.WRONG, occurrence=unusable)
        state = KeychainState.READY
        if isinstance(keychain, Keychain):
            state = await OwnThread("keychain-look").call(keychain.state)
        if state is KeychainState.LOCKED:
            return Finding(probe=Probe.PASSWORD_STORE, verdict=Verdict.ATTENTION, occurrence=occurrence("STORE-02"))
        if state is KeychainState.ABSENT:
            raise stop("STORE-01")
        if state is KeychainState.UNREACHABLE:
            raise stop("STORE-04")
        return Finding(probe=Probe.PASSWORD_STORE, verdict=Verdict.FINE)

    async def browser() -> Finding:
        problem = await engine()
        verdict = Verdict.FINE if problem is None else Verdict.WRONG
        return Finding(probe=Probe.BROWSER, verdict=verdict, occurrence=problem)

    await preflight(
        {
            Probe.INTERNET: internet,
            Probe.CLOCK: clock,
            Probe.PASSWORD_STORE: password_store,
            Probe.BROWSER: browser,
        },
        found,
    )
