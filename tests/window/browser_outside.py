"""Scenarios of the sign-in browser in a company's network: certificates, proxies; and what a page may not do.

    python -m tests.window.browser_outside SCENARIO [ARGUMENT]

They run as those of `browser_process` do. Pages are served over TLS; a proxy leads https://sign-in.test to them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from assistant.window.waiting import Delays
from tests.window import browser_process
from tests.window.browser_process import Run, does
from tests.window.secure_network import Authority, Proxy
from tests.window.sign_in_pages import Pages

HOST = "sign-in.test"
SITE = f"https://{HOST}"


class Company:
    """A company's network, with the environment of this process set to go through its proxy."""

    def __init__(self, *, trusted: bool = True, intercepts: bool = False, **proxy: Any) -> None:
        folder = Path(tempfile.mkdtemp())
        self.site = Authority(folder, organisation="Sajten")
        self.guard = Authority(folder, organisation="Brandvägg AB")
        self.pages = Pages(certificate=self.site.issue(HOST))
        self.proxy = Proxy(to=self.pages.port, intercepts=self.guard if intercepts else None, **proxy)
        os.environ["https_proxy"] = self.proxy.address
        if trusted:
            trust(self.guard if intercepts else self.site)

    def told(self, run: Run) -> None:
        run.events.append(["proxy", f"127.0.0.1:{self.proxy.port}"])
        run.events.append(["asked", self.proxy.asked])
        run.events.append(["site saw", self.pages.paths])


def trust(authority: Authority) -> None:
    """Puts `authority` into the person's NSS database, as the remedy of WEB-23 says."""
    database = Path(os.environ["HOME"], ".pki", "nssdb")
    database.mkdir(parents=True)
    subprocess.run(["certutil", "-d", f"sql:{database}", "-N", "--empty-password"], check=True)
    add = ["-A", "-t", "C,,", "-n", "company-root", "-i", str(authority.root)]
    subprocess.run(["certutil", "-d", f"sql:{database}", *add], check=True)


def through_proxy(_: str) -> Run:
    company, run = Company(), Run()
    run.shown(f"{SITE}/plain")
    company.told(run)
    return run


def intercepted(trusted: str) -> Run:
    company, run = Company(trusted=bool(trusted), intercepts=True), Run()
    run.open(f"{SITE}/plain")
    run.wait("page_shown" if trusted else "stopped")
    company.told(run)
    return run


def typed(run: Run, user: str, password: str) -> None:
    """A person at the panel, with keys."""
    panel = run.browser.proxy_panel
    run.until(panel.isVisible)
    run.events.append(["panel", panel.isVisible(), panel.password.error, panel.title.text()])
    if not panel.isVisible():
        return
    run.turn(100)
    QTest.keyClicks(panel.user.line, "" if panel.user.text() else user)
    QTest.keyClick(panel.user.line, Qt.Key.Key_Return)
    QTest.keyClicks(panel.password.line, password)
    QTest.keyClick(panel.password.line, Qt.Key.Key_Return)
    run.turn(100)


def proxy_password(passwords: str) -> Run:
    """Types each of `passwords`; then a second sign-in in the same window."""
    company, run = Company(password="anna:right"), Run()
    run.open(f"{SITE}/plain")
    for password in passwords.split():
        typed(run, "anna", password)
    run.until(lambda: run.has("page_shown") or run.has("stopped"))
    if run.has("page_shown"):
        asked = len(company.proxy.asked)
        run.open(f"{SITE}/again")
        run.wait("page_shown", 2)
        run.events.append(["panel again", run.browser.proxy_panel.isVisible(), len(company.proxy.asked) > asked])
    company.told(run)
    return run


