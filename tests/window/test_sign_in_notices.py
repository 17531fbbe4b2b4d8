"""What the sign-in page says of things that were refused while it stays: in words, with a remedy and a code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from PySide6.QtWidgets import QApplication, QWidget

from assistant.fortnox.account import AccountKind
from assistant.journey import Step, begin
from assistant.language import languages, use
from assistant.problems.words import words
from assistant.window.pages import sign_in
from assistant.window.pages.sign_in import SignInPage
from tests.window.problem_pages import happened, integration

NOTICES = ("WEB-05", "WEB-07", "WEB-08", "WEB-09", "WEB-11", "WEB-13", "WEB-16", "WEB-18", "WEB-20", "WEB-24", "WEB-26")


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[QWidget, str]]:
    told: list[tuple[QWidget, str]] = []
    monkeypatch.setattr(sign_in, "announce", lambda widget, text: told.append((widget, text)))
    return told


@pytest.fixture
def page(qapp: QApplication) -> Iterator[SignInPage]:
    from dataclasses import replace

    shown = SignInPage()
    state = begin(integration(), account=AccountKind.SERVICE)[0]
    shown.show_state(replace(state, step=Step.SIGN_IN, attempt=1))
    yield shown
    shown.deleteLater()
    use("en")


@pytest.mark.parametrize("spoken", languages())
@pytest.mark.parametrize("code", NOTICES)
def test_it_says_what_happened_what_to_do_and_the_code_to_eyes_and_ears(
    page: SignInPage, announced: list[tuple[QWidget, str]], code: str, spoken: str
) -> None:
    use(spoken)
    problem = happened(code)
    page._refused(problem)
    told = words(problem, integration=integration())
    ((widget, said),) = announced
    assert widget is page._hint
    assert said == page._hint.accessibleName()
    for part in (told.title, told.cause, told.remedy[0], code):
        assert part in said
    assert page._hint.button.isHidden(), "a quiet line: the page goes on"
    page.retranslate()
    assert said in page._hint.accessibleName(), "it stays where it is"
    assert len(announced) == 1, "and is read out once"
