"""The keychain's bad days as the vault and its commands meet them: told apart, and never "not connected".

The keychain is a real gnome-keyring; what Windows and macOS do is done by a backend of this test's own.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.problems import ProblemError
from assistant.vault import keychain_backend, secret_service
from assistant.vault.connection import Connection
from assistant.vault.integrity import Seal, inspect
from assistant.vault.keychain import ENTRY, Keychain
from assistant.vault.new_key import make_new_key
from assistant.vault.sealing_key import KeychainState
from assistant.vault.secret_service import NotReadyError, ServiceState
from assistant.vault.sqlite_rows import SqliteRows
from assistant.vault.store import Vault
from assistant.vault.vault_file import VaultFile
from tests.keychain_session import KeychainSession, keychain_session, missing_tools
from tests.vault.samples import SECRETS, service, user

CHECKOUT = Path(__file__).parents[2]
SERVICE = "bad days"
missing = missing_tools()
needs_keyring = pytest.mark.skipif(missing is not None, reason=missing or "")


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeychainSession]:
    with keychain_session() as running:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", running.environment["DBUS_SESSION_BUS_ADDRESS"])
        yield running


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "vault.db"


@contextmanager
def problem(code: str) -> Iterator[None]:
    with pytest.raises(ProblemError) as caught:
        yield
    assert caught.value.code == code


def keychain(limit_seconds: float = 20.0) -> Keychain:
    return Keychain(SERVICE, limit_seconds=limit_seconds)


def impatient(code: str) -> Keychain:
    """One that waits no longer than it must for a keychain that will not answer."""
    return keychain(0.5) if code == "STORE-04" else keychain()


def with_keyring(session: KeychainSession, statement: str) -> None:
    """Does something with keyring's own backend, in a process that has it chosen by itself as its users do."""
    script = f"from keyring.backends.SecretService import Keyring; Keyring().{statement}"
    subprocess.run([sys.executable, "-c", script], env=session.environment, check=True, timeout=30)


def lock(session: KeychainSession) -> None:
    session.lock()


def kill(session: KeychainSession) -> None:
    session.kill_keyring()


def hang(session: KeychainSession) -> None:
    session.pause()


def lose_the_key(session: KeychainSession) -> None:
    with_keyring(session, f"delete_password({SERVICE!r}, {ENTRY!r})")


def change_the_key(session: KeychainSession) -> None:
    other = base64.b64encode(bytes(32)).decode()
    with_keyring(session, f"set_password({SERVICE!r}, {ENTRY!r}, {other!r})")


def spoil_the_key(session: KeychainSession) -> None:
    with_keyring(session, f"set_password({SERVICE!r}, {ENTRY!r}, 'no key')")


def start_again_locked(session: KeychainSession) -> None:
    """As after signing in without a password: gnome-keyring runs, and its collection was never opened."""
    session.kill_keyring()
    session.start_keyring()
    session.lock()


BAD_DAYS = [
    pytest.param(lock, "STORE-02", id="locked"),
    pytest.param(start_again_locked, "STORE-02", id="started again and locked"),
    pytest.param(kill, "STORE-01", id="daemon gone"),
    pytest.param(hang, "STORE-04", id="daemon hanging"),
    pytest.param(lose_the_key, "STORE-05", id="key deleted"),
    pytest.param(change_the_key, "STORE-13", id="key wrong"),
    pytest.param(spoil_the_key, "STORE-13", id="no key"),
]


