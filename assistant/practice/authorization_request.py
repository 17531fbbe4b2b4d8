"""Reading an authorization request (RFC 6749 section 4.1.1, and what Fortnox adds), without HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from assistant.practice.integration import PracticeIntegration
from assistant.practice.switches import (
    ClientId,
    ErrorState,
    ErrorText,
    Pkce,
    PortalScopes,
    PortalServiceAccounts,
    RedirectRegistration,
    Refusal,
    Switches,
    WithoutOffline,
)

LOOPBACK_REDIRECTS = ("http://localhost:8642/callback", "http://127.0.0.1:8642/callback")
"""What a registration with several redirect URIs has as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """A request that a person may be asked about. `challenge` is a PKCE S256 challenge."""

    redirect_uri: str
    state: str = field(repr=False)
    scopes: tuple[str, ...]
    service: bool
    challenge: str | None = field(repr=False)
    with_refresh_token: bool


class UntrustedError(Exception):
    """A request whose redirect cannot be trusted: it ends on a page, never in a redirect (RFC 6749 4.1.2.1).

    `reason` is one word for the log; `message` is Fortnox's own text where one is known.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message


class RedirectedError(Exception):
    """An error that goes back to the integration by redirect."""

    def __init__(self, error: str, description: str, *, redirect_uri: str, state: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.redirect_uri = redirect_uri
        self.state = state

    def location(self, switches: Switches) -> str:
        """The address to redirect to; `switches` decide whether `state` and the description are in it."""
        answer = {"error": self.error}
        if switches.error_text is ErrorText.SENT:
            answer["error_description"] = self.description
        if self.state and switches.error_state is ErrorState.ECHO:
            answer["state"] = self.state
        return callback(self.redirect_uri, answer)


def callback(redirect_uri: str, answer: Mapping[str, str]) -> str:
    """`redirect_uri` with `answer` added to its query."""
    if not answer:
        return redirect_uri
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(answer)}"


def read(
    parameters: Mapping[str, str], *, integration: PracticeIntegration, switches: Switches
) -> AuthorizationRequest:
    """Reads and checks the query of an authorization request.

    Everything here is decided before anybody signs in, `invalid_scope` too [USER].

    Raises:
        UntrustedError: the client id or the redirect URI is not registered.
        RedirectedError: any other mistake.
    """
    if parameters.get("client_id") != integration.client_id or switches.client_id is ClientId.UNKNOWN:
        raise UntrustedError("unknown_client", "Auth code or ClientID supplied is invalid")
    registered = _registered(integration, switches.redirect_registration)
    redirect_uri = parameters.get("redirect_uri") or next(iter(registered), "")
    if not redirect_uri or (registered and redirect_uri not in registered):
        raise UntrustedError("redirect_uri_mismatch", "The redirect URI is missing or do not match")
    state = parameters.get("state", "")

    def refuse(error: str, description: str) -> RedirectedError:
        return RedirectedError(error, description, redirect_uri=redirect_uri, state=state)

    if switches.refusal is Refusal.CLIENT_NOT_ENABLED:
        raise refuse("unauthorized_client", "Auth code or ClientID supplied is invalid")
    if parameters.get("response_type") != "code":
        raise refuse("unsupported_response_type", "The response type must be code")
    if not state:
        raise refuse("invalid_request", "The state parameter is required")
    scopes = tuple(dict.fromkeys(parameters.get("scope", "").split()))
    if not scopes:
        raise refuse("invalid_scope", "No scope was requested")
    switched_on = integration.scopes
    if switches.portal_scopes is PortalScopes.ONE_FEWER:
        switched_on = tuple(name for name in switched_on if name != scopes[-1])
    if not set(scopes) <= set(switched_on):
        raise refuse("invalid_scope", "An unsupported scope was requested")
    account_type = parameters.get("account_type")
    if account_type not in (None, "service"):
        raise refuse("invalid_request", "The account type must be service")
    portal = integration.service_accounts and switches.portal_service_accounts is not PortalServiceAccounts.OFF
    if account_type == "service" and not portal:
        raise refuse("unauthorized_client", "Client does not allow service account")
    return AuthorizationRequest(
        redirect_uri=redirect_uri,
        state=state,
        scopes=scopes,
        service=account_type == "service",
        challenge=_challenge(parameters, switches.pkce, refuse),
        with_refresh_token=parameters.get("access_type") == "offline"
        or switches.without_offline is WithoutOffline.REFRESH_TOKEN,
    )


def _registered(integration: PracticeIntegration, registration: RedirectRegistration) -> tuple[str, ...]:
    """The redirect URIs the portal knows; none means any."""
    match registration:
        case RedirectRegistration.ANY:
            return ()
        case RedirectRegistration.ANOTHER:
            return ("https://another.example/activation",)
        case RedirectRegistration.SEVERAL:
            return (*integration.redirect_uris, *LOOPBACK_REDIRECTS)
        case _:
            return integration.redirect_uris


def _challenge(parameters: Mapping[str, str], pkce: Pkce, refuse: Callable[[str, str], RedirectedError]) -> str | None:
    challenge = parameters.get("code_challenge")
    if pkce is Pkce.REJECT and ("code_challenge" in parameters or "code_challenge_method" in parameters):
        raise refuse("invalid_request", "Unknown parameter: code_challenge")
    if pkce is Pkce.REQUIRE:
        if not challenge:
            raise refuse("invalid_request", "Code challenge required")
        if parameters.get("code_challenge_method") != "S256":
            raise refuse("invalid_request", "The code challenge method must be S256")
    return challenge
