from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.fortnox.account import AccountKind
from assistant.fortnox.authorization import AuthorizationRequest
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.redirect import RedirectUri, belongs_to, read_redirect
from assistant.problems import Occurrence
from assistant.secret import Secret

STATE = "the-right-state"
HOME = "https://lagerkoll.example/activation"


def request(account: AccountKind = AccountKind.SERVICE) -> AuthorizationRequest:
    return AuthorizationRequest(
        endpoints=Endpoints(),
        client_id="id",
        redirect_uri=HOME,
        scopes=("order", "companyinformation"),
        account=account,
        state=Secret(STATE),
        state_verifier=Secret("of-the-state"),
    )


def read(query: str, *, own_frame: bool = True, account: AccountKind = AccountKind.SERVICE) -> object:
    return read_redirect(f"{HOME}{query}", request(account), own_frame=own_frame)


def code_of(found: object) -> str:
    assert isinstance(found, Occurrence)
    return found.code


@pytest.mark.parametrize(
    ("registered", "seen"),
    [
        ("http://localhost:4242", "http://localhost:4242/?code=1"),
        ("https://lagerkoll.example:443/a", "https://lagerkoll.example/a?code=1"),
        ("https://Lagerkoll.Example/a", "https://lagerkoll.example/a?code=1"),
        ("https://räka.example/å", "https://xn--rka-qla.example/%C3%A5?code=1"),
        ("https://lagerkoll.example/a%2Db", "https://lagerkoll.example/a-b"),
        ("https://lagerkoll.example/a?shop=7", "https://lagerkoll.example/a?shop=7&code=1"),
        ("https://lagerkoll.example/a?shop=7", "https://lagerkoll.example/a?code=1&shop=7"),
        ("https://lagerkoll.example/a", "https://lagerkoll.example/a?code=1#top"),
    ],
)
def test_a_redirect_is_known_in_the_form_the_browser_gives_it(registered: str, seen: str) -> None:
    assert RedirectUri(registered).matches(seen)


@pytest.mark.parametrize(
    "seen",
    [
        "http://lagerkoll.example/activation?code=1",
        "https://lagerkoll.example:8443/activation?code=1",
        "https://lagerkoll.example.evil.example/activation?code=1",
        "https://evil.example/activation?code=1",
        "https://lagerkoll.example@evil.example/activation?code=1",
        "https://me@lagerkoll.example/activation?code=1",
        "https://lagerkoll.example./activation?code=1",
        "https://lagerkoll.example/activation/?code=1",
        "https://lagerkoll.example/Activation?code=1",
        "https://lagerkoll.example/activation%2F?code=1",
        "https://evil.example/?https://lagerkoll.example/activation",
        "javascript:alert(1)",
        "about:blank",
        "",
    ],
)
def test_another_address_is_not_the_redirect(seen: str) -> None:
    assert not RedirectUri(HOME).matches(seen)


def test_a_registered_query_has_to_be_there() -> None:
    registered = RedirectUri(HOME + "?shop=7")
    assert not registered.matches(HOME + "?shop=8&code=1")
    assert not registered.matches(HOME + "?code=1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lagerkoll.example",
        "myapp://callback",
        "http://lagerkoll.example/",
        "https://lagerkoll.example/#",
        "https://lagerkoll.example/#a",
        "https://me:pw@lagerkoll.example/",
        "https://@lagerkoll.example/",
        "https://lagerkoll.example/a/../b",
        "https://lagerkoll.example/a/%2e%2E/b",
        "https://lagerkoll.example/a/.",
        "https://lagerkoll.example/a?state=1",
        "https://lagerkoll.example/a b",
        "https://lagerkoll.example\\a",
        " https://lagerkoll.example/",
        "https://lagerkoll.example/\x00",
    ],
)
def test_what_cannot_be_registered_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(It|Its) .+\.$"):
        RedirectUri(text)


def test_the_registered_text_is_kept_as_it_stands() -> None:
    assert RedirectUri("https://Lagerkoll.example:443/a").text == "https://Lagerkoll.example:443/a"
    assert RedirectUri("http://localhost:4242").is_loopback


def test_a_code_with_the_right_state_is_handed_out() -> None:
    found = read(f"?code=abc-123%2B&state={STATE}&other=1")
    assert found == Secret("abc-123+")
    assert "abc" not in repr(found)


@pytest.mark.parametrize("own_frame", [True, False])
@pytest.mark.parametrize(
    "query", ["?code=abc", "?code=abc&state=", "?code=abc&state=wrong", "?code=abc&State=" + STATE]
)
def test_a_code_without_the_right_state_is_never_handed_out(query: str, own_frame: bool) -> None:
    assert code_of(read(query, own_frame=own_frame)) == "AUTH-07"


@pytest.mark.parametrize(
    "query",
    [
        f"?code=a&code=b&state={STATE}",
        f"?code=a&state={STATE}&state={STATE}",
        f"?error=a&error=b&state={STATE}",
        f"?code=a&error=access_denied&state={STATE}",
        f"?state={STATE}",
        f"?state={STATE}&code=",
        f"?state={STATE}&code=%00",
        f"?state={STATE}&code=" + "a" * 5000,
        "?" + "&".join(f"a{number}=1" for number in range(300)),
    ],
)
def test_a_malformed_answer_is_its_own_problem(query: str) -> None:
    assert code_of(read(query)) == "AUTH-10"


