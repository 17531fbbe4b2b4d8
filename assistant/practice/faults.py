"""Faults: a wrong answer, a late one, none at all. Tests add them for one request; `troubles` keeps them standing."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Cut(Enum):
    """Where the connection breaks."""

    NO_ANSWER = "before any answer"
    AFTER_HEADERS = "after the headers"
    MIDWAY = "in the middle of the body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens to the next request for a path.

    Attributes:
        status: of the answer sent instead; None lets the real answer through.
        body, content_type, headers: of that answer.
        delay: seconds before anything is done.
        cut: whether and where the connection breaks.
        handled: True lets the server carry out the request first, so that only the answer is lost or changed.
        relabelled: the media type that the real answer claims to be.
        halved: sends the first half of the real answer as if it were all of it.
        drip: seconds before each byte of the answer's body.
    """

    status: int | None = None
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    cut: Cut | None = None
    handled: bool = False
    relabelled: str | None = None
    halved: bool = False
    drip: float = 0.0

    @property
    def changes_answer(self) -> bool:
        """Whether the real answer is wanted, to be sent differently."""
        return self.halved or self.relabelled is not None or self.drip > 0


class Faults:
    """The faults that wait, by path; each happens once, in the order they were added. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[Fault]] = {}

    def add(self, path: str, *faults: Fault) -> None:
        """Lets `faults` happen to the next requests for `path`, such as "/oauth-v1/token"."""
        with self._lock:
            self._waiting.setdefault(path, deque()).extend(faults)

    def take(self, path: str) -> Fault | None:
        """The next fault for `path`, which is thereby used up."""
        with self._lock:
            waiting = self._waiting.get(path)
            return waiting.popleft() if waiting else None

    def waiting(self) -> int:
        """How many have not happened yet."""
        with self._lock:
            return sum(map(len, self._waiting.values()))


Standing = Callable[[Scope, Receive], Awaitable[tuple[Fault | None, Receive]]]
"""Finds the fault that stands for a request, and gives back what its body can be read with."""


@dataclass(slots=True)
class _Answer:
    status: int = 500
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""


class FaultLayer:
    """Wraps the application: carries out the fault that waits for a path, if one does, else the one that stands.

    Args:
        standing: the fault that strikes every such request, if there is one; it may read the request's body and then
            returns a `receive` that gives it again.
    """

    def __init__(self, app: ASGIApp, faults: Faults, standing: Standing) -> None:
        self._app = app
        self._faults = faults
        self._standing = standing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request (ASGI)."""
        fault = self._faults.take(scope["path"])
        if fault is None:
            fault, receive = await self._standing(scope, receive)
        if fault is None:
            await self._app(scope, receive, send)
            return
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.status is None and fault.cut is None and not fault.changes_answer:
            await self._app(scope, receive, send)
            return
        answer = _Answer()
        if fault.handled or (fault.status is None and fault.cut is not Cut.NO_ANSWER):
            answer = await self._carried_out(scope, receive)
        if fault.halved or fault.relabelled is not None:
            answer = _changed(answer, fault)
        if fault.status is not None:
            headers = [("content-type", fault.content_type), ("content-length", str(len(fault.body))), *fault.headers]
            answer = _Answer(
                fault.status, tuple((name.lower().encode(), value.encode()) for name, value in headers), fault.body
            )
        if fault.cut is not Cut.NO_ANSWER:
            await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
            if fault.cut is not Cut.AFTER_HEADERS:
                await _send_body(send, answer.body, fault)
        if fault.cut is not None:
            scope["practice.cutting"]()  # logged before the other side can notice
            scope["state"]["transport"].close()
            # Lets the event loop tell the server that the connection is gone before this request ends.
            await asyncio.sleep(0.01)

    async def _carried_out(self, scope: Scope, receive: Receive) -> _Answer:
        answer = _Answer()

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = tuple(message["headers"])
            elif message["type"] == "http.response.body":
                answer.body += message.get("body", b"")

        await self._app(scope, receive, keep)
        return answer


def _changed(answer: _Answer, fault: Fault) -> _Answer:
    body = answer.body[: len(answer.body) // 2] if fault.halved else answer.body
    replaced = {b"content-length": str(len(body)).encode()}
    if fault.relabelled is not None:
        replaced[b"content-type"] = fault.relabelled.encode()
    kept = tuple((name, value) for name, value in answer.headers if name.lower() not in replaced)
    return _Answer(answer.status, (*kept, *replaced.items()), body)


async def _send_body(send: Send, body: bytes, fault: Fault) -> None:
    if fault.cut is not None:
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        return
    if fault.drip:
        for place in range(len(body)):
            await asyncio.sleep(fault.drip)
            await send({"type": "http.response.body", "body": body[place : place + 1], "more_body": True})
        body = b""
    await send({"type": "http.response.body", "body": body, "more_body": False})
