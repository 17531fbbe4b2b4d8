"""A panel beside the sign-in page that offers help when nothing has moved for a while. Never a box, never the focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assistant.fortnox.account import AccountKind
from assistant.journey import Journey
from assistant.language import _
from assistant.window.accessibility import announce
from assistant.window.buttons import LinkButton
from assistant.window.icons import Icon
from assistant.window.nudging import NUDGE_SECONDS, Movement, Observed, after, likely_causes
from assistant.window.surface import Card
from assistant.window.text import Strong, Text
from assistant.window.tokens import ICON_CONTROL, SPACE_3, SPACE_4

if TYPE_CHECKING:
    from assistant.window.browser import SignInBrowser


class Nudge(QWidget):
    """Hidden until the sign-in has stood still for the first of `seconds`; says more after the second.

    It stands under the page, so that nothing the person is about to press moves.

    Signals:
        start_over_requested: the person wants a fresh sign-in page.
    """

    start_over_requested = Signal()

    def __init__(self, *, seconds: tuple[float, float] = NUDGE_SECONDS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.seconds = seconds
        self._observed = Observed()
        self._level = 0
        self._loading = False
        self._state: Journey | None = None
        self._timers = [QTimer(self), QTimer(self)]
        for level, timer in enumerate(self._timers, start=1):
            timer.setSingleShot(True)
            timer.timeout.connect(self._offer(level))
        self._title, self._lead = Strong(), Text(maximum=None)
        self._causes = [Text(maximum=None) for _ in range(3)]
        self._call, self._fraud = Text(maximum=None), Text(maximum=None)
        self._start_over, self._close = LinkButton(), LinkButton()
        self._start_over.clicked.connect(self.start_over_requested)
        self._close.clicked.connect(self.hide)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        links = QHBoxLayout()
        links.setSpacing(SPACE_4)
        links.addWidget(self._start_over)
        links.addWidget(self._close)
        links.addStretch(1)
        causes, call = QVBoxLayout(), QVBoxLayout()
        for column, texts in ((causes, (self._title, self._lead, *self._causes)), (call, (self._call, self._fraud))):
            column.setSpacing(0)
            for text in texts:
                column.addWidget(text)
        call.addLayout(links)
        for column in (causes, call):
            column.addStretch(1)
        row = QWidget()
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(SPACE_3)
        inside.addWidget(Icon("headset", role="info", size=ICON_CONTROL), 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(causes, 1)  # side by side, so that the web page keeps most of a low window
        inside.addLayout(call, 1)
        panel = Card(padding=SPACE_3)
        panel.add(row)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(panel)

    def _offer(self, level: int) -> Callable[[], None]:
        def offer() -> None:
            self._level = level
            self.retranslate()
            self.show()
            announce(self, f"{self._title.text()} {self._causes[0].text()}")

        return offer

    @property
    def level(self) -> int:
        """0 while nothing was offered, then 1 and 2."""
        return self._level

    @property
    def observed(self) -> Observed:
        """What was seen of this attempt."""
        return self._observed

    def watch(self, browser: SignInBrowser) -> None:
        """Takes what moves from `browser`, for as long as it lives."""
        browser.host_changed.connect(lambda _host, fortnox, _secure: self.moved(Movement.HOST_CHANGED, fortnox=fortnox))
        browser.progressed.connect(self._progressed)
        browser.handed_over.connect(lambda _scheme: self.moved(Movement.BANKID))

    def _progressed(self, percent: int) -> None:
        """A page has come when its progress reaches 100 from below; it is told of 100 at other times too."""
        if self._loading and percent == 100:
            self.moved(Movement.PAGE_LOADED)
        self._loading = percent < 100

    def begin(self, state: Journey | None) -> None:
        """A new attempt: nothing was seen yet, and time begins."""
        self._state = state
        self._observed = Observed(
            service=state is not None and state.account is AccountKind.SERVICE,
            own_browser=state.own_browser if state is not None else None,
        )
        self._wait()

    def moved(self, movement: Movement, *, fortnox: bool | None = None) -> None:
        """Something went on: what was offered goes away, and time begins anew."""
        self._observed = after(self._observed, movement, fortnox=fortnox)
        if any(timer.isActive() for timer in self._timers) or self._level:
            self._wait()

    def end(self) -> None:
        """The attempt is over."""
        for timer in self._timers:
            timer.stop()
        self._level = 0
        self.hide()

    def _wait(self) -> None:
        self._level = 0
        self.hide()
        for timer, seconds in zip(self._timers, self.seconds, strict=True):
            timer.start(round(seconds * 1000))

    def retranslate(self) -> None:
        """Says it in the current language."""
        integration = self._state.integration if self._state else None
        vendor = integration.vendor if integration else _("the vendor of the integration")
        phone = integration.support.phone if integration else None
        self._title.setText(_("Do you need help?"))
        self._lead.setText(_("It may be one of these:"))
        for text, cause in zip(self._causes, likely_causes(self._observed), strict=True):
            text.setText(f"•  {_(cause)}")
        self._call.setText(
            _("Call {vendor}, {phone}, if you get no further.", vendor=vendor, phone=phone)
            if phone
            else _("Call {vendor} if you get no further.", vendor=vendor)
        )
        self._fraud.setText(
            _(
                "Did you call support? Then sign in as usual. If someone called you unexpectedly and wants you to sign"
                " in: stop, and call {vendor} yourself. Support never asks for your code.",
                vendor=vendor,
            )
        )
        self._start_over.setText(_("Start the sign-in over"))
        self._start_over.setVisible(self._level > 1)
        self._close.setText(_("Hide this"))
        self.setAccessibleName(self._title.text())
        self.setAccessibleDescription(" ".join(text.text() for text in (*self._causes, self._call, self._fraud)))
