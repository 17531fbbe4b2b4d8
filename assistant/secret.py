"""A text that must never be shown: tokens, codes, client secrets, verifiers."""

from __future__ import annotations

import hmac
from typing import Final, NoReturn, final


@final
class Secret:
    """A secret text whose `repr`, `str` and format are masked.

    The text is had only by naming the act: `reveal()`. Pickling and copying into JSON are refused, so that a secret
    cannot reach a file, a log or another process by accident.
    """

    __slots__ = ("_text",)

    MASK: Final = "•••"

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself. Call it only where the secret is used, and keep the result out of names that live on."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        """Equality in constant time, so that comparing `state` tells nothing about how much of it was right."""
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __repr__(self) -> str:
        return f"Secret({self.MASK})"

    def __str__(self) -> str:
        return self.MASK

    def __format__(self, spec: str) -> str:
        return self.MASK

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled")
