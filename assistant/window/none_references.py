"""Keeps Python 3.11 alive under PySide6 6.12.0.

PySide6's 6.12.0 wheels are built with the limited API as Python 3.12 and later know it, where None is immortal: every
call that returns nothing gives None back without counting it. Python 3.11 does count, so each such call takes one
reference away from None, and after some five thousand the interpreter stops with "none_dealloc: deallocating None"
[measured: 1,000 calls of QObject.setObjectName take 1,000 references away on 3.11.7; none from 3.12 on].

The cure is to give None as many references as no program can use up. It is to go when PySide6 counts again or Python
3.11 is no longer supported; `tests/window/test_none_references.py` says when.
"""

from __future__ import annotations

import sys

PLENTY = 1 << 60  # a thousand million calls a second would need thirty-six years


def give_none_plenty() -> None:
    """Raises the reference counts of None, True and False out of reach, the other two for the same reason: a process
    that made 226 windows ended with "bool_dealloc". Does nothing from Python 3.12 on, or when called again.
    """
    if sys.version_info >= (3, 12) or sys.getrefcount(None) > PLENTY // 2:
        return
    import ctypes

    for constant in (None, True, False):
        ctypes.c_ssize_t.from_address(id(constant)).value += PLENTY  # the count is the first word in CPython 3.11
