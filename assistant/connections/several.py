"""Several things at once, but never more than wanted, and all of them ended when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


async def several(items: Iterable[Item], act: Callable[[Item], Awaitable[None]], *, at_once: int) -> None:
    """Awaits `act` for each of `items`, `at_once` at a time, each begun in their order.

    What one of them raises ends the others and is raised; being cancelled ends them too.
    """
    waiting = iter(items)

    async def work() -> None:
        for item in waiting:
            await act(item)

    workers = [asyncio.create_task(work()) for _ in range(at_once)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