@needs_keyring
class TestRealKeyring:
    @pytest.mark.provokes(argument="code")
    @pytest.mark.parametrize(("day", "code"), BAD_DAYS)
    def test_each_is_told_apart_and_none_is_not_connected(
        self, session: KeychainSession, path: Path, day: Callable[[KeychainSession], None], code: str
    ) -> None:
        connection = Vault(path, keychain()).save(service(), SECRETS)
        before = path.read_bytes()
        day(session)
        self.assert_said_everywhere(Vault(path, impatient(code)), path, connection, code)
        assert path.read_bytes() == before

    @pytest.mark.parametrize(
        ("day", "code"), [case for case in BAD_DAYS if case.id in ("locked", "daemon gone", "daemon hanging")]
    )
    def test_a_program_that_has_the_key_already_goes_on(
        self, session: KeychainSession, path: Path, day: Callable[[KeychainSession], None], code: str
    ) -> None:
        vault = Vault(path, keychain())
        connection = vault.save(service(), SECRETS)
        day(session)
        assert vault.secrets(connection.id) == SECRETS
        vault.save(user(), SECRETS)

    @pytest.mark.parametrize(("day", "code"), [case for case in BAD_DAYS if case.id != "daemon hanging"])
    def test_it_dies_between_two_calls_of_one_keychain(
        self, session: KeychainSession, path: Path, day: Callable[[KeychainSession], None], code: str
    ) -> None:
        used = keychain()
        connection = Vault(path, used).save(service(), SECRETS)
        assert used.key() is not None
        day(session)
        self.assert_said_everywhere(Vault(path, used), path, connection, code)

    def test_all_is_as_before_when_the_daemon_is_back(self, session: KeychainSession, path: Path) -> None:
        used = keychain(3.0)
        connection = Vault(path, keychain()).save(service(), SECRETS)
        for day, code in ((hang, "STORE-04"), (kill, "STORE-01")):
            day(session)
            with problem(code):
                Vault(path, used).secrets(connection.id)
            if day is kill:
                session.start_keyring()
            else:
                session.resume()
            end = time.monotonic() + 20
            while used.state() is not KeychainState.READY:
                assert time.monotonic() < end
            assert Vault(path, used).secrets(connection.id) == SECRETS

    @pytest.mark.provokes("STORE-04")
    def test_a_daemon_that_dies_while_it_hangs(self, session: KeychainSession, path: Path) -> None:
        used = keychain(3.0)
        connection = Vault(path, keychain()).save(service(), SECRETS)
        session.pause()
        with problem("STORE-04"):
            used.key()
        session.kill_keyring()
        session.start_keyring()
        assert Vault(path, used).secrets(connection.id) == SECRETS

    @staticmethod
    def assert_said_everywhere(vault: Vault, path: Path, connection: Connection, code: str) -> None:
        assert vault.connections() == (connection,)
        assert vault.find(tenant_id=connection.tenant_id) == (connection,)
        with problem(code):
            vault.secrets(connection.id)
        with problem(code):
            vault.save(user(), SECRETS)
        with problem(code):
            vault.set_client_secret("host", "id", SECRETS.refresh_token or SECRETS.connection_credential)  # type: ignore[arg-type]
        with problem(code):
            make_new_key(SqliteRows(path), impatient(code))
        report = inspect(VaultFile(path), impatient(code))
        assert [found.code for found in report.problems] == [code]
        assert [(found.company_name, found.seal) for found in report.connections] == [
            (connection.company_name, Seal.NOT_TRIED)
        ]

    @pytest.mark.provokes("STORE-03")
    def test_a_dismissed_box_is_neither_locked_nor_gone(self, session: KeychainSession, path: Path) -> None:
        connection = Vault(path, keychain()).save(service(), SECRETS)
        session.lock()
        vault = Vault(path, keychain())
        with problem("STORE-03"):
            vault.unlock()
        assert vault.connections() == (connection,)
        with problem("STORE-02"):
            vault.secrets(connection.id)


