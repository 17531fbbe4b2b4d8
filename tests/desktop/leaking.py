"""Leaks what it reads from standard input in one place: `python -m tests.desktop.leaking PLACE FOLDER`.

It shows that the search for leaks finds them.
"""

from __future__ import annotations

import base64
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

LONG_ENOUGH = "0.5"  # seconds a short-lived leak is there


def leak(place: str, folder: Path, secret: str) -> None:
    """Leaks `secret` in `place`."""
    match place:
        case "standard output":
            print(base64.b64encode(b"id:" + secret.encode()).decode())
        case "standard error":
            print(f"Traceback: {secret!r}", file=sys.stderr)
        case "file":
            (folder / "state.json").write_text(f'{{"code": "{secret}"}}', encoding="utf-16")
        case "deleted file":
            path = folder / "tmp-1"
            path.write_text(secret.encode().hex())
            time.sleep(float(LONG_ENOUGH))
            path.unlink()
        case "file name":
            (folder / secret).touch()
        case "journal":
            with closing(sqlite3.connect(folder / "vault.db", isolation_level=None)) as store:
                store.execute("CREATE TABLE kept (text)")
                store.execute("INSERT INTO kept VALUES (?)", [secret])
                store.execute("PRAGMA secure_delete = ON")
                store.execute("BEGIN")
                store.execute("DELETE FROM kept")
                time.sleep(float(LONG_ENOUGH))
                store.execute("COMMIT")
        case "child's arguments":
            subprocess.run(["sh", "-c", f"sleep {LONG_ENOUGH}; true", secret], check=True)
        case "child's environment":
            subprocess.run(["sleep", LONG_ENOUGH], env={**os.environ, "TOKEN": secret}, check=True)
        case _:
            raise ValueError(place)


if __name__ == "__main__":
    leak(sys.argv[1], Path(sys.argv[2]), sys.stdin.read())
