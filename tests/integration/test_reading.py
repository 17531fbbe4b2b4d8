"""From a path to an `Integration`: the file as a whole, and what reading promises whatever the file holds."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.fortnox.account import AccountKind
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.scopes import SCOPES
from assistant.integration import (
    Integration,
    OtherFiles,
    RedirectPage,
    SecretSource,
    check_integration,
    read_integration,
    with_endpoints,
)
from assistant.integration.schema import schema_path, schema_text
from assistant.language import Language
from assistant.problems import CATALOGUE, ProblemError
from assistant.resources import resource
from tests.integration.files import GONE, LOOPBACK, Write, changed, toml

ENGLISH = Language("en")
IN_ONE_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=2000, max_examples=150)


def problem_of(path: Path) -> ProblemError:
    with pytest.raises(ProblemError) as caught:
        read_integration(path)
    return caught.value


def test_every_key_reaches_the_integration(write: Write) -> None:
    integration = read_integration(write())
    assert integration.name == "Lagerkoll"
    assert integration.vendor == "Exempelbolaget AB"
    assert integration.app_id == "se.exempelbolaget.lagerkoll"
    assert integration.client_id == "8VurtMGDTeAI"
    assert integration.redirect_uri.text == "https://lagerkoll.example/activation"
    assert integration.redirect_page is RedirectPage.STATIC
    assert integration.scopes == ("companyinformation", "article", "order")
    assert integration.start_page == "https://lagerkoll.example/login"
    assert integration.accounts == (AccountKind.SERVICE, AccountKind.USER)
    assert integration.listing == "https://www.fortnox.se/integrationer/lagerkoll"
    assert integration.download == "https://lagerkoll.example/connect"
    assert integration.update == "https://lagerkoll.example/setup.json"
    assert integration.other_files is OtherFiles.ANNOUNCE
    assert integration.next_steps["sv"] == "Lagerkoll hämtar dina artiklar i natt."
    assert integration.client_secret.source is SecretSource.RELAY
    assert integration.relay is not None
    assert integration.relay.revoke == "https://lagerkoll.example/fortnox/revoke"
    assert integration.why["article"]["en"] == "Lagerkoll reads the articles."
    assert (integration.support.phone, integration.support.email) == ("+46 8 000 00 00", "help@lagerkoll.example")
    assert (integration.support.url, integration.support.hours) == ("https://lagerkoll.example/help", "08-17")
    assert (integration.look.accent, integration.look.logo) == ("#1a6b4f", None)
    assert integration.browser_hosts == ("fortnox.se", "login.bankid.com")
    assert integration.endpoints == Endpoints()
    assert integration.licences_needed == (("Order", "Kundfaktura"), ("Order",))


def test_what_is_left_out_has_a_safe_meaning(write: Write) -> None:
    optional = ["app_id", "redirect_page", "accounts", "listing", "download", "update", "other_files", "next_steps"]
    changes: dict[str, Any] = {f"integration.{key}": GONE for key in optional}
    changes |= dict.fromkeys(("why", "support", "look", "browser"), GONE)
    integration = read_integration(write(changes))
    assert integration.redirect_page is RedirectPage.DYNAMIC
    assert integration.recommended_account is AccountKind.SERVICE
    assert integration.other_files is OtherFiles.ANNOUNCE
    assert integration.browser_hosts is None
    assert integration.support.language == "sv"
    assert not integration.is_test_server


def test_order_is_kept(write: Write) -> None:
    scopes = ["order", "settings", "article"]
    integration = read_integration(write({"integration.scopes": scopes, "integration.accounts": ["user", "service"]}))
    assert integration.scopes == tuple(scopes)
    assert integration.recommended_account is AccountKind.USER


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b"# Hej\r\n\r\n", b"\n\n"])
def test_byte_order_mark_and_line_ends_of_windows_are_welcome(write: Write, start: bytes) -> None:
    path = write(name="lagerkoll.setupassistant")
    path.write_bytes(start + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_integration(path).name == "Lagerkoll"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE-05"),
        (b" \n\t\r\n", "FILE-05"),
        (b"# only a remark\n", "FILE-05"),
        (b"\xef\xbb\xbf", "FILE-05"),
        (b"PK\x03\x04" + bytes(range(256)), "FILE-03"),
        ("schema = 1\n".encode("utf-16"), "FILE-03"),
        ('[integration]\nname = "Räksmörgås"\n'.encode("latin-1"), "FILE-03"),
        (b"schema = 1\0", "FILE-03"),
        (b"#" * 64_001, "FILE-04"),
        (b"x" * 5_000_000, "FILE-04"),
        (b"schema = 1\n[integration\n", "FILE-06"),
        (b'schema = 1\nname = "Lagerkoll\n', "FILE-06"),
        (b"schema = 1\nschema = 1\n", "FILE-06"),
        (b"a = " + b"[" * 30_000, "FILE-06"),
        (b"a = " + b"{a=" * 15_000, "FILE-06"),
        (b"a = " + b"9" * 60_000, "FILE-06"),
        (b"schema = 99999999999999999999999999999999", "FILE-07"),
        (b"schema = 2001-01-01T00:00:00Z", "FILE-07"),
        (b"schema = nan", "FILE-07"),
        (b".".join([b"a"] * 31_000) + b" = 1", "FILE-06"),
        (b"\n".join([b".".join([b"a"] * 490) + b".b%d = 1" % number for number in range(62)]), "FILE-07"),
        (b"\n".join([b"[[a]]"] * 10_000), "FILE-07"),
        (b"a = " + b"[{a=1}," * 9_000, "FILE-06"),
        (b"\n".join(b"key%d = 1" % number for number in range(5_000)), "FILE-07"),
        (b"[integration]\nscopes = [" + b'"artcle",' * 7_000 + b"]", "FILE-07"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value[:24]),
)
@pytest.mark.provokes(argument="code")
def test_files_that_are_no_integration_files(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "integration.toml"
    path.write_bytes(content)
    started = time.monotonic()
    problem = problem_of(path)
    assert time.monotonic() - started < 5
    assert problem.code == code
    texts = problem.occurrence.problem
    for text in (texts.title, texts.cause, *texts.remedy):
        assert "{" not in ENGLISH.text(text, **problem.occurrence.facts)


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("schema = 1\n\n[integration\n", "line 3", "cannot be read as TOML"),
        ('schema = 1\nname = "x\n', "line 2", "quotation mark"),
        ("schema = 1\nschema = 1\n", "line 2", "twice"),
        ("[look]\n[support]\n[look]\n", "line 3", "twice"),
        ("schema = 1\n[integration]\nname", "the end of the file", "cannot be read as TOML"),
    ],
)
def test_broken_syntax_is_named_by_line(tmp_path: Path, text: str, where: str, words: str) -> None:
    path = tmp_path / "integration.toml"
    path.write_text(text, encoding="utf-8")
    (mistake,) = check_integration(path)
    assert mistake.where(ENGLISH) == where
    assert words in mistake.text(ENGLISH)
    assert problem_of(path).occurrence.facts["where"] == where


@pytest.mark.provokes("FILE-02")
def test_missing_folders_and_other_things_that_are_no_files(tmp_path: Path) -> None:
    assert problem_of(tmp_path / "nowhere.toml").code == "FILE-02"
    assert problem_of(tmp_path).code == "FILE-02"
    assert problem_of(Path("a\0b")).code == "FILE-02"
    assert problem_of(tmp_path / ("x" * 5000)).code == "FILE-02"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
@pytest.mark.provokes("FILE-02")
def test_a_pipe_or_a_device_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert problem_of(tmp_path / "pipe.toml").code == "FILE-02"
    assert problem_of(Path("/dev/zero")).code == "FILE-02"


@pytest.mark.provokes("FILE-02")
def test_a_file_that_may_not_be_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write()

    def refuse(*_: object) -> int:
        raise PermissionError(13, "refused")

    monkeypatch.setattr(os, "open", refuse)  # permissions do not bind root, who may run the tests
    assert problem_of(path).code == "FILE-02"


@pytest.mark.provokes("FILE-07")
def test_the_problem_names_count_first_mistake_and_all_in_its_details(write: Write) -> None:
    problem = problem_of(write({"look.accent": "red", "integration.name": 7}))
    assert problem.code == "FILE-07"
    assert problem.occurrence.facts["count"] == "2"
    assert problem.occurrence.facts["where"] == "[integration] name"
    assert dict(problem.occurrence.details).keys() == {"[integration] name", "[look] accent"}


@pytest.mark.provokes("FILE-08")
def test_the_gravest_mistake_decides_the_code(write: Write) -> None:
    foreign = {"endpoints.token": "https://evil.example/token", "look.accent": "red"}
    problem = problem_of(write(foreign))
    assert problem.code == "FILE-08"
    assert problem.occurrence.facts["where"] == "[endpoints] token"


def test_check_and_read_agree(write: Write) -> None:
    assert check_integration(write()) == ()
    assert check_integration(write({"look.accent": "red"})) != ()


class TestPractice:
    def test_its_file_is_right(self) -> None:
        path = resource("practice", "integration.toml")
        integration = read_integration(path)
        assert check_integration(path) == ()
        assert integration.client_id == "practice-lagerkoll"
        assert integration.look.logo is not None
        assert set(integration.next_steps) == {"sv", "en"}

    def test_it_can_be_pointed_at_a_server_of_the_moment(self) -> None:
        integration = read_integration(resource("practice", "integration.toml"))
        there = with_endpoints(integration, Endpoints(**LOOPBACK))
        assert there.endpoints.api == "http://127.0.0.1:8124"
        assert there.is_test_server
        assert integration.endpoints.is_fortnox

    def test_no_integration_can_be_pointed_elsewhere(self) -> None:
        integration = read_integration(resource("practice", "integration.toml"))
        with pytest.raises(ValueError, match="loopback"):
            with_endpoints(integration, Endpoints(**{**LOOPBACK, "token": "https://evil.example/token"}))
        with pytest.raises(ValueError, match="loopback"):
            with_endpoints(integration, Endpoints(**{**LOOPBACK, "token": "http://foo.localhost/token"}))


class TestSchema:
    def test_it_is_up_to_date(self) -> None:
        assert schema_path().read_text(encoding="utf-8") == schema_text(), "run: python -m assistant.integration.schema"

    def test_it_is_a_schema_that_takes_the_right_file(self) -> None:
        schema = msgspec.json.decode(schema_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(changed({"endpoints": LOOPBACK}), schema)

    @pytest.mark.parametrize(
        "changes",
        [
            {"extra": 1},
            {"integration.name": GONE},
            {"integration.name": "Lagerkoll\n"},
            {"integration.accounts": ["user", "user"]},
            {"look.accent": "red"},
            {"look.logo": "../logo.svg"},
            {"client_secret.from": "memory"},
        ],
    )
    def test_it_refuses_what_reading_refuses(self, write: Write, changes: dict[str, Any]) -> None:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(changed(changes), msgspec.json.decode(schema_text()))
        assert check_integration(write(changes))


# ---- Whatever a file holds

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
KEYS = st.sampled_from(
    [
        "schema",
        "integration",
        "client_secret",
        "relay",
        "why",
        "support",
        "look",
        "browser",
        "endpoints",
        "name",
        "from",
        *("scopes", "accounts", "redirect_uri", "logo", "path", "variable", "hosts", "token", "sv", "article"),
    ]
)
VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False).map(lambda number: float(f"{number:.3f}")),
        WORDS,
        st.sampled_from(["https://a.example/x", "relay", "file", "article", "..", "logo.svg", "\0", "#1a6b4f"]),
    ),
    lambda deeper: st.lists(deeper, max_size=4) | st.dictionaries(KEYS | WORDS, deeper, max_size=4),
    max_leaves=12,
)


def ends_well(path: Path) -> None:
    mistakes = check_integration(path)
    if not mistakes:
        assert isinstance(read_integration(path), Integration)
        return
    assert problem_of(path).code in CATALOGUE
    for mistake in mistakes:
        assert mistake.text(ENGLISH)
        assert mistake.where(ENGLISH).isprintable()


@IN_ONE_FOLDER
@given(content=st.binary(max_size=300))
@example(content=b'"" = 1')
@example(content=b'[""]\n"" = 1')
def test_any_bytes_end_well(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "integration.toml"
    path.write_bytes(content)
    ends_well(path)


@IN_ONE_FOLDER
@given(tree=st.dictionaries(KEYS | WORDS, VALUES, max_size=6))
def test_any_tree_ends_well(tmp_path: Path, tree: dict[str, Any]) -> None:
    path = tmp_path / "integration.toml"
    path.write_text(toml(tree), encoding="utf-8", newline="\n")
    ends_well(path)


@IN_ONE_FOLDER
@given(
    path_changed=st.sampled_from(sorted(f"{t}.{k}" for t, v in changed({}).items() if isinstance(v, dict) for k in v)),
    value=VALUES,
)
def test_one_key_with_any_value_ends_well(tmp_path: Path, path_changed: str, value: Any) -> None:
    path = tmp_path / "integration.toml"
    path.write_text(toml(changed({path_changed: value})), encoding="utf-8", newline="\n")
    ends_well(path)


LETTERS = st.characters(codec="utf-8", categories=["L", "N"], exclude_characters="ᅟᅠㅤﾠ឴឵")
NAMES = st.text(LETTERS, min_size=1, max_size=20)
PAGES = st.builds(
    "https://{}.example{}/{}".format,
    st.from_regex(r"[a-z][a-z0-9]{0,20}", fullmatch=True),
    st.sampled_from(["", ":8443"]),
    st.from_regex(r"[a-zA-Z0-9_~-]{0,20}", fullmatch=True),
)
TEXTS = st.dictionaries(st.sampled_from(["sv", "en", "nb", "zh-Hant", "pt-BR"]), NAMES, min_size=1)
SCOPE_LISTS = st.lists(st.sampled_from(sorted(SCOPES)), unique=True, max_size=8).map(
    lambda names: names if {"companyinformation", "settings"} & set(names) else [*names, "settings"]
)
SECRETS = st.sampled_from(
    [{"from": "ask"}, {"from": "file", "path": "secret.txt"}, {"from": "environment", "variable": "LAGERKOLL_SECRET"}]
)


@st.composite
def right_trees(draw: st.DrawFn) -> dict[str, Any]:
    scopes = draw(SCOPE_LISTS)
    integration = {
        "name": draw(NAMES),
        "vendor": draw(NAMES),
        "client_id": draw(st.from_regex(r"[A-Za-z0-9._~-]{1,128}", fullmatch=True)),
        "redirect_uri": draw(PAGES),
        "scopes": scopes,
        "start_page": draw(PAGES),
        "accounts": draw(st.lists(st.sampled_from(["service", "user"]), unique=True, min_size=1)),
    }
    optional = {
        "listing": PAGES,
        "download": PAGES,
        "update": PAGES,
        "next_steps": TEXTS,
        "redirect_page": st.sampled_from(["static", "dynamic"]),
        "other_files": st.sampled_from(["announce", "refuse"]),
        "app_id": st.just("se.exempel.lager-koll2"),
    }
    integration |= draw(st.fixed_dictionaries({}, optional=optional))
    tree: dict[str, Any] = {"schema": 1, "integration": integration, "client_secret": draw(SECRETS)}
    if draw(st.booleans()):
        tree |= {"client_secret": {"from": "relay"}, "relay": {"token": draw(PAGES), "revoke": draw(PAGES)}}
    if draw(st.booleans()):
        tree["why"] = draw(st.dictionaries(st.sampled_from(scopes), TEXTS))
    if draw(st.booleans()):
        tree["endpoints"] = LOOPBACK | {"pkce": draw(st.booleans())}
    return tree


@IN_ONE_FOLDER
@given(tree=right_trees())
def test_every_right_file_reads_as_written(tmp_path: Path, tree: dict[str, Any]) -> None:
    path = tmp_path / "integration.toml"
    path.write_text(toml(tree), encoding="utf-8", newline="\n")
    integration = read_integration(path)
    written = tree["integration"]
    assert (integration.name, integration.vendor) == (written["name"], written["vendor"])
    assert integration.scopes == tuple(written["scopes"])
    assert integration.redirect_uri.text == written["redirect_uri"]
    assert [kind.value for kind in integration.accounts] == written["accounts"]
    assert {scope: dict(texts) for scope, texts in integration.why.items()} == tree.get("why", {})
    assert integration.is_test_server == ("endpoints" in tree)
    assert (integration.relay is not None) == (integration.client_secret.source is SecretSource.RELAY)
