"""A copy of the vault file, made while it is in use.

What a backup is worth, and what an older one means once it is put back, is written down in docs/vault.md.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from assistant.problems import stop
from assistant.vault.own_file import own_file
from assistant.vault.vault_file import VaultFile


def back_up(file: VaultFile, target: Path, *, replace: bool = False) -> int | None:
    """Copies the vault as it is at one moment, whoever writes to it meanwhile, and looks whether the copy is whole.

    The copy is a vault file. Secrets lie in it sealed; the key, which is in the keychain, does not go along.

    Returns:
        How many connections are in the copy; None when there is no vault, and then no copy is made.

    Raises:
        ProblemError: COPY-01, there is such a file already and `replace` is not given; COPY-02, it cannot be written
            there; STORE-07 to STORE-09, STORE-14, the vault cannot be read, or is damaged: then a file that stood
            there is left as it was.
    """
    refuse_the_vault_itself(file, target)
    with closing(sqlite3.connect(":memory:")) as memory:
        with file.viewing() as view:
            if view is None:
                return None
            view.copy_to(memory)
        # No view is open from here on: nobody could commit for as long as a slow disk takes the copy.
        with own_file(target, replace=replace) as beside:
            _write(memory, beside)
            with VaultFile(beside).viewing() as copy:
                if copy is None or copy.complaints():
                    raise stop("STORE-08", details={"check": "integrity_check"})
                return sum(1 for _ in copy.every_connection())


def _write(memory: sqlite3.Connection, target: Path) -> None:
    try:
        with closing(sqlite3.connect(target)) as copy:
            memory.backup(copy)
    except sqlite3.Error as failure:
        raise stop("COPY-02", details={"sqlite": getattr(failure, "sqlite_errorname", None)}) from None


def refuse_the_vault_itself(file: VaultFile, target: Path) -> None:
    """A copy that took the vault's own place would undo what is saved while it is made.

    Raises:
        ProblemError: COPY-02.
    """
    own = file.path.absolute()
    taken = {own, own.with_name(f"{own.name}-journal")}
    if target.absolute() in taken or os.path.realpath(target) in {os.path.realpath(place) for place in taken}:
        raise stop("COPY-02", details={"place": "vault"})
