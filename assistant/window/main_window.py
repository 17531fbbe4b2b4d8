"""The window: the frame with the wizard in it, wired to whoever listens to `happened`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QElapsedTimer, QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QGuiApplication, QKeyEvent, QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.integration import Integration, LogoKind
from assistant.journey import Journey, Step, events
from assistant.language import _
from assistant.problems import Occurrence, Way, occurrence
from assistant.secret import Secret
from assistant.window.accessibility import announce
from assistant.window.clock_settings import clock_settings_address
from assistant.window.footer import Action, ButtonRow
from assistant.window.frame import Frame
from assistant.window.pages.handover import hand_over_text
from assistant.window.pages.problem import COPIES
from assistant.window.proxy import ProxyPasswords
from assistant.window.proxy_asking import ProxyAsking, proxy_of
from assistant.window.proxy_panel import ProxyPanel
from assistant.window.web_address import open_web_address
from assistant.window.wizard import Wizard

if TYPE_CHECKING:
    from assistant.window.connections.page import ConnectionsPage
    from assistant.window.pages.page import Page

_FOLDED = (Step.SIGN_IN,)
_LOGO_HEIGHT = 128  # drawn large once, scaled down by the header for the screen's pixel ratio


class MainWindow(QWidget):
    """One window for the whole journey.

    Signals:
        happened: what the person did, as an event of the journey.
        language_chosen: the code of a language picked on the first page or on the connections.
        home_wanted: the person wants to see the connections.
        file_wanted: the person wants to choose another integration file.

    Attributes:
        open_address: opens an address in the default browser and says whether something took it.
    """

    happened = Signal(object)
    language_chosen = Signal(str)
    file_wanted = Signal()
    home_wanted = Signal()

    def __init__(self, integration: Integration | None, *, support_code: str) -> None:
        super().__init__()
        self.frame, self.wizard = Frame(), Wizard()
        self.frame.set_content(self.wizard)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.frame)
        self.resize(self.frame.size())
        self.open_address: Callable[[str], bool] = open_web_address
        self._integration = integration
        self._state: Journey | None = None
        self._alone = False
        self._asking: ProxyAsking | None = None
        self._proxy_panel: ProxyPanel | None = None
        self._proxy = ""  # whose password the panel asks for
        self._home: ConnectionsPage | None = None
        self._from_home = False
        self._pressed, self._since_press = "", QElapsedTimer()
        self.frame.header.help_button.hide()  # nothing answers it yet, and a button that does nothing is none
        self.frame.set_support_code(support_code)
        self.wizard.done_page.support_code = self.wizard.problem.support_code = support_code
        self._wire()
        self._name_it()

    def _wire(self) -> None:
        frame, wizard = self.frame, self.wizard
        frame.cancel_requested.connect(self._cancel)
        frame.back_requested.connect(lambda: self._press("back"))
        frame.next_requested.connect(lambda: self._press("main"))
        frame.second_requested.connect(lambda: self._press("other"))
        wizard.happened.connect(self.happened)
        wizard.page_changed.connect(self._arrived)
        wizard.welcome.language_chosen.connect(self.language_chosen)
        wizard.problem.way_wanted.connect(self._take)
        wizard.welcome.way_wanted.connect(self._take)
        wizard.welcome.password_wanted.connect(self._ask_for_proxy)
        wizard.sign_in.focus_left.connect(self._focus_from_browser)
        for page in (wizard.welcome, wizard.permissions, wizard.done_page):
            page.home_wanted.connect(self.home_wanted)

    def _press(self, button: str) -> None:
        """Passes a press on to the page, but for the second half of a double click or of Enter pressed twice.

        The buttons stand in the same place on every page, so that half would press one on a page nobody has seen yet.
        """
        clock, interval = self._since_press, QGuiApplication.styleHints().mouseDoubleClickInterval()
        if self._pressed == button and clock.isValid() and clock.elapsed() < interval:
            return
        self._pressed = button
        clock.start()
        page = self._shown
        {"back": page.press_back, "main": page.press_main, "other": page.press_other}[button]()

    def _name_it(self) -> None:
        """Name and logo in the title bar and header; the title is never a web page's."""
        integration = self._integration
        name = integration.name if integration else ""
        title = _("Connect {integration} to Fortnox", integration=name) if name else _("Connect to Fortnox")
        self.window().setWindowTitle(title)
        logo = _logo(integration) if integration else None
        self.frame.set_integration(title, logo)
        self.frame.set_other_host("")

    def set_integration(self, integration: Integration) -> None:
        """Another integration file, or the same one at the practice server of the moment."""
        self._integration = integration
        self._name_it()

    def set_practice(self, practising: bool) -> None:
        """Practice banner and mark; without practice, another server than Fortnox is named in a banner that stays."""
        self.frame.set_practice(practising)
        self.wizard.sign_in.practice = self.wizard.done_page.practice = practising
        host = self._integration.foreign_host if self._integration and not practising else None
        self.frame.set_other_host(host or "")

    def show_state(self, state: Journey) -> None:
        """Shows where the journey is."""
        if state.step in (Step.CLOSING, Step.CLOSED):  # the window is hidden by then, or shows the connections
            self._state = state
            return
        news = state.problem if self._state is None or state.problem is not self._state.problem else None
        if self._state is not None and state.step is not self._state.step:
            self._put_question_away()
        before, self._state = self._state, state
        if before is not None and before.step is Step.PROBLEM and state.step is Step.WELCOME:
            self.wizard.welcome.check_again.emit()  # something may have been put right meanwhile
        came_from_home = self.at_home
        if not self._proxy:
            self.frame.set_content(self.wizard)
        stopped = state.step is Step.PROBLEM
        self.frame.set_step(state.shown_step.number, stopped=stopped)
        self.frame.set_folded(state.step in _FOLDED)
        self.wizard.show_state(state)
        self._show_buttons()
        if came_from_home:
            self._arrived()
        if stopped and news is not None and self._asking is not None and self._asking.wants(news):
            self._ask_for_proxy(proxy_of(news))

    # The connections, which stand where the wizard stands.

    @property
    def at_home(self) -> bool:
        """Whether the connections are on show."""
        return self._home is not None and self.frame.content is self._home

    @property
    def _shown(self) -> Page | ConnectionsPage:
        return self._home if self._home is not None and self.at_home else self.wizard.shown

    def show_home(self, page: ConnectionsPage) -> None:
        """Shows the connections in the wizard's place."""
        if self._home is not page:
            self._home = page
            page.buttons_changed.connect(self._show_buttons)
            page.language_chosen.connect(self.language_chosen)
        self.frame.set_content(page)
        self.frame.set_step(None)
        self._show_buttons()
        self.arrive_home()

    def arrive_home(self) -> None:
        """The keyboard to the list, on the row the person is on; with a screen reader to the heading."""
        if self._home is not None and self.at_home:
            self._home.arrive(self.frame.footer.filled)

    def set_from_home(self, from_home: bool) -> None:
        """Whether the walk was begun at the connections: the way out of it then leads there."""
        self._from_home = from_home
        for page in self.wizard.all_pages:
            page.from_home = from_home

    def _cancel(self) -> None:
        """The quiet button, or Esc: out of the walk where it was begun at the connections, else out of the program."""
        if self._from_home and not self.at_home:
            self.home_wanted.emit()
        else:
            self.leave()

    def show_problem_alone(self, problem: Occurrence) -> None:
        """A problem before there is a journey."""
        self._alone = True
        self.frame.set_content(self.wizard)
        self.frame.set_step(None)
        self.wizard.problem.show_alone(problem)
        self.wizard.show_problem_alone()
        self._show_buttons()

    def retranslate(self) -> None:
        """Says everything in the current language."""
        self._name_it()
        self.frame.retranslate()
        self.set_practice(self.wizard.sign_in.practice)
        for page in self.wizard.all_pages:
            if page.state is not None:
                page.retranslate()
        if self._home is not None:
            self._home.retranslate()
        if self._alone:
            self.wizard.problem.retranslate()
        if self._proxy_panel is not None:
            self._proxy_panel.retranslate()
        self._show_buttons()

    def _show_buttons(self) -> None:
        if self._proxy:
            self.frame.set_buttons(ButtonRow(cancel=Action(_("Cancel"))), enter_presses=False)
            return
        page = self._shown
        self.frame.set_buttons(page.footer(), enter_presses=page.enter_presses_main)

    # A proxy that a request met before any page did.

    def use_proxy_passwords(self, passwords: ProxyPasswords) -> None:
        """Where passwords of proxies are kept, for the sign-in page and for the requests beside it."""
        self.wizard.sign_in.proxy_passwords = passwords
        self._asking = ProxyAsking(passwords)

    @property
    def proxy_panel(self) -> ProxyPanel | None:
        """The question for a proxy's password while it stands in the place of a page."""
        return self._proxy_panel if self._proxy else None

    def _ask_for_proxy(self, proxy: str) -> None:
        if self._asking is None:
            return
        if self._proxy_panel is None:
            self._proxy_panel = ProxyPanel()
            # Queued: the Enter that answers goes on to the frame, where it must not press a button of the page behind.
            self._proxy_panel.answered.connect(self._proxy_answered, Qt.ConnectionType.QueuedConnection)
            self._proxy_panel.given_up.connect(self._proxy_given_up, Qt.ConnectionType.QueuedConnection)
        self._proxy = proxy
        self.frame.set_content(self._proxy_panel)
        self._proxy_panel.ask(proxy, wrong=self._asking.begin(proxy))
        self._show_buttons()
        announce(self._proxy_panel, self._proxy_panel.title.text(), assertive=True)

    def _proxy_answered(self, user: str, password: Secret) -> None:
        """Goes on with what the proxy has stopped: the step that failed, or the look on the first page."""
        if self._asking is not None:
            self._asking.answered(self._proxy, user, password)
        self._put_question_away()
        if self._state is not None and self._state.step is Step.PROBLEM:
            self.happened.emit(events.WayChosen(way=Way.TRY_AGAIN))
        else:
            self.wizard.welcome.check_again.emit()

    def _proxy_given_up(self) -> None:
        if self._asking is not None:
            self._asking.given_up(self._proxy)
        self._put_question_away()

    def _put_question_away(self) -> None:
        """The page comes back in its place."""
        if not self._proxy:
            return
        self._proxy = ""
        self.frame.set_content(self.wizard)
        self._arrived()

    def _arrived(self) -> None:
        self._show_buttons()
        self.wizard.arrive(self.frame.footer.filled)

    def _focus_from_browser(self, forwards: bool) -> None:
        footer = self.frame.footer
        target = footer.back if forwards else footer.cancel
        target.setFocus(Qt.FocusReason.TabFocusReason if forwards else Qt.FocusReason.BacktabFocusReason)

    # Ways that the window takes by itself.

    def _take(self, way: Way) -> None:
        clipboard, page = QGuiApplication.clipboard(), self.wizard.problem
        integration = self._integration
        match way:
            case Way.COPY_CODE:
                clipboard.setText(page.codes_text)
            case Way.COPY_DETAILS:
                clipboard.setText(page.text_for_it)
            case Way.COPY_HANDOVER if integration is not None:
                clipboard.setText(hand_over_text(integration, page.problem))
            case Way.COPY_ADDRESS if integration is not None:
                clipboard.setText(integration.start_page)
            case Way.OPEN_LISTING if integration is not None and integration.listing:
                self._open(integration.listing, self.open_address)
            case Way.OPEN_FILE:
                self.file_wanted.emit()
            case Way.PROXY_PASSWORD:
                self._ask_for_proxy(proxy_of(page.problem))
            case Way.OPEN_SETTINGS if (address := clock_settings_address()) is not None:
                self._open(address, lambda settings: QDesktopServices.openUrl(QUrl(settings)))
            case _:
                pass
        if way in COPIES:
            page.show_copied(way)
            self._show_buttons()

    def _open(self, address: str, opener: Callable[[str], bool]) -> None:
        """Opens `address`; where nothing takes it, the page says so and has it to copy."""
        page = self.wizard.welcome if self.wizard.shown is self.wizard.welcome else self.wizard.problem
        if opener(address):
            page.not_opened.put_away()
        else:
            page.not_opened.tell(occurrence("OPEN-02", address=address))
            page.reveal(page.not_opened)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F6 goes from the footer and header into the browser; inside it the browser sees to F6 itself."""
        browser = self.wizard.sign_in.browser
        if event.key() == Qt.Key.Key_F6 and browser is not None and browser.isVisible():
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                browser.focus_page()
            else:
                browser.focus_strip()
            return
        super().keyPressEvent(event)

    # Closing.

    def leave(self) -> None:
        """The person wants out; the journey says when the window may go."""
        self.happened.emit(events.Leave())

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.leave()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self._state is not None:
            self.retranslate()


def _logo(integration: Integration) -> QPixmap | None:
    """The vendor's logo at the header's size, in its own colours; None when there is none or it cannot be drawn."""
    logo = integration.look.logo
    if logo is None:
        return None
    if logo.kind is LogoKind.PNG:
        pixmap = QPixmap()
        pixmap.loadFromData(QByteArray(logo.content))
        return None if pixmap.isNull() else pixmap
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter
    from PySide6.QtSvg import QSvgRenderer

    drawing = QSvgRenderer(QByteArray(logo.content))
    if not drawing.isValid():
        return None
    size = drawing.defaultSize().scaled(4 * _LOGO_HEIGHT, _LOGO_HEIGHT, Qt.AspectRatioMode.KeepAspectRatio)
    pixmap = QPixmap(size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    drawing.render(painter, QRectF(pixmap.rect()))
    painter.end()
    return pixmap
