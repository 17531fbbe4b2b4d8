"""Queries and form bodies, read strictly: a parameter sent twice or a broken escape is refused, not guessed at."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

LONGEST_BODY: Final = 64 * 1024
_MOST_FIELDS: Final = 200


class FormError(Exception):
    """A query or body that cannot be read. `status` is that of the answer; the text never holds a value."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


def fields(text: str) -> Mapping[str, str]:
    """The parameters of an `application/x-www-form-urlencoded` text.

    Raises:
        FormError: it is malformed, not UTF-8, names a parameter twice or has too many.
    """
    if not text:
        return {}
    try:
        text.encode("ascii")
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise FormError("The request is malformed") from None
    found = dict(pairs)
    if len(found) != len(pairs):
        raise FormError("A parameter is repeated")
    return found


def query(request: Request) -> Mapping[str, str]:
    """The query of a request.

    Raises:
        FormError: as `fields`.
    """
    return fields(request.scope["query_string"].decode("latin-1"))


async def form(request: Request) -> Mapping[str, str]:
    """The form body of a request.

    Raises:
        FormError: it is another media type, too long, or as `fields`.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/x-www-form-urlencoded":
        raise FormError("The body is not application/x-www-form-urlencoded", 415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            raise FormError("The body is too long", 413)
    return fields(body.decode("latin-1"))


def basic_credentials(request: Request) -> tuple[str, str] | None:
    """User and password of an `Authorization: Basic` header, or None when there is none that can be read."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, separator, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if separator else None
