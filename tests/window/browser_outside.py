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
