"""Serves the relay on loopback, on a thread with an event loop of its own, so that it answers like another computer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

import uvicorn
from starlette.types import Receive, Scope, Send

from assistant.integration import Relay as RelayAddresses
from assistant.practice.server import PracticeServer
from tests.practice.browser import CLIENT_ID, CLIENT_SECRET
from tests.relay.application import Relay
from tests.relay.codes import Codes
from tests.relay.credentials import Credentials
from tests.relay.fortnox import Fortnox
from tests.relay.pace import Pace


@dataclass
class Running:
    """A relay that answers.

    Attributes:
        addresses: what stands under `[relay]` in the integration file.
        redirect_page: the address that the vendor's web server answers with it.
        log: what it wrote down.
        later: seconds that its clock is ahead.
        crashes: what went wrong in the relay itself.
    """

    relay: Relay
    credentials: Credentials
    log: list[str]
    addresses: RelayAddresses = field(init=False)
    redirect_page: str = field(init=False)
    later: float = 0.0
    crashes: list[BaseException] = field(default_factory=list)


@contextmanager
def serving(
    server: PracticeServer, *, burst: int = 30, patience: float = 30.0, secret: str = CLIENT_SECRET
) -> Iterator[Running]:
    """A relay in front of `server`, from `with` to the end of its block."""
    log: list[str] = []
    credentials = Credentials()
    here: Running

    def clock() -> float:
        return time.monotonic() + here.later

    relay = Relay(
        Fortnox(CLIENT_ID, secret, server.endpoints, patience=patience),
        credentials=credentials,
        codes=Codes(clock),
        pace=Pace(clock, burst=burst),
        log=log.append,
    )
    here = Running(relay, credentials, log)

    application = relay.application()

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await application(scope, receive, send)
        except Exception as fault:
            here.crashes.append(fault)
            raise

    config = uvicorn.Config(
        watched, port=0, ws="none", lifespan="off", log_config=None, access_log=False, proxy_headers=False
    )
    running = uvicorn.Server(config)
    running.capture_signals = nullcontext  # type: ignore[method-assign]  # signals belong to the main thread
    thread = threading.Thread(target=running.run, name="relay", daemon=True)
    thread.start()
    waited = threading.Event()
    for _ in range(1000):
        if running.started or not thread.is_alive():
            break
        waited.wait(0.02)
    assert running.started
    origin = f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    here.addresses = RelayAddresses(token=f"{origin}/token", revoke=f"{origin}/revoke")
    here.redirect_page = f"{origin}/activation"
    try:
        yield here
    finally:
        running.should_exit = True
        thread.join(10)