def proxy_given_up(_: str) -> Run:
    company, run = Company(password="anna:right"), Run()
    run.open(f"{SITE}/plain")
    run.until(run.browser.proxy_panel.isVisible)
    QTest.mouseClick(run.browser.proxy_panel.give_up, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    run.wait("stopped")
    company.told(run)
    return run


def proxy_wants(offer: str) -> Run:
    company, run = Company(password="a:b", offers=tuple(offer.split(";"))), Run()
    run.open(f"{SITE}/plain")
    run.wait("stopped")
    company.told(run)
    return run


def proxy_refuses(status: str) -> Run:
    company, run = Company(refuses=status), Run()
    run.open(f"{SITE}/plain")
    run.wait("stopped")
    company.told(run)
    return run


def proxy_gone(_: str) -> Run:
    os.environ["https_proxy"] = "http://127.0.0.1:2"
    run = Run()
    run.open(f"{SITE}/plain")
    run.wait("stopped")
    return run


def renderer_killed(times: str) -> Run:
    run = Run()
    run.shown("/plain")
    for turn in range(int(times)):
        os.kill(run.browser._attempt.page.renderProcessPid(), signal.SIGKILL)  # type: ignore[union-attr]
        if turn:
            run.wait("stopped")
        else:
            run.until(lambda: run.pages.paths.count("/plain") == 2)
            run.turn(1_000)
    return run


def engine_process_missing(_: str) -> Run:
    from assistant.window.browser import sign_in

    sign_in.engine_process = lambda: Path("/nowhere/QtWebEngineProcess")  # type: ignore[assignment]
    run = Run()
    run.open("/plain")
    run.wait("stopped")
    return run


def no_handler(_: str) -> Run:
    """The real way out of the window, on a computer without BankID."""
    run = Run()
    from assistant.window.scheme_handlers import open_outside

    run.browser._opener = open_outside
    run.shown("/script?to=bankid%3A%2F%2F%2F%3Fautostarttoken%3Dx")
    run.wait("refused")
    return run


def clicked(js: str) -> Run:
    """A page that does `js` when it is clicked: what an engine lets happen only then."""
    run = does(f"document.body.innerHTML='<h1>x</h1>';document.onclick=()=>{{{js}}}")
    run.click()
    run.until(lambda: "/after" in [path.partition("?")[0] for path in run.pages.paths])
    run.turn(300)
    return run


def slow_page(_: str) -> Run:
    """A first page that takes five seconds, seen from a person's chair; the wait is told faster than usual."""
    run = Run()
    wait = run.browser.first_load
    wait.waiting._delays = Delays(verb=0.2, slow=0.6, way_out=1.0)

    def seen(moment: str) -> None:
        parts = (wait.waiting._verb, wait.waiting._slow, wait.waiting._way_out, wait.waiting._button)
        where = [list(part.geometry().getRect()) for part in (run.browser.strip, run.browser._stack)]
        said = [part.text() for part in parts if part.isVisible()]
        focus = QApplication.focusWidget()
        inside = focus is not None and wait.isAncestorOf(focus)
        run.events.append(["wait", moment, wait.isVisible(), said, where, inside])

    run.open("/slow")
    seen("at once")
    for reached in (1, 2, 3):
        run.until(lambda reached=reached: wait.waiting.reached == reached, 4)  # type: ignore[misc]
        seen(str(reached))
    QTest.mouseClick(wait.waiting._button, Qt.MouseButton.LeftButton)
    run.wait("page_shown")
    seen("there")
    run.click()
    return run


def quick_page(_: str) -> Run:
    """A first page that comes at once: of a wait nothing is ever drawn."""
    run = Run()
    wait = run.browser.first_load
    run.shown("/plain")
    run.events.append(["wait", wait.isVisible(), wait.waiting.reached])
    run.turn(500)
    run.events.append(["wait", wait.isVisible(), wait.waiting.reached])
    return run


def permission(asks: str) -> Run:
    """A page over https that asks for something of the computer, and writes down what it is told."""
    folder = Path(tempfile.mkdtemp())
    site = Authority(folder, organisation="Sajten")
    pages = Pages(certificate=site.issue("127.0.0.1"))
    trust(site)
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = (
        os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "") + " --use-fake-device-for-media-stream"
    )  # a machine without any asks nobody
    run = Run()
    js = f"{asks}.then(()=>fetch(`/heard?given`),no=>fetch(`/heard?`+(no.code==1?1:no.name)))"
    run.open(pages.url(f"/do?js={quote(js)}"))
    run.until(lambda: any(path.startswith("/heard") for path in pages.paths))
    run.events.append(
        ["page heard", next((path.partition("?")[2] for path in pages.paths if path.startswith("/heard")), "")]
    )
    run.turn(300)
    boxes = QApplication.activeModalWidget() or QApplication.activePopupWidget()
    run.events.append(["box", boxes is not None])
    return run


