"""A computer on which a part of the engine is gone: a problem page, never a traceback or the end of the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.problems import Way, problem
from tests.window.resumed import run_program
from tests.window.sign_in_pages import Pages


@pytest.mark.provokes("WEB-04")
@pytest.mark.parametrize("lacks", ["modules", "process"])
def test_a_missing_engine_is_a_problem_page(tmp_path: Path, lacks: str) -> None:
    pages = Pages()
    told = run_program(tmp_path, pages.url("/plain"), module=("tests.window.engineless_process", lacks))
    assert [each["problem"] for each in told if each["problem"]][:1] == ["WEB-04"]
    assert told[-1]["step"] == "closed", "the window could still be left"
    assert "/plain" not in [path.partition("?")[0] for path in pages.paths]


def test_the_problem_leads_to_the_persons_own_browser() -> None:
    assert problem("WEB-04").ways[0] is Way.OWN_BROWSER
