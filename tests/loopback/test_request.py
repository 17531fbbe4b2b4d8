"""What is read of a request, and how much of anything else."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.loopback.request import LONGEST_LINE, MOST_FIELDS, NotARequestError, Request, read_request

pytestmark = pytest.mark.anyio


def read(sent: bytes, *, limit: int = LONGEST_LINE) -> Request:
    async def ask() -> Request:
        reader = asyncio.StreamReader(limit=limit)
        reader.feed_data(sent)
        reader.feed_eof()
        return await read_request(reader)

    return asyncio.run(ask())


def test_method_host_and_target_are_kept() -> None:
    request = read(b"GET /a?code=x&state=y HTTP/1.1\r\nhOsT: \t localhost:4242 \r\nCookie: a=b\r\n\r\nbody")
    assert (request.method, request.host, request.target) == ("GET", "localhost:4242", "/a?code=x&state=y")


def test_the_target_is_in_no_repr() -> None:
    request = read(b"GET /?code=canary HTTP/1.1\r\nHost: x\r\n\r\n")
    assert "canary" not in repr(request) + str(request) + f"{request}"


@pytest.mark.parametrize("head", [b"", b"Host: a\r\nHost: a\r\n"])
def test_without_exactly_one_host_there_is_none(head: bytes) -> None:
    assert read(b"GET / HTTP/1.1\r\n" + head + b"\r\n").host is None


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /\r\n\r\n",  # HTTP/0.9
        b"GET / HTTP/2.0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET http://localhost:4242/ HTTP/1.1\r\n\r\n",  # as to a proxy
        b"CONNECT localhost:4242 HTTP/1.1\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\n\r\n",
        b"get / HTTP/1.1\r\n\r\n",
        b" GET / HTTP/1.1\r\n\r\n",
        b"GET  / HTTP/1.1\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",  # request smuggling's favourites
        b"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: \x01\r\n\r\n",
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",  # TLS
        b"GET /" + b"a" * LONGEST_LINE + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * LONGEST_LINE + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * (MOST_FIELDS + 1) + b"\r\n",
    ],
)
def test_junk_is_no_request(sent: bytes) -> None:
    with pytest.raises(NotARequestError):
        read(sent)


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n"])
def test_half_a_head_is_an_end(sent: bytes) -> None:
    with pytest.raises(EOFError) as ended:
        read(sent)
    assert "GET" not in repr(ended.value)


@given(st.binary(max_size=400), st.booleans())
def test_whatever_comes_is_a_request_an_end_or_neither(junk: bytes, begun: bool) -> None:
    try:
        request = read((b"GET / HTTP/1.1\r\n" if begun else b"") + junk)
    except (NotARequestError, EOFError):
        return
    assert request.target.startswith("/")
    assert request.target.isprintable()
