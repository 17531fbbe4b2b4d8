"""Saves in a process of its own, as `python -m tests.vault.saving_process FILE MODE`; its key is the tests' own.

MODE `rotate` saves ever new secrets for the one connection there is until it is killed, and prints each number once it
is stored. MODE `add:NAME:COUNT` adds COUNT connections of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.secret import Secret
from assistant.vault.connection import Secrets
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from tests.vault.samples import service

KEY = bytes(range(32))


def main(path: str, mode: str) -> None:
    vault = Vault(Path(path), MemoryKeychain(KEY))
    print("ready", flush=True)
    if mode == "rotate":
        (connection,) = vault.connections()
        number = 0
        while True:
            number += 1
            secrets = Secrets(
                refresh_token=Secret(f"refresh-{number}"), connection_credential=Secret(f"{number}" * 2000)
            )
            vault.save(connection, secrets, client_secret=Secret(f"client-{number}"), replacing=connection.id)
            print(number, flush=True)
    _, name, count = mode.split(":")
    for number in range(int(count)):
        vault.save(service(tenant_id=f"{name}{number}"), Secrets(connection_credential=Secret(f"{name}{number}")))


if __name__ == "__main__":
    main(*sys.argv[1:])