@needs_keyring
class TestReading:
    """`secret_service.read` finds what keyring wrote, in whatever state, and makes no box."""

    @pytest.fixture
    def no_box(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def shown(*_: object, **__: object) -> None:
            raise AssertionError("a box of the system's was asked for")

        for place in ("secretstorage.util", "secretstorage.collection", "secretstorage.item"):
            monkeypatch.setattr(f"{place}.exec_prompt", shown)

    def test_it_finds_what_keyring_writes(self, session: KeychainSession, no_box: None) -> None:
        assert secret_service.read("one", ENTRY) is None
        with_keyring(session, f"set_password('one', {ENTRY!r}, 'wörd')")
        with_keyring(session, f"set_password('one', 'another', 'not this')")  # noqa: F541 - alike
        assert secret_service.read("one", ENTRY) == "wörd".encode()
        assert secret_service.read("two", ENTRY) is None

    def test_it_locks_between_our_look_and_our_read(
        self, session: KeychainSession, no_box: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """keyring's own reading asks the person here."""
        from secretstorage import Collection, Item

        key = keychain().create_key()
        for kind, name in ((Collection, "search_items"), (Item, "get_secret"), (Item, "ensure_not_locked")):
            original = getattr(kind, name)

            def locked_first(self: object, *rest: object, original: Any = original) -> object:
                session.lock()
                return original(self, *rest)

            with monkeypatch.context() as patch:
                patch.setattr(kind, name, locked_first)
                with pytest.raises(NotReadyError) as caught:
                    secret_service.read(SERVICE, ENTRY)
                assert caught.value.state is ServiceState.LOCKED
                with problem("STORE-02"):
                    keychain().key()
            session.kill_keyring()
            session.start_keyring()
            assert keychain().key() == key

    def test_what_is_not_there_is_not_said_of_a_locked_collection(
        self, session: KeychainSession, no_box: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from secretstorage import Collection

        original = Collection.search_items

        def locked_first(self: Collection, attributes: dict[str, str]) -> object:
            session.lock()
            return original(self, attributes)

        monkeypatch.setattr(Collection, "search_items", locked_first)
        with pytest.raises(NotReadyError) as caught:
            secret_service.read("nothing of that name", ENTRY)
        assert caught.value.state is ServiceState.LOCKED

    @pytest.mark.parametrize("kept", [True, False])
    def test_what_was_found_is_deleted_before_it_is_read(
        self, session: KeychainSession, no_box: None, monkeypatch: pytest.MonkeyPatch, kept: bool
    ) -> None:
        """Another process gives the vault a new key meanwhile."""
        from secretstorage import Collection, Item

        keychain().create_key()
        original, deleted = Item.get_secret, []

        def deleted_first(self: Item) -> object:
            if not deleted:
                deleted.append(self)
                for item in Collection(self.connection).search_items({"service": SERVICE, "username": ENTRY}):
                    item.delete()
                if kept:
                    with_keyring(session, f"set_password({SERVICE!r}, {ENTRY!r}, 'new')")
            return original(self)

        monkeypatch.setattr(Item, "get_secret", deleted_first)
        assert secret_service.read(SERVICE, ENTRY) == (b"new" if kept else None)
        assert deleted

    def test_it_dies_between_our_look_and_our_read(
        self, session: KeychainSession, no_box: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from secretstorage import Collection

        keychain().create_key()
        original = Collection.search_items

        def killed_first(self: Collection, attributes: dict[str, str]) -> object:
            session.kill_keyring()
            return original(self, attributes)

        monkeypatch.setattr(Collection, "search_items", killed_first)
        with problem("STORE-04"):
            keychain().key()

    def test_a_key_can_be_read_while_a_box_waits(
        self, session: KeychainSession, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        used = keychain()
        session.lock()
        let_go = threading.Event()
        monkeypatch.setattr(secret_service, "unlock", lambda *, limit_seconds: let_go.wait(20))
        waiting = threading.Thread(target=used.unlock)
        waiting.start()
        try:
            with problem("STORE-02"):
                used.key()
        finally:
            let_go.set()
            waiting.join(20)

    def test_reading_imports_no_keyring(self, session: KeychainSession) -> None:
        keychain().create_key()
        script = (
            "import sys; from assistant.vault.keychain import Keychain\n"
            f"assert len(Keychain({SERVICE!r}).key()) == 32\n"
            "print([name for name in sys.modules if name.split('.')[0] in ('keyring', 'jaraco', 'asyncio', 'PySide6')])"
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=session.environment,
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        assert done.stdout == "[]\n"

    def test_a_new_key_takes_the_old_ones_place(self, session: KeychainSession, path: Path, no_box: None) -> None:
        used = keychain()
        vault = Vault(path, used)
        connection = vault.save(service(), SECRETS)
        old = used.key()
        for _ in range(2):
            assert make_new_key(SqliteRows(path), keychain()) == 1
            assert keychain().next_key() is None
            assert keychain().key() not in (None, old)
            assert Vault(path, keychain()).secrets(connection.id) == SECRETS
            assert vault.secrets(connection.id) == SECRETS
        script = (
            "from contextlib import closing; import secretstorage\n"
            "with closing(secretstorage.dbus_init()) as bus:\n"
            "    print(len(list(secretstorage.Collection(bus).get_all_items())))"
        )
        counted = subprocess.run(
            [sys.executable, "-c", script], env=session.environment, capture_output=True, text=True, check=True
        )
        assert counted.stdout == "1\n"


ALIEN = {
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    "KEYRING_PROPERTY_APPID": "alien",
    "KEYRING_PROPERTY_SCHEME": "KeePassXC",
    "KEYRING_PROPERTY_PREFERRED_COLLECTION": "/org/freedesktop/secrets/collection/session",
    "KEYRING_PROPERTY_PRIORITY": "9",
    "KEYRING_PROPERTY_SERVICE": "alien",
    "KEYRING_PROPERTY_LIMIT": "0",
    "KEYCHAIN_PATH": "/alien",
}


@needs_keyring
def test_the_environment_changes_nothing_for_a_whole_program() -> None:
    """Each of them alone, all of them, and a file of keyring's own: what one process writes the next one reads."""
    with keychain_session() as session:
        places = "from assistant.vault.places import vault_places; places = vault_places(None, practice=False)\n"
        program = places + (
            "from assistant.vault.keychain import Keychain; from assistant.vault.store import Vault\n"
            "from tests.vault.samples import SECRETS, service\n"
            "vault = Vault(places.vault_file, Keychain(places.keychain_service))\n"
            "found = vault.connections() or (vault.save(service(), SECRETS),)\n"
            "assert vault.secrets(found[0].id) == SECRETS"
        )
        configuration = session.home / "config" / "python_keyring"
        configuration.mkdir(parents=True)
        run(session, {}, "-c", program)
        for extra in (*({name: value} for name, value in ALIEN.items()), ALIEN):
            run(session, extra, "-c", program)
            whole = json.loads(run(session, extra, "-m", "assistant", "vault", "check", "--json"))
            assert whole["whole"]
        (configuration / "keyringrc.cfg").write_text(
            "[backend]\ndefault-keyring=keyring.backends.null.Keyring\nkeyring-path=/nonexistent\n"
        )
        for extra in ({}, ALIEN):
            run(session, extra, "-c", program)
            assert json.loads(run(session, extra, "-m", "assistant", "vault", "check", "--json"))["whole"]
            resealed = json.loads(run(session, extra, "-m", "assistant", "vault", "new-key", "--json"))
            assert resealed == {"schema": 1, "resealed": 1}
        run(session, {}, "-c", program)
        # None of them made keyring write somewhere else either.
        assert not list(session.home.rglob("*_pass.cfg"))


def run(session: KeychainSession, extra: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env=session.environment | extra,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class KeyringLocked(Exception):
    """As keyring names it: macOS was told "deny"."""


class PasswordSetError(Exception):
    """As keyring names it."""


class WindowsError32(Exception):
    """As pywin32's error: Windows said no, in its own way."""


class OtherSystem:
    """Stands in for Windows and macOS behind keyring: each call can be made to fail, and values to change."""

    priority = 5

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], str] = {}
        self.fails: dict[str, Exception] = {}
        self.changes: Callable[[str], str | None] = lambda value: value

    def get_password(self, service: str, username: str) -> str | None:
        self._fail("get")
        found = self.stored.get((service, username))
        return None if found is None else self.changes(found)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._fail("set")
        self.stored[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._fail("delete")
        del self.stored[service, username]

    def _fail(self, call: str) -> None:
        if call in self.fails:
            raise self.fails[call]


@pytest.fixture(params=["win32", "darwin"])
def other(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> OtherSystem:
    backend = OtherSystem()
    monkeypatch.setattr("assistant.vault.keychain.sys.platform", request.param)
    monkeypatch.setattr(keychain_backend, "pinned", lambda _name, _base: backend)
    return backend


@pytest.mark.skipif(sys.platform != "linux", reason="stands in for the other systems on this one")
class TestOtherSystems:
    @pytest.mark.provokes(argument="code")
    @pytest.mark.parametrize(
        ("failure", "code"),
        [
            (KeyringLocked("denied"), "STORE-02"),
            (WindowsError32(1312, "CredRead", "canary"), "STORE-04"),
            (OSError("canary"), "STORE-04"),
            (UnicodeDecodeError("utf-16", b"\0", 0, 1, "canary"), "STORE-04"),
        ],
        ids=["denied", "windows", "os", "encoding"],
    )
    def test_errors_of_reading(self, other: OtherSystem, path: Path, failure: Exception, code: str) -> None:
        connection = Vault(path, keychain()).save(service(), SECRETS)
        other.fails["get"] = failure
        vault = Vault(path, keychain())
        with pytest.raises(ProblemError) as caught:
            vault.secrets(connection.id)
        assert caught.value.code == code
        assert "canary" not in repr(caught.value.occurrence)
        assert caught.value.__cause__ is None
        assert vault.connections() == (connection,)

    @pytest.mark.provokes(argument="code")
    @pytest.mark.parametrize(("failure", "code"), [(KeyringLocked(), "STORE-02"), (PasswordSetError(), "STORE-04")])
    def test_errors_of_writing_leave_no_half_vault(
        self, other: OtherSystem, path: Path, failure: Exception, code: str
    ) -> None:
        other.fails["set"] = failure
        with problem(code):
            Vault(path, keychain()).save(service(), SECRETS)
        assert Vault(path, keychain()).connections() == ()
        del other.fails["set"]
        Vault(path, keychain()).save(service(), SECRETS)

    @pytest.mark.provokes("STORE-11")
    @pytest.mark.parametrize("changed", [lambda value: None, lambda value: base64.b64encode(bytes(32)).decode()])
    def test_another_value_is_read_back(
        self, other: OtherSystem, path: Path, changed: Callable[[str], str | None]
    ) -> None:
        other.changes = changed
        if changed("x") is None:
            with problem("STORE-11"):
                Vault(path, keychain()).save(service(), SECRETS)
        else:
            other.changes = lambda value: None if not other.stored else changed(value)
            with problem("STORE-11"):
                Vault(path, keychain()).save(service(), SECRETS)
        assert Vault(path, keychain()).connections() == ()

    @pytest.mark.provokes("STORE-13")
    def test_a_value_that_lost_its_end_is_no_key(self, other: OtherSystem, path: Path) -> None:
        connection = Vault(path, keychain()).save(service(), SECRETS)
        other.changes = lambda value: value[:20]
        with problem("STORE-13"):
            Vault(path, keychain()).secrets(connection.id)

    @pytest.mark.provokes("STORE-01")
    def test_a_system_that_has_no_keychain_for_it(
        self, other: OtherSystem, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unusable(_self: OtherSystem) -> float:
            raise RuntimeError("Requires Windows and pywin32")

        monkeypatch.setattr(OtherSystem, "priority", property(unusable))
        with problem("STORE-01"):
            Vault(path, keychain()).save(service(), SECRETS)

    def test_a_new_key_leaves_one_entry(self, other: OtherSystem, path: Path) -> None:
        vault = Vault(path, keychain())
        connection = vault.save(service(), SECRETS)
        (old,) = other.stored.values()
        make_new_key(SqliteRows(path), keychain())
        assert list(other.stored) == [(SERVICE, ENTRY)]
        assert other.stored[SERVICE, ENTRY] != old
        assert vault.secrets(connection.id) == SECRETS

    @pytest.mark.parametrize("call", ["get", "set", "delete"])
    def test_a_new_key_that_fails_anywhere_loses_nothing(self, other: OtherSystem, path: Path, call: str) -> None:
        """The keychain refuses after its first, second, third … call of that kind."""
        connection = Vault(path, keychain()).save(service(), SECRETS)
        for allowed in range(40):
            left = [allowed]

            def fail(name: str, left: list[int] = left) -> None:
                if name == call:
                    left[0] -= 1
                    if left[0] < 0:
                        raise KeyringLocked

            other._fail = fail  # type: ignore[method-assign]
            try:
                make_new_key(SqliteRows(path), keychain())
                ended = True
            except ProblemError:
                ended = False
            other._fail = lambda _name: None  # type: ignore[method-assign]
            assert Vault(path, keychain()).secrets(connection.id) == SECRETS
            if ended:
                assert list(other.stored) == [(SERVICE, ENTRY)]
                break
        assert ended
