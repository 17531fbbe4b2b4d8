"""`setup-assistant doctor`: the self-test on a terminal."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

from assistant import schedule
from assistant.fortnox.endpoints import Endpoints
from assistant.integration import Integration, own_app_id, read_integration, with_endpoints
from assistant.own_thread import OwnThread
from assistant.problems import Occurrence, ProblemError
from assistant.resources import integration_file_of
from assistant.support.preflight import Verdict
from assistant.support.report.json_shape import JSON_SCHEMA, self_test_fields
from assistant.support.self_test import SelfTest, World, run_self_test
from assistant.support.self_test.engine_process import EngineProcess
from assistant.support.self_test.words import result_words, summary
from assistant.vault.keychain import Keychain
from assistant.vault.places import DEFAULT_APP_ID, Places, vault_places
from assistant.vault.sqlite_rows import SqliteRows
from assistant.vault.store import Vault

Result = TypeVar("Result")

KEYCHAIN_SECONDS: Final = 3.0
BUSY_SECONDS: Final = 2.0
MOST_FAILURES: Final = 99
"""The exit code counts failures up to here; above 125 codes mean something else to a shell."""

_MARKS: Final = {Verdict.FINE: "+", Verdict.ATTENTION: "!", Verdict.WRONG: "x", Verdict.NOT_CHECKED: "-"}


def doctor(*, integration_file: Path | None, practice: bool, test_server: bool, as_json: bool) -> int:
    """Runs the self-test, prints what it found, and returns how many things do not work, at most `MOST_FAILURES`."""
    with this_world(integration_file, practice=practice, test_server=test_server) as (world, _places):
        done = self_test(world)
    if as_json:
        print(json.dumps({"schema": JSON_SCHEMA, **self_test_fields(done)}, indent=2))
    else:
        _print(done)
    return min(done.failures, MOST_FAILURES)


@contextmanager
def this_world(integration_file: Path | None, *, practice: bool, test_server: bool) -> Iterator[tuple[World, Places]]:
    """What this program would use here and now. An integration file that cannot be read is one of the findings.

    In practice a practice server runs meanwhile, so that nothing reaches the real Fortnox.
    """
    integration: Integration | None = None
    problem: Occurrence | None = None
    app_id: str | None = None
    file = integration_file_of(integration_file, practice=practice)
    try:
        app_id = own_app_id()
        if file is not None:
            integration = read_integration(file, test_server=test_server or practice)
    except ProblemError as refused:
        problem = refused.occurrence
    places = vault_places(app_id, practice=practice)
    keychain = Keychain(places.keychain_service, limit_seconds=KEYCHAIN_SECONDS)
    rows = SqliteRows(places.vault_file, busy_seconds=BUSY_SECONDS)
    with _practising() if practice else nullcontext() as there:
        if there is not None and integration is not None:
            # The vendor's relay holds the secret for the real Fortnox and must not hear of practice.
            integration = replace(with_endpoints(integration, there), relay=None)
        yield (
            World(
                integration=integration,
                integration_problem=problem,
                endpoints=there or Endpoints(),
                vault=Vault(places.vault_file, keychain, rows=rows),
                vault_file=places.vault_file,
                keychain=keychain,
                engine=EngineProcess(),
                takes_web_addresses=_takes_web_addresses,
                schedule=lambda: schedule.status(app_id or DEFAULT_APP_ID, practice=practice),
            ),
            places,
        )


@contextmanager
def _practising() -> Iterator[Endpoints]:
    """Where a practice server answers, for as long as it is asked."""
    from assistant.practice.integration import PracticeIntegration
    from assistant.practice.server import PracticeServer

    registered = PracticeIntegration(
        client_id="self-test",
        client_secret="not asked for",  # noqa: S106 - nobody signs in there
        redirect_uris=("http://localhost/",),
        scopes=("companyinformation",),
        service_accounts=True,
        name="self-test",
        vendor="self-test",
    )
    with PracticeServer(registered).in_thread() as server:
        yield Endpoints(pkce=True, **server.endpoints)


def self_test(world: World) -> SelfTest:
    """Runs the self-test to its end, with a loop that a name look-up that hangs does not keep."""
    return _run(run_self_test(world))


def try_engine() -> int:
    """What this program says to itself: tries the browser engine in this process and prints how it went."""
    try:
        from assistant.window.engine_test import print_engine_test
    except ImportError:
        from assistant.support.self_test.engine_process import written_answer
        from assistant.support.self_test.world import EngineAnswer

        print(written_answer(EngineAnswer(no_qt=True)))
        return 1
    return print_engine_test()


def _takes_web_addresses() -> bool | None:
    if not sys.platform.startswith("linux"):
        return None
    from assistant.window.scheme_handlers import has_handler

    return has_handler("https", os.environ)


def _print(done: SelfTest) -> None:
    for each in done.results:
        told = result_words(each)
        code = f" {told.code}:" if told.code else ""
        print(f"{_MARKS[each.verdict]} {told.title}: {told.verdict}.{code} {told.sentence}")
        if told.more:
            print(f"    {told.more}")
        for line in told.remedy:
            print(f"    {line}")
    print(f"\n{summary(done)}")


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(work)


_Base: Any = getattr(asyncio, "ProactorEventLoop", asyncio.SelectorEventLoop)  # the first is Windows' alone


class _Loop(_Base):  # type: ignore[misc]
    """A loop whose look-ups run on daemon threads. asyncio's own pool is joined at the end, hung or not."""

    def run_in_executor(
        self, executor: object, call: Callable[..., Result], *arguments: object
    ) -> asyncio.Future[Result]:
        return asyncio.wrap_future(OwnThread("look-up").submit(lambda: call(*arguments)), loop=self)
