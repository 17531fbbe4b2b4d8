"""Which entry of the catalogue fits: the room that met a problem knew neither the integration nor the account."""

from __future__ import annotations

from assistant.fortnox.account import AccountKind
from assistant.integration import Integration
from assistant.problems import Occurrence, occurrence


def fitted(met: Occurrence, integration: Integration, account: AccountKind) -> Occurrence:
    """`met`, or the same with an entry whose remedy the person can follow here; facts and details stay.

    - TOKEN-18 for TOKEN-01 where no activation key is asked for, so that none can be entered again.
    - AUTH-17 for AUTH-04 where the integration has no page at Fortnox.
    - AUTH-18 for AUTH-02 where it was a user account that was to be approved.
    """
    code = None
    if met.code == "TOKEN-01" and not integration.asks_for_secret:
        code = "TOKEN-18"
    elif met.code == "AUTH-04" and integration.listing is None:
        code = "AUTH-17"
    elif met.code == "AUTH-02" and account is AccountKind.USER:
        code = "AUTH-18"
    return met if code is None else occurrence(code, dict(met.details), **met.facts)
