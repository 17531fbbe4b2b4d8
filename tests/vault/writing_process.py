"""Saves in a process of its own without end, as `python -m tests.vault.writing_process FILE`.

Each save puts one number into two rows, the connection's secrets and the client secret, in one transaction.
"""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.secret import Secret
from assistant.vault.connection import Secrets
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from tests.vault.saving_process import KEY


def main(path: str) -> None:
    vault = Vault(Path(path), MemoryKeychain(KEY))
    (connection,) = vault.connections()
    print("ready", flush=True)
    number = 0
    while True:
        number += 1
        secrets = Secrets(refresh_token=Secret(f"{number}"), connection_credential=Secret("x" * (number % 9000)))
        vault.save(connection, secrets, client_secret=Secret(f"{number}"), replacing=connection.id)


if __name__ == "__main__":
    main(*sys.argv[1:])
