"""Every rule for what may stand in an integration file, each broken by itself."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.integration import check_integration, read_integration
from assistant.integration.mistake import Kind
from assistant.language import Language
from assistant.problems import ProblemError
from tests.integration.files import GONE, LOOPBACK, Check, Write

ENGLISH = Language("en")

BIDI, LINE_SEPARATOR, ZERO_WIDTH = "\u202e", "\u2028", "\u200b"

ONE_MISTAKE: list[tuple[dict[str, Any], str, str]] = [
    # what is changed, where the mistake must be found, and words its text must have
    ({"schema": GONE}, "schema", "schema = 1"),
    ({"schema": "1"}, "schema", "Write one of: 1."),
    ({"schema": True}, "schema", "Write one of: 1."),
    ({"schema": 2}, "schema", "newer version"),
    ({"nonsense": 1}, "nonsense", "not known"),
    ({"intgration": {"name": "x"}}, "intgration", "Did you mean integration?"),
    ({"integration.nmae": "x"}, "[integration] nmae", "Did you mean name?"),
    ({"integration.client_secret": "hunter2"}, "[integration] client_secret", "never stands in this file"),
    ({"client_secret.secret": "hunter2"}, "[client_secret] secret", "make a new client secret"),
    ({"support": "call us"}, "[support]", "Here a table belongs."),
    ({"client_secret": GONE, "relay": GONE}, "[client_secret]", 'from = "relay"'),
    ({"integration.name": GONE}, "[integration] name", "name ="),
    ({"integration.name": 7}, "[integration] name", "Here a text belongs."),
    ({"integration.name": ""}, "[integration] name", "1 to 60"),
    ({"integration.name": "   "}, "[integration] name", "1 to 60"),
    ({"integration.name": " Lagerkoll"}, "[integration] name", "without space"),
    ({"integration.name": "x" * 61}, "[integration] name", "1 to 60"),
    ({"integration.name": "Lager\nkoll"}, "[integration] name", "more than one line"),
    ({"integration.name": "Lagerkoll\n"}, "[integration] name", "more than one line"),
    ({"integration.name": f"Lager{BIDI}koll"}, "[integration] name", "cannot be seen"),
    ({"integration.name": f"Lager{ZERO_WIDTH}koll"}, "[integration] name", "cannot be seen"),
    ({"integration.vendor": f"Fortnox{LINE_SEPARATOR}AB"}, "[integration] vendor", "cannot be seen"),
    ({"integration.vendor": "Fort\U000e0041nox"}, "[integration] vendor", "cannot be seen"),
    ({"integration.vendor": "Fort\x7fnox"}, "[integration] vendor", "cannot be seen"),
    ({"integration.app_id": "Lagerkoll"}, "[integration] app_id", "domain backwards"),
    ({"integration.app_id": "../lagerkoll"}, "[integration] app_id", "domain backwards"),
    ({"integration.app_id": "se.exempel..stock"}, "[integration] app_id", "domain backwards"),
    ({"integration.app_id": "con.exempel.stock"}, "[integration] app_id", "belongs to Windows"),
    ({"integration.app_id": "se.exempel.lpt1"}, "[integration] app_id", "belongs to Windows"),
    ({"integration.client_id": "a b"}, "[integration] client_id", "developer portal"),
    ({"integration.client_id": "a:b"}, "[integration] client_id", "developer portal"),
    ({"integration.client_id": "a\nb"}, "[integration] client_id", "developer portal"),
    ({"integration.client_id": "ab\n"}, "[integration] client_id", "developer portal"),
    ({"integration.client_id": ""}, "[integration] client_id", "developer portal"),
    ({"integration.client_id": "x" * 129}, "[integration] client_id", "developer portal"),
    ({"integration.redirect_uri": "https://a.example/x#y"}, "[integration] redirect_uri", "fragment"),
    ({"integration.redirect_uri": "https://a.example/x#"}, "[integration] redirect_uri", "fragment"),
    ({"integration.redirect_uri": "https://me@a.example/x"}, "[integration] redirect_uri", "user name"),
    ({"integration.redirect_uri": "https://a.example/x/../y"}, "[integration] redirect_uri", "dot segment"),
    ({"integration.redirect_uri": "https://a.example/%2E%2e/y"}, "[integration] redirect_uri", "dot segment"),
    ({"integration.redirect_uri": "https://a.example/x?code=1"}, "[integration] redirect_uri", "belongs to the answer"),
    ({"integration.redirect_uri": "http://a.example/x"}, "[integration] redirect_uri", "start with https"),
    ({"integration.redirect_uri": "lagerkoll://done"}, "[integration] redirect_uri", "https://example.se/page"),
    ({"integration.redirect_page": "statc"}, "[integration] redirect_page", "Did you mean static?"),
    ({"integration.redirect_page": "qqqqq"}, "[integration] redirect_page", 'Write one of: "static", "dynamic".'),
    ({"integration.other_files": True}, "[integration] other_files", 'Write one of: "announce", "refuse".'),
    ({"integration.scopes": "companyinformation article"}, "[integration] scopes", "list"),
    ({"integration.scopes": []}, "[integration] scopes", "empty"),
    ({"integration.scopes": ["companyinformation", "artcle"]}, "[integration] scopes[1]", "Did you mean article?"),
    ({"integration.scopes": ["companyinformation", "Article"]}, "[integration] scopes[1]", "Did you mean article?"),
    ({"integration.scopes": ["companyinformation", "qqqqqqqq"]}, "[integration] scopes[1]", "no scope of Fortnox"),
    ({"integration.scopes": ["companyinformation", 3, "article"]}, "[integration] scopes[1]", "Here a text belongs."),
    (
        {"integration.scopes": ["article", "order"]},
        "[integration] scopes",
        "Add companyinformation. It needs no licence.",
    ),
    ({"integration.accounts": []}, "[integration] accounts", "empty"),
    ({"integration.accounts": ["servce"]}, "[integration] accounts[0]", "Did you mean service?"),
    ({"integration.accounts": ["user", "user"]}, "[integration] accounts[1]", "already"),
    ({"integration.next_steps": "Soon."}, "[integration] next_steps", "Here a table belongs."),
    ({"integration.next_steps": {}}, "[integration] next_steps", "empty"),
    ({"integration.next_steps": {"swedish": "Snart."}}, "[integration] next_steps.swedish", "language code"),
    ({"integration.next_steps": {"sv": ""}}, "[integration] next_steps.sv", "1 to 300"),
    ({"integration.next_steps": {"sv": "x" * 301}}, "[integration] next_steps.sv", "1 to 300"),
    ({"client_secret.from": "relai"}, "[client_secret] from", "Did you mean relay?"),
    ({"client_secret.variable": "X"}, "[client_secret] variable", 'or write from = "environment"'),
    ({"client_secret.path": "secret.txt"}, "[client_secret] path", 'or write from = "file"'),
    ({"client_secret": {"from": "file"}, "relay": GONE}, "[client_secret] path", "path ="),
    ({"client_secret": {"from": "environment"}, "relay": GONE}, "[client_secret] variable", "variable ="),
    (
        {"client_secret": {"from": "environment", "variable": "1=2"}, "relay": GONE},
        "[client_secret] variable",
        "underscore",
    ),
    ({"client_secret.from": "ask"}, "[relay]", "does not come from it"),
    ({"relay": GONE}, "[relay]", "no relay is named"),
    ({"relay.revoke": GONE}, "[relay] revoke", "revoke ="),
    ({"relay.token": "http://lagerkoll.example/token"}, "[relay] token", "start with https"),
    ({"why.artcle": {"sv": "x"}}, "[why] artcle", "Did you mean article?"),
    ({"why.invoice": {"sv": "x"}}, "[why] invoice", "does not ask for"),
    ({"why.order": "x"}, "[why] order", "Here a table belongs."),
    ({"why.order": {"SV": "x"}}, "[why] order.SV", "language code"),
    ({"support.phone": "ring oss"}, "[support] phone", "telephone number"),
    ({"support.phone": "12"}, "[support] phone", "telephone number"),
    ({"support.phone": "+46 8 000 00 00 ring nu"}, "[support] phone", "telephone number"),
    ({"support.email": "Help <help@a.example>"}, "[support] email", "e-mail"),
    ({"support.email": "help@localhost"}, "[support] email", "e-mail"),
    ({"support.email": "a@b.example?bcc=c@d.example"}, "[support] email", "e-mail"),
    ({"support.hours": "8\n17"}, "[support] hours", "1 to 60"),
    ({"support.language": "Svenska"}, "[support] language", "language code"),
    ({"look.accent": "green"}, "[look] accent", "see-through"),
    ({"look.accent": "#1a6b4f80"}, "[look] accent", "see-through"),
    ({"look.accent": "#1a6"}, "[look] accent", "see-through"),
    ({"look.logo": "missing.svg"}, "[look] logo", "no such file"),
    ({"browser.hosts": []}, "[browser] hosts", "empty"),
    ({"browser.hosts": ["fortnox.se", "https://login.bankid.com"]}, "[browser] hosts[1]", "host alone"),
    ({"browser.hosts": ["fortnox.se", "*.bankid.com"]}, "[browser] hosts[1]", "host alone"),
    ({"browser.hosts": ["fortnox.se", "bankid.com:443"]}, "[browser] hosts[1]", "host alone"),
    ({"browser.hosts": ["fortnox.se", "bankid..com"]}, "[browser] hosts[1]", "host alone"),
    ({"browser.hosts": ["fortnox.se", "fortnox.se"]}, "[browser] hosts[1]", "already"),
    ({"browser.hosts": ["login.bankid.com"]}, "[browser] hosts", "Add apps.fortnox.se to the list"),
    ({"browser.hosts": ["xfortnox.se"]}, "[browser] hosts", "Add apps.fortnox.se to the list"),
    ({"browser": {}}, "[browser] hosts", "hosts ="),
    ({"browser.hosts": ["fortnox.se"] * 101}, "[browser] hosts", "at most 100"),
    ({"endpoints": {"pkce": "yes"}}, "[endpoints] pkce", "without quotation marks"),
    ({"endpoints": {"api": "https://api.fortnox.se#x"}}, "[endpoints] api", "does not belong here"),
]


@pytest.mark.parametrize(("changes", "where", "words"), ONE_MISTAKE, ids=[f"{n:02}" for n in range(len(ONE_MISTAKE))])
def test_a_mistake_is_named_with_its_place_and_remedy(
    check: Check, changes: dict[str, Any], where: str, words: str
) -> None:
    mistakes = check(changes)
    places = [mistake.where(ENGLISH) for mistake in mistakes]
    assert where in places, mistakes
    assert any(words in mistake.text(ENGLISH) for mistake in mistakes if mistake.where(ENGLISH) == where), mistakes
    if changes != {"endpoints": {"api": "https://api.fortnox.se#x"}}:
        assert len(mistakes) == 1, mistakes


ADDRESSES = (
    "integration.start_page",
    "integration.listing",
    "integration.download",
    "integration.update",
    "support.url",
)


@pytest.mark.parametrize("path", [*ADDRESSES, "relay.token", "relay.revoke", "integration.redirect_uri"])
@pytest.mark.parametrize(
    "address",
    [
        "http://lagerkoll.example/x",
        "ftp://lagerkoll.example/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//lagerkoll.example/x",
        "lagerkoll.example",
        "https://",
        "https:///x",
        "https://user@lagerkoll.example/",
        "https://user:pw@lagerkoll.example/",
        "https://lagerkoll.example\\@evil.example/",
        "https://lagerkoll.example/\n",
        "https://lagerkoll.example/ x",
        "https://lagerkoll.example/\u202ex",
        "https://lagerkoll.example:99999/",
        "https://lagerkoll.example:0/",
        "https://lagerkoll.example:/../..:x/",
        "https://lager%2ekoll.example/",
        "https://127.1/",
        "https://0x7f.0.0.1/",
        "http://foo.localhost/",
        "http://localhost.evil.example/",
        "http://127.0.0.1.evil.example/",
        "https://lagerkoll..example/",
        "https://lagerkoll.example./",
        "https://[::1/",
        "https://a.example/" + "x" * 2000,
    ],
)
def test_addresses_are_https_and_whole(check: Check, path: str, address: str) -> None:
    table, key = path.split(".")
    assert [mistake.where(ENGLISH) for mistake in check({path: address})] == [f"[{table}] {key}"]


@pytest.mark.parametrize(
    "address",
    [
        "https://lagerkoll.example",
        "https://lagerkoll.example:8443/login?from=setup",
        "https://börsen.example/hej",
        "http://localhost:8080/x",
        "http://127.0.0.1/x",
        "http://[::1]:9000/x",
        "https://intranet/x",
    ],
)
@pytest.mark.parametrize("path", [*ADDRESSES, "relay.token", "integration.redirect_uri"])
def test_https_and_loopback_addresses_may_stand(check: Check, path: str, address: str) -> None:
    assert check({path: address}) == ()


def test_all_mistakes_are_listed_at_once(check: Check) -> None:
    mistakes = check(
        {
            "integration.name": 7,
            "integration.scopes": ["article", "order"],
            "why": {"invoice": {"sv": "x"}, "artcle": {"sv": "x"}},
            "support.phone": "ring",
            "support.email": "mejla",
            "relay": GONE,
            "look.accent": "red",
            "extra": 1,
        }
    )
    assert {mistake.where(ENGLISH) for mistake in mistakes} == {
        "extra",
        "[integration] name",
        "[integration] scopes",
        "[why] invoice",
        "[why] artcle",
        "[support] phone",
        "[support] email",
        "[relay]",
        "[look] accent",
    }


def test_a_mistake_never_repeats_a_value(check: Check, write: Write) -> None:
    changes = {"integration.secret": "hunter2", "client_secret.from": "hunter2", "look.accent": "hunter2"}
    assert "hunter2" not in "".join(mistake.text(ENGLISH) + mistake.where(ENGLISH) for mistake in check(changes))
    with pytest.raises(ProblemError) as caught:
        read_integration(write(changes))
    assert "hunter2" not in repr(caught.value.occurrence)


class TestEndpoints:
    def test_loopback_servers_are_taken_and_announced(self, write: Write) -> None:
        integration = read_integration(write({"endpoints": LOOPBACK, "browser": GONE}))
        assert integration.is_test_server
        assert integration.foreign_host == "127.0.0.1:8123, 127.0.0.1:8124"
        assert integration.endpoints.token == "http://127.0.0.1:8123/token"

    def test_a_server_without_migration_has_no_migration_address(self, write: Write) -> None:
        endpoints = {key: value for key, value in LOOPBACK.items() if key != "migrate"}
        assert read_integration(write({"endpoints": endpoints, "browser": GONE})).endpoints.migrate == ""

    @pytest.mark.parametrize("key", ["authorize", "token", "revoke", "migrate", "api"])
    @pytest.mark.parametrize(
        "address",
        [
            "https://fortnox.example/x",
            "https://apps.fortnox.se.example/oauth-v1/token",
            "https://apps.fortnox.se/other",
            "https://xfortnox.se/x",
        ],
    )
    @pytest.mark.provokes("FILE-08")
    def test_another_server_is_refused(self, write: Write, key: str, address: str) -> None:
        path = write({f"endpoints.{key}": address, "browser": GONE})
        kinds = {m.where(ENGLISH): m.kind for m in check_integration(path)}
        assert kinds[f"[endpoints] {key}"] is Kind.FOREIGN_ADDRESS
        with pytest.raises(ProblemError, match="FILE-08"):
            read_integration(path)

    def test_another_server_is_taken_with_the_test_server_option(self, write: Write) -> None:
        endpoints = {key: f"https://test.example/{key}" for key in LOOPBACK}
        path = write({"endpoints": endpoints, "browser": GONE})
        assert read_integration(path, test_server=True).foreign_host == "test.example"
        with pytest.raises(ProblemError, match="FILE-08"):
            read_integration(path)

    def test_no_other_page_at_fortnox_counts_as_a_test_server(self, write: Write) -> None:
        path = write({"endpoints": {**LOOPBACK, "token": "https://apps.fortnox.se/other"}, "browser": GONE})
        with pytest.raises(ProblemError, match="FILE-08"):
            read_integration(path, test_server=True)

    @pytest.mark.parametrize("test_server", [False, True])
    def test_fortnox_and_another_server_are_not_mixed(self, check: Check, test_server: bool) -> None:
        endpoints = {**LOOPBACK, "authorize": "https://apps.fortnox.se/oauth-v1/auth"}
        (mistake,) = check({"endpoints": endpoints}, test_server=test_server)
        assert mistake.where(ENGLISH) == "[endpoints] authorize"
        assert mistake.kind is Kind.FOREIGN_ADDRESS

    @pytest.mark.parametrize("key", ["authorize", "token", "revoke", "api"])
    def test_another_server_names_all_it_needs(self, check: Check, key: str) -> None:
        endpoints = {name: address for name, address in LOOPBACK.items() if name != key}
        places = [m.where(ENGLISH) for m in check({"endpoints": endpoints, "browser": GONE})]
        assert places == [f"[endpoints] {key}"]

    @pytest.mark.parametrize(
        "endpoints",
        [
            {},
            {"pkce": True},
            {"api": "https://api.fortnox.se/"},
            {"authorize": "https://apps.fortnox.se/oauth-v1/auth", "token": "https://apps.fortnox.se/oauth-v1/token"},
        ],
    )
    def test_fortnox_may_be_named_in_part(self, write: Write, endpoints: dict[str, Any]) -> None:
        integration = read_integration(write({"endpoints": endpoints}))
        assert integration.endpoints.is_fortnox
        assert integration.foreign_host is None

    def test_pkce_can_be_switched_off(self, write: Write) -> None:
        integration = read_integration(write({"endpoints": {"pkce": False}}))
        assert not integration.endpoints.pkce
        assert not integration.is_test_server

    def test_plain_http_beyond_this_computer_is_refused_even_for_a_test_server(self, check: Check) -> None:
        endpoints = {key: f"http://test.example/{key}" for key in LOOPBACK}
        assert len(check({"endpoints": endpoints, "browser": GONE}, test_server=True)) == 5


class TestDoubleClick:
    @pytest.mark.parametrize(
        "secret", [{"from": "file", "path": "s.txt"}, {"from": "environment", "variable": "LAGERKOLL_SECRET"}]
    )
    @pytest.mark.provokes("FILE-09")
    def test_no_secret_of_this_computer_is_used(self, write: Write, secret: dict[str, str]) -> None:
        changes = {"client_secret": secret, "relay": GONE}
        read_integration(write(changes))
        with pytest.raises(ProblemError, match="FILE-09"):
            read_integration(write(changes), opened_by_double_click=True)
        with pytest.raises(ProblemError, match="FILE-09"):
            read_integration(write(changes, "Lagerkoll.SetupAssistant"))

    @pytest.mark.parametrize("changes", [{}, {"client_secret.from": "ask", "relay": GONE}])
    def test_relay_and_ask_are_welcome(self, write: Write, changes: dict[str, Any]) -> None:
        assert read_integration(write(changes), opened_by_double_click=True).name == "Lagerkoll"
        assert read_integration(write(changes, "lagerkoll.setupassistant")).name == "Lagerkoll"
