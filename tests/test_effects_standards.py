"""The whole connection against a server that follows the RFCs and knows nothing of Fortnox but three API calls."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.fortnox.account import AccountKind
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.redirect import RedirectUri
from assistant.integration import ClientSecret, Integration, SecretSource, read_integration
from assistant.journey import Step, events
from assistant.problems import Way
from assistant.secret import Secret
from tests.standards_server import CLIENT_ID, CLIENT_SECRET, TENANT_ID, StandardsServer, running
from tests.walking import Person, World

pytestmark = pytest.mark.anyio

HOME = "http://localhost:4242"
SCOPES = ("companyinformation", "profile", "article")


def integration(
    endpoints: Endpoints,
    *,
    scopes: tuple[str, ...] = SCOPES,
    home: str = HOME,
    source: SecretSource = SecretSource.FILE,
) -> Integration:
    return Integration(
        name="Any",
        vendor="Anyone",
        client_id=CLIENT_ID,
        redirect_uri=RedirectUri(home),
        scopes=scopes,
        start_page="https://any.example/",
        client_secret=ClientSecret(source=source),
        endpoints=endpoints,
    )


@asynccontextmanager
async def walking(
    server: StandardsServer,
    folder: Path,
    *visits: tuple[str, ...],
    scopes: tuple[str, ...] = SCOPES,
    source: SecretSource = SecretSource.FILE,
) -> AsyncIterator[World]:
    async with running(server) as endpoints:
        described = integration(endpoints, scopes=scopes, home=server.redirect_uri, source=source)
        here = World(described, folder, Person(*visits), client_secret=Secret(CLIENT_SECRET))
        async with here.walking():
            yield here


@pytest.mark.parametrize("home", [HOME, "http://localhost:4242/back?tenant=1", "https://any.example/activation"])
async def test_a_service_account(tmp_path: Path, home: str) -> None:
    server = StandardsServer(home)
    async with walking(server, tmp_path, ("grant",)) as here:
        stored = await here.connect()
        assert (stored.tenant_id, stored.company_name) == (TENANT_ID, "Standards & Sons")
        assert stored.scopes_granted == SCOPES, "no scope in the answer means: as asked (RFC 6749 5.1)"
        assert here.vault.secrets(stored.id).refresh_token is None
        await here.leave()
    assert server.requests == [
        ("GET", "/oauth/authorize", 200),
        ("POST", "/oauth/authorize", 303),
        ("POST", "/oauth/token", 200),
        ("GET", "/v/3/companyinformation", 200),
        ("POST", "/oauth/token", 200),
        ("GET", "/v/3/companyinformation", 200),
    ]


async def test_a_user_account(tmp_path: Path) -> None:
    server = StandardsServer(HOME)
    async with walking(server, tmp_path, ("grant",)) as here:
        stored = await here.connect(AccountKind.USER)
        assert (stored.person_id, stored.person_name) == ("77", "Ada Lovelace")
        kept = here.vault.secrets(stored.id).refresh_token
        assert kept is not None
        assert kept.reveal() in server.renewals
    assert [path for _, path, _ in server.requests][3:] == ["/v/3/companyinformation", "/v/3/me"]


async def test_with_settings_alone(tmp_path: Path) -> None:
    server = StandardsServer(HOME)
    async with walking(server, tmp_path, ("grant",), scopes=("settings",)) as here:
        stored = await here.connect(AccountKind.USER)
        assert stored.tenant_id == TENANT_ID
    assert [path for _, path, _ in server.requests][3:] == ["/v/3/settings/company"]


@pytest.mark.provokes("AUTH-01")
async def test_refused(tmp_path: Path) -> None:
    server = StandardsServer(HOME)
    async with walking(server, tmp_path, ("refuse",)) as here:
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == "AUTH-01"
    assert server.codes == {}


async def test_not_my_company(tmp_path: Path) -> None:
    server = StandardsServer(HOME)
    async with walking(server, tmp_path, ("grant",), ("grant",)) as here:
        await here.to_confirm(AccountKind.USER)
        here.send(events.Refused())
        await here.until(Step.CONFIRM, where=lambda state: state.attempt == 2)
        assert server.revoked == 1
        await here.leave()
    assert server.revoked == 2
    assert server.renewals == {}
    assert here.stored == ()


async def test_less_is_granted_than_asked_for(tmp_path: Path) -> None:
    server = StandardsServer(HOME, withheld=frozenset({"profile", "article"}))
    async with walking(server, tmp_path, ("grant",)) as here:
        state = await here.to_confirm(AccountKind.USER)
        assert state.step is Step.CONFIRM, state.problem
        assert state.missing_scopes == ("profile", "article")
        assert state.person is None, "who it is was not to be read"
        here.send(events.Confirmed())
        await here.until(Step.DONE)
        (stored,) = here.stored
        assert (stored.scopes_asked, stored.scopes_granted) == (SCOPES, ("companyinformation",))


@pytest.mark.provokes("CHECK-08")
async def test_what_names_the_company_is_withheld(tmp_path: Path) -> None:
    server = StandardsServer(HOME, withheld=frozenset({"companyinformation"}))
    async with walking(server, tmp_path, ("grant",)) as here:
        state = await here.to_confirm(AccountKind.USER)
        assert state.step is Step.PROBLEM
        assert state.problem is not None
        assert state.problem.code == "CHECK-08"
        await here.until(Step.PROBLEM, where=lambda state: state.revoking == 0)
    assert server.revoked == 1
    assert server.renewals == {}
    assert here.stored == ()


@pytest.mark.provokes("TOKEN-01")
async def test_a_wrong_client_secret(tmp_path: Path) -> None:
    server = StandardsServer(HOME, client_secret="another")
    async with walking(server, tmp_path, ("grant",), source=SecretSource.ASK) as here:
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == "TOKEN-01"
        here.send(events.WayChosen(way=Way.ENTER_SECRET))
        assert here.state.step is Step.PERMISSIONS


@pytest.mark.provokes("TOKEN-02")
async def test_a_code_that_somebody_else_drew_is_refused_by_pkce(tmp_path: Path) -> None:
    server = StandardsServer(HOME)
    async with walking(server, tmp_path, ("grant",)) as here:
        stolen: list[str] = []

        def swap(address: str) -> str:
            """The code of another request, put into our redirect with our own state."""
            answer = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
            ours = server.codes.pop(answer["code"])
            server.codes["injected"] = type(ours)(ours.kind, ours.scopes, ours.redirect_uri, "x" * 43)
            stolen.append(answer["code"])
            return address.replace(answer["code"], "injected")

        here.person.tamper = swap
        state = await here.to_confirm(AccountKind.USER)
        assert stolen
        assert state.problem is not None
        assert state.problem.code == "TOKEN-02"
    assert server.bearers == {}


async def test_an_integration_file_names_it(tmp_path: Path) -> None:
    """From the file a vendor writes to the stored connection."""
    server = StandardsServer(HOME)
    async with running(server) as endpoints:
        (tmp_path / "secret.txt").write_text(CLIENT_SECRET)
        file = tmp_path / "integration.toml"
        file.write_text(
            f"""
schema = 1
[integration]
name = "Any"
vendor = "Anyone"
client_id = "{CLIENT_ID}"
redirect_uri = "{HOME}"
scopes = ["companyinformation", "profile"]
start_page = "https://any.example/"
[client_secret]
from = "file"
path = "secret.txt"
[endpoints]
authorize = "{endpoints.authorize}"
token = "{endpoints.token}"
revoke = "{endpoints.revoke}"
api = "{endpoints.api}"
"""
        )
        from assistant.integration import take_client_secret

        described = read_integration(file)
        secret = take_client_secret(described, {})
        async with World(described, tmp_path, Person(("grant",)), client_secret=secret).walking() as here:
            assert (await here.connect()).tenant_id == TENANT_ID
