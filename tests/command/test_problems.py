"""`setup-assistant problems`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.language import language, languages
from assistant.problems import CATALOGUE, Problem

ROOT = Path(__file__).resolve().parents[2]
ENTRIES = sorted(CATALOGUE.values(), key=lambda entry: entry.code)


@pytest.mark.parametrize("code", languages())
def test_every_problem_stands_on_a_line_of_its_own(capsys: pytest.CaptureFixture[str], code: str) -> None:
    assert main(["problems", "--lang", code]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(CATALOGUE)
    assert all(len(line.split()) > 2 and "{" not in line and "–" not in line.split()[1:2] for line in lines)


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_one_is_said_in_full(capsys: pytest.CaptureFixture[str], entry: Problem, code: str) -> None:
    assert main(["problems", entry.code, "--lang", code]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{entry.code}  ")
    assert "{" not in said
    assert not said.count("  –")
    spoken = language(code)
    for text in (entry.title, entry.cause, *entry.remedy, entry.agent):
        assert spoken.text(text).partition("{")[0] in said
    assert (spoken.text("Trying again can help.") in said) is entry.retry_helps


@pytest.mark.parametrize("written", ["AUTH-02", "auth-02", "auth 2", "Auth2", " AUTH02 "])
def test_a_code_is_known_as_it_is_read_aloud(capsys: pytest.CaptureFixture[str], written: str) -> None:
    assert main(["problems", written, "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("AUTH-02  You need a system administrator's help\n")


def test_the_shape_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["problems", "--json", "--lang", "sv"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["language"]) == (1, "sv")
    assert [each["code"] for each in told["problems"]] == list(CATALOGUE)
    assert {tuple(each) for each in told["problems"]} == {
        ("code", "title", "cause", "remedy", "agent", "who", "retry_helps", "ways", "tone", "system")
    }
    one = next(each for each in told["problems"] if each["code"] == "START-02")
    assert (one["system"], one["who"], one["retry_helps"], one["ways"]) == ("linux", "you", False, ["close"])
    assert main(["problems", "START-02", "--json", "--lang", "sv"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == [one]


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("AUTH-99", "AUTH-14, AUTH-15, AUTH-16, AUTH-17, AUTH-18"),
        ("TOKN-01", "TOKEN-01"),
        ("AUHT-07", "AUTH-07"),
    ],
)
def test_an_unknown_code_names_the_nearest(capsys: pytest.CaptureFixture[str], written: str, near: str) -> None:
    assert main(["problems", written, "--lang", "en"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert f"There is no problem {written}." in said.err
    assert near in said.err


@pytest.mark.parametrize("written", ["", "nonsense", "-", "A" * 5000, "１", "AUTH-٠٢"])
def test_nonsense_is_said_no_to(capsys: pytest.CaptureFixture[str], written: str) -> None:
    assert main(["problems", "--lang", "en", "--", written]) == 1
    assert "There is no problem" in capsys.readouterr().err


def test_it_imports_no_window_and_no_keychain_and_bears_a_closed_pipe() -> None:
    program = (
        "import sys, os; r, w = os.pipe(); os.close(r); os.dup2(w, 1)\n"
        "from assistant.cli import main\n"
        "code = main(['problems'])\n"
        "print([n for n in ('PySide6', 'keyring', 'httpx', 'cryptography') if n in sys.modules], file=sys.stderr)\n"
        "sys.exit(code)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert ended.stderr == "[]\n"
