"""The commands as somebody types them: usage, exit codes, sentences, and what each of them loads."""

from __future__ import annotations

import ast
import errno
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import __version__, language
from assistant.cli import main
from assistant.vault.places import vault_places
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from tests.vault import samples

ROOT = Path(__file__).resolve().parent.parent
HEAVY = (
    "PySide6",
    "shiboken6",
    "qasync",
    "httpx",
    "httpcore",
    "truststore",
    "starlette",
    "uvicorn",
    "jinja2",
    "keyring",
)


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    language.use("en")


def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "assistant", *words],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def refused(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert isinstance(end.value.code, int)
    return end.value.code


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert refused("--version") == 0
    assert capsys.readouterr().out == f"setup-assistant {__version__}\n"


def test_the_process_ends_with_the_exit_code(home: Path) -> None:
    assert run("--version").returncode == 0
    assert run("list", "--integration", "missing.toml").returncode == 1
    assert run("nonsense").returncode == 2


@pytest.mark.parametrize("command", [(), ("list",), ("practice-server",), ("tour",)])
@pytest.mark.parametrize("code", ["sv", "en"])
def test_help_speaks_the_language_asked_for(
    capsys: pytest.CaptureFixture[str], command: tuple[str, ...], code: str
) -> None:
    assert refused("--lang", code, *command, "--help") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert shown.startswith("usage: setup-assistant")
    message = {
        (): "Connects a Fortnox company to an integration. Without a command the window opens.",
        ("list",): "as JSON, for programs",
        ("practice-server",): "the port; without it, any free one",
        ("tour",): "folder for the pictures",
    }[command]
    translated = language.language(code).text(message)
    assert translated in shown
    assert (translated == message) is (code == "en")


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("--nonsense",),
        ("list", "--port", "1"),
        ("list", "extra"),
        ("list", "--lang", "xx"),
        ("--lang",),
        ("tour",),
        ("tour", "--out"),
        ("practice-server", "--port"),
        ("practice-server", "--port", "x"),
        ("practice-server", "--port", "-1"),
        ("practice-server", "--port", "65536"),
        ("practice-server", "--port", "1.5"),
        ("practice-server", "--port", "9" * 5000),
        ("practice-server", "--port", "٣"),
    ],
    ids=" ".join,
)
def test_a_command_written_wrongly(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert refused(*words) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    *usage, mistake = shown.err.strip().splitlines()
    assert usage[0].startswith("usage: setup-assistant")
    assert "error: " in mistake
    assert "_port" not in mistake, "a name of the program's own says nothing to whoever typed it"


@pytest.mark.parametrize("port", ["x", "70000"])
def test_a_mistake_is_told_in_the_language_asked_for(capsys: pytest.CaptureFixture[str], port: str) -> None:
    assert refused("practice-server", "--lang", "sv", "--port", port) == 2
    swedish = language.language("sv").text("a port is a number from 0 to 65535")
    assert swedish in capsys.readouterr().err
    assert swedish != "a port is a number from 0 to 65535"


@pytest.mark.parametrize("words", [("--lang", "sv", "list"), ("list", "--lang", "sv"), ("list", "--lang=sv")])
def test_the_language_may_stand_anywhere(
    capsys: pytest.CaptureFixture[str], home: Path, words: tuple[str, ...]
) -> None:
    assert main(words) == 0
    swedish = language.language("sv").text("No company is connected on this computer.")
    assert capsys.readouterr().out.strip() == swedish


def test_without_a_wish_the_system_chooses_the_language(home: Path) -> None:
    assert run("list", LANG="sv_SE.UTF-8").stdout.startswith("Inget")
    assert run("list", LANG="sv_SE.UTF-8", LANGUAGE="en").stdout.startswith("No company")


def test_a_problem_is_one_sentence_a_code_and_a_way_on(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    (home / "broken.toml").write_text("this is no toml")
    assert main(["list", "--integration", str(home / "broken.toml")]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    first, *rest = shown.err.splitlines()
    assert first.startswith("FILE-06: ")
    assert rest
    assert all(line.startswith("  ") for line in rest)
    assert "Traceback" not in shown.err


def test_a_port_that_is_taken() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = run("practice-server", "--port", port)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [f"Port {port} is taken by another program. Choose another with --port."]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EADDRNOTAVAIL])
def test_a_port_the_system_keeps_is_not_called_taken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, "canary")

    monkeypatch.setattr("socket.socket.bind", refuse)
    assert main(["practice-server", "--lang", "en", "--port", "80"]) == 1
    told = "The system does not let this program use port 80. Choose another with --port.\n"
    assert capsys.readouterr() == ("", told)


