"""Nobody else can listen where we do, and a place that is taken is said."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from assistant.loopback.binding import bind, make_exclusive, places
from assistant.problems import ProblemError

pytestmark = pytest.mark.anyio


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def held(family: socket.AddressFamily, address: str, port: int, *options: int) -> Iterator[None]:
    with closing(socket.socket(family)) as other:
        for option in options:
            other.setsockopt(socket.SOL_SOCKET, option, 1)
        if family is socket.AF_INET6:
            other.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        other.bind((address, port))
        other.listen()
        yield


@pytest.mark.parametrize(
    ("host", "v4"),
    [("localhost", "127.0.0.1"), ("app.localhost", "127.0.0.1"), ("127.0.0.1", "127.0.0.1"),
     ("127.0.0.7", "127.0.0.7"), ("::1", "127.0.0.1")],
)  # fmt: skip
def test_both_families_are_ours_whatever_the_host_says(host: str, v4: str) -> None:
    assert places(host) == ((socket.AF_INET, v4), (socket.AF_INET6, "::1"))


async def test_both_are_bound_on_loopback_alone() -> None:
    bound = await bind("localhost", free_port())
    try:
        assert {each.getsockname()[0] for each in bound} == {"127.0.0.1", "::1"}
    finally:
        for each in bound:
            each.close()


@pytest.mark.parametrize("options", [(), (socket.SO_REUSEADDR,), (socket.SO_REUSEADDR, socket.SO_REUSEPORT)])
@pytest.mark.parametrize(
    ("family", "address"),
    [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET, ""), (socket.AF_INET6, "::1"), (socket.AF_INET6, "::")],
)
async def test_nobody_can_listen_beside_us(
    family: socket.AddressFamily, address: str, options: tuple[int, ...]
) -> None:
    port = free_port()
    bound = await bind("localhost", port)
    try:
        with pytest.raises(OSError, match="in use"), held(family, address, port, *options):
            pass
    finally:
        for each in bound:
            each.close()


@pytest.mark.provokes("OWN-01")
@pytest.mark.parametrize("options", [(), (socket.SO_REUSEADDR, socket.SO_REUSEPORT)])
@pytest.mark.parametrize(
    ("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET, ""), (socket.AF_INET6, "::1")]
)
async def test_a_port_that_is_taken_in_either_family_is_said(
    family: socket.AddressFamily, address: str, options: tuple[int, ...]
) -> None:
    port = free_port()
    with held(family, address, port, *options), pytest.raises(ProblemError) as taken:
        await bind("localhost", port, patience=0.2)
    assert taken.value.code == "OWN-01"
    assert taken.value.occurrence.facts == {"port": str(port)}
    for family, address in places("localhost"):  # nothing of ours is left there
        with held(family, address, port):
            pass


@pytest.mark.provokes("OWN-02")
async def test_an_address_the_system_does_not_give_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a port is reserved or forbidden: Linux gives all of them to root, so an address that is not ours."""
    monkeypatch.setattr("assistant.loopback.binding.places", lambda host: ((socket.AF_INET, "192.0.2.1"),))
    with pytest.raises(ProblemError) as refused:
        await bind("localhost", 4242, patience=0.2)
    assert refused.value.code == "OWN-02"
    assert dict(refused.value.occurrence.details) == {"Port": "4242", "System": "EADDRNOTAVAIL"}


async def test_a_computer_without_ipv6_does_without(monkeypatch: pytest.MonkeyPatch) -> None:
    there = places("localhost")
    monkeypatch.setattr("assistant.loopback.binding.places", lambda host: (there[0], (socket.AF_INET6, "2001:db8::1")))
    (only,) = await bind("localhost", free_port())
    with closing(only):
        assert only.family is socket.AF_INET


async def test_the_port_comes_back_at_once_after_a_connection_we_closed_first() -> None:
    """Which leaves the system remembering it (TIME_WAIT), as every answered request does."""
    port = free_port()
    for _ in range(2):
        bound = await bind("127.0.0.1", port, patience=0)
        listening = bound[0]
        with closing(socket.create_connection(("127.0.0.1", port))) as guest:
            listening.setblocking(True)
            with closing(listening.accept()[0]):
                pass
            assert guest.recv(1) == b""
        for each in bound:
            each.close()


def test_on_windows_the_address_is_asked_for_exclusively(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", -5, raising=False)
    asked = []

    class Recording:
        def setsockopt(self, *option: int) -> None:
            asked.append(option)

    make_exclusive(Recording(), platform="win32")  # type: ignore[arg-type]
    assert asked == [(socket.SOL_SOCKET, -5, 1)], "and never SO_REUSEADDR, which shares there"
