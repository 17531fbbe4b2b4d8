"""One attempt to sign in: its profile, its pages, and what becomes of their wishes.

Windows that the sign-in page opens come up in the same place, over it, under the same rules, with a way back in the
strip: a pop-up sign-in needs the page that opened it to live on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QTimer, QUrl, Signal
from PySide6.QtNetwork import QAuthenticator
from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineClientCertificateSelection,
    QWebEngineDownloadRequest,
    QWebEngineLoadingInfo,
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineWebAuthUxRequest,
)
from PySide6.QtWidgets import QStackedWidget

from assistant.language import _
from assistant.problems import Occurrence, occurrence
from assistant.window.browser.page import Page, View, quiet
from assistant.window.browser.profile import fresh_profile
from assistant.window.load_failure import certificate_refused, failed_load, faulty_answer, refused_request
from assistant.window.navigation import Rules, Verdict
from assistant.window.place import Place
from assistant.window.proxy import ProxyPasswords, host_of

INNER_PAGES: Final = 3
HANDOVER_PAUSE_MS: Final = 1_000
_SAME_NOTICE_MS: Final = 3_000


class Attempt(QObject):
    """Profile, pages and views of one sign-in, and what becomes of their wishes.

    Its signals are received queued, so that nobody destroys a page from within the page's own call. It keeps itself
    alive until the last of it is gone: views first, then pages, then the profile, which must outlive its pages.

    `proxy_asked` says proxy, host and whether a password was refused: the load has been stopped, for the engine takes
    an answer only at once. `renderer_ended` says how the process that drew the sign-in page ended. `went_on` follows a
    WEB-25 when a page has come after all.
    """

    redirected = Signal(str)
    handed_over = Signal(str)
    refused = Signal(object)
    went_on = Signal()
    stopped = Signal(object)
    pages_changed = Signal()
    proxy_asked = Signal(str, str, bool)
    renderer_ended = Signal(str)
    gone = Signal()

    alive: ClassVar[set[Attempt]] = set()

    def __init__(
        self,
        rules: Rules,
        stack: QStackedWidget,
        opener: Callable[[str], bool],
        languages: Sequence[str],
        passwords: ProxyPasswords,
    ) -> None:
        super().__init__()
        self.alive.add(self)
        self.over = False
        self.refused_origin = ""  # whose certificate was refused last
        self._caught = False
        self._loads = 0  # of the sign-in page since the authorization request was sent; the first is its answer
        self._turned_away = False  # and that was a refusal
        self._rules = rules
        self._stack = stack
        self._opener = opener
        self._passwords = passwords
        self._told: set[tuple[str, str]] = set()  # proxy and address that a password was given for
        self._handing_over = False
        self._notices: set[str] = set()
        self._profile = fresh_profile(languages)
        self._profile.downloadRequested.connect(self._download)
        self._profile.setNotificationPresenter(lambda notification: None)
        self._views: list[View] = []
        self._pages: list[Page] = []
        self._used: set[Page] = set()  # pages that were let go to an address of their own
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
    def page(self) -> Page:
        """The page on show: the last one opened."""
        return self._pages[-1]

    @property
    def view(self) -> View:
        return self._views[-1]

    def _add(self) -> Page:
        page = Page(self._profile, self)
        view = View(self._stack)
        view.setPage(page)
        view.setAcceptDrops(False)
        view.setAccessibleName(_("Sign-in page"))
        page.newWindowRequested.connect(self._new_window)
        page.windowCloseRequested.connect(lambda: self._close_later(page))
        page.certificateError.connect(lambda error: self._certificate(page, error))
        page.loadingChanged.connect(lambda info: self._loading(page, info))
        page.renderProcessTerminated.connect(lambda status, _code: self._terminated(page, status))
        page.permissionRequested.connect(self._permission)
        page.fullScreenRequested.connect(lambda request: self._deny(request.reject, "full-screen"))
        page.printRequested.connect(lambda: self.refuse("WEB-09", {"asked": "print"}))
        page.registerProtocolHandlerRequested.connect(lambda request: request.reject())
        page.fileSystemAccessRequested.connect(lambda request: self._deny(request.reject, "files"))
        page.desktopMediaRequested.connect(lambda request: self._deny(request.cancel, "screen"))
        page.selectClientCertificate.connect(self._client_certificate)
        page.webAuthUxRequested.connect(self._passkey)
        page.authenticationRequired.connect(lambda url, _login: self._login(page, url.host()))
        page.proxyAuthenticationRequired.connect(lambda url, login, proxy: self._proxy_login(page, url, login, proxy))
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

    def close_inner(self, page: Page | None = None) -> None:
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
        quiet(page)
        view.deleteLater()
        page.deleteLater()
        self.pages_changed.emit()

    def _close_later(self, page: Page) -> None:
        QTimer.singleShot(0, self, lambda: self.close_inner(page))

    # ---- navigation

    def ask(self, url: str) -> None:
        """Sends the authorization request."""
        self._loads, self._turned_away = 0, False
        self.main.load(QUrl.fromEncoded(url.encode()))

    def accepts(self, page: Page, url: str, main_frame: bool) -> bool:
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
        elif verdict is Verdict.REFUSE_UNSAFE and place.scheme == "file":
            self.refuse("WEB-26")
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

    def _loading(self, page: Page, info: QWebEngineLoadingInfo) -> None:
        if self.ended:
            return
        if page is self.main:
            self._count(info.status())
        if info.status() is not QWebEngineLoadingInfo.LoadStatus.LoadFailedStatus:
            return
        host = Place.of(info.url().toString(QUrl.ComponentFormattingOption.FullyEncoded)).shown
        if info.errorDomain() is QWebEngineLoadingInfo.ErrorDomain.HttpStatusCodeDomain:
            self.fail(page, faulty_answer(info.errorCode(), host=host))
            if page is self.main and self._loads == 1:
                self._turn_away(refused_request(info.errorCode(), host=host))
        else:
            self.fail(page, failed_load(info.errorCode(), host=host))

    def _turn_away(self, problem: Occurrence | None) -> None:
        """The answer to the authorization request itself is no. What it says stays to be read."""
        if problem is not None:
            self._turned_away = True
            self.refused.emit(problem)

    def _count(self, status: QWebEngineLoadingInfo.LoadStatus) -> None:
        if status is QWebEngineLoadingInfo.LoadStatus.LoadStartedStatus:
            self._loads += 1
        elif status is QWebEngineLoadingInfo.LoadStatus.LoadSucceededStatus and self._turned_away:
            self._turned_away = False
            self.went_on.emit()

    def _certificate(self, page: Page, error: QWebEngineCertificateError) -> None:
        error.rejectCertificate()
        if not error.isMainFrame():
            return
        authority = error.url().authority(QUrl.ComponentFormattingOption.FullyEncoded)  # an IPv6 host has its brackets
        self.refused_origin = f"https://{authority.rpartition('@')[2]}"
        chain = error.certificateChain()
        issuer = (chain[0].issuerDisplayName() if chain else "") or ""
        host = Place.of(error.url().toString(QUrl.ComponentFormattingOption.FullyEncoded)).shown
        self.fail(page, certificate_refused(host=host, issuer=issuer, net_error=error.type().value))

    def _terminated(self, page: Page, status: QWebEnginePage.RenderProcessTerminationStatus) -> None:
        if status is QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus:
            return
        if page is self.main and not self.ended:
            self.renderer_ended.emit(status.name)
        else:
            self.fail(page, occurrence("WEB-02", {"ended": status.name}))

    def fail(self, page: Page, problem: Occurrence | None) -> None:
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

    def _login(self, page: Page, host: str) -> None:
        """No password is given. The load is stopped at once: the engine would send an empty one, 32 times over."""
        page.triggerAction(QWebEnginePage.WebAction.Stop)
        self.fail(page, occurrence("WEB-19", host=host))

    def _proxy_login(self, page: Page, url: QUrl, login: QAuthenticator, proxy: str) -> None:
        """The password the person typed for this proxy, once for each address; else they are asked."""
        host = url.host(QUrl.ComponentFormattingOption.FullyEncoded)
        way = self._passwords.between(host, proxy)
        asked = way, url.toString()
        known = self._passwords.of(way) if way else None
        if known is not None and asked not in self._told:
            self._told.add(asked)
            login.setUser(known[0])
            login.setPassword(known[1].reveal())
            return
        page.triggerAction(QWebEnginePage.WebAction.Stop)
        if known is not None:
            self._passwords.forget(way)
            self._told.clear()
        if page is not self.main:
            self._close_later(page)
        self.proxy_asked.emit(way or host_of(proxy), host, known is not None)

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
            quiet(page)
        for view in self._views:
            if shiboken6.isValid(view):
                self._stack.removeWidget(view)
                view.hide()

    def _finished(self) -> None:
        if self in self.alive:
            self.alive.discard(self)
            self.gone.emit()
