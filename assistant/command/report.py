"""`setup-assistant report`: the support file, written or printed."""

from __future__ import annotations

import errno
import json
import os
import secrets
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from assistant.command.doctor import self_test, this_world
from assistant.language import _, current
from assistant.problems import stop
from assistant.support.journal.reading import attempts
from assistant.support.journal.writing import KEPT, journal_folder
from assistant.support.report import IntegrationFacts, SupportFile, file_language, render_html
from assistant.support.report import as_json as support_json
from assistant.support.report.model import this_environment


def report(*, integration_file: Path | None, practice: bool, test_server: bool, out: Path | None, as_json: bool) -> int:
    """Runs the self-test and writes the support file: to `out`, else to a new file in the current folder.

    `as_json`: as JSON, to standard output unless `out` names a file.

    Raises:
        ProblemError: COPY-02, the file cannot be written.
    """
    with this_world(integration_file, practice=practice, test_server=test_server) as (world, places):
        integration, done = world.integration, self_test(world)
    made_at = datetime.now(UTC)
    file = SupportFile(
        made_at=made_at,
        environment=this_environment(current().code, self_test=done),
        integration=IntegrationFacts.of(integration) if integration is not None else None,
        self_test=done,
        attempts=attempts(journal_folder(places.state_file), most=KEPT),
        practice=practice,
    )
    if as_json:
        content = json.dumps(support_json(file), indent=2) + "\n"
        if out is None:
            sys.stdout.write(content)
            return 0
    else:
        content = render_html(file, file_language(integration))
    target = out or Path(f"support-{made_at.astimezone():%Y-%m-%d-%H%M}.html")
    _write(target, content.encode())
    print(_("The support file is saved: {file}", file=target))
    return 0


def _write(target: Path, content: bytes) -> None:
    """Whole or not at all, for its owner alone; an older file of that name is replaced.

    Raises:
        ProblemError: COPY-02.
    """
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with open(handle, "wb") as stream:
            stream.write(content)
        beside.replace(target)
    except OSError as failure:
        with suppress(OSError):
            beside.unlink()
        raise stop("COPY-02", details={"errno": errno.errorcode.get(failure.errno or 0)}) from None
