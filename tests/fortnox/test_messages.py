from __future__ import annotations

import base64
from urllib.parse import parse_qsl

import pytest

from assistant.fortnox import messages
from assistant.fortnox.account import AccountKind
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import Attempt, ClientSecret, HttpRequest, RelayAccess
from assistant.problems import ProblemError
from assistant.secret import Secret

FORTNOX = Endpoints()
OWN = ClientSecret("client", Secret("canary-secret+/="))
RELAY = RelayAccess("client", "https://vendor.example/token", "https://vendor.example/revoke", Secret("canary-proof"))
TOKEN = Secret("canary-token")


def form(request: HttpRequest) -> dict[str, str]:
    return dict(parse_qsl(request.body().decode(), strict_parsing=True))


def every(access: ClientSecret | RelayAccess) -> list[HttpRequest]:
    return [
        messages.exchange_code(
            FORTNOX, access, code=TOKEN, redirect_uri="https://a.example/b?c=d&e=f", verifier=Secret("canary-verifier")
        ),
        messages.refresh(FORTNOX, access, refresh_token=TOKEN),
        messages.client_credentials(FORTNOX, access, tenant_id="123", scopes=("order", "article")),
        messages.revoke(FORTNOX, access, refresh_token=TOKEN),
    ]


def test_the_grants_are_as_fortnox_documents_them() -> None:
    code, refresh, service, revoke = every(OWN)
    assert form(code) == {
        "grant_type": "authorization_code",
        "code": "canary-token",
        "redirect_uri": "https://a.example/b?c=d&e=f",
        "code_verifier": "canary-verifier",
    }
    assert form(refresh) == {"grant_type": "refresh_token", "refresh_token": "canary-token"}
    assert form(service) == {"grant_type": "client_credentials", "scope": "order article"}
    assert ("TenantId", "123") in service.revealed_headers()
    assert form(revoke) == {"token_type_hint": "refresh_token", "token": "canary-token"}
    assert [request.url for request in (code, refresh, service)] == [FORTNOX.token] * 3
    assert revoke.url == FORTNOX.revoke
    assert all(request.method == "POST" for request in (code, refresh, service, revoke))


def test_migration_sends_the_legacy_token_in_the_form() -> None:
    request = messages.migrate(FORTNOX, OWN, legacy_token=TOKEN)
    assert (request.url, form(request)) == (FORTNOX.migrate, {"access_token": "canary-token"})


def test_the_client_secret_is_sent_as_plain_basic_and_never_in_the_form() -> None:
    for request in every(OWN):
        headers = dict(request.revealed_headers())
        kind, pair = headers["Authorization"].split()
        assert (kind, base64.b64decode(pair)) == ("Basic", b"client:canary-secret+/=")
        assert "client_secret" not in form(request)


def test_a_relay_gets_the_client_id_and_the_connection_credential() -> None:
    code, refresh, service, revoke = every(RELAY)
    for request in (code, refresh, service):
        assert request.url == "https://vendor.example/token"
    assert revoke.url == "https://vendor.example/revoke"
    for request in (code, refresh, service, revoke):
        assert form(request)["client_id"] == "client"
        assert dict(request.revealed_headers())["Authorization"] == "Bearer canary-proof"
    assert dict(service.revealed_headers())["TenantId"] == "123"


def test_before_the_first_exchange_a_relay_gets_no_authorization() -> None:
    fresh = RelayAccess("client", "https://vendor.example/token", "https://vendor.example/revoke")
    request = messages.refresh(FORTNOX, fresh, refresh_token=TOKEN)
    assert "Authorization" not in dict(request.revealed_headers())


def test_a_relay_alone_is_told_of_the_sign_in_that_a_code_came_from() -> None:
    def told(access: ClientSecret | RelayAccess, account: AccountKind) -> dict[str, str]:
        attempt = Attempt(Secret("canary-of-state"), account)
        asked = messages.exchange_code(
            FORTNOX, access, code=TOKEN, redirect_uri="https://a.example/", verifier=None, attempt=attempt
        )
        assert "canary" not in repr((asked, attempt))
        return {name: value for name, value in form(asked).items() if name in ("state_verifier", "account_type")}

    assert told(RELAY, AccountKind.SERVICE) == {"state_verifier": "canary-of-state", "account_type": "service"}
    assert told(RELAY, AccountKind.USER) == {"state_verifier": "canary-of-state"}
    assert told(OWN, AccountKind.SERVICE) == told(OWN, AccountKind.USER) == {}


def test_a_connection_credential_is_given_back_with_itself_as_the_proof() -> None:
    request = messages.give_back(RELAY)
    assert request.url == "https://vendor.example/revoke"
    assert form(request) == {
        "client_id": "client",
        "token_type_hint": "connection_credential",
        "token": "canary-proof",
    }
    assert dict(request.revealed_headers())["Authorization"] == "Bearer canary-proof"
    assert "canary" not in repr(request)
    for none in (OWN, RelayAccess("client", "https://vendor.example/token", "https://vendor.example/revoke")):
        with pytest.raises(ProblemError, match="TOKEN-15"):
            messages.give_back(none)


def test_a_relay_does_not_migrate() -> None:
    with pytest.raises(ProblemError, match="TOKEN-15"):
        messages.migrate(FORTNOX, RELAY, legacy_token=TOKEN)


def test_no_request_shows_a_secret() -> None:
    shown = repr([*every(OWN), *every(RELAY), messages.call(FORTNOX, "/3/me", access_token=TOKEN), OWN, RELAY])
    assert "canary" not in shown
    assert base64.b64encode(b"client:canary-secret+/=").decode() not in shown


def test_an_api_call_carries_the_token_as_bearer() -> None:
    request = messages.call(Endpoints(api="http://localhost:1/"), "/3/me", access_token=TOKEN)
    assert request.url == "http://localhost:1/3/me"
    assert dict(request.revealed_headers())["Authorization"] == "Bearer canary-token"
    assert request.body() == b""
