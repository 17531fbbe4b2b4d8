"""docs/commands.md is what the commands are, and what every command has in common."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import commands_page
from tests.command.commands_page import commands, leaves

ROOT = Path(__file__).resolve().parents[2]
LEAVES = [leaf for name, parser in commands() for leaf in leaves(name, parser)]
WITHOUT_JSON = {"practice-server", "tour"}
"""They run until they are stopped, or make pictures."""


def options(parser: argparse.ArgumentParser) -> set[str]:
    shown = [
        action for action in parser._actions if action.help != argparse.SUPPRESS or "--help" in action.option_strings
    ]
    return {name for action in shown for name in action.option_strings}


def test_the_page_is_up_to_date() -> None:
    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert written == commands_page.text(), "run: python -m tests.command.commands_page > docs/commands.md"


@pytest.mark.parametrize(("name", "parser"), LEAVES, ids=[name for name, _ in LEAVES])
def test_every_option_is_on_the_page(name: str, parser: argparse.ArgumentParser) -> None:
    page = commands_page.text()
    part = page[page.index(f"## `{name.split()[0]}`") :]
    part = part[: part.find("\n## ", 3)] if "\n## " in part[3:] else part
    for option in options(parser) - {"-h", "--help"}:
        assert f"`{option}" in part, option


def test_every_command_speaks_json() -> None:
    assert {name for name, parser in LEAVES if "--json" not in options(parser)} == WITHOUT_JSON


def test_every_json_shape_is_on_the_page() -> None:
    known = {*commands_page._SHAPES, *commands_page._SAID_IN_CODE, *commands_page._ELSEWHERE}
    assert known == {name for name, _ in commands()} - WITHOUT_JSON


def test_every_command_speaks_each_language() -> None:
    assert [name for name, parser in LEAVES if "--lang" not in options(parser)] == []


def test_the_exit_codes_are_those_of_the_command_line() -> None:
    from assistant import cli

    on_the_page = set(re.findall(r"^\| (\d+) \|", commands_page.text(), re.MULTILINE))
    in_the_code = set(re.findall(r"\b(\d+)\b", (cli.__doc__ or "").partition("Exit codes:")[2].partition("docs/")[0]))
    assert on_the_page == in_the_code == {"0", "1", "2", "130"}


@pytest.mark.parametrize("module", ["token", "listing", "check", "renew", "remove", "keep_alive", "secret", "migrate"])
def test_no_command_loads_qt_or_a_server(module: str) -> None:
    never = ("PySide6", "shiboken6", "qasync", "starlette", "uvicorn")
    script = f"import sys, assistant.command.{module}; print([n for n in sys.modules if n.startswith({never!r})])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_token_loads_little_before_it_knows_that_it_has_to_renew() -> None:
    never = ("httpx", "httpcore", "truststore", "filelock", "keyring", "getpass")
    script = f"import sys, assistant.command.token; print([n for n in {never!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
