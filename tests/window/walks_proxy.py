"""Scenarios of the journey in a company whose proxy wants a password, and where a request meets it before any page."""

from __future__ import annotations

import http.client
import os
import ssl
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.redirect import RedirectUri
from assistant.journey import Step
from assistant.practice.integration import PracticeIntegration
from assistant.practice.server import PracticeServer
from assistant.problems import Way
from assistant.secret import Secret
from assistant.support.preflight import Probe, Verdict
from assistant.window.hands import click
from assistant.window.proxy_panel import ProxyPanel
from assistant.window.session import Setting
from tests.loopback.test_binding import free_port
from tests.outside import browse
from tests.walking import visit
from tests.window.browser_outside import trust
from tests.window.secure_network import Authority, Proxy
from tests.window.walk import Stage, scenario
from tests.window.walker import Walker
from tests.window.walks_own_browser import over

HOST = "sign-in.test"
SECRET = "a-secret-of-this-scenario"
RIGHT, WRONG = "Basic YW5uYTpyaWdodA==", "Basic YW5uYTp3cm9uZw=="  # anna:right, anna:wrong


class Company:
    """Practice behind https://sign-in.test, which only a proxy with the password "anna:right" leads to."""

    def __init__(self, stage: Stage, server: PracticeServer) -> None:
        site = Authority(stage.folder, organisation="Sajten")
        front = _front(server, site.issue(HOST))
        self.proxy = Proxy(to=front.server_port, password="anna:right")
        os.environ["https_proxy"] = self.proxy.address
        os.environ["SSL_CERT_FILE"] = str(site.root)
        trust(site)
        own = server.base_url
        there = {name: address.replace(own, f"https://{HOST}") for name, address in server.endpoints.items()}

        def set_up(setting: Setting) -> Setting:
            home = RedirectUri(server.integration.redirect_uris[0])
            integration = replace(setting.integration, endpoints=Endpoints(**there), redirect_uri=home)
            return replace(setting, integration=integration, client_secret=Secret(SECRET), practise=False)

        stage.alter, stage.server = set_up, server

    @property
    def credentials(self) -> list[str]:
        """What came with each request to be let through, first to last; no two alike in a row."""
        given = [credentials for _, credentials in self.proxy.asked]
        return [one for number, one in enumerate(given) if number == 0 or given[number - 1] != one]


def _front(server: PracticeServer, certificate: Path) -> ThreadingHTTPServer:
    """TLS in front of `server`, which knows itself by its own name alone."""

    class Front(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            own = f"127.0.0.1:{server.run.port}"
            headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "origin")}
            onward = http.client.HTTPConnection(own, timeout=20)
            onward.request(self.command, self.path, sent, {**headers, "Host": own, "Connection": "close"})
            answer = onward.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_words: Any) -> None:
            pass

    front = ThreadingHTTPServer(("127.0.0.1", 0), Front)
    front.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    front.socket = context.wrap_socket(front.socket, server_side=True)
    threading.Thread(target=front.serve_forever, daemon=True).start()
    return front


def practice(stage: Stage) -> PracticeServer:
    """A server for the integration of the tour, with a redirect URI on this computer."""
    from assistant.window.tour import practice_setting

    used = practice_setting(stage.folder).integration
    return PracticeServer(
        PracticeIntegration(
            client_id=used.client_id,
            client_secret=SECRET,
            redirect_uris=(f"http://localhost:{free_port()}/callback",),
            scopes=used.scopes,
            service_accounts=True,
            name=used.name,
            vendor=used.vendor,
        )
    )


async def typed(walker: Walker, password: str, *, question: int) -> dict[str, object]:
    """A person at the question of that number, with keys; what it said before."""

    def asked() -> bool:
        asking = walker.window._asking
        return walker.window.proxy_panel is not None and asking is not None and sum(asking._asked.values()) == question

    await walker.until(asked, f"question {question} for the password")
    panel = walker.window.proxy_panel
    assert isinstance(panel, ProxyPanel)
    await walker.until(panel.isVisible, "the question on the screen")
    footer = walker.window.frame.footer
    said = {
        "title": panel.title.text(),
        "error": panel.password.error,
        "proxy": panel._proxy,
        "focus": (panel.password if panel.user.text() else panel.user).line.hasFocus(),
        "way out": footer.cancel.isVisible(),
        "other buttons": [each.text() for each in (footer.back, footer.second, footer.filled) if each.isVisible()],
        "modal": panel.isModal(),
    }
    if not panel.user.text():
        QTest.keyClicks(panel.user.line, "anna")
    QTest.keyClicks(panel.password.line, password)
    QTest.keyClick(panel.password.line, Qt.Key.Key_Return)
    return said


