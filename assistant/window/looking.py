"""The preflight of the first page, on the real network, clock, password store, vault, engine and port."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from assistant.effects import Ports
from assistant.fortnox.messages import ClientSecret
from assistant.fortnox.server_clock import clock_problem
from assistant.integration import Integration, WayBack
from assistant.loopback.binding import bind
from assistant.own_thread import OwnThread
from assistant.problems import Occurrence, ProblemError, occurrence
from assistant.secret import Secret
from assistant.support.hosts import look_at_hosts
from assistant.support.preflight import LIMIT_SECONDS, Details, Finding, Probe, Verdict, preflight
from assistant.vault.async_vault import AsyncVault
from assistant.vault.keychain import Keychain
from assistant.vault.sealing_key import KeychainState, SealingKeyHolder
from assistant.window.elevated import is_elevated

Answer = TypeVar("Answer")

STORE_SECONDS = 2.5
"""How long the password store is waited for here; later it gets longer."""

_KEYCHAIN_LOOK = OwnThread("keychain-look")
"""One for every look: a keychain that hangs holds this thread alone, however often the person checks again."""

_STORE_PROBLEMS = {
    KeychainState.LOCKED: "STORE-02",
    KeychainState.ABSENT: "STORE-01",
    KeychainState.UNREACHABLE: "STORE-04",
}


class LookAhead:
    """One look at everything a connection needs; it sends nothing that says who asks, and asks the person nothing.

    Args:
        engine: waits for the browser engine, and says what is wrong with it.
    """

    def __init__(
        self,
        integration: Integration,
        ports: Ports,
        *,
        vault: AsyncVault,
        keychain: SealingKeyHolder,
        engine: Callable[[], Awaitable[Occurrence | None]],
    ) -> None:
        self._integration, self._ports = integration, ports
        self._vault, self._keychain, self._engine = vault, keychain, engine
        self._of_clock: asyncio.Future[Occurrence | None] = asyncio.get_running_loop().create_future()

    async def run(self, found: Callable[[Finding], None], *, limit: float = LIMIT_SECONDS) -> None:
        """Tells `found` of each row within `limit` seconds. An engine that starts later is told of when it has."""
        looks = {
            Probe.INTERNET: self.internet,
            Probe.CLOCK: self.clock,
            Probe.PASSWORD_STORE: self.password_store,
            Probe.BROWSER: self.browser,
        }
        findings = await preflight(looks, found, limit=limit)
        if any(each.probe is Probe.BROWSER and each.verdict is Verdict.NOT_CHECKED for each in findings):
            found(await self.browser())

    async def internet(self) -> Finding:
        """Every server: its name, the way to it, its certificate, and that it answers."""
        nobody = ClientSecret(client_id=self._integration.client_id, secret=Secret(""))
        of_clock: Occurrence | None = None
        try:
            async with self._ports.client(self._integration.endpoints, nobody) as client:
                try:
                    finding, of_clock = await look_at_hosts(self._integration, client.reach)
                finally:
                    if client.server_time is not None:
                        self._ports.server_clock.note(client.server_time, elapsed=self._ports.elapsed())
        finally:
            if not self._of_clock.done():
                self._of_clock.set_result(of_clock)
        return finding

    async def clock(self) -> Finding:
        """This computer's clock against that of the servers, once one has answered."""
        of_certificate = await asyncio.shield(self._of_clock)
        now = self._ports.clock()
        seen = self._ports.server_clock.difference(now, elapsed=self._ports.elapsed())
        details: Details = () if seen is None else (("Clock", f"{_seconds(-seen)} s from the servers"),)
        problem = clock_problem(now, seen) or of_certificate
        if problem is not None:
            return Finding(probe=Probe.CLOCK, verdict=Verdict.ATTENTION, occurrence=problem, details=details)
        verdict = Verdict.NOT_CHECKED if seen is None else Verdict.FINE
        return Finding(probe=Probe.CLOCK, verdict=verdict, details=details)

    async def password_store(self) -> Finding:
        """Whether a connection could be saved: the vault's file, and the keychain's state without a prompt."""
        begun = asyncio.get_running_loop().time()
        (unusable, vault_late), (state, _) = await asyncio.gather(
            _within(STORE_SECONDS, self._vault.usable(), late=None),
            _within(STORE_SECONDS, self._keychain_state(), late=KeychainState.UNREACHABLE),
        )
        code = _STORE_PROBLEMS.get(state)
        problem = unusable or (occurrence(code) if code else None)
        if problem is None and not vault_late and self._keychain.reads_quietly:
            spent = asyncio.get_running_loop().time() - begun
            problem, _ = await _within(STORE_SECONDS - spent, self._vault.key_problem(), late=None)
        writable = "no answer" if vault_late else "can be written" if unusable is None else unusable.code
        details: Details = (("Password store", state.value), ("Vault", writable))
        if problem is not None:
            verdict = Verdict.ATTENTION if problem.code == "STORE-02" else Verdict.WRONG
        else:
            verdict = Verdict.NOT_CHECKED if vault_late else Verdict.FINE
        return Finding(probe=Probe.PASSWORD_STORE, verdict=verdict, occurrence=problem, details=details)

    async def _keychain_state(self) -> KeychainState:
        if not isinstance(self._keychain, Keychain):
            return KeychainState.READY
        return await _KEYCHAIN_LOOK.call(self._keychain.state)

    async def browser(self) -> Finding:
        """The engine inside the window, whose rights it has, and the port on which the person's own browser would
        answer."""
        taken, details = await self._port()
        problem = await self._engine()
        if problem is not None:
            details = (("Engine", problem.code), *details)
            return Finding(probe=Probe.BROWSER, verdict=Verdict.WRONG, occurrence=problem, details=details)
        details = (("Engine", "running"), *details)
        note = occurrence("START-06") if is_elevated() else taken
        verdict = Verdict.FINE if note is None else Verdict.ATTENTION
        return Finding(probe=Probe.BROWSER, verdict=verdict, occurrence=note, details=details)

    async def _port(self) -> tuple[Occurrence | None, Details]:
        """What would keep the person's own browser from answering here; nothing where it answers elsewhere."""
        if self._integration.way_back is not WayBack.LISTENER:
            return None, ()
        address = self._integration.redirect_uri.address
        try:
            for taken in await bind(address.host, address.port, patience=0):
                taken.close()
        except ProblemError as stopped:
            return stopped.occurrence, ((f"Port {address.port}", stopped.code),)
        return None, ((f"Port {address.port}", "free"),)


async def _within(seconds: float, answer: Awaitable[Answer], *, late: Answer) -> tuple[Answer, bool]:
    """`answer`, or `late` when it is not there within `seconds`; and whether it was late."""
    try:
        async with asyncio.timeout(seconds):
            return await answer, False
    except TimeoutError:
        return late, True


def _seconds(difference: timedelta) -> int:
    return round(difference.total_seconds())
