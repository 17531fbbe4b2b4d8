"""token, check, renew, remove, keep-alive, secret set and migrate, each as a whole process against practice."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.command import check, keep_alive, listing, migrate, remove, renew, secret, token
from assistant.fortnox.account import AccountKind
from assistant.integration import Integration
from assistant.practice.faults import Fault
from assistant.practice.server import PracticeServer
from assistant.practice.switches import ClientSecret, ServiceConsentFound
from assistant.vault.connection import Connection
from tests import provoking
from tests.command.session import ROOT, Session, session
from tests.keychain_session import missing_tools
from tests.practice.browser import CLIENT_ID, CLIENT_SECRET
from tests.vault.at_practice import TENANT, connected, live_refresh_tokens, renewals, vault_at

pytestmark = pytest.mark.skipif(bool(missing_tools()), reason=missing_tools() or "")

USER, SERVICE = AccountKind.USER, AccountKind.SERVICE


@pytest.fixture(scope="module")
def user() -> Iterator[Session]:
    with session() as started:
        yield started


@pytest.fixture
def here(user: Session) -> Iterator[Session]:
    """The user with nothing stored."""
    yield user
    for file in (user.vault_file, user.practice_file):
        file.unlink(missing_ok=True)


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer().in_thread() as running:
        yield running
        assert running.crashes == []


def shape(done: subprocess.CompletedProcess[str], *fields: dict[str, str]) -> Any:
    """What was printed as JSON, with the fields that are documented, in their order and no other."""
    assert done.stdout.isascii()
    found = json.loads(done.stdout)
    assert list(found) == list(fields[0])
    assert found["schema"] == 1
    return found


def file_for(server: PracticeServer, folder: Path, **client_secret: str) -> Path:
    """An integration file for the practice server."""
    text = (ROOT / "resources" / "practice" / "integration.toml").read_text(encoding="utf-8")
    before, _, after = text.partition("[client_secret]")
    secret_part = "".join(f'{name} = "{value}"\n' for name, value in (client_secret or {"from": "ask"}).items())
    text = f"{before}[client_secret]\n{secret_part}\n[why]{after.partition('[why]')[2]}\n[endpoints]\n"
    text += "".join(f'{name} = "{address}"\n' for name, address in server.endpoints.items())
    (folder / "logo.svg").write_bytes((ROOT / "resources" / "practice" / "logo.svg").read_bytes())
    path = folder / "integration.toml"
    path.write_text(text, encoding="utf-8")
    return path


def make_due(path: Path, left: timedelta = timedelta(days=5)) -> None:
    with closing(sqlite3.connect(path)) as database:
        end = (datetime.now(UTC) + left).isoformat()
        database.execute("UPDATE connection SET valid_until = ? WHERE account = 'user'", (end,))
        database.commit()


def told(done: subprocess.CompletedProcess[str], code: str) -> None:
    """It ended in that problem, with nothing on standard output for a program to trust."""
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert done.stderr.startswith(f"{code}: "), done.stderr
    assert "Traceback" not in done.stderr
    assert "{" not in done.stderr


# ---- token


def test_token_prints_the_token_alone(here: Session, server: PracticeServer) -> None:
    connected(server, here.vault_file, SERVICE)
    first = here.run("token")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == server.issued.access_tokens[-1] + "\n"
    again = here.run("token", "--tenant", str(TENANT))
    assert again.stdout == first.stdout
    assert len([entry for entry in server.log if entry.path == "/oauth-v1/token"]) == 1


def test_token_as_json(here: Session, server: PracticeServer) -> None:
    made = connected(server, here.vault_file, USER)
    found = shape(here.run("token", "--json", "--account", "user"), token.FIELDS)
    assert found["access_token"] == server.issued.access_tokens[-1]
    assert (found["token_type"], found["tenant_id"], found["connection"]) == ("bearer", made.tenant_id, made.id)
    assert found["api"] == server.base_url
    assert found["scopes"] == list(made.scopes_granted)
    left = datetime.fromisoformat(found["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=55) < left <= timedelta(hours=1)


def test_a_refused_token_is_replaced(here: Session, server: PracticeServer) -> None:
    connected(server, here.vault_file, SERVICE)
    first = here.run("token").stdout
    second = here.run("token", "--refused", typed=first)
    assert second.returncode == 0
    assert second.stdout != first
    assert here.run("token", "--refused", typed=first).stdout == second.stdout, "another one is had once"
    nothing = here.run("token", "--refused")
    assert (nothing.returncode, nothing.stdout) == (2, "")


@pytest.mark.provokes("STORE-19")
def test_which_connection_is_meant(here: Session, server: PracticeServer) -> None:
    told(here.run("token"), "STORE-20")
    one = connected(server, here.vault_file, USER, person_id="1")
    other = connected(server, here.vault_file, USER, person_id="2")
    several = here.run("token")
    told(several, "STORE-19")
    provoking.printed("STORE-19", several.stderr)
    for made in (one, other):
        found = json.loads(here.run("token", "--json", "--connection", made.id).stdout)
        assert found["connection"] == made.id
    told(here.run("token", "--client-id", "nobody"), "STORE-20")


def test_token_after_the_approval_is_gone(here: Session, server: PracticeServer) -> None:
    connected(server, here.vault_file, SERVICE)
    server.switches = replace(server.switches, service_consent=ServiceConsentFound.MISSING)
    told(here.run("token"), "CONN-02")
    told(here.run("token", "--json"), "CONN-02")


def test_with_a_locked_keychain_token_shows_no_box(server: PracticeServer) -> None:
    with session(locked=True) as locked:
        connected(server, locked.vault_file, USER)
        told(locked.run("token"), "STORE-02")
        told(locked.run("check"), "STORE-02")
        done = locked.run("keep-alive")
        assert done.returncode == 0, "nothing is due"
        make_due(locked.vault_file)
        done = locked.run("keep-alive", "--json")
        found = shape(done, keep_alive.FIELDS)
        assert (done.returncode, found["problem"], found["due"], found["renewed"]) == (1, "STORE-02", 1, 0)
        assert done.stderr.startswith("STORE-02: ")
        listed = locked.run("list")
        assert "STORE-02" in listed.stdout, "the next to look is told"
        assert server.log == []


# ---- check


@pytest.mark.parametrize("account", AccountKind)
def test_check(here: Session, server: PracticeServer, account: AccountKind) -> None:
    made = connected(server, here.vault_file, account)
    done = here.run("check")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    lines = done.stdout.splitlines()
    assert made.company_name in lines[0]
    assert lines[1].startswith("  Works, valid until ")
    assert [line.split(None, 1) for line in lines[2:]] == [["companyinformation", "works"], ["article", "not checked"]]
    found = shape(here.run("check", "--json"), check.FIELDS)
    (one,) = found["connections"]
    assert list(one) == list(check.CONNECTION_FIELDS)
    assert [list(each) for each in one["scopes"]] == [list(check.SCOPE_FIELDS)] * 2
    assert (found["works"], one["works"], one["health"], one["problem"]) == (1, True, "works", None)
    assert (one["valid_until"] is None) is (account is SERVICE)


def test_check_of_all_says_which_does_not_work(here: Session, server: PracticeServer) -> None:
    bad = connected(server, here.vault_file, SERVICE)
    good = connected(server, here.vault_file, USER)
    server.switches = replace(server.switches, service_consent=ServiceConsentFound.MISSING)
    done = here.run("check", "--all", "--json")
    found = shape(done, check.FIELDS)
    assert (done.returncode, found["works"]) == (1, 1)
    assert [(each["id"], each["problem"]) for each in found["connections"]] == [(bad.id, "CONN-02"), (good.id, None)]
    assert found["connections"][0]["title"] == "The approval in Fortnox is gone"
    plain = here.run("check", "--all")
    assert plain.returncode == 1
    assert "CONN-02: The approval in Fortnox is gone" in plain.stdout
    assert "{" not in plain.stdout
    swedish = here.run("check", "--all", "--lang", "sv")
    assert "servicekonto" in swedish.stdout
    assert "The approval" not in swedish.stdout
    states = {each["id"]: each["health"] for each in json.loads(here.run("list", "--json").stdout)["connections"]}
    assert states == {bad.id: "connect-again", good.id: "works"}


def test_check_of_nothing(here: Session) -> None:
    assert here.run("check", "--all").stdout == "No company is connected on this computer.\n"
    assert json.loads(here.run("check", "--all", "--json").stdout) == {"schema": 1, "works": 0, "connections": []}
    told(here.run("check"), "STORE-20")
    assert here.run("check", "--all", "--tenant", "1").returncode == 2


# ---- renew


def test_renew(here: Session, server: PracticeServer) -> None:
    made = connected(server, here.vault_file, USER)
    make_due(here.vault_file)
    found = shape(here.run("renew", "--json"), renew.FIELDS)
    assert found["connection"] == made.id
    assert datetime.fromisoformat(found["valid_until"]) > datetime.now(UTC) + timedelta(days=44)
    plain = here.run("renew")
    assert (plain.returncode, plain.stderr) == (0, "")
    assert "Renewed, valid until " in plain.stdout
    assert renewals(server) == 2
    server.run.ledger.withdraw(client_id=CLIENT_ID, tenant_id=TENANT)
    told(here.run("renew", "--json"), "TOKEN-11")


# ---- remove


def test_remove(here: Session, server: PracticeServer) -> None:
    made = connected(server, here.vault_file, USER)
    unasked = here.run("remove")
    assert (unasked.returncode, unasked.stdout) == (2, "")
    assert "--yes" in unasked.stderr
    assert len(live_refresh_tokens(server)) == 1
    done = here.run("remove", "--yes", "--json")
    found = shape(done, remove.FIELDS)
    assert (found["connection"], found["revocation"], found["last_of_integration"]) == (made.id, "revoked", True)
    assert "Hantera integrationer" in found["left_at_fortnox"]
    assert live_refresh_tokens(server) == []
    told(here.run("remove", "--yes"), "STORE-20")


@pytest.mark.parametrize(
    ("lang", "answer", "goes"), [("en", "y", True), ("sv", "ja", True), ("en", "n", False), ("sv", "", False)]
)
def test_remove_asks_at_a_terminal(here: Session, server: PracticeServer, lang: str, answer: str, goes: bool) -> None:
    made = connected(server, here.vault_file, SERVICE)
    code, shown = at_a_terminal(here, ["remove", "--lang", lang], f"{answer}\n")
    assert made.company_name in shown
    assert code == (0 if goes else 1), shown
    assert (vault_at(here.vault_file).connections() == ()) is goes
    assert ("Hantera integrationer" in shown) is goes
    assert "{" not in shown


# ---- keep-alive


def test_keep_alive(here: Session, server: PracticeServer) -> None:
    made = connected(server, here.vault_file, USER)
    connected(server, here.vault_file, SERVICE)
    idle = here.run("keep-alive")
    assert (idle.returncode, idle.stdout) == (0, "No connection has to be renewed now.\n")
    make_due(here.vault_file)
    done = here.run("keep-alive", "--json")
    found = shape(done, keep_alive.FIELDS)
    assert (done.returncode, found["due"], found["renewed"], found["problem"]) == (0, 1, 1, None)
    listed = shape(here.run("list", "--json"), listing.FIELDS)
    assert list(listed["keep_alive"]) == list(listing.KEEP_ALIVE_FIELDS)
    assert (listed["keep_alive"]["renewed"], listed["connections"][0]["renewed_by_itself"]) == (1, True)
    server.run.ledger.withdraw(client_id=CLIENT_ID, tenant_id=TENANT)
    make_due(here.vault_file)
    done = here.run("keep-alive", "--json")
    found = shape(done, keep_alive.FIELDS)
    assert (done.returncode, found["problem"]) == (1, "TOKEN-11")
    assert found["failures"] == [{"connection": made.id, "problem": "TOKEN-11"}]
    assert list(found["failures"][0]) == list(keep_alive.FAILURE_FIELDS)
    make_due(here.vault_file)
    assert here.run("keep-alive").returncode == 0, "it is not tried again: only connecting again helps"


@pytest.mark.skipif(sys.platform != "linux", reason="the schedule of other systems is tested with texts alone")
def test_the_schedule_of_keep_alive(here: Session) -> None:
    """Without a systemd of the user's own the state is what can be seen."""
    done = here.run("keep-alive", "--status", "--json")
    found = shape(done, keep_alive.SCHEDULE_FIELDS)
    assert done.returncode == 0
    assert found["state"] in ("not-installed", "unknown")
    assert here.run("keep-alive", "--install", "--status").returncode == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("words", [["token"], ["renew"], ["keep-alive"]], ids=" ".join)
