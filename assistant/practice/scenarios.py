"""Named situations to practise: each is a set of switches that belong together.

A new one is an entry in `SCENARIOS`; the control page lists it and `practice-server` can start with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from assistant.language import N_
from assistant.practice.switches import (
    Account,
    AlreadySignedIn,
    Callback,
    ErrorKeys,
    ErrorState,
    ExpiredStatus,
    PortalServiceAccounts,
    RefreshReuse,
    ScopeStatus,
    Switches,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One situation. `title` is a message id."""

    name: str
    title: str
    switches: Switches


_ALL = (
    Scenario(name="normal", title=N_("Everything as expected"), switches=Switches()),
    Scenario(
        name="locked-account",
        title=N_("The customer's account is locked"),
        switches=Switches(account=Account.LOCKED),
    ),
    Scenario(
        name="nothing-comes-back",
        title=N_("Approved, but nothing comes back"),
        switches=Switches(callback=Callback.NONE),
    ),
    Scenario(
        name="empty-callback",
        title=N_("The address comes back without a code"),
        switches=Switches(callback=Callback.EMPTY, error_state=ErrorState.OMIT),
    ),
    Scenario(
        name="portal-without-service-accounts",
        title=N_("The vendor has not enabled service accounts"),
        switches=Switches(portal_service_accounts=PortalServiceAccounts.OFF),
    ),
    Scenario(
        name="signed-in-as-somebody",
        title=N_("The browser is signed in already"),
        switches=Switches(already_signed_in=AlreadySignedIn.SKIP_COMPANY),
    ),
    Scenario(
        name="other-spellings",
        title=N_("Errors in their other spellings"),
        switches=Switches(
            error_keys=ErrorKeys.CAPITAL,
            expired_status=ExpiredStatus.FORBIDDEN,
            scope_status=ScopeStatus.FORBIDDEN,
            refresh_reuse=RefreshReuse.REVOKE_FAMILY,
        ),
    ),
    Scenario(name="slow", title=N_("Every answer takes three seconds"), switches=Switches(latency=3.0)),
)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType({scenario.name: scenario for scenario in _ALL})
"""Every scenario by name, the ordinary one first."""
