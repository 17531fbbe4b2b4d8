"""Texts in a language: found, filled, and never broken by a slip in a catalogue."""

from __future__ import annotations

import gettext
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import language as module
from assistant.language import Language, _, current, languages, placeholders, plural, system_language, use


class Catalogue(gettext.NullTranslations):
    """A catalogue from a dictionary."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__()
        self.texts = texts

    def gettext(self, message: str) -> str:
        return self.texts.get(message, message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    use("en")


def test_a_text_is_translated_and_filled() -> None:
    swedish = Language("sv", Catalogue({"Call {vendor}": "Ring {vendor}"}))
    assert swedish.text("Call {vendor}", vendor="Exempelbolaget") == "Ring Exempelbolaget"


def test_a_translation_with_a_strange_placeholder_gives_way_to_the_source() -> None:
    slip = Language("sv", Catalogue({"Call {vendor}": "Ring {leverantör}", "{count} days": "{antal} dagar"}))
    assert slip.text("Call {vendor}", vendor="X") == "Call X"
    assert slip.plural("{count} day", "{count} days", 2) == "2 days"


def test_a_value_with_braces_is_shown_as_it_is() -> None:
    assert Language("en").text("Company {name}", name="{0.__class__}") == "Company {0.__class__}"


def test_no_text_stays_no_text() -> None:
    """gettext answers the empty message with the catalogue's header."""
    assert use("sv").text("") == ""


@given(st.text())
def test_placeholders_of_any_text_are_names_or_none(text: str) -> None:
    assert all(name and name in text for name in placeholders(text))


@given(st.dictionaries(st.sampled_from(["sv", "en", "fi", "de"]), st.text(min_size=1)))
def test_a_vendor_text_is_found_whatever_languages_there_are(texts: dict[str, str]) -> None:
    picked = Language("sv").pick(texts)
    assert picked == (texts.get("sv") or texts.get("en") or next(iter(texts.values()), ""))


def test_swedish_and_english_can_be_chosen_swedish_first() -> None:
    assert languages()[:2] == ("sv", "en")


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"LANG": "sv_SE.UTF-8"}, "sv"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "sv_SE.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "sv:en"}, "sv"),
        ({"LANGUAGE": "fi:sv:en", "LANG": "fi_FI.UTF-8"}, "sv"),
        ({"LANG": "nb_NO.UTF-8"}, "sv"),
        ({"LANG": "da_DK.UTF-8"}, "sv"),
        ({"LANG": "ja_JP.UTF-8"}, "en"),
        ({"LANG": "sv-SE"}, "sv"),
    ],
)
def test_the_system_says_which_language(variables: dict[str, str], code: str) -> None:
    assert system_language(variables) == code


def test_a_system_without_a_language_is_asked_by_other_means(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_native_language", lambda: "sv_SE")
    assert system_language({"LANG": "C.UTF-8", "LC_ALL": "POSIX"}) == "sv"
    monkeypatch.setattr(module, "_native_language", lambda: None)
    assert system_language({}) == "en"


def test_the_process_speaks_one_language_at_a_time() -> None:
    assert use("sv") is current()
    assert current().code == "sv"
    assert use("tlh").code == "en"
    assert _("{count} is {what}", count=1, what="one") == "1 is one"
    assert plural("{count} x", "{count} xs", 3) == "3 xs"
