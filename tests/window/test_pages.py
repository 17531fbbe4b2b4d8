"""What pages say and offer, where it follows from the state alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from PySide6.QtWidgets import QApplication

from assistant.fortnox.account import AccountKind
from assistant.integration import ClientSecret, Integration, SecretSource, read_integration
from assistant.journey import Held, Journey, Notice, Step, events
from assistant.problems import Way, occurrence
from assistant.problems.words import words
from assistant.resources import PRACTICE_FILE, resource
from assistant.secret import Secret
from assistant.window.clock_settings import clock_settings_address
from assistant.window.main_window import MainWindow
from tests.journey import honest
from tests.window.preview_look import destroy


@pytest.fixture
def integration() -> Integration:
    return read_integration(resource(*PRACTICE_FILE))


@pytest.fixture
def window(qapp: QApplication, integration: Integration) -> Iterator[MainWindow]:
    made = MainWindow(integration, support_code="ABC-DEF")
    yield made
    destroy(made)


def at(integration: Integration, wanted: Step, **changes: object) -> Journey:
    state = Journey(integration=integration, account=AccountKind.SERVICE, step=wanted, company=honest.company())
    return replace(state, **changes)  # type: ignore[arg-type]


def test_the_confirmation_names_the_permissions_that_were_given(window: MainWindow, integration: Integration) -> None:
    window.show_state(at(integration, Step.DONE, connection_id="1", granted=("companyinformation", "article")))
    confirmation = window.wizard.done_page.confirmation()
    assert "Company information, Articles" in confirmation
    assert "Orders" not in confirmation
    assert "Björk &amp; Ek" in confirmation


def test_a_confirmation_that_cannot_be_written_says_so(
    window: MainWindow, integration: Integration, tmp_path: Path
) -> None:
    window.show_state(at(integration, Step.DONE, connection_id="1"))
    page = window.wizard.done_page
    page.save_confirmation(tmp_path / "no folder" / "x.html")
    assert not (tmp_path / "no folder").exists()
    page.save_confirmation(tmp_path / "x.html")
    assert (tmp_path / "x.html").read_text(encoding="utf-8") == page.confirmation()


def test_a_key_that_is_to_be_entered_again_is_gone_from_the_field(qapp: QApplication, integration: Integration) -> None:
    asking = replace(integration, client_secret=ClientSecret(source=SecretSource.ASK))
    window = MainWindow(asking, support_code="ABC-DEF")
    window.show_state(at(asking, Step.PERMISSIONS, client_secret=Secret("a-key")))
    page = window.wizard.permissions
    page._key.line.setText("a-key")
    window.show_state(at(asking, Step.PERMISSIONS, client_secret=None))
    assert page._key.text() == ""
    destroy(window)


@pytest.mark.parametrize(("platform", "there"), [("win32", True), ("darwin", True), ("linux", False)])
def test_settings_are_offered_where_they_can_be_opened(platform: str, there: bool) -> None:
    assert (clock_settings_address(platform) is not None) is there


def test_no_way_is_offered_that_leads_nowhere(window: MainWindow, integration: Integration) -> None:
    window.show_state(at(integration, Step.PROBLEM, problem=occurrence("NET-10"), stopped_at=Step.CHECKING))
    ways = window.wizard.problem.ways
    assert (Way.OPEN_SETTINGS in ways) is (clock_settings_address() is not None)
    assert ways


def test_every_button_of_the_frame_is_answered(window: MainWindow, integration: Integration) -> None:
    heard: list[object] = []
    window.happened.connect(heard.append)
    held = Held(tokens=honest.tokens(), scopes=honest.SCOPES)
    for wanted in (Step.ACCOUNT, Step.CONFIRM):
        window.show_state(at(integration, wanted, held=held))
        window.show()
        footer = window.frame.footer
        for button in (footer.cancel, footer.back, footer.second, footer.filled):
            if button.isVisible():
                before = len(heard)
                button.click()
                assert len(heard) == before + 1, (wanted, button.text())
    assert not window.frame.header.help_button.isVisible()


def test_an_access_that_could_not_be_handed_back_is_said_to_the_end(
    window: MainWindow, integration: Integration
) -> None:
    for wanted in (Step.CONFIRM, Step.DONE):
        for left_behind in (None, occurrence("TOKEN-17")):
            window.show_state(at(integration, wanted, left_behind=left_behind))
            assert window.wizard.shown._left_behind.isVisibleTo(window) is bool(left_behind)  # type: ignore[attr-defined]


def test_an_access_that_could_not_be_handed_back_is_said_with_its_code_where_the_next_company_is_chosen(
    window: MainWindow, integration: Integration
) -> None:
    left = occurrence("TOKEN-17")
    window.show_state(at(integration, Step.SIGN_IN, notice=Notice.NOT_HANDED_BACK, left_behind=left))
    said = window.wizard.sign_in._hint._text.text()
    assert "(error code TOKEN-17)" in said
    assert words(left, integration=integration).remedy[0] in said
    assert said.endswith("Sign in again and choose another company.")


def test_a_sign_in_that_was_refused_is_said_with_its_code_and_a_way_on_until_another_begins(
    window: MainWindow, integration: Integration
) -> None:
    page, heard = window.wizard.sign_in, []
    window.happened.connect(heard.append)
    window.show_state(at(integration, Step.SIGN_IN))
    page._refused(occurrence("WEB-25", host="apps.fortnox.se"))
    window.show_state(at(integration, Step.SIGN_IN, existing=()))
    banner = page._hint
    assert "Error code WEB-25" in banner._text.text(), "what else happens meanwhile does not hide it"
    assert banner.button.isVisibleTo(window)
    banner.button.click()
    assert heard == [events.StartOver()]
    page._refused(occurrence("WEB-08"))
    assert not banner.button.isVisibleTo(window), "what does not end the sign-in needs no way on"
    page._went_on()
    assert page.refusal is None
    assert "WEB-25" not in banner._text.text()


def test_the_first_page_is_quiet_before_anything_is_found(window: MainWindow, integration: Integration) -> None:
    window.show_state(at(integration, Step.WELCOME))
    assert not window.wizard.welcome._details.isVisibleTo(window)