def test_a_renewal_under_way_is_finished(
    here: Session, server: PracticeServer, words: list[str], number: signal.Signals
) -> None:
    made = connected(server, here.vault_file, USER)
    make_due(here.vault_file)
    server.switches = replace(server.switches, latency=1.5)
    process = here.start(*words)
    begun = _wait_until_begun(here.vault_file, made)
    time.sleep(0.3)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert begun
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert out == ""
    secrets = vault_at(here.vault_file).secrets(made.id)
    assert secrets.refresh_token is not None
    assert [secrets.refresh_token.reveal()] == live_refresh_tokens(server)
    assert renewals(server) == 1


@pytest.mark.parametrize(
    "signals",
    [
        (signal.SIGINT, signal.SIGINT, signal.SIGINT),
        (signal.SIGTERM, signal.SIGTERM),
        (signal.SIGINT, signal.SIGTERM),
        (signal.SIGHUP,),
        (signal.SIGHUP, signal.SIGINT),
    ],
    ids=lambda signals: "+".join(each.name for each in signals),
)
@pytest.mark.parametrize("words", [["token"], ["check"], ["keep-alive"]], ids=" ".join)
def test_however_often_it_is_stopped_a_renewal_is_finished(
    here: Session, server: PracticeServer, words: list[str], signals: tuple[signal.Signals, ...]
) -> None:
    made = connected(server, here.vault_file, USER)
    make_due(here.vault_file)
    server.inject("/oauth-v1/token", Fault(delay=2.0, handled=True))
    process = here.start(*words)
    assert _wait_until_begun(here.vault_file, made)
    time.sleep(0.4)
    for number in signals:
        process.send_signal(number)
        time.sleep(0.3)
    assert process.poll() is None, "it waits"
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "Finishing a renewal that is under way." in err
    assert "{" not in err
    assert out == ""
    secrets = vault_at(here.vault_file).secrets(made.id)
    assert secrets.refresh_token is not None
    assert [secrets.refresh_token.reveal()] == live_refresh_tokens(server)
    assert renewals(server) == 1


