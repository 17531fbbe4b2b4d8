"""What a computer may do when the connection is to be saved, and where the journey then ends.

It is joined to a situation of practice by "@", such as `normal@disk-full`.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tests.vault.test_store_faults import can_mount, small_disk
from tests.window.walks_vault import LockedKeychain, unwritable


@dataclass(frozen=True)
class Storing:
    """One trouble of saving.

    Attributes:
        title: what it is, for the table.
        outcome: code of the problem that follows.
        prepared: a place for the vault's file, in a folder of its own, for as long as the window stands.
        strikes: within it, nothing can be saved there.
    """

    title: str
    outcome: str
    prepared: Callable[[Path], AbstractContextManager[Path]]
    strikes: Callable[[Path, LockedKeychain], AbstractContextManager[None]]


def may_mount(folder: Path) -> bool:
    """Whether this machine lets the tests mount: only root may, and not everywhere."""
    root = sys.platform == "linux" and hasattr(os, "geteuid") and os.geteuid() == 0
    return root and can_mount(folder / "probe")


@contextmanager
def _plain(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    yield folder / "vault.db"


@contextmanager
def _small(folder: Path) -> Iterator[Path]:
    with small_disk(folder, size="6m"):
        yield folder / "vault.db"


@contextmanager
def _read_only(file: Path, _keychain: LockedKeychain) -> Iterator[None]:
    file.touch()
    with unwritable(file):
        yield


@contextmanager
def _full(file: Path, _keychain: LockedKeychain) -> Iterator[None]:
    filler = file.with_name("filler")
    with suppress(OSError), filler.open("wb", buffering=0) as taking:
        while True:
            taking.write(bytes(4096))
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def _in_use(file: Path, _keychain: LockedKeychain) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def _locked(_file: Path, keychain: LockedKeychain) -> Iterator[None]:
    keychain.locked = True
    try:
        yield
    finally:
        keychain.locked = False


STORING: Mapping[str, Storing] = MappingProxyType(
    {
        "keychain-locked": Storing(
            "The keychain has locked itself, and its box is dismissed", "STORE-03", _plain, _locked
        ),
        "vault-in-use": Storing("Another program is writing into the vault", "STORE-14", _plain, _in_use),
        "vault-read-only": Storing("The vault may be read and not written", "STORE-09", _plain, _read_only),
        "disk-full": Storing("The disk is full", "STORE-10", _small, _full),
    }
)


def parted(name: str) -> tuple[tuple[str, ...], Storing | None]:
    """The situations of practice in `name`, and the trouble of saving where it has one."""
    situations, _, trouble = name.partition("@")
    return tuple(situations.split("+")), STORING[trouble] if trouble else None
