"""Runs one scenario of the sign-in browser in a process of its own and prints what happened as JSON.

    python -m tests.window.browser_process SCENARIO [ARGUMENT]

The engine shuts down with its application, so one process has one engine; local event loops drive it.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PySide6.QtCore import QCoreApplication, QEventLoop, QPoint, Qt, QTimer, QtMsgType, qInstallMessageHandler, qVersion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from assistant.fortnox.redirect import RedirectUri
from assistant.language import use
from assistant.window import chromium
from tests import provoking
from tests.window.sign_in_pages import CODE, Pages, self_signed

qt_messages: list[str] = []


def heard(kind: QtMsgType, _context: Any, text: str) -> None:
    if kind is not QtMsgType.QtDebugMsg:
        qt_messages.append(text)


class Run:
    """The browser in a window with a footer button, and everything it has said."""

    def __init__(self, *, hosts: list[str] | None = None, redirect: str | None = None, taken: bool = True) -> None:
        from assistant.window.browser import SignInBrowser

        self.pages = Pages()
        self.events: list[list[Any]] = []
        self.opened: list[str] = []

        def opener(url: str) -> bool:
            self.opened.append(url)
            return taken

        self.window = QWidget()
        self.window.resize(900, 600)
        column = QVBoxLayout(self.window)
        self.before = QPushButton("before", self.window)
        self.browser = SignInBrowser(self.window, hosts=hosts, practice=True, own_browser=True, opener=opener)
        self.footer = QPushButton("footer", self.window)
        for part in (self.before, self.browser, self.footer):
            column.addWidget(part)
        self.redirect = redirect or "https://lagerkoll.example/activation"
        for name in (
            "redirected", "host_changed", "page_shown", "handed_over", "start_over_requested", "focus_left", "went_on",
            "gone",
        ):  # fmt: skip
            getattr(self.browser, name).connect(lambda *news, name=name: self.events.append([name, *news]))
        for name in ("refused", "stopped"):
            getattr(self.browser, name).connect(
                lambda what, name=name: self.events.append([name, what.code, dict(what.facts), dict(what.details)])
            )
        self.window.show()
        self.window.activateWindow()

    @property
    def to(self) -> str:
        return f"{self.redirect}?code={CODE}&state=s"

    def open(self, path: str) -> None:
        self.browser.open(self.pages.url(path) if path.startswith("/") else path, RedirectUri(self.redirect))

    def until(self, done: Callable[[], Any], seconds: float = 15) -> bool:
        end = time.monotonic() + seconds
        while not done() and time.monotonic() < end:
            self.turn(30)
        return bool(done())

    def turn(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def has(self, name: str, count: int = 1) -> bool:
        return sum(event[0] == name for event in self.events) >= count

    def wait(self, name: str, count: int = 1, seconds: float = 40) -> None:
        """Waits for an event: long enough for a machine on which much else runs, short of the scenario's own limit."""
        if not self.until(lambda: self.has(name, count), seconds):
            self.events.append(["TIMED OUT", name])

    def shown(self, path: str) -> None:
        """Opens `path` and waits until it can be seen and clicked."""
        self.open(path)
        self.wait("page_shown")
        self.turn(200)

    def click(self) -> None:
        QTest.mouseClick(self.page_widget, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))

    @property
    def page_widget(self) -> QWidget:
        widget = self.browser._attempt.view.focusProxy()  # type: ignore[union-attr]
        assert widget is not None
        return widget

    def end(self) -> None:
        self.browser.shut()
        self.events.append(["gone at last", self.until(lambda: self.browser.is_gone, 5)])


def caught(run: Run, path: str) -> None:
    run.open(path)
    run.wait("redirected")
    run.turn(400)


def by_get(argument: str) -> Run:
    run = Run()
    caught(run, f"/redirect?status={argument}&to={quote(run.to, safe='')}")
    return run


