"""The keychain port, held against a key in memory and against a real gnome-keyring, on good days and bad."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.problems import ProblemError
from assistant.vault import keychain_backend
from assistant.vault.keychain import ENTRY, Keychain
from assistant.vault.sealing_key import KEY_BYTES, KeychainState, MemoryKeychain, SealingKeyHolder
from assistant.vault.store import Vault
from tests.keychain_session import KeychainSession, keychain_session, missing_tools
from tests.vault.samples import SECRETS, service

CHECKOUT = Path(__file__).parents[2]
missing = missing_tools()
needs_keyring = pytest.mark.skipif(missing is not None, reason=missing or "")


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeychainSession]:
    with keychain_session() as running:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", running.environment["DBUS_SESSION_BUS_ADDRESS"])
        yield running


@pytest.fixture(params=["memory", pytest.param("gnome-keyring", marks=needs_keyring)])
def holder(request: pytest.FixtureRequest) -> SealingKeyHolder:
    if request.param == "memory":
        return MemoryKeychain()
    request.getfixturevalue("session")
    return Keychain("setup-assistant-test")


@contextmanager
def problem(code: str) -> Iterator[None]:
    with pytest.raises(ProblemError) as caught:
        yield
    assert caught.value.code == code


class TestContract:
    def test_it_holds_no_key_at_first(self, holder: SealingKeyHolder) -> None:
        assert holder.state() is KeychainState.READY
        assert holder.key() is None

    def test_a_key_is_made_once(self, holder: SealingKeyHolder) -> None:
        key = holder.create_key()
        assert len(key) == KEY_BYTES
        assert holder.key() == key
        assert holder.create_key() == key
        assert holder.key() == key

    def test_unlocking_what_is_open_changes_nothing(self, holder: SealingKeyHolder) -> None:
        holder.unlock()
        assert holder.key() is None
        key = holder.create_key()
        holder.unlock()
        assert holder.key() == key


@needs_keyring
class TestGoodDays:
    def test_the_key_outlives_the_object(self, session: KeychainSession) -> None:
        key = Keychain("one").create_key()
        assert Keychain("one").key() == key

    def test_services_are_kept_apart(self, session: KeychainSession) -> None:
        assert Keychain("one").create_key() != Keychain("two").create_key()

    @pytest.mark.provokes("STORE-05")
    def test_a_vault_in_a_real_keychain(self, session: KeychainSession, tmp_path: Path) -> None:
        path = tmp_path / "vault.db"
        connection = Vault(path, Keychain("one")).save(service(), SECRETS)
        assert Vault(path, Keychain("one")).secrets(connection.id) == SECRETS
        with problem("STORE-05"):
            Vault(path, Keychain("two")).secrets(connection.id)
        assert Keychain("two").key() is None

    @pytest.mark.provokes("STORE-13")
    def test_what_is_no_key_is_kept_elsewhere_and_makes_room(self, session: KeychainSession, tmp_path: Path) -> None:
        keychain = Keychain("one")
        path = tmp_path / "vault.db"
        key = keychain.create_key()
        Vault(path, keychain).save(service(), SECRETS)
        keychain.set_aside_what_is_no_key("today")
        assert keychain.key() == key, "a key stays"
        keychain._pinned().set_password("one", ENTRY, "cut o")
        vault = Vault(path, keychain)
        with problem("STORE-13"):
            vault.unlock()
        kept = vault.set_aside("STORE-13")
        assert kept is not None
        stamp = Path(kept).stem.removeprefix("vault ")
        assert keychain._pinned().get_password(f"one (set aside {stamp})", ENTRY) == "cut o"
        connection = vault.save(service(), SECRETS)
        assert Vault(path, Keychain("one")).secrets(connection.id) == SECRETS

    def test_reading_shows_no_box(self, session: KeychainSession, monkeypatch: pytest.MonkeyPatch) -> None:
        assert Keychain("one").reads_quietly is (sys.platform != "darwin")
        monkeypatch.setattr(sys, "platform", "darwin")
        assert not Keychain("one").reads_quietly


@needs_keyring
class TestBadDays:
    @pytest.mark.provokes("STORE-02")
    def test_locked_is_said_and_never_prompts(self, session: KeychainSession, tmp_path: Path) -> None:
        keychain = Keychain("one")
        path = tmp_path / "vault.db"
        connection = Vault(path, keychain).save(service(), SECRETS)
        session.lock()
        assert keychain.state() is KeychainState.LOCKED
        with problem("STORE-02"):
            keychain.key()
        with problem("STORE-02"):
            keychain.create_key()
        locked = Vault(path, keychain)
        assert locked.connections() == (connection,)
        with problem("STORE-02"):
            locked.secrets(connection.id)

    @pytest.mark.provokes("STORE-03")
    def test_a_dismissed_box_is_said(self, session: KeychainSession) -> None:
        key = Keychain("one").create_key()
        session.lock()
        with problem("STORE-03"):
            Keychain("one").unlock()
        session.kill_keyring()
        session.start_keyring()
        assert Keychain("one").key() == key

    @pytest.mark.provokes("STORE-01")
    def test_a_computer_without_keychain(self, session: KeychainSession) -> None:
        session.kill_keyring()
        self.assert_ends_in(Keychain("one"), KeychainState.ABSENT, "STORE-01")

    def test_a_session_without_bus(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
        self.assert_ends_in(Keychain("one"), KeychainState.ABSENT, "STORE-01")

    @pytest.mark.parametrize("address", ["unix:path=/nonexistent", "tcp:host=127.0.0.1,port=1", "nonsense", "unix:x"])
    @pytest.mark.provokes("STORE-04")
    def test_a_bus_that_is_gone(self, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        self.assert_ends_in(Keychain("one"), KeychainState.UNREACHABLE, "STORE-04")

    @pytest.mark.provokes("STORE-04")
    def test_a_hanging_keychain_is_waited_for_within_the_limit(self, session: KeychainSession) -> None:
        keychain = Keychain("one", limit_seconds=0.5)
        key = keychain.create_key()
        session.pause()
        begun = time.monotonic()
        self.assert_ends_in(keychain, KeychainState.UNREACHABLE, "STORE-04")
        assert time.monotonic() - begun < 5
        session.resume()
        end = time.monotonic() + 10
        while keychain.state() is not KeychainState.READY:
            assert time.monotonic() < end
        assert keychain.key() == key

    @pytest.mark.provokes("STORE-13")
    def test_an_entry_that_is_no_key_is_said_and_kept(self, session: KeychainSession) -> None:
        from keyring.backends.SecretService import Keyring

        Keyring().set_password("one", "sealing-key", "bm90IGEga2V5")
        with problem("STORE-13"):
            Keychain("one").key()
        with problem("STORE-13"):
            Keychain("one").create_key()
        assert Keyring().get_password("one", "sealing-key") == "bm90IGEga2V5"

    def test_a_hanging_keychain_does_not_keep_a_program_from_ending(self, session: KeychainSession) -> None:
        session.pause()
        begun = time.monotonic()
        script = (
            "from assistant.vault.keychain import Keychain; print(Keychain('one', limit_seconds=0.3).state().value)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=session.environment,
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "unreachable\n", "")
        assert time.monotonic() - begun < 10

    @staticmethod
    def assert_ends_in(keychain: Keychain, state: KeychainState, code: str) -> None:
        assert keychain.state() is state
        for act in (keychain.key, keychain.create_key, keychain.unlock):
            with problem(code):
                act()


class SlowBackend:
    """Stands in for a keychain whose box takes its time: the call ends only when it is let go."""

    priority = 1

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.stored: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.stored.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        assert self.let_go.wait(20)
        self.stored[service, username] = password


def test_what_is_stored_late_is_found_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    keychain = Keychain("one", limit_seconds=0.3)
    backend = SlowBackend()
    monkeypatch.setattr(keychain_backend, "backend_name", lambda _setting: "a backend of root's")
    monkeypatch.setattr(keychain, "_pinned", lambda: backend)
    with problem("STORE-04"):
        keychain.create_key()
    with problem("STORE-04"):
        keychain.key()
    backend.let_go.set()
    key = keychain.key()
    assert key is not None
    assert keychain.create_key() == key
