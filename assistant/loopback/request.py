"""The head of one HTTP request, read within bounds. Of its fields only Host is looked at; a body is never read."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Final

LONGEST_LINE: Final = 8_192
"""Bytes. A redirect is a few hundred; nothing the program reads is longer than this at a time."""
MOST_FIELDS: Final = 128
"""Lines of the head. With the limit of a line this bounds all that is read; cookies of other local pages come too."""

_REQUEST = re.compile(rb"([A-Z]{1,16}) (/[\x21-\x7e]*) HTTP/1\.[01]")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*")


class NotARequestError(Exception):
    """What came is no HTTP/1 request with a target of its own server, or exceeds the bounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is kept of a request. `target` may hold the code, so it is in no repr.

    Attributes:
        host: the one Host field; None where there is none or more than one.
    """

    method: str
    host: str | None
    target: str

    def __repr__(self) -> str:
        return f"Request({self.method})"


async def read_request(reader: asyncio.StreamReader) -> Request:
    """Reads one head from `reader`, whose limit is LONGEST_LINE.

    Raises:
        NotARequestError: it is no request.
        EOFError: the other end went away before the head was whole.
    """
    first = _REQUEST.fullmatch(await _line(reader))
    if first is None:
        raise NotARequestError
    hosts: list[str] = []
    for _ in range(MOST_FIELDS):
        line = await _line(reader)
        if not line:
            return Request(
                method=first[1].decode(), target=first[2].decode(), host=hosts[0] if len(hosts) == 1 else None
            )
        field = _FIELD.fullmatch(line)
        if field is None:
            raise NotARequestError
        if field[1].lower() == b"host":
            hosts.append(field[2].decode("latin-1"))
    raise NotARequestError


async def _line(reader: asyncio.StreamReader) -> bytes:
    try:
        return (await reader.readuntil(b"\r\n"))[:-2]
    except asyncio.IncompleteReadError:  # an EOFError too; said anew without the bytes it holds
        raise EOFError from None
    except asyncio.LimitOverrunError:
        raise NotARequestError from None
