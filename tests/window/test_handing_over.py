"""The texts that are handed on, and addresses that nothing opens: on the page that the person sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from assistant.fortnox.account import AccountKind
from assistant.integration import Integration
from assistant.journey import begin
from assistant.language import languages, use
from assistant.problems import Way
from assistant.window import main_window
from assistant.window.main_window import MainWindow
from assistant.window.pages.handover import hand_over_text
from tests.window.problem_pages import happened, integration, show, stopped, window
from tests.window.test_look import _cut

SETTINGS = "ms-settings:dateandtime"


@pytest.fixture(scope="module")
def full() -> Integration:
    return integration()


@pytest.fixture
def shown(qapp: QApplication, full: Integration) -> Iterator[MainWindow]:
    with window(full) as one:
        yield one
    use("en")


@pytest.mark.parametrize("spoken", languages())
@pytest.mark.parametrize("code", ["AUTH-03", "TOKEN-10", "CHECK-03"])
def test_a_missing_licence_is_handed_on_with_its_name_and_where_it_is_ordered(
    shown: MainWindow, full: Integration, code: str, spoken: str
) -> None:
    use(spoken)
    page = show(shown, stopped(code, full))
    page.take(Way.COPY_HANDOVER)
    copied = QGuiApplication.clipboard().text()
    for wanted in (
        "Kundfaktura", "Lön", "Administrera användare", "Tilläggsbeställning", code, full.name, "+46 8 000 00 00",
    ):  # fmt: skip
        assert wanted in copied
    assert "{" not in copied


def test_an_order_is_handed_on_as_one(shown: MainWindow, full: Integration) -> None:
    unlisted = replace(full, listing=None)
    text = hand_over_text(unlisted, happened("AUTH-17"))
    assert "ordered" in text
    assert "AUTH-17" in text
    assert "+46 8 000 00 00" in text
    page = show(shown, stopped("AUTH-17", unlisted))
    assert list(page.ways) == [Way.COPY_HANDOVER, Way.COPY_CODE]


def test_any_other_problem_hands_on_the_work_itself(full: Integration) -> None:
    assert hand_over_text(full, happened("AUTH-02")) == hand_over_text(full)


def test_who_chose_their_own_name_is_not_offered_it(shown: MainWindow, full: Integration) -> None:
    for account, offered in ((AccountKind.SERVICE, True), (AccountKind.USER, False)):
        page = show(shown, replace(stopped("TOKEN-08", full), account=account))
        assert (Way.USE_USER_ACCOUNT in page.ways) is offered


@pytest.mark.parametrize("spoken", languages())
@pytest.mark.provokes("OPEN-02")
def test_a_page_that_nothing_opens_is_said_with_its_address_to_copy(
    shown: MainWindow, full: Integration, spoken: str
) -> None:
    use(spoken)
    shown.retranslate()
    took = False
    shown.open_address = lambda _address: took
    page = show(shown, stopped("AUTH-04", full))
    assert not page.not_opened.isVisible()
    page.take(Way.OPEN_LISTING)
    QApplication.processEvents()
    assert page.not_opened.isVisible()
    assert full.listing in page.not_opened.accessibleName()
    assert "OPEN-02" in page.not_opened.accessibleName()
    assert page.not_opened.button.visibleRegion().boundingRect() == page.not_opened.button.rect(), "in view"
    assert _cut(shown) == []
    page.not_opened.button.click()
    assert QGuiApplication.clipboard().text() == full.listing
    took = True
    page.take(Way.OPEN_LISTING)
    assert not page.not_opened.isVisible(), "now it has been opened"
    took = False
    page.take(Way.OPEN_LISTING)
    show(shown, stopped("AUTH-01", full))
    assert not page.not_opened.isVisible(), "another problem"


@pytest.mark.provokes("OPEN-02")
def test_settings_that_nothing_opens_are_said_on_either_page(
    shown: MainWindow, full: Integration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    monkeypatch.setattr(main_window, "clock_settings_address", lambda: SETTINGS)
    page = show(shown, stopped("START-05", full))
    shown._take(Way.OPEN_SETTINGS)
    assert SETTINGS in page.not_opened.accessibleName()
    welcome = shown.wizard.welcome
    shown.show_state(begin(full)[0])
    QTest.qWait(50)
    assert shown.wizard.shown is welcome
    welcome.way_wanted.emit(Way.OPEN_SETTINGS)
    assert welcome.not_opened.isVisible()
    assert SETTINGS in welcome.not_opened.accessibleName()
    welcome.start_checking()
    assert not welcome.not_opened.isVisible()
