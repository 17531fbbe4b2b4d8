"""Translations, by Babel: from the code to `.po` and from `.po` to `.mo`.

    python packaging/translations.py update            take new texts of the code into every .po
    python packaging/translations.py merge FILE.po...  fill the Swedish .po from files of msgid and msgstr pairs
    python packaging/translations.py compile           make the .mo files that the program reads

The `.po` files are sorted and carry neither dates, places nor names, so that two people's changes meet without
conflict and an update that changes nothing changes no byte.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "resources" / "translations"
DOMAIN = "assistant"
PROJECT = "setup-assistant"

# What marks a text: language.py's functions, and their names in the templates of practice. None means "the first
# argument is the text"; plural's first two are its forms.
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "text": None, "plural": (1, 2)}
METHODS = [("**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**.html": {"extensions": "jinja2.ext.i18n", "silent": "false"}}
HEADER = """\
# Texts of the program in this language. Made and sorted by packaging/translations.py; edit the msgstr lines alone."""


def extracted() -> Catalog:
    """Every text of the code, without translations."""
    catalogue = Catalog(project=PROJECT, domain=DOMAIN)
    found = extract_from_dir(
        ROOT / "assistant", METHODS, OPTIONS, KEYWORDS, comment_tags=["Translators:"], strip_comment_tags=True
    )
    for _file, _line, message, comments, context in found:
        if message not in ("", ("", "")):
            catalogue.add(message, auto_comments=comments, context=context)
    return catalogue


def catalogues() -> list[Path]:
    """The `.po` file of every language."""
    return sorted(TRANSLATIONS.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def read(path: Path) -> Catalog:
    """The catalogue in `path`; a mistake in the file is an exception, not a printed remark.

    Raises:
        PoFileError: the file breaks the format.
    """
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain=DOMAIN, abort_invalid=True)


def write(catalogue: Catalog, path: Path) -> bool:
    """Writes `catalogue` to `path` in its stable form and tells whether a byte changed."""
    stable = Catalog(
        locale=catalogue.locale, domain=DOMAIN, project=PROJECT, header_comment=HEADER, fuzzy=False, charset="utf-8"
    )
    for message in catalogue:
        if message.id:
            stable.add(message.id, message.string, auto_comments=message.auto_comments, context=message.context)
    out = BytesIO()
    write_po(out, stable, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    text = (
        f'{HEADER}\nmsgid ""\nmsgstr ""\n'
        f'"Language: {stable.locale_identifier}\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {stable.plural_forms}\\n"\n\n'
    ).encode() + out.getvalue()
    if path.exists() and path.read_bytes() == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    return True


def translated(message: Message) -> bool:
    """Whether every form of `message` has a text."""
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def update(path: Path, template: Catalog) -> Catalog:
    """The catalogue in `path` with exactly the texts of `template`: new ones empty, those no longer used gone.

    Nothing is guessed from similar texts: a guess marked fuzzy is a translation that nobody made.
    """
    known = {(message.context, _key(message)): message for message in read(path)} if path.exists() else {}
    catalogue = Catalog(locale=path.parent.parent.name, domain=DOMAIN)
    for message in template:
        if message.id:
            before = known.get((message.context, _key(message)))
            string = before.string if before is not None and before.pluralizable == message.pluralizable else None
            catalogue.add(message.id, string, auto_comments=message.auto_comments, context=message.context)
    return catalogue


def merge(path: Path, fragments: Iterable[Path]) -> Iterator[str]:
    """Fills `path` from the pairs of `fragments`, and yields a line for everything a person should look at.

    A text the code does not have is named and left out; of two different translations the later one counts and both
    are named.
    """
    catalogue = update(path, extracted())
    for fragment in fragments:
        with fragment.open("rb") as file:
            pairs = read_po(file, locale=catalogue.locale_identifier, domain=DOMAIN, abort_invalid=True)
        for pair in pairs:
            if not pair.id or not translated(pair):
                continue
            own = catalogue.get(_key(pair), pair.context)
            if own is None or own.pluralizable != pair.pluralizable:
                yield f"{fragment.name}: not in the code: {_key(pair)!r}"
                continue
            if translated(own) and own.string != pair.string:
                yield f"{fragment.name}: changes {_key(pair)!r}: {own.string!r} -> {pair.string!r}"
            own.string = pair.string
    write(catalogue, path)
    missing = [_key(message) for message in catalogue if message.id and not translated(message)]
    yield from (f"not translated: {text!r}" for text in missing)


def compile_all() -> list[Path]:
    """Makes the `.mo` beside every `.po` whose texts changed since; returns the `.mo` paths."""
    made = []
    for source in catalogues():
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            with BytesIO() as out:
                write_mo(out, read(source))
                target.write_bytes(out.getvalue())
        made.append(target)
    return made


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def main() -> int:
    parser = argparse.ArgumentParser(description="Translations: from the code to .po, from .po to .mo.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("update", help="take new texts of the code into every .po, drop those no longer used")
    merging = commands.add_parser("merge", help="fill the Swedish .po from files of msgid and msgstr pairs")
    merging.add_argument("fragments", nargs="+", type=Path, metavar="FILE.po")
    compiling = commands.add_parser("compile", help="make the .mo files that the program reads")
    compiling.add_argument("--quiet", action="store_true", help="say nothing")
    arguments = parser.parse_args()
    swedish = TRANSLATIONS / "sv" / "LC_MESSAGES" / f"{DOMAIN}.po"
    if arguments.command == "update":
        template = extracted()
        for path in catalogues() or [swedish]:
            catalogue = update(path, template)
            changed = write(catalogue, path)
            missing = sum(not translated(message) for message in catalogue if message.id)
            print(f"{path.relative_to(ROOT)}: {'updated' if changed else 'unchanged'}, {missing} not translated")
    elif arguments.command == "merge":
        for line in merge(swedish, arguments.fragments):
            print(line)
    else:
        for path in compile_all():
            if not arguments.quiet:
                print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
