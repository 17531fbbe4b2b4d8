"""What the practice developer portal knows about the integration that people connect."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeIntegration:
    """One registration in the practice portal.

    Attributes:
        redirect_uris: compared character for character; empty means any, as one user reported of an empty field.
        scopes: what the portal registration allows. Asking for more is `invalid_scope`.
        service_accounts: the portal setting "Enable service account authorization".
        vendor: who makes it; shown on the consent page.
    """

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]
    service_accounts: bool
    name: str
    vendor: str


LAGERKOLL: Final = PracticeIntegration(
    client_id="practice-lagerkoll",
    client_secret="practice-secret-not-real",  # noqa: S106 - public, opens nothing but practice
    redirect_uris=("https://lagerkoll.example/activation",),
    scopes=("companyinformation", "profile", "article", "order", "invoice"),
    service_accounts=True,
    name="Lagerkoll",
    vendor="Exempelbolaget AB",
)
"""The integration of `resources/practice/integration.toml`."""
