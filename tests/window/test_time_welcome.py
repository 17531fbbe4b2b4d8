"""The first page: four quiet rows, a sentence with one button where something is wrong, and nothing that blocks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from assistant.journey import begin, events
from assistant.language import SOURCE, use
from assistant.problems import CATALOGUE, Occurrence, Way, occurrence
from assistant.support.preflight import Finding, Probe, Verdict
from assistant.window.buttons import LinkButton
from assistant.window.pages import welcome
from assistant.window.pages.welcome import WelcomePage
from assistant.window.rows import CheckRow, CheckState
from assistant.window.theme import build, look
from tests.journey import honest
from tests.window.preview_look import destroy

COULD_BE_FOUND = sorted(
    code for code in CATALOGUE if code.startswith(("NET-", "STORE-", "OWN-0", "WEB-04", "START-05"))
)


@pytest.fixture
def window(qapp: QApplication) -> Iterator[QWidget]:
    look().show(build())
    use(SOURCE)
    made = QWidget()
    made.resize(1000, 800)
    QVBoxLayout(made)
    yield made
    destroy(made)


@pytest.fixture
def page(window: QWidget) -> WelcomePage:
    made = WelcomePage()
    layout = window.layout()
    assert layout is not None
    layout.addWidget(made)
    made.show_state(begin(honest.integration())[0])
    made.start_checking()
    window.show()
    QApplication.processEvents()
    return made


def row(page: WelcomePage, probe: Probe) -> CheckRow:
    return page._rows[probe]


def texts(widget: QWidget) -> str:
    return " ".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


def button(page: WelcomePage, probe: Probe) -> LinkButton | None:
    (found,) = row(page, probe).findChildren(LinkButton)
    return found if found.isVisible() else None


def tell(page: WelcomePage, probe: Probe, problem: Occurrence | None, verdict: Verdict = Verdict.WRONG) -> None:
    page.show_finding(Finding(probe=probe, verdict=verdict, occurrence=problem, details=(("Asked", "answered"),)))
    QApplication.processEvents()


def test_all_well_is_four_ticks_and_no_sentence(page: WelcomePage) -> None:
    assert [row(page, probe).state for probe in Probe] == [CheckState.WORKING] * 4
    assert page.footer().filled is not None, "Start works before they have ended"
    for probe in Probe:
        tell(page, probe, None, Verdict.FINE)
    assert page.all_found
    assert [row(page, probe).state for probe in Probe] == [CheckState.OK] * 4
    assert [button(page, probe) for probe in Probe] == [None] * 4


def test_a_host_that_fails_is_named_and_can_be_looked_at_again(page: WelcomePage) -> None:
    asked: list[bool] = []
    page.check_again.connect(lambda: asked.append(True))
    tell(page, Probe.INTERNET, occurrence("NET-02", host="api.fortnox.se"))
    said = texts(row(page, Probe.INTERNET))
    assert "api.fortnox.se does not answer" in said
    assert "Wait a few minutes" in said
    again = button(page, Probe.INTERNET)
    assert again is not None
    assert again.text() == "Check again"
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    assert asked == [True]
    page.start_checking()
    assert row(page, Probe.INTERNET).state is CheckState.WORKING
    assert "api.fortnox.se" not in texts(row(page, Probe.INTERNET))
    assert not page.all_found


def test_a_wrong_clock_is_said_with_the_settings_and_then_looked_at_again(
    page: WelcomePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(welcome, "clock_settings_address", lambda: "ms-settings:dateandtime")
    wanted: list[Way] = []
    page.way_wanted.connect(wanted.append)
    problem = occurrence("START-05", shown="2026-11-23 09:00", right="2026-11-23 12:00")
    tell(page, Probe.CLOCK, problem, Verdict.ATTENTION)
    assert "It shows 2026-11-23 09:00, but the time is 2026-11-23 12:00" in texts(row(page, Probe.CLOCK))
    settings = button(page, Probe.CLOCK)
    assert settings is not None
    assert settings.text() == "Open settings"
    QTest.mouseClick(settings, Qt.MouseButton.LeftButton)
    assert wanted == [Way.OPEN_SETTINGS]
    again = button(page, Probe.CLOCK)
    assert again is not None
    assert again.text() == "Check again"


def test_where_the_settings_have_no_address_the_clock_is_looked_at_again(
    page: WelcomePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(welcome, "clock_settings_address", lambda: None)
    tell(page, Probe.CLOCK, occurrence("NET-10", host="apps.fortnox.se"), Verdict.ATTENTION)
    again = button(page, Probe.CLOCK)
    assert again is not None
    assert again.text() == "Check again"


def test_a_locked_store_asks_for_nothing_now(page: WelcomePage) -> None:
    tell(page, Probe.PASSWORD_STORE, occurrence("STORE-02"), Verdict.ATTENTION)
    assert "Your computer asks for its password when you sign in." in texts(row(page, Probe.PASSWORD_STORE))
    assert button(page, Probe.PASSWORD_STORE) is None


def test_a_certificate_that_is_not_trusted_is_for_it(page: WelcomePage) -> None:
    found = occurrence("NET-04", {"Issuer": "Snoop Guard"}, host="apps.fortnox.se", issuer="Snoop Guard")
    tell(page, Probe.INTERNET, found)
    assert "Snoop Guard" in texts(row(page, Probe.INTERNET))
    copying = button(page, Probe.INTERNET)
    assert copying is not None
    assert copying.text() == "Copy the details"
    QTest.mouseClick(copying, Qt.MouseButton.LeftButton)
    copied = QApplication.clipboard().text()
    assert copied.startswith("NET-04\n")
    assert "Issuer: Snoop Guard" in copied


def test_details_are_behind_a_row_that_opens(page: WelcomePage) -> None:
    tell(page, Probe.INTERNET, None, Verdict.FINE)
    assert not page._details.isVisible(), "all is well so far"
    tell(page, Probe.CLOCK, None, Verdict.NOT_CHECKED)
    assert page._details.isVisible()
    assert not page._details_text.isVisible()
    page._details.set_open(True)
    QApplication.processEvents()
    assert page._details_text.isVisible()
    assert page._details_text.text() == "Asked: answered\nAsked: answered"


@pytest.mark.parametrize("code", COULD_BE_FOUND)
def test_every_problem_becomes_a_sentence_with_at_most_one_button_and_start_stays(page: WelcomePage, code: str) -> None:
    facts = {"host": "apps.fortnox.se", "issuer": "Somebody", "shown": "9:00", "right": "12:00", "port": "4242"}
    tell(page, Probe.INTERNET, occurrence(code, **facts))
    sentence = row(page, Probe.INTERNET).accessibleDescription()
    assert sentence.endswith((".", "?"))
    assert "{" not in sentence
    assert "–" not in sentence, "a fact that nobody gave"
    assert ".." not in sentence
    assert page.footer().filled is not None


@pytest.mark.parametrize("code", ["STORE-05", "STORE-08", "STORE-13"])
def test_what_keeps_every_connection_from_being_saved_leads_to_its_page(page: WelcomePage, code: str) -> None:
    said: list[object] = []
    page.happened.connect(said.append)
    tell(page, Probe.PASSWORD_STORE, found := occurrence(code))
    pressed = button(page, Probe.PASSWORD_STORE)
    assert pressed is not None
    assert pressed.text() == "Show what to do"
    QTest.mouseClick(pressed, Qt.MouseButton.LeftButton)
    assert said == [events.HelpAsked(occurrence=found)]


@pytest.mark.parametrize(
    ("code", "own"), [("STORE-09", False), ("STORE-05", False), ("NET-04", False), ("NET-02", True)]
)
def test_it_can_always_be_looked_at_again(page: WelcomePage, code: str, own: bool) -> None:
    """By the row's own button where that is what it does, else by one below the rows: never by two."""
    asked: list[bool] = []
    page.check_again.connect(lambda: asked.append(True))
    assert not page._again.isVisible()
    tell(page, Probe.PASSWORD_STORE, occurrence(code))
    assert page._again.isVisible() is not own
    if not own:
        QTest.mouseClick(page._again, Qt.MouseButton.LeftButton)
        assert asked == [True]
    page.start_checking()
    assert not page._again.isVisible()


def test_a_locked_store_needs_no_second_look(page: WelcomePage) -> None:
    tell(page, Probe.PASSWORD_STORE, occurrence("STORE-02"), Verdict.ATTENTION)
    assert not page._again.isVisible()
