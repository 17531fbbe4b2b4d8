"""What the words around the code say is true of the code: commands, files, links, keys, examples and pictures."""

from __future__ import annotations

import argparse
import re
import shutil
import struct
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from assistant import cli
from assistant.command import listing
from assistant.command.listing import _fields
from assistant.connections.health import health
from assistant.fortnox.account import AccountKind
from assistant.fortnox.endpoints import Endpoints
from assistant.integration import Integration, check_integration, read_integration
from assistant.integration.form import Form
from assistant.problems import CATALOGUE
from assistant.resources import resource
from assistant.vault.connection import Connection
from tests.integration.files import toml
from tests.packaging.starting import commands as start_commands

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "docs/ends.md",
    "docs/fault-matrix.md",
    "docs/commands.md",
    "docs/integration-file.md",
    "docs/journey.md",
    "docs/practice.md",
    "docs/problems.md",
    "docs/relay.md",
    "docs/tokens.md",
    "docs/vault.md",
)
INTEGRATION_FILE = "docs/integration-file.md"
MOST_PICTURE_BYTES = 60_000


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def prose(page: str) -> str:
    """`page` without its blocks of code."""
    return re.sub(r"^```.*?^```", "", text(page), flags=re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text(page), flags=re.MULTILINE | re.DOTALL)


