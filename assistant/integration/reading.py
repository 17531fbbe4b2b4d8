"""Reads an integration file: from a path to an `Integration`, or to every mistake in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.integration.beside import Unfit, UnfitError, read_small
from assistant.integration.building import build
from assistant.integration.form import Form, LookTable, given
from assistant.integration.logo import MOST_BYTES, LogoError, checked_logo
from assistant.integration.mistake import Kind, Mistake
from assistant.integration.model import Integration, Logo
from assistant.integration.rules import judge
from assistant.integration.shape import read_form
from assistant.language import N_
from assistant.problems import ProblemError, stop

MOST_FILE_BYTES = 64_000
MOST_DOTS = 500  # on a line; tomllib's time grows with the square of the parts of a dotted key
DOUBLE_CLICK_ENDING = ".setupassistant"
_SHOWN = 20  # mistakes in one problem's details; `check_integration` lists all
_PLACE_IN_MESSAGE = re.compile(r"\(at line (\d+), column \d+\)")
_GRAVEST = (Kind.FOREIGN_ADDRESS, Kind.SECRET_FOR_DOUBLE_CLICK)


def read_integration(path: Path, *, opened_by_double_click: bool = False, test_server: bool = False) -> Integration:
    """The integration that the file `path` describes.

    Args:
        path: the file; one whose name ends in ".setupassistant" counts as opened by double click.
        opened_by_double_click: the operating system handed the file over, so a person may have got it by mail.
        test_server: `--test-server` stands on the command line: endpoints may be others than Fortnox's.

    Raises:
        ProblemError: FILE-02 to FILE-10. Its facts name the first mistake (`where`, `what`) and their `count`; its
            details list them, in the language of the moment.
    """
    found = _read(path, opened_by_double_click=opened_by_double_click, test_server=test_server)
    if isinstance(found, Integration):
        return found
    raise _problem(path, found)


def check_integration(
    path: Path, *, opened_by_double_click: bool = False, test_server: bool = False
) -> tuple[Mistake, ...]:
    """Every mistake in the file `path`, in reading order; empty when `read_integration` would read it."""
    found = _read(path, opened_by_double_click=opened_by_double_click, test_server=test_server)
    return () if isinstance(found, Integration) else tuple(found)


def _read(path: Path, *, opened_by_double_click: bool, test_server: bool) -> Integration | Sequence[Mistake]:
    try:
        tree = _tree(_content(path))
    except _WholeFileError as error:
        return [error.mistake]
    form, found = read_form(tree)
    if form is None:
        return found
    double_click = opened_by_double_click or path.suffix.lower() == DOUBLE_CLICK_ENDING
    places = {mistake.place for mistake in found}
    judged = judge(form, opened_by_double_click=double_click, test_server=test_server)
    mistakes = [*found, *(mistake for mistake in judged if mistake.place not in places)]
    logo = _logo(form, path.parent, mistakes)
    return mistakes or build(form, folder=path.parent, logo=logo)


class _WholeFileError(Exception):
    def __init__(self, kind: Kind, what: str, remedy: str, line: int | None = None) -> None:
        super().__init__(kind.name)
        self.mistake = Mistake(kind=kind, what=what, remedy=remedy, line=line)


def _content(path: Path) -> bytes:
    try:
        return read_small(path, most=MOST_FILE_BYTES, links=True)
    except UnfitError as error:
        reason = error.reason
    if reason is Unfit.EMPTY:
        raise _WholeFileError(Kind.EMPTY, N_("The file is empty."), N_("Get the file again from whoever sent it."))
    if reason is Unfit.TOO_LARGE:
        what = N_("The file is larger than 64 kB, so it is no integration file.")
        raise _WholeFileError(Kind.TOO_LARGE, what, N_("Choose the integration file itself."))
    if reason is Unfit.MISSING:
        what, remedy = N_("There is no such file."), N_("Check the file's name and folder.")
        raise _WholeFileError(Kind.UNREADABLE, what, remedy)
    raise _WholeFileError(Kind.UNREADABLE, reason.what, reason.remedy)


def _tree(content: bytes) -> dict[str, Any]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        what = N_("The file is not plain text in UTF-8.")
        raise _WholeFileError(Kind.NOT_TEXT, what, N_("Save it as UTF-8 in a text editor, or get it again."))
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MOST_DOTS and not line.lstrip().startswith("#"):
            what, remedy = N_("The line has far too many full stops."), N_("Divide the line, or get the file again.")
            raise _WholeFileError(Kind.SYNTAX, what, remedy, number)
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _syntax(error) from None
    if not tree:
        what, remedy = N_("The file has remarks only."), N_("Get the file again from whoever sent it.")
        raise _WholeFileError(Kind.EMPTY, what, remedy)
    return tree


def _syntax(error: Exception) -> _WholeFileError:
    """tomllib's message, which is for programmers, as a sentence; its line is kept and its excerpt is not."""
    message = str(error)
    position = _PLACE_IN_MESSAGE.search(message)
    if "overwrite" in message or "twice" in message or "mutate" in message:
        what, remedy = N_("A key or a table stands in the file twice."), N_("Take one of the two away.")
    elif "nterminated" in message or "Illegal character '\\n'" in message:
        what, remedy = N_("A text does not end."), N_("Add the missing quotation mark.")
    else:
        what = N_("This cannot be read as TOML.")
        remedy = N_("Look for a missing quotation mark, bracket or equals sign on this line.")
    return _WholeFileError(Kind.SYNTAX, what, remedy, int(position[1]) if position else None)


def _logo(form: Form, folder: Path, mistakes: list[Mistake]) -> Logo | None:
    look: LookTable | None = given(form.look)
    name: str | None = given(look.logo) if look is not None else None
    if name is None:
        return None
    try:
        return checked_logo(read_small(folder / name, most=MOST_BYTES))
    except UnfitError as error:
        what, remedy = error.reason.value
    except LogoError as error:
        what, remedy = error.fault
    mistakes.append(Mistake(place=("look", "logo"), kind=Kind.LOGO, what=what, remedy=remedy))
    return None


def _problem(path: Path, mistakes: Sequence[Mistake]) -> ProblemError:
    """The problem for `mistakes`: the gravest decides the code, because it decides what the person must not do."""
    kinds = {mistake.kind for mistake in mistakes}
    grave = next((kind for kind in _GRAVEST if kind in kinds), None)
    kind = grave or (mistakes[0].kind if len(kinds) == 1 else Kind.CONTENT)
    first = next(mistake for mistake in mistakes if mistake.kind is kind)
    details: dict[str, object] = {mistake.where(): mistake.text() for mistake in mistakes[:_SHOWN]}
    return stop(
        kind.value,
        details,
        file=path.name[:100],
        count=str(len(mistakes)),
        where=first.where(),
        what=first.text(),
    )
