"""The vault: may it be written, is there room, and is the file whole. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.support.self_test.result import Check, Reason, Result, fine, not_checked, wrong
from assistant.support.self_test.world import World


def look_at_vault(world: World) -> Sequence[Result]:
    """One result. Blocks."""
    problem = world.vault.usable()
    if problem is not None:
        return (wrong(Check.VAULT, problem),)
    if not world.vault_file.is_file():
        return (not_checked(Check.VAULT, Reason.NOTHING_STORED),)
    return (fine(Check.VAULT),)
