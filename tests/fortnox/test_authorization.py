from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from assistant.fortnox.account import AccountKind
from assistant.fortnox.authorization import new_authorization, s256
from assistant.fortnox.endpoints import Endpoints
from assistant.secret import Secret


def make(account: AccountKind, endpoints: Endpoints | None = None) -> tuple[dict[str, list[str]], str, str]:
    drawn = iter(["s" * 43, "v" * 43])  # of the state, of the challenge
    asked: list[int] = []

    def token(size: int) -> str:
        asked.append(size)
        return next(drawn)

    request = new_authorization(
        endpoints=endpoints or Endpoints(),
        client_id="8VurtMGDTeAI",
        redirect_uri="https://lagerkoll.example/activation?a=1&b=2",
        scopes=["companyinformation", "order"],
        account=account,
        token=token,
    )
    assert all(size == 32 for size in asked)
    return parse_qs(urlsplit(request.url).query, strict_parsing=True), request.url, repr(request)


def test_a_service_account_is_asked_for_with_every_documented_parameter() -> None:
    query, url, shown = make(AccountKind.SERVICE)
    assert url.startswith("https://apps.fortnox.se/oauth-v1/auth?")
    assert query == {
        "client_id": ["8VurtMGDTeAI"],
        "redirect_uri": ["https://lagerkoll.example/activation?a=1&b=2"],
        "scope": ["companyinformation order"],
        "state": [s256(Secret("s" * 43))],
        "access_type": ["offline"],
        "response_type": ["code"],
        "account_type": ["service"],
        "code_challenge": [s256(Secret("v" * 43))],
        "code_challenge_method": ["S256"],
    }
    assert "scope=companyinformation%20order" in url
    assert "sss" not in shown
    assert "vvv" not in shown


def test_a_user_account_sends_no_account_type() -> None:
    assert "account_type" not in make(AccountKind.USER)[0]


def test_no_challenge_is_sent_where_pkce_is_off() -> None:
    query, _, _ = make(AccountKind.USER, Endpoints(pkce=False))
    assert not {"code_challenge", "code_challenge_method"} & set(query)


def test_an_address_with_a_query_of_its_own_keeps_it() -> None:
    query, _, _ = make(AccountKind.USER, Endpoints(authorize="http://localhost:1/auth?tenant=a"))
    assert query["tenant"] == ["a"]
    assert query["client_id"] == ["8VurtMGDTeAI"]


def test_the_challenge_is_that_of_rfc_7636_appendix_b() -> None:
    verifier = Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert s256(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
