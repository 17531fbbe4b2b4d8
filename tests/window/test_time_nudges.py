"""Help is offered beside a sign-in that stands still: when, with which causes, and never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from assistant.fortnox.account import AccountKind
from assistant.integration import Support, WayBack
from assistant.journey import Journey, begin
from assistant.language import SOURCE, use
from assistant.window.nudging import NUDGE_SECONDS, Movement, Observed, after, likely_causes
from assistant.window.pages.nudge import Nudge
from assistant.window.theme import build, look
from tests.journey import honest
from tests.window.preview_look import destroy

FRAUD = "If someone called you unexpectedly and wants you to sign in: stop"


@pytest.fixture
def window(qapp: QApplication) -> Iterator[QWidget]:
    look().show(build())
    use(SOURCE)
    made = QWidget()
    made.resize(900, 700)
    QVBoxLayout(made)
    yield made
    use(SOURCE)
    destroy(made)


def state(*, phone: str | None = "+46 8 000 00 00", account: AccountKind = AccountKind.USER) -> Journey:
    integration = replace(honest.integration(), support=Support(phone=phone))
    return begin(integration, account=account)[0]


def shown(window: QWidget, seconds: tuple[float, float]) -> tuple[Nudge, QLineEdit]:
    """A nudge under a field that has the focus, as the web page has it."""
    nudge, field = Nudge(seconds=seconds), QLineEdit()
    layout = window.layout()
    assert layout is not None
    layout.addWidget(field)
    layout.addWidget(nudge)
    window.show()
    window.activateWindow()
    field.setFocus()
    return nudge, field


def until(reached: object, milliseconds: int = 3000) -> None:
    assert callable(reached)
    for _waited in range(milliseconds // 10):
        if reached():
            return
        QTest.qWait(10)
    assert reached()


def test_after_a_minute_and_after_three(qapp: QApplication) -> None:
    assert NUDGE_SECONDS == (60.0, 180.0)
    assert Nudge().seconds == NUDGE_SECONDS


def test_the_timers_run_for_sixty_and_a_hundred_and_eighty_seconds(qapp: QApplication) -> None:
    nudge = Nudge()
    nudge.begin(state())
    assert [timer.interval() for timer in nudge._timers] == [60_000, 180_000]
    assert all(timer.isActive() and timer.isSingleShot() for timer in nudge._timers)
    nudge.end()
    assert not any(timer.isActive() for timer in nudge._timers)


def test_nothing_is_offered_while_something_moves_and_twice_when_nothing_does(window: QWidget) -> None:
    nudge, field = shown(window, (0.25, 0.6))
    nudge.begin(state())
    for movement in (Movement.PAGE_LOADED, Movement.HOST_CHANGED, Movement.BANKID):
        QTest.qWait(120)
        assert not nudge.isVisible()
        nudge.moved(movement, fortnox=True)
    until(lambda: nudge.level == 1)
    assert nudge.isVisible()
    assert not nudge.isModal()
    assert not nudge.isWindow()
    assert QApplication.activeModalWidget() is None
    assert field.hasFocus(), "the person may be typing"
    assert not nudge._start_over.isVisible()
    until(lambda: nudge.level == 2)
    assert nudge._start_over.isVisible()
    assert field.hasFocus()


def test_movement_takes_it_away_and_time_begins_anew(window: QWidget) -> None:
    nudge, _field = shown(window, (0.1, 0.2))
    nudge.begin(state())
    until(lambda: nudge.level == 2)
    nudge.moved(Movement.PAGE_LOADED)
    assert not nudge.isVisible()
    assert nudge.level == 0
    until(lambda: nudge.level == 1)


def test_the_end_of_the_attempt_ends_it(window: QWidget) -> None:
    nudge, _field = shown(window, (0.05, 0.1))
    nudge.begin(state())
    nudge.end()
    nudge.moved(Movement.HOST_CHANGED)  # queued news of an attempt that is over
    QTest.qWait(250)
    assert (nudge.level, nudge.isVisible()) == (0, False)


def test_it_can_be_put_away(window: QWidget) -> None:
    nudge, _field = shown(window, (0.05, 60))
    nudge.begin(state())
    until(lambda: nudge.isVisible())
    nudge._close.click()
    assert not nudge.isVisible()


def test_starting_over_is_a_press_away(window: QWidget) -> None:
    nudge, _field = shown(window, (0.02, 0.05))
    asked: list[bool] = []
    nudge.start_over_requested.connect(lambda: asked.append(True))
    nudge.begin(state())
    until(lambda: nudge.level == 2)
    nudge._start_over.click()
    assert asked == [True]


def test_it_says_whom_to_call_and_that_callers_may_be_frauds(window: QWidget) -> None:
    nudge, _field = shown(window, (0.02, 60))
    nudge.begin(state())
    until(lambda: nudge.isVisible())
    assert nudge._title.text() == "Do you need help?"
    assert "Exempelbolaget AB, +46 8 000 00 00" in nudge._call.text()
    assert FRAUD in nudge._fraud.text()
    assert "call Exempelbolaget AB yourself" in nudge._fraud.text()
    assert FRAUD in nudge.accessibleDescription()
    nudge.begin(state(phone=None))
    until(lambda: nudge.isVisible())
    assert "None" not in nudge._call.text()


@pytest.mark.parametrize("width", [900, 1064])
def test_no_line_of_it_is_cut_off_in_a_low_window(window: QWidget, width: int) -> None:
    nudge, field = shown(window, (0.01, 0.02))
    field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    layout = window.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.setStretch(0, 1)
    window.resize(width, 430)
    nudge.begin(state(account=AccountKind.SERVICE))
    until(lambda: nudge.level == 2)
    QTest.qWait(50)
    for text in (nudge._title, nudge._lead, *nudge._causes, nudge._call, nudge._fraud):
        assert text.height() >= text.heightForWidth(text.width()), text.text()
    assert nudge.height() <= 200
    assert field.height() > nudge.height()


def test_a_page_counts_when_its_progress_reaches_the_end_from_below(qapp: QApplication) -> None:
    nudge = Nudge()
    nudge.begin(state())
    for percent in (100, 0, 40, 100, 100):
        nudge._progressed(percent)
    assert nudge.observed.pages == 1
    nudge.end()


@pytest.mark.parametrize(
    ("observed", "first"),
    [
        (Observed(), "The internet is slow or missing."),
        (Observed(pages=1), "BankID waits on your phone."),
        (Observed(pages=1, bankid=True), "BankID waits on another device."),
        (Observed(pages=2, fortnox=False), "The page belongs to another sign-in"),
        (Observed(pages=3), "The button ”Godkänn & aktivera”"),
        (Observed(own_browser=WayBack.LISTENER), "The page waits in the other browser"),
        (Observed(own_browser=WayBack.PASTE), "You are through already."),
    ],
)
def test_the_causes_fit_what_was_observed(observed: Observed, first: str) -> None:
    assert likely_causes(observed)[0].startswith(first)


def test_three_causes_for_everything_that_can_be_observed() -> None:
    for pages, fortnox, bankid, service in product(range(4), *[(True, False)] * 3):
        observed = Observed(pages=pages, fortnox=fortnox, bankid=bankid, service=service)
        causes = likely_causes(observed)
        assert len(set(causes)) == 3
        administrator = any("system administrator" in cause for cause in causes)
        assert administrator is (pages > 1 and fortnox and not bankid and service)
        for way in WayBack:
            assert len(set(likely_causes(replace(observed, own_browser=way)))) == 3


@pytest.mark.parametrize("movement", Movement)
def test_what_was_chosen_is_kept_whatever_moves(movement: Movement) -> None:
    seen = after(Observed(service=True, own_browser=WayBack.PASTE), movement)
    assert (seen.service, seen.own_browser) == (True, WayBack.PASTE)


def test_a_new_page_ends_the_wait_for_bankid() -> None:
    seen = after(Observed(pages=1), Movement.BANKID)
    assert seen.bankid
    assert not after(seen, Movement.PAGE_LOADED).bankid
    assert after(seen, Movement.PAGE_LOADED).pages == 2
    assert not after(seen, Movement.HOST_CHANGED, fortnox=False).fortnox
