"""The sign-in browser: Fortnox's own pages inside the window. The one import of QtWebEngine.

Each attempt has an off-the-record profile of its own, destroyed after its pages. No script is put into a page, no
bridge leads out of it, its title is never used. What the page wants of the computer is refused and said in a line.

Windows that the sign-in page opens come up in the same place, over it, under the same rules, with a way back in the
strip: a pop-up sign-in needs the page that opened it to live on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QContextMenuEvent, QDesktopServices, QImage, QKeySequence, QShortcut
from PySide6.QtNetwork import QAuthenticator
from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineClientCertificateSelection,
    QWebEngineDownloadRequest,
    QWebEngineLoadingInfo,
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineProfileBuilder,
    QWebEngineSettings,
    QWebEngineWebAuthUxRequest,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from assistant.fortnox.redirect import RedirectUri
from assistant.language import _, current
from assistant.problems import Occurrence, occurrence
from assistant.window.load_failure import certificate_refused, failed_load, faulty_answer
from assistant.window.navigation import Rules, Verdict
from assistant.window.paint_watch import PaintWatch
from assistant.window.place import Place
from assistant.window.strip import Strip

INNER_PAGES: Final = 3
ZOOM_STEPS: Final = (50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300)
HANDOVER_PAUSE_MS: Final = 1_000
_SAME_NOTICE_MS: Final = 3_000

_Attribute = QWebEngineSettings.WebAttribute
_Action = QWebEnginePage.WebAction
_SETTINGS: Final = {
    _Attribute.ErrorPageEnabled: False,  # the problem page says it, in the person's language
    _Attribute.PluginsEnabled: False,
    _Attribute.PdfViewerEnabled: False,
    _Attribute.FullScreenSupportEnabled: False,  # a full screen would hide the strip
    _Attribute.ScreenCaptureEnabled: False,
    _Attribute.WebRTCPublicInterfacesOnly: True,
    _Attribute.DnsPrefetchEnabled: False,
    _Attribute.HyperlinkAuditingEnabled: False,
    _Attribute.LocalContentCanAccessRemoteUrls: False,
    _Attribute.LocalContentCanAccessFileUrls: False,
    _Attribute.AllowRunningInsecureContent: False,
    _Attribute.AllowGeolocationOnInsecureOrigins: False,
    _Attribute.AllowWindowActivationFromJavaScript: False,
    _Attribute.JavascriptCanAccessClipboard: False,
    _Attribute.JavascriptCanPaste: False,
    _Attribute.PlaybackRequiresUserGesture: True,
    _Attribute.NavigateOnDropEnabled: False,
    _Attribute.AutoLoadIconsForPage: False,
    _Attribute.TouchIconsEnabled: False,
    _Attribute.BackForwardCacheEnabled: False,  # a page left behind must not come back signed in
    _Attribute.JavascriptCanOpenWindows: True,  # a pop-up sign-in may open after an answer from its server
}


def fresh_profile(languages: Sequence[str]) -> QWebEngineProfile:
    """A profile that keeps nothing on disk; `languages` in the order the person prefers, such as ("sv", "en")."""
    profile = QWebEngineProfileBuilder.createOffTheRecordProfile()
    profile.setHttpAcceptLanguage(",".join(languages))
    profile.setSpellCheckEnabled(False)
    profile.setPushServiceEnabled(False)
    settings = profile.settings()
    for attribute, on in _SETTINGS.items():
        settings.setAttribute(attribute, on)
    # Scripts that open `bankid:` are otherwise dropped before anybody is asked; every other scheme is refused below.
    settings.setUnknownUrlSchemePolicy(QWebEngineSettings.UnknownUrlSchemePolicy.AllowAllUnknownUrlSchemes)
    return profile


class _Page(QWebEnginePage):
    """One page. Decides about navigations at once; everything else it only reports to its attempt."""

    def __init__(self, profile: QWebEngineProfile, attempt: _Attempt) -> None:
        super().__init__(profile)
        self._attempt = attempt

    def acceptNavigationRequest(self, url: QUrl | str, kind: QWebEnginePage.NavigationType, main_frame: bool) -> bool:
        return self._attempt.accepts(self, bytes(QUrl(url).toEncoded().data()).decode("ascii", "replace"), main_frame)

    def javaScriptConsoleMessage(self, *_message: object) -> None:
        """What a page writes to its console may hold addresses with codes in them: it goes nowhere."""

    def javaScriptAlert(self, origin: QUrl | str, message: str) -> None:
        self._attempt.refuse("WEB-09", {"asked": "alert"})

    def javaScriptConfirm(self, origin: QUrl | str, message: str) -> bool:
        """No, but to the engine's own question whether to leave a page: a no there would keep the person in it."""
        leaving = "Are you sure you want to leave this page? Changes that you made may not be saved."
        if message == QCoreApplication.translate("QWebEnginePage", leaving):
            return True
        self._attempt.refuse("WEB-09", {"asked": "confirm"})
        return False

    def javaScriptPrompt(self, origin: QUrl | str, message: str, default: str) -> tuple[bool, str]:  # type: ignore[override]
        self._attempt.refuse("WEB-09", {"asked": "prompt"})
        return False, ""

    def chooseFiles(
        self, mode: QWebEnginePage.FileSelectionMode, old: Sequence[str], types: Sequence[str]
    ) -> list[str]:
        self._attempt.refuse("WEB-08", {"asked": "upload"})
        return []


