"""Reads a unit file as systemd does, by systemd.syntax(7) and systemd.service(5); of its own making, to test ours.

Only what a unit of ours may use is read; anything else is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ESCAPES = {"\\": "\\", '"': '"', "'": "'", "n": "\n", "t": "\t", "s": " "}


@dataclass(frozen=True)
class Started:
    """What a service starts."""

    words: list[str]
    folder: str | None
    environment: dict[str, str]


def sections(text: str) -> dict[str, list[tuple[str, str]]]:
    """The assignments of each section, in order."""
    found: dict[str, list[tuple[str, str]]] = {}
    here: list[tuple[str, str]] | None = None
    for line in text.split("\n"):
        assert not line.endswith("\\"), "the line would go on on the next"
        line = line.strip(" \t")
        if not line or line[0] in "#;":
            continue
        if line[0] == "[":
            assert line[-1] == "]"
            here = found.setdefault(line[1:-1], [])
            continue
        assert here is not None
        key, equals, value = line.partition("=")
        assert equals
        here.append((key.strip(), value.strip(" \t")))
    return found


def started(text: str) -> Started:
    """What the service in `text` starts."""
    service = sections(text)["Service"]
    commands = [value for key, value in service if key == "ExecStart"]
    assert len(commands) == 1
    first, *rest = words(commands[0])
    assert first.startswith(":/"), "with the colon no variable is filled in; the path is absolute"
    assert not re.search(r"['\"\\]", first), "systemd refuses such a program"
    folders = [specifiers(value) for key, value in service if key == "WorkingDirectory"]
    assert all(folder.startswith("/") for folder in folders)
    pairs = [word.partition("=") for key, value in service if key == "Environment" for word in words(value)]
    return Started([first[1:], *rest], folders[-1] if folders else None, {name: value for name, _, value in pairs})


def words(value: str) -> list[str]:
    """The words of a command line or list: quotes taken off, escapes and specifiers undone."""
    found: list[str] = []
    word: list[str] | None = None
    quote = ""
    characters = iter(value)
    for character in characters:
        if character == "\\":
            escaped = next(characters)
            word = [*(word or []), _ESCAPES[escaped]]
        elif quote:
            if character == quote:
                quote = ""
            else:
                word = [*(word or []), character]
        elif character in "\"'":
            quote, word = character, word or []
        elif character in " \t":
            if word is not None:
                found.append("".join(word))
            word = None
        else:
            word = [*(word or []), character]
    assert not quote
    if word is not None:
        found.append("".join(word))
    return [specifiers(each) for each in found]


def specifiers(word: str) -> str:
    """`word` with `%%` undone; a specifier of systemd's is an error here."""
    assert not re.search(r"%[^%]|%$", word.replace("%%", "")), word
    return word.replace("%%", "%")
