"""`setup-assistant practice-server`: practice in a terminal, until Ctrl+C."""

from __future__ import annotations

import asyncio
import errno
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.language import _, current
from assistant.practice.integration import LAGERKOLL, PracticeIntegration
from assistant.practice.scenarios import EVERYWHERE, PLACES, SCENARIOS, TROUBLES
from assistant.practice.switches import Stage

if TYPE_CHECKING:
    from assistant.practice.server import PracticeServer


def serve(
    port: int = 0,
    *,
    integration: PracticeIntegration = LAGERKOLL,
    scenarios: Sequence[str] = (),
    state_file: Path | None = None,
) -> int:
    """Runs practice and prints what a client needs to reach it. Returns the exit code: 0, or 1 when it cannot start.

    Args:
        port: 0 takes any free one.
        scenarios: names of the situations to start with.
        state_file: where to keep the run, so that it can be resumed.

    Raises:
        ScenarioError: there is no such situation, or two do not go together.
        OSError: what stops it lies not in the port.
    """
    from assistant.practice.server import PracticeServer
    from assistant.practice.state_file import StateFileError

    server = PracticeServer(integration, port=port, scenarios=scenarios, state_file=state_file)
    try:
        asyncio.run(_until_stopped(server))
    except KeyboardInterrupt:
        pass
    except StateFileError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            told = _("Port {port} is taken by another program. Choose another with --port.", port=port)
        elif error.errno in (errno.EACCES, errno.EADDRNOTAVAIL):  # EACCES: below 1024, or kept by Windows for itself
            told = _("The system does not let this program use port {port}. Choose another with --port.", port=port)
        else:
            raise
        print(told, file=sys.stderr)
        return 1
    return 0


def list_scenarios() -> int:
    """Prints the name of every situation with what it is; returns the exit code, 0."""
    tongue = current()
    listed = [each for each in SCENARIOS.values() if each.stage is not Stage.NETWORK or each in EVERYWHERE]
    width = max(len(each.name) for each in listed)
    for stage in Stage:
        print(tongue.text(stage.value))
        for each in listed:
            if each.stage is stage:
                print(f"  {each.name:<{width}}  {each.heading(tongue)}")
        print()
    print(_("Places: {names}", names=", ".join(PLACES)))
    print(_("Troubles: {names}", names=", ".join(TROUBLES)))
    print(_("A place and a trouble with a hyphen make a situation too, such as {name}.", name="exchange-cut-midway"))
    return 0


async def _until_stopped(server: PracticeServer) -> None:
    stop = asyncio.Event()
    with suppress(NotImplementedError):  # Windows has no such handlers; there Ctrl+C is enough
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with server:
        _announce(server)
        await stop.wait()


def _announce(server: PracticeServer) -> None:
    endpoints = server.endpoints
    lines = [
        _("Practice answers at {address}. Nothing here is real.", address=server.base_url),
        "",
        f"client_id      {server.integration.client_id}",
        f"client_secret  {server.integration.client_secret}",
        f"redirect_uri   {', '.join(server.integration.redirect_uris)}",
        f"scopes         {' '.join(server.integration.scopes)}",
        "",
        "[endpoints]",
        *(f'{name:<9} = "{address}"' for name, address in endpoints.items()),
        "",
        _("Control page: {address}", address=server.control_url),
        _("Stop with Ctrl+C."),
    ]
    print("\n".join(lines), flush=True)
