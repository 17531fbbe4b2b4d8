"""The authorization request: the address a person is sent to in order to sign in and approve."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from assistant.fortnox.account import AccountKind
from assistant.fortnox.endpoints import Endpoints
from assistant.secret import Secret

_BYTES = 32
"""256 bits for each verifier; base64url makes 43 characters of them, the least RFC 7636 4.1 allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """One authorization request. Its repr shows neither `state` nor the verifiers; its address holds the state.

    Attributes:
        endpoints: where it goes.
        client_id: public id of the integration.
        redirect_uri: the registered string, sent as it stands here and again in the token request.
        scopes: what is asked for, in the order of the integration file.
        account: SERVICE adds `account_type=service`.
        state: ties the answer to this request; used once.
        state_verifier: the secret whose S256 is `state`. It shows the vendor's relay that a code which came back with
            this `state` belongs to this attempt; nobody else is told.
        verifier: PKCE code verifier, or None where no challenge is sent.
    """

    endpoints: Endpoints
    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    account: AccountKind
    state: Secret
    state_verifier: Secret
    verifier: Secret | None = None

    @property
    def url(self) -> str:
        """The address for the browser.

        `access_type=offline` is always sent: Fortnox says it should be, so that renewing works without the person
        [DOC get-authorization-code]. Spaces between scopes become `%20`. Fortnox documents no PKCE; RFC 6749 3.1
        makes servers ignore parameters they do not know.
        """
        parameters = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(self.scopes),
            "state": self.state.reveal(),
            "access_type": "offline",
            "response_type": "code",
        }
        if self.account is AccountKind.SERVICE:
            parameters["account_type"] = "service"
        if self.verifier is not None:
            parameters["code_challenge"] = s256(self.verifier)
            parameters["code_challenge_method"] = "S256"
        glue = "&" if "?" in self.endpoints.authorize else "?"
        return f"{self.endpoints.authorize}{glue}{urlencode(parameters, quote_via=quote, safe='')}"


def new_authorization(
    *,
    endpoints: Endpoints,
    client_id: str,
    redirect_uri: str,
    scopes: Iterable[str],
    account: AccountKind,
    token: Callable[[int], str],
) -> AuthorizationRequest:
    """A request with fresh randomness. `token` is `secrets.token_urlsafe` or a stand-in of the same shape."""
    state_verifier = Secret(token(_BYTES))
    return AuthorizationRequest(
        endpoints=endpoints,
        client_id=client_id,
        redirect_uri=redirect_uri,
        scopes=tuple(scopes),
        account=account,
        state=Secret(s256(state_verifier)),
        state_verifier=state_verifier,
        verifier=Secret(token(_BYTES)) if endpoints.pkce else None,
    )


def s256(verifier: Secret) -> str:
    """What is shown of `verifier` beforehand: the S256 challenge of RFC 7636 4.2, 43 characters."""
    digest = hashlib.sha256(verifier.reveal().encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
