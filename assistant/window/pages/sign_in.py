"""Page 4, Sign in: Fortnox itself, in a browser inside the window, with one line of advice above it.

While the person signs in with their own browser, a panel that says so stands in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.fortnox.authorization import AuthorizationRequest
from assistant.fortnox.redirect import RedirectUri
from assistant.journey import Event, Journey, Notice, Step, events
from assistant.language import N_, _
from assistant.problems import Occurrence, Way, occurrence
from assistant.problems.unplanned import unplanned
from assistant.problems.words import words
from assistant.secret import Secret
from assistant.window.accessibility import announce
from assistant.window.banner import Banner, Tone
from assistant.window.footer import ButtonRow
from assistant.window.nudging import Movement
from assistant.window.own_browser import OwnBrowserPanel
from assistant.window.pages.confirm import left_behind_words
from assistant.window.pages.nudge import Nudge
from assistant.window.pages.page import Page, buttons
from assistant.window.text import Caption
from assistant.window.tokens import SPACE_1, SPACE_4

if TYPE_CHECKING:
    from assistant.window.browser import SignInBrowser
    from assistant.window.proxy import ProxyPasswords

_FIRST = N_("This is Fortnox's own page. Check that the strip says Fortnox with a lock, and sign in as usual.")
_FIRST_IN_PRACTICE = N_("This is practice. Choose who you want to be, and never type your real password here.")
_FIRST_ELSEWHERE = N_("This is the sign-in page of {host}, not of Fortnox. Sign in only if you know this server.")
_FIRSTS = (_FIRST, _FIRST_IN_PRACTICE, _FIRST_ELSEWHERE)
_BANKID = N_(
    "Use BankID on your phone or on this computer. Check that the app says Fortnox before you enter your code."
)
_UNLOCKING = N_("Your computer may ask for its password to open the password store. The box may be behind this window.")
_RESTARTED = N_(
    "The sign-in page stayed empty, so the program has started again and draws it without the graphics card. Sign in"
    " as usual."
)
_NOTICES = {
    Notice.HANDED_BACK: N_(
        "The connection was not saved and the access has been handed back. Sign in again and choose another company."
        " {integration} may still stand in the wrong company's Fortnox: remove it there under Manage integrations"
        " (Hantera integrationer)."
    ),
    Notice.NOT_HANDED_BACK: N_("The connection was not saved. {left_behind} Sign in again and choose another company."),
}


class SignInPage(Page):
    """The browser's place in the wizard; for the journey it is the port that shows a sign-in.

    Signals:
        focus_left: F6 leaves the browser; True forwards.
    """

    focus_left = Signal(bool)
    steps = (Step.SIGN_IN,)
    enter_presses_main = False

    def __init__(self) -> None:
        super().__init__(scrolls=False)
        self._hint = Banner(tone=Tone.INFO)
        self._hint.pressed.connect(lambda: self.happened.emit(events.StartOver()))
        self.column.setSpacing(0)
        self.column.addWidget(self._hint)
        self._call = Caption()
        self._call_line = QWidget()
        inside = QVBoxLayout(self._call_line)
        inside.setContentsMargins(SPACE_4, SPACE_1, SPACE_4, SPACE_1)
        inside.addWidget(self._call)
        self.column.addWidget(self._call_line)
        self._place = QVBoxLayout()
        self.column.addLayout(self._place, 1)
        self.own_browser = OwnBrowserPanel()
        self.own_browser.hide()
        self.own_browser.open_again_requested.connect(self._open_again)
        self.own_browser.window_browser_requested.connect(lambda: self.happened.emit(events.WindowBrowserAsked()))
        self.own_browser.pasted.connect(self._pasted)
        self._place.addWidget(self.own_browser)
        self.nudge = Nudge()
        self.nudge.start_over_requested.connect(lambda: self.happened.emit(events.StartOver()))
        self.column.addWidget(self.nudge)
        self._browser: SignInBrowser | None = None
        self._attempt = 0
        self._watched = 0  # the attempt in the own browser that help is offered for
        self._send: Callable[[Event], None] = lambda event: None
        self._said: tuple[str, dict[str, str]] | None = None
        self._refusal: Occurrence | None = None
        self.practice = False
        self.unlocks = False  # the password store is locked, so the system will ask for its password meanwhile
        self.opener: Callable[[str], bool] | None = None
        self.proxy_passwords: ProxyPasswords | None = None

    # The port of the journey.

    def show_request(self, attempt: int, request: AuthorizationRequest, send: Callable[[Event], None]) -> None:
        """Shows `request` in a fresh browser and sends what becomes of it."""
        self._attempt, self._send, self._said, self._refusal = attempt, send, None, None
        try:
            browser = self._ready_browser()
            browser.open(request.url, RedirectUri(request.redirect_uri))
        except ImportError as missing:
            stopped = occurrence("WEB-04", {"Missing": missing.name or type(missing).__name__})
            send(events.SignInStopped(attempt=attempt, occurrence=stopped))
            return
        except Exception as fault:  # noqa: BLE001 - else the person would look at an empty page
            send(events.SignInStopped(attempt=attempt, occurrence=unplanned(fault)))
            return
        self.nudge.begin(self.state)
        browser.strip.set_own_browser(self.state is not None and self.state.integration.way_back is not None)
        browser.show()
        if self.isVisible():
            browser.focus_page()

    def tell_restarted(self) -> None:
        """Says why the person is here again: the program has started anew by itself."""
        self._say(_RESTARTED)

    def end_request(self) -> None:
        """Destroys the page with everything it remembers."""
        self.nudge.end()
        if self._browser is not None:
            self._browser.shut()

    @property
    def browser(self) -> SignInBrowser | None:
        """The browser, once it was needed."""
        return self._browser

    def _ready_browser(self) -> SignInBrowser:
        if self._browser is None:
            from assistant.window.browser import SignInBrowser

            hosts = self.state.integration.browser_hosts if self.state else None
            browser = SignInBrowser(
                self.body, hosts=hosts, practice=self.practice, opener=self.opener, passwords=self.proxy_passwords
            )
            browser.redirected.connect(self._redirected)
            browser.stopped.connect(self._stopped)
            browser.refused.connect(self._refused)
            browser.went_on.connect(self._went_on)
            browser.handed_over.connect(lambda _scheme: self._handed_over())
            browser.start_over_requested.connect(lambda: self.happened.emit(events.StartOver()))
            browser.own_browser_requested.connect(lambda: self.happened.emit(events.OwnBrowserAsked()))
            browser.focus_left.connect(self.focus_left)
            self.nudge.watch(browser)
            self._place.addWidget(browser)
            self._browser = browser
        return self._browser

    def _open_again(self) -> None:
        self.nudge.moved(Movement.OPENED_AGAIN)
        self.happened.emit(events.OpenAgainAsked())

    def _pasted(self, address: Secret) -> None:
        self.nudge.moved(Movement.PASTED)
        self.happened.emit(events.AddressPasted(address=address))

    def _redirected(self, address: str) -> None:
        self._send(events.Redirected(attempt=self._attempt, address=Secret(address)))

    def _handed_over(self) -> None:
        self._refusal = None
        self._say(_BANKID)

    def _stopped(self, problem: Occurrence) -> None:
        self._send(events.SignInStopped(attempt=self._attempt, occurrence=problem))

    def _refused(self, problem: Occurrence) -> None:
        self._refusal = problem
        self._show_refusal()
        announce(self._hint, self._hint.accessibleName())

    @property
    def refusal(self) -> Occurrence | None:
        """What the page or its server was refused, or refused itself, as far as it still holds."""
        return self._refusal

    def _show_refusal(self) -> None:
        """What was refused: in a line, where the sign-in goes on; with the way on, where only a new one leads on."""
        problem = self._refusal
        if problem is None:
            return
        told = words(problem, integration=self.state.integration if self.state else None)
        code = _("Error code {code}", code=problem.code)
        if problem.problem.ways[0] is not Way.SIGN_IN_AGAIN:
            said = f"{told.title}. {told.cause} {told.remedy[0]} {code}"
            self._hint.show_message(said, tone=Tone.WARNING)
            return
        remedy = " ".join((told.cause, *told.remedy, code))
        self._hint.show_message(remedy, tone=Tone.WARNING, title=told.title, button=_("Start over"))

    def _went_on(self) -> None:
        self._refusal = None
        self.retranslate()

    # The page.

    def show_state(self, state: Journey) -> None:
        own = state.own_browser is not None
        entered = own and self.own_browser.isHidden()
        self._hint.setVisible(not own)
        self.own_browser.setVisible(own)
        if self._browser is not None and own:
            self._browser.hide()
        super().show_state(state)
        if own and state.authorization is not None and state.attempt != self._watched:
            self._watched = state.attempt  # no page of ours: from here on only what the person does here is seen
            self.nudge.begin(state)
        if entered and self.isVisible():  # on arrival at the page the window sees to it
            self.own_browser.take_focus()
            announce(self.own_browser, self.own_browser.heading.text())

    def retranslate(self) -> None:
        assert self.state is not None
        self.setAccessibleName(_("Sign in to Fortnox"))
        self.nudge.retranslate()
        integration = self.state.integration
        phone = integration.support.phone if integration.way_back is None else None
        self._call_line.setVisible(phone is not None)
        self._call.setText(
            _("Does the sign-in not work here? Call {vendor}, {phone}.", vendor=integration.vendor, phone=phone or "")
        )
        if self.state.own_browser is not None:
            self.own_browser.show_state(self.state)
            return
        notice = self.state.notice
        if notice is not None:
            self._say(
                _NOTICES[notice],
                integration=self.state.integration.name,
                left_behind=left_behind_words(self.state),
            )
        elif self._said is None or self._said[0] in (*_NOTICES.values(), *_FIRSTS):
            host = self.state.integration.foreign_host
            first = _FIRST_IN_PRACTICE if self.practice else _FIRST_ELSEWHERE if host else _FIRST
            self._say(first, host=host or "")
            if self.unlocks:
                self._hint.show_message(f"{_(first, host=host or '')} {_(_UNLOCKING)}", tone=Tone.INFO)
        else:
            self._say(self._said[0], **self._said[1])
        self._show_refusal()

    def _say(self, message: str, **values: str) -> None:
        self._said = (message, values)
        self._hint.show_message(_(message, **values), tone=Tone.INFO)

    def footer(self) -> ButtonRow:
        return buttons(back=True, leave=_("Cancel"))

    def first_focus(self) -> QWidget | None:
        if self.state is not None and self.state.own_browser is not None:
            return self.own_browser.first_focus()
        return self._browser
