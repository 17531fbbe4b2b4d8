"""The search for leaks finds every secret in every writing, and finds nothing where there is nothing."""

from __future__ import annotations

import base64
import json
import sqlite3
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.leaks import Leak, Search, files, writings

SECRET = 'kanariefågel "7"/+?&=~ ÿ'
SECRETS = st.text(min_size=8, max_size=60).filter(lambda text: not any(0xD800 <= ord(each) <= 0xDFFF for each in text))


def encodings(content: bytes, secret: str = SECRET) -> set[str]:
    return {leak.encoding for leak in Search({"secret": [secret]}).look(content, "here")}


@given(SECRETS, st.binary(max_size=20), st.binary(max_size=20))
def test_base64_of_a_longer_text_is_found_wherever_the_secret_begins(secret: str, before: bytes, after: bytes) -> None:
    text = before + secret.encode() + after
    assert "base64" in encodings(base64.b64encode(text), secret)
    assert encodings(base64.urlsafe_b64encode(text), secret) & {"base64", "base64url"}


@given(SECRETS)
def test_every_other_writing_is_found(secret: str) -> None:
    assert "plain" in encodings(b"x" + secret.encode() + b"y", secret)
    assert "hex" in encodings(secret.encode().hex().upper().encode(), secret)
    assert "UTF-16LE" in encodings(f"<{secret}>".encode("utf-16-le"), secret)
    assert "UTF-16BE" in encodings(f"<{secret}>".encode("utf-16-be"), secret)
    assert encodings(json.dumps({"a": secret}).encode(), secret) & {"JSON", "plain"}
    assert encodings(urlencode({"a": secret}).encode(), secret) & {"URL", "plain"}


def test_a_client_secret_is_found_in_a_basic_header() -> None:
    header = b"Authorization: Basic " + base64.b64encode(f"client-id:{SECRET}".encode())
    found = Search({"client secret": [SECRET]}, client_id="client-id").look(header, "log")
    assert Leak("client secret", "Basic", "log") in found


@given(SECRETS, st.binary(max_size=2_000))
def test_nothing_is_found_where_no_writing_stands(secret: str, content: bytes) -> None:
    expected = {name for name, patterns in writings(secret).items() if any(each in content for each in patterns)}
    assert encodings(content, secret) == expected


def test_a_leak_does_not_tell_the_secret() -> None:
    assert SECRET not in repr(Search({"secret": [SECRET]}).look(SECRET.encode(), "here"))


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="chance"):
        writings("short")


def test_files_names_and_links_are_read(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "store.db") as store:
        store.execute("CREATE TABLE kept (text)")
        store.execute("INSERT INTO kept VALUES (?)", [SECRET])
    store.close()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a-name-canary").touch()
    (tmp_path / "link").symlink_to("a-link-canary")
    found = Search({"row": [SECRET], "name": ["a-name-canary"], "link": ["a-link-canary"]}).look_all(files(tmp_path))
    assert {(leak.kind, leak.place) for leak in found} == {
        ("row", "store.db"),
        ("name", "name of deep/a-name-canary"),
        ("link", "link link"),
    }
