"""The system's text size, read without trusting it."""

from pathlib import Path

import pytest

from assistant.window import text_size


@pytest.mark.parametrize(("read", "scale"), [(1.5, 1.5), (0.8, 1.0), (4.0, 2.25), (float("nan"), 1.0)])
def test_the_factor_is_kept_in_range(read: float, scale: float) -> None:
    assert text_size.text_scale(lambda: read) == scale


@pytest.mark.parametrize("failure", [OSError("no key"), ValueError("words"), TypeError()])
def test_a_system_that_will_not_say_means_100_percent(failure: Exception) -> None:
    def read() -> float:
        raise failure

    assert text_size.text_scale(read) == 1.0


def test_gnome_is_asked_under_wayland_only() -> None:
    under_wayland = text_size.reader(platform="linux", qt_platform="wayland", desktop="ubuntu:GNOME")
    under_x11 = text_size.reader(platform="linux", qt_platform="xcb", desktop="ubuntu:GNOME")
    assert under_wayland is text_size.gnome_text_size
    assert under_x11() == 1.0
    assert text_size.reader(platform="linux", qt_platform="wayland", desktop="KDE")() == 1.0


def test_windows_asks_the_registry_and_macos_nothing() -> None:
    assert text_size.reader(platform="win32", qt_platform="windows") is text_size.windows_text_size
    assert text_size.reader(platform="darwin", qt_platform="cocoa")() == 1.0


def test_gnomes_own_program_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "gsettings"
    program.write_text('#!/bin/sh\n[ "$3" = text-scaling-factor ] && echo 1.25\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert text_size.gnome_text_size() == 1.25
    program.write_text("#!/bin/sh\nexit 1\n")
    assert text_size.text_scale(text_size.gnome_text_size) == 1.0
