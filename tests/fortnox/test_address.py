from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.fortnox.address import is_loopback, normalise, parse


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("http://localhost:4242", "http://localhost:4242/"),
        ("HTTPS://Example.SE:443/a", "https://example.se/a"),
        ("http://example.se:80", "http://example.se/"),
        ("https://example.se:0443/", "https://example.se/"),
        ("https://example.se:/", "https://example.se/"),
        ("https://räksmörgås.se/", "https://xn--rksmrgs-5wao1o.se/"),
        ("https://R%C3%A4ksm%C3%B6rg%C3%A5s.se/", "https://xn--rksmrgs-5wao1o.se/"),
        ("https://straße.de/", "https://xn--strae-oqa.de/"),
        ("https://example.se/%61%2fb%c3%a5", "https://example.se/a%2Fb%C3%A5"),
        ("https://example.se/å b", "https://example.se/%C3%A5%20b"),
        ("https://example.se/a/./b/../c", "https://example.se/a/c"),
        ("https://example.se/a/%2E%2e/c", "https://example.se/c"),
        ("https://example.se/a/..", "https://example.se/"),
        ("https://example.se/../../a", "https://example.se/a"),
        ("https://example.se/a/.", "https://example.se/a/"),
        ("https://example.se\\a\\b", "https://example.se/a/b"),
        (" https://example.se/a\n", "https://example.se/a"),
        ("https://example.se/a?b=%7e&c=%2f#d", "https://example.se/a?b=~&c=%2F"),
        ("https://example.se/?", "https://example.se/?"),
        ("http://127.1:8080/", "http://127.0.0.1:8080/"),
        ("http://0x7f000001/", "http://127.0.0.1/"),
        ("http://[0:0:0:0:0:0:0:1]:8080/", "http://[::1]:8080/"),
    ],
)
def test_addresses_are_brought_to_the_form_browsers_use(written: str, normal: str) -> None:
    assert normalise(written) == normal
    assert normalise(normal) == normal


@pytest.mark.parametrize(
    "written",
    [
        "",
        "example.se",
        "ftp://example.se/",
        "https://",
        "https:///a",
        "https://exa mple.se/",
        "https://example.se:65536/",
        "https://example.se:port/",
        "https://[::1/",
        "https://1.2.3.256/",
        "https://1.2.3.08/",
        "https://a%00b.se/",
        "https://example.se/" + "a" * 70_000,
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - any message will do
        parse(written)
    assert not written or written not in str(caught.value)


@given(st.text() | st.from_regex(r"https?://[^/]{0,20}(/[^?]{0,20})?(\?.{0,20})?", fullmatch=True))
def test_normalising_twice_changes_nothing_and_no_text_crashes(written: str) -> None:
    try:
        once = normalise(written)
    except ValueError:
        return
    assert normalise(once) == once


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "a.localhost"])
def test_loopback_hosts(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["localhost.se", "128.0.0.1", "::2", "", "mylocalhost"])
def test_other_hosts(host: str) -> None:
    assert not is_loopback(host)
