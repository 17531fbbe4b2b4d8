"""The server as a whole: who may ask, what is logged, how it breaks on demand, how it starts and stops."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from assistant.practice.clock import PracticeClock
from assistant.practice.faults import Cut, Fault
from assistant.practice.server import PracticeServer
from assistant.practice.state_file import StateFileError
from assistant.practice.switches import Switches
from tests.practice.browser import CLIENT_ID, CLIENT_SECRET, Browser, parameters
from tests.practice.conftest import Client

BJORKDALEN = 1_100_017
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:{port}", 404),
        ("localhost:{port}", 404),
        ("LOCALHOST", 404),
        ("[::1]:{port}", 404),
        ("evil.example", 421),
        ("evil.example:{port}", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.:{port}", 421),
        ("localhost:1", 421),
        ("127.0.0.1@evil.example", 421),
        ("", 421),
    ],
)
def test_only_hosts_of_this_computer(server: PracticeServer, host: str, status: int) -> None:
    given = host.format(port=urlsplit(server.base_url).port)
    answer = httpx.get(server.base_url + "/nowhere", headers={"Host": given}, trust_env=False)
    assert answer.status_code == status
    assert server.log[-1].path == "(unknown)"


def test_it_listens_on_loopback_alone(server: PracticeServer) -> None:
    port = urlsplit(server.base_url).port
    assert {bound.getsockname()[0] for bound in server._sockets} <= {"127.0.0.1", "::1"}
    with socket.socket() as other:
        other.settimeout(1)
        # All of 127/8 reaches a socket that is bound to every address, and none but 127.0.0.1 reaches ours.
        assert other.connect_ex(("127.0.0.2", port)) != 0


def test_localhost_stays_localhost(server: PracticeServer) -> None:
    with Browser(server.base_url.replace("127.0.0.1", "localhost")) as browser:
        assert "code" in browser.approve_as("anna", BJORKDALEN)


def test_the_log_holds_names_and_no_values(server: PracticeServer, browser: Browser, client: Client) -> None:
    code = browser.approve_as("anna", BJORKDALEN, state="canary-state")["code"]
    client.redeem(code)
    httpx.get(f"{server.base_url}/canary-path?canary=canary-value&%21{'x' * 50}=1", trust_env=False)
    text = repr(server.log)
    for secret in (*server.issued.passwords.values(), code, *server.issued.access_tokens, CLIENT_SECRET):
        assert secret not in text
    for value in ("canary-state", "canary-value", "canary-path", CLIENT_ID):
        assert value not in text
    assert server.log[-1].query_names == ("canary", "(odd)")
    assert server.log[0].query_names == tuple(parameters())
    assert repr(server.issued) == "Issued()"
    assert CLIENT_SECRET not in repr(server.integration)
    assert {code, server.issued.passwords["anna"], CLIENT_SECRET} <= server.issued.presented


def test_a_wrong_answer_happens_once(server: PracticeServer, client: Client, browser: Browser) -> None:
    code = browser.approve_as("anna", BJORKDALEN)["code"]
    server.inject("/oauth-v1/token", Fault(status=502, body=b"<html>", content_type="text/html"), Fault(status=302))
    assert client.redeem(code).text == "<html>"
    assert client.redeem(code).status_code == 302
    assert client.redeem(code).status_code == 200
    assert [entry.status for entry in server.log[-3:]] == [502, 302, 200]


def test_an_answer_can_be_lost_after_the_work_was_done(
    server: PracticeServer, client: Client, browser: Browser
) -> None:
    code = browser.approve_as("anna", BJORKDALEN)["code"]
    server.inject("/oauth-v1/token", Fault(cut=Cut.NO_ANSWER))
    with pytest.raises(httpx.RemoteProtocolError):
        client.redeem(code)
    tokens = client.redeem(code).json()
    server.inject("/oauth-v1/token", Fault(cut=Cut.NO_ANSWER, handled=True), Fault(cut=Cut.MIDWAY))
    with pytest.raises(httpx.RemoteProtocolError):
        client.renew(tokens["refresh_token"])
    with pytest.raises(httpx.RemoteProtocolError):
        client.renew(tokens["refresh_token"])
    assert client.renew(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert [entry.status for entry in server.log if entry.grant == "refresh_token"] == [0, 400, 400]


def test_answers_can_be_late(server: PracticeServer, client: Client) -> None:
    server.inject("/3/me", Fault(delay=0.3))
    started = time.monotonic()
    client.get("/3/me", "x")
    assert time.monotonic() - started >= 0.3
    server.switches = Switches(latency=0.2)
    started = time.monotonic()
    client.get("/3/me", "x")
    assert time.monotonic() - started >= 0.2


def test_a_run_can_be_resumed_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "practice.json"
    running = PracticeServer(state_file=path)
    with running.in_thread() as server, Browser(server.base_url) as browser, Client(server) as client:
        tokens = client.redeem(browser.approve_as("anna", BJORKDALEN, account_type="service")["code"]).json()
        password = server.issued.passwords["anna"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["practice.json"]
    with PracticeServer(state_file=path).in_thread() as server, Client(server) as client:
        assert server.issued.passwords["anna"] == password
        assert client.for_service(BJORKDALEN).status_code == 200
        assert client.get("/3/companyinformation", tokens["access_token"]).status_code == 200
        assert client.renew(tokens["refresh_token"]).status_code == 200
        assert client.renew(tokens["refresh_token"]).status_code == 400
    with PracticeServer(state_file=path).in_thread() as server, Client(server) as client:
        assert client.renew(tokens["refresh_token"]).status_code == 400, "what was used up stays used up"


def test_a_moved_clock_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "practice.json"
    running = PracticeServer(state_file=path)
    with running.in_thread() as server, Browser(server.base_url) as browser, Client(server) as client:
        token = client.redeem(browser.approve_as("anna", BJORKDALEN)["code"]).json()["access_token"]
        server.clock.advance(4000)
        server.run.save()
    with PracticeServer(state_file=path).in_thread() as server, Client(server) as client:
        assert client.get("/3/me", token).status_code == 401


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\x00", b"[]", b'{"version":1}'])
def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "practice.json"
    path.write_bytes(content)
    with pytest.raises(StateFileError, match=re.escape(str(path))), PracticeServer(state_file=path).in_thread():
        pass
    assert path.read_bytes() == content


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "practice.json"
    with PracticeServer(state_file=path).in_thread():
        pass
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "version": 2}), encoding="utf-8")
    with pytest.raises(StateFileError, match="another version"), PracticeServer(state_file=path).in_thread():
        pass


@pytest.mark.anyio
async def test_it_runs_in_the_loop_of_its_program() -> None:
    handler = signal.getsignal(signal.SIGINT)
    async with httpx.AsyncClient(trust_env=False) as client:
        async with PracticeServer() as server:
            assert signal.getsignal(signal.SIGINT) is handler
            assert (await client.get(server.endpoints["api"] + "/3/me")).status_code == 401
        with pytest.raises(httpx.ConnectError):
            await client.get(server.base_url)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_it_starts_fast_and_stops_clean(capfd: pytest.CaptureFixture[str]) -> None:
    before = threading.active_count()
    started = time.monotonic()
    with PracticeServer().in_thread() as server:
        assert time.monotonic() - started < 1
        held = httpx.Client(trust_env=False)
        held.get(server.base_url)  # a connection kept open must not hold the server up
        server.inject("/3/me", Fault(delay=30))
        waiting = threading.Thread(target=_ignoring_errors, args=(server.base_url + "/3/me",))
        waiting.start()
        time.sleep(0.1)
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 5
    waiting.join()
    held.close()
    assert threading.active_count() == before
    assert capfd.readouterr() == ("", "")


def _ignoring_errors(url: str) -> None:
    with suppress(httpx.HTTPError):
        httpx.get(url, timeout=20, trust_env=False)


def test_a_taken_port_is_an_error(server: PracticeServer) -> None:
    port = urlsplit(server.base_url).port
    with pytest.raises(OSError, match="in use"), PracticeServer(port=port or 0).in_thread():
        pass


def test_the_clock_moves_forward_alone() -> None:
    clock = PracticeClock(100.0, running=False)
    clock.advance(5)
    assert clock.now() == 105.0
    for wrong in (-1, float("nan")):
        with pytest.raises(ValueError, match="forward"):
            clock.advance(wrong)
    running = PracticeClock()
    assert abs(running.now() - time.time()) < 5


def _command(*arguments: str) -> subprocess.Popen[str]:
    code = f"import sys; from assistant.practice.serve import serve; sys.exit(serve({', '.join(arguments)}))"
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM"])
def test_the_command_says_where_it_is_and_ends_with_zero(how: str) -> None:
    process = _command()
    assert process.stdout is not None
    lines = []
    while not lines or "Ctrl+C" not in lines[-1]:
        lines.append(process.stdout.readline())
        assert lines[-1] or process.poll() is None, process.communicate()
    text = "".join(lines)
    address = re.search(r"http://127\.0\.0\.1:\d+", text)
    control = re.search(r"http://\S+/practice/enter\?token=\S+", text)
    assert address
    assert control
    assert CLIENT_ID in text
    assert httpx.get(address[0] + "/3/me", trust_env=False).status_code == 401
    assert httpx.get(control[0], trust_env=False).status_code == 303
    process.send_signal(getattr(signal, how))
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


def test_the_command_says_when_the_port_is_taken(server: PracticeServer) -> None:
    process = _command(str(urlsplit(server.base_url).port))
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, "")
    assert err.startswith("Port ")
    assert len(err.splitlines()) == 1


def test_the_server_is_not_loaded_before_it_is_wanted() -> None:
    code = (
        "import sys, assistant.practice.serve, assistant.practice.scenarios, assistant.practice.integration\n"
        "sys.exit(bool({'starlette', 'uvicorn', 'jinja2'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("ahead", [0.0, 10_800.0])
def test_answers_are_dated_by_the_clock_of_the_run(ahead: float) -> None:
    clock = PracticeClock(start=1_800_000_000, running=False)
    with PracticeServer(clock=clock, switches=Switches(clock_ahead=ahead)).in_thread() as server:
        for advanced in (0.0, 4000.0):
            clock.advance(advanced)
            for path in ("/practice.css", "/oauth-v1/token", "/nothing/here"):
                dates = httpx.get(server.base_url + path, trust_env=False).headers.get_list("date")
                assert [parsedate_to_datetime(date).timestamp() for date in dates] == [clock.now() + ahead]
        server.inject("/practice.css", Fault(status=503))
        assert "date" in httpx.get(f"{server.base_url}/practice.css", trust_env=False).headers
