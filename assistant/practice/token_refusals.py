"""Refusals of the token endpoint that a switch asks for, and the statuses the sources disagree about."""

from __future__ import annotations

from typing import Final

from assistant.practice.ledger import GrantError
from assistant.practice.switches import DeadGrantStatus, LicenceStatus, Switches, TokenRefusal

_LICENCE_ERRORS: Final = frozenset({"error_missing_license", "error_missing_app_license"})
_GRANT_TEXTS: Final = {
    "authorization_code": "Authorization code doesn't exist or is invalid for the client",
    "refresh_token": "Invalid refresh token",
}
_REFUSALS: Final = {
    TokenRefusal.REDIRECT_MISMATCH: ("redirect_uri_mismatch", "The redirect URI is missing or do not match"),
    TokenRefusal.INVALID_SCOPE: ("invalid_scope", "An unsupported scope was requested"),
    TokenRefusal.MISSING_LICENCE: ("error_missing_license", "The company lacks a required license"),
    TokenRefusal.MISSING_APP_LICENCE: ("error_missing_app_license", "The integration has not been bought"),
    TokenRefusal.TOO_FEW_LICENCES: ("error_missing_license", "The company does not have enough licenses"),
    TokenRefusal.UNAUTHORIZED_CLIENT: ("unauthorized_client", "The client may not use this grant"),
    TokenRefusal.ACCESS_DENIED: ("access_denied", "Access was denied"),
    TokenRefusal.INVALID_REQUEST: ("invalid_request", 'Missing parameter: "code" is required'),
    TokenRefusal.UNSUPPORTED_GRANT: ("unsupported_grant_type", "The grant type is not supported"),
    TokenRefusal.UNHEARD_OF: ("error_practice_only", "Nobody has heard of this"),
}


def asked_for(grant: str, switches: Switches) -> GrantError | None:
    """The refusal that the switches ask for when `grant` is asked for, or None."""
    refusal = {
        "authorization_code": switches.refused_exchange,
        "refresh_token": switches.refused_renewal,
        "client_credentials": switches.refused_service,
    }.get(grant, TokenRefusal.NONE)
    if refusal is TokenRefusal.NONE:
        return None
    if refusal is TokenRefusal.BAD_GRANT:
        return GrantError("invalid_grant", _GRANT_TEXTS.get(grant, "No consent exists for the client and tenant"))
    return GrantError(*_REFUSALS[refusal])


def with_status(refused: GrantError, switches: Switches) -> GrantError:
    """`refused` with the status that the switches want, where the sources disagree."""
    if refused.error == "invalid_grant" and switches.dead_grant_status is DeadGrantStatus.UNAUTHORIZED:
        return GrantError(refused.error, refused.description, 401)
    if refused.error in _LICENCE_ERRORS:
        status = 400 if switches.licence_status is LicenceStatus.BAD_REQUEST else 401
        return GrantError(refused.error, refused.description, status)
    return refused
