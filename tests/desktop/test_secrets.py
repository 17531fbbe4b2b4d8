"""No secret of a whole connection stands anywhere it must not: in output, files, arguments or environments."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.desktop.accessibility import wait_until
from tests.desktop.canaries import CLIENT_ID, CLIENT_SECRET, START_PAGE, VARIABLE, CanaryServer
from tests.desktop.desktop import Desktop
from tests.desktop.program import CHECKOUT, Program, listed, program
from tests.desktop.walking import OPEN, confirm, sign_in
from tests.leaks import Leak, Search

# Another process that may read the keychain: says what the rows hold without showing it, and the key itself.
_OPEN = """
import base64, hashlib, json, sys
from assistant.vault.keychain import Keychain
from assistant.vault.places import vault_places
from assistant.vault.store import Vault
places = vault_places(None, practice=False)
keychain = Keychain(places.keychain_service)
vault = Vault(places.vault_file, keychain)
(connection,) = vault.connections()
refresh_token = vault.secrets(connection.id).refresh_token
client_secret = vault.client_secret(connection.endpoints.authorize_host, connection.client_id)
digest = lambda secret: secret and hashlib.sha256(secret.reveal().encode()).hexdigest()
key = keychain.key()
print(json.dumps([digest(refresh_token), digest(client_secret), key.hex(), base64.b64encode(key).decode()]))
"""


def walk(window: Program, server: CanaryServer, *, source: str) -> None:
    """The whole journey, with the password typed, and the activation key where it is asked for."""
    window.screen.wait_for("Start")
    window.keyboard.choose("Start", role="push button")
    window.screen.wait_for("Sign in to Fortnox")
    if source == "ask":
        window.keyboard.tab_to("Activation key from")
        window.keyboard.type(CLIENT_SECRET)
    window.keyboard.choose("Sign in to Fortnox", role="push button")
    window.screen.wait_for("Password")
    sign_in(window, password=server.issued.passwords["anna"])
    confirm(window)
    window.keyboard.choose(OPEN)


def leaks_of(here: Desktop, window: Program, search: Search, *, source: str) -> list[Leak]:
    """All that `search` finds of a run that is over."""
    places = [
        ("output", window.output),
        ("addresses opened", "\n".join(here.opened).encode()),
        ("environment of the opener", here.openers_environment),
        *window.watch.evidence(own_environment=source != "environment"),
    ]
    return search.look_all(places)


def opened_rows(here: Desktop) -> tuple[str | None, str | None, list[str]]:
    """Digests of the refresh token and the client secret in the vault, and the sealing key as it may be written."""
    done = subprocess.run(
        [sys.executable, "-c", _OPEN],
        env=here.environment,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    refresh_token, client_secret, *key = json.loads(done.stdout)
    return refresh_token, client_secret, key


@pytest.mark.parametrize(
    ("source", "account"),
    [
        ("environment", "user"),
        pytest.param("file", "service", marks=pytest.mark.long),
        pytest.param("ask", "service", marks=pytest.mark.long),
    ],
)
def test_no_secret_is_left_lying(here: Desktop, tmp_path: Path, source: str, account: str) -> None:
    with CanaryServer().in_thread() as server:
        file = server.integration_file(tmp_path, source=source, account=account)
        environment = {VARIABLE: CLIENT_SECRET} if source == "environment" else {}
        with program(here, "--integration", str(file), environment=environment) as window:
            walk(window, server, source=source)
            wait_until(lambda: here.opened and here.openers_environment, lambda: "the start page")
            assert window.close() == 0
        (connection,) = listed(here, "--integration", str(file))
        assert connection["account"] == account
        assert here.opened == [START_PAGE]
        assert len(window.watch.children) > 1  # the engine's processes were looked at
        refresh_token, client_secret, key = opened_rows(here)
        secrets = server.secrets() | {"sealing key": key}
    assert client_secret == sha256(CLIENT_SECRET.encode()).hexdigest()
    if account == "user":
        assert refresh_token == sha256(server.issued.refresh_tokens[-1].encode()).hexdigest()
    else:
        assert refresh_token is None
    assert leaks_of(here, window, Search(secrets, client_id=CLIENT_ID), source=source) == []


@pytest.mark.long
def test_a_leak_planted_in_the_program_itself_is_found(here: Desktop, tmp_path: Path) -> None:
    """The proof that the search above would have found something."""
    with CanaryServer().in_thread() as server:
        server.switches = replace(server.switches, latency=0.3)
        file = server.integration_file(tmp_path, source="file", account="service")
        command = (sys.executable, "-m", "tests.desktop.leaking_program")
        with program(here, "--integration", str(file), command=command) as window:
            walk(window, server, source="file")
            assert window.close() == 0
        found = leaks_of(here, window, Search(server.secrets(), client_id=CLIENT_ID), source="file")
    assert {(leak.kind, leak.encoding) for leak in found} == {("authorization code", "base64")}
