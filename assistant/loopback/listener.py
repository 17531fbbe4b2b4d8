"""Listens where the redirect leads, until one request is the wanted one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Final

from assistant.fortnox.address import parse
from assistant.fortnox.redirect import RedirectUri
from assistant.loopback.binding import bind
from assistant.loopback.page import answer
from assistant.loopback.request import LONGEST_LINE, NotARequestError, Request, read_request
from assistant.secret import Secret

HEAD_SECONDS: Final = 5.0
"""For a whole head, however slowly it drips."""
ANSWER_SECONDS: Final = 3.0
"""For an answer to be taken."""
MOST_CONNECTIONS: Final = 32
"""When one more comes the oldest goes, so that nobody can fill the place and keep the person's browser out."""
_HOST: Final = re.compile(r"[A-Za-z0-9.\[\]:-]+")
_MOST_DISCARDED: Final = 1_048_576  # bytes read and dropped after an answer, so that it is not lost to a reset


class Visitor:
    """The browser that brought the answer. It waits for its page until `show`; then `part`.

    Attributes:
        address: the whole redirect, which holds the code.
    """

    def __init__(self, address: Secret, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.address = address
        self._reader, self._writer = reader, writer

    async def show(self, page: bytes) -> None:
        """Shows `page` there. Whether the browser still wants it is its own affair."""
        await _say(self._writer, answer(HTTPStatus.OK, page))

    async def part(self) -> None:
        """Lets go once the page was read, or when that takes too long."""
        await _let_go(self._reader, self._writer)

    def leave(self) -> None:
        """Lets go at once, without a page."""
        self._writer.transport.abort()


class Listener:
    """Where the redirect leads, while it is open."""

    def __init__(
        self, redirect_uri: RedirectUri, wanted: Callable[[str], bool], stray_page: Callable[[], bytes]
    ) -> None:
        self._home = redirect_uri.address
        self._wanted, self._stray_page = wanted, stray_page
        self._first: asyncio.Future[Visitor] = asyncio.get_running_loop().create_future()
        self._taken = False
        self._servers: list[asyncio.Server] = []
        self._guests: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}

    async def first(self) -> Visitor:
        """Waits for the first request that is wanted. Nothing is listened to any more when it returns."""
        visitor = await asyncio.shield(self._first)
        self._taken = True
        return visitor

    async def open(self) -> None:
        """Begins to listen.

        Raises:
            ProblemError: OWN-01 or OWN-02.
        """
        for each in await bind(self._home.host, self._home.port):
            self._servers.append(await asyncio.start_server(self._knock, sock=each, limit=LONGEST_LINE))

    async def close(self) -> None:
        """Listens no longer and drops whoever is still talking, but not a visitor that was taken."""
        self._shut()
        if self._first.done() and not self._taken:
            self._first.result().leave()
        for writer, task in list(self._guests.items()):
            task.cancel()
            writer.transport.abort()
        await asyncio.gather(*self._guests.values(), return_exceptions=True)

    def _shut(self) -> None:
        for server in self._servers:
            server.close()
        self._servers.clear()

    def _knock(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._guests) >= MOST_CONNECTIONS:
            oldest = next(iter(self._guests))
            self._guests.pop(oldest).cancel()
            oldest.transport.abort()
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._guests[writer] = task
        task.add_done_callback(lambda _task: self._guests.pop(writer, None))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        status, with_body = HTTPStatus.BAD_REQUEST, True
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                request = await read_request(reader)
            address = self._address(request)
            if address is not None:
                if request.method == "GET" and self._wanted(address.reveal()) and not self._first.done():
                    self._shut()
                    self._first.set_result(Visitor(address, reader, writer))
                    return
                status, with_body = HTTPStatus.NOT_FOUND, request.method != "HEAD"
        except TimeoutError:
            status = HTTPStatus.REQUEST_TIMEOUT
        except NotARequestError:
            pass
        except (EOFError, OSError):
            writer.transport.abort()
            return
        body = self._stray_page() if status is HTTPStatus.NOT_FOUND else b""
        await _say(writer, answer(status, body, with_body=with_body))
        await _let_go(reader, writer)

    def _address(self, request: Request) -> Secret | None:
        """The whole address that was asked for; None where Host names another place than the redirect URI.

        A page elsewhere can give this computer a name of its own and talk to us under it (DNS rebinding).
        """
        home = self._home
        if request.host is None or not _HOST.fullmatch(request.host):
            return None
        try:
            asked = parse(f"http://{request.host}/")
        except ValueError:
            return None
        if (asked.host, asked.port) != (home.host, home.port):
            return None
        host = f"[{home.host}]" if ":" in home.host else home.host
        return Secret(f"{home.scheme}://{host}:{home.port}{request.target}")


@asynccontextmanager
async def listening(
    redirect_uri: RedirectUri, wanted: Callable[[str], bool], *, stray_page: Callable[[], bytes]
) -> AsyncIterator[Listener]:
    """A listener where `redirect_uri`, which is on this computer, leads.

    Args:
        redirect_uri: as registered; http on loopback.
        wanted: whether a whole address is the answer that is waited for.
        stray_page: what somebody sees who came with something else.

    Raises:
        ProblemError: OWN-01 the port is taken; OWN-02 the system does not give it.
    """
    listener = Listener(redirect_uri, wanted, stray_page)
    try:
        await listener.open()
        yield listener
    finally:
        await listener.close()


async def _say(writer: asyncio.StreamWriter, said: bytes) -> None:
    """Says all of it and that it was all."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            writer.write(said)
            await writer.drain()
            with suppress(NotImplementedError):
                writer.write_eof()
    except (OSError, TimeoutError):
        writer.transport.abort()


async def _let_go(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads and drops for a while what the other end still sends, until it closes. Closing a connection with unread
    bytes resets it, and the answer would be lost."""
    left = _MOST_DISCARDED
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            while left > 0 and not writer.transport.is_closing() and (dropped := await reader.read(LONGEST_LINE)):
                left -= len(dropped)
    except (OSError, TimeoutError):
        pass
    writer.transport.abort()
