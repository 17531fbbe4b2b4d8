"""Fifty processes and fifty tasks ask at the moment of expiry: one renewal, and all get the same valid token."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.fortnox.account import AccountKind
from assistant.practice.server import PracticeServer
from tests.vault.at_practice import connected, live_refresh_tokens, renewals, tokens_of, vault_at

PROCESSES = TASKS = 50

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.vault.test_tokens_race", "assistant.fortnox.client", "filelock"])


def ask(path: Path, connection_id: str, go: Event, pipe: Any) -> None:
    """In a process of its own: waits for the others and asks."""
    tokens = tokens_of(path)
    pipe.send("ready")
    go.wait()
    pipe.send(tokens.access_token(connection_id).token.reveal())


@pytest.mark.parametrize("account", list(AccountKind))
def test_at_the_moment_of_expiry_one_renews(tmp_path: Path, account: AccountKind) -> None:
    path = tmp_path / "connections.db"
    with PracticeServer().in_thread() as server:
        connection = connected(server, path, account)
        first = tokens_of(path).access_token(connection.id)
        held = vault_at(path).renewals.held(connection.id)
        over = replace(held.connection, access_expires_at=datetime.now(UTC))
        assert vault_at(path).renewals.save(held, over, held.secrets)
        asked = len(server.log)
        go = _CONTEXT.Event()
        pipes = []
        processes = []
        for _ in range(PROCESSES):
            ours, theirs = _CONTEXT.Pipe()
            processes.append(_CONTEXT.Process(target=ask, args=(path, connection.id, go, theirs), daemon=True))
            processes[-1].start()
            theirs.close()
            pipes.append(ours)
        assert [pipe.recv() for pipe in pipes] == ["ready"] * PROCESSES

        async def tasks() -> list[str]:
            here = tokens_of(path)
            waiting = [asyncio.create_task(here.access_token_async(connection.id)) for _ in range(TASKS)]
            go.set()
            return [answer.token.reveal() for answer in await asyncio.gather(*waiting)]

        began = time.monotonic()
        got = asyncio.run(tasks())
        for pipe in pipes:
            assert pipe.poll(max(0.0, began + 80 - time.monotonic())), "somebody never got a token"
            got.append(pipe.recv())
        for process in processes:
            process.join(20)
        assert len(got) == PROCESSES + TASKS
        (token,) = set(got)
        assert token != first.token.reveal()
        assert len(server.log) == asked + 1, "one request, of one who renewed"
        if account is AccountKind.USER:
            assert renewals(server) == 2
            assert len(live_refresh_tokens(server)) == 1
        answer = httpx.get(
            server.endpoints["api"] + "/3/companyinformation",
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
        )
        assert answer.status_code == 200
        assert server.crashes == []
