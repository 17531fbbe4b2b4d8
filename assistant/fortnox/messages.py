"""Requests to the authorization server as values: they say what is sent, and sending is another room's work.

Client authentication comes in two kinds, and every request builder takes either:

`ClientSecret`: the client secret is on this computer. HTTP Basic with `base64(ClientId:ClientSecret)`, plain, as
Fortnox documents it [DOC get-access-token]. RFC 6749 2.3.1 would form-encode both first; for letters, digits and
`-._~` the two are the same, and where they differ Fortnox's own description is followed.

`RelayAccess`: the vendor's server holds the client secret. The wire format (docs/relay.md) is that of the token and
revocation endpoints, with these differences: `client_id` stands in the form; there is no Basic header; `Authorization:
Bearer <connection credential>` is sent where one is held; a code exchange carries what `Attempt` says. The relay adds
the client authentication, passes on what Fortnox documents and returns the answer. To the answer of a code exchange it
adds the field `connection_credential`, a random text it remembers for that tenant, and refuses later calls that lack
it. Such a credential is given back at the revocation endpoint.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlencode, urlsplit

from assistant.fortnox.account import AccountKind
from assistant.fortnox.endpoints import Endpoints
from assistant.problems import stop
from assistant.secret import Secret


class Grant(Enum):
    """What a request to the authorization server asks for; decides what a refusal means."""

    AUTHORIZATION_CODE = "authorization_code"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 - the grant's name
    CLIENT_CREDENTIALS = "client_credentials"
    REVOCATION = "revocation"
    MIGRATION = "migration"

    @property
    def repeatable(self) -> bool:
        """Whether sending it a second time is safe when the first answer was lost.

        A code and a refresh token are used up by the first request that arrives, a legacy token is exchanged once.
        """
        return self in (Grant.CLIENT_CREDENTIALS, Grant.REVOCATION)


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """Client authentication with a secret held here."""

    client_id: str
    secret: Secret


@dataclass(frozen=True, slots=True)
class RelayAccess:
    """Client authentication through the vendor's relay; see the head of this file for the wire format."""

    client_id: str
    token_url: str
    revoke_url: str
    connection_credential: Secret | None = None


