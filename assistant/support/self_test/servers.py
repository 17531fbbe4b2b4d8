"""The network to each server, step by step: which proxy, the name, TCP, TLS with its certificate, an answer.

The steps are told apart because different people mend them. Nothing is sent that says who asks. What the answers say
of this computer's clock is judged here too.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar
from urllib.parse import urlsplit

from assistant.elapsed import elapsed
from assistant.fortnox.client import Client
from assistant.fortnox.proxies import Proxy
from assistant.fortnox.server_clock import ServerClock, clock_problem
from assistant.integration.model import first_of_each_server
from assistant.own_thread import OwnThread
from assistant.problems import Occurrence, ProblemError, occurrence
from assistant.support.hosts import CLOCK_CODE
from assistant.support.preflight import Verdict
from assistant.support.self_test.result import Check, Detail, Details, Reason, Result, fine, not_checked, wrong
from assistant.support.self_test.world import World

Answer = TypeVar("Answer")

PROXY_SECONDS: Final = 1.5
NAME_SECONDS: Final = 2.0
TCP_SECONDS: Final = 1.5
ANSWER_SECONDS: Final = 2.5

_PORTS: Final = {"https": 443, "http": 80}
_PROXY_CODES: Final = frozenset({"NET-05", "NET-07", "NET-09", "NET-11"})
_CERTIFICATE_CODES: Final = frozenset({"NET-04", CLOCK_CODE})


async def look_at_servers(world: World) -> Sequence[Result]:
    """A result for each server, and one for the clock."""
    integration = world.integration
    relay = integration.relay if integration is not None else None
    ends = integration.endpoints if integration is not None else world.endpoints
    token = (relay.token, relay.revoke) if relay else (ends.token, ends.revoke)
    clock = ServerClock()
    async with world.client(ends, None) as client:
        results = await asyncio.gather(
            *(_Server(world, client, address, clock).look() for address in first_of_each_server(ends, *token))
        )
    return (*results, _clock(world, clock, results))


class _Server:
    """One server; its steps are noted as they are taken."""

    def __init__(self, world: World, client: Client, address: str, clock: ServerClock) -> None:
        self._world, self._client, self._address, self._clock = world, client, address, clock
        self._host = urlsplit(address).hostname or ""
        self._is_tls = urlsplit(address).scheme == "https"
        self._steps: dict[Detail, Verdict] = {}
        self._more: Details = ()

    async def look(self) -> Result:
        try:
            proxy = await self._in_time(PROXY_SECONDS, self._proxy)
        except TimeoutError:
            return not_checked(Check.SERVER, Reason.LATE, *self._details())
        except ValueError:
            return wrong(Check.SERVER, occurrence("NET-07", host=self._host), *self._details())
        if proxy is not None:
            self._more = ((Detail.PROXY, urlsplit(proxy.address).netloc.rpartition("@")[2]),)
        steps: tuple[tuple[Detail, float, Callable[[], Awaitable[None]], str], ...] = (
            (Detail.NAME, NAME_SECONDS, lambda: self._name(proxy), "NET-01"),
            (Detail.TCP, TCP_SECONDS, lambda: self._tcp(proxy), "NET-02"),
        )
        for step, limit, take, code in steps:
            try:
                await self._in_time(limit, take)
            except TimeoutError:
                return self._stopped(step, "NET-07" if proxy else "NET-03")
            except OSError as failure:
                return self._stopped(step, "NET-07" if proxy else code, failure)
            self._steps[step] = Verdict.FINE
        return await self._answer()

    async def _in_time(self, limit: float, step: Callable[[], Awaitable[Answer]]) -> Answer:
        async with asyncio.timeout(limit):
            return await step()

    async def _proxy(self) -> Proxy | None:
        found = await OwnThread("self-test-proxy").call(lambda: self._world.proxy(self._address))
        return Proxy.of(found) if found else None

    async def _name(self, proxy: Proxy | None) -> None:
        host, port = self._target(proxy)
        await OwnThread("self-test-name").call(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))

    async def _tcp(self, proxy: Proxy | None) -> None:
        host, port = self._target(proxy)
        found = await OwnThread("self-test-name").call(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        failure: OSError | None = None
        for family, kind, protocol, _name, place in found:
            one = socket.socket(family, kind, protocol)
            one.setblocking(False)
            try:
                await asyncio.get_running_loop().sock_connect(one, place)
            except OSError as refused:
                failure = failure or refused
            else:
                return
            finally:
                one.close()
        raise failure or OSError

    def _target(self, proxy: Proxy | None) -> tuple[str, int]:
        parts = urlsplit(proxy.address if proxy else self._address)
        return parts.hostname or "", parts.port or (8080 if proxy else _PORTS.get(parts.scheme, 443))

    async def _answer(self) -> Result:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                reached = await self._client.reach(self._address)
        except TimeoutError:
            return self._stopped(Detail.ANSWER, "NET-03")
        except ProblemError as stopped:
            return self._refused(stopped.occurrence)
        if self._client.server_time is not None:
            self._clock.note(self._client.server_time, elapsed=elapsed())
        if self._is_tls:
            self._steps[Detail.TLS] = Verdict.FINE
        self._steps[Detail.ANSWER] = Verdict.FINE
        self._more = (*self._more, (Detail.STATUS, str(reached.status)))
        if reached.issuer:
            self._more = (*self._more, (Detail.ISSUER, reached.issuer))
        return fine(Check.SERVER, *self._details())

    def _refused(self, problem: Occurrence) -> Result:
        if problem.code in _CERTIFICATE_CODES:
            step = Detail.TLS
        elif problem.code in _PROXY_CODES:
            step = Detail.PROXY
        else:
            step = Detail.ANSWER
        issuer = dict(problem.details).get("Issuer")
        if issuer:
            self._more = (*self._more, (Detail.ISSUER, issuer))
        if step is not Detail.PROXY:
            self._steps[step] = Verdict.WRONG
        return wrong(Check.SERVER, problem, *self._details())

    def _stopped(self, step: Detail, code: str, failure: OSError | None = None) -> Result:
        self._steps[step] = Verdict.WRONG
        told: dict[str, object] = {"Host": self._host, "Failure": type(failure).__name__ if failure else "TimeoutError"}
        return wrong(Check.SERVER, occurrence(code, told, host=self._host), *self._details())

    def _details(self) -> Details:
        steps = (Detail.NAME, Detail.TCP, *((Detail.TLS,) if self._is_tls else ()), Detail.ANSWER)
        told = tuple((step, self._steps.get(step, Verdict.NOT_CHECKED).value) for step in steps)
        return ((Detail.HOST, self._host), *self._more, *told)


def _clock(world: World, clock: ServerClock, results: Sequence[Result]) -> Result:
    now = world.clock()
    difference = clock.difference(now, elapsed=elapsed())
    of_certificate = next((each.problem for each in results if each.problem and each.problem.code == CLOCK_CODE), None)
    if difference is None:
        return (
            wrong(Check.CLOCK, of_certificate)
            if of_certificate is not None
            else not_checked(Check.CLOCK, Reason.NO_ANSWER)
        )
    off = (Detail.SECONDS_OFF, str(round(-difference.total_seconds())))
    problem = clock_problem(now, difference)
    return fine(Check.CLOCK, off) if problem is None else wrong(Check.CLOCK, problem, off)


def proxy_in_use(results: Sequence[Result]) -> bool | None:
    """Whether any server is reached through a proxy; None where nothing was found out."""
    servers = [each for each in results if each.check is Check.SERVER and each.detail(Detail.HOST)]
    return any(each.detail(Detail.PROXY) for each in servers) if servers else None