def by_post(argument: str) -> Run:
    run = Run()
    once = quote(run.to, safe="")
    caught(run, f"/post?status={argument}&escaped={quote(once, safe='')}")
    return run


def by_script(_: str) -> Run:
    run = Run()
    caught(run, f"/script?to={quote(run.to, safe='')}")
    return run


def by_click(_: str) -> Run:
    run = Run()
    run.shown(f"/link?to={quote(run.to, safe='')}")
    run.click()
    run.wait("redirected")
    return run


def to_own_server(_: str) -> Run:
    """The redirect URI is the test server's own, so that a request that left would be seen in its log."""
    run = Run()
    run.redirect = run.pages.url("/callback")
    caught(run, f"/redirect?to={quote(run.to, safe='')}")
    return run


def in_frame(_: str) -> Run:
    run = Run()
    run.redirect = run.pages.url("/callback")
    run.shown(f"/frame?to={quote(run.to, safe='')}")
    run.turn(500)
    return run


def frame_redirected(_: str) -> Run:
    run = Run()
    run.redirect = run.pages.url("/callback")
    inner = f"/redirect?to={quote(run.to, safe='')}"
    run.shown(f"/frame?to={quote(inner, safe='')}")
    run.turn(500)
    return run


def other_host(_: str) -> Run:
    """The right path and port on another name of this computer."""
    run = Run()
    run.redirect = f"http://localhost:{run.pages.port}/callback"
    run.shown(f"/redirect?to={quote(run.pages.url('/callback?code=x'), safe='')}")
    return run


def rewritten(registered_and_sent: str) -> Run:
    registered, sent = registered_and_sent.split(" ")
    run = Run(redirect=registered)
    caught(run, f"/redirect?to={quote(sent, safe='')}")
    return run


def in_new_window(_: str) -> Run:
    run = Run()
    run.shown(f"/link?target=_blank&to={quote(run.to, safe='')}")
    run.click()
    run.wait("redirected")
    return run


def pop_up_sign_in(_: str) -> Run:
    """A pop-up that tells the page that opened it, which then redirects."""
    run = Run()
    caught(run, f"/opened?to={quote(run.to, safe='')}")
    return run


def new_window(_: str) -> Run:
    run = Run()
    run.shown("/link?target=_blank&to=/plain")
    run.click()
    run.until(lambda: run.browser.strip.close_page.isVisible())
    run.events.append(["inner", run.browser.strip.close_page.isVisible()])
    run.until(lambda: "/plain" in run.pages.paths)
    run.turn(300)
    run.browser.strip.close_page.click()
    run.turn(300)
    run.events.append(["inner", run.browser.strip.close_page.isVisible()])
    return run


def many_windows(_: str) -> Run:
    run = Run()
    run.open(f"/do?js={quote('for(let i=0;i<6;i++)window.open(`/plain?`+i)')}")
    run.wait("refused")
    run.turn(300)
    return run


def fresh_each_time(_: str) -> Run:
    run = Run()
    run.shown("/cookie")
    run.open("/again")
    run.wait("page_shown", 2)
    storage = quote("location.href='/seen?cookie='+document.cookie+'&store='+localStorage.length")
    run.open(f"/do?js={storage}")
    run.until(lambda: any(path.startswith("/seen") for path in run.pages.paths))
    return run


def does(js: str) -> Run:
    run = Run()
    run.open(f"/do?js={quote(js)}")
    run.wait("page_shown", seconds=8)
    run.turn(600)
    return run


def refused(argument: str) -> Run:
    run = Run()
    run.open(argument)
    run.wait("refused", seconds=8)
    run.turn(300)
    return run


def turned_away(address: str) -> Run:
    """The first page of the attempt is a refusal, which the person reads."""
    run = Run()
    run.open(address)
    run.wait("refused", seconds=8)
    run.wait("page_shown", seconds=8)
    run.browser.reload()
    run.turn(600)
    return run


