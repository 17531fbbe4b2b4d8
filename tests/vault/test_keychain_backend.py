"""Neither the environment nor a file of the user's chooses the keychain; root may, within limits."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from assistant.problems import ProblemError
from assistant.vault import keychain_backend
from assistant.vault.keychain import Keychain
from tests.keychain_session import KeychainSession, keychain_session, missing_tools

CHECKOUT = Path(__file__).parents[2]
missing = missing_tools()
as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can write a file that root has written"
)
ALLOWED = "tests.vault.test_keychain_backend.FileBackend"


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(ProblemError) as caught:
        yield
    assert caught.value.code == "STORE-12"


class FileBackend(KeyringBackend):
    """An honest backend of somebody else's."""

    priority = 1  # type: ignore[assignment]
    place = "its own"

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


class PlaintextBackend(FileBackend):
    pass


class OpenBackend(FileBackend):
    def encrypt(self, password: bytes) -> bytes:
        return password


class NeedyBackend(FileBackend):
    def __init__(self) -> None:
        raise RuntimeError("not here")


PROGRAM = """
import sys
from assistant.vault.keychain import Keychain
keychain = Keychain("pinned")
key = keychain.create_key()
from keyring.backends.SecretService import Keyring
backend = keychain._pinned()
assert isinstance(backend, Keyring), type(backend)
print(vars(backend), backend.appid, backend.scheme, key.hex())
"""


@pytest.mark.skipif(missing is not None, reason=missing or "")
def test_the_environment_changes_nothing() -> None:
    with keychain_session() as session:
        plain = run(session, {})
        configuration = session.home / "config" / "python_keyring"
        configuration.mkdir(parents=True)
        alien = {
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "KEYRING_PROPERTY_APPID": "alien",
            "KEYRING_PROPERTY_SCHEME": "KeePassXC",
            "KEYRING_PROPERTY_PREFERRED_COLLECTION": "/org/freedesktop/secrets/collection/session",
            "KEYRING_PROPERTY_PRIORITY": "9",
        }
        assert run(session, alien) == plain
        (configuration / "keyringrc.cfg").write_text(
            "[backend]\ndefault-keyring=keyring.backends.null.Keyring\nkeyring-path=/nonexistent\n"
        )
        assert run(session, alien) == plain
    assert plain.startswith("{} ")


def run(session: KeychainSession, extra: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=session.environment | extra,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_properties_in_the_environment_reach_no_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYRING_PROPERTY_PLACE", "alien")
    assert FileBackend().place == "alien"  # what keyring would do
    assert keychain_backend.pinned(ALLOWED, KeyringBackend).place == "its own"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("platform", "wanted"),
    [
        ("win32", "keyring.backends.Windows.WinVaultKeyring"),
        ("darwin", "keyring.backends.macOS.Keyring"),
        ("linux", "keyring.backends.SecretService.Keyring"),
    ],
)
def test_each_system_has_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, wanted: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("KEYCHAIN_PATH", "/alien")
    assert keychain_backend.backend_name(tmp_path / "none.toml") == wanted
    backend = keychain_backend.pinned(wanted, KeyringBackend)
    assert [kind.__name__ for kind in type(backend).__mro__][1] == wanted.rpartition(".")[2]
    if platform == "win32":
        assert backend.persist == "local machine" or backend.persist == 2  # type: ignore[attr-defined]
    if platform == "darwin":
        assert backend.keychain is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name",
    [
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
        "keyring.backends.chainer.ChainerBackend",
        "keyrings.alt.file.PlaintextKeyring",
        "tests.vault.test_keychain_backend.PlaintextBackend",
        "tests.vault.test_keychain_backend.OpenBackend",
        "tests.vault.test_keychain_backend.NeedyBackend",
        "tests.vault.test_keychain_backend.CHECKOUT",
        "tests.vault.test_keychain_backend.Missing",
        "keyring.backend.KeyringBackend",
        "nowhere.Keyring",
        "os.system",
        "Keyring",
        "..",
    ],
)
def test_what_keeps_nothing_or_in_clear_is_refused(name: str) -> None:
    with refused():
        keychain_backend.pinned(name, KeyringBackend)


@as_root
class TestServerSetting:
    @pytest.fixture
    def setting(self, tmp_path: Path) -> Path:
        path = tmp_path / "keychain.toml"
        path.write_text(f'backend = "{ALLOWED}"\n')
        path.chmod(0o644)
        return path

    def test_root_may_name_another(self, setting: Path) -> None:
        assert keychain_backend.backend_name(setting) == ALLOWED
        keychain = Keychain("one", setting=setting)
        assert keychain.key() is None
        assert type(keychain._pinned()).__name__ == "PinnedFileBackend"

    @pytest.mark.provokes("STORE-12")
    def test_a_refused_setting_is_said_by_the_keychain(self, setting: Path) -> None:
        setting.write_text('backend = "keyring.backends.null.Keyring"')
        keychain = Keychain("one", setting=setting)
        for act in (keychain.key, keychain.create_key, keychain.unlock):
            with refused():
                act()

    @pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
    def test_a_file_others_may_write_is_refused(self, setting: Path, mode: int) -> None:
        setting.chmod(mode)
        with refused():
            keychain_backend.backend_name(setting)

    def test_a_file_of_another_owner_is_refused(self, setting: Path) -> None:
        os.chown(setting, 1000, 0)
        with refused():
            keychain_backend.backend_name(setting)

    def test_a_folder_others_may_write_is_refused(self, setting: Path) -> None:
        setting.parent.chmod(0o777)
        with refused():
            keychain_backend.backend_name(setting)

    def test_a_link_is_refused(self, setting: Path) -> None:
        link = setting.with_name("link.toml")
        link.symlink_to(setting)
        with refused():
            keychain_backend.backend_name(link)

    @pytest.mark.parametrize("text", ["", "backend = 5", "backend = ''", "backend = ", "other = 'x'", "\udcff"])
    def test_a_file_that_names_nothing_is_refused(self, setting: Path, text: str) -> None:
        setting.write_bytes(text.encode(errors="surrogateescape"))
        with refused():
            keychain_backend.backend_name(setting)

    def test_a_folder_in_its_place_is_refused(self, tmp_path: Path) -> None:
        with refused():
            keychain_backend.backend_name(tmp_path)
