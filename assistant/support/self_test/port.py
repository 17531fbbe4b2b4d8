"""The port on this computer on which the person's own browser would answer: is it free, and does it let a call in."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Sequence

from assistant.integration import WayBack
from assistant.loopback.binding import bind
from assistant.problems import ProblemError, occurrence
from assistant.support.self_test.result import Check, Detail, Reason, Result, fine, not_checked, wrong
from assistant.support.self_test.world import World


async def look_at_port(world: World) -> Sequence[Result]:
    """One result."""
    if world.integration is None:
        return (not_checked(Check.PORT, Reason.NO_INTEGRATION),)
    if world.integration.way_back is not WayBack.LISTENER:
        return (not_checked(Check.PORT, Reason.NOT_NEEDED),)
    address = world.integration.redirect_uri.address
    told = (Detail.PORT, str(address.port))
    try:
        bound = await bind(address.host, address.port, patience=0)
    except ProblemError as stopped:
        return (wrong(Check.PORT, stopped.occurrence, told),)
    try:
        for each in bound:
            await _called(each)
    except OSError as refused:
        details = {"Port": address.port, "System": type(refused).__name__}
        return (wrong(Check.PORT, occurrence("OWN-02", details, port=str(address.port)), told),)
    finally:
        for each in bound:
            each.close()
    return (fine(Check.PORT, told),)


async def _called(listening: socket.socket) -> None:
    """Calls what listens, as a browser would. Nothing is sent."""
    loop = asyncio.get_running_loop()
    calling = socket.socket(listening.family, socket.SOCK_STREAM)
    calling.setblocking(False)
    # Closed without a farewell: the system would otherwise remember the call for minutes, and hold the port for it.
    numbers = "hh" if sys.platform == "win32" else "ii"
    calling.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(numbers, 1, 0))
    try:
        await loop.sock_connect(calling, listening.getsockname())
        accepted, _ = await loop.sock_accept(listening)
    except BaseException:
        calling.close()
        raise
    calling.close()
    accepted.close()