def turned_away_and_on(address: str) -> Run:
    """The refusal's own page leads on: a server may show its sign-in with such a status."""
    run = Run()
    run.open(address)
    run.wait("went_on", seconds=8)
    run.turn(300)
    return run


def script_to(url: str) -> Run:
    run = Run()
    run.shown(f"/script?to={quote(url, safe='')}")
    run.turn(500)
    return run


def click_to(url: str) -> Run:
    run = Run()
    run.shown(f"/link?to={quote(url, safe='')}")
    run.click()
    run.turn(600)
    return run


def frame_to(url: str) -> Run:
    run = Run()
    run.shown(f"/frame?to={quote(url, safe='')}")
    run.turn(500)
    return run


def no_bankid(_: str) -> Run:
    run = Run(taken=False)
    run.shown(f"/script?to={quote('bankid:///?autostarttoken=x')}")
    run.wait("refused")
    return run


def strict(hosts: str) -> Run:
    run = Run(hosts=hosts.split())
    run.shown("/script?to=" + quote(f"http://localhost:{run.pages.port}/elsewhere", safe=""))
    run.turn(500)
    return run


def stopped(argument: str) -> Run:
    run = Run()
    run.open(argument)
    run.wait("stopped")
    run.turn(300)
    return run


def limited(*, silent: int = 30_000, loading: int = 45_000, blank: int = 15_000) -> Run:
    """A browser that waits for so many milliseconds."""
    run = Run()
    watch = run.browser._watch
    watch._silent.setInterval(silent)
    watch._loading_after, watch._blank_after = loading, blank
    return run


def empty_page(_: str) -> Run:
    run = limited(blank=1_500)
    run.open("/empty")
    run.wait("stopped")
    return run


def leads_nowhere(address: str) -> Run:
    """The page that stands asks for `address`, of which no page comes; the person takes their time."""
    run = limited(silent=1_500)
    run.shown(f"/do?js={quote(f'setTimeout(()=>location.href={address!r},300)')}")
    run.turn(4_000)
    return run


def leads_nowhere_at_once(address: str) -> Run:
    """The same before anything of the page is drawn, and nothing ever is."""
    run = limited(silent=1_500, blank=2_500)
    run.open(f"/blank?to={quote(address, safe='')}")
    run.turn(1_800)
    run.events.append(["meanwhile", run.has("stopped")])
    run.wait("stopped")
    return run


def silent_second_page(_: str) -> Run:
    """The page that stands asks for one that does not come."""
    run = limited(silent=1_500)
    run.shown(f"/do?js={quote('setTimeout(()=>location.href=`/slow`,300)')}")
    run.wait("stopped")
    return run


def silent_first_page(path: str) -> Run:
    run = limited(silent=1_500)
    run.open(path)
    run.wait("stopped")
    return run


def white_shell(limits: str) -> Run:
    """A page that is white until its script has come: seconds of the script; limits of loading and of blank."""
    seconds, loading, blank = limits.split(" ")
    run = limited(loading=int(loading), blank=int(blank))
    run.open(f"/shell?seconds={seconds}")
    run.until(lambda: run.has("stopped") or run.has("page_shown"))
    run.turn(300)
    return run


def untrusted_certificate(host: str) -> Run:
    run = Run()
    with tempfile.TemporaryDirectory() as folder:
        secure = Pages(certificate=self_signed(Path(folder), issuer="Brandvägg AB"), host=host)
    run.open(secure.url("/plain"))
    run.wait("stopped")
    run.events.append(["refused origin", run.browser.refused_origin == secure.url("")])
    run.events.append(["secure server saw", secure.paths])
    return run


def page_killed(_: str) -> Run:
    run = Run()
    run.shown("/plain")
    os.kill(run.browser._attempt.page.renderProcessPid(), signal.SIGKILL)  # type: ignore[union-attr]
    run.wait("refused")
    run.open("/again")
    run.wait("page_shown", 2)
    return run


