"""A raw server between the program and practice that lets one fault strike whatever reaches it."""

from __future__ import annotations

import socket
import ssl
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

from tests.fortnox import certificates

OVERSIZED = 300_000
"""Bytes; the program is told to take a third of it."""
_DRIP = 0.1
_HTML = b"<!doctype html><title>Guest network</title><p>Accept the terms to go on.</p>"


class NetworkFault(Enum):
    """What the network does to a request. The value is its column in the table."""

    REFUSED = "refused"
    RESET = "reset"
    AFTER_HEADERS = "cut after headers"
    MIDWAY = "cut mid-body"
    STALLED = "stalled"
    DRIP = "slow drip"
    TLS = "TLS failure"
    REDIRECT = "3xx"
    CLIENT_ERROR = "4xx"
    SERVER_ERROR = "5xx"
    HTML = "HTML"
    OVERSIZED = "oversized"

    @property
    def arrives(self) -> bool:
        """Whether the request reaches somebody who can read it."""
        return self not in (NetworkFault.REFUSED, NetworkFault.TLS)

    @property
    def loses_answer(self) -> bool:
        """Whether the server has done what was asked, and only its answer is lost."""
        return self in _LOSING


_LOSING = {
    NetworkFault.RESET,
    NetworkFault.AFTER_HEADERS,
    NetworkFault.MIDWAY,
    NetworkFault.STALLED,
    NetworkFault.DRIP,
}


@dataclass
class Front:
    """A running front.

    Attributes:
        origin: where it is reached.
        requests: first lines of what came, without queries.
        clear: True lets everything through again.
    """

    fault: NetworkFault
    upstream: str
    origin: str = ""
    requests: list[str] = field(default_factory=list)
    clear: bool = False

    def serve(self, listening: socket.socket, tls: ssl.SSLContext | None) -> None:
        """Answers until `listening` is closed."""
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection, tls), daemon=True).start()

    def _answer(self, connection: socket.socket, tls: ssl.SSLContext | None) -> None:
        with suppress(OSError), connection:
            connection.settimeout(60)
            if tls is None:
                self._strike(connection)
            else:
                with tls.wrap_socket(connection, server_side=True) as secure:
                    self._strike(secure)

    def _strike(self, connection: socket.socket) -> None:
        request = _read_request(connection)
        if not request:
            return
        self.requests.append(request.partition(b"\r\n")[0].decode("latin-1").rpartition(" ")[0].partition("?")[0])
        if self.clear:
            connection.sendall(self._handled(request))
            return
        match self.fault:
            case NetworkFault.RESET:
                self._handled(request)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            case NetworkFault.STALLED:
                self._handled(request)
                while connection.recv(1024):  # until the other side gives up
                    pass
            case NetworkFault.AFTER_HEADERS | NetworkFault.MIDWAY | NetworkFault.DRIP:
                self._send_part(connection, self._handled(request))
            case fault:
                connection.sendall(self._instead(fault))

    def _send_part(self, connection: socket.socket, answer: bytes) -> None:
        head, end, body = answer.partition(b"\r\n\r\n")
        connection.sendall(head + end)
        if self.fault is NetworkFault.MIDWAY:
            connection.sendall(body[: len(body) // 2])
        elif self.fault is NetworkFault.DRIP:
            gone = threading.Event()
            for place in range(len(body)):
                gone.wait(_DRIP)
                connection.sendall(body[place : place + 1])

    def _handled(self, request: bytes) -> bytes:
        """What practice answers to `request`, whole."""
        host = urlsplit(self.upstream).netloc
        head, end, body = request.partition(b"\r\n\r\n")
        kept = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"host:", b"connection:"))]
        head = b"\r\n".join([*kept, b"Host: " + host.encode(), b"Connection: close"])
        name, _, port = host.rpartition(":")
        with socket.create_connection((name, int(port)), timeout=10) as server:
            server.sendall(head + end + body)
            answer = b""
            while part := server.recv(65_536):
                answer += part
        return answer

    def _instead(self, fault: NetworkFault) -> bytes:
        json, page = "application/json", "text/html; charset=utf-8"
        match fault:
            case NetworkFault.REDIRECT:
                return _message("302 Found", b"", json, f"Location: {self.origin}/elsewhere")
            case NetworkFault.CLIENT_ERROR:
                return _message("404 Not Found", b'{"message":"no such thing"}', json)
            case NetworkFault.SERVER_ERROR:
                return _message("503 Service Unavailable", b"down", "text/plain")
            case NetworkFault.HTML:
                return _message("200 OK", _HTML, page)
            case NetworkFault.OVERSIZED:
                return _message("200 OK", b'{"access_token":"' + b"a" * OVERSIZED + b'"}', json)
            case _:
                raise ValueError(fault)


@contextmanager
def front(fault: NetworkFault, upstream: str) -> Iterator[Front]:
    """A front to `upstream` (scheme, host and port) for as long as the block lasts."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        running = Front(fault, upstream, origin=f"http://127.0.0.1:{port}")
        tls = None
        if fault is NetworkFault.TLS:
            tls, _, _ = certificates.make(Path(folder), organisation="Nobody the computer knows")
            running.origin = f"https://127.0.0.1:{port}"
        if fault is not NetworkFault.REFUSED:  # a port that is bound and not listened at refuses
            listening.listen()
            threading.Thread(target=running.serve, args=(listening, tls), daemon=True).start()
        yield running
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65_536)
        if not part:
            return b""
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        part = connection.recv(65_536)
        if not part:
            return b""
        received, body = received + part, body + part
    return received


def _message(status: str, body: bytes, content_type: str, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body
