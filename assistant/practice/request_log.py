"""What happened on the server, in names and never in values; and, apart from it, the secrets it handed out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

GRANTS = frozenset({"authorization_code", "refresh_token", "client_credentials"})
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One request.

    Attributes:
        time: seconds since the epoch, by the practice clock.
        path: of a route of this server, else "(unknown)".
        query_names, form_names: names of parameters in the order they came; a name that is not plain is "(odd)".
        status: of the answer; 0 when the connection was cut instead.
        client_authenticated: whether the right client id and secret came with it.
        grant: the grant type asked for, "other" for one that does not exist, None where there is none.
        outcome: one word for what was decided, such as "code_issued", "invalid_grant", "ok".
        tenant_id: the company it was about, once that is known.
    """

    time: float
    method: str
    path: str
    query_names: tuple[str, ...] = ()
    form_names: tuple[str, ...] = ()
    status: int
    client_authenticated: bool = False
    grant: str | None = None
    outcome: str = ""
    tenant_id: int | None = None


@dataclass(slots=True)
class Note:
    """What a handler adds to the entry of its request while it works."""

    form_names: tuple[str, ...] = ()
    client_authenticated: bool = False
    grant: str | None = None
    outcome: str = ""
    tenant_id: int | None = None


def plain_names(names: Iterable[str]) -> tuple[str, ...]:
    """`names` with every one that could hide a value replaced by "(odd)"."""
    return tuple(name if _NAME.fullmatch(name) else "(odd)" for name in names)


@dataclass(slots=True)
class Issued:
    """The run's secrets, for tests that look for leaks. In memory only.

    Attributes:
        passwords: by person id.
        presented: every secret that somebody has used successfully, so that a test can prove its canary was alive.
    """

    passwords: dict[str, str] = field(default_factory=dict, repr=False)
    codes: list[str] = field(default_factory=list, repr=False)
    access_tokens: list[str] = field(default_factory=list, repr=False)
    refresh_tokens: list[str] = field(default_factory=list, repr=False)
    legacy_tokens: dict[int, str] = field(default_factory=dict, repr=False)
    presented: set[str] = field(default_factory=set, repr=False)