async def looked(walker: Walker, verdict: Verdict) -> None:
    welcome = walker.window.wizard.welcome

    def found() -> bool:
        finding = welcome._findings.get(Probe.INTERNET)
        return finding is not None and finding.verdict is verdict

    await walker.until(found, f"the look at the internet: {verdict.value}")


async def press_row(walker: Walker) -> str:
    """Presses the button in the row of the internet; what it says."""
    button = walker.window.wizard.welcome._rows[Probe.INTERNET]._button
    said = button.text()
    await click(button)
    return said


@scenario
async def proxy_on_the_first_page(stage: Stage) -> None:
    """The first page's look meets the proxy; what is typed there serves the sign-in page too."""
    with practice(stage).in_thread() as server:
        company = Company(stage, server)
        async with stage.window() as walker:
            await looked(walker, Verdict.WRONG)
            button = await press_row(walker)
            first = await typed(walker, "wrong", question=1)
            await walker.until(lambda: company.credentials[-1] == WRONG, "another look")
            await looked(walker, Verdict.WRONG)
            await press_row(walker)
            second = await typed(walker, "right", question=2)
            await looked(walker, Verdict.FINE)
            walker.mark(
                "looked", button=button, first=first, second=second, credentials=company.credentials,
                proxy=f"127.0.0.1:{company.proxy.port}",
            )  # fmt: skip
            await walker.to(Step.SIGN_IN)
            browser = walker.window.wizard.sign_in.browser
            assert browser is not None
            shown: list[bool] = []
            browser.page_shown.connect(lambda: shown.append(True))
            await walker.until(lambda: shown or browser.proxy_panel.isVisible(), "Fortnox's page")
            walker.mark("sign-in", asked=browser.proxy_panel.isVisible(), host=browser.strip.address._place.host)


@scenario
async def proxy_at_the_exchange(stage: Stage) -> None:
    """With the own browser no page of ours meets the proxy: the exchange does, and the code is not lost."""
    with practice(stage).in_thread() as server:
        company = Company(stage, server)
        async with stage.window() as walker:
            await looked(walker, Verdict.WRONG)
            await walker.to(Step.SIGN_IN)
            address = await over(walker)
            answered = await browse(address.replace(f"https://{HOST}", server.base_url), *visit())
            assert urlsplit(answered.address).path == "/callback"
            asked_at = walker.state.step.value, walker.state.problem and walker.state.problem.code
            first = await typed(walker, "wrong", question=1)
            second = await typed(walker, "right", question=2)
            await walker.at(Step.CONFIRM)
            walker.mark("confirm", asked_at=asked_at, first=first, second=second, credentials=company.credentials)
            await walker.main()
            await walker.at(Step.DONE)
            walker.mark("done", panel=walker.window.proxy_panel is not None)


@scenario
async def proxy_password_not_known(stage: Stage) -> None:
    """Who has no password sees the problem, and can still ask for the question again."""
    with practice(stage).in_thread() as server:
        Company(stage, server)
        async with stage.window() as walker:
            await looked(walker, Verdict.WRONG)
            await walker.to(Step.SIGN_IN)
            address = await over(walker)
            await browse(address.replace(f"https://{HOST}", server.base_url), *visit())
            await walker.until(lambda: walker.window.proxy_panel is not None, "the question")
            panel = walker.window.proxy_panel
            assert panel is not None
            QTest.mouseClick(panel.give_up, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
            await walker.until(walker.window.wizard.problem.isVisible, "the problem page")
            ways = [way.value for way in walker.window.wizard.problem.ways]
            await walker.way(Way.TRY_AGAIN)
            await walker.until(lambda: walker.steps[-2:] == ["checking", "problem"], "another try")
            again = walker.window.proxy_panel is not None
            await walker.way(Way.PROXY_PASSWORD)
            said = await typed(walker, "right", question=3)
            await walker.at(Step.CONFIRM)
            walker.mark("confirm", ways=ways, again=again, said=said)