def test_signals_at_the_same_moment_are_one(here: Session, server: PracticeServer) -> None:
    made = connected(server, here.vault_file, USER)
    server.inject("/oauth-v1/token", Fault(delay=1.5, handled=True))
    process = here.start("token")
    assert _wait_until_begun(here.vault_file, made)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP) * 20:
        process.send_signal(number)
    _out, err = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in err) == (130, False), err
    secrets = vault_at(here.vault_file).secrets(made.id)
    assert secrets.refresh_token is not None
    assert [secrets.refresh_token.reveal()] == live_refresh_tokens(server)


def test_where_a_shell_has_ctrl_c_ignored_sigterm_still_stops_it(here: Session, server: PracticeServer) -> None:
    made = connected(server, here.vault_file, USER)
    server.inject("/oauth-v1/token", Fault(delay=1.5, handled=True))
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "renew"],
        cwd=ROOT,
        env=here.environment,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert _wait_until_begun(here.vault_file, made)
    process.terminate()
    _out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert renewals(server) == 1


# ---- secret set


def test_secret_set(here: Session, server: PracticeServer) -> None:
    made = connected(server, here.vault_file, SERVICE)
    server.switches = replace(server.switches, client_secret=ClientSecret.REPLACED)
    told(here.run("token"), "CONN-03")
    assert json.loads(here.run("list", "--json").stdout)["connections"][0]["health"] == "problem"
    done = here.run("secret", "set", "--client-id", CLIENT_ID, "--json", typed="the-new-key\n")
    found = shape(done, secret.FIELDS)
    assert (found["client_id"], found["connections"]) == (CLIENT_ID, 1)
    stored = vault_at(here.vault_file).client_secret(made.endpoints.authorize_host, CLIENT_ID)
    assert stored is not None
    assert stored.reveal() == "the-new-key"
    assert json.loads(here.run("list", "--json").stdout)["connections"][0]["health"] == "works"
    assert "the-new-key" not in done.stdout + done.stderr


