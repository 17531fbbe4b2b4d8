"""docs/relay.md says what the program sends, what the reference relay does, and what comes of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.fortnox import messages
from assistant.fortnox.account import AccountKind
from assistant.fortnox.client import Client, Limits
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import Attempt, HttpRequest, RelayAccess
from assistant.fortnox.tokens import read_token_answer
from assistant.practice.server import PracticeServer
from assistant.secret import Secret
from tests.fortnox.servers import answer
from tests.fortnox.servers import server as answering
from tests.practice.browser import CLIENT_ID
from tests.relay import application, codes, fortnox
from tests.relay.asking import COMPANY, asking, connected, problem
from tests.relay.pace import Pace
from tests.relay.serving import Running

pytestmark = pytest.mark.anyio

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "relay.md").read_text(encoding="utf-8")
SECRET = Secret("canary-secret")
ACCESS = RelayAccess(CLIENT_ID, "https://vendor.example/token", "https://vendor.example/revoke", SECRET)
SENT: dict[str, HttpRequest] = {
    "code exchange": messages.exchange_code(
        Endpoints(),
        RelayAccess(CLIENT_ID, ACCESS.token_url, ACCESS.revoke_url),
        code=SECRET,
        redirect_uri="https://lagerkoll.example/activation",
        verifier=SECRET,
        attempt=Attempt(SECRET, AccountKind.SERVICE),
    ),
    "renewal": messages.refresh(Endpoints(), ACCESS, refresh_token=SECRET),
    "service token": messages.client_credentials(Endpoints(), ACCESS, tenant_id="7", scopes=("article",)),
    "revocation": messages.revoke(Endpoints(), ACCESS, refresh_token=SECRET),
    "giving back": messages.give_back(ACCESS),
}


def table(first: str) -> list[list[str]]:
    """The rows of the table whose heading begins with `first`."""
    lines = iter(PAGE.splitlines())
    for line in lines:
        if line.startswith(f"| {first} |"):
            next(lines)
            return list(_rows(lines))
    raise AssertionError(f"no table with {first}")


def _rows(lines: Iterator[str]) -> Iterator[list[str]]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def named(cell: str) -> dict[str, str | None]:
    """The fields that a cell names, with their values where it gives them."""
    parts = [name.partition("=") for name in re.findall(r"`([^`]+)`", cell)]
    return {name: value or None for name, _, value in parts}


@pytest.mark.parametrize("request_name", SENT)
def test_every_field_that_is_sent_is_on_the_page_and_no_other(request_name: str) -> None:
    (row,) = [row for row in table("Request") if row[0] == request_name]
    sent = SENT[request_name]
    fields = dict(sent.form)
    promised = named(row[2]) | named(row[3])
    assert set(fields) == set(promised)
    for name, value in promised.items():
        assert value is None or fields[name] == value
    assert sent.url.endswith(f"/{row[1].strip('`')}")


def test_every_header_that_is_sent_is_on_the_page() -> None:
    promised = {row[0].strip("`") for row in table("Header")}
    sent = [{name for name, _ in request.headers} for request in SENT.values()]
    assert set().union(*sent) == promised
    assert ["Authorization" in names for names in sent] == [False, True, True, True, True]
    assert ["TenantId" in names for names in sent] == [False, False, True, False, False]


async def test_fortnox_gets_the_fields_of_the_third_column_and_no_other(server: PracticeServer, relay: Running) -> None:
    held = await connected(server, relay)
    assert held.refresh_token is not None
    async with asking(server, relay, held.connection_credential) as client:
        renewed = await client.refresh(held.refresh_token)
        await client.client_credentials(str(COMPANY), ("article",))
        assert renewed.refresh_token is not None
        assert await client.revoke(renewed.refresh_token)
    asked = [set(entry.form_names) for entry in server.log if entry.path in ("/oauth-v1/token", "/oauth-v1/revoke")]
    rows = {row[0]: set(named(row[2])) for row in table("Request")}
    assert asked == [rows[name] for name in ("code exchange", "renewal", "service token", "revocation")]
    assert rows["giving back"] == set()


def test_the_answer_on_the_page_is_one_that_the_program_takes() -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    found = read_token_answer(200, "application/json", shown.encode())
    assert found.connection_credential is not None
    assert set(json.loads(shown)) >= {"access_token", "refresh_token", "connection_credential"}


@pytest.mark.parametrize(
    "row", [row for row in table("Status") if "nothing" not in row[3]], ids=lambda row: f"{row[0]} {row[1]} {row[3]}"
)
async def test_what_the_person_sees_is_what_the_page_says(row: list[str]) -> None:
    (body,) = re.findall(r"`([^`]+)`", row[1])
    promised = re.findall(r"[A-Z]+-\d\d", row[3])
    seen = []
    for status in row[0].split(", "):
        async with answering(answer(f"{status} -", body.encode())) as heard:
            access = RelayAccess(CLIENT_ID, f"{heard.origin}/token", f"{heard.origin}/revoke", SECRET)
            async with Client(Endpoints(), access, proxy=lambda _: None) as client:
                calls = {
                    "code": client.exchange_code(SECRET, "https://a.example/", None, Attempt(SECRET, AccountKind.USER)),
                    "refresh token": client.refresh(SECRET),
                    "else": client.client_credentials("7"),
                }
                said = {name: await problem(call) for name, call in calls.items()}
        wanted = [name for name in calls if name in row[2]] or list(calls)
        codes_seen = {said[name].code for name in (wanted if len(promised) == 1 else calls)}
        assert codes_seen == set(promised)
        seen.append({said[name].problem.who.value for name in said if said[name].code in promised})
    others = "themselves" in row[3]
    assert all(("you" in who) is others for who in seen)


def test_the_limits_are_those_of_the_code() -> None:
    cells = {row[0]: row[1:] for row in table("What")}
    limits = Limits()
    assert cells["connecting"][0] == f"{limits.connect:.0f} s"
    assert cells["waiting for the next part of an answer"][0] == f"{limits.read:.0f} s"
    assert cells["one whole request"] == [f"{limits.total:.0f} s", f"{fortnox.PATIENCE:.0f} s towards Fortnox"]
    assert fortnox.PATIENCE > limits.total > fortnox.GLANCE
    assert cells["reading the company after an exchange"][1].startswith(f"{fortnox.GLANCE:.0f} s")
    assert cells["longest answer"][0] == f"{limits.body:,} bytes"
    assert limits.body == fortnox.LONGEST_ANSWER
    assert cells["longest request"][1] == f"{application.LONGEST_REQUEST:,} bytes"
    pace = Pace(lambda: 0.0)
    assert (pace._burst, pace._seconds, codes.REMEMBERED) == (30, 2.0, 3600.0)
    assert "30 times\nat once and then every two seconds" in PAGE
    assert "for an hour" in PAGE
