"""The person's own browser in the window: real engine, real listener, and a browser of text outside."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from assistant.fortnox.account import AccountKind
from assistant.integration import Support, WayBack
from assistant.journey import Journey, begin, wishes
from assistant.language import use
from assistant.problems import occurrence
from assistant.secret import Secret
from assistant.window.own_browser import OwnBrowserPanel, forget
from assistant.window.pages.sign_in import SignInPage
from assistant.window.web_address import as_spelled, open_web_address
from tests.display import display
from tests.journey import honest
from tests.window.walked import walked

ROOT = Path(__file__).resolve().parents[2]


def test_the_whole_way_in_the_window(tmp_path: Path) -> None:
    walk = walked(tmp_path, "own_browser")
    confirm, done = walk.marks["confirm"], walk.marks["done"]
    assert (confirm.step, confirm.attempt, confirm.attempts, confirm.codes) == ("confirm", 2, 2, 1)
    assert confirm.more["status"] == 200
    assert "You are signed in" in confirm.more["page"]
    assert confirm.more["on_heading"], "a second Enter by habit would press a button nobody has read"
    assert done.stored == [("service", "1100017")]


def test_back_into_the_window_makes_the_link_worthless(tmp_path: Path) -> None:
    confirm = walked(tmp_path, "there_and_back").marks["confirm"]
    assert (confirm.step, confirm.attempt) == ("confirm", 3)
    assert confirm.more["nobody"]
    assert not confirm.more["panel"]


@pytest.mark.provokes("OWN-05")
def test_an_address_is_pasted_and_forgotten(tmp_path: Path) -> None:
    confirm = walked(tmp_path, "pasted").marks["confirm"]
    assert (confirm.step, confirm.attempt) == ("confirm", 2)
    more = confirm.more
    assert more["focus"]
    assert "OWN-05" in more["wrong"]["said"]
    assert "canary" not in more["wrong"]["said"]
    assert (more["wrong"]["clipboard"], more["wrong"]["field"]) == ("https://elsewhere.example/canary", "")
    assert more["dots"]
    assert (more["clipboard"], more["field"], more["left"]) == ("", "", [])


def test_help_is_offered_beside_it_too(tmp_path: Path) -> None:
    marks = walked(tmp_path, "standing_still_outside").marks
    offered = marks["offered"].more
    assert (offered["visible"], offered["modal"], offered["focus"]) == (True, False, True)
    assert any("other browser" in cause for cause in offered["causes"])
    assert (marks["opened again"].more["level"], marks["opened again"].more["visible"]) == (0, False)
    assert (marks["started over"].attempt, marks["started over"].more["own"]) == (3, True)
    assert (marks["confirm"].more["visible"], marks["confirm"].more["ticking"]) == (False, False)


# The panel by itself.


@pytest.fixture
def english() -> Iterator[None]:
    use("en")
    yield
    use("en")


def state(way: WayBack, **changes: object) -> Journey:
    integration = honest.integration(way_back=way, accounts=(AccountKind.SERVICE,))
    here, _ = begin(integration, client_secret=Secret("s"))
    prepare = wishes.PrepareSignIn(attempt=1, integration=integration, account=here.account, scopes=here.scopes)
    return replace(here, attempt=1, own_browser=way, authorization=honest.request(prepare), **changes)  # type: ignore[arg-type]


def read(widget: QWidget) -> tuple[str, ...]:
    text = getattr(widget, "text", None)
    return widget.accessibleName(), widget.accessibleDescription(), widget.toolTip(), text() if text else ""


@pytest.mark.parametrize("phone", ["+46 8 123 45 67", None])
@pytest.mark.parametrize("way", [None, *WayBack])
def test_where_it_cannot_work_the_vendors_number_stands(
    qapp: QApplication, english: None, way: WayBack | None, phone: str | None
) -> None:
    integration = replace(honest.integration(way_back=way), support=Support(phone=phone))
    page = SignInPage()
    page.show_state(replace(begin(integration)[0], attempt=1))
    said = "" if page._call_line.isHidden() else page._call.text()
    assert (phone is not None and phone in said) is (way is None and phone is not None)
    assert page.own_browser.isHidden()
    page.deleteLater()


@pytest.fixture
def panel(qapp: QApplication, english: None) -> Iterator[OwnBrowserPanel]:
    made = OwnBrowserPanel()
    made.resize(900, 700)
    made.show()
    yield made
    made.deleteLater()
    QApplication.clipboard().clear()


def test_the_link_can_be_copied_and_is_nowhere_to_be_read(panel: OwnBrowserPanel) -> None:
    here = state(WayBack.LISTENER)
    assert here.authorization is not None
    panel.show_state(here)
    assert not panel.field.isVisible()
    said = [text for each in (panel, *panel.findChildren(QWidget)) for text in read(each)]
    assert any("Copy the link" in text for text in said)
    assert not [text for text in said if here.authorization.state.reveal() in text or "client_id" in text]
    QTest.mouseClick(panel.copy_link, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == here.authorization.url
    assert panel.copy_link.text() == "Copied"
    panel.show_state(replace(here, attempt=2))
    assert panel.copy_link.text() == "Copy the link", "the link of another attempt was not copied"


def test_until_there_is_a_request_there_is_nothing_to_open(panel: OwnBrowserPanel) -> None:
    panel.show_state(replace(state(WayBack.LISTENER), authorization=None))
    assert not panel.open_again.isEnabled()
    assert not panel.copy_link.isEnabled()
    assert panel.window_browser.isEnabled()


def test_nothing_pasted_is_said_at_the_field(panel: OwnBrowserPanel) -> None:
    panel.show_state(state(WayBack.PASTE))
    sent: list[object] = []
    panel.pasted.connect(sent.append)
    QTest.keyClick(panel.field.line, Qt.Key.Key_Return)
    assert panel.field.error == "Paste the whole address of the page you ended on."
    assert sent == []


def test_what_was_typed_goes_with_its_attempt(panel: OwnBrowserPanel) -> None:
    here = state(WayBack.PASTE)
    panel.show_state(here)
    panel.field.line.setText("something")
    panel.show_state(replace(here, aside=occurrence("OWN-06")))
    assert panel.field.text() == "something"
    panel.show_state(replace(here, attempt=2))
    assert panel.field.text() == ""


@pytest.mark.parametrize("after", ["https://lagerkoll.example/activation?code=x", "something else"])
def test_the_clipboard_is_emptied_only_where_it_still_holds_it(panel: OwnBrowserPanel, after: str) -> None:
    pasted = "https://lagerkoll.example/activation?code=x"
    panel.show_state(state(WayBack.PASTE))
    sent: list[Secret] = []
    panel.pasted.connect(sent.append)
    clipboard = QApplication.clipboard()
    clipboard.setText(pasted)
    panel.field.line.paste()
    clipboard.setText(after)
    QTest.mouseClick(panel.carry_on, Qt.MouseButton.LeftButton)
    assert sent == [Secret(pasted)]
    assert clipboard.text() == ("" if after == pasted else after)


def test_the_language_changes_under_it(panel: OwnBrowserPanel) -> None:
    panel.show_state(state(WayBack.LISTENER, aside=occurrence("OWN-04")))
    before = panel.heading.text(), panel.aside.accessibleName()
    assert "OWN-04" in before[1]
    use("sv")
    panel.retranslate()
    assert panel.aside.isVisible()


def test_forgetting_leaves_other_things_alone(qapp: QApplication) -> None:
    clipboard = QApplication.clipboard()
    clipboard.setText("mine")
    forget(clipboard, "theirs")
    assert clipboard.text() == "mine"
    clipboard.clear()


# How an address is opened.

ADDRESS = (
    "https://apps.fortnox.se/oauth-v1/auth?client_id=a&redirect_uri=http%3A%2F%2Flocalhost%3A4242%2F&scope=a%20b"
    "&state=x%26calc.exe&q=%22%7C%5E%25PATH%25"
)


def test_an_address_keeps_every_character() -> None:
    url = as_spelled(ADDRESS)
    assert url is not None
    assert bytes(url.toEncoded().data()).decode() == ADDRESS
    assert url.toString(url.ComponentFormattingOption.FullyEncoded) == ADDRESS, "what Qt gives to ShellExecute"


@pytest.mark.parametrize(
    "address",
    [
        *("", "calc.exe", "file:///etc/passwd", "javascript:alert(1)", "ms-settings:x", "https://", "http:///x"),
        *("https://å.example/", r"\\host\share", "https://a.example/ b"),
    ],
)
def test_nothing_but_a_web_address_is_given_to_the_system(address: str) -> None:
    assert as_spelled(address) is None
    assert not open_web_address(address)


def test_nothing_in_the_program_builds_a_command_line_for_a_browser() -> None:
    """`cmd /c start` ends an address at its first `&`; here nothing could, for there is no such call at all."""
    allowed = {"assistant.language", "assistant.window.text_size", "assistant.window.restart"}
    allowed |= {"assistant.schedule.computer", "assistant.schedule.task_scheduler"}  # the system's own scheduler
    allowed |= {"assistant.support.self_test.engine_process"}  # this program again, to try the engine
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "assistant").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: set[str] = set()
            if isinstance(node, ast.Import):
                names = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names = {node.module or "", *(alias.name for alias in node.names)}
            elif isinstance(node, ast.Attribute):
                names = {ast.unparse(node), node.attr}
            bad = names & {"subprocess", "webbrowser", "startfile", "os.system", "popen", "QProcess", "ShellExecuteW"}
            if bad and name not in allowed:
                found.setdefault(name, set()).update(bad)
    assert found == {}


def test_on_this_system_the_browser_gets_the_address_as_one_argument(tmp_path: Path) -> None:
    """With Qt's own way of opening: a stand-in for `xdg-open` writes down what it is called with."""
    opener = tmp_path / "xdg-open"
    told = tmp_path / "called"
    opener.write_text(f'#!/bin/sh\nprintf "%s\\n" "$#" "$1" > {told}.new\nmv {told}.new {told}\n')
    opener.chmod(0o755)
    script = f"""
import assistant.window, sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
application = QApplication([])
from assistant.window.web_address import open_web_address
assert open_web_address({ADDRESS!r})
until = time.monotonic() + 10
while not Path({str(told)!r}).exists() and time.monotonic() < until:
    application.processEvents()
    time.sleep(0.02)
"""
    with display() as name:
        environment = {
            **os.environ,
            "DISPLAY": name,
            "QT_QPA_PLATFORM": "xcb",
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "BROWSER": "the-stand-in-asks-nobody",
        }
        environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert told.read_text().splitlines() == ["1", ADDRESS]
