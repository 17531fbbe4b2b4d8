"""Whatever arrives, reading it ends: in a value or a problem, soon, and in memory that what arrived accounts for."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.fortnox.company import read_company_information, read_company_settings, read_person
from assistant.fortnox.errors import api_refusal, token_refusal
from assistant.fortnox.messages import Grant
from assistant.fortnox.redirect import RedirectUri, read_redirect
from assistant.fortnox.tokens import read_revocation_answer, read_token_answer, tenant_id_claim
from assistant.integration import check_integration
from assistant.problems import ProblemError
from assistant.secret import Secret
from tests.fortnox.test_redirect import HOME, STATE, request

BODY = 1_000_000
"""Bytes: as much of an answer as the client ever reads."""

FILE = 64_000
SECONDS = 4.0
"""Of the processor's own time, so that a busy machine does not count. Reading takes hundredths."""

TIMES, BESIDES = 60, 8_000_000
"""Memory: so many bytes for each that arrived, and some besides. Many small objects in JSON take about thirty."""

PIECES = [
    "[",
    "{",
    '{"a":',
    "[[],",
    '"',
    "\\u0000",
    "0",
    "9",
    "1e9,",
    "-",
    "null,",
    "%00",
    "&",
    "code=",
    "=",
    ".",
    "[a]\n",
]
PIECES += [
    '"""',
    "'''",
    "a.",
    "a={",
    "\\",
    "\r\n",
    "å",
    "\U0001f600",
    "#",
    "state=",
    ";",
    "&code=1",
    "@",
    "://",
    "xn--",
]

pieces = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), min_size=1, max_size=4).map("".join)


def bounded(read: Callable[[], object], size: int) -> None:
    """Asserts that `read` ends, in time and memory, in a value or a problem."""
    tracemalloc.start()
    begun = time.process_time()
    said: ProblemError | None = None
    try:
        read()
    except ProblemError as problem:
        said = problem
    finally:
        spent = time.process_time() - begun
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert said is None or len(repr(said.occurrence)) < 20_000
    assert spent < SECONDS
    assert peak < size * TIMES + BESIDES


def filled(start: str, piece: str, size: int) -> str:
    """`start` and `piece` over and over, as many characters as may arrive."""
    return (start + piece * (size // len(piece) + 1))[:size] if piece else start


READERS: dict[str, Callable[[bytes], object]] = {
    "token": lambda body: read_token_answer(200, "application/json", body),
    "company": read_company_information,
    "settings": read_company_settings,
    "person": read_person,
    "token error": lambda body: token_refusal(Grant.AUTHORIZATION_CODE, 400, body),
    "api error": lambda body: api_refusal(400, body, scope_name="settings"),
    "revocation": lambda body: read_revocation_answer(200, body),
}
STARTS = ["", '{"access_token":"', '{"CompanyInformation":{"CompanyName":"', '{"ErrorInformation":', '{"error":"', "["]


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=25)
@given(start=st.sampled_from(STARTS), piece=pieces)
@example(start="", piece="[")
@example(start="", piece='{"a":')
@example(start='{"CompanyInformation":{"CompanyName":"', piece="\\u0000")
def test_an_answer_as_large_as_is_read(reader: str, start: str, piece: str) -> None:
    body = filled(start, piece, BODY).encode("utf-8", "surrogatepass")[:BODY]
    bounded(lambda: READERS[reader](body), len(body))


@settings(max_examples=40)
@given(piece=pieces, own_frame=st.booleans())
@example(piece="&", own_frame=True)
@example(piece="code=1&", own_frame=True)
@example(piece="%", own_frame=False)
def test_an_address_of_any_length(piece: str, own_frame: bool) -> None:
    """Browsers stop at two million characters."""
    for start in ("", f"{HOME}?", f"{HOME}?state={STATE}&code=", "https://"):
        address = filled(start, piece, 500_000)
        bounded(lambda address=address: read_redirect(address, request(), own_frame=own_frame), len(address))
        bounded(lambda address=address: RedirectUri(HOME).matches(address), len(address))


@settings(max_examples=40)
@given(piece=pieces)
@example(piece=".")
@example(piece="9")
def test_a_token_of_any_length(piece: str) -> None:
    token = filled("a.", piece, 100_000)
    bounded(lambda: tenant_id_claim(Secret(token)), len(token))


@settings(max_examples=40)
@given(
    start=st.sampled_from(["", "schema = 1\n", "[integration]\nname = ", "a = ", "[integration]\nscopes = ["]),
    piece=pieces,
)
@example(start="a = ", piece="[")
@example(start="", piece="a.")
@example(start="", piece="[[a]]\n")
def test_an_integration_file_as_large_as_is_read(
    tmp_path_factory: pytest.TempPathFactory, start: str, piece: str
) -> None:
    path: Path = tmp_path_factory.mktemp("file") / "integration.toml"
    content = filled(start, piece, FILE).encode("utf-8", "surrogatepass")[:FILE]
    path.write_bytes(content)
    bounded(lambda: check_integration(path), len(content) * 4)
