"""The row of the authorization page, in the real engine: prints what was seen of every fault as JSON.

    python -m tests.matrix.page_process [FAULT...]

The engine shuts down with its application, so this runs in a process of its own.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from typing import Any
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication, Qt, qInstallMessageHandler, qVersion
from PySide6.QtWidgets import QApplication

from assistant.fortnox.account import AccountKind
from assistant.fortnox.authorization import AuthorizationRequest, new_authorization
from assistant.fortnox.endpoints import Endpoints
from assistant.language import use
from assistant.practice.server import PracticeServer
from assistant.problems.catalogue import problem
from assistant.window import chromium
from assistant.window.paint_watch import LONGEST_MS
from tests import provoking
from tests.matrix.front import NetworkFault, front
from tests.practice.browser import CLIENT_ID, REDIRECT_URI
from tests.window.browser_process import Run, heard, qt_messages

SHOWN, NO_FAULT = "page shown", "not a fault here"
LIMIT = LONGEST_MS / 1000
"""Seconds until the browser has said something: no page at all, or one with nothing on it."""
WITHOUT_PROBLEM = {NetworkFault.HTML: NO_FAULT, NetworkFault.OVERSIZED: SHOWN}
"""A page is what is asked for; and the engine does not tell how large one is."""
NOTICE_SECONDS = 2.0
"""How long after a page a notice above it may come: the load has to end first."""


def struck(fault: NetworkFault) -> dict[str, Any]:
    """What the browser did when `fault` struck the page's request, as fields of a cell."""
    wrong: list[str] = []
    run = Run(redirect=REDIRECT_URI)
    with PracticeServer().in_thread() as server, front(fault, server.base_url) as spoilt:
        request = _request(server)
        address = urlsplit(request.url)
        begun = time.monotonic()
        run.open(request.url.replace(f"{address.scheme}://{address.netloc}", spoilt.origin, 1))
        run.until(lambda: run.has("stopped") or run.has("page_shown"), LIMIT + 5)
        seconds = time.monotonic() - begun
        run.until(lambda: run.has("stopped") or run.has("refused"), NOTICE_SECONDS)
        said = next((event for event in run.events if event[0] in ("stopped", "refused")), None)
        ends_in, way = (said[1], _way(said[1])) if said else (WITHOUT_PROBLEM.get(fault, SHOWN), "start-over")
        if not run.events:
            wrong.append("it said nothing")
        elif said is None and fault not in WITHOUT_PROBLEM:
            wrong.append("a page was shown that cannot have come")
        if said is not None and said[0] == "refused" and not run.has("page_shown"):
            wrong.append("the page of the refusal cannot be read")
        if not way:
            wrong.append("no way on")
        if bool(spoilt.requests) != fault.arrives:
            wrong.append(f"{len(spoilt.requests)} requests reached the front")
        told = json.dumps([run.events, qt_messages])
        if request.state.reveal() in told or "code_challenge" in told:
            wrong.append("the request's address leaked")
        run.events.clear()
        run.open(_request(server).url)
        if not run.until(lambda: run.has("page_shown"), 30):
            wrong.append("the page did not open once the fault was gone")
    run.end()
    run.window.close()
    return {"fault": fault.value, "ends_in": ends_in, "way": way, "seconds": seconds, "wrong": wrong}


def _request(server: PracticeServer) -> AuthorizationRequest:
    return new_authorization(
        endpoints=Endpoints(**server.endpoints),
        client_id=CLIENT_ID,
        redirect_uri=REDIRECT_URI,
        scopes=("companyinformation",),
        account=AccountKind.SERVICE,
        token=secrets.token_urlsafe,
    )


def _way(code: str) -> str:
    leading = ("try-again", "sign-in-again")
    return next((way.value for way in problem(code).ways if way.value in leading), "")


def main(names: list[str]) -> int:
    """Prints one list."""
    provoking.follow()
    chromium.prepare_environment(os.environ, qt=chromium.qt_version(qVersion()))
    qInstallMessageHandler(heard)
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    application = QApplication(["page-process"])
    use("en")
    told = [struck(fault) for fault in NetworkFault if not names or fault.value in names]
    print(json.dumps(told))
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