Access = ClientSecret | RelayAccess


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a relay is told of the sign-in that a code came from.

    Attributes:
        state_verifier: the secret whose S256 was the `state`. It proves that the sign-in was begun here.
        account: SERVICE becomes `account_type=service`, as in the sign-in's address. A relay gives service tokens to
            such connections alone.
    """

    state_verifier: Secret
    account: AccountKind


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """One request. Values that are secret are `Secret`, so its repr shows none.

    Attributes:
        grant: what it asks for; None for a call to the API.
        method: "GET" or "POST".
        url: an address without secrets.
        headers: names and values.
        form: names and values of a form body; empty for GET.
    """

    grant: Grant | None
    method: str
    url: str
    headers: tuple[tuple[str, str | Secret], ...] = ()
    form: tuple[tuple[str, str | Secret], ...] = ()

    @property
    def host(self) -> str:
        """The host it goes to, without port; "" where the address is none."""
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:
            return ""

    def revealed_headers(self) -> list[tuple[str, str]]:
        """The headers as they are sent, secrets included: for the sender alone."""
        return [(name, _plain(value)) for name, value in self.headers]

    def body(self) -> bytes:
        """The form as it is sent, secrets included: for the sender alone."""
        return urlencode([(name, _plain(value)) for name, value in self.form]).encode("ascii")


def exchange_code(
    endpoints: Endpoints,
    access: Access,
    *,
    code: Secret,
    redirect_uri: str,
    verifier: Secret | None,
    attempt: Attempt | None = None,
) -> HttpRequest:
    """The authorization code grant (RFC 6749 4.1.3). `redirect_uri` is the very string of the authorization request.

    `attempt` is told to a relay alone: Fortnox knows no such fields.
    """
    form: list[tuple[str, str | Secret]] = [("code", code), ("redirect_uri", redirect_uri)]
    if verifier is not None:
        form.append(("code_verifier", verifier))
    if attempt is not None and isinstance(access, RelayAccess):
        form.append(("state_verifier", attempt.state_verifier))
        if attempt.account is AccountKind.SERVICE:
            form.append(("account_type", "service"))
    return _grant(endpoints, access, Grant.AUTHORIZATION_CODE, form)


def refresh(endpoints: Endpoints, access: Access, *, refresh_token: Secret) -> HttpRequest:
    """The refresh token grant (RFC 6749 6). The token is used up by it [DOC get-refresh-token]."""
    return _grant(endpoints, access, Grant.REFRESH_TOKEN, [("refresh_token", refresh_token)])


def client_credentials(
    endpoints: Endpoints, access: Access, *, tenant_id: str, scopes: Iterable[str] | None = None
) -> HttpRequest:
    """The client credentials grant for one company: its tenant id in the header `TenantId` [DOC client-credentials].

    Without `scopes` the answer covers what was approved.
    """
    form: list[tuple[str, str | Secret]] = []
    if scopes is not None:
        form.append(("scope", " ".join(scopes)))
    return _grant(endpoints, access, Grant.CLIENT_CREDENTIALS, form, (("TenantId", tenant_id),))


def revoke(endpoints: Endpoints, access: Access, *, refresh_token: Secret) -> HttpRequest:
    """Revocation of a refresh token (RFC 7009); access tokens cannot be revoked [DOC revoke-access-token]."""
    address = access.revoke_url if isinstance(access, RelayAccess) else endpoints.revoke
    form: list[tuple[str, str | Secret]] = [("token_type_hint", "refresh_token"), ("token", refresh_token)]
    return _request(access, Grant.REVOCATION, address, form)


def give_back(access: Access) -> HttpRequest:
    """Asks the relay to forget the connection credential, which itself is the proof that this may be asked.

    Raises:
        ProblemError: TOKEN-15 where there is none to give back.
    """
    if not isinstance(access, RelayAccess) or access.connection_credential is None:
        raise stop("TOKEN-15")
    form: list[tuple[str, str | Secret]] = [
        ("token_type_hint", "connection_credential"),
        ("token", access.connection_credential),
    ]
    return _request(access, Grant.REVOCATION, access.revoke_url, form)


def migrate(endpoints: Endpoints, access: Access, *, legacy_token: Secret) -> HttpRequest:
    """The exchange of a legacy access token, once [DOC migrate-legacy-token-to-jwt].

    Raises:
        ProblemError: TOKEN-15 through a relay, whose wire format has no such call.
    """
    if isinstance(access, RelayAccess):
        raise stop("TOKEN-15")
    return _request(access, Grant.MIGRATION, endpoints.migrate, [("access_token", legacy_token)])


def call(endpoints: Endpoints, path: str, *, access_token: Secret) -> HttpRequest:
    """A GET of the API [DOC header-fields]; `path` begins with "/3/"."""
    headers = (("Authorization", Secret(f"Bearer {access_token.reveal()}")), ("Accept", "application/json"))
    return HttpRequest(grant=None, method="GET", url=endpoints.api.rstrip("/") + path, headers=headers)


def _grant(
    endpoints: Endpoints,
    access: Access,
    grant: Grant,
    form: list[tuple[str, str | Secret]],
    headers: tuple[tuple[str, str | Secret], ...] = (),
) -> HttpRequest:
    address = access.token_url if isinstance(access, RelayAccess) else endpoints.token
    return _request(access, grant, address, [("grant_type", grant.value), *form], headers)


def _request(
    access: Access,
    grant: Grant,
    address: str,
    form: list[tuple[str, str | Secret]],
    headers: tuple[tuple[str, str | Secret], ...] = (),
) -> HttpRequest:
    authorization: list[tuple[str, str | Secret]] = []
    if isinstance(access, ClientSecret):
        pair = f"{access.client_id}:{access.secret.reveal()}".encode()
        authorization.append(("Authorization", Secret("Basic " + base64.b64encode(pair).decode("ascii"))))
    else:
        form = [("client_id", access.client_id), *form]
        if access.connection_credential:
            authorization.append(("Authorization", Secret(f"Bearer {access.connection_credential.reveal()}")))
    return HttpRequest(
        grant=grant,
        method="POST",
        url=address,
        headers=(
            *authorization,
            ("Accept", "application/json"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            *headers,
        ),
        form=tuple(form),
    )


def _plain(value: str | Secret) -> str:
    return value.reveal() if isinstance(value, Secret) else value
