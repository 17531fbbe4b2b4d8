"""The kinds of value an integration file has: the pattern, limits and check of each, and what to write instead.

Each is a text type for msgspec. The pattern and the limits also stand in the JSON Schema. Beside them `Meta.extra` has
two things for people and programs here: "fault", what a person is told when the value does not fit; and "check", which
says what no pattern can (whether a host is one, whether a scope exists).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Annotated

from msgspec import Meta

from assistant.fortnox.scopes import SCOPES
from assistant.integration import address
from assistant.integration.address import LONGEST, is_host
from assistant.language import N_

END = r"(?![\s\S])"  # the very end; "$" would let a line break through before it
# No control, format, bidirectional or invisible characters: a name must not be able to look like another's.
_PLAIN = r"[^\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
_PLAIN += r"\u2028-\u202e\u2060-\u206f\u2800\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
_EDGE = _PLAIN + r"\s]"
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
PLAIN_TEXT = "^" + _EDGE + "(" + _PLAIN + "]*" + _EDGE + ")?" + END

_UNPLAIN = N_("The text is empty, too long, has more than one line or has signs that cannot be seen.")
_NO_SCOPE = (
    N_("This is no scope of Fortnox."),
    N_("Write the scope as Fortnox does, in lower case, one scope in each text."),
)
_NO_HOST = (
    N_("This is not a plain host name."),
    N_("Write the host alone, such as fortnox.se, without https, port, path or asterisk."),
)
# What Windows keeps for devices, whatever ending follows (Microsoft, "Naming files, paths and namespaces").
DEVICES = {"con", "prn", "aux", "nul", "clock$", "conin$", "conout$"}
DEVICES |= {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}

Fault = tuple[str, str]  # what is wrong, how to mend it: two message ids


def _rule(
    *,
    pattern: str,
    longest: int,
    what: str,
    remedy: str,
    example: str,
    check: Callable[[str], Fault | None] | None = None,
) -> Meta:
    """A text's rule: the pattern also stands in the JSON Schema; `check` says what no pattern can."""
    extra = {"fault": (what, remedy), "check": check}
    return Meta(min_length=1, max_length=longest, pattern=pattern, examples=[example], extra=extra)


def _check_plain(text: str) -> Fault | None:
    if any(unicodedata.category(sign) in _UNSEEN for sign in text):
        return _UNPLAIN, N_("Write the text again by hand instead of pasting it.")
    return None


def _check_file_name(name: str) -> Fault | None:
    if name.partition(".")[0].rstrip().lower() in DEVICES or name != name.rstrip(" .") or ".." in name:
        return (
            N_("Windows cannot have a file of this name."),
            N_("Choose another name, such as logo.svg."),
        )
    return None


def _check_app_id(name: str) -> Fault | None:
    if DEVICES & set(name.split(".")):
        return (
            N_("A part of this name belongs to Windows, which cannot have such a file."),
            N_("Choose another word for that part, such as stock."),
        )
    return None


def _check_host(host: str) -> Fault | None:
    return None if is_host(host) else _NO_HOST


def _check_scope(name: str) -> Fault | None:
    return None if name in SCOPES else _NO_SCOPE


def _plain(longest: int, remedy: str, example: str) -> Meta:
    return _rule(
        pattern=PLAIN_TEXT,
        longest=longest,
        what=_UNPLAIN,
        remedy=remedy,
        example=example,
        check=_check_plain,
    )


Name = Annotated[
    str, _plain(60, N_("Write one line of 1 to 60 characters, without space before or after."), "Lagerkoll")
]
Sentence = Annotated[
    str,
    _plain(
        300,
        N_("Write one line of 1 to 300 characters, without space before or after."),
        "Lagerkoll reads the articles to show stock.",
    ),
]
Address = Annotated[
    str,
    _rule(
        pattern=r"^https?://[^\s\\]+" + END,
        longest=LONGEST,
        what=N_("This is not a whole address."),
        remedy=N_("Write it like https://example.se/page."),
        example="https://lagerkoll.example/login",
        check=address.fault,
    ),
]
AppId = Annotated[
    str,
    _rule(
        pattern=r"^[a-z][a-z0-9]*(\.[a-z0-9]+(-[a-z0-9]+)*)+" + END,
        longest=100,
        what=N_("This is not a reversed domain name."),
        remedy=N_("Write your domain backwards, then the name: se.example.stock. Use a-z, 0-9, hyphen and full stop."),
        example="se.exempelbolaget.lagerkoll",
        check=_check_app_id,
    ),
]
ClientId = Annotated[
    str,
    _rule(
        pattern=r"^[A-Za-z0-9._~-]+" + END,
        longest=128,
        what=N_("This does not look like a client id."),
        remedy=N_("Copy the Client ID from Fortnox's developer portal. It has letters and digits only."),
        example="8VurtMGDTeAI",
    ),
]
ScopeName = Annotated[
    str,
    _rule(
        pattern=r"^[a-z]+" + END,
        longest=40,
        what=_NO_SCOPE[0],
        remedy=_NO_SCOPE[1],
        example="companyinformation",
        check=_check_scope,
    ),
]
LanguageCode = Annotated[
    str,
    _rule(
        pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?" + END,
        longest=12,
        what=N_("This is not a language code."),
        remedy=N_("Use a code such as sv or en."),
        example="sv",
    ),
]
Variable = Annotated[
    str,
    _rule(
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*" + END,
        longest=100,
        what=N_("This is not the name of an environment variable."),
        remedy=N_("Use letters, digits and underscore, such as LAGERKOLL_SECRET."),
        example="LAGERKOLL_SECRET",
    ),
]
FileName = Annotated[
    str,
    _rule(
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9._ -]*" + END,
        longest=100,
        what=N_("This is not a plain file name."),
        remedy=N_("Put the file beside this one and write its name only. Use a-z, 0-9, hyphen and full stop."),
        example="logo.svg",
        check=_check_file_name,
    ),
]
Phone = Annotated[
    str,
    _rule(
        pattern=r"^\+?(?=(?:[^0-9]*[0-9]){5,15}[^0-9]*" + END + r")[0-9(][0-9() /-]*[0-9]" + END,
        longest=30,
        what=N_("This is not a telephone number."),
        remedy=N_("Write it with digits and spaces, such as +46 8 123 45 67."),
        example="+46 8 000 00 00",
    ),
]
Email = Annotated[
    str,
    _rule(
        pattern=r"^[A-Za-z0-9._%+-]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}" + END,
        longest=254,
        what=N_("This is not an e-mail address."),
        remedy=N_("Write one address, such as help@example.se, without a name around it."),
        example="help@lagerkoll.example",
    ),
]
Hours = Annotated[str, _plain(60, N_("Write one line of 1 to 60 characters, such as 08-17."), "08-17")]
Colour = Annotated[
    str,
    _rule(
        pattern=r"^#[0-9A-Fa-f]{6}" + END,
        longest=7,
        what=N_("This is not a colour."),
        remedy=N_("Write # and six hexadecimal digits, such as #1a6b4f. The colour cannot be see-through."),
        example="#1a6b4f",
    ),
]
Host = Annotated[
    str,
    _rule(
        pattern=r"^[^\s/\\:@?#*\[\]%]+" + END,
        longest=253,
        what=_NO_HOST[0],
        remedy=_NO_HOST[1],
        example="fortnox.se",
        check=_check_host,
    ),
]