def test_secret_set_that_cannot_be(here: Session, server: PracticeServer, tmp_path: Path) -> None:
    unknown = here.run("secret", "set", "--client-id", "nobody", typed="key\n")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "--integration" in unknown.stderr
    connected(server, here.vault_file, SERVICE)
    for typed in ("", "\n", "å\n", "a\x00b\n"):
        assert here.run("secret", "set", "--client-id", CLIENT_ID, typed=typed).returncode == 2
    assert here.run("secret", "set", typed="key\n").returncode == 2
    assert here.run("secret", typed="key\n").returncode == 2
    file = file_for(server, tmp_path)
    named = here.run("secret", "set", "--client-id", "another", "--integration", str(file), typed="key\n")
    assert named.returncode == 0, named.stderr


def test_secret_set_shows_nothing_of_it_at_a_terminal(here: Session, server: PracticeServer) -> None:
    connected(server, here.vault_file, SERVICE)
    code, shown = at_a_terminal(here, ["secret", "set", "--client-id", CLIENT_ID], "canary-key\n")
    assert code == 0, shown
    assert "canary-key" not in shown


# ---- migrate


def test_migrate(here: Session, server: PracticeServer, tmp_path: Path) -> None:
    file = str(file_for(server, tmp_path, **{"from": "file", "path": "secret.txt"}))
    (tmp_path / "secret.txt").write_text(CLIENT_SECRET)
    legacy = server.issued.legacy_tokens[TENANT]
    unasked = here.run("migrate", "--integration", file, typed=legacy + "\n")
    assert (unasked.returncode, unasked.stdout) == (2, "")
    assert server.log == []
    assert here.run("migrate", "--integration", file, "--yes").returncode == 2
    done = here.run("migrate", "--integration", file, "--yes", "--json", typed=legacy + "\n")
    found = shape(done, migrate.FIELDS)
    assert (found["account"], found["tenant_id"], found["replaced"]) == ("user", str(TENANT), False)
    assert here.run("check").returncode == 0
    told(here.run("migrate", "--integration", file, "--yes", typed=legacy + "\n"), "CONN-08")
    told(here.run("migrate", "--yes", typed=legacy + "\n"), "FILE-01")


