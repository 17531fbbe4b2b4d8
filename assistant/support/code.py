"""The support code of a walk: six characters that no ear or eye confuses, read aloud on the phone."""

from __future__ import annotations

from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHKLMNPRSTUVXYZ"
"""No O, I, 0 or 1, which look alike, and no J, Q or W, which sound alike on a poor line."""


def support_code(random_below: Callable[[int], int]) -> str:
    """A code in groups of three, such as "K7P-4M2". `random_below` is `secrets.randbelow` or a stand-in."""
    drawn = "".join(ALPHABET[random_below(len(ALPHABET))] for _ in range(6))
    return f"{drawn[:3]}-{drawn[3:]}"
