"""Asks a proxy which ways of signing in it takes, since the engine tells only that it wants one."""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QAbstractSocket, QNetworkProxy, QTcpSocket

from assistant.fortnox.proxies import Proxy
from assistant.own_thread import OwnThread
from assistant.window.proxy import resolved_proxy

_LOOK_UP: Final = OwnThread("proxy-question")
_LIMIT_MS: Final = 5_000
_LONGEST: Final = 65_536


def ways_wanted(head: bytes) -> tuple[str, ...]:
    """The schemes of the `Proxy-Authenticate` headers of an answer's head (RFC 9110, 11.7.1), in lower case."""
    found: list[str] = []
    for line in head.decode("latin-1").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        if name.strip().lower() == "proxy-authenticate" and value.strip():
            found.append(value.strip().split(" ", 1)[0].strip(",").lower())
    return tuple(dict.fromkeys(found))


class ProxyQuestion(QObject):
    """One CONNECT without credentials. Nothing of the sign-in is sent but the host that the proxy knows already.

    Signals:
        answered: the proxy's address, "" where the system names none; and the ways it wants, in lower case, none when
            it did not say within five seconds.
    """

    answered = Signal(str, tuple)
    _found = Signal(str)

    def __init__(self, host: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._proxy = ""
        self._head = b""
        self._done = False
        self._socket = QTcpSocket(self)
        self._socket.setProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))
        self._socket.connected.connect(self._ask)
        self._socket.readyRead.connect(self._read)
        self._socket.errorOccurred.connect(lambda _error: self._finish())
        self._found.connect(self._connect)

    def begin(self) -> None:
        """Returns at once: which proxy it is, is found out on a thread of its own."""
        QTimer.singleShot(_LIMIT_MS, self, self._finish)
        url = f"https://{self._host}/"

        def tell(answer: Future[Proxy | None]) -> None:
            proxy = None if answer.exception() else answer.result()
            with suppress(RuntimeError):  # the window is gone already
                self._found.emit(proxy.address if proxy else "")

        _LOOK_UP.submit(lambda: resolved_proxy(url)).add_done_callback(tell)

    def _connect(self, proxy: str) -> None:
        self._proxy = proxy
        try:
            parts = urlsplit(proxy)
            port = parts.port or 80
        except ValueError:
            self._finish()
            return
        if not parts.hostname or parts.scheme != "http":
            self._finish()
        elif not self._done:
            self._socket.connectToHost(parts.hostname, port)

    def _ask(self) -> None:
        asked = f"CONNECT {self._host}:443 HTTP/1.1\r\nHost: {self._host}:443\r\n\r\n"
        self._socket.write(asked.encode("ascii", "replace"))

    def _read(self) -> None:
        self._head += bytes(self._socket.readAll().data())
        if b"\r\n\r\n" in self._head or len(self._head) > _LONGEST:
            self._finish()

    def _finish(self) -> None:
        if self._done:
            return
        self._done = True
        if self._socket.state() is not QAbstractSocket.SocketState.UnconnectedState:
            self._socket.abort()
        self.answered.emit(self._proxy, ways_wanted(self._head.partition(b"\r\n\r\n")[0]))
