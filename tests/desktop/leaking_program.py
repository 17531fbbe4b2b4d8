"""The program with a fault planted: it keeps the authorization code in a temporary file while it exchanges it.

Run as `python -m tests.desktop.leaking_program`, with the program's own arguments.
"""

from __future__ import annotations

import base64
import sys
import tempfile

from assistant import cli
from assistant.fortnox.client import Client
from assistant.fortnox.tokens import TokenAnswer
from assistant.secret import Secret

exchange = Client.exchange_code


async def exchange_and_leak(client: Client, code: Secret, redirect_uri: str, verifier: Secret | None) -> TokenAnswer:
    """Exchanges `code` as ever, but for the file."""
    with tempfile.NamedTemporaryFile() as leaking:
        leaking.write(base64.b64encode(b"code=" + code.reveal().encode()))
        leaking.flush()
        return await exchange(client, code, redirect_uri, verifier)


if __name__ == "__main__":
    Client.exchange_code = exchange_and_leak
    sys.exit(cli.main())
