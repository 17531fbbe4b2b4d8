"""The practice server: binds to loopback, runs, stops."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlencode

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.practice import authorization, control, tokens
from assistant.practice.application import application
from assistant.practice.clock import PracticeClock
from assistant.practice.faults import Fault
from assistant.practice.integration import LAGERKOLL, PracticeIntegration
from assistant.practice.people import PRACTICE_POPULATION, Population
from assistant.practice.request_log import Issued, LogEntry
from assistant.practice.run import Run
from assistant.practice.scenarios import combine
from assistant.practice.switches import Switches

_STOPPING: Final = 1
"""Seconds that requests under way get when the server stops."""


class _Connection(H11Protocol):
    """Lets a fault reach the connection it is to cut."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers, which belong to the program it runs in; says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


class PracticeServer:
    """One practice run behind a port of this computer.

    Use it as an async context manager, or with `in_thread()` from code that has no event loop or a loop of its own.

    Args:
        port: 0 takes any free one.
        clock, switches, population: of the run; sensible ones when left out.
        scenarios: names of situations to start with, in place of `switches`.
        state_file: where the run is kept, so that it can be resumed. It then holds all the run's practice secrets.

    Raises:
        OSError: on entering; the port is taken.
        StateFileError: on entering; the state file cannot be used.
        ScenarioError: `scenarios` names one that does not exist, or two that do not go together.
    """

    def __init__(
        self,
        integration: PracticeIntegration = LAGERKOLL,
        *,
        port: int = 0,
        clock: PracticeClock | None = None,
        switches: Switches | None = None,
        scenarios: Sequence[str] = (),
        population: Population = PRACTICE_POPULATION,
        state_file: Path | None = None,
    ) -> None:
        self.integration = integration
        self.clock = clock or PracticeClock()
        if switches is not None and scenarios:
            raise ValueError("either switches or scenarios")
        self._switches = switches or combine(*scenarios)
        self._scenarios = frozenset(scenarios)
        self._population = population
        self._state_file = state_file
        self._port = port
        self._run: Run | None = None
        self._sockets: list[socket.socket] = []
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def run(self) -> Run:
        """The run.

        Raises:
            RuntimeError: the server has not been started.
        """
        if self._run is None:
            raise RuntimeError("practice has not been started")
        return self._run

    @property
    def base_url(self) -> str:
        """Where it answers, such as "http://127.0.0.1:49152"."""
        return f"http://127.0.0.1:{self.run.port}"

    @property
    def endpoints(self) -> dict[str, str]:
        """The addresses for `[endpoints]` of an integration file: authorize, token, revoke, migrate, api."""
        paths = {
            "authorize": authorization.AUTHORIZE,
            "token": tokens.TOKEN,
            "revoke": tokens.REVOKE,
            "migrate": tokens.MIGRATE,
            "api": "",
        }
        return {name: self.base_url + path for name, path in paths.items()}

    @property
    def control_url(self) -> str:
        """The link that opens the control page; it holds the token of the run."""
        return f"{self.base_url}{control.ENTER}?{urlencode({'token': self.run.control_token})}"

    @property
    def log(self) -> list[LogEntry]:
        """Every request so far, oldest first."""
        return self.run.log

    @property
    def issued(self) -> Issued:
        """The run's secrets, for tests that look for leaks."""
        return self.run.issued

    @property
    def crashes(self) -> list[BaseException]:
        """What went wrong inside practice itself; a test asserts that it is empty."""
        return self.run.crashes

    @property
    def switches(self) -> Switches:
        """How it behaves; may be set while it runs, from any thread."""
        return self._run.switches if self._run else self._switches

    @switches.setter
    def switches(self, switches: Switches) -> None:
        self._switches = switches
        if self._run is not None:
            self._run.switches, self._run.chosen = switches, frozenset()

    def inject(self, path: str, *faults: Fault) -> None:
        """Lets each of `faults` happen once to the next requests for `path`."""
        self.run.faults.add(path, *faults)

    async def __aenter__(self) -> Self:
        self._prepare()
        await self._start()
        return self

    async def _start(self) -> None:
        self._server = self._make_server()
        self._task = asyncio.create_task(self._server.serve(self._sockets), name="practice")
        ready = asyncio.create_task(self._server.ready.wait())
        await asyncio.wait((self._task, ready), return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._task.done():
            await self._task

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            try:
                await self._task
            finally:
                self._close_sockets()

    def in_thread(self) -> AbstractContextManager[PracticeServer]:
        """Runs it in a thread with an event loop of its own, from `with` to the end of its block."""
        return self._in_thread()

    @contextmanager
    def _in_thread(self) -> Iterator[PracticeServer]:
        self._prepare()
        ready = threading.Event()
        failures: list[BaseException] = []

        def work() -> None:
            try:
                asyncio.run(self._serve_until_stopped(ready))
            except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
                failures.append(error)
            finally:
                ready.set()

        thread = threading.Thread(target=work, name="practice", daemon=True)
        thread.start()
        ready.wait()
        try:
            if failures:
                raise failures[0]
            yield self
        finally:
            if self._server is not None:
                self._server.should_exit = True
            thread.join()
            self._close_sockets()

    async def _serve_until_stopped(self, ready: threading.Event) -> None:
        asyncio.get_running_loop().set_exception_handler(self._keep_crash)
        await self._start()
        ready.set()
        if self._task is not None:
            await self._task

    def _keep_crash(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        # Browsers drop connections whenever they like; Windows' event loop calls that an error.
        if isinstance(error, BaseException) and not isinstance(error, ConnectionError):
            self.run.crashes.append(error)

    def _make_server(self) -> _Server:
        config = uvicorn.Config(
            application(self.run),
            http=_Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,  # the application gives it, by the clock of the run
            proxy_headers=False,
            timeout_graceful_shutdown=_STOPPING,
        )
        return _Server(config)

    def _prepare(self) -> None:
        if self._run is not None:
            raise RuntimeError("a practice server is started once")
        self._sockets = _bind(self._port)
        try:
            self._run = Run(
                self.integration,
                clock=self.clock,
                switches=self._switches,
                population=self._population,
                state_file_path=self._state_file,
                port=self._sockets[0].getsockname()[1],
            )
            self._run.chosen = self._scenarios
        except BaseException:
            self._close_sockets()
            raise

    def _close_sockets(self) -> None:
        for bound in self._sockets:
            bound.close()


def _bind(port: int) -> list[socket.socket]:
    """Listening sockets on 127.0.0.1 and, where there is one, the same port of ::1, which "localhost" may mean too.

    Raises:
        OSError: 127.0.0.1 does not have that port free.
    """
    first = _listen(socket.AF_INET, "127.0.0.1", port)
    sockets = [first]
    with suppress(OSError):
        sockets.append(_listen(socket.AF_INET6, "::1", first.getsockname()[1]))
    return sockets


def _listen(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            # Without it another program could share the port and read what was meant for us.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind((host, port))
        bound.listen(128)
        bound.setblocking(False)
    except BaseException:
        bound.close()
        raise
    return bound
