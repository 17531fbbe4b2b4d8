"""Runs the program as its own process from step 4 on, against any sign-in page, and reads where it went."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.integration.files import changed, toml
from tests.window.walked import ROOT, environment

Run = Callable[..., list[dict[str, Any]]]


def run_program(
    folder: Path,
    authorize: str,
    *,
    secret: str = "secret",
    environ: Mapping[str, str] | None = None,
    module: Sequence[str] = ("tests.window.resumed_process", "1500"),
    redirect_uri: str = "https://lagerkoll.example/activation",
) -> list[dict[str, Any]]:
    """The states that the journey showed, as `resumed_process` notes them.

    Args:
        folder: where its files and its home go.
        authorize: the address of the sign-in page; the other endpoints are on its server.
        secret: the client secret, given to the program in its environment.
        environ: more of its environment.
        module: what is run, with its own first arguments.
        redirect_uri: as registered.
    """
    tree = changed({"integration.redirect_uri": redirect_uri})
    for table in ("relay", "browser"):
        tree.pop(table, None)
    tree["client_secret"] = {"from": "environment", "variable": "LAGERKOLL_SECRET"}
    origin = authorize.rpartition("/")[0]
    others = {name: f"{origin}/{name}" for name in ("token", "revoke", "migrate")}
    tree["endpoints"] = {"authorize": authorize, "api": origin, **others}
    file, log = folder / "integration.toml", folder / "log"
    file.write_text(toml(tree), encoding="utf-8")
    command = [sys.executable, "-m", *module, str(log), "--integration", str(file), "--lang", "en"]
    ended = subprocess.run(
        [*command, "--resume", "sign-in"],
        cwd=ROOT,
        env=environment(folder / "home") | {"LAGERKOLL_SECRET": secret} | dict(environ or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    assert log.exists(), ended.stderr
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