def reopened(_: str) -> Run:
    """Shut while loading, and opened again at once, ten times over; every third time in the middle of nothing."""
    run = Run()
    for turn in range(10):
        run.open("/slow" if turn % 2 else "/plain")
        if turn % 3:
            run.turn(40 * turn)
        run.browser.shut()
    run.shown("/plain")
    return run


def quits_while_open(_: str) -> Run:
    """The application ends with a page open and nobody shut it."""
    run = Run()
    run.shown("/plain")
    QTimer.singleShot(0, QCoreApplication.quit)
    QApplication.exec()
    return run


def shut_on_redirect(_: str) -> Run:
    run = Run()
    run.browser.redirected.connect(lambda _url: run.browser.shut())
    caught(run, f"/redirect?to={quote(run.to, safe='')}")
    return run


def reload_and_zoom(_: str) -> Run:
    run = Run()
    run.shown("/plain")
    for keys in ((Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier), (Qt.Key.Key_F5, Qt.KeyboardModifier(0))):
        QTest.keyClick(run.page_widget, *keys)
    run.until(lambda: run.pages.paths.count("/plain") == 2)
    run.events.append(["zoom", run.browser._attempt.page.zoomFactor()])  # type: ignore[union-attr]
    QTest.keyClick(run.page_widget, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    run.turn(100)
    run.events.append(["zoom", run.browser._attempt.page.zoomFactor()])  # type: ignore[union-attr]
    return run


def keyboard(_: str) -> Run:
    run = Run()
    run.shown(f"/do?js={quote('document.body.innerHTML=`<h1>x</h1><input autofocus>`')}")

    def where() -> str:
        focus = QApplication.focusWidget()
        if focus is None:
            return "nowhere"
        if run.browser.strip.isAncestorOf(focus):
            return "strip"
        if run.browser.isAncestorOf(focus):
            return "page"
        return focus.text() if isinstance(focus, QPushButton) else type(focus).__name__

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifier)
        run.turn(150)
        run.events.append(["focus", where()])

    run.events.append(["focus", where()])
    press(Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)  # to the strip
    press(Qt.Key.Key_F6)  # to the page
    press(Qt.Key.Key_F6)  # leaves: the owner decides
    for _press in range(3):
        press(Qt.Key.Key_Tab)  # through the page's field and out
    return run


def warmed(_: str) -> Run:
    """The engine is started behind an open window; then a first sign-in."""
    from assistant.window.warming import begin_warming

    window = QWidget()
    window.show()
    told: list[Any] = []
    beats = [time.monotonic()]
    beat = QTimer(interval=20, timerType=Qt.TimerType.PreciseTimer)
    beat.timeout.connect(lambda: beats.append(time.monotonic()))
    beat.start()
    warming = begin_warming(lambda problem: told.append(problem.code if problem else None))
    end = time.monotonic() + 30
    while not told and time.monotonic() < end:
        loop = QEventLoop()
        QTimer.singleShot(50, loop.quit)
        loop.exec()
    beat.stop()
    longest = max(after - before for before, after in itertools.pairwise(beats))
    run = Run()
    run.events += [["warmed", *told], ["longest gap", round(longest * 1000)]]
    caught(run, f"/redirect?to={quote(run.to, safe='')}")
    warming.stop()
    return run


def main() -> int:
    provoking.follow()
    chromium.prepare_environment(os.environ, qt=chromium.qt_version(qVersion()))
    qInstallMessageHandler(heard)
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    application = QApplication(["browser-process"])
    use("en")
    run: Run = globals()[sys.argv[1]](sys.argv[2] if len(sys.argv) > 2 else "")
    run.end()
    quiet = ("propagateSizeHints", "GBM", "RHI", "QRhi", "Vulkan")
    told = {
        "events": run.events,
        "opened": run.opened,
        "requests": run.pages.requests,
        "qt": [text for text in qt_messages if not any(word in text for word in quiet)],
    }
    print(json.dumps(told))
    run.window.close()
    del run, application
    return 0


if __name__ == "__main__":
    sys.exit(main())
