"""The words of the family STORE, and that each of its problems can happen."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.language import placeholders
from assistant.problems import Way
from assistant.problems.model import Problem
from assistant.problems.storage import PROBLEMS

CHECKOUT = Path(__file__).parents[2]
BANNED = re.compile(r"!|\b(please|sorry|error occurred|invalid|illegal|unexpected|simply|just click)\b", re.IGNORECASE)
by_code = pytest.mark.parametrize("entry", PROBLEMS, ids=lambda entry: entry.code)


def test_codes_are_numbered_without_gaps() -> None:
    assert [entry.code for entry in PROBLEMS] == [f"STORE-{number:02}" for number in range(1, len(PROBLEMS) + 1)]


@by_code
def test_sentences_are_short_and_plain(entry: Problem) -> None:
    for text in entry.texts:
        assert not BANNED.search(text), text
        for sentence in re.split(r"(?<=[.?])\s+", text):
            assert len(sentence.split()) <= 15, sentence
    assert not entry.title.endswith(".")
    assert all(text.endswith(".") for text in (entry.cause, *entry.remedy, entry.agent))


@by_code
def test_only_the_systems_name_and_the_files_are_filled_in(entry: Problem) -> None:
    if entry.code == "STORE-18":  # which company has to be connected again is what it is about
        assert placeholders(entry.cause) == {"company"}
        return
    for text in entry.texts:
        assert placeholders(text) <= ({"file"} if entry.code == "STORE-08" else {"system"})
    if entry.code == "STORE-08":
        assert "file" in placeholders(entry.cause)  # whoever is to restore it must know which it is
    elif entry.code not in ("STORE-01", "STORE-02", "STORE-03", "STORE-04"):  # those the keychain raises, with the name
        assert not any(placeholders(text) for text in entry.texts)


def test_a_locked_keychain_offers_to_unlock() -> None:
    ways = {entry.code: entry.ways for entry in PROBLEMS}
    assert ways["STORE-02"] == ways["STORE-03"] == (Way.UNLOCK, Way.CLOSE)


@by_code
def test_the_vault_raises_it(entry: Problem) -> None:
    rooms = [
        *(CHECKOUT / "assistant" / "vault").glob("*.py"),
        CHECKOUT / "assistant" / "deadlines.py",
    ]  # for a late save
    source = "".join(file.read_text(encoding="utf-8") for file in rooms)
    assert f'"{entry.code}"' in source


def test_listing_imports_neither_keychain_nor_cipher(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from assistant.vault.keychain import Keychain; from assistant.vault.store import Vault\n"
        f"Vault(Path({str(tmp_path / 'none.db')!r}), Keychain('x')).connections()\n"
        "print([name for name in ('keyring', 'cryptography', 'secretstorage', 'PySide6') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "[]\n"
