"""What stands in a journal, in words: a sentence for each event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from assistant.language import N_, Language
from assistant.problems import CATALOGUE, occurrence
from assistant.problems.words import words
from assistant.support.journal.line import Entry

_SENTENCES: Final[Mapping[str, str]] = {
    "begun": N_("The window opened: program {program}, Python {python}, {system}."),
    "resumed": N_("It went on where an earlier window was closed, on the page {step}."),
    "engine": N_("The browser runs: Qt {qt}, Chromium {chromium}, security fixes of {patches}."),
    "page": N_("Page: {step}."),
    "account": N_("Chosen: {account}."),
    "sign-in": N_("Sign-in number {attempt} began."),
    "visited": N_("The browser went to {host} (parameters: {parameters})."),
    "bankid": N_("BankID was handed over; the computer took it: {taken}."),
    "problem": N_("{code}: {title}."),
    "wish-failed": N_("{wish} ended in {code}: {title}."),
    "preflight": N_("First look, {probe}: {verdict} {code}"),
    "self-test": N_("Self-test: {failures} wrong, {not_checked} not checked."),
    "keep-alive": N_("Daily renewal: connections {connections}, renewed {renewed}, failed {failed}. {problem}"),
    "fault": N_("A fault of the program: {fault} in {place}."),
    "log": N_("{logger} logged something ({level}) in {place}. {fault}"),
    "qt": N_("Qt said something ({part}, {level})."),
    "engine-ended": N_("A process of the browser ended: {end} ({exit_code})."),
    "full": N_("There was more than a journal holds."),
    "ended": N_("The window was closed: {outcome}."),
}

_WORDS: Final[Mapping[str, str]] = {
    "welcome": N_("Welcome"),
    "account": N_("Account"),
    "permissions": N_("Permissions"),
    "sign-in": N_("Sign in"),
    "checking": N_("Checking"),
    "confirm": N_("Confirm"),
    "saving": N_("Saving"),
    "done": N_("Done"),
    "problem": N_("Problem"),
    "closing": N_("Closing"),
    "closed": N_("Closed"),
    "service": N_("service account"),
    "user": N_("user account"),
    "fine": N_("works"),
    "wrong": N_("does not work"),
    "attention": N_("have a look"),
    "not-checked": N_("not checked"),
    "connected": N_("connected"),
    "left": N_("before the connection was made"),
    "restarted": N_("to start again by itself"),
    "fault": N_("after a fault of the program"),
}
_OUTCOME_PROBLEM: Final = N_("over a problem")


def sentence(entry: Entry, language: Language) -> str:
    """What happened, in `language`. A field that is not there is a dash."""
    values = {name: _word(value, language) for name, value in entry.values.items()}
    if entry.event == "ended" and entry.values.get("outcome") == "problem":
        values["outcome"] = language.text(_OUTCOME_PROBLEM)
    if "code" in values:
        values["title"] = title_of(values["code"], language)
    return language.text(_SENTENCES[entry.event]).format_map(_Dashes(values)).replace(" –.", ".").strip()


def title_of(code: str, language: Language) -> str:
    """The heading of the problem `code`; "" for one of a newer version."""
    return words(occurrence(code), language=language).title if code in CATALOGUE else ""


def step_word(step: str, language: Language) -> str:
    """A page by its name."""
    return _word(step, language)


def _word(value: object, language: Language) -> str:
    if isinstance(value, bool):
        return language.text(N_("yes")) if value else language.text(N_("no"))
    return language.text(_WORDS.get(str(value), str(value)))


class _Dashes(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "–"