class _View(QWebEngineView):
    """Shows one page, with a context menu of ours in the person's language and nothing dead in it."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        request = self.lastContextMenuRequest()
        page = self.page()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, action, useful in (
            (_("Back"), _Action.Back, page.history().canGoBack()),
            (_("Reload"), _Action.Reload, True),
            (_("Copy"), _Action.Copy, page.hasSelection()),
            (_("Paste"), _Action.Paste, request is not None and request.isContentEditable()),
        ):
            if useful:
                menu.addAction(words, lambda action=action: page.triggerAction(action))
        menu.popup(event.globalPos())


class _Attempt(QObject):
    """Profile, pages and views of one sign-in, and what becomes of their wishes.

    Its signals are received queued, so that nobody destroys a page from within the page's own call. It keeps itself
    alive until the last of it is gone: views first, then pages, then the profile, which must outlive its pages.
    """

    redirected = Signal(str)
    handed_over = Signal(str)
    refused = Signal(object)
    stopped = Signal(object)
    pages_changed = Signal()
    gone = Signal()

    alive: ClassVar[set[_Attempt]] = set()

    def __init__(
        self, rules: Rules, stack: QStackedWidget, opener: Callable[[str], bool], languages: Sequence[str]
    ) -> None:
        super().__init__()
        self.alive.add(self)
        self.over = False
        self._caught = False
        self._rules = rules
        self._stack = stack
        self._opener = opener
        self._handing_over = False
        self._notices: set[str] = set()
        self._profile = fresh_profile(languages)
        self._profile.downloadRequested.connect(self._download)
        self._profile.setNotificationPresenter(lambda notification: None)
        self._views: list[_View] = []
        self._pages: list[_Page] = []
        self._used: set[_Page] = set()  # pages that were let go to an address of their own
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.destroy_now)
        self.main = self._add()

    # ---- pages

    @property
    def ended(self) -> bool:
        """Whether nothing more is expected of the pages: the redirect was caught, or they are being destroyed."""
        return self.over or self._caught

    @property
    def page(self) -> _Page:
        """The page on show: the last one opened."""
        return self._pages[-1]

    @property
    def view(self) -> _View:
        return self._views[-1]

    def _add(self) -> _Page:
        page = _Page(self._profile, self)
        view = _View(self._stack)
        view.setPage(page)
        view.setAcceptDrops(False)
        view.setAccessibleName(_("Sign-in page"))
        page.newWindowRequested.connect(self._new_window)
        page.windowCloseRequested.connect(lambda: self._close_later(page))
        page.certificateError.connect(lambda error: self._certificate(page, error))
        page.loadingChanged.connect(lambda info: self._loading(page, info))
        page.renderProcessTerminated.connect(lambda status, _code: self._terminated(page, status))
        page.permissionRequested.connect(self._permission)
        page.fullScreenRequested.connect(lambda request: request.reject())
        page.registerProtocolHandlerRequested.connect(lambda request: request.reject())
        page.fileSystemAccessRequested.connect(lambda request: self._deny(request.reject, "files"))
        page.desktopMediaRequested.connect(lambda request: self._deny(request.cancel, "screen"))
        page.selectClientCertificate.connect(self._client_certificate)
        page.webAuthUxRequested.connect(self._passkey)
        page.authenticationRequired.connect(lambda url, login: self._login(page, "WEB-19", url.host(), login))
        page.proxyAuthenticationRequired.connect(
            lambda url, login, _proxy: self._login(page, "WEB-10", url.host(), login)
        )
        self._pages.append(page)
        self._views.append(view)
        self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)
        return page

    def _new_window(self, request: QWebEngineNewWindowRequest) -> None:
        if self.ended:
            return
        if len(self._pages) > INNER_PAGES:
            self.refuse("WEB-20")
            return
        request.openIn(self._add())
        self.pages_changed.emit()

    def close_inner(self, page: _Page | None = None) -> None:
        """Closes `page`, or the page on show, when the sign-in page opened it. The sign-in page itself stays."""
        page = page or self.page
        if self.over or page is self.main or page not in self._pages:
            return
        place = self._pages.index(page)
        view = self._views.pop(place)
        self._pages.pop(place)
        self._used.discard(page)
        self._stack.removeWidget(view)
        self._stack.setCurrentWidget(self.view)
        _quiet(page)
        view.deleteLater()
        page.deleteLater()
        self.pages_changed.emit()

    def _close_later(self, page: _Page) -> None:
        QTimer.singleShot(0, self, lambda: self.close_inner(page))

    # ---- navigation

    def accepts(self, page: _Page, url: str, main_frame: bool) -> bool:
        """Whether the engine may ask for `url`. Never raises, never shows anything by itself."""
        if self.ended:
            return False
        verdict = self._rules.judge(url, main_frame=main_frame)
        place = Place.of(url)
        if verdict is Verdict.LOAD:
            if main_frame and place.host:
                self._used.add(page)
            return True
        if verdict is Verdict.CATCH:
            self._caught = True
            self.redirected.emit(url)
            return False
        if verdict is Verdict.HAND_OVER:
            self._hand_over(url, place.scheme)
        elif verdict is Verdict.REFUSE_UNSAFE:
            self.refuse("WEB-05", {"scheme": place.scheme}, host=place.shown or place.scheme)
        elif verdict is Verdict.REFUSE_HOST:
            self.refuse("WEB-18", host=place.shown)
        elif verdict is Verdict.REFUSE_PROGRAM:
            self.refuse("WEB-13", scheme=place.scheme)
        if main_frame and page not in self._used:
            self._close_later(page)  # a window opened for this alone
        return False

    def _hand_over(self, url: str, scheme: str) -> None:
        """Gives `url` to the operating system, outside the engine's call, at most once a second."""
        if self._handing_over:
            return
        self._handing_over = True
        QTimer.singleShot(HANDOVER_PAUSE_MS, self, self._may_hand_over)

        def hand_over() -> None:
            if self.over:
                return
            if self._opener(url):
                self.handed_over.emit(scheme)
            else:
                self.refused.emit(occurrence("WEB-07", {"scheme": scheme}))

        QTimer.singleShot(0, self, hand_over)

    def _may_hand_over(self) -> None:
        self._handing_over = False

    def _loading(self, page: _Page, info: QWebEngineLoadingInfo) -> None:
        if self.ended or info.status() is not QWebEngineLoadingInfo.LoadStatus.LoadFailedStatus:
            return
        host = Place.of(info.url().toString(QUrl.ComponentFormattingOption.FullyEncoded)).shown
        if info.errorDomain() is QWebEngineLoadingInfo.ErrorDomain.HttpStatusCodeDomain:
            self.fail(page, faulty_answer(info.errorCode(), host=host))
        else:
            self.fail(page, failed_load(info.errorCode(), host=host))

    def _certificate(self, page: _Page, error: QWebEngineCertificateError) -> None:
        error.rejectCertificate()
        if not error.isMainFrame():
            return
        chain = error.certificateChain()
        issuer = (chain[0].issuerDisplayName() if chain else "") or ""
        host = Place.of(error.url().toString(QUrl.ComponentFormattingOption.FullyEncoded)).shown
        self.fail(page, certificate_refused(host=host, issuer=issuer, net_error=error.type().value))

    def _terminated(self, page: _Page, status: QWebEnginePage.RenderProcessTerminationStatus) -> None:
        if status is not QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus:
            self.fail(page, occurrence("WEB-02", {"ended": status.name}))

    def fail(self, page: _Page, problem: Occurrence | None) -> None:
        """`problem` ends the sign-in page, or closes a page it opened with a notice."""
        if problem is None or self.over or self._caught:
            return
        if page is self.main:
            self.stopped.emit(problem)
        else:
            self.refused.emit(problem)
            self._close_later(page)

    # ---- what pages want of the computer

    def refuse(self, code: str, details: dict[str, object] | None = None, **facts: str) -> None:
        """Reports a refusal; the same one again only after a pause, since a page may ask in a loop."""
        if self.over or code in self._notices:
            return
        self._notices.add(code)
        QTimer.singleShot(_SAME_NOTICE_MS, self, lambda: self._notices.discard(code))
        self.refused.emit(occurrence(code, details, **facts))

    def _deny(self, deny: Callable[[], object], asked: str) -> None:
        deny()
        self.refuse("WEB-09", {"asked": asked})

    def _permission(self, permission: QWebEnginePermission) -> None:
        self._deny(permission.deny, permission.permissionType().name)

    def _download(self, download: QWebEngineDownloadRequest) -> None:
        download.cancel()
        self.refuse("WEB-08", {"asked": "download"})

    def _client_certificate(self, selection: QWebEngineClientCertificateSelection) -> None:
        selection.selectNone()
        self.refuse("WEB-16", {"asked": "client-certificate"})

    def _passkey(self, request: QWebEngineWebAuthUxRequest) -> None:
        request.cancel()
        self.refuse("WEB-16", {"asked": "passkey"})

    def _login(self, page: _Page, code: str, host: str, login: QAuthenticator) -> None:
        """No password is given. The load is stopped at once: the engine would send an empty one, 32 times over."""
        page.triggerAction(_Action.Stop)
        self.fail(page, occurrence(code, host=host))

    # ---- the end

    def destroy(self) -> None:
        """Ends everything, from the event loop: safe to call from any slot."""
        if self.over:
            return
        self._end()
        left = len(self._pages)

        def page_gone() -> None:
            nonlocal left
            left -= 1
            if left == 0 and shiboken6.isValid(self._profile):
                self._profile.destroyed.connect(self._finished)
                self._profile.deleteLater()

        for view, page in zip(self._views, self._pages, strict=True):
            page.destroyed.connect(page_gone)
            if shiboken6.isValid(view):
                view.deleteLater()
            page.deleteLater()

    def destroy_now(self) -> None:
        """Ends everything before this returns: the application quits, and the engine's shut-down must find nothing."""
        if not self.over:
            self._end()
        for part in (*self._views, *self._pages, self._profile):
            if shiboken6.isValid(part):
                shiboken6.delete(part)
        self._finished()

    def _end(self) -> None:
        self.over = True
        for page in self._pages:
            _quiet(page)
        for view in self._views:
            if shiboken6.isValid(view):
                self._stack.removeWidget(view)
                view.hide()

    def _finished(self) -> None:
        if self in self.alive:
            self.alive.discard(self)
            self.gone.emit()


