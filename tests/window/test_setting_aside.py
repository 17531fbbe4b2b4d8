"""Setting old connections aside: asked on the problem page, said on the last one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from PySide6.QtWidgets import QApplication

from assistant.integration import Integration
from assistant.journey import Event, Journey, Step, begin, events
from assistant.language import languages, use
from assistant.problems import Way
from assistant.window.buttons import Button
from assistant.window.main_window import MainWindow
from tests.window.problem_pages import integration, show, stopped, window
from tests.window.test_look import _cut

COMPANIES = tuple(f"Företag {number} AB" for number in range(1, 9))


@pytest.fixture(scope="module")
def full() -> Integration:
    return integration()


@pytest.fixture
def shown(qapp: QApplication, full: Integration) -> Iterator[MainWindow]:
    with window(full) as one:
        yield one
    use("en")


@pytest.mark.parametrize("spoken", languages())
@pytest.mark.parametrize("code", ["STORE-05", "STORE-08", "STORE-13"])
@pytest.mark.parametrize("count", [0, 1, 5, 8])
def test_what_it_means_is_said_before_it_is_done(
    shown: MainWindow, full: Integration, code: str, count: int, spoken: str
) -> None:
    use(spoken)
    shown.retranslate()
    happened: list[Event] = []
    shown.happened.connect(happened.append)
    page = show(shown, replace(stopped(code, full), companies=COMPANIES[:count]))
    assert not page.setting_aside.isVisible()
    (link,) = [each for each in page.findChildren(Button) if each.property("way") == Way.SET_ASIDE.value]
    link.click()
    QApplication.processEvents()
    assert happened == [], "the first press only asks"
    assert page.setting_aside.isVisible()
    assert page.setting_aside.button.visibleRegion().boundingRect() == page.setting_aside.button.rect(), "in view"
    assert page.setting_aside.button.hasFocus() or not shown.isActiveWindow()
    said = page.setting_aside.accessibleName()
    assert [name in said for name in COMPANIES] == [number < min(count, 5) for number in range(8)]
    assert ("3" in said.replace(COMPANIES[2], "")) is (count == 8), "and three more"
    assert "{" not in said
    assert _cut(shown) == []
    page.setting_aside.button.click()
    assert happened == [events.WayChosen(way=Way.SET_ASIDE)]
    assert not page.setting_aside.isVisible()


def test_the_question_is_gone_with_its_problem(shown: MainWindow, full: Integration) -> None:
    page = show(shown, stopped("STORE-05", full))
    page.take(Way.SET_ASIDE)
    assert page.setting_aside.isVisible()
    page = show(shown, stopped("STORE-14", full))
    assert not page.setting_aside.isVisible()


@pytest.mark.parametrize("spoken", languages())
def test_the_last_page_says_where_they_are(shown: MainWindow, full: Integration, spoken: str) -> None:
    use(spoken)
    kept = "connections 2026-11-23 12.30.15.db"
    state: Journey = replace(begin(full)[0], step=Step.DONE, connection_id="0" * 32)
    shown.show_state(state)
    QApplication.processEvents()
    assert not shown.wizard.done_page._kept.isVisible()
    shown.show_state(replace(state, kept=kept))
    QApplication.processEvents()
    assert shown.wizard.done_page._kept.isVisible()
    assert kept in shown.wizard.done_page._kept.text()


def test_what_was_put_right_is_looked_at_again(shown: MainWindow, full: Integration) -> None:
    looked: list[bool] = []
    shown.wizard.welcome.check_again.connect(lambda: looked.append(True))
    shown.show_state(begin(full)[0])
    assert looked == []
    show(shown, stopped("STORE-05", full, at=Step.WELCOME))
    shown.show_state(begin(full)[0])
    assert looked == [True]