@pytest.mark.parametrize(
    ("error", "description", "problem"),
    [
        ("access_denied", "", "AUTH-01"),
        ("error_missing_system_admin_right", "", "AUTH-02"),
        ("error_missing_system_admin", "", "AUTH-02"),
        ("error_missing_license", "", "AUTH-03"),
        ("error", "You do not have enough licenses; not have enough licenses", "AUTH-03"),
        ("error_missing_app_license", "", "AUTH-04"),
        ("invalid_scope", "", "AUTH-05"),
        ("invalid_request", "Client does not allow service account", "AUTH-06"),
        ("unauthorized_client", "", "AUTH-06"),
        ("access_denied", "Auth code or ClientID supplied is invalid", "AUTH-12"),
        ("access_denied", "Logga in via Digital byrå", "AUTH-11"),
        ("access_denied", "The user has too few permissions", "AUTH-14"),
        ("server_error", "", "AUTH-13"),
        ("temporarily_unavailable", "", "AUTH-13"),
        ("redirect_uri_mismatch", "", "TOKEN-07"),
        ("something_new", "", "AUTH-09"),
    ],
)
def test_what_fortnox_says_becomes_the_problem_it_means(error: str, description: str, problem: str) -> None:
    said = f"?error={error}&error_description={quote(description)}"
    assert code_of(read(f"{said}&state={STATE}")) == problem
    assert code_of(read(said)) == problem
    assert read(said, own_frame=False) is None
    assert read(f"{said}&state=wrong", own_frame=False) is None
    assert code_of(read(f"{said}&state=wrong")) == "AUTH-07"


def test_a_client_that_is_not_allowed_is_unknown_where_no_service_account_was_asked_for() -> None:
    assert code_of(read("?error=unauthorized_client", account=AccountKind.USER)) == "AUTH-12"


def test_nothing_at_all_ends_the_attempt_in_our_own_frame_only() -> None:
    assert code_of(read("")) == "AUTH-08"
    assert code_of(read("?")) == "AUTH-08"
    assert read("", own_frame=False) is None


def test_the_issuer_is_checked_where_it_is_given() -> None:
    assert read(f"?code=a&state={STATE}&iss={quote('https://apps.fortnox.se')}") == Secret("a")
    assert code_of(read(f"?code=a&state={STATE}&iss={quote('https://evil.example')}")) == "AUTH-15"
    assert code_of(read(f"?code=a&state={STATE}&iss=nonsense")) == "AUTH-15"


def test_details_never_hold_what_could_be_a_secret() -> None:
    found = read("?error=8b1f0e5c-canary-1234&error_description=canary")
    assert isinstance(found, Occurrence)
    assert "canary" not in repr(found)


def test_the_licences_to_look_for_are_named() -> None:
    found = read("?error=error_missing_license")
    assert isinstance(found, Occurrence)
    assert found.facts["licences"] == "Order"


def test_a_registered_query_is_of_bounded_length() -> None:
    with pytest.raises(ValueError, match="too many parts"):
        RedirectUri(HOME + "?" + "a&" * 300)


@given(
    parts=st.lists(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=6), max_size=6),
    times=st.integers(1, 400),
    registered=st.sampled_from([HOME, HOME + "?shop=7", "http://localhost:4242"]),
)
def test_a_query_of_any_length_is_ours_or_not(parts: list[str], times: int, registered: str) -> None:
    url = registered + ("&" if "?" in registered else "?") + "&".join(["a=1", *parts] * times)
    assert isinstance(RedirectUri(registered).matches(url), bool)
    assert isinstance(RedirectUri(registered).matches(HOME + "?" + "&".join(["a=1", *parts] * times)), bool)


@pytest.mark.parametrize("registered", [HOME, HOME + "?shop=7"])
def test_too_many_parameters_end_the_attempt_and_the_code_stays(registered: str) -> None:
    url = f"{HOME}?shop=7&code=abc&state={STATE}&" + "a=1&" * 300
    assert RedirectUri(registered).matches(url)
    assert code_of(read_redirect(url, request(), own_frame=True)) == "AUTH-10"
    assert not RedirectUri(HOME + "/elsewhere").matches(url)


@given(st.text(max_size=200), st.booleans())
def test_whatever_comes_back_is_a_value(query: str, own_frame: bool) -> None:
    for url in (query, HOME + query, f"{HOME}?{query}", f"{HOME}?state={STATE}&{query}"):
        found = read_redirect(url, request(), own_frame=own_frame)
        assert found is None or isinstance(found, Secret | Occurrence)
        if isinstance(found, Secret):
            assert f"state={STATE}" in url
        RedirectUri(HOME).matches(url)


@pytest.mark.parametrize(
    ("query", "ours"),
    [
        (f"?code=a&state={STATE}", True),
        (f"?error=access_denied&state={STATE}", True),
        (f"?code=a&code=b&state={STATE}", True),
        (f"?state={STATE}", False),
        (f"?code=&state={STATE}", False),
        (f"?code=a&state={STATE}&state={STATE}", False),
        (f"?code=a&state={STATE}x", False),
        ("?code=a&state=", False),
        ("?code=a", False),
        ("?error=access_denied", False),
        ("", False),
        (f"/more?code=a&state={STATE}", False),
    ],
)
def test_an_answer_belongs_to_its_request_by_state_and_content(query: str, ours: bool) -> None:
    assert belongs_to(f"{HOME}{query}", request()) is ours


def test_the_right_answer_elsewhere_does_not_belong() -> None:
    assert not belongs_to(f"https://elsewhere.example/?code=a&state={STATE}", request())


@given(st.text(max_size=200))
def test_whatever_comes_belongs_or_not(query: str) -> None:
    for url in (query, HOME + query, f"{HOME}?{query}", f"{HOME}?" + "a=b&" * 300):
        assert belongs_to(url, request()) in (True, False)
    assert not belongs_to(f"{HOME}?{query}", request()) or STATE in query
