"""The program starts itself again without the graphics card, once, and is back at the sign-in."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.window.restart import command
from tests.window.resumed import Run, run_program
from tests.window.secure_network import Authority
from tests.window.sign_in_pages import Pages
from tests.window.walked import ROOT

CANARY = "canary-client-secret"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the program from step 4 on, until a problem page; see `run_program`."""
    return partial(run_program, tmp_path)


@pytest.mark.provokes("WEB-03")
def test_an_empty_page_restarts_the_program_once_without_the_card(run: Run) -> None:
    pages = Pages()
    told = run(pages.url("/empty"), secret=CANARY)
    before = [each for each in told if "--disable-gpu" not in each["flags"].split()]
    after = told[len(before) :]
    assert {each["pid"] for each in told} == {told[0]["pid"]}, "the process is replaced, not joined by a second one"
    assert "problem" not in [each["step"] for each in before], "the first empty page is nobody's problem yet"
    assert before[-1]["step"] in ("closing", "closed")
    assert all("--disable-gpu" in each["flags"].split() for each in after)
    assert [each["problem"] for each in after if each["problem"]][:1] == ["WEB-03"]
    asked = [parse_qs(urlsplit(path).query) for path in pages.paths if path.startswith("/empty")]
    assert len(asked) == 2
    assert asked[0]["state"] != asked[1]["state"], "the attempt after the restart is a new one"
    assert {each["secret"] for each in after} == {CANARY}, "what the environment said once is not lost"


def test_nothing_secret_is_on_the_new_command_line_or_in_its_environment(run: Run, tmp_path: Path) -> None:
    pages = Pages()
    seen: list[str] = []

    def look() -> None:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_text()
                if "tests.window.resumed_process" in words and "--software-rendering" in words:
                    seen.append(words + (folder / "environ").read_text())
            except OSError:
                continue

    answer = pages.answer

    def answering(handler: Any) -> None:
        look()
        answer(handler)

    pages.answer = answering  # type: ignore[method-assign]
    run(pages.url("/empty"), secret=CANARY)
    assert seen, "the restarted program was never seen"
    # The first process was started with the variable; the one it became was given the environment as it was by then.
    assert not any(CANARY in each for each in seen)


@pytest.mark.parametrize(("frozen", "first"), [(False, "/usr/bin/python3"), (True, "/opt/setup-assistant")])
def test_the_new_command_is_the_old_one_and_two_words(frozen: bool, first: str) -> None:
    old = ["/usr/bin/python3", "-m", "assistant", "--practice", "--resume", "sign-in"]
    if frozen:
        old = ["setup-assistant", "--practice"]
    new = command(old, "/opt/setup-assistant" if frozen else "/usr/bin/python3", frozen=frozen)
    assert new[0] == first
    assert new[-3:] == ["--resume", "sign-in", "--software-rendering"]
    assert new.count("--resume") == 1
    assert "--practice" in new


def test_what_is_handed_over_goes_through_a_pipe_and_comes_whole(tmp_path: Path) -> None:
    script = (
        "import sys; from assistant.window import restart; from assistant.secret import Secret\n"
        "if 'resumed' in sys.argv:\n"
        "    told = restart.handed_over()\n"
        "    print(told.at_sign_in, told.client_secret and told.client_secret.reveal(), told.reconnecting)\n"
        "else:\n"
        "    restart.command = lambda *_, **__: [sys.executable, '-c', SCRIPT, 'resumed']\n"
        "    secret = Secret(sys.argv[1]) if sys.argv[1] else None\n"
        "    restart.begin_again(restart.Resumption(client_secret=secret, reconnecting=sys.argv[2] or None))\n"
    )
    script = f"SCRIPT = {script!r}\n{script}"
    for secret, connection_id in (("nyckel-åäö", "a" * 32), ("", "b" * 32), ("only", ""), ("", "")):
        done = subprocess.run(
            [sys.executable, "-c", script, secret, connection_id], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.split() == ["True", secret or "None", connection_id or "None"]


@pytest.mark.parametrize("content", [b"", b"no json", b"[]", b'{"client_secret": 7}', b"\xff" * 9])
def test_whatever_else_stands_on_standard_input_hands_nothing_over(content: bytes) -> None:
    script = "from assistant.window import restart; print(restart.handed_over())"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, input=content, capture_output=True, check=True)
    assert b"client_secret=None" in done.stdout
    assert b"reconnecting=None" in done.stdout


# ---- a certificate of the company's own, in one of two lists


@pytest.mark.provokes("WEB-23")
def test_a_root_that_only_the_system_knows_has_a_remedy_of_its_own(run: Run, tmp_path: Path) -> None:
    authority = Authority(tmp_path, organisation="Brandvägg AB")
    pages = Pages(certificate=authority.issue("127.0.0.1"))
    told = run(pages.url("/plain"), environ={"SSL_CERT_FILE": str(authority.root)})
    problem = next(each for each in told if each["problem"])
    assert (problem["problem"], problem["facts"]["issuer"]) == ("WEB-23", "Brandvägg AB Root")
    assert not pages.paths


@pytest.mark.provokes("WEB-06")
def test_a_root_that_nobody_knows_has_not(run: Run, tmp_path: Path) -> None:
    authority = Authority(tmp_path, organisation="Brandvägg AB")
    pages = Pages(certificate=authority.issue("127.0.0.1"))
    told = run(pages.url("/plain"))
    assert next(each for each in told if each["problem"])["problem"] == "WEB-06"
