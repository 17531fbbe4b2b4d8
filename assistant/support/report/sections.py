"""The support file in words, part by part: what both the page and the preview are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from assistant.integration import Integration
from assistant.language import N_, Language, current, language
from assistant.support.journal.line import Entry
from assistant.support.journal.reading import Attempt
from assistant.support.preflight import Verdict
from assistant.support.report.entries import sentence, step_word, title_of
from assistant.support.report.model import Environment, SupportFile
from assistant.support.self_test.result import SelfTest
from assistant.support.self_test.words import result_words, summary

MOST_ENTRIES: Final = 120
"""Of one attempt: the beginning and the end are shown, and how many were left out between."""

_FROM_THE_BEGINNING: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: what it is about, and what is said. `verdict` gives it its mark."""

    label: str
    text: str
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part, with a heading and a sentence."""

    heading: str
    lead: str = ""
    rows: tuple[Row, ...] = ()


def file_language(integration: Integration | None) -> Language:
    """The language of the support team as the integration file has it; the person's where there is no such file."""
    return current() if integration is None else language(integration.support.language)


def title(speech: Language) -> str:
    return speech.text(N_("Support file"))


def sections(file: SupportFile, speech: Language) -> Iterator[Section]:
    """Every part of `file`."""
    yield _about(file, speech)
    if file.self_test is not None:
        yield _self_test(file.self_test, speech)
    yield _environment(file.environment, speech)
    if not file.attempts:
        yield Section(
            heading=speech.text(N_("Journal")), lead=speech.text(N_("No window was opened here yet, or none is kept."))
        )
    for attempt in file.attempts:
        yield _attempt(attempt, speech)


def _about(file: SupportFile, speech: Language) -> Section:
    rows = [Row(label=speech.text(N_("Made")), text=_moment(file.made_at))]
    if file.integration is not None:
        facts = file.integration
        rows += [
            Row(label=speech.text(N_("Integration")), text=f"{facts.name} ({facts.vendor})"),
            Row(label=speech.text(N_("Permissions")), text=", ".join(facts.scopes)),
            Row(
                label=speech.text(N_("Kinds of account")),
                text=", ".join(step_word(each.value, speech) for each in facts.accounts),
            ),
            Row(label=speech.text(N_("Where the client secret is")), text=facts.secret_source.value),
        ]
        if facts.test_server and not file.practice:
            rows.append(Row(label=speech.text(N_("Server")), text=speech.text(N_("not Fortnox's own"))))
    if file.practice:
        rows.append(Row(label=speech.text(N_("Practice")), text=speech.text(N_("yes"))))
    lead = speech.text(
        N_(
            "No passwords, codes, tokens or keys are in this file, and neither companies nor people: it is made of"
            " fields that hold none."
        )
    )
    return Section(heading=title(speech), lead=lead, rows=tuple(rows))


def _self_test(done: SelfTest, speech: Language) -> Section:
    rows = []
    for each in done.results:
        told = result_words(each, speech)
        text = " ".join(part for part in (f"{told.verdict}.", told.code or "", told.sentence, *told.remedy) if part)
        rows.append(Row(label=told.title, text=f"{text} ({told.more})" if told.more else text, verdict=each.verdict))
    return Section(heading=speech.text(N_("Self-test")), lead=summary(done, speech), rows=tuple(rows))


def _environment(here: Environment, speech: Language) -> Section:
    unknown = speech.text(N_("not known"))
    system = " ".join(str(part) for part in (here.system.value, here.distribution, here.release) if part)
    screen = here.screen
    values = (
        (N_("Program"), str(here.program or unknown)),
        (N_("Installed"), speech.text(N_("as a package")) if here.packaged else speech.text(N_("from source"))),
        (N_("Python"), str(here.python or unknown)),
        (N_("Qt"), str(here.qt or unknown)),
        (N_("Chromium"), str(here.chromium or unknown)),
        (N_("Security fixes of Chromium"), str(here.patches or unknown)),
        (N_("Security fixes from"), here.patched_on.isoformat() if here.patched_on else unknown),
        (N_("Operating system"), system),
        (N_("Language"), here.language),
        (N_("Screen"), f"{screen.width} × {screen.height}, {screen.scale} %" if screen else unknown),
        (N_("Proxy"), unknown if here.proxy is None else speech.text(N_("yes") if here.proxy else N_("no"))),
    )
    return Section(
        heading=speech.text(N_("Computer")),
        rows=tuple(Row(label=speech.text(name), text=text) for name, text in values),
    )


def _attempt(attempt: Attempt, speech: Language) -> Section:
    heading = speech.text(N_("Attempt {code}"), code=attempt.support_code)
    return Section(heading=heading, lead=_how_it_went(attempt, speech), rows=tuple(_entries(attempt, speech)))


def _how_it_went(attempt: Attempt, speech: Language) -> str:
    if attempt.running:
        return speech.text(N_("It is still open."))
    parts = []
    if attempt.cut_off:
        step = step_word(attempt.step, speech) if attempt.step else "–"
        parts.append(speech.text(N_("It was cut off on the page {step}."), step=step))
    if attempt.problem:
        title = title_of(attempt.problem, speech)
        parts.append(speech.text(N_("Last problem: {code} {title}."), code=attempt.problem, title=title))
    if attempt.unreadable:
        parts.append(
            speech.plural("{count} line could not be read.", "{count} lines could not be read.", attempt.unreadable)
        )
    return " ".join(parts)


def _entries(attempt: Attempt, speech: Language) -> Iterator[Row]:
    entries = attempt.entries
    if len(entries) <= MOST_ENTRIES:
        yield from (_row(each, speech) for each in entries)
        return
    left_out = len(entries) - MOST_ENTRIES
    yield from (_row(each, speech) for each in entries[:_FROM_THE_BEGINNING])
    yield Row(label="", text=speech.plural("{count} line left out", "{count} lines left out", left_out))
    yield from (_row(each, speech) for each in entries[-(MOST_ENTRIES - _FROM_THE_BEGINNING) :])


def _row(entry: Entry, speech: Language) -> Row:
    return Row(label=f"{_moment(entry.at)}  +{entry.after:.1f} s", text=sentence(entry, speech))


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S %z}"
