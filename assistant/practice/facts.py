"""What practice does without a switch, and how sure anybody outside Fortnox can be of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from assistant.language import N_
from assistant.practice.switches import Mark


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing practice does. `text` is a message id."""

    text: str
    mark: Mark


FACTS: Final = (
    Fact(N_("An authorization code lives ten minutes."), Mark.DOCUMENTED),
    Fact(N_("An authorization code can be exchanged once."), Mark.REPORTED),
    Fact(N_("An access token lives one hour and cannot be revoked."), Mark.DOCUMENTED),
    Fact(N_("A refresh token lives 45 days, works once and is replaced."), Mark.DOCUMENTED),
    Fact(N_("Client credentials need a service account's consent and its TenantId."), Mark.DOCUMENTED),
    Fact(N_("A company has at most one service account for each integration."), Mark.DOCUMENTED),
    Fact(N_("Only a system administrator can approve a service account."), Mark.DOCUMENTED),
    Fact(N_("The redirect URI must be the same, character for character."), Mark.DOCUMENTED),
    Fact(N_("A permission that is not registered fails before sign-in."), Mark.REPORTED),
    Fact(N_("The redirect URI must be in the token request too."), Mark.REPORTED),
    Fact(N_("The access token is a JWT with the claim tenantId; its other claims are guesses."), Mark.DOCUMENTED),
    Fact(N_("At most 25 calls in five seconds for each company."), Mark.DOCUMENTED),
    Fact(N_("Revoking an unknown token succeeds."), Mark.INFERRED),
    Fact(N_("The answers to refused client credentials."), Mark.GUESSED),
    Fact(N_("A missing licence shows after the company is chosen."), Mark.GUESSED),
    Fact(N_("Somebody with one company does not get to choose."), Mark.GUESSED),
)
"""Shown on the control page, below the switches."""
