"""The situations that are walked, where each ends by its own declaration, and what has to be true there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.practice.faults import Cut
from assistant.practice.scenarios import SCENARIOS, TROUBLES, Scenario
from assistant.practice.troubles import FAULTS
from tests.ends.storing import parted
from tests.ends.walk_scenario import CONNECTED, WAITS
from tests.window.walked import COMPANY, PERSON, ROOT, TOKEN, Mark, environment, unexpected

QUICK = (
    "client-not-enabled",
    "pop-up",
    "declined",
    "other-state",
    "service-other-company",
    "call-2001103",
    "exchange-cut-midway",
    "person-html",
    "normal@keychain-locked",
)
"""One of each family: portal, sign-in, approval, callback, tokens, calls, network on the way and behind the sign-in,
and saving."""

LONG = (
    "normal",
    "unknown-client",
    "wrong-redirect",
    "scope-not-registered",
    "portal-without-service-accounts",
    "not-bought",
    "not-bought-at-token",
    "secret-replaced",
    "pkce-required",
    "pkce-refused",
    "bankid-script",
    "bankid-click",
    "bankid-click+bankid-cancelled",
    "bankid-click+bankid-timed-out",
    "bankid-click+bankid-no-user",
    "refuses-embedded",
    "refuses-embedded-features",
    "never-finishes",
    "blank-page",
    "locked-account",
    "locked-empty-callback",
    "locked-user",
    "not-administrator",
    "too-few-permissions",
    "new-consultant",
    "licence-missing",
    "module-licence-missing",
    "too-few-licences",
    "server-error-redirect",
    "unheard-of-error",
    "fewer-scopes",
    "nothing-comes-back",
    "empty-callback",
    "empty-query",
    "code-without-state",
    "two-codes",
    "code-and-error",
    "other-issuer",
    "licence-missing+state-omitted",
    "code-expired",
    "code-used",
    "bad-code",
    "redirect-mismatch-at-token",
    "invalid-scope-at-token",
    "licence-missing-at-token",
    "invalid-request-at-token",
    "unheard-of-at-token",
    "no-refresh-token",
    "wrong-token-type",
    "token-no-jwt",
    "long-token",
    "service-consent-missing",
    "service-access-denied",
    "service-scope-exceeds",
    "call-2000310",
    "call-2000663",
    "call-2001101",
    "call-2003275",
    "call-1000003",
    "access-token-expired",
    "no-database-number",
    "other-spellings",
    "sign-in-maintenance",
    "sign-in-cut-before",
    "sign-in-forbidden",
    "sign-in-html",
    "consent-fault",
    "exchange-gateway",
    "exchange-html",
    "exchange-too-many",
    "exchange-slow",
    "service-token-cut-before",
    "service-token-maintenance",
    "company-cut-midway",
    "company-oversized",
    "company-redirect",
    "person-forbidden",
    "person-fault",
)
SLOW = (
    "sign-in-stalled",
    "sign-in-drip",
    "consent-stalled",
    "consent-drip",
    "exchange-stalled",
    "exchange-drip",
    "service-token-stalled",
    "service-token-drip",
    "company-stalled",
    "company-drip",
    "person-stalled",
    "person-drip",
    "normal@vault-in-use",
)
"""Those that end by one of the program's own limits, which are not shortened here."""
MOUNTED = ("normal@vault-read-only", "normal@disk-full")
"""Only where the tests may mount."""
PAIRS = QUICK + LONG + SLOW + MOUNTED
BATCH, SLOW_BATCH = 8, 2
"""So many windows follow one another in a process; each takes three to five seconds, a slow one up to forty."""
LOST = {f"exchange-{trouble}" for trouble in ("cut-after-work", "cut-after-headers", "cut-midway", "half", "drip")}
"""Here Fortnox gives out tokens, and nobody can read the answer."""
UNREAD = {
    f"exchange-{name}"
    for name, trouble in TROUBLES.items()
    if not (fault := FAULTS[trouble]).handled and (fault.status is not None or fault.cut is Cut.NO_ANSWER)
}
"""Here the exchange is answered, or not, by something that never reads it."""
_WITHOUT_TOKENS = ("AUTH", "WEB", WAITS)


