"""The wizard: QWizard as a view of the journey. It shows the page of the state and decides nothing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget, QWizard

from assistant.journey import Journey, Step
from assistant.window.accessibility import announce
from assistant.window.pages.account import AccountPage
from assistant.window.pages.checking import CheckingPage
from assistant.window.pages.confirm import ConfirmPage
from assistant.window.pages.done import DonePage
from assistant.window.pages.page import Page
from assistant.window.pages.permissions import PermissionsPage
from assistant.window.pages.problem import ProblemPage
from assistant.window.pages.sign_in import SignInPage
from assistant.window.pages.welcome import WelcomePage


class Wizard(QWizard):
    """The pages, as a plain widget inside the frame: QWizard's own header and buttons are switched off.

    Signals:
        happened: what the person did on a page, as an event of the journey.
        page_changed: another page is on show.
    """

    happened = Signal(object)
    page_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Widget)
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)  # the other styles draw headers and strips of their own
        self.setOption(QWizard.WizardOption.NoDefaultButton)
        self.setButtonLayout([])
        self.welcome, self.account, self.permissions = WelcomePage(), AccountPage(), PermissionsPage()
        self.sign_in, self.checking, self.confirm = SignInPage(), CheckingPage(), ConfirmPage()
        self.done_page, self.problem = DonePage(), ProblemPage()
        self._pages: dict[Step, int] = {}
        for number, page in enumerate(self.all_pages):
            self.setPage(number, page)
            page.happened.connect(self.happened)
            for step in page.steps:
                self._pages[step] = number
        self.setStartId(0)
        self.restart()
        self._clear()

    @property
    def all_pages(self) -> tuple[Page, ...]:
        return (
            self.welcome,
            self.account,
            self.permissions,
            self.sign_in,
            self.checking,
            self.confirm,
            self.done_page,
            self.problem,
        )

    @property
    def shown(self) -> Page:
        """The page on show."""
        page = self.currentPage()
        assert isinstance(page, Page)
        return page

    def show_state(self, state: Journey) -> None:
        """Shows the page of `state`, and on it the state itself."""
        number = self._pages.get(state.step)
        if number is None:  # closing: the window is hidden
            return
        page = self.page(number)
        assert isinstance(page, Page)
        changed = number != self.currentId()
        page.show_state(state)
        if changed:
            self.setCurrentId(number)
            self._clear()
            self.page_changed.emit()

    def _clear(self) -> None:
        """Takes away the ruler and margins that QWizard lays out anew on every page, so that only the page is left."""
        page = self.shown
        for inner in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            layout = inner.layout()
            if not isinstance(layout, QGridLayout) or not inner.isAncestorOf(page):
                continue
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setHorizontalSpacing(0)
            layout.setVerticalSpacing(0)
            for row in range(layout.rowCount()):
                layout.setRowMinimumHeight(row, 0)
            for part in inner.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
                if not part.isAncestorOf(page):
                    part.setFixedHeight(0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clear()

    def show_problem_alone(self) -> None:
        """The problem page, before there is a journey."""
        self.setCurrentId(self._pages[Step.PROBLEM])
        self._clear()
        self.page_changed.emit()

    def arrive(self, filled: QWidget) -> None:
        """Focus and announcement on arrival at a page: the first control to be used, else the filled button.

        With a screen reader focus always begins at the heading, so that the page is heard from its start.
        """
        page = self.shown
        if QAccessible.isActive() and page.heading.isVisible():
            page.heading.take_focus()
        else:
            target = page.first_focus()
            if target is page.heading:
                page.heading.take_focus()
            else:
                (target or filled).setFocus(Qt.FocusReason.OtherFocusReason)
                if target is not None:
                    QTimer.singleShot(0, target, lambda: page.bring_into_view(target))
        said = ". ".join(part for part in (page.heading.text(), page.lead.text()) if part) or page.accessibleName()
        QTimer.singleShot(0, page, lambda: announce(page, said, assertive=page is self.problem))

    # QWizard is a dialog: Esc and Enter would end or turn it by themselves.

    def reject(self) -> None:
        """Never by itself: the frame asks the journey."""

    def accept(self) -> None:
        """Never by itself."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def event(self, event: QEvent) -> bool:
        # What's-this and dialog closing are QDialog's; as a plain widget it must not eat them.
        return QWidget.event(self, event) if event.type() == QEvent.Type.KeyPress else super().event(event)
