"""`setup-assistant practice-server` and `--practice` with situations, as somebody types them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import language
from assistant.cli import main
from assistant.practice.scenarios import PLACES, SCENARIOS, TROUBLES
from assistant.practice.switches import Stage
from tests.practice.browser import Browser

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    language.use("en")


def refused(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert isinstance(end.value.code, int)
    return end.value.code


def test_the_list_names_every_situation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["practice-server", "--list-scenarios", "--lang", "en"]) == 0
    listed = capsys.readouterr().out
    words = set(re.findall(r"[a-z0-9-]+", listed))
    assert {each.name for each in SCENARIOS.values() if each.stage is not Stage.NETWORK} <= words
    assert set(PLACES) | set(TROUBLES) <= words
    for stage in Stage:
        assert stage.value in listed


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["practice-server", "--scenario", "nonsense"], "There is no situation named nonsense."),
        (
            ["--practice", "--scenario", "empty-callback", "--scenario", "two-codes"],
            "empty-callback and two-codes answer the same question differently.",
        ),
        (["--scenario", "declined"], "--scenario needs --practice"),
        (["--scenario", "declined", "list"], "--scenario needs --practice"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_starts(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused("--lang", "en", *words) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("before", [True, False])
def test_the_server_starts_with_what_was_chosen(before: bool) -> None:
    chosen = ["--scenario", "scope-not-registered", "--scenario", "state-omitted"]
    words = [*chosen, "practice-server"] if before else ["practice-server", *chosen]
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", *words, "--lang", "en"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert address
        with Browser(address[0]) as browser:
            browser.authorize()
            assert browser.returned["error"] == "invalid_scope"
            assert "state" not in browser.returned
    finally:
        process.terminate()
        process.communicate(timeout=10)
