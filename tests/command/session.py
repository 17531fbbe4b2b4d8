"""The program as whole processes, with a vault whose key a real gnome-keyring holds."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.keychain_session import KeychainSession, keychain_session
from tests.vault.at_practice import KEY

ROOT = Path(__file__).resolve().parents[2]

_STORE_KEY = """
import sys
from keyring.backends.SecretService import Keyring
for service in sys.argv[1:]:
    Keyring().set_password(service, "sealing-key", sys.stdin.readline().strip())
"""


@dataclass
class Session:
    """A user of their own: home, keychain with the tests' key, and the program.

    Attributes:
        vault_file: where the program keeps connections; `practice_file`, those of practice.
    """

    keychain: KeychainSession

    @property
    def vault_file(self) -> Path:
        return self.keychain.home / "data" / "setup-assistant" / "connections.db"

    @property
    def practice_file(self) -> Path:
        return self.vault_file.with_name("practice.db")

    def run(self, *words: str, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        """The program with `typed` on its standard input, waited for."""
        return subprocess.run(
            [sys.executable, "-m", "assistant", "--lang", "en", *words],
            cwd=ROOT,
            env=self.environment | variables,
            input=typed,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    def start(self, *words: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
        """The program, not waited for."""
        return subprocess.Popen(
            [sys.executable, "-m", "assistant", "--lang", "en", *words],
            cwd=ROOT,
            env=self.environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.keychain.environment}


@contextmanager
def session(*, locked: bool = False) -> Iterator[Session]:
    """A user whose keychain has the key of `tests.vault.at_practice`."""
    with keychain_session() as keychain:
        text = base64.b64encode(KEY).decode()
        subprocess.run(
            [sys.executable, "-c", _STORE_KEY, "setup-assistant", "setup-assistant (practice)"],
            env={**os.environ, **keychain.environment},
            input=f"{text}\n{text}\n",
            encoding="utf-8",
            check=True,
            timeout=30,
        )
        if locked:
            keychain.lock()
        yield Session(keychain)
