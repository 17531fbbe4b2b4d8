"""How a wait is shown: nothing, a verb, what is slow, the way out; and what the pages make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from assistant.journey import Event, Step, events
from assistant.language import SOURCE, use
from assistant.window.pages.checking import CheckingPage
from assistant.window.pages.confirm import ConfirmPage
from assistant.window.spinner import Spinner
from assistant.window.theme import build, look
from assistant.window.waiting import Delays, Waiting, WaitingWords
from tests.journey.test_rules import at, holding
from tests.window.preview_look import destroy

WORDS = WaitingWords(verb="Getting the company", slow="It is slow.", way_out="You need not wait.", button="Stop")


@pytest.fixture
def window(qapp: QApplication) -> Iterator[QWidget]:
    look().show(build())
    use(SOURCE)
    made = QWidget()
    made.resize(900, 700)
    QVBoxLayout(made)
    yield made
    destroy(made)


def put(window: QWidget, part: QWidget) -> None:
    layout = window.layout()
    assert layout is not None
    layout.addWidget(part)
    window.show()
    QApplication.processEvents()


def until(reached: Callable[[], object]) -> None:
    for _waited in range(400):
        if reached():
            return
        QTest.qWait(10)
    assert reached()


def shown(waiting: Waiting) -> list[str]:
    parts = (waiting._verb, waiting._slow, waiting._way_out, waiting._button)
    return [part.text() for part in parts if part.isVisible()]


def test_three_tenths_then_eight_then_thirty_seconds(window: QWidget) -> None:
    assert Delays() == Delays(verb=0.3, slow=8.0, way_out=30.0)
    waiting = Waiting()
    assert not any(timer.isActive() for timer in waiting._timers), "nothing counts before it is seen"
    put(window, waiting)
    assert [timer.interval() for timer in waiting._timers] == [300, 8_000, 30_000]
    assert all(timer.isActive() for timer in waiting._timers)


def test_nothing_then_a_spinner_with_a_verb_then_what_is_slow_then_the_way_out(window: QWidget) -> None:
    waiting = Waiting(delays=Delays(verb=0.15, slow=0.4, way_out=0.7))
    waiting.set_words(WORDS)
    put(window, waiting)
    assert shown(waiting) == []
    until(lambda: waiting.reached == 1)
    assert shown(waiting) == [WORDS.verb]
    assert waiting.findChildren(Spinner)[0].isVisible()
    until(lambda: waiting.reached == 2)
    assert shown(waiting) == [WORDS.verb, WORDS.slow]
    until(lambda: waiting.reached == 3)
    assert shown(waiting) == [WORDS.verb, WORDS.slow, WORDS.way_out, WORDS.button]
    pressed: list[bool] = []
    waiting.given_up.connect(lambda: pressed.append(True))
    QTest.mouseClick(waiting._button, Qt.MouseButton.LeftButton)
    assert pressed == [True]


def test_a_wait_that_ends_soon_shows_nothing_and_the_next_begins_anew(window: QWidget) -> None:
    waiting = Waiting(delays=Delays(verb=0.15, slow=0.3, way_out=0.45))
    waiting.set_words(WORDS)
    put(window, waiting)
    until(lambda: waiting.reached == 3)
    waiting.hide()
    assert waiting.reached == 0
    QTest.qWait(200)
    assert waiting.reached == 0
    waiting.show()
    assert shown(waiting) == []
    until(lambda: waiting.reached == 1)


def test_parts_without_words_are_left_out(window: QWidget) -> None:
    waiting = Waiting(delays=Delays(verb=0.0, slow=0.0, way_out=0.0))
    waiting.set_words(WaitingWords(slow="It is slow."))
    put(window, waiting)
    until(lambda: waiting.reached == 3)
    assert shown(waiting) == ["It is slow."]


def test_checking_offers_a_new_sign_in_after_thirty_seconds(window: QWidget) -> None:
    page = CheckingPage()
    page.waiting._delays = Delays(verb=0.0, slow=0.01, way_out=0.05)
    happened: list[Event] = []
    page.happened.connect(happened.append)
    page.show_state(at(Step.CHECKING))
    put(window, page)
    until(lambda: page.waiting.reached == 3)
    assert any("slow to answer" in text for text in shown(page.waiting))
    QTest.mouseClick(page.waiting._button, Qt.MouseButton.LeftButton)
    assert happened == [events.StartOver()]


def test_saving_says_where_the_box_of_the_password_store_may_be_and_confirm_does_not(window: QWidget) -> None:
    page = ConfirmPage()
    page.waiting._delays = Delays(verb=0.0, slow=0.01, way_out=0.05)
    confirm = holding(Step.CONFIRM)
    page.show_state(confirm)
    put(window, page)
    QTest.qWait(150)
    assert shown(page.waiting) == []
    page.show_state(replace(confirm, step=Step.SAVING))
    until(lambda: page.waiting.reached == 3)
    assert any("behind this window" in text for text in shown(page.waiting))
    assert page.footer().cancel is not None, "the way out it speaks of"