def code(page: str) -> list[str]:
    """Every line of code: blocks, indented lines, and what stands between backticks."""
    plain = text(page)
    fenced = [
        line
        for block in re.findall(r"^```\w*\n(.*?)^```", plain, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]
    return [*fenced, *re.findall(r"^ {4}(\S.*)$", plain, re.MULTILINE), *re.findall(r"`([^`\n]+)`", prose(page))]


# ---- links, names and what must not stand there


def anchors(page: Path) -> set[str]:
    """The anchors of `page`'s headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
    assert len(plain) == len(set(plain)), f"{page.name} has a heading twice"
    return set(plain)


def test_no_page_is_left_out() -> None:
    assert {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} | set(PAGES[:5]) == set(PAGES)
    assert {page.name for page in ROOT.glob("*.md")} == set(PAGES[:5])


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    links = re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", prose(page))
    if page == "README.md":
        assert len(links) > 5
    for link in links:
        if re.match(r"https?:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES)
def test_nothing_of_the_machine_it_was_written_on_stands_there(page: str) -> None:
    never = (
        r"(?<![\w.])/(?:root|home|work|tmp|Users)/",  # folders of one machine
        r"pypi|pythonhosted|index-url|artifactory|nexus",  # registries
        r"\bissue \d|#\d{1,4}\b",  # numbers that mean something elsewhere
    )
    sourced = re.sub(r"[\w.-]+/[\w.-]+#\d+(?:, #\d+)*", "", text(page))  # whose number it is stands before it
    assert re.findall("|".join(never), sourced, re.IGNORECASE) == []


@pytest.mark.parametrize("page", PAGES)
def test_problem_codes_are_in_the_catalogue(page: str) -> None:
    codes = set(re.findall(r"\b[A-Z]{3,6}-\d{2}\b", text(page)))
    assert codes <= set(CATALOGUE)


def test_the_licence_is_mit_and_names_its_holder() -> None:
    licence = text("LICENSE")
    assert licence.startswith("MIT License\n")
    assert "Copyright (c) 2026 the set-up assistant's authors" in licence


def test_the_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## \[?([^\]\s]+)\]?", text("CHANGELOG.md"), re.MULTILINE)
    version = tomllib.loads(text("pyproject.toml"))["project"].get("version") or cli.__version__
    assert version in versions


# ---- commands


def subcommands() -> dict[str, argparse.ArgumentParser]:
    parser = cli._parser()
    action = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return dict(action.choices)


def command(line: str) -> str:
    """`line` without the words beside it, which two spaces part from the command."""
    return re.split(r"\s{2,}", line.strip())[0]


def program_calls(page: str) -> Iterator[list[str]]:
    """The arguments of every call of the program that `page` shows, with brackets and placeholders made plain."""
    for line in code(page):
        found = re.search(r"(?:^|[\s;])(?:setup-assistant|\S*python3? -m assistant)((?:\s.*)?)$", command(line))
        if found:
            yield found[1].replace("[", " ").replace("]", " ").split()


def start_calls(page: str) -> Iterator[list[str]]:
    for line in code(page):
        found = re.search(r"packaging[/\\]start\.py((?:\s.*)?)$", command(line))
        if found:
            yield found[1].replace("[", " ").replace("]", " ").split()


def filled(words: list[str]) -> list[str]:
    """`words` with placeholders replaced by something the parser takes."""
    values = {"FILE": "integration.toml", "DIR": "pictures", "N": "4455", "sv|en": "sv"}
    return [values.get(word, word) for word in words]


def parsed(words: list[str]) -> argparse.Namespace | None:
    """What the program makes of `words`; None where they ask for the version or the help.

    Raises:
        AssertionError: they are written wrongly.
    """
    if {"--version", "--help"} & set(words):
        return None
    try:
        return cli._parser().parse_args(filled(words))
    except SystemExit as refused:
        raise AssertionError(f"not understood: {words}") from refused


def test_every_command_of_the_program_that_is_shown_is_understood() -> None:
    calls = [options for page in PAGES for words in program_calls(page) if (options := parsed(words))]
    assert {options.command for options in calls} == {None, *subcommands()}
    assert any(options.integration for options in calls)
    with pytest.raises(AssertionError, match="not understood"):
        parsed(["list", "--yaml"])


def test_the_readme_names_every_command_of_the_program() -> None:
    shown = {words[0] for words in program_calls("README.md") if words and not words[0].startswith("-")}
    assert set(subcommands()) <= shown
    for name in ("--integration", "--practice", "--test-server", "--lang", "--version"):
        assert name in text("README.md")


def test_every_command_of_start_py_that_is_shown_exists() -> None:
    known = set(re.findall(r"^  ([a-z][a-z-]*)\b", start_commands.USAGE, re.MULTILINE))
    assert {"run", "test", "tour", "bench", "translations", "lock", "set-up"} <= known
    seen = {words[0] for page in PAGES for words in start_calls(page) if words}
    assert {"run", "test", "--help"} <= seen
    assert seen - {"--help"} <= known


def test_what_start_py_passes_on_is_understood() -> None:
    calls = [words for page in PAGES for words in start_calls(page)]
    for name, *rest in filter(None, calls):
        if name == "run":
            parsed(["--practice", *rest])
        if name == "tour":
            parsed(["tour", "--out", "pictures", *rest])


def test_the_readme_gives_the_exit_codes_as_the_commands_do() -> None:
    for number, meaning in re.findall(r"(\d) ([^,\n]+)", start_commands.USAGE.partition("exit codes:")[2]):
        assert re.search(rf"^\| {number} \|", text("README.md"), re.MULTILINE), meaning


def test_the_shape_of_list_json_is_as_shown() -> None:
    shown = next(block for block in blocks("README.md", "json") if '"connections"' in block)
    sample = msgspec.json.decode(shown)
    connection = Connection(
        id="0" * 32,
        account=AccountKind.SERVICE,
        tenant_id="1",
        company_name="",
        organisation_number="",
        integration_name="",
        vendor="",
        client_id="1",
        endpoints=Endpoints(),
        redirect_uri="",
        scopes_asked=(),
        scopes_granted=(),
        start_page="",
        connected_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    fields = _fields(connection, health(connection, now=connection.connected_at))
    assert list(sample["connections"][0]) == list(fields) == list(listing.CONNECTION_FIELDS)
    assert list(sample) == list(listing.FIELDS)
    assert sample["schema"] == 1


# ---- the layout


def named_paths(page: str) -> set[str]:
    """What stands in backticks and looks like a path of this project."""
    named = re.findall(r"`([\w./-]+)`", prose(page))
    roots = {path.name for path in ROOT.iterdir()}
    return {name for name in named if "/" in name and name.split("/")[0] in roots}


@pytest.mark.parametrize("page", PAGES)
def test_paths_that_are_named_exist(page: str) -> None:
    paths = {name for name in named_paths(page) if not {"NAME.svg", "CODE"} & set(name.split("/"))}
    missing = sorted(name for name in paths if not (ROOT / name.rstrip("/")).exists())
    assert missing == []


def layout() -> dict[str, str]:
    """The paths of ARCHITECTURE's layout with what is said of them, read from its indentation."""
    found: dict[str, str] = {}
    parents: list[tuple[int, str]] = []
    for line in blocks("ARCHITECTURE.md", "text")[0].splitlines():
        match = re.match(r"( *)(\S+?)(/?)(?:\s{2,}(.*))?$", line)
        if match is None or not line.strip():
            continue
        indent, name, slash, said = len(match[1]), match[2], match[3], match[4] or ""
        if not slash and "." not in name:
            continue  # the second line of a remark
        while parents and parents[-1][0] >= indent:
            parents.pop()
        path = "/".join([*(parent for _, parent in parents), name])
        found[path] = said
        if slash:
            parents.append((indent, name))
    return found


def test_the_layout_is_that_of_the_checkout() -> None:
    found = layout()
    assert [path for path in found if not (ROOT / path).exists()] == []
    assert [path for path, said in found.items() if not said] == []


def test_every_room_is_in_the_layout() -> None:
    package = ROOT / "assistant"
    rooms = {path.name for path in package.glob("*.py")} | {path.parent.name for path in package.glob("*/__init__.py")}
    inner = {path.parent.relative_to(package).as_posix() for path in package.glob("*/*/__init__.py")}
    named = {path.removeprefix("assistant/") for path in layout() if path.startswith("assistant/")}
    assert (rooms | inner) - {"__init__.py"} - named == set()


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_modules_that_are_named_exist(page: str) -> None:
    """`assistant.x.y` is a module, or a name in one."""
    for name in set(re.findall(r"`(assistant(?:\.\w+)+)", text(page))):
        whole = ROOT.joinpath(*name.split("."))
        above, last = whole.parent, name.rpartition(".")[2]
        if whole.is_dir() or whole.with_suffix(".py").is_file():
            continue
        source = above.with_suffix(".py") if above.with_suffix(".py").is_file() else above / "__init__.py"
        assert source.is_file(), name
        assert re.search(rf"\b{last}\b", source.read_text(encoding="utf-8")), name


# ---- the integration file


class Key(NamedTuple):
    table: str
    name: str
    needed: str
    default: str
    example: str


def reference() -> list[Key]:
    """Every row of the reference's tables of keys."""
    found = []
    for table, part in re.findall(
        r"^## `\[(\w+)\]`\n(.*?)(?=^## |\Z)", text(INTEGRATION_FILE), re.MULTILINE | re.DOTALL
    ):
        for line in part.splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if line.startswith("| `") and len(cells) == 5:
                name, needed, default, _, example = cells
                found.append(Key(table, name.strip("`"), needed, default, example.strip("`")))
    return found


def base() -> dict[str, Any]:
    """The shortest file of the reference, as a tree that fragments are laid over."""
    return tomllib.loads(blocks(INTEGRATION_FILE, "toml")[0])


def laid_over(tree: dict[str, Any], fragment: dict[str, Any]) -> dict[str, Any]:
    merged = dict(tree)
    for table, value in fragment.items():
        keeps = isinstance(value, dict) and table != "client_secret"
        merged[table] = {**tree.get(table, {}), **value} if keeps else value
    return merged


def read(tree_or_text: dict[str, Any] | str, folder: Path) -> Integration:
    path = folder / "integration.toml"
    content = tree_or_text if isinstance(tree_or_text, str) else toml(tree_or_text)
    path.write_text(content, encoding="utf-8")
    shutil.copy(resource("practice", "logo.svg"), folder / "logo.svg")
    (folder / "secret.txt").write_text("not a real secret\n", encoding="utf-8")
    assert [f"{each.where()}: {each.text()}" for each in check_integration(path)] == []
    return read_integration(path)


@pytest.mark.parametrize("page", PAGES)
def test_every_example_is_read_by_the_real_reader(page: str, tmp_path: Path) -> None:
    examples = blocks(page, "toml")
    if page == INTEGRATION_FILE:
        assert len(examples) > 6
    for example in examples:
        tree = tomllib.loads(example)
        read(example if "schema" in tree else laid_over(base(), tree), tmp_path)


def test_the_reference_has_every_key_and_no_other() -> None:
    struct = {field.encode_name: field for field in msgspec.structs.fields(Form)}
    tables = {}
    for name in struct:
        kind = next((part for part in _parts(struct[name].type) if isinstance(part, type)), None)
        if kind is not None and issubclass(kind, msgspec.Struct):
            tables[name] = {field.encode_name: field.required for field in msgspec.structs.fields(kind)}
    assert "integration" in tables
    assert len(tables) == 7
    needed = {(key.table, key.name): key.needed == "yes" for key in reference()}
    assert needed == {(table, key): required for table, keys in tables.items() for key, required in keys.items()}
    assert all(f"## `[{name}]`" in text(INTEGRATION_FILE) for name in struct if name != "schema")
    assert "## `schema`" in text(INTEGRATION_FILE)


def _parts(kind: Any) -> tuple[Any, ...]:
    return getattr(kind, "__args__", (kind,))


@pytest.mark.parametrize("key", reference(), ids=lambda key: f"{key.table}.{key.name}")
def test_an_example_of_a_key_is_read_and_changes_what_it_says(key: Key, tmp_path: Path) -> None:
    given = tomllib.loads(f"{key.name} = {key.example}")
    beside: dict[str, Any] = {}
    if key.table == "client_secret" and key.name != "from":
        beside = {"from": "environment" if key.name == "variable" else "file"}
    if key.table == "relay":
        beside = dict.fromkeys(("token", "revoke"), "https://lagerkoll.example/x")
    fragment: dict[str, Any] = {key.table: {**beside, **given}}
    if key.table == "relay":
        fragment["client_secret"] = {"from": "relay"}
    read(laid_over(base(), fragment), tmp_path)


def test_defaults_are_as_written(tmp_path: Path) -> None:
    integration = read(base(), tmp_path)
    places = {"support": integration.support, "look": integration.look, "endpoints": integration.endpoints}
    checked = 0
    for key in reference():
        if key.needed != "no":
            continue
        found = getattr(places.get(key.table, integration), key.name)
        if key.default == "none":
            assert not found, key.name
        else:
            expected = tomllib.loads(f"value = {key.default.strip('`')}")["value"]
            plain = [kind.value for kind in found] if isinstance(found, tuple) else getattr(found, "value", found)
            assert plain == expected, key.name
        checked += 1
    assert checked > 15


def test_what_is_said_of_mistakes_is_what_the_reader_says(tmp_path: Path) -> None:
    path = tmp_path / "integration.toml"
    wrong = {"scopes": ["companyinformation", "artikel"], "redirect_uri": "http://lagerkoll.example/activation"}
    path.write_text(toml(laid_over(base(), {"integration": wrong})), encoding="utf-8")
    said = {f"{each.where()}: {each.text()}" for each in check_integration(path)}
    shown = re.findall(r"^ {4}(\[integration\] .*)$", text(INTEGRATION_FILE), re.MULTILINE)
    assert len(shown) == 2
    for line in shown:
        assert any(each.startswith(line.removesuffix("…").rstrip()) for each in said), line


def test_list_names_the_mistakes_of_a_file(home: Path, tmp_path: Path) -> None:
    """How the reference says that a file is checked."""
    path = tmp_path / "integration.toml"
    path.write_text(toml(laid_over(base(), {"integration": {"scopes": ["artikel"]}})), encoding="utf-8")
    command = [sys.executable, "-m", "assistant", "--lang", "en", "--integration", str(path), "list"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "[integration] scopes[0]: This is no scope of Fortnox." in done.stderr


# ---- pictures


def test_the_readme_shows_two_small_pictures_of_the_window() -> None:
    shown = re.findall(r"!\[([^\]]+)\]\((docs/pictures/[\w-]+\.png)\)", text("README.md"))
    assert len(shown) == 2
    for words, name in shown:
        assert len(words) > 20, "a picture needs words for those who do not see it"
        content = (ROOT / name).read_bytes()
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">II", content[16:24])
        assert 900 <= width <= 2400
        assert 500 <= height <= 1600
        assert len(content) < MOST_PICTURE_BYTES
    assert {path.name for path in (ROOT / "docs" / "pictures").iterdir()} == {Path(name).name for _, name in shown}
