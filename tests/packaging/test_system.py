"""What start.py knows about the system, held against what Qt's files really ask for."""

from __future__ import annotations

import importlib.metadata
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.starting import place, system

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has libraries to look for")

QT_FILES = [
    "Qt/lib/libQt6Core.so.6",
    "Qt/lib/libQt6Gui.so.6",
    "Qt/lib/libQt6Widgets.so.6",
    "Qt/lib/libQt6Network.so.6",
    "Qt/lib/libQt6DBus.so.6",
    "Qt/lib/libQt6Svg.so.6",
    "Qt/lib/libQt6PrintSupport.so.6",
    "Qt/lib/libQt6Quick.so.6",
    "Qt/lib/libQt6WebEngineCore.so.6",
    "Qt/lib/libQt6WebEngineWidgets.so.6",
    "Qt/lib/libQt6XcbQpa.so.6",
    "Qt/lib/libQt6WaylandClient.so.6",
    "Qt/libexec/QtWebEngineProcess",
    "Qt/plugins/platforms/libqxcb.so",
    "Qt/plugins/platforms/libqwayland.so",
    "Qt/plugins/platforms/libqoffscreen.so",
]
OF_GLIBC = (
    "libc.so.",
    "libm.so.",
    "libdl.so.",
    "libpthread.so.",
    "librt.so.",
    "libresolv.so.",
    "ld-linux",
    "libgcc_s.so.",
)
DT_NEEDED, DT_STRTAB, PT_LOAD, PT_DYNAMIC = 1, 5, 1, 2


def needed(path: Path) -> Iterator[str]:
    """The libraries that a 64-bit little-endian ELF file is linked with (System V ABI: its DT_NEEDED entries)."""
    image = path.read_bytes()
    assert image[:6] == b"\x7fELF\x02\x01", path
    start, size, count = *struct.unpack_from("<Q", image, 32), *struct.unpack_from("<HH", image, 54)
    headers = [struct.unpack_from("<IIQQQQQQ", image, start + number * size) for number in range(count)]
    dynamic = next(header for header in headers if header[0] == PT_DYNAMIC)
    entries = list(struct.iter_unpack("<qQ", image[dynamic[2] : dynamic[2] + dynamic[5] // 16 * 16]))
    address = next(value for tag, value in entries if tag == DT_STRTAB)
    segment = next(each for each in headers if each[0] == PT_LOAD and each[3] <= address < each[3] + each[5])
    names = address - segment[3] + segment[2]
    for tag, value in entries:
        if tag == DT_NEEDED:
            yield image[names + value : image.index(b"\0", names + value)].decode()


def test_every_library_that_qt_is_linked_with_is_known() -> None:
    folder = Path(str(importlib.metadata.distribution("PySide6_Essentials").locate_file("PySide6")))
    own = {path.name for path in (folder / "Qt" / "lib").iterdir()}
    wanted = {name for file in QT_FILES for name in needed(folder / file)}
    assert "libX11.so.6" in wanted
    strangers = {name for name in wanted - own if not name.startswith(OF_GLIBC)}
    assert strangers - system.WINDOW_LIBRARIES.keys() == set()
    assert system.WINDOW_LIBRARIES.keys() - strangers == set(), "no longer needed"


def test_nothing_is_missing_where_these_tests_run() -> None:
    assert system.missing(for_tests=True) == []


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> list[system.Missing]:
    """What a bare Linux with nothing but Python lacks."""
    monkeypatch.setattr(system, "has_venv", lambda: False)
    monkeypatch.setattr(system, "has_font", lambda: False)
    monkeypatch.setattr(system, "libraries", lambda: frozenset({"libc.so.6", "libz.so.1"}))
    monkeypatch.setattr(system.shutil, "which", lambda name, **_: None)
    return system.missing(for_tests=True)


def test_on_a_bare_system_everything_is_named_once(bare: list[system.Missing]) -> None:
    names = [item.name for item in bare]
    assert len(names) == len(set(names))
    assert {"Python's ensurepip", "libEGL.so.1", "a font", "Xvfb", "gnome-keyring-daemon"} <= set(names)
    assert "libz.so.1" not in names


@pytest.mark.parametrize(
    ("glibc", "sound"), [("2.36", "libasound2"), ("2.39", "libasound2t64"), ("2.41", "libasound2t64")]
)
def test_packages_have_the_names_of_the_release(
    bare: list[system.Missing], monkeypatch: pytest.MonkeyPatch, glibc: str, sound: str
) -> None:
    monkeypatch.setattr(system.platform, "libc_ver", lambda: ("glibc", glibc))
    packages = system.debian_packages(bare)
    assert sound in packages
    assert len(packages) == len(set(packages))
    assert f"python{sys.version_info.major}.{sys.version_info.minor}-venv" in packages


@pytest.mark.parametrize(
    ("tools", "command"),
    [
        ({"apt-get", "sudo"}, "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends "),
        ({"apt-get"}, "    apt-get update && apt-get install -y"),
        ({"dnf", "sudo"}, "sudo sh -c 'dnf install "),
        ({"zypper"}, "    zypper install "),
        (set(), "with its own package tool"),
    ],
)
@pytest.mark.usefixtures("bare")
def test_an_ordinary_user_gets_one_command(monkeypatch: pytest.MonkeyPatch, tools: set[str], command: str) -> None:
    monkeypatch.setattr(system, "is_root", lambda: False)
    monkeypatch.setattr(system.shutil, "which", lambda name, **_: name if name in tools else None)
    with pytest.raises(place.Stop) as stopped:
        system.ensure(for_tests=False)
    assert command in str(stopped.value)
    assert "lacks Python's ensurepip" in str(stopped.value)
    assert stopped.value.code == 3


@pytest.mark.parametrize("version", ["2.31", ""])
def test_a_linux_that_qt_has_no_packages_for_says_so(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(system.platform, "libc_ver", lambda: ("glibc" if version else "", version))
    with pytest.raises(place.Stop, match=r"glibc 2\.34"):
        system.ensure(for_tests=False)
