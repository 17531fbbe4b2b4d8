"""Places on this computer where nobody else can listen at the same time."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import sys
from collections.abc import Iterable
from typing import Final

from assistant.problems import stop

PATIENCE: Final = 1.5
"""Seconds in which a port may still come free: the attempt before has just let go of it."""
_PAUSE: Final = 0.1
_BACKLOG: Final = 64
_ABSENT: Final = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT)
_TAKEN: Final = (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE))

Place = tuple[socket.AddressFamily, str]


def places(host: str) -> tuple[Place, ...]:
    """Where to listen for the loopback `host`: both families, whatever it says.

    A browser asks for `localhost` in either. Whoever held the other one would be handed the code.
    """
    v4 = "127.0.0.1"
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        v4 = host if literal.version == 4 else v4
    return (socket.AF_INET, v4), (socket.AF_INET6, "::1")


async def bind(host: str, port: int, *, patience: float = PATIENCE) -> tuple[socket.socket, ...]:
    """Listening sockets for the loopback `host`, in every family this computer has.

    Raises:
        ProblemError: OWN-01 the port is taken; OWN-02 the system does not give it.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + patience
    while True:
        try:
            return _bind_all(places(host), port)
        except OSError as refused:
            taken = refused.errno in _TAKEN
            if taken and loop.time() < until:
                await asyncio.sleep(_PAUSE)
                continue
            details = {"Port": port, "System": errno.errorcode.get(refused.errno or 0, str(refused.errno))}
            raise stop("OWN-01" if taken else "OWN-02", details, port=str(port)) from None


def _bind_all(wanted: Iterable[Place], port: int) -> tuple[socket.socket, ...]:
    bound: list[socket.socket] = []
    try:
        for family, address in wanted:
            try:
                bound.append(_bound(family, address, port))
            except OSError as refused:
                if family is not socket.AF_INET6 or refused.errno not in _ABSENT:
                    raise
    except OSError:
        for each in bound:
            each.close()
        raise
    return tuple(bound)


def _bound(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    new = socket.socket(family, socket.SOCK_STREAM)
    try:
        make_exclusive(new, platform=sys.platform)
        if family is socket.AF_INET6:
            new.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        new.setblocking(False)
        new.bind((address, port))
        # Between bind and listen another could still come first where a port is asked for twice; listen says so.
        new.listen(_BACKLOG)
    except OSError:
        new.close()
        raise
    return new


def make_exclusive(new: socket.socket, *, platform: str) -> None:
    """Sees to it that nobody else can bind where `new` will listen.

    On Windows SO_REUSEADDR would let another program take over the port, and so would leaving it out when the other
    sets it; SO_EXCLUSIVEADDRUSE forbids both. Elsewhere SO_REUSEADDR never lets two sockets listen at one address: it
    only passes over connections of an earlier attempt that the system still remembers (TIME_WAIT). SO_REUSEPORT, which
    does share, is never set.
    """
    if platform == "win32":
        exclusive: int = socket.SO_EXCLUSIVEADDRUSE  # type: ignore[attr-defined,unused-ignore]
        new.setsockopt(socket.SOL_SOCKET, exclusive, 1)
    else:
        new.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
