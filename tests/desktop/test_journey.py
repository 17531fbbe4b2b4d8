"""The whole journey in the real window, by keyboard alone, seen through the accessibility bus."""

from __future__ import annotations

import subprocess
import sys

from tests.desktop.desktop import Desktop
from tests.desktop.program import CHECKOUT, Program, listed, program

COMPANY = "Björkdalens Trävaror AB"

# Run where the keychain is: says how many sealed rows the key in it opens.
_OPEN_ROWS = """
from assistant.vault.keychain import Keychain
from assistant.vault.places import vault_places
from assistant.vault.store import Vault
places = vault_places("se.exempelbolaget.lagerkoll", practice=True)
vault = Vault(places.vault_file, Keychain(places.keychain_service))
for connection in vault.connections():
    vault.secrets(connection.id)
    print(bool(vault.client_secret(connection.endpoints.authorize_host, connection.client_id)))
"""


def to_sign_in(window: Program) -> None:
    """From the first page to the sign-in page of practice."""
    for page in ("Start", "Continue", "Sign in to Fortnox"):
        window.screen.wait_for(page)
        window.keyboard.choose(page, role="push button")


def sign_in(window: Program, *, person: str = "Anna Björkdal", company: str = COMPANY) -> None:
    """Signs in at practice and approves, by Tab and Enter in the page."""
    window.screen.wait_for("Choose who you want to be. The password is filled in.")
    window.keyboard.choose(f"Sign in as {person}")
    window.screen.wait_for("Choose the company")
    choice = next(part for part in window.screen.parts() if part.role == "push button" and part.name.startswith(company))
    window.keyboard.choose(choice.name)
    window.screen.wait_for("Approve")
    window.keyboard.choose("Approve")


def test_a_company_is_connected_by_keyboard_alone(here: Desktop) -> None:
    with program(here, "--practice") as window:
        to_sign_in(window)
        sign_in(window)
        window.screen.wait_for("Is this the right company?")
        window.keyboard.press("Return")
        window.keyboard.press("Return")
        assert listed(here, "--practice") == []
        assert window.screen.shows("Is this the right company?")
        window.keyboard.choose(f"Yes, connect {COMPANY}")
        window.screen.wait_for("Open start page")
        window.keyboard.choose("Open start page")
        print(window.screen.names())
        assert window.close() == 0
    print(window.output.decode())
