"""What the self-test found, in words: a title, a sentence and what to do, in any of the program's languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from assistant.language import N_, Language, current
from assistant.problems import Occurrence
from assistant.problems.words import words
from assistant.support.preflight import Verdict
from assistant.support.self_test.result import Check, Detail, Reason, Result, SelfTest

TITLES: Final[Mapping[Check, str]] = {
    Check.INTEGRATION_FILE: N_("Integration file"),
    Check.SERVER: N_("The way to {host}"),
    Check.CLOCK: N_("Clock"),
    Check.KEYCHAIN: N_("Password store"),
    Check.VAULT: N_("File with the connections"),
    Check.CONNECTION: N_("Connection {number}"),
    Check.ENGINE: N_("Browser inside the window"),
    Check.PORT: N_("Port for your own browser"),
    Check.OPENER: N_("Opening the start page"),
    Check.SCHEDULE: N_("Daily renewal"),
    Check.USER: N_("User of this computer"),
}

VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.FINE: N_("Works"),
    Verdict.ATTENTION: N_("Have a look"),
    Verdict.WRONG: N_("Does not work"),
    Verdict.NOT_CHECKED: N_("Not checked"),
}

_FINE: Final[Mapping[Check, str]] = {
    Check.INTEGRATION_FILE: N_("It was read and is right."),
    Check.SERVER: N_("It is found, lets us in and answers."),
    Check.CLOCK: N_("It agrees with the servers' to {seconds} s."),
    Check.KEYCHAIN: N_("A key and a text with å were saved, read and removed."),
    Check.VAULT: N_("It is whole, and there is room."),
    Check.CONNECTION: N_("Nothing is known against it."),
    Check.ENGINE: N_("It started and painted a page."),
    Check.PORT: N_("Port {port} is free and lets a call in."),
    Check.OPENER: N_("A browser is there to open it."),
    Check.SCHEDULE: N_("It is in the schedule of this user."),
    Check.USER: N_("The connections belong to the user who runs this."),
}

_REASONS: Final[Mapping[Reason, str]] = {
    Reason.LATE: N_("There was no answer in time."),
    Reason.NO_FILE: N_("No integration file was named. Fortnox's own servers were looked at."),
    Reason.NO_INTEGRATION: N_("The integration file was not read, and it says which."),
    Reason.NO_DISPLAY: N_("There is no screen here to show a page on."),
    Reason.NO_QT: N_("The parts for a window are not installed here."),
    Reason.NOT_NEEDED: N_("It is not needed here."),
    Reason.NOTHING_STORED: N_("Nothing is stored yet."),
    Reason.CANNOT_ASK: N_("This system does not tell."),
    Reason.MAY_PROMPT: N_("This system might ask for a password, so it was not tried."),
    Reason.NO_ANSWER: N_("No server said what time it is."),
    Reason.STEP_BEFORE: N_("An earlier step failed."),
    Reason.FAULT: N_("The check itself broke ({fault})."),
    Reason.NOT_INSTALLED: N_("It is not in the schedule. User accounts end after 45 days without use."),
    Reason.OTHER_PROGRAM: N_("The schedule starts another copy of this program."),
    Reason.DISABLED: N_("It is in the schedule, but switched off."),
    Reason.NO_BROWSER: N_("No program is there that opens web addresses."),
    Reason.OTHER_USER: N_("They belong to user {owner}, and this runs as user {runs_as}. Run it as that user."),
}

_DETAILS: Final[Mapping[Detail, str]] = {
    Detail.PROXY: N_("proxy {value}"),
    Detail.NAME: N_("name: {value}"),
    Detail.TCP: N_("connection: {value}"),
    Detail.TLS: N_("certificate: {value}"),
    Detail.ANSWER: N_("answer: {value}"),
    Detail.STATUS: N_("HTTP {value}"),
    Detail.ISSUER: N_("certificate by {value}"),
    Detail.ACCOUNT: N_("account: {value}"),
    Detail.QT: N_("Qt {value}"),
    Detail.CHROMIUM: N_("Chromium {value}"),
    Detail.PATCHES: N_("security fixes of Chromium {value}"),
}

_STEPS: Final[Mapping[str, str]] = {
    "fine": N_("works"),
    "wrong": N_("does not work"),
    "not-checked": N_("not checked"),
    "service": N_("service account"),
    "user": N_("user account"),
}

_ALLOWED_FACTS: Final = frozenset({"host", "port", "system", "seconds", "shown", "right", "issuer"})
"""Facts of a problem that may leave this computer. What else a text names is left open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultWords:
    """One result as a person reads it.

    Attributes:
        more: steps, versions and the like, in short; "" where there is nothing.
        remedy: what to do, a sentence each; empty unless something is wrong.
    """

    title: str
    verdict: str
    sentence: str
    more: str
    remedy: tuple[str, ...]
    code: str | None


def result_words(result: Result, language: Language | None = None) -> ResultWords:
    """`result` in `language`, the current one by default. No fact that could name a person or a company is told."""
    language = language or current()
    remedy: tuple[str, ...] = ()
    if result.problem is not None:
        told = words(only_known(result.problem), language=language)
        sentence, remedy = f"{told.title}.", told.remedy  # its cause speaks of what the person was just doing
    else:
        message = _REASONS[result.reason] if result.reason else _FINE[result.check]
        sentence = language.text(message, **_values(result))
    return ResultWords(
        title=language.text(_title(result), **_values(result)),
        verdict=language.text(VERDICTS[result.verdict]),
        sentence=sentence,
        more=", ".join(_more(result, language)),
        remedy=remedy,
        code=result.problem.code if result.problem else None,
    )


def only_known(problem: Occurrence) -> Occurrence:
    """`problem` without details and without the facts that may not be told; its texts leave those open."""
    facts = {name: value for name, value in problem.facts.items() if name in _ALLOWED_FACTS}
    return Occurrence(problem=problem.problem, facts=facts)


def summary(done: SelfTest, language: Language | None = None) -> str:
    """The whole in a sentence."""
    language = language or current()
    if not done.failures:
        return language.text(N_("Nothing stands in the way, as far as could be checked."))
    return language.plural("{count} thing does not work.", "{count} things do not work.", done.failures)


def _title(result: Result) -> str:
    if result.check is Check.CONNECTION and not result.detail(Detail.NUMBER):
        return N_("Connections")
    return TITLES[result.check]


def _values(result: Result) -> dict[str, str]:
    return {
        "host": result.detail(Detail.HOST) or "Fortnox",
        "number": result.detail(Detail.NUMBER),
        "port": result.detail(Detail.PORT),
        "seconds": result.detail(Detail.SECONDS_OFF).lstrip("-"),
        "fault": result.detail(Detail.FAULT),
        "owner": result.detail(Detail.OWNER),
        "runs_as": result.detail(Detail.RUNS_AS),
    }


def _more(result: Result, language: Language) -> list[str]:
    return [
        language.text(_DETAILS[name], value=language.text(_STEPS.get(value, value)))
        for name, value in result.details
        if name in _DETAILS
    ]
