"""Scenarios of the journey: the vault or the keychain does not want."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from assistant.journey import Step
from assistant.problems import Way, stop
from assistant.vault.connection import Secrets
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from assistant.window.hands import click
from tests.vault.samples import service
from tests.window.walk import Stage, scenario


class LockedKeychain(MemoryKeychain):
    """Locked, and its box is dismissed, until told otherwise."""

    def __init__(self, *, locked: bool) -> None:
        super().__init__()
        self.locked, self.dismissed = locked, True
        self.boxes = 0

    def unlock(self) -> None:
        if not self.locked:
            return
        self.boxes += 1
        if self.dismissed:
            raise stop("STORE-03")
        self.locked = False

    def key(self) -> bytes | None:
        self._open()
        return super().key()

    def create_key(self) -> bytes:
        self._open()
        return super().create_key()

    def _open(self) -> None:
        if self.locked:
            raise stop("STORE-02")


@contextmanager
def unwritable(file: Path) -> Iterator[None]:
    """Within it nobody may write `file` or beside it. Permissions do not stop root, so root gets a read-only mount."""
    folder = str(file.parent)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        subprocess.run(["mount", "--bind", folder, folder], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", "-l", folder], check=True)
        return
    file.chmod(0o400)
    file.parent.chmod(0o500)
    try:
        yield
    finally:
        file.parent.chmod(0o700)
        file.chmod(0o600)


@scenario
async def locked_at_store(stage: Stage) -> None:
    """The keychain locks itself after the sign-in: the tokens stay held until it is opened."""
    stage.keychain = keychain = LockedKeychain(locked=False)
    async with stage.window() as walker:
        await walker.to(Step.SIGN_IN, user=True)
        await walker.sign_in()
        await walker.at(Step.CONFIRM)
        keychain.locked = True
        await walker.main()
        await walker.at(Step.PROBLEM)
        walker.mark("locked", vault=False)
        await walker.way(Way.UNLOCK)
        await walker.at(Step.PROBLEM)
        walker.mark("still locked", vault=False)
        await walker.back()
        await walker.at(Step.CONFIRM)
        await walker.main()
        await walker.at(Step.PROBLEM)
        keychain.dismissed = False
        await walker.way(Way.UNLOCK)
        await walker.at(Step.DONE)
        walker.mark("unlocked", boxes=keychain.boxes)


@scenario
async def locked_at_sign_in(stage: Stage) -> None:
    """The keychain is locked from the start: said before the person has signed in for nothing."""
    stage.keychain = keychain = LockedKeychain(locked=True)
    async with stage.window() as walker:
        await walker.to(Step.PERMISSIONS)
        await walker.main()
        await walker.at(Step.PROBLEM)
        walker.mark("locked", vault=False)
        keychain.dismissed = False
        await walker.way(Way.UNLOCK)
        await walker.sign_in()
        await walker.at(Step.CONFIRM)
        await walker.main()
        await walker.at(Step.DONE)
        walker.mark("unlocked")


@scenario
async def unusable_files(stage: Stage) -> None:
    """A newer version's file, a damaged one, and one that may not be written, each mended on the way."""
    newer, damaged = stage.folder / "newer.db", stage.folder / "damaged.db"
    Vault(newer, MemoryKeychain()).save(service(), Secrets())
    with closing(sqlite3.connect(newer)) as database:
        version = database.execute("PRAGMA user_version").fetchone()[0]
        database.execute(f"PRAGMA user_version = {version + 1}")
    damaged.write_bytes(b"this is no database" * 500)

    stage.vault_file = newer
    before = newer.read_bytes()
    async with stage.window() as walker:
        await walker.at(Step.PROBLEM)
        walker.mark("newer", vault=False, ways=[way.value for way in walker.window.wizard.problem.ways])
        await walker.back()
        await walker.at(Step.WELCOME)
    stage.marks["newer untouched"] = newer.read_bytes() == before

    stage.vault_file = damaged
    before = damaged.read_bytes()
    async with stage.window() as walker:
        await walker.at(Step.PROBLEM)
        walker.mark("damaged", vault=False)
        stage.marks["damaged untouched"] = damaged.read_bytes() == before
        damaged.unlink()
        await walker.way(Way.TRY_AGAIN)
        await walker.to(Step.SIGN_IN)
        await walker.sign_in()
        await walker.at(Step.CONFIRM)
        await walker.main()
        await walker.at(Step.DONE)
        walker.mark("mended")

    blocked = stage.folder / "blocked"
    blocked.write_text("a file where the folder should be")
    stage.vault_file = blocked / "practice.db"
    async with stage.window() as walker:
        await walker.at(Step.PROBLEM)
        walker.mark("not allowed at start", vault=False)
        blocked.unlink()
        await walker.way(Way.TRY_AGAIN)
        await walker.to(Step.SIGN_IN)
        await walker.sign_in()
        await walker.at(Step.CONFIRM)
        await walker.main()
        await walker.at(Step.DONE)
        walker.mark("allowed")


@scenario
async def read_only(stage: Stage) -> None:
    """A vault file that can be read and not written, found out when the second company is saved."""
    folder = stage.folder / "data"
    stage.vault_file = folder / "practice.db"
    async with stage.window() as walker:
        await walker.to(Step.SIGN_IN)
        await walker.sign_in()
        await walker.at(Step.CONFIRM)
        await walker.main()
        await walker.at(Step.DONE)
        await click(walker.window.wizard.done_page._another)
        await walker.at(Step.ACCOUNT)
        await walker.main()
        await walker.at(Step.PERMISSIONS)
        await walker.main()
        await walker.sign_in(company=1_100_025)
        await walker.at(Step.CONFIRM)
        with unwritable(stage.vault_file):
            await walker.main()
            await walker.at(Step.PROBLEM)
            walker.mark("read only", vault=False)
        await walker.way(Way.TRY_AGAIN)
        await walker.at(Step.DONE)
        walker.mark("writable")