@pytest.mark.parametrize(("lang", "answer", "goes"), [("en", "yes", True), ("sv", "nej", False)])
def test_migrate_asks_about_the_company_by_name(
    here: Session, server: PracticeServer, tmp_path: Path, lang: str, answer: str, goes: bool
) -> None:
    file, legacy = str(file_for(server, tmp_path)), server.issued.legacy_tokens[TENANT]
    typed = [CLIENT_SECRET, legacy, answer]
    code, shown = at_a_terminal(
        here, ["migrate", "--lang", lang, "--integration", file], *(f"{each}\n" for each in typed)
    )
    company = server.run.population.company(TENANT)
    assert company is not None
    assert company.name in shown
    assert company.organisation_number in shown
    assert code == (0 if goes else 1), shown
    assert len(live_refresh_tokens(server)) == len(vault_at(here.vault_file).connections()) == int(goes)
    assert legacy not in shown
    assert CLIENT_SECRET not in shown


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_migrate_stopped_while_it_exchanges_hands_back(
    here: Session, server: PracticeServer, tmp_path: Path, number: signal.Signals
) -> None:
    file = str(file_for(server, tmp_path, **{"from": "file", "path": "secret.txt"}))
    (tmp_path / "secret.txt").write_text(CLIENT_SECRET)
    legacy = server.issued.legacy_tokens[TENANT]
    server.inject("/3/companyinformation", Fault(delay=1.5, handled=True))
    process = here.start("migrate", "--integration", file, "--yes", stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(legacy + "\n")
    process.stdin.flush()
    end = time.monotonic() + 20
    while not live_refresh_tokens(server) and time.monotonic() < end:
        time.sleep(0.02)
    assert len(live_refresh_tokens(server)) == 1, "it is exchanged, and the company is asked for"
    for _ in range(3):
        process.send_signal(number)
        time.sleep(0.2)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, ""), err
    assert "Nothing was connected, and the old token is used up." in err
    assert "Traceback" not in err
    assert live_refresh_tokens(server) == []
    assert vault_at(here.vault_file).connections() == ()


