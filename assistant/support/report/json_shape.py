"""Support file and self-test as JSON for programs: codes and values, no words. docs/support.md has the shapes."""

from __future__ import annotations

from typing import Any, Final

from assistant.support.journal.reading import Attempt
from assistant.support.report.model import Environment, SupportFile
from assistant.support.self_test.result import Result, SelfTest

JSON_SCHEMA: Final = 1
"""Version of both shapes; it changes only when a field changes its meaning or goes. New fields may come."""


def as_json(file: SupportFile) -> dict[str, Any]:
    """`file` as plain values."""
    facts = file.integration
    return {
        "schema": JSON_SCHEMA,
        "made_at": file.made_at.isoformat(timespec="seconds"),
        "practice": file.practice,
        "integration": None
        if facts is None
        else {
            "name": facts.name,
            "vendor": facts.vendor,
            "client_secret_from": facts.secret_source.value,
            "accounts": [each.value for each in facts.accounts],
            "scopes": list(facts.scopes),
            "test_server": facts.test_server,
        },
        "environment": _environment(file.environment),
        "self_test": None if file.self_test is None else self_test_fields(file.self_test),
        "attempts": [_attempt(each) for each in file.attempts],
    }


def self_test_fields(done: SelfTest) -> dict[str, Any]:
    """`done` as plain values."""
    return {
        "failures": done.failures,
        "not_checked": done.not_checked,
        "seconds": done.seconds,
        "results": [_result(each) for each in done.results],
    }


def _result(result: Result) -> dict[str, Any]:
    return {
        "check": result.check.value,
        "verdict": result.verdict.value,
        "code": result.problem.code if result.problem else None,
        "reason": result.reason.value if result.reason else None,
        "details": {name.value: value for name, value in result.details},
        "seconds": result.seconds,
    }


def _environment(here: Environment) -> dict[str, Any]:
    versions = {
        "program": here.program,
        "python": here.python,
        "qt": here.qt,
        "chromium": here.chromium,
        "patches": here.patches,
        "release": here.release,
    }
    screen = here.screen
    return {
        **{name: None if version is None else str(version) for name, version in versions.items()},
        "patched_on": here.patched_on.isoformat() if here.patched_on else None,
        "system": here.system.value,
        "distribution": here.distribution,
        "language": here.language,
        "screen": None if screen is None else {"width": screen.width, "height": screen.height, "scale": screen.scale},
        "proxy": here.proxy,
        "packaged": here.packaged,
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "support_code": attempt.support_code,
        "outcome": attempt.outcome,
        "cut_off": attempt.cut_off,
        "running": attempt.running,
        "step": attempt.step,
        "problem": attempt.problem,
        "unreadable": attempt.unreadable,
        "events": [
            {
                "event": each.event,
                "at": each.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "after": each.after,
                **each.values,
            }
            for each in attempt.entries
        ],
    }
