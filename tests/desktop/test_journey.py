"""The whole journey in the real window, by keyboard alone, seen through the accessibility bus."""

from __future__ import annotations

import subprocess
import sys
import time

from tests.desktop.accessibility import wait_until
from tests.desktop.desktop import Desktop
from tests.desktop.program import CHECKOUT, listed, program
from tests.desktop.walking import COMPANY, OPEN, confirm, sign_in, to_permissions, to_sign_in

START_PAGE = "https://lagerkoll.example/login"
LONG_ENOUGH = 1.0
"""Seconds in which a press that counted would have shown."""

# Another process that may read the keychain: says what it can open.
_OPEN = """
from assistant.vault.keychain import Keychain
from assistant.vault.places import vault_places
from assistant.vault.store import Vault
places = vault_places(None, practice=True)
vault = Vault(places.vault_file, Keychain(places.keychain_service))
for connection in vault.connections():
    secrets = vault.secrets(connection.id)
    client_secret = vault.client_secret(connection.endpoints.authorize_host, connection.client_id)
    print(connection.account.value, bool(client_secret), bool(secrets.refresh_token))
"""


def opened_with_the_key(here: Desktop) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _OPEN],
        env=here.environment,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return done.stdout.splitlines()


def test_a_company_is_connected_by_keyboard_alone(here: Desktop) -> None:
    with program(here, "--practice") as window:
        to_sign_in(window)
        sign_in(window)
        window.screen.wait_for("Is this the right company?")
        window.keyboard.press("Return")
        window.keyboard.press("space")
        time.sleep(LONG_ENOUGH)
        assert window.screen.shows("Is this the right company?")
        assert listed(here, "--practice") == []
        confirm(window)
        (connection,) = listed(here, "--practice")
        window.keyboard.choose(OPEN)
        wait_until(lambda: here.opened, lambda: "the system's opener to be asked")
        window.keyboard.choose("Close")
        assert window.ended() == 0
    assert here.opened == [START_PAGE]
    assert connection["company_name"] == COMPANY
    assert connection["account"] == "service"
    assert listed(here, "--practice") == [connection]
    assert listed(here) == []  # practice is never shown without being asked for
    assert opened_with_the_key(here) == ["service True False"]
    check_that_a_locked_keychain_loses_nothing(here)


def check_that_a_locked_keychain_loses_nothing(here: Desktop) -> None:
    """A second run lists the connection and says what is locked, and stops where it needs the keychain.

    The list is found by screen readers as a list, its row by company and state, its buttons by name.
    """
    before = listed(here, "--practice")
    here.session.lock()
    with program(here, "--practice") as window:
        window.screen.wait_for("1 company is connected")
        window.screen.wait_for("The computer's password store is locked")
        assert any(name.startswith(f"{COMPANY}. Works.") for name in window.screen.names())
        window.keyboard.choose(f"Check: {COMPANY}", role="push button")
        unreadable = f"{COMPANY}. Can't be read right now."
        wait_until(
            lambda: any(name.startswith(unreadable) for name in window.screen.names()), lambda: "the row to say so"
        )
        window.keyboard.choose("Connect another company", role="push button")
        to_permissions(window)
        window.keyboard.choose("Sign in to Fortnox", role="push button")
        window.screen.wait_for("Unlock")
        assert window.close() == 0
    assert listed(here, "--practice") == before
    assert len(before) == 1