def asks_for_certificate(_: str) -> Run:
    """A server that asks who the person is by certificate, and one is there to be chosen."""
    folder = Path(tempfile.mkdtemp())
    site = Authority(folder, organisation="Sajten")
    pages = Pages(certificate=site.issue("127.0.0.1"), asks_by=site.root)
    trust(site)
    own_certificate(site)
    run = Run()
    run.open(pages.url("/plain"))
    run.until(lambda: run.has("refused") and (run.has("page_shown") or run.has("stopped")))
    run.turn(500)
    run.events.append(["certificates", [given is not None for given in pages.certificates]])
    return run


def own_certificate(authority: Authority) -> None:
    """Puts a certificate of the person's own into their NSS database, with its key."""
    database = f"sql:{Path(os.environ['HOME'], '.pki', 'nssdb')}"
    both, packed = authority.issue("anna", to_person=True), Path(tempfile.mkdtemp()) / "anna.p12"
    subprocess.run(
        ["openssl", "pkcs12", "-export", "-in", str(both), "-out", str(packed), "-passout", "pass:", "-name", "anna"],
        check=True, capture_output=True,
    )  # fmt: skip
    subprocess.run(["pk12util", "-d", database, "-i", str(packed), "-W", ""], check=True, capture_output=True)


def menu(how: str) -> Run:
    """The context menu by mouse or by keyboard, over a field."""
    body = "<input id=i autofocus style='position:fixed;inset:0;font-size:40px' value=x>"
    run = Run()
    run.shown(f"/do?js={quote(f'document.body.innerHTML=`{body}`;document.getElementById(`i`).select()')}")
    run.turn(300)
    if how == "mouse":
        QTest.mouseClick(run.page_widget, Qt.MouseButton.RightButton, pos=QPoint(300, 200))
    else:
        QTest.keyClick(run.page_widget, Qt.Key.Key_Menu)
    run.until(lambda: QApplication.activePopupWidget() is not None)
    popup = QApplication.activePopupWidget()
    run.events.append(["menu", [action.text() for action in popup.actions()] if popup else []])
    if popup:
        popup.close()
    return run


def real_keys(_: str) -> Run:
    """Keys of the window system, through a page with two fields, in and out of it."""
    body = "<h1>x</h1><input id=a autofocus><input id=b>"
    run = Run()
    run.shown(f"/do?js={quote(f'document.body.innerHTML=`{body}`;a.focus()')}")

    def xdotool(*words: str) -> None:
        asked = subprocess.Popen(["xdotool", *words])
        run.until(lambda: asked.poll() is not None, 5)
        run.turn(250)

    def where() -> str:
        focus = QApplication.focusWidget()
        if focus is None:
            return "nowhere"
        if run.browser.strip.isAncestorOf(focus):
            return "strip"
        return "page" if run.browser.isAncestorOf(focus) else focus.property("text") or type(focus).__name__

    xdotool("windowfocus", str(int(run.window.winId())))
    run.browser.focus_page()
    run.turn(250)
    run.events.append(["focus", "start", where()])
    for key in ("Tab", "Tab", "shift+Tab", "shift+Tab", "shift+F6", "F6", "F6", "ctrl+plus", "ctrl+0", "Menu"):
        xdotool("key", "--clearmodifiers", key)
        zoom = round(run.browser._attempt.page.zoomFactor() * 100)  # type: ignore[union-attr]
        run.events.append(["focus", key, where(), zoom])
    menu = QApplication.activePopupWidget()
    run.events.append(["menu", [action.text() for action in menu.actions()] if menu else []])
    if menu:
        menu.close()
    return run


if __name__ == "__main__":
    for _name, _scenario in list(globals().items()):
        setattr(browser_process, _name, _scenario) if callable(_scenario) else None
    sys.exit(browser_process.main())
