"""A look that blocks, made on a daemon thread of its own: one that hangs keeps neither the others nor the exit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from assistant.own_thread import OwnThread
from assistant.support.self_test.result import Result
from assistant.support.self_test.world import World


def blocking(name: str, look: Callable[[World], Sequence[Result]]) -> Callable[[World], Awaitable[Sequence[Result]]]:
    """`look` to be awaited. Each call has a thread of its own, so that one that hung keeps no later one waiting."""

    async def awaited(world: World) -> Sequence[Result]:
        return await OwnThread(name).call(lambda: look(world))

    return awaited
