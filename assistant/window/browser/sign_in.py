"""The widget of the sign-in: our strip, and under it the pages of one attempt at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from assistant.fortnox.proxies import place_of
from assistant.fortnox.redirect import RedirectUri
from assistant.language import current
from assistant.problems import Occurrence, occurrence
from assistant.secret import Secret
from assistant.window.browser.attempt import Attempt
from assistant.window.browser.first_load import FirstLoad
from assistant.window.navigation import Rules
from assistant.window.paint_watch import PaintWatch
from assistant.window.place import Place
from assistant.window.proxy import ProxyPasswords, host_of
from assistant.window.proxy_asking import PROXY_QUESTIONS
from assistant.window.proxy_panel import ProxyPanel
from assistant.window.proxy_question import ProxyQuestion
from assistant.window.scheme_handlers import open_outside
from assistant.window.strip import Strip
from assistant.window.warming import engine_process

ZOOM_STEPS: Final = (50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300)


class SignInBrowser(QWidget):
    """The strip and, under it, the page of one sign-in at a time.

    Signals:
        redirected: the redirect was caught and not sent; its whole address, which carries the code. Once an attempt.
        host_changed: host (ASCII) of the page on show, whether it is Fortnox's, whether it is encrypted.
        progressed: how much of the page has come, 0 to 100.
        page_shown: the first page is to be seen.
        handed_over: the operating system took an address of this scheme ("bankid").
        refused: an `Occurrence` for a notice; the page stays.
        went_on: a page came after the sign-in itself had been refused.
        stopped: the `Occurrence` that ended the page; `open`, `reload` or `shut` come next.
        start_over_requested, own_browser_requested: pressed in the strip.
        focus_left: F6 leaves the browser; True forwards (to the footer), False backwards.
        gone: everything of a shut attempt is destroyed.
    """

    # It hides a drawing method of QWidget's that nothing calls.
    redirected = Signal(str)  # type: ignore[assignment]
    host_changed = Signal(str, bool, bool)
    progressed = Signal(int)
    page_shown = Signal()
    handed_over = Signal(str)
    refused = Signal(object)
    went_on = Signal()
    stopped = Signal(object)
    start_over_requested = Signal()
    own_browser_requested = Signal()
    focus_left = Signal(bool)
    gone = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        hosts: Sequence[str] | None = None,
        practice: bool = False,
        own_browser: bool = False,
        opener: Callable[[str], bool] | None = None,
        passwords: ProxyPasswords | None = None,
    ) -> None:
        """Makes the widget; the engine starts with the first `open`.

        Args:
            parent: Qt's.
            hosts: the integration file's `[browser] hosts`; None for every host.
            practice: pages of this computer are marked "Practice".
            own_browser: whether "Use my own browser" is offered.
            opener: gives an address to the operating system and says whether it took it.
            passwords: of proxies; shared with whoever else goes through them.
        """
        super().__init__(parent)
        self._hosts = None if hosts is None else tuple(host.lower() for host in hosts)
        self._opener = opener or open_outside
        self._passwords = passwords or ProxyPasswords()
        self._asking: tuple[str, str] = ("", "")  # the proxy that wants a password, and the host it leads to
        self._asked = 0
        self._question_open = False
        self._opened_again = False
        self._attempt: Attempt | None = None
        self._start: str = ""
        self._zoom = 100
        self._stopped = False
        self._seen = False
        self._last_place: Place | None = None
        self.strip = Strip(self, practice=practice, own_browser=own_browser)
        self._stack = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self._stack, 1)
        self.proxy_panel = ProxyPanel(self)
        self.proxy_panel.hide()
        self.proxy_panel.answered.connect(self._proxy_answered)
        self.proxy_panel.given_up.connect(self._proxy_given_up)
        column.addWidget(self.proxy_panel, 1)
        self.first_load = FirstLoad(self._stack)
        self.first_load.given_up.connect(self.start_over_requested)
        self._watch = PaintWatch(self.page_picture, self)
        self._watch.shown.connect(self._first_shown)
        self._watch.blank.connect(lambda: self._stop(self._here("WEB-03")))
        self._watch.silent.connect(lambda: self._stop(self._here("WEB-12")))
        self._wire_strip()
        self._add_keys()

    def _wire_strip(self) -> None:
        strip = self.strip
        strip.reload_requested.connect(self.reload)
        strip.zoom_in_requested.connect(self.zoom_in)
        strip.zoom_out_requested.connect(self.zoom_out)
        strip.zoom_reset_requested.connect(self.zoom_reset)
        strip.start_over_requested.connect(self.start_over_requested)
        strip.own_browser_requested.connect(self.own_browser_requested)
        strip.page_closed.connect(self.close_inner_page)

    def _add_keys(self) -> None:
        for keys, act in (
            ("F6", lambda: self._move_focus(forward=True)),
            ("Shift+F6", lambda: self._move_focus(forward=False)),
            ("F5", self.reload),
            ("Ctrl++", self.zoom_in),
            ("Ctrl+=", self.zoom_in),
            ("Ctrl+-", self.zoom_out),
            ("Ctrl+0", self.zoom_reset),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # ---- one attempt

    def open(self, url: str, redirect_uri: RedirectUri) -> None:
        """Begins an attempt at `url` in a fresh browser, without anything of the one before."""
        self.shut()
        process = engine_process()
        if process is not None and not process.is_file():  # the engine would end the whole program for it
            missing = occurrence("WEB-04", {"Missing": process.name})
            QTimer.singleShot(0, self, lambda: self.stopped.emit(missing))
            return
        hosts = None if self._hosts is None else (*self._hosts, Place.of(url).host)
        mine = current().code
        languages = (mine, *(code for code in ("sv", "en") if code != mine))
        attempt = Attempt(
            Rules(redirect=redirect_uri, hosts=hosts), self._stack, self._opener, languages, self._passwords
        )
        self._attempt = attempt
        self._start = url
        self._stopped = self._seen = self._opened_again = False
        self._asked = 0
        self._zoom = 100
        for signal, answer in (
            (attempt.redirected, self._redirect),
            (attempt.handed_over, self.handed_over.emit),
            (attempt.refused, self.refused.emit),
            (attempt.went_on, self.went_on.emit),
            (attempt.stopped, self._stop),
            (attempt.pages_changed, self._page_on_show),
            (attempt.proxy_asked, self._proxy_asks),
            (attempt.renderer_ended, self._renderer_ended),
        ):
            signal.connect(self._of(attempt, answer), Qt.ConnectionType.QueuedConnection)
        attempt.gone.connect(self.gone)
        self.destroyed.connect(attempt.destroy)
        page = attempt.main
        page.loadStarted.connect(self._of(attempt, self._watch.begin))
        self._page_on_show()
        self.first_load.begin()
        self._watch.begin()
        self._progress(0)
        self._load_start(attempt)

    def _load_start(self, attempt: Attempt) -> None:
        # The engine takes schemes such as `view-source:` off before it asks, so the first address is judged here too.
        if attempt.accepts(attempt.main, self._start, True):
            attempt.ask(self._start)

    def shut(self) -> None:
        """Ends the attempt: its pages vanish now, and are destroyed as soon as the event loop turns; then `gone`."""
        attempt, self._attempt = self._attempt, None
        self._watch.stop()
        self.first_load.hide()
        self._last_place = None
        self._show_panel(False)
        self.proxy_panel.clear()
        if attempt is None:
            return
        attempt.destroy()
        self.strip.address.show_place(None)
        self.strip.set_inner_page(False)
        self.strip.set_progress(100)

    @property
    def is_open(self) -> bool:
        """Whether an attempt is on show."""
        return self._attempt is not None

    @property
    def refused_origin(self) -> str:
        """The origin whose certificate stopped the page on show, such as "https://a.example"; empty for none."""
        return "" if self._attempt is None else self._attempt.refused_origin

    @property
    def page_widget(self) -> QWidget | None:
        """The widget that draws the page on show and takes its keys; a new one for each site."""
        return None if self._attempt is None else self._attempt.view.focusProxy()

    @property
    def is_gone(self) -> bool:
        """Whether nothing of any attempt is left. Leave the event loop only then: the engine crashes on leftovers."""
        return not Attempt.alive

    def _of(self, attempt: Attempt, answer: Callable[..., Any]) -> Callable[..., None]:
        """`answer`, but only while `attempt` is the one on show: queued news of an old one is nobody's."""

        def answer_if_current(*news: Any) -> None:
            if self._attempt is attempt and not attempt.over:
                answer(*news)

        return answer_if_current

    def _redirect(self, url: str) -> None:
        self._watch.stop()
        self.first_load.hide()
        self.redirected.emit(url)

    def _stop(self, problem: Occurrence) -> None:
        if self._stopped or self._attempt is None:
            return
        self._stopped = True
        self._watch.stop()
        self.first_load.hide()
        self._progress(100)
        self.stopped.emit(problem)

    def _renderer_ended(self, how: str) -> None:
        """The sign-in is opened again in a new page, once; a page that ends twice ends the attempt."""
        attempt = self._attempt
        if attempt is None or self._stopped:
            return
        if self._opened_again:
            self._stop(occurrence("WEB-02", {"ended": how}))
            return
        self._opened_again = True
        self._last_place = None
        self.strip.address.show_place(None)
        self._load_start(attempt)
        self.refused.emit(occurrence("WEB-24", {"ended": how}))

    # ---- a proxy that wants a password

    def _proxy_asks(self, proxy: str, host: str, wrong: bool) -> None:
        if self._attempt is None or self._question_open:
            return  # the engine may ask again for what has been stopped
        self._watch.stop()
        self._question_open = True
        self._asking = proxy, host
        if wrong:
            self._ask_for_password(wrong=True)
            return
        question = ProxyQuestion(host, self)
        question.answered.connect(self._of(self._attempt, self._proxy_wants))
        question.answered.connect(question.deleteLater)
        question.begin()

    def _proxy_wants(self, address: str, ways: tuple[str, ...]) -> None:
        """Of several ways the engine takes the strongest; the client knows Basic alone, so without it neither goes."""
        proxy, host = self._asking
        if host_of(address) == host_of(proxy):  # else the engine goes another way than the system names
            proxy = place_of(address)
        self._asking = proxy, host
        self._passwords.leads(proxy, to=host)
        if ways and "basic" not in ways:
            self._question_open = False
            self._stop(occurrence("WEB-21", {"Proxy": proxy, "Proxy wants": ", ".join(ways)}, host=host))
        elif self._passwords.of(proxy) is not None:  # typed where a request met it first
            self._question_open = False
            self.reload()
        else:
            self._ask_for_password(wrong=False)

    def _ask_for_password(self, *, wrong: bool) -> None:
        self._asked += 1
        if self._asked > PROXY_QUESTIONS:
            self._proxy_given_up()
            return
        self._watch.stop()
        self._progress(100)
        self._show_panel(True)
        self.proxy_panel.ask(self._asking[0], wrong=wrong)

    def _proxy_answered(self, user: str, password: Secret) -> None:
        self._passwords.remember(self._asking[0], user, password)
        self._show_panel(False)
        self.reload()
        self.focus_page()

    def _proxy_given_up(self) -> None:
        proxy, host = self._asking
        self._show_panel(False)
        self.proxy_panel.clear()
        self._stop(occurrence("WEB-10", proxy=proxy, host=host))

    def _show_panel(self, on: bool) -> None:
        if not on:
            self._question_open = False
        self.proxy_panel.setVisible(on)
        self._stack.setVisible(not on)

    def _here(self, code: str) -> Occurrence:
        place = self._last_place or Place.of(self._start)
        return occurrence(code, host=place.shown)

    # ---- what is on show

    def _page_on_show(self) -> None:
        attempt = self._attempt
        if attempt is None:
            return
        page = attempt.page
        self.strip.set_inner_page(page is not attempt.main)
        if page.property("heard") is None:
            page.setProperty("heard", True)
            page.urlChanged.connect(self._of(attempt, lambda _url: self._place_changed()))
            page.loadFinished.connect(self._of(attempt, lambda _ok: self._loaded()))
            page.loadProgress.connect(
                self._of(attempt, lambda percent: self._progress(percent) if attempt.page is page else None)
            )
            page.zoomFactorChanged.connect(self._of(attempt, lambda factor: self._zoomed(round(factor * 100))))
        page.setZoomFactor(self._zoom / 100)
        self._place_changed()
        self._progress(100)
        self.focus_page()

    def _place_changed(self) -> None:
        attempt = self._attempt
        if attempt is None or attempt.ended:
            return
        url = attempt.page.url().toString(QUrl.ComponentFormattingOption.FullyEncoded)
        if not url and attempt.page is attempt.main:
            return
        place = Place.of(url)
        if attempt.page is attempt.main:
            self._watch.arrived(loading=attempt.main.isLoading())
        if place == self._last_place:
            return
        self._last_place = place
        self.strip.address.show_place(place)
        self.host_changed.emit(place.host, place.is_fortnox, place.secure)

    def _loaded(self) -> None:
        """The load ended, well or not."""
        self._progress(100)
        attempt = self._attempt
        if attempt is not None and self._last_place is not None and not attempt.main.isLoading():
            self._watch.ended()
        drawn_by = None if attempt is None else attempt.view.focusProxy()
        if drawn_by is not None:  # a new one for each site; the view itself never takes part in the order
            QWidget.setTabOrder(self.strip.own_browser, drawn_by)

    def _first_shown(self) -> None:
        self.first_load.hide()
        if not self._seen:
            self._seen = True
            self.page_shown.emit()

    def _progress(self, percent: int) -> None:
        self.strip.set_progress(percent)
        self.progressed.emit(percent)

    def page_picture(self) -> QImage | None:
        """What is drawn of the sign-in page; None while it cannot be seen."""
        attempt = self._attempt
        if attempt is None or not self.isVisible() or attempt.page is not attempt.main:
            return None
        return attempt.view.grab().toImage()

    def close_inner_page(self) -> None:
        """Back from a page the sign-in page opened."""
        if self._attempt is not None:
            self._attempt.close_inner()

    def reload(self) -> None:
        """Loads the page on show again; the first one when none has come yet."""
        attempt = self._attempt
        if attempt is None:
            return
        self._stopped = False
        page = attempt.page
        if page is attempt.main and self._last_place is None:
            self._load_start(attempt)
        else:
            page.triggerAction(QWebEnginePage.WebAction.Reload)

    # ---- zoom

    def zoom_in(self) -> None:
        self._set_zoom(next((step for step in ZOOM_STEPS if step > self._zoom), ZOOM_STEPS[-1]))

    def zoom_out(self) -> None:
        self._set_zoom(next((step for step in reversed(ZOOM_STEPS) if step < self._zoom), ZOOM_STEPS[0]))

    def zoom_reset(self) -> None:
        self._set_zoom(100)

    def _set_zoom(self, percent: int) -> None:
        self._zoomed(percent)
        if self._attempt is not None:
            self._attempt.page.setZoomFactor(percent / 100)

    def _zoomed(self, percent: int) -> None:
        self._zoom = percent
        self.strip.set_zoom(percent)

    # ---- keyboard focus

    def focus_page(self) -> None:
        """The keyboard goes to the page."""
        if self._attempt is not None:
            self._attempt.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_strip(self) -> None:
        """The keyboard goes to the strip's first button."""
        self.strip.reload.setFocus(Qt.FocusReason.TabFocusReason)

    def _move_focus(self, *, forward: bool) -> None:
        """F6 goes strip, page, then out to the footer; Shift+F6 the other way round."""
        focus = self.focusWidget()
        in_strip = bool(focus) and self.strip.isAncestorOf(focus)
        if in_strip and forward:
            self.focus_page()
        elif not in_strip and not forward:
            self.focus_strip()
        else:
            self.focus_left.emit(forward)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.strip.retranslate()
            self.proxy_panel.retranslate()
            self.first_load.retranslate()
        super().changeEvent(event)
