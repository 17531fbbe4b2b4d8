"""Which room may know which, where a library's one import is, and what no file may do.

The arrows between rooms are contracts of import-linter in pyproject.toml. Here is what those cannot say: parts of a
library, an exact list of what practice shares, and calls.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED_WITH_PRACTICE = {
    "assistant",
    "assistant.__version__",
    "assistant.language",
    "assistant.resources",
    "assistant.fortnox.scopes",
    "assistant.fortnox.account",
}


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of the program by its dotted name, without what only a type checker reads."""
    found = {}
    for path in sorted((ROOT / "assistant").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found[".".join(parts).removesuffix(".__init__")] = WithoutTypeChecking().visit(tree)
    return found


class WithoutTypeChecking(ast.NodeTransformer):
    """Drops the body of `if TYPE_CHECKING:`."""

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return node.orelse
        return self.generic_visit(node)


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module `tree` imports, wherever in it, and every name it takes from one as `module.name`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(pattern: str) -> set[str]:
    """The modules that import something whose name matches `pattern` from its beginning."""
    return {name for name, tree in trees().items() if any(re.match(pattern, what) for what in imported(tree))}


def test_there_is_something_to_look_at() -> None:
    assert len(trees()) > 40
    assert "assistant.language" in importers("assistant.resources")


@pytest.mark.parametrize(
    ("library", "room"),
    [
        (r"(PySide6|shiboken6)\b", r"assistant\.window\b"),
        (r"PySide6\.QtWebEngine", r"assistant\.window\.(browser|chromium)\b"),
        (r"qasync\b", r"assistant\.window\.loop$"),
        (r"(httpx|truststore)\b", r"assistant\.fortnox\.client$"),
        (r"keyring\b", r"assistant\.vault\.keychain$"),
        (r"sqlite3\b", r"assistant\.vault\b"),
        (r"(starlette|uvicorn|jinja2)\b", r"assistant\.practice\b"),
        (r"urllib\.request\b", r"assistant\.fortnox\.proxies$"),  # asks the system for its proxies, sends nothing
    ],
)
def test_a_library_is_known_in_one_place(library: str, room: str) -> None:
    assert {name for name in importers(library) if not re.match(room, name)} == set()


def test_practice_shares_only_what_scopes_and_words_mean() -> None:
    strangers = {}
    for name, tree in trees().items():
        if not name.startswith("assistant.practice"):
            continue
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
        modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        ours = {module for module in modules if module.split(".")[0] == "assistant"}
        far = {module for module in ours if not module.startswith("assistant.practice")} - SHARED_WITH_PRACTICE
        if far:
            strangers[name] = far
    assert strangers == {}


def test_the_journey_takes_values_from_fortnox_and_never_sends() -> None:
    senders = {name for name in importers(r"assistant\.fortnox\.client\b") if name.startswith("assistant.")}
    assert not {name for name in senders if re.match(r"assistant\.(journey|problems|integration|practice)\b", name)}


def test_only_the_loop_runs_an_event_loop() -> None:
    """A second `exec()` crashes the process once the engine was used, and a modal one loses wake-ups of tasks."""
    calls = [
        f"{name}:{node.lineno}"
        for name, tree in trees().items()
        if name != "assistant.window.loop"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("exec", "exec_")
    ]
    assert calls == []


def test_no_exception_brings_the_one_it_came_from() -> None:
    """Its text may hold what a server, a file or a keychain said; a traceback would print it."""
    causes = [
        f"{name}:{node.lineno}"
        for name, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and node.cause is not None and ast.unparse(node.cause) != "None"
    ]
    assert causes == []


def test_no_page_runs_a_script_of_ours() -> None:
    calls = [
        f"{name}:{node.lineno}"
        for name, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("runJavaScript", "setWebChannel", "QWebEngineScript")
    ]
    assert calls == []


@pytest.mark.parametrize("module", ["assistant.cli", "assistant.effects", "assistant.vault", "assistant.integration"])
def test_it_loads_without_qt(module: str) -> None:
    """`setup-assistant token` is run by other programs: it must not pay for a window it never shows."""
    script = f"import sys, {module}; print(sorted(m for m in sys.modules if m.startswith(('PySide6', 'qasync'))))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
