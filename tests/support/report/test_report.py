"""The support file: readable, escaped, bounded, alone, in the right language, and the same as JSON."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant.journey import Step
from assistant.language import language, use
from assistant.problems import occurrence
from assistant.support.journal import Journal, Outcome, attempts
from assistant.support.journal.events import (
    BankIdHandedOver,
    Begun,
    Ended,
    Event,
    Page,
    ProblemShown,
    System,
    Visited,
    event_types,
)  # fmt: skip
from assistant.support.journal.fields import Code, Host, Parameters, SupportCode, Version
from assistant.support.journal.line import Entry
from assistant.support.report import (
    Environment,
    IntegrationFacts,
    Screen,
    SupportFile,
    as_json,
    file_language,
    render,
    render_html,
)
from assistant.support.report.entries import _SENTENCES
from assistant.support.report.html import MOST_BYTES
from assistant.support.self_test.result import Check, Detail, Reason, SelfTest, fine, not_checked, wrong
from assistant.support.self_test.words import _FINE, _REASONS, TITLES
from tests.journey import honest

MADE = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
HERE = Environment(
    program=Version((0, 1, 0)), python=Version((3, 11, 7)), qt=Version((6, 12, 0)), system=System.LINUX,
    distribution="ubuntu", release=Version((24, 4)), language="sv", screen=Screen(width=1920, height=1080, scale=125),
    proxy=True,
)  # fmt: skip
TESTED = SelfTest(
    results=(
        fine(Check.SERVER, (Detail.HOST, "apps.fortnox.se"), (Detail.ISSUER, "<b>Snoop & Guard</b>")),
        wrong(Check.VAULT, occurrence("STORE-09", file="/home/eva/x")),
        not_checked(Check.ENGINE, Reason.NO_DISPLAY),
    ),
    seconds=1.5,
)


def journal(folder: Path, code: str = "K7P-4M2", count: int = 0, end: Outcome | None = None) -> None:
    one = Journal(folder, code)
    events: list[Event] = [
        Begun(
            support_code=SupportCode(code), program=Version((0, 1, 0)), python=Version((3, 11, 7)), system=System.LINUX
        ),
        Page(step=Step.SIGN_IN),
        Visited(
            host=Host("https", "apps.fortnox.se"), parameters=Parameters.of("https://x.example/?code=c&state=s&utm=1")
        ),
        BankIdHandedOver(taken=True),
        ProblemShown(code=Code("AUTH-02"), step=Step.SIGN_IN),
    ]
    for event in [*events, *[Page(step=Step.CONFIRM)] * count]:
        one.note(event)
    if end:
        one.end(end)
    one.close()


def support_file(folder: Path) -> SupportFile:
    return SupportFile(
        made_at=MADE,
        environment=HERE,
        integration=IntegrationFacts.of(honest.integration()),
        self_test=TESTED,
        attempts=attempts(folder),
    )


class Elements(HTMLParser):
    """Every element and attribute of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_stands_alone(tmp_path: Path) -> None:
    journal(tmp_path)
    page = render_html(support_file(tmp_path), language("en"))
    elements = Elements(page).found
    assert {tag for tag, _ in elements} <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "tr", "th", "td",
    }  # fmt: skip
    names = {name for _, attributes in elements for name in attributes}
    assert names <= {"lang", "charset", "http-equiv", "content", "name", "class", "scope"}
    assert "url(" not in page
    assert "@import" not in page
    assert "&lt;b&gt;Snoop &amp; Guard&lt;/b&gt;" in page
    assert "/home/eva" not in page


def test_what_support_wants_to_know_is_there(tmp_path: Path) -> None:
    journal(tmp_path)
    for text in (render(support_file(tmp_path), language("en")), render_html(support_file(tmp_path), language("en"))):
        for part in (
            "K7P-4M2", "It was cut off on the page Sign in.", "Last problem: AUTH-02", "https://apps.fortnox.se",
            "parameters: code state +1", "1920 × 1080, 125 %", "Lagerkoll", "STORE-09", "Program",
            "There is no screen here to show a page on.", "linux ubuntu 24.4",
        ):  # fmt: skip
            assert part in text, part


def test_the_preview_says_what_the_page_says(tmp_path: Path) -> None:
    journal(tmp_path, end=Outcome.CONNECTED)
    file = support_file(tmp_path)
    for code in ("sv", "en"):
        words = re.sub(
            r"<style>.*?</style>|<title>.*?</title>|<[^>]+>", " ", render_html(file, language(code)), flags=re.DOTALL
        )
        from html import unescape

        plain = set(re.findall(r"\w+", unescape(words)))
        assert plain == set(re.findall(r"\w+", render(file, language(code))))


def test_it_can_be_mailed(tmp_path: Path) -> None:
    for number in range(20):
        journal(tmp_path, f"K7P-4{'23456789ABCDEFGHKLMN'[number]}2", count=1400)
    file = support_file(tmp_path)
    assert len(file.attempts) == 20
    page = render_html(file, language("sv"))
    assert len(page.encode()) <= MOST_BYTES < 200_000
    assert file.attempts[0].support_code in page, "the newest is there"


def test_it_speaks_the_language_of_the_support_team() -> None:
    use("en")
    integration = honest.integration()
    assert file_language(None).code == "en"
    assert file_language(integration).code == "sv"
    swedish = replace(integration, support=replace(integration.support, language="en"))
    assert file_language(swedish).code == "en"


@pytest.mark.parametrize("code", ["sv", "en"])
def test_every_event_and_every_finding_has_words(code: str) -> None:
    assert set(_SENTENCES) == set(event_types())
    assert set(TITLES) == set(_FINE) == set(Check)
    assert set(_REASONS) == set(Reason)
    from assistant.support.report.entries import sentence

    for name in event_types():
        told = sentence(Entry(event=name, at=MADE, after=0, values={}), language(code))
        assert told
        assert "{" not in told


def test_as_json(tmp_path: Path) -> None:
    journal(tmp_path, end=Outcome.CONNECTED)
    found = json.loads(json.dumps(as_json(support_file(tmp_path))))
    assert found["schema"] == 1
    assert set(found) == {
        "schema", "made_at", "practice", "integration", "environment", "self_test", "attempts",
    }  # fmt: skip
    (attempt,) = found["attempts"]
    assert attempt["outcome"] == "connected"
    assert attempt["problem"] == "AUTH-02"
    assert [each["event"] for each in attempt["events"]][-1] == Ended.name
    assert found["self_test"]["failures"] == 1
    assert found["self_test"]["results"][2] == {
        "check": "engine", "verdict": "not-checked", "code": None, "reason": "no-display", "details": {},
        "seconds": 0.0,
    }  # fmt: skip
    assert found["environment"]["screen"] == {"width": 1920, "height": 1080, "scale": 125}
