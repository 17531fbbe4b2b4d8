"""One mistake in an integration file: where it stands, what it is and how to put it right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from assistant.language import N_, Language, current

TABLES = ("integration", "client_secret", "relay", "why", "support", "look", "browser", "endpoints")
Step = str | int
Place = tuple[Step, ...]  # ("integration", "scopes", 2): the third entry of `scopes` in [integration]

_AT_LINE = N_("line {line}")
_AT_END = N_("the end of the file")
_WHOLE_FILE = N_("the whole file")


class Kind(Enum):
    """What sort of mistake it is; the value is the code of the problem that a file with it ends in."""

    CONTENT = "FILE-07"
    FOREIGN_ADDRESS = "FILE-08"  # the file would send people, or the client secret, elsewhere than to Fortnox
    SECRET_FOR_DOUBLE_CLICK = "FILE-09"  # noqa: S105 - a code
    LOGO = "FILE-10"
    UNREADABLE = "FILE-02"
    NOT_TEXT = "FILE-03"
    TOO_LARGE = "FILE-04"
    EMPTY = "FILE-05"
    SYNTAX = "FILE-06"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake.

    Attributes:
        place: table, key and index; empty where the file as a whole, or its syntax, is meant.
        line: line from 1, where the syntax itself is broken; None otherwise or at the end of the file.
        what: message id of what is wrong.
        remedy: message id of how to put it right.
        facts: values for the placeholders of both. Never a value that could be a secret.
    """

    what: str
    remedy: str
    place: Place = ()
    line: int | None = None
    kind: Kind = Kind.CONTENT
    facts: Mapping[str, str] = field(default_factory=dict)

    def where(self, language: Language | None = None) -> str:
        """Where it stands: "[integration] scopes[2]", counted from 0 as programs do, or "line 12"."""
        speak = language or current()
        if self.place:
            return place_text(self.place)
        if self.line is not None:
            return speak.text(_AT_LINE, line=self.line)
        return speak.text(_AT_END if self.kind is Kind.SYNTAX else _WHOLE_FILE)

    def text(self, language: Language | None = None) -> str:
        """What is wrong and how to put it right, as two sentences."""
        speak = language or current()
        return f"{speak.text(self.what, **self.facts)} {speak.text(self.remedy, **self.facts)}"


def place_text(place: Place) -> str:
    """`place` as the person finds it in the file: the table in brackets, then key and index."""
    table, *keys = place
    if not keys:
        return f"[{table}]" if table in TABLES else shown_key(table)
    text = f"[{shown_key(table)}] "
    for number, key in enumerate(keys):
        if isinstance(key, int):
            text += f"[{key}]"
        else:
            text += ("." if number else "") + shown_key(key)
    return text


def shown_key(key: Step) -> str:
    """A key as it may be shown: plain keys as they are, others shortened and without anything that could mislead."""
    plain = "".join(sign if sign.isascii() and sign.isprintable() else "?" for sign in str(key))
    return plain if len(plain) <= 40 else plain[:39] + "~"