def test_ctrl_c_at_the_question_of_migrate_hands_back(here: Session, server: PracticeServer, tmp_path: Path) -> None:
    file, legacy = str(file_for(server, tmp_path)), server.issued.legacy_tokens[TENANT]
    code, shown = at_a_terminal(here, ["migrate", "--integration", file], f"{CLIENT_SECRET}\n", f"{legacy}\n", "\x03")
    assert code == 130, shown
    assert "the old token is used up" in shown
    assert live_refresh_tokens(server) == []


# ---- all of them


def test_practice_has_connections_of_its_own(here: Session, server: PracticeServer) -> None:
    made = connected(server, here.practice_file, SERVICE)
    told(here.run("token"), "STORE-20")
    for words in (["token"], ["check"], ["renew"], ["keep-alive"], ["list"]):
        done = here.run(*words, "--practice")
        assert done.returncode == 0, done.stderr
    found = json.loads(here.run("--practice", "remove", "--yes", "--json").stdout)
    assert found["connection"] == made.id
    assert not here.vault_file.exists()


@pytest.mark.parametrize(
    "words", [["token"], ["check", "--all"], ["renew"], ["keep-alive"], ["remove", "--yes"], ["list"]], ids=" ".join
)
def test_no_secret_leaves_and_no_qt_comes(here: Session, server: PracticeServer, words: list[str]) -> None:
    connected(server, here.vault_file, USER)
    make_due(here.vault_file)
    script = f"""
import sys
from assistant.cli import main
code = main({words!r})
print(sorted(m for m in sys.modules if m.startswith(("PySide6", "shiboken6", "qasync"))), file=sys.stderr)
sys.exit(code)
"""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "ignore", "-c", script],
        cwd=ROOT,
        env={**here.environment, "PYTHONASYNCIODEBUG": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "[]"
    shown = done.stdout + done.stderr if words != ["token"] else done.stderr
    hidden = [*server.issued.access_tokens, *server.issued.refresh_tokens, CLIENT_SECRET]
    assert [each for each in hidden if each in shown] == []


def test_nothing_reaches_the_network_for_a_vault_of_another_version(here: Session, server: PracticeServer) -> None:
    connected(server, here.vault_file, USER)
    with closing(sqlite3.connect(here.vault_file)) as database:
        database.execute("PRAGMA user_version = 99")
    for words in (["token"], ["check", "--all"], ["renew"], ["keep-alive"], ["remove", "--yes"], ["list"]):
        told(here.run(*words), "STORE-07")
    assert server.log == []


def at_a_terminal(here: Session, words: list[str], *typed: str) -> tuple[int, str]:
    """The program at a terminal of its own, where somebody types each line once it is asked for something."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "--lang", "en", *words],
        cwd=ROOT,
        env=here.environment,
        stdin=child,
        stdout=child,
        stderr=child,
        start_new_session=True,
        preexec_fn=_own_terminal,
    )
    os.close(child)
    shown, waiting, asked = b"", list(typed), 0
    end = time.monotonic() + 40
    try:
        while time.monotonic() < end:
            ready, _, _ = select.select([parent], [], [], 0.2)
            if ready:
                try:
                    part = os.read(parent, 4096)
                except OSError:
                    break
                if not part:
                    break
                shown += part
            elif process.poll() is not None:
                break
            if waiting and shown[asked:].rstrip(b" ").endswith((b":", b"?", b")")):
                time.sleep(0.1)  # getpass turns the echo off after it has asked
                asked = len(shown)
                os.write(parent, waiting.pop(0).encode())
        return process.wait(timeout=20), shown.decode(errors="replace")
    finally:
        process.kill()
        process.wait()
        os.close(parent)


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _wait_until_begun(path: Path, made: Connection) -> bool:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with closing(sqlite3.connect(path)) as database:
            if database.execute("SELECT 1 FROM renewal WHERE connection_id = ?", (made.id,)).fetchone():
                return True
        time.sleep(0.02)
    return False


def test_the_file_for_practice_is_one(server: PracticeServer, tmp_path: Path) -> None:
    from assistant.integration import read_integration

    found = read_integration(file_for(server, tmp_path))
    assert isinstance(found, Integration)
    assert found.endpoints.token == server.endpoints["token"]
