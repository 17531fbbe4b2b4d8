"""Servers on loopback that misbehave on purpose, and one that behaves as the standards say."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Script = Callable[[bytes, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Heard:
    """What a server was sent, whole requests in order."""

    port: int = 0
    requests: list[bytes] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def server(script: Script, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Heard]:
    """Runs `script` for each request: it is given the request and both ends, and the connection is closed after it."""
    heard = Heard()
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        try:
            request = await _request(reader)
            heard.requests.append(request)
            await script(request, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with suppress(OSError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), 2)
            serving.discard(task)

    running = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    heard.port = running.sockets[0].getsockname()[1]
    try:
        yield heard
    finally:
        running.close()
        await asyncio.gather(*serving, return_exceptions=True)


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
    )
    return head + await reader.readexactly(length)


def answer(status: str, body: bytes, *headers: str, content_type: str = "application/json") -> Script:
    """A script that answers so."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", f"Content-Type: {content_type}", *headers, "", ""]

    async def script(_: bytes, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    return script


def basic(client_id: str, secret: str) -> str:
    """The value of a Basic header."""
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()
