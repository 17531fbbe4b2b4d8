"""A quiet look at what a connection needs, before the person invests effort. What is looked at is passed in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from assistant.problems import Occurrence, ProblemError, occurrence

LIMIT_SECONDS = 3.0


class Probe(Enum):
    """What is looked at, in the order of the first page."""

    INTERNET = "internet"
    CLOCK = "clock"
    PASSWORD_STORE = "password-store"  # noqa: S105 - the name of a probe
    BROWSER = "browser"


class Verdict(Enum):
    """How a probe ended."""

    FINE = "fine"
    ATTENTION = "attention"  # something to know, such as a locked keychain that will be unlocked later
    WRONG = "wrong"
    NOT_CHECKED = "not-checked"


Details = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one probe found.

    Attributes:
        occurrence: says it in words where there is something to say.
        details: for whoever wants to know more: what was looked at and what it said. Nothing in them is secret.
    """

    probe: Probe
    verdict: Verdict
    occurrence: Occurrence | None = None
    details: Details = ()


Look = Callable[[], Awaitable[Finding]]


async def preflight(
    looks: Mapping[Probe, Look], found: Callable[[Finding], None], *, limit: float = LIMIT_SECONDS
) -> tuple[Finding, ...]:
    """Looks at everything at once and tells `found` of each as it ends; never longer than `limit` seconds.

    A look that fails tells its problem; one that does not end in time is "not checked", which stops nobody.
    """

    async def one(probe: Probe, look: Look) -> Finding:
        try:
            async with asyncio.timeout(limit):
                finding = await look()
        except TimeoutError:
            finding = Finding(probe=probe, verdict=Verdict.NOT_CHECKED)
        except ProblemError as problem:
            finding = Finding(probe=probe, verdict=Verdict.WRONG, occurrence=problem.occurrence)
        except Exception as fault:  # noqa: BLE001 - a look that breaks must not stop the person
            problem_at = occurrence("START-03", {"fault": type(fault).__name__})
            finding = Finding(probe=probe, verdict=Verdict.NOT_CHECKED, occurrence=problem_at)
        found(finding)
        return finding

    return tuple(await asyncio.gather(*(one(probe, look) for probe, look in looks.items())))
