"""Whether the servers a connection needs can be reached: name, route, certificate and answer of each, all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

from assistant.fortnox.client import Reached
from assistant.fortnox.endpoints import Endpoints
from assistant.integration import Integration
from assistant.problems import Occurrence, ProblemError, occurrence
from assistant.support.preflight import Details, Finding, Probe, Verdict

HOST_SECONDS = 2.5
"""Shorter than the preflight's own limit, so that a host that says nothing is named and not merely "not checked"."""

CLOCK_CODE = "NET-10"
"""A certificate that seems out of date says more of this computer's clock than of the network."""

Reach = Callable[[str], Awaitable[Reached]]


def addresses(integration: Integration) -> tuple[str, ...]:
    """One address for each server that the connection is made with, the authorization server first."""
    ends, relay = integration.endpoints, integration.relay
    return first_of_each_server(ends, *((relay.token, relay.revoke) if relay else (ends.token, ends.revoke)))


def first_of_each_server(ends: Endpoints, *more: str) -> tuple[str, ...]:
    """Of sign-in, API and `more`, one address for each server."""
    first: dict[str, str] = {}
    for address in (ends.authorize, ends.api, *more):
        first.setdefault(urlsplit(address).netloc.lower(), address)
    return tuple(first.values())


async def look_at_hosts(
    integration: Integration, reach: Reach, *, limit: float = HOST_SECONDS
) -> tuple[Finding, Occurrence | None]:
    """The finding for the row of the internet, and what a certificate says of the clock.

    The row names the first host that fails. `reach` asks a server whether it is there.
    """
    looked = await asyncio.gather(*(_one(address, reach, limit) for address in addresses(integration)))
    details: Details = tuple(detail for _, detail in looked)
    failed = [problem for problem, _ in looked if problem is not None]
    of_clock = next((problem for problem in failed if problem.code == CLOCK_CODE), None)
    of_network = next((problem for problem in failed if problem.code != CLOCK_CODE), None)
    if of_network is not None:
        finding = Finding(probe=Probe.INTERNET, verdict=Verdict.WRONG, occurrence=of_network, details=details)
    elif of_clock is not None:
        finding = Finding(probe=Probe.INTERNET, verdict=Verdict.NOT_CHECKED, details=details)
    else:
        finding = Finding(probe=Probe.INTERNET, verdict=Verdict.FINE, details=details)
    return finding, of_clock


async def _one(address: str, reach: Reach, limit: float) -> tuple[Occurrence | None, tuple[str, str]]:
    host = urlsplit(address).hostname or ""
    try:
        async with asyncio.timeout(limit):
            reached = await reach(address)
    except TimeoutError:
        problem = occurrence("NET-03", {"Host": host, "Failure": "TimeoutError"}, host=host)
        return problem, (host, problem.code)
    except ProblemError as stopped:
        said = ", ".join(f"{name} {value}" for name, value in stopped.occurrence.details if name != "Host")
        return stopped.occurrence, (host, f"{stopped.code} {said}".strip())
    return None, (host, _route(reached))


def _route(reached: Reached) -> str:
    parts: Iterable[str] = (
        f"HTTP {reached.status}",
        f"certificate by {reached.issuer}" if reached.issuer else "",
        f"through the proxy {reached.proxy}" if reached.proxy else "",
    )
    return ", ".join(part for part in parts if part)
