"""The kinds of value that a journal can hold. There are no others, and none of them is free text.

Each kind writes a value for a line of JSON and says whether what was read is one. What is no value of its kind is
written as nothing: a slip elsewhere must neither stop the program nor put a stranger's text into the journal.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import CodeType, TracebackType
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlsplit

from assistant.integration.address import is_host
from assistant.journey import Wish, wishes
from assistant.language import languages
from assistant.problems import CATALOGUE
from assistant.problems.model import CODE

Written = str | int | float | bool | None

MOST: Final = 1_000_000
"""Counts and seconds above this are written as this."""

_MODULE: Final = r"[A-Za-z_][\w.]{0,99}"
_FUNCTION: Final = r"[\w.<>]{1,120}"
_TOP_LEVEL: Final = re.compile(r"[a-z]{2,18}|xn--[a-z0-9]{1,40}")


class Parameter(Enum):
    """Names of query parameters that mean something in a sign-in. Any other is counted, not named."""

    CODE = "code"
    STATE = "state"
    ERROR = "error"
    ERROR_DESCRIPTION = "error_description"
    ERROR_URI = "error_uri"
    CLIENT_ID = "client_id"
    REDIRECT_URI = "redirect_uri"
    RESPONSE_TYPE = "response_type"
    RESPONSE_MODE = "response_mode"
    SCOPE = "scope"
    ACCESS_TYPE = "access_type"
    ACCOUNT_TYPE = "account_type"
    CODE_CHALLENGE = "code_challenge"
    CODE_CHALLENGE_METHOD = "code_challenge_method"
    SESSION_STATE = "session_state"
    ISS = "iss"
    LANG = "lang"
    PROMPT = "prompt"


class Count(int):
    """How many, or the number of something; 0 to `MOST`."""


class Seconds(float):
    """How long, to a tenth; 0 to `MOST`."""


@dataclass(frozen=True, slots=True)
class Code:
    """The code of a problem in the catalogue.

    Raises:
        ValueError: there is no such problem.
    """

    text: str

    def __post_init__(self) -> None:
        if self.text not in CATALOGUE:
            raise ValueError("not a code of the catalogue")


@dataclass(frozen=True, slots=True)
class SupportCode:
    """The support code of an attempt, such as K7P-4M2.

    Raises:
        ValueError: it has another form.
    """

    text: str

    def __post_init__(self) -> None:
        if not _SUPPORT_CODE.fullmatch(self.text):
            raise ValueError("not a support code")


_SUPPORT_CODE: Final = re.compile(r"[2-9A-Z]{3}-[2-9A-Z]{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Version:
    """A version as numbers: at most four, each below 100,000."""

    numbers: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Version | None:
        """The version that `text` is or begins with ("6.12.0", "3.13.1+"); None where that is none."""
        found = re.match(r"\d{1,5}(?:\.\d{1,5}){0,3}(?!\d)", text, re.ASCII)
        return cls(tuple(int(part) for part in found[0].split("."))) if found else None

    def __str__(self) -> str:
        return ".".join(map(str, self.numbers))


@dataclass(frozen=True, slots=True)
class Host:
    """Scheme and host of an address, and nothing else of it: no user, port, path, query or fragment.

    Raises:
        ValueError: scheme or host is not written as one.
    """

    scheme: str
    name: str

    def __post_init__(self) -> None:
        if self.scheme not in ("https", "http") or not _is_plain_host(self.name):
            raise ValueError("not a scheme and host")

    @classmethod
    def of(cls, address: str) -> Host | None:
        """What of `address` may be known; None where it is no web address."""
        try:
            parts = urlsplit(address)
            return cls(parts.scheme.lower(), (parts.hostname or "").lower())
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.scheme}://{self.name}"


def _is_plain_host(name: str) -> bool:
    """A name with a top level, an address, or localhost. A long label of digits and letters is more like a token."""
    if not name.isascii() or not is_host(name):
        return False
    if name == "localhost" or ":" in name or name.replace(".", "").isdigit():
        return True
    labels = name.split(".")
    return len(labels) > 1 and len(name) <= 120 and bool(_TOP_LEVEL.fullmatch(labels[-1]))


@dataclass(frozen=True, slots=True)
class Parameters:
    """Which parameters a query had: the known ones by name, the rest by number. Never a value."""

    known: frozenset[Parameter] = frozenset()
    others: int = 0

    @classmethod
    def of(cls, address: str) -> Parameters:
        """The parameters of `address`."""
        try:
            names = [name for name, _ in parse_qsl(urlsplit(address).query, keep_blank_values=True)]
        except ValueError:
            return cls()
        all_known = {each.value: each for each in Parameter}
        return cls(
            frozenset(all_known[name] for name in names if name in all_known),
            sum(name not in all_known for name in names),
        )

    def __str__(self) -> str:
        names = sorted(each.value for each in self.known)
        return " ".join([*names, *([f"+{min(self.others, MOST)}"] if self.others else [])])


@dataclass(frozen=True, slots=True)
class WishName:
    """What the journey wished for, by the name of its type.

    Raises:
        ValueError: there is no such wish.
    """

    text: str

    def __post_init__(self) -> None:
        if self.text not in wish_names():
            raise ValueError("not a wish of the journey")


@cache
def wish_names() -> frozenset[str]:
    """Every wish, and "GiveBack", which follows a store and is no wish of its own."""
    own = {name for name, kind in vars(wishes).items() if isinstance(kind, type) and issubclass(kind, Wish)}
    return frozenset(own | {"GiveBack"})


@dataclass(frozen=True, slots=True)
class FaultKind:
    """The type of an exception; its text is never looked at."""

    kind: type[BaseException]

    def __str__(self) -> str:
        kind: object = self.kind  # whatever the type checker believes
        name = kind.__name__ if isinstance(kind, type) and issubclass(kind, BaseException) else ""
        return name if name.isidentifier() and len(name) <= 80 else "other"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the code something happened.

    Attributes:
        module: named only if it is loaded, so that no other text can stand here.
        line: of the file.
        code: of the function; None where only the module is known.
    """

    module: str
    line: int
    code: CodeType | None = None

    @classmethod
    def of(cls, traceback: TracebackType | None) -> Place | None:
        """The innermost place of `traceback`."""
        if traceback is None:
            return None
        while traceback.tb_next is not None:
            traceback = traceback.tb_next
        frame = traceback.tb_frame
        return cls(str(frame.f_globals.get("__name__", "")), traceback.tb_lineno, frame.f_code)

    def __str__(self) -> str:
        function = self.code.co_qualname if isinstance(self.code, CodeType) else "<module>"
        if not re.fullmatch(_FUNCTION, function, re.ASCII):
            function = "<other>"
        return f"{loaded(self.module)}:{function}:{_Number().write(self.line) or 0}"