def test_what_stops_practice_and_is_no_port_is_not_called_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.EMFILE, "canary")

    monkeypatch.setattr("assistant.practice.server._bind", full)
    assert main(["practice-server", "--lang", "en", "--port", "80"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("START-03: ")
    assert "canary" not in told


def test_practice_answers_until_it_is_stopped() -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "assistant", "practice-server"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert server.stdout is not None
        first = server.stdout.readline()
        assert first.startswith("Practice answers at http://127.0.0.1:"), first
        server.terminate()
        _, complaints = server.communicate(timeout=20)
        assert (server.returncode, complaints) == (0, "")
    finally:
        server.kill()


@pytest.mark.parametrize("words", [["--version"], ["list"], ["list", "--json"], ["list", "--practice"]])
def test_a_command_without_a_window_loads_no_window_no_network_and_no_server(home: Path, words: list[str]) -> None:
    script = f"""
import sys
from assistant.cli import main
try:
    main({words!r})
except SystemExit:
    pass
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=True
    )
    assert ast.literal_eval(done.stdout.splitlines()[-1]) == []


@pytest.mark.parametrize("place", ["file", "file/under"])
def test_pictures_that_have_nowhere_to_go(capsys: pytest.CaptureFixture[str], tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    assert main(["tour", "--lang", "en", "--out", str(tmp_path / place)]) == 1
    told = f"The folder {tmp_path / place} cannot be made or written in. Choose another with --out.\n"
    assert capsys.readouterr() == ("", told)


def test_a_fault_of_the_program_is_told_by_place_and_type_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> int:
        raise LookupError("canary")

    monkeypatch.setattr("assistant.cli._run", broken)
    assert main(["list", "--lang", "en"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("START-03: ")
    assert "  fault: LookupError\n  place: test_cli.py:" in shown.err
    assert "canary" not in shown.err


@pytest.mark.parametrize("words", [("--test-server", "list"), ("list", "--test-server"), ("list",)], ids=" ".join)
def test_list_takes_a_file_for_a_test_server_where_that_is_said(
    capsys: pytest.CaptureFixture[str], home: Path, words: tuple[str, ...]
) -> None:
    elsewhere = "https://fortnox.test.example/"
    names = ("authorize", "token", "revoke", "migrate", "api")
    addresses = "".join(f'{name} = "{elsewhere}{name}"\n' for name in names)
    text = (ROOT / "resources" / "practice" / "integration.toml").read_text(encoding="utf-8")
    secret = '[client_secret]\nfrom = "ask"\n\n[why]'
    before, _, after = text.partition("[client_secret]")
    text = before + secret + after.partition("[why]")[2] + "\n[endpoints]\n" + addresses
    shutil.copytree(ROOT / "resources" / "practice", home, dirs_exist_ok=True)  # with the logo
    (home / "test.toml").write_text(text, encoding="utf-8")
    code = main([*words, "--integration", str(home / "test.toml")])
    shown = capsys.readouterr()
    assert (code, shown.err[:7]) == ((0, "") if "--test-server" in words else (1, "FILE-08")), shown


def stored(home: Path, name: str) -> None:
    Vault(vault_places(None, practice=False).vault_file, MemoryKeychain()).save(
        samples.service(company_name=name), samples.SECRETS
    )


def test_a_name_that_the_terminal_cannot_show_is_shown_as_well_as_can_be(home: Path) -> None:
    stored(home, "Żółć AB")
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "--lang", "en", "list"],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"\u017b\xf3\u0142\u0107 AB".replace(rb"\xf3", "ó".encode("cp1252")) in done.stdout


def at_output(*words: str, output: str) -> tuple[int, str]:
    """The program with its standard output where a shell puts it."""
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m assistant --lang en "$@" {output}', sys.executable, *words],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("output", [">/dev/full", ">&-", "1</dev/null"])
@pytest.mark.parametrize("words", [["list"], ["list", "--json"], ["problems"]])
def test_an_output_that_takes_nothing_is_told_in_a_sentence(home: Path, words: list[str], output: str) -> None:
    stored(home, "Åkerlund AB")
    told = "The output could not be written. See that there is room for it, and that it is not closed.\n"
    assert at_output(*words, output=output) == (1, told)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell's way of naming outputs")
def test_what_runs_unseen_needs_no_output(home: Path) -> None:
    assert at_output("keep-alive", output=">&-") == (0, "")


@pytest.mark.parametrize("locale", ["C.UTF-8", "POSIX"])
@pytest.mark.parametrize("came", [b"\xff\xfe\x00token", b"to\x00ken", "tökén".encode(), b"\x89PNG\r\n"])
def test_what_is_no_token_is_asked_for_again(home: Path, came: bytes, locale: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "--lang", "en", "token", "--refused"],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": locale},
        input=came,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"Nothing usable came in. Type or pipe in: the token that was refused.\n"


def test_ctrl_c_ends_with_its_own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("assistant.cli._run", interrupted)
    assert main(["list"]) == 130
