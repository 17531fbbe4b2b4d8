"""The wheel as a person installs it: complete, and starting without the checkout."""

from __future__ import annotations

import gettext
import os
import shutil
import site
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from assistant import __version__

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the checkout that has no compiled translations."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("assistant", "resources", "packaging"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, copy / name)
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(out)]
    subprocess.run(build, cwd=copy, capture_output=True, timeout=60, check=True)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment with the wheel; the libraries come from the one that runs this."""
    pytest.importorskip("pip", reason="this environment was made without pip, from outside")
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    scheme = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", vars=scheme))
    scripts = Path(sysconfig.get_path("scripts", vars=scheme))
    python = scripts / Path(sys.executable).name
    if not python.exists():
        python = scripts / ("python.exe" if os.name == "nt" else "python")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-index", "--no-deps", str(wheel)], check=True)
    (packages / "libraries.pth").write_text("\n".join(site.getsitepackages()))
    return scripts


def test_it_holds_everything_the_program_reads(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    resources = [
        path.relative_to(ROOT / "resources").as_posix() for path in (ROOT / "resources").rglob("*") if path.is_file()
    ]
    kept = {f"assistant/_resources/{name}" for name in resources}
    assert kept - names == set()
    assert "assistant/py.typed" in names, "an integration's type checker reads the types"
    assert "assistant/_resources/translations/sv/LC_MESSAGES/assistant.mo" in names
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "assistant").rglob("*") if path.is_file()}
    assert {name for name in package if "__pycache__" not in name} - names == set()
    assert not [
        name for name in names if name.split("/")[0] not in ("assistant", f"setup_assistant-{__version__}.dist-info")
    ]


def test_its_translations_are_compiled(wheel: Path) -> None:
    with (
        ZipFile(wheel) as archive,
        archive.open("assistant/_resources/translations/sv/LC_MESSAGES/assistant.mo") as file,
    ):
        swedish = gettext.GNUTranslations(file)
    assert swedish.info()["language"] == "sv"


def test_it_starts_where_there_is_no_checkout(installed: Path, home: Path) -> None:
    program = installed / ("setup-assistant.exe" if os.name == "nt" else "setup-assistant")
    done = subprocess.run([program, "--version"], cwd=home, capture_output=True, text=True, timeout=60, check=True)
    assert __version__ in done.stdout


def test_it_finds_its_resources_inside_itself(installed: Path, home: Path) -> None:
    script = "from assistant.resources import resources; print(resources())"
    python = installed / ("python.exe" if os.name == "nt" else "python")
    done = subprocess.run([python, "-c", script], cwd=home, capture_output=True, text=True, timeout=60, check=True)
    assert Path(done.stdout.strip()).parts[-2:] == ("assistant", "_resources")
    assert str(ROOT) not in done.stdout
