"""gettext for all rooms: window, command line, practice pages and support file speak through this one mechanism.

Texts in the code are English and are their own message ids; each other language is one `.po` file under
`resources/translations/<code>/LC_MESSAGES/assistant.po`, compiled to `.mo` by `packaging/start.py` and the build.
Placeholders are named and filled with `str.format`, never with f-strings, which no catalogue can match.
"""

from __future__ import annotations

import gettext
import locale
import os
import string
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from assistant.resources import resource

DOMAIN = "assistant"
SOURCE = "en"


def N_(message: str) -> str:  # noqa: N802 - gettext's customary name, which the extractor knows
    """Marks `message` for translation where it is written; it is translated later, where it is shown."""
    return message


def placeholders(message: str) -> frozenset[str]:
    """The names between braces in `message`; a message that `str.format` cannot read has none."""
    try:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(message) if name)
    except ValueError:
        return frozenset()


@dataclass(frozen=True, slots=True)
class Language:
    """One language: `code` as in BCP 47 ("sv", "en") and its translations."""

    code: str
    _catalogue: gettext.NullTranslations = field(repr=False, compare=False, default_factory=gettext.NullTranslations)

    def text(self, message: str, /, **values: object) -> str:
        """`message` in this language with its placeholders filled; an empty message stays empty.

        A translation that names other placeholders than its source is refused and the source is shown instead:
        a slip in a `.po` file must not break the window.
        """
        if not message:
            return ""
        translated = self._catalogue.gettext(message)
        if placeholders(translated) - placeholders(message):
            translated = message
        return translated.format(**values) if values else translated

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """The form for `count`, which is also filled in as `{count}`."""
        translated = self._catalogue.ngettext(one, many, count)
        if placeholders(translated) - placeholders(many):
            translated = one if count == 1 else many
        return translated.format(count=count, **values)

    def pick(self, texts: Mapping[str, str]) -> str:
        """The vendor's own text in this language, else in English, Swedish or whatever there is; "" when none."""
        for code in (self.code, "en", "sv"):
            if code in texts:
                return texts[code]
        return next(iter(texts.values()), "")


@cache
def languages() -> tuple[str, ...]:
    """The codes that can be chosen: Swedish first, since most users are Swedish, then the rest by code."""
    folder = resource("translations")
    found = {SOURCE} | {path.parent.parent.name for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")}
    found |= {path.parent.parent.name for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return tuple(sorted(found, key=lambda code: (code != "sv", code)))


@cache
def language(code: str) -> Language:
    """The language `code`, or English when there is no such translation."""
    if code == SOURCE or code not in languages():
        return Language(SOURCE)
    return Language(code, gettext.translation(DOMAIN, resource("translations"), [code], fallback=True))


def system_language(environ: Mapping[str, str] = os.environ) -> str:
    """The code of the operating system's language when there is a translation for it, else "en".

    gettext's own variables come first, in its order; then what the system says.
    """
    wishes = [
        part for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG") for part in environ.get(name, "").split(":")
    ]
    wishes = [wish for wish in wishes if wish and wish not in ("C", "POSIX") and not wish.startswith("C.")]
    if not wishes:
        wishes = [_native_language() or ""]
    for wish in wishes:
        code = wish.replace("-", "_").split("_")[0].split(".")[0].lower()
        if code in languages():
            return code
        if code in ("no", "nb", "nn", "da") and "sv" in languages():
            return "sv"  # a neighbour reads Swedish more easily than English
    return SOURCE


def _native_language() -> str | None:
    if sys.platform == "win32":
        import ctypes

        number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return locale.windows_locale.get(number)
    if sys.platform == "darwin":
        import subprocess

        found = subprocess.run(
            ["/usr/bin/defaults", "read", "-g", "AppleLocale"],
            capture_output=True,
            text=True,
            timeout=2,
            check=False,
            env={},  # a client secret may still be in ours
        )
        return found.stdout.strip() or None
    return None


_current = Language(SOURCE)


def current() -> Language:
    """The language the window or the command speaks now."""
    return _current


def use(code: str) -> Language:
    """Makes `code` the language of this process and returns it."""
    global _current
    _current = language(code)
    return _current


def _(message: str, /, **values: object) -> str:
    """`message` in the current language."""
    return _current.text(message, **values)


def plural(one: str, many: str, count: int, /, **values: object) -> str:
    """The form for `count` in the current language."""
    return _current.plural(one, many, count, **values)
