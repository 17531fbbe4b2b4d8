"""One-shot faults for tests: a wrong answer, a late one, none at all."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from dataclasses import dataclass
from enum import Enum

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Cut(Enum):
    """Where the connection breaks."""

    NO_ANSWER = "before any answer"
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
    """

    status: int | None = None
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    cut: Cut | None = None
    handled: bool = False


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


@dataclass(slots=True)
class _Answer:
    status: int = 500
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""


class FaultLayer:
    """Wraps the application: carries out the fault that waits for a path, if one does."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request (ASGI)."""
        fault = self._faults.take(scope["path"])
        if fault is None:
            await self._app(scope, receive, send)
            return
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.status is None and fault.cut is None:
            await self._app(scope, receive, send)
            return
        answer = _Answer()
        if fault.handled or (fault.status is None and fault.cut is Cut.MIDWAY):
            answer = await self._carried_out(scope, receive)
        if fault.status is not None:
            headers = [("content-type", fault.content_type), ("content-length", str(len(fault.body))), *fault.headers]
            answer = _Answer(
                fault.status, tuple((name.lower().encode(), value.encode()) for name, value in headers), fault.body
            )
        if fault.cut is not Cut.NO_ANSWER:
            await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
            shown = answer.body[: len(answer.body) // 2] if fault.cut else answer.body
            await send({"type": "http.response.body", "body": shown, "more_body": fault.cut is not None})
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