def _quiet(page: _Page) -> None:
    """From here on nothing of `page` is heard."""
    if shiboken6.isValid(page):
        page.triggerAction(_Action.Stop)
        for signal in (page.loadingChanged, page.renderProcessTerminated, page.newWindowRequested):
            signal.disconnect()


class EmptyPage(QObject):
    """An empty page that nobody sees: loading it starts the engine's processes. It is gone when `ready` is called."""

    def __init__(self, ready: Callable[[], None]) -> None:
        super().__init__()
        self._ready = ready
        self._profile: QWebEngineProfile | None = None
        self._page: QWebEnginePage | None = None

    def start(self) -> None:
        """Makes the profile now and the page in a later turn of the event loop, so that neither waits for the other."""
        self._profile = QWebEngineProfileBuilder.createOffTheRecordProfile()
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)
        QTimer.singleShot(0, self, self._load)

    def _load(self) -> None:
        if self._profile is None:
            return
        self._page = QWebEnginePage(self._profile)
        self._page.loadFinished.connect(self._loaded, Qt.ConnectionType.QueuedConnection)
        self._page.load(QUrl("about:blank"))

    def _loaded(self, _ok: bool) -> None:
        if self._page is not None:
            self.stop()
            self._ready()

    def stop(self) -> None:
        """Page first, then profile, at once."""
        page, profile, self._page, self._profile = self._page, self._profile, None, None
        for part in (page, profile):
            if part is not None and shiboken6.isValid(part):
                shiboken6.delete(part)


