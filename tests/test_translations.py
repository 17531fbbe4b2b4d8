"""Every text has a translation that can be shown: checked on the files as they are."""

from __future__ import annotations

import ast
import gettext
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message

from assistant.language import Language, placeholders

ROOT = Path(__file__).resolve().parent.parent


def load() -> ModuleType:
    specification = importlib.util.spec_from_file_location("translations", ROOT / "packaging" / "translations.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["translations"] = module
    specification.loader.exec_module(module)
    return module


translations = load()


@pytest.fixture(scope="module")
def template() -> Catalog:
    return translations.extracted()


@pytest.fixture(scope="module", params=translations.catalogues(), ids=lambda path: path.parent.parent.name)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture(scope="module")
def catalogue(path: Path) -> Catalog:
    return translations.read(path)


def texts(message: Message) -> list[tuple[str, str]]:
    """Each form of `message` with its translation; a plural has as many translations as the language has forms."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    forms = tuple(message.string)
    return [(message.id[0] if number == 0 else message.id[1], form) for number, form in enumerate(forms)]


def test_swedish_is_there() -> None:
    assert "sv" in [path.parent.parent.name for path in translations.catalogues()]


def test_every_text_is_translated(template: Catalog, catalogue: Catalog) -> None:
    missing = []
    for message in template:
        if not message.id:
            continue
        own = catalogue.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        if own is None or own.pluralizable != message.pluralizable or not all(form for _, form in texts(own)):
            missing.append(message.id)
    assert missing == []


def test_nothing_is_left_over_or_guessed(template: Catalog, catalogue: Catalog) -> None:
    known = {message.id for message in template}
    assert [message.id for message in catalogue if message.id and message.id not in known] == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert list(catalogue.obsolete) == []


def test_a_translation_has_the_placeholders_of_its_text(catalogue: Catalog) -> None:
    wrong = [
        (text, form)
        for message in catalogue
        if message.id
        for text, form in texts(message)
        if form and placeholders(form) != placeholders(text)
    ]
    assert wrong == []


def test_every_text_can_be_filled(template: Catalog, catalogue: Catalog) -> None:
    """A lone brace, or a placeholder by number, would fail in front of a person."""
    for message in [*template, *catalogue]:
        for text in [form for pair in texts(message) for form in pair] if message.id else []:
            text.format_map(dict.fromkeys(placeholders(text), "x"))
            assert "%(" not in text
            assert "{}" not in text


def test_a_text_begins_and_ends_as_its_source(catalogue: Catalog) -> None:
    """A space or full stop lost in translation joins two sentences."""
    wrong = [
        (text, form)
        for message in catalogue
        if message.id
        for text, form in texts(message)
        if form and (text[:1].isspace(), text[-1:].isspace(), text[-1:] in ".:?…") != ends(form)
    ]
    assert wrong == []


def ends(form: str) -> tuple[bool, bool, bool]:
    return form[:1].isspace(), form[-1:].isspace(), form[-1:] in ".:?…"


def test_the_file_is_as_the_tool_writes_it(path: Path, template: Catalog, tmp_path: Path) -> None:
    again = tmp_path / path.parent.parent.name / "LC_MESSAGES" / path.name
    translations.write(translations.update(path, template), again)
    assert again.read_bytes() == path.read_bytes(), "run: python3 packaging/start.py translations"


def test_swedish_counts_as_swedes_do(tmp_path: Path) -> None:
    catalogue = Catalog(locale="sv", domain="assistant")
    catalogue.add(("{count} company", "{count} companies"), ("{count} företag (en)", "{count} företag (flera)"))
    path = tmp_path / "sv" / "LC_MESSAGES" / "assistant.po"
    translations.write(catalogue, path)
    with (tmp_path / "assistant.mo").open("w+b") as file:
        translations.write_mo(file, translations.read(path))
        file.seek(0)
        swedish = Language("sv", gettext.GNUTranslations(file))
    counted = [swedish.plural("{count} company", "{count} companies", count) for count in (0, 1, 2)]
    assert counted == ["0 företag (flera)", "1 företag (en)", "2 företag (flera)"]


def test_merging_takes_pairs_and_names_what_it_could_not_use(tmp_path: Path, template: Catalog) -> None:
    known = next(message.id for message in template if isinstance(message.id, str) and message.id.isalpha())
    path = tmp_path / "sv" / "LC_MESSAGES" / "assistant.po"
    for number, translation in enumerate(["först", "sedan"]):
        fragment = tmp_path / f"{number}.po"
        fragment.write_text(
            f'msgid "{known}"\nmsgstr "{translation}"\n\nmsgid "a text of no page"\nmsgstr "ingenstans"\n',
            encoding="utf-8",
        )
    remarks = list(translations.merge(path, [tmp_path / "0.po", tmp_path / "1.po"]))
    assert translations.read(path).get(known).string == "sedan"
    assert "0.po: not in the code: 'a text of no page'" in remarks
    assert f"1.po: changes {known!r}: 'först' -> 'sedan'" in remarks
    assert not [line for line in remarks if line == f"not translated: {known!r}"]
    assert "a text of no page" not in path.read_text(encoding="utf-8")


def marked_calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted((ROOT / "assistant").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else ""
                if name in ("_", "N_", "plural"):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_no_text_is_put_together_before_it_is_translated() -> None:
    """An f-string or a sum is not in any catalogue: it would always be shown in English."""
    calls = list(marked_calls())
    assert len(calls) > 100
    assert [where for where, call in calls if isinstance(call.args[0], ast.JoinedStr | ast.BinOp)] == []


def test_every_text_of_the_code_is_in_the_template(template: Catalog) -> None:
    """What the extractor does not see, such as a call within an f-string, would always be shown in English."""
    known = {form for message in template for form in (message.id if isinstance(message.id, tuple) else (message.id,))}
    missed = [
        (where, argument.value)
        for where, call in marked_calls()
        for argument in call.args[: 2 if getattr(call.func, "id", "") == "plural" else 1]
        if isinstance(argument, ast.Constant) and argument.value not in known | {""}
    ]
    assert missed == []
