"""Situations that the vendor's registration leads to."""

from __future__ import annotations

from typing import Final

from assistant.language import N_
from assistant.practice.scenarios.model import Scenario
from assistant.practice.switches import (
    BodyCredentials,
    ClientId,
    ClientSecret,
    Mark,
    Pkce,
    PortalScopes,
    PortalServiceAccounts,
    Purchase,
    RedirectRegistration,
    Refusal,
    Stage,
    TokenRefusal,
)

_FAQ: Final = "fortnox.se/developer/faq"
_CODE_PAGE: Final = "fortnox.se/developer/authorization/get-authorization-code"

PORTAL: Final = (
    Scenario(
        name="unknown-client",
        title=N_("The client id is unknown"),
        shows=N_("The sign-in ends on a page and never comes back."),
        stage=Stage.PORTAL,
        mark=Mark.INFERRED,
        source="RFC 6749, 4.1.2.1",
        changes={"client_id": ClientId.UNKNOWN},
        waits=True,
    ),
    Scenario(
        name="client-not-enabled",
        title=N_("The client id is not switched on for OAuth"),
        shows=N_("An error comes back before anybody signs in."),
        stage=Stage.PORTAL,
        mark=Mark.DOCUMENTED,
        source=_FAQ,
        changes={"refusal": Refusal.CLIENT_NOT_ENABLED},
        outcomes=("AUTH-12",),
    ),
    Scenario(
        name="wrong-redirect",
        title=N_("The redirect address is not the registered one"),
        shows=N_("The sign-in ends on a page and never comes back."),
        stage=Stage.PORTAL,
        mark=Mark.DOCUMENTED,
        source=_CODE_PAGE,
        changes={"redirect_registration": RedirectRegistration.ANOTHER},
        waits=True,
    ),
    Scenario(
        name="several-redirects",
        title=N_("Several redirect addresses are registered"),
        shows=N_("Loopback addresses on port 8642 are accepted too."),
        stage=Stage.PORTAL,
        mark=Mark.CODE,
        source="vilmerfrost/frost-solutions",
        changes={"redirect_registration": RedirectRegistration.SEVERAL},
    ),
    Scenario(
        name="any-redirect",
        title=N_("No redirect address is registered"),
        shows=N_("Every redirect address is accepted."),
        stage=Stage.PORTAL,
        mark=Mark.REPORTED,
        source="softwerkab/fortnox-csharp-api-sdk#159",
        changes={"redirect_registration": RedirectRegistration.ANY},
    ),
    Scenario(
        name="scope-not-registered",
        title=N_("A permission is not switched on in the portal"),
        shows=N_("invalid_scope comes back before anybody signs in."),
        stage=Stage.PORTAL,
        mark=Mark.REPORTED,
        source="erp-mafia/accounted#1761",
        changes={"portal_scopes": PortalScopes.ONE_FEWER},
        outcomes=("AUTH-05",),
    ),
    Scenario(
        name="portal-without-service-accounts",
        title=N_("The vendor has not enabled service accounts"),
        shows=N_("An error comes back when a service account is asked for."),
        stage=Stage.PORTAL,
        mark=Mark.DOCUMENTED,
        source=_FAQ,
        changes={"portal_service_accounts": PortalServiceAccounts.OFF},
        outcomes=("AUTH-06",),
    ),
    Scenario(
        name="not-bought",
        title=N_("The integration has not been bought"),
        shows=N_("error_missing_app_license comes back when the company is chosen."),
        stage=Stage.PORTAL,
        mark=Mark.DOCUMENTED,
        source=_FAQ,
        changes={"purchase": Purchase.MISSING},
        outcomes=("AUTH-04",),
    ),
    Scenario(
        name="not-bought-at-token",
        title=N_("The integration has not been bought, and the token endpoint says so"),
        shows=N_("error_missing_app_license answers the exchange of the code."),
        stage=Stage.PORTAL,
        mark=Mark.CODE,
        source="erp-mafia/accounted",
        changes={"refused_exchange": TokenRefusal.MISSING_APP_LICENCE},
        outcomes=("AUTH-04",),
    ),
    Scenario(
        name="secret-replaced",
        title=N_("The client secret has been replaced"),
        shows=N_("invalid_client answers every request with the old secret."),
        stage=Stage.PORTAL,
        mark=Mark.CODE,
        source="erp-mafia/accounted",
        changes={"client_secret": ClientSecret.REPLACED},
        outcomes=("TOKEN-01",),
    ),
    Scenario(
        name="pkce-required",
        title=N_("PKCE is required"),
        shows=N_("A request without a code challenge is refused, and the verifier is checked."),
        stage=Stage.PORTAL,
        mark=Mark.GUESSED,
        changes={"pkce": Pkce.REQUIRE},
    ),
    Scenario(
        name="pkce-refused",
        title=N_("PKCE is refused"),
        shows=N_("A request with a code challenge comes back with an error."),
        stage=Stage.PORTAL,
        mark=Mark.GUESSED,
        changes={"pkce": Pkce.REJECT},
        outcomes=("AUTH-09",),
    ),
    Scenario(
        name="secret-in-body",
        title=N_("The client secret may stand in the body"),
        shows=N_("A token request without a Basic header is accepted."),
        stage=Stage.PORTAL,
        mark=Mark.CODE,
        source="freke242/fortnox_slack_bot",
        changes={"body_credentials": BodyCredentials.ACCEPT},
    ),
)
"""In the order of the table on the control page."""
