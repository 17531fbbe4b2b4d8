"""Finds every mistake of shape in the tree a TOML file gives: unknown and missing keys, wrong types, unfit values.

msgspec says whether a value fits its type and stops at the first that does not. Here each value is tried by itself, so
that all mistakes are found in one reading, each with its place and with words for people instead of for programmers.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterable
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

import msgspec
from msgspec import UNSET, UnsetType

from assistant.fortnox.scopes import SCOPES
from assistant.integration.form import NEWEST_SCHEMA, Form
from assistant.integration.mistake import Mistake, Place, shown_key
from assistant.integration.values import ScopeName
from assistant.language import N_

MOST_MISTAKES = 100
MOST_ENTRIES = 100
Table = TypeVar("Table", bound=msgspec.Struct)
_SECRET_KEYS = {"secret", "client_secret", "clientsecret", "password", "key", "token"}


class _EnoughError(Exception):
    """So much is wrong that listing more helps nobody and would take long."""


class _Found(list[Mistake]):
    def append(self, mistake: Mistake) -> None:
        super().append(mistake)
        if len(self) >= MOST_MISTAKES:
            raise _EnoughError


def read_form(tree: dict[str, Any]) -> tuple[Form | None, list[Mistake]]:
    """The form of `tree` and the mistakes of shape in it, at most `MOST_MISTAKES`.

    Where there are mistakes, what did not fit is `UNSET` in the form, so that the rest can still be judged; with
    `MOST_MISTAKES` there is no form.
    """
    found = _Found()
    try:
        return _read(tree, found), found
    except _EnoughError:
        return None, found


def _read(tree: dict[str, Any], found: _Found) -> Form:
    version = tree.get("schema")
    if type(version) is int and version > NEWEST_SCHEMA:
        found.append(
            Mistake(
                place=("schema",),
                what=N_("The file is written for a newer version of this program."),
                remedy=N_("Install the newest version of the program, or set schema = 1."),
            )
        )
        tree = {**tree, "schema": NEWEST_SCHEMA}
    return _table(Form, tree, (), found)


def _table(kind: type[Table], tree: dict[str, Any], place: Place, found: _Found) -> Table:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key in tree:
        if key not in fields:
            found.append(_unknown(key, fields, place))
    values: dict[str, Any] = {}
    for key, field in fields.items():
        here = (*place, key)
        if key in tree:
            values[field.name] = _value(field.type, tree[key], here, found)
            continue
        values[field.name] = UNSET
        if field.required:
            found.append(_missing(field.type, here))
    return kind(**values)


def _value(kind: Any, value: Any, place: Place, found: _Found) -> Any:
    bare, rules = _taken_apart(kind)
    origin = get_origin(bare)
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        if not isinstance(value, dict):
            found.append(_not_a_table(place))
            return UNSET
        return _table(bare, value, place, found)
    if origin is list:
        return _list(get_args(bare)[0], value, place, found)
    if origin is dict:
        key_kind, kept_kind = get_args(bare)
        return _mapping(key_kind, kept_kind, value, place, found)
    fault = _fault(kind, bare, rules, value, place)
    if fault is None:
        return value
    found.append(fault)
    return UNSET


def _list(kind: Any, value: Any, place: Place, found: _Found) -> Any:
    if not isinstance(value, list):
        what, remedy = N_("Here a list belongs."), N_('Write texts between square brackets: ["one", "two"].')
        found.append(Mistake(place=place, what=what, remedy=remedy))
        return UNSET
    if not value:
        what, remedy = N_("The list is empty."), N_("Write at least one entry, or take the key away.")
        found.append(Mistake(place=place, what=what, remedy=remedy))
        return UNSET
    if len(value) > MOST_ENTRIES:
        what, remedy = N_("The list is too long."), N_("Write at most {most} entries.")
        found.append(Mistake(place=place, what=what, remedy=remedy, facts={"most": str(MOST_ENTRIES)}))
        return UNSET
    entries = []
    for index, entry in enumerate(value):
        here = (*place, index)
        read = _value(kind, entry, here, found)
        if read is not UNSET and read in entries:
            what, remedy = N_("This stands in the list already."), N_("Take one of the two away.")
            found.append(Mistake(place=here, what=what, remedy=remedy))
        entries.append(read)
    return UNSET if UNSET in entries else entries  # half a list would seem to lack what was only misspelt


def _mapping(key_kind: Any, kind: Any, value: Any, place: Place, found: _Found) -> Any:
    if not isinstance(value, dict):
        found.append(_not_a_table(place))
        return UNSET
    if not value and len(place) > 1:
        what, remedy = N_("The table is empty."), N_("Write at least one entry, or take the key away.")
        found.append(Mistake(place=place, what=what, remedy=remedy))
        return UNSET
    kept = {}
    bare, rules = _taken_apart(key_kind)
    for key, entry in value.items():
        here = (*place, key)
        fault = _fault(key_kind, bare, rules, key, here)
        if fault is not None:
            found.append(fault)
            continue
        read = _value(kind, entry, here, found)
        if read is not UNSET:
            kept[key] = read
    return kept


def _fault(kind: Any, bare: Any, rules: dict[str, Any], value: Any, place: Place) -> Mistake | None:
    try:
        msgspec.convert(value, kind, strict=True)
    except msgspec.ValidationError:
        if get_origin(bare) is Literal:
            return _not_one_of(get_args(bare), value, place)
        if bare is bool:
            what, remedy = N_("Here true or false belongs."), N_("Write true or false, without quotation marks.")
        elif not isinstance(value, str):
            what, remedy = N_("Here a text belongs."), N_('Write one text between quotation marks: "like this".')
        else:
            what, remedy = rules["fault"]
    else:
        check = rules.get("check")
        fault = check(value) if check else None
        if fault is None:
            return None
        what, remedy = fault
    guess = _nearest(value, SCOPES) if kind is ScopeName and isinstance(value, str) else None
    if guess:
        return Mistake(place=place, what=what, remedy=N_("Did you mean {guess}?"), facts={"guess": guess})
    return Mistake(place=place, what=what, remedy=remedy)


def _not_one_of(words: tuple[object, ...], value: object, place: Place) -> Mistake:
    texts = [word for word in words if isinstance(word, str)]
    guess = _nearest(value, texts) if isinstance(value, str) else None
    if guess:
        remedy, facts = N_("Did you mean {guess}?"), {"guess": guess}
    else:
        shown = [f'"{word}"' if isinstance(word, str) else str(word) for word in words]
        remedy, facts = N_("Write one of: {words}."), {"words": ", ".join(shown)}
    return Mistake(place=place, what=N_("This value is not known here."), remedy=remedy, facts=facts)


def _not_a_table(place: Place) -> Mistake:
    return Mistake(
        place=place,
        what=N_("Here a table belongs."),
        remedy=N_("Write a table: [name] on a line of its own, or {example} in one line."),
        facts={"example": '{ sv = "…", en = "…" }'},
    )


def _unknown(key: str, known: Iterable[str], place: Place) -> Mistake:
    what = N_("This key is not known.")
    here = (*place, key)
    if key.lower().replace("-", "_") in _SECRET_KEYS:
        return Mistake(
            place=here,
            what=what,
            remedy=N_("A secret never stands in this file. Take it away, and make a new client secret at Fortnox."),
        )
    guess = _nearest(key, known)
    if guess:
        return Mistake(place=here, what=what, remedy=N_("Did you mean {guess}?"), facts={"guess": guess})
    names = ", ".join(known)
    return Mistake(place=here, what=what, remedy=N_("Take it away. Here may stand: {names}."), facts={"names": names})


def _missing(kind: Any, place: Place) -> Mistake:
    bare, _ = _taken_apart(kind)
    key = shown_key(place[-1])
    if place == ("client_secret",):
        remedy = N_('Write [client_secret] on a line of its own and under it from = "relay".')
    elif place == ("schema",):
        remedy = N_("Write schema = 1 as the first line of the file.")
    elif isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        remedy = N_("Write [{key}] on a line of its own and its keys under it.")
    else:
        remedy = N_("Write a line that starts with: {key} =")
    what = N_("This is missing.")
    return Mistake(place=place, what=what, remedy=remedy, facts={"key": key})


def _nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` is most likely a slip for; long words are no slip, and would take long to compare."""
    if len(word) > 60:
        return None
    return next(iter(difflib.get_close_matches(word.strip().lower(), list(known), n=1, cutoff=0.6)), None)


def _taken_apart(kind: Any) -> tuple[Any, dict[str, Any]]:
    """The type without what may be left out and without its `Meta`, and what `Meta` says for people."""
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(part for part in get_args(kind) if part is not UnsetType)
    rules: dict[str, Any] = {}
    if get_origin(kind) is Annotated:
        kind, *notes = get_args(kind)
        for note in notes:
            rules |= cast("dict[str, Any]", note.extra or {})
    return kind, rules