@dataclass(frozen=True, slots=True)
class LoggerName:
    """The name of a logger, as far as a module of that name is loaded."""

    name: str

    def __str__(self) -> str:
        return loaded(self.name)


def loaded(name: object) -> str:
    """The longest beginning of the dotted `name` that is a module in this process; "other" where there is none."""
    parts = name.split(".")[:12] if isinstance(name, str) else []
    for length in range(len(parts), 0, -1):
        candidate = ".".join(parts[:length])
        if candidate in sys.modules and re.fullmatch(_MODULE, candidate, re.ASCII):
            return candidate
    return "other"


@dataclass(frozen=True, slots=True)
class LanguageCode:
    """A language of the program.

    Raises:
        ValueError: there is none of that code.
    """

    text: str

    def __post_init__(self) -> None:
        if self.text not in languages():
            raise ValueError("not a language of the program")


class Kind(Protocol):
    """One kind of field."""

    def write(self, value: Any) -> Written:
        """`value` for a line of JSON; None where it is no value of this kind."""

    def reads(self, value: object) -> bool:
        """Whether `value`, from a line of JSON, is one of this kind."""


def _bounded(number: int) -> int:
    return max(0, min(int(number), MOST))


class _Yes:
    def write(self, value: Any) -> Written:
        return value if isinstance(value, bool) else None

    def reads(self, value: object) -> bool:
        return isinstance(value, bool)


class _Number:
    def write(self, value: Any) -> Written:
        return _bounded(value) if isinstance(value, int) and not isinstance(value, bool) else None

    def reads(self, value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST


class _Time:
    def write(self, value: Any) -> Written:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return round(max(0.0, min(float(value), float(MOST))), 1) if math.isfinite(value) else None

    def reads(self, value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST


class _Day:
    def write(self, value: Any) -> Written:
        return date(value.year, value.month, value.day).isoformat() if isinstance(value, date) else None

    def reads(self, value: object) -> bool:
        return isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII))


class _Text:
    """A kind whose values know their own text, which has a form that can be checked when it is read."""

    def __init__(self, kind: type, form: str) -> None:
        self._kind, self._form = kind, re.compile(form, re.ASCII)

    def write(self, value: Any) -> Written:
        if not isinstance(value, self._kind):
            return None
        try:
            text = str(getattr(value, "text", value))
        except Exception:  # noqa: BLE001 - made of what it must not be made of; then it has no text
            return None
        return text if self._form.fullmatch(text) else None

    def reads(self, value: object) -> bool:
        return isinstance(value, str) and bool(self._form.fullmatch(value))


class _Choice:
    """One of an enum's values."""

    def __init__(self, kind: type[Enum]) -> None:
        self._kind = kind
        self._values = {each.value for each in kind}

    def write(self, value: Any) -> Written:
        return str(value.value) if isinstance(value, self._kind) else None

    def reads(self, value: object) -> bool:
        return isinstance(value, str) and value in self._values


_NAMES: Final = "|".join(re.escape(each.value) for each in Parameter)

KINDS: Final[Mapping[type, Kind]] = {
    bool: _Yes(),
    Count: _Number(),
    Seconds: _Time(),
    date: _Day(),
    Code: _Text(Code, CODE.pattern),
    SupportCode: _Text(SupportCode, _SUPPORT_CODE.pattern),
    Version: _Text(Version, r"\d{1,5}(\.\d{1,5}){0,3}"),
    Host: _Text(Host, r"https?://[a-z0-9._:-]{1,253}"),
    Parameters: _Text(Parameters, rf"(?:(?:{_NAMES})(?: (?:{_NAMES}))*)?(?: ?\+\d{{1,7}})?"),
    WishName: _Text(WishName, r"[A-Z][A-Za-z]{1,40}"),
    FaultKind: _Text(FaultKind, r"[A-Za-z_]\w{0,79}"),
    Place: _Text(Place, rf"{_MODULE}:{_FUNCTION}:\d{{1,7}}"),
    LoggerName: _Text(LoggerName, _MODULE),
    LanguageCode: _Text(LanguageCode, r"[a-z]{2,3}(-[A-Za-z]{2,4})?"),
}
"""Every kind of field but the enums, which are kinds by themselves."""


def kind_of(field: type) -> Kind:
    """The kind of a field that is declared as `field`.

    Raises:
        TypeError: fields of this type are not allowed.
    """
    if field in KINDS:
        return KINDS[field]
    kind: object = field
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _choice(kind)
    raise TypeError(f"{field!r} is no kind of field that a journal may have")


@cache
def _choice(kind: type[Enum]) -> Kind:
    return _Choice(kind)
