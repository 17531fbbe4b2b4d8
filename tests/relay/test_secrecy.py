"""The connection credential is sealed, and nothing that is secret stands where it may not: here or at the relay."""

from __future__ import annotations

import gc
import logging
import sqlite3
from pathlib import Path

import pytest

from assistant.fortnox.account import AccountKind
from assistant.fortnox.messages import Attempt, RelayAccess, give_back
from assistant.practice.server import PracticeServer
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from tests.leaks import Search, files
from tests.practice.browser import CLIENT_ID, CLIENT_SECRET
from tests.relay.asking import COMPANY, asking, computer, connected, problem, sign_in
from tests.relay.credentials import Credentials
from tests.relay.serving import Running
from tests.walking import visit

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("account", AccountKind)
async def test_the_credential_is_only_where_it_is_sealed(
    server: PracticeServer, relay: Running, tmp_path: Path, account: AccountKind, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with computer(server, relay, tmp_path, visit()).walking() as here:
        stored = await here.connect(account)
        secrets = here.vault.secrets(stored.id)
        assert secrets.connection_credential is not None
        held = secrets.connection_credential.reveal()
        shown = [*here.states, stored, secrets, here.walk, here.integration, *here.failures, relay.addresses]
        access = RelayAccess(CLIENT_ID, "https://r.example/t", "https://r.example/r", secrets.connection_credential)
        shown += [access, give_back(access)]
        async with asking(server, relay, secrets.connection_credential) as client:
            stopped = await problem(client.client_credentials("1"))
            shown += [stopped, client]
    search = Search(
        {"credential": [held, held.partition(".")[2]], "client secret": [CLIENT_SECRET]}, client_id=CLIENT_ID
    )
    assert search.look(f"x {held} y".encode(), "itself"), "the search finds what is there"
    assert search.look_all(files(tmp_path)) == []
    assert search.look(repr(shown).encode(), "repr") == []
    assert search.look(caplog.text.encode(), "logs") == []
    with sqlite3.connect(tmp_path / "vault.db") as rows:
        assert search.look("\n".join(rows.iterdump()).encode(), "rows") == []
    assert Vault(tmp_path / "vault.db", here.keychain).secrets(stored.id).connection_credential is not None
    with pytest.raises(Exception, match="STORE"):
        Vault(tmp_path / "vault.db", MemoryKeychain()).secrets(stored.id)


async def test_the_relay_writes_down_and_keeps_no_secret(
    server: PracticeServer, relay: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    held = await connected(server, relay, account=AccountKind.USER)
    assert held.connection_credential is not None
    assert held.refresh_token is not None
    async with asking(server, relay, held.connection_credential) as client:
        renewed = await client.refresh(held.refresh_token)
        await problem(client.client_credentials("1"))
    done = sign_in(server)
    assert renewed.refresh_token is not None
    values = [
        held.connection_credential.reveal(),
        held.connection_credential.reveal().partition(".")[2],
        held.access_token.reveal(),
        held.refresh_token.reveal(),
        renewed.refresh_token.reveal(),
        done.code.reveal(),
        done.request.state_verifier.reveal(),
    ]
    search = Search({"secret": values, "client secret": [CLIENT_SECRET]}, client_id=CLIENT_ID)
    assert search.look("\n".join(relay.log).encode(), "log") == []
    assert search.look(caplog.text.encode(), "logs") == []
    kept = [found for found in gc.get_objects() if isinstance(found, Credentials)]
    assert relay.credentials in kept
    assert search.look(repr([vars(each) for each in kept]).encode(), "what the relay remembers") == []
    assert relay.log[:3] == [
        "/token code 200 tenant -",
        f"/token refresh 200 tenant {COMPANY}",
        f"/token service 401 tenant {COMPANY}",
    ]


def test_no_message_to_the_relay_shows_what_it_carries(server: PracticeServer) -> None:
    done = sign_in(server)
    shown = repr([done, Attempt(done.request.state_verifier, AccountKind.USER), done.attempt])
    for secret in (done.code, done.request.state, done.request.state_verifier):
        assert secret.reveal() not in shown
