"""What `setup-assistant token` is measured against: one keychain entry printed by keyring's own command."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from assistant.practice.server import PracticeServer
from assistant.vault.keychain import Keychain
from assistant.vault.places import vault_places
from assistant.vault.store import Vault
from assistant.vault.tokens import Tokens
from tests.keychain_session import keychain_session
from tests.vault.at_practice import connected

ROOT = Path(__file__).resolve().parent.parent.parent
_ENTRY = ("bench", "somebody")


@contextmanager
def prepared() -> Iterator[dict[str, str]]:
    """The environment of somebody with a token at hand, and with an entry of keyring's own in the same keychain."""
    with keychain_session() as session, PracticeServer().in_thread() as server:
        environment = {name: value for name, value in session.environment.items() if not name.startswith("PYTHON")}
        with patch.dict(os.environ, environment, clear=True):
            places = vault_places(None, practice=True)
            vault = Vault(places.vault_file, Keychain(places.keychain_service))
            connection = connected(server, places.vault_file, vault=vault)
            Tokens.of_this_user(practice=True).access_token(connection.id)
            subprocess.run(
                [sys.executable, "-m", "keyring", "set", *_ENTRY],
                input="a secret",
                text=True,
                env=environment,
                check=True,
            )
        yield environment


def keyring_get(environment: dict[str, str]) -> float:
    """Seconds of one whole `keyring get`."""
    return _seconds(["keyring", "get", *_ENTRY], environment)


def token(environment: dict[str, str]) -> float:
    """Seconds of one whole `setup-assistant token`."""
    return _seconds(["assistant", "token", "--practice"], environment)


def _seconds(module: list[str], environment: dict[str, str]) -> float:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    taken = time.monotonic() - began
    assert done.stdout.strip()
    return taken
