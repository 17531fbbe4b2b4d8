"""Errors that send a person back to the integration, by the switches and by what the company and person are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from assistant.practice.authorization_request import AuthorizationRequest
from assistant.practice.people import Company, Membership, Person, Role
from assistant.practice.switches import Consultants, LicenceNoticed, Purchase, Refusal, Switches


@dataclass(frozen=True, slots=True)
class RedirectError:
    """An error of the redirect: `error` and `error_description`."""

    error: str
    description: str


_DIGITAL_BYRA: Final = RedirectError("access_denied", "The user is a consultant and has to log in through Digital byrå")
_MISSING_LICENCE: Final = RedirectError("error_missing_license", "The company lacks a required license")

FORCED: Final = {
    Refusal.DECLINED: RedirectError("access_denied", "The user denied access to your application"),
    Refusal.TOO_FEW_PERMISSIONS: RedirectError("access_denied", "The user has too few permissions"),
    Refusal.NEW_CONSULTANT: _DIGITAL_BYRA,
    Refusal.NOT_ENOUGH_LICENCES: RedirectError("error_missing_license", "The company does not have enough licenses"),
    Refusal.FAULT: RedirectError("server_error", "The authorization server has a fault"),
    Refusal.UNAVAILABLE: RedirectError("temporarily_unavailable", "The authorization server is not available"),
    Refusal.UNHEARD_OF: RedirectError("error_practice_only", "Nobody has heard of this"),
}
"""The texts are those of the FAQ where it has one [DOC faq]; the error codes beside them are guesses."""


def refusal_of(
    person: Person, company: Company, membership: Membership, *, request: AuthorizationRequest, switches: Switches
) -> RedirectError | None:
    """Why this person may not go on with this company; None when they may."""
    if switches.refusal in FORCED:
        return FORCED[switches.refusal]
    if person.role is Role.CONSULTANT and switches.consultants is Consultants.SENT_BACK:
        return _DIGITAL_BYRA
    if switches.purchase is Purchase.MISSING:
        return RedirectError("error_missing_app_license", "The integration has not been bought")
    if request.service and not membership.system_administrator:
        return RedirectError("error_missing_system_admin_right", "The user is not a system administrator")
    if switches.licence_noticed is LicenceNoticed.AT_COMPANY and (
        not company.integration_licence or company.missing_licences(request.scopes)
    ):
        return _MISSING_LICENCE
    return None