@dataclass(frozen=True)
class Ended:
    """How one walk ended.

    Attributes:
        expected: what the situations themselves declare.
        outcome: a problem's code, `CONNECTED`, or `WAITS`.
        asked: the moment before the person confirms; None where it did not come to that.
        closed: after the window was closed.
    """

    name: str
    expected: tuple[str, ...]
    outcome: str
    asked: Mark | None
    closed: Mark

    def faults(self) -> list[str]:
        """What does not hold, in words; empty where everything does."""
        found = [] if self.outcome in self.expected else [f"ended in {self.outcome}, not in {self.expected}"]
        found += self._vault_faults()
        found += self._log_faults()
        if (live := self._left_alive()) != (self.name in LOST):
            found.append(f"{live} refresh tokens are neither stored nor revoked")
        return found

    def _vault_faults(self) -> list[str]:
        connected = self.outcome == CONNECTED
        found = [] if self.asked is None or self.asked.vault == [] else ["something was stored before the confirmation"]
        if len(self.closed.vault) != connected:
            found.append(f"{len(self.closed.vault)} connections are stored")
        if connected and not any(each["client_secret"] for each in self.closed.vault):
            found.append("the connection was stored without its client secret")
        return found

    def _log_faults(self) -> list[str]:
        asked_for = [entry for entry in self.closed.log if entry.path == TOKEN]
        exchange = None if self.name in UNREAD else "authorization_code"
        codes_tried = sum(entry.grant == exchange for entry in asked_for)
        found = [] if codes_tried <= 1 else [f"one code was tried {codes_tried} times"]
        if self.outcome.startswith(_WITHOUT_TOKENS) and not self._told_by_token_endpoint() and self.closed.requests():
            found.append(f"sent without a code that can be trusted: {self.closed.requests()}")
        if self.outcome.startswith(("TOKEN", "CHECK", CONNECTED)) and codes_tried != 1:
            found.append("the code was not tried")
        if self.outcome.startswith("CHECK") and not any(e.path in (COMPANY, PERSON) for e in self.closed.log):
            found.append("nothing was checked")
        if "secret-replaced" not in self.name and any(
            not entry.client_authenticated and entry.status == 401 for entry in asked_for
        ):
            found.append("the client did not prove who it is")
        return found

    def _told_by_token_endpoint(self) -> bool:
        return self.name.endswith("-at-token")

    def _left_alive(self) -> int:
        stored = sum(each["refresh_token"] is not None for each in self.closed.vault)
        service = sum(each["account"] == "service" for each in self.closed.vault)
        return self.closed.revoked.count(False) - stored - service  # what revoking does to a consent is unknown


def expected(name: str) -> tuple[str, ...]:
    """What the situations joined in `name` declare, and the trouble of saving where it has one."""
    names, storing = parted(name)
    if storing is not None:
        return (storing.outcome,)
    declared: list[Scenario] = [SCENARIOS[each] for each in names]
    outcomes = tuple(outcome for each in declared for outcome in each.outcomes)
    return outcomes or ((WAITS,) if any(each.waits for each in declared) else (CONNECTED,))


def batches(names: Sequence[str], size: int = BATCH) -> list[tuple[str, ...]]:
    """`names` in lists short enough for one process."""
    return [tuple(names[start : start + size]) for start in range(0, len(names), size)]


def walk_through(folder: Path, names: Sequence[str]) -> list[Ended]:
    """Walks through `names` in a process of its own.

    Raises:
        AssertionError: the process ended badly, practice failed, or something unexpected was said.
    """
    ran = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", "tests.ends.walk_scenario", str(folder), *names],
        cwd=ROOT, env=environment(folder / "home"), capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    assert not told["crashes"], f"practice itself failed: {told['crashes']}"
    assert not (said := unexpected([*ran.stderr.splitlines(), *told["qt"]])), said
    assert told["left"] == 0, "pages of the engine outlived their window"
    assert [code for code, _ in told["ends"]] == [0] * len(names)
    marks = {key: Mark.of(value) for key, value in told["marks"].items()}
    return [
        Ended(
            name=name,
            expected=expected(name),
            outcome=marks[name].more["outcome"],
            asked=marks.get(f"{name} asked"),
            closed=marks[name],
        )
        for name in names
    ]
