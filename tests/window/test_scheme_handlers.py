"""Whether a program takes an address, as the desktop's own files say."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.window import scheme_handlers
from assistant.window.scheme_handlers import has_browser, has_handler


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    shared = tmp_path / "share"
    (shared / "applications").mkdir(parents=True)
    (tmp_path / ".config").mkdir()
    return {"HOME": str(tmp_path), "XDG_DATA_DIRS": str(shared), "XDG_CONFIG_DIRS": str(tmp_path / "xdg")}


def entry(tmp_path: Path, name: str = "bankid.desktop") -> None:
    (tmp_path / "share" / "applications" / name).write_text("[Desktop Entry]\nExec=bankid %u\n")


@pytest.mark.parametrize(
    ("file", "section"),
    [
        (".config/mimeapps.list", "Default Applications"),
        (".config/mimeapps.list", "Added Associations"),
        ("share/applications/mimeinfo.cache", "MIME Cache"),
        ("share/applications/gnome-mimeapps.list", "Default Applications"),
    ],
)
def test_a_handler_is_found_where_desktops_write_it(
    file: str, section: str, environ: dict[str, str], tmp_path: Path
) -> None:
    entry(tmp_path)
    (tmp_path / file).write_text(f"[{section}]\nx-scheme-handler/bankid=bankid.desktop;\n")
    assert has_handler("BankID", environ | {"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"})
    assert not has_handler("mailto", environ)


def test_a_handler_whose_program_was_removed_is_none(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".config/mimeapps.list").write_text("[Default Applications]\nx-scheme-handler/bankid=gone.desktop\n")
    assert not has_handler("bankid", environ)
    assert not has_handler("bankid", {})


@given(st.text(max_size=200))
def test_no_list_is_too_damaged(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, ".config").mkdir()
        Path(folder, ".config", "mimeapps.list").write_text(text, encoding="utf-8", errors="replace")
        assert not has_handler("bankid", {"HOME": folder, "XDG_DATA_DIRS": folder})


def test_nothing_is_opened_where_nothing_takes_it(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(scheme_handlers.sys, "platform", "linux")
    monkeypatch.setattr(scheme_handlers.os, "environ", environ)
    monkeypatch.setattr(scheme_handlers.QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    assert not scheme_handlers.open_outside("bankid:///?a=b&c=d")
    entry(tmp_path)
    (tmp_path / ".config/mimeapps.list").write_text("[Default Applications]\nx-scheme-handler/bankid=bankid.desktop\n")
    assert scheme_handlers.open_outside("bankid:///?a=b&c=d")
    assert opened == ["bankid:///?a=b&c=d"]


def test_a_browser_is_found_where_xdg_open_looks(environ: dict[str, str], tmp_path: Path) -> None:
    environ = environ | {"PATH": str(tmp_path)}
    assert not has_browser("https", environ)
    assert has_browser("https", environ | {"BROWSER": "lynx"})
    (tmp_path / "firefox").write_text("#!/bin/sh\n")
    assert not has_browser("https", environ), "it cannot be run"
    (tmp_path / "firefox").chmod(0o755)
    assert has_browser("https", environ)
    (tmp_path / "firefox").unlink()
    entry(tmp_path, "web.desktop")
    (tmp_path / ".config/mimeapps.list").write_text("[Default Applications]\nx-scheme-handler/https=web.desktop\n")
    assert has_browser("https", environ)
    assert not has_browser("http", environ)


class Registry:
    """A stand-in for `winreg`: this was never run on Windows."""

    HKEY_CLASSES_ROOT = "HKCR"

    def __init__(self, keys: dict[str, dict[str, str]]) -> None:
        self._keys = keys

    @contextmanager
    def OpenKey(self, root: str, name: str) -> Iterator[dict[str, str]]:
        assert root == self.HKEY_CLASSES_ROOT
        if name not in self._keys:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        yield self._keys[name]

    def QueryValueEx(self, key: dict[str, str], name: str) -> tuple[str, int]:
        if name not in key:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return key[name], 1


@pytest.mark.parametrize(
    ("keys", "opens"),
    [
        ({}, False),
        ({"bankid": {}}, False),
        ({"other": {"URL Protocol": ""}}, False),
        ({"bankid": {"URL Protocol": ""}}, True),
    ],
)
def test_windows_is_asked_for_a_program_before_it_offers_its_store(
    keys: dict[str, dict[str, str]], opens: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(scheme_handlers.sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "winreg", Registry(keys))  # type: ignore[arg-type]
    monkeypatch.setattr(scheme_handlers.QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    assert scheme_handlers.open_outside("bankid:///?a=b") is opens
    assert opened == (["bankid:///?a=b"] if opens else [])