class SignInBrowser(QWidget):
    """The strip and, under it, the page of one sign-in at a time.

    Signals:
        redirected: the redirect was caught and not sent; its whole address, which carries the code. Once an attempt.
        host_changed: host (ASCII) of the page on show, whether it is Fortnox's, whether it is encrypted.
        progressed: how much of the page has come, 0 to 100.
        page_shown: the first page is to be seen.
        handed_over: the operating system took an address of this scheme ("bankid").
        refused: an `Occurrence` for one line of notice; the sign-in goes on.
        stopped: the `Occurrence` that ended the page; `open`, `reload` or `shut` come next.
        start_over_requested, own_browser_requested: pressed in the strip.
        focus_left: F6 leaves the browser; True forwards (to the footer), False backwards.
        gone: everything of a shut attempt is destroyed.
    """

    redirected = Signal(str)
    host_changed = Signal(str, bool, bool)
    progressed = Signal(int)
    page_shown = Signal()
    handed_over = Signal(str)
    refused = Signal(object)
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
    ) -> None:
        """Makes the widget; the engine starts with the first `open`.

        Args:
            parent: Qt's.
            hosts: the integration file's `[browser] hosts`; None for every host.
            practice: pages of this computer are marked "Practice".
            own_browser: whether "Use my own browser" is offered.
            opener: gives an address to the operating system and says whether it took it.
        """
        super().__init__(parent)
        self._hosts = None if hosts is None else tuple(host.lower() for host in hosts)
        self._opener = opener or (lambda url: QDesktopServices.openUrl(QUrl(url)))
        self._attempt: _Attempt | None = None
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
        self._watch = PaintWatch(self._picture, self)
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
        hosts = None if self._hosts is None else (*self._hosts, Place.of(url).host)
        mine = current().code
        languages = (mine, *(code for code in ("sv", "en") if code != mine))
        attempt = _Attempt(Rules(redirect=redirect_uri, hosts=hosts), self._stack, self._opener, languages)
        self._attempt = attempt
        self._start = url
        self._stopped = self._seen = False
        self._zoom = 100
        for signal, answer in (
            (attempt.redirected, self._redirect),
            (attempt.handed_over, self.handed_over.emit),
            (attempt.refused, self.refused.emit),
            (attempt.stopped, self._stop),
            (attempt.pages_changed, self._page_on_show),
        ):
            signal.connect(self._of(attempt, answer), Qt.ConnectionType.QueuedConnection)
        attempt.gone.connect(self.gone)
        self.destroyed.connect(attempt.destroy)
        page = attempt.main
        page.loadStarted.connect(self._of(attempt, self._watch.begin))
        self._page_on_show()
        self._watch.begin()
        self._progress(0)
        self._load_start(attempt)

    def _load_start(self, attempt: _Attempt) -> None:
        # The engine takes schemes such as `view-source:` off before it asks, so the first address is judged here too.
        if attempt.accepts(attempt.main, self._start, True):
            attempt.main.load(QUrl.fromEncoded(self._start.encode()))

    def shut(self) -> None:
        """Ends the attempt: its pages vanish now, and are destroyed as soon as the event loop turns; then `gone`."""
        attempt, self._attempt = self._attempt, None
        self._watch.stop()
        self._last_place = None
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
    def is_gone(self) -> bool:
        """Whether nothing of any attempt is left. Leave the event loop only then: the engine crashes on leftovers."""
        return not _Attempt.alive

    def _of(self, attempt: _Attempt, answer: Callable[..., Any]) -> Callable[..., None]:
        """`answer`, but only while `attempt` is the one on show: queued news of an old one is nobody's."""

        def answer_if_current(*news: Any) -> None:
            if self._attempt is attempt and not attempt.over:
                answer(*news)

        return answer_if_current

    def _redirect(self, url: str) -> None:
        self._watch.stop()
        self.redirected.emit(url)

    def _stop(self, problem: Occurrence) -> None:
        if self._stopped or self._attempt is None:
            return
        self._stopped = True
        self._watch.stop()
        self._progress(100)
        self.stopped.emit(problem)

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
            self._watch.arrived()
        if place == self._last_place:
            return
        self._last_place = place
        self.strip.address.show_place(place)
        self.host_changed.emit(place.host, place.is_fortnox, place.secure)

    def _loaded(self) -> None:
        """The load ended, well or not."""
        self._progress(100)
        attempt = self._attempt
        drawn_by = None if attempt is None else attempt.view.focusProxy()
        if drawn_by is not None:  # a new one for each site; the view itself never takes part in the order
            QWidget.setTabOrder(self.strip.own_browser, drawn_by)

    def _first_shown(self) -> None:
        if not self._seen:
            self._seen = True
            self.page_shown.emit()

    def _progress(self, percent: int) -> None:
        self.strip.set_progress(percent)
        self.progressed.emit(percent)

    def _picture(self) -> QImage | None:
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
            page.triggerAction(_Action.Reload)

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
        in_strip = focus is not None and self.strip.isAncestorOf(focus)
        if in_strip and forward:
            self.focus_page()
        elif not in_strip and not forward:
            self.focus_strip()
        else:
            self.focus_left.emit(forward)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.strip.retranslate()
        super().changeEvent(event)
