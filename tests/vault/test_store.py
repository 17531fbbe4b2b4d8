"""The vault: what is saved comes back, sealed, bound to its place; and what is damaged is told apart."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.problems import ProblemError
from assistant.secret import Secret
from assistant.vault import sqlite_rows
from assistant.vault.connection import Connection, Secrets
from assistant.vault.rows import ConnectionRow, DamagedRow
from assistant.vault.schema import SCHEMA_VERSION
from assistant.vault.sealing_key import KeychainState, MemoryKeychain
from assistant.vault.store import Vault
from tests.vault.samples import HOST, MOMENT, SECRETS, SERVICE, USER, service, user

KEY = bytes(range(32))


class LockedKeychain:
    """A keychain that nobody opens; whoever asks it for the key fails the way the real one does."""

    def state(self) -> KeychainState:
        return KeychainState.LOCKED

    def unlock(self) -> None:
        raise_problem("STORE-03")

    def key(self) -> bytes | None:
        raise_problem("STORE-02")

    def create_key(self) -> bytes:
        raise_problem("STORE-02")


def raise_problem(code: str) -> None:
    from assistant.problems import stop

    raise stop(code, system="Linux")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "vault.db"


@pytest.fixture
def vault(path: Path) -> Vault:
    return Vault(path, MemoryKeychain(), clock=lambda: MOMENT)


@contextmanager
def problem(code: str) -> Iterator[None]:
    with pytest.raises(ProblemError) as caught:
        yield
    assert caught.value.code == code


def change(path: Path, statement: str, *values: object) -> None:
    """Changes the file behind the vault's back."""
    with closing(sqlite3.connect(path)) as database:
        assert database.execute(statement, values).rowcount != 0
        database.commit()


def test_a_connection_comes_back_as_it_was_saved(path: Path) -> None:
    keychain = MemoryKeychain()
    for connection in (service(), user(), user(person_id=None, last_checked=MOMENT + timedelta(hours=1), town="")):
        saved = Vault(path, keychain).save(connection, SECRETS, client_secret=Secret("client-canary"))
        assert saved == connection
        again = Vault(path, keychain)
        assert again.connection(connection.id) == connection
        assert again.secrets(connection.id) == SECRETS
        assert again.client_secret(HOST, connection.client_id) == Secret("client-canary")
    assert len(Vault(path, keychain).connections()) == 3


storable = st.text(st.characters(exclude_categories=["Cs"]))


@given(name=storable, town=storable, person=st.none() | storable, scopes=st.lists(storable))
def test_any_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, name: str, town: str, person: str | None, scopes: list[str]
) -> None:
    vault = Vault(tmp_path_factory.mktemp("any") / "vault.db", MemoryKeychain(KEY))
    connection = user(company_name=name, town=town, person_id=person, person_name=person, scopes_granted=tuple(scopes))
    vault.save(connection, SECRETS)
    assert vault.connections() == (connection,)
    assert vault.secrets(connection.id) == SECRETS


def test_a_service_account_may_have_no_secret_of_its_own(vault: Vault) -> None:
    connection = vault.save(service(relay=None), Secrets())
    assert vault.secrets(connection.id) == Secrets()
    assert vault.client_secret(HOST, connection.client_id) is None


def test_looking_creates_nothing(path: Path, vault: Vault) -> None:
    assert vault.connections() == ()
    assert vault.find(client_id=SERVICE.client_id) == ()
    assert vault.matching(SERVICE) == ()
    assert vault.connection(SERVICE.id) is None
    assert vault.client_secret(HOST, "none") is None
    assert vault.usable() is None
    vault.unlock()
    assert not path.parent.exists()


def test_listing_and_removing_need_no_unlocked_keychain(path: Path, vault: Vault) -> None:
    connection = vault.save(service(), SECRETS)
    locked = Vault(path, LockedKeychain())
    assert locked.connections() == (connection,)
    assert locked.matching(service()) == (connection,)
    assert locked.usable() is None
    with problem("STORE-02"):
        locked.secrets(connection.id)
    with problem("STORE-02"):
        locked.save(user(), SECRETS)
    with problem("STORE-03"):
        locked.unlock()
    assert locked.remove(connection.id)
    assert vault.connections() == ()


def test_a_locked_keychain_leaves_no_file_behind(path: Path) -> None:
    with problem("STORE-02"):
        Vault(path, LockedKeychain()).save(service(), SECRETS)
    assert not path.exists()


def test_find_narrows_by_what_is_given(vault: Vault) -> None:
    one = vault.save(service(), SECRETS)
    other = vault.save(service(tenant_id="2", connected_at=MOMENT + timedelta(days=1)), SECRETS)
    assert vault.find() == (one, other)
    assert vault.find(client_id=one.client_id, tenant_id="2") == (other,)
    assert vault.find(authorize_host="elsewhere.example") == ()


def test_matching_follows_the_identity_rules(vault: Vault) -> None:
    account = vault.save(service(), SECRETS)
    eva = vault.save(user(person_id="42"), SECRETS)
    unknown = vault.save(user(person_id=None, connected_at=MOMENT + timedelta(days=1)), SECRETS)
    vault.save(user(person_id="42", tenant_id="2"), SECRETS)
    assert vault.matching(service()) == (account,)
    assert vault.matching(service(tenant_id="3")) == ()
    assert vault.matching(user(person_id="42")) == (eva,)
    assert vault.matching(user(person_id=None)) == (eva, unknown)
    # Somebody new may be the one whose name was never read.
    assert vault.matching(user(person_id="43")) == (unknown,)


def test_replacing_keeps_the_id_and_nothing_of_the_old_secrets(path: Path, vault: Vault) -> None:
    old = vault.save(service(), SECRETS)
    new = service(company_name="Åkerlunds Nya AB", scopes_granted=("companyinformation",))
    saved = vault.save(new, Secrets(connection_credential=Secret("second")), replacing=old.id)
    assert saved == replace(new, id=old.id)
    assert vault.connections() == (saved,)
    assert vault.secrets(old.id) == Secrets(connection_credential=Secret("second"))


@pytest.mark.provokes("STORE-15")
def test_one_company_has_one_service_account(vault: Vault) -> None:
    first = vault.save(service(), SECRETS)
    with problem("STORE-15"):
        vault.save(service(), Secrets(connection_credential=Secret("second")))
    assert vault.connections() == (first,)
    assert vault.secrets(first.id) == SECRETS
    vault.save(user(), SECRETS)
    vault.save(user(person_id="43"), SECRETS)
    with problem("STORE-15"):
        vault.save(user(), SECRETS)
    vault.save(user(person_id=None), SECRETS)
    vault.save(user(person_id=None), SECRETS)
    assert len(vault.connections()) == 5


@pytest.mark.parametrize("changes", [{"tenant_id": "2"}, {"client_id": "another"}])
def test_another_company_is_never_replaced(vault: Vault, changes: dict[str, str]) -> None:
    old = vault.save(service(), SECRETS)
    with pytest.raises(ValueError, match="same company"):
        vault.save(service(**changes), SECRETS, replacing=old.id)
    with pytest.raises(ValueError, match="same company"):
        vault.save(user(), SECRETS, replacing=old.id)
    assert vault.connections() == (old,)
    assert vault.secrets(old.id) == SECRETS


@pytest.mark.provokes("STORE-16")
def test_the_client_secret_is_shared_and_goes_with_the_last_connection(vault: Vault) -> None:
    one = vault.save(service(), SECRETS, client_secret=Secret("first"))
    two = vault.save(service(tenant_id="2"), SECRETS)
    vault.set_client_secret(HOST, one.client_id, Secret("second"))
    assert vault.client_secret(HOST, one.client_id) == Secret("second")
    assert vault.remove(one.id)
    assert vault.client_secret(HOST, one.client_id) == Secret("second")
    assert vault.remove(two.id)
    assert vault.client_secret(HOST, one.client_id) is None
    assert not vault.remove(two.id)
    with problem("STORE-16"):
        vault.secrets(two.id)


@pytest.mark.provokes("STORE-05")
def test_a_key_that_is_gone_is_never_replaced(path: Path, vault: Vault) -> None:
    connection = vault.save(service(), SECRETS)
    without = MemoryKeychain()
    for _ in range(2):
        with problem("STORE-05"):
            Vault(path, without).secrets(connection.id)
        with problem("STORE-05"):
            Vault(path, without).save(user(), SECRETS)
        with problem("STORE-05"):
            Vault(path, without).set_client_secret(HOST, "x", Secret("y"))
    assert without.key() is None
    assert vault.secrets(connection.id) == SECRETS


def test_an_emptied_vault_takes_a_new_key(path: Path, vault: Vault) -> None:
    vault.remove(vault.save(service(), SECRETS).id)
    fresh = Vault(path, MemoryKeychain())
    connection = fresh.save(service(), SECRETS)
    assert fresh.secrets(connection.id) == SECRETS


@pytest.mark.provokes("STORE-06", "STORE-13")
def test_another_key_is_told_from_a_damaged_row(path: Path) -> None:
    vault = Vault(path, MemoryKeychain(KEY))
    one, two = vault.save(service(), SECRETS), vault.save(user(), SECRETS)
    wrong = Vault(path, MemoryKeychain(bytes(32)))
    with problem("STORE-13"):
        wrong.secrets(one.id)
    with problem("STORE-13"):
        wrong.save(service(tenant_id="2"), SECRETS)
    change(path, "UPDATE connection SET sealed = zeroblob(60) WHERE id = ?", one.id)
    with problem("STORE-06"):
        Vault(path, MemoryKeychain(KEY)).secrets(one.id)
    assert vault.secrets(two.id) == SECRETS
    # What is damaged can be connected again.
    assert vault.secrets(vault.save(service(), SECRETS, replacing=one.id).id) == SECRETS


def test_a_damaged_key_check_makes_no_row_unreadable(path: Path) -> None:
    vault = Vault(path, MemoryKeychain(KEY))
    one, two = vault.save(service(), SECRETS), vault.save(user(), SECRETS)
    change(path, "UPDATE vault SET key_check = NULL")
    change(path, "UPDATE connection SET sealed = zeroblob(60) WHERE id = ?", one.id)
    again = Vault(path, MemoryKeychain(KEY))
    assert again.secrets(two.id) == SECRETS
    with problem("STORE-06"):
        again.secrets(one.id)
    again.save(service(tenant_id="2"), SECRETS)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT key_check FROM vault").fetchone()[0] is not None


def test_a_key_that_another_process_changed_is_asked_for_again(path: Path) -> None:
    keychain = MemoryKeychain(KEY)
    vault = Vault(path, keychain)
    vault.remove(vault.save(service(), SECRETS).id)
    changed = MemoryKeychain(bytes(32))
    connection = Vault(path, changed).save(service(), SECRETS)
    keychain._key = bytes(32)
    assert vault.secrets(connection.id) == SECRETS


@pytest.mark.parametrize(
    "swap",
    [
        "UPDATE connection SET sealed = (SELECT sealed FROM connection WHERE id = ?) WHERE id = ?",
        """UPDATE connection SET (sealed, version) = (SELECT sealed, version FROM connection WHERE id = ?)
           WHERE id = ?""",
    ],
)
def test_swapped_rows_do_not_open(path: Path, swap: str) -> None:
    vault = Vault(path, MemoryKeychain(KEY))
    one, two = vault.save(service(), SECRETS), vault.save(user(), SECRETS)
    change(path, swap, one.id, two.id)
    with problem("STORE-06"):
        vault.secrets(two.id)
    assert vault.secrets(one.id) == SECRETS


def test_an_older_seal_does_not_open_in_the_newer_row(path: Path) -> None:
    vault = Vault(path, MemoryKeychain(KEY))
    connection = vault.save(user(), SECRETS)
    with closing(sqlite3.connect(path)) as database:
        older = database.execute("SELECT sealed FROM connection").fetchone()[0]
    vault.save(connection, Secrets(refresh_token=Secret("newer")), replacing=connection.id)
    change(path, "UPDATE connection SET sealed = ?", older)
    with problem("STORE-06"):
        vault.secrets(connection.id)


def test_a_version_is_never_used_twice(path: Path) -> None:
    vault = Vault(path, MemoryKeychain(KEY))
    connection = vault.save(user(), SECRETS)
    with closing(sqlite3.connect(path)) as database:
        first = database.execute("SELECT version FROM connection").fetchone()[0]
    vault.remove(connection.id)
    vault.save(connection, SECRETS)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT version FROM connection").fetchone()[0] > first


@pytest.mark.provokes("STORE-06")
def test_an_address_changed_in_the_file_gets_no_token(path: Path, vault: Vault) -> None:
    connection = vault.save(user(), SECRETS)
    change(path, "UPDATE connection SET token_address = 'https://thief.example/token'")
    with problem("STORE-06"):
        vault.secrets(connection.id)


@pytest.mark.provokes("STORE-07")
def test_a_newer_file_is_left_alone(path: Path, vault: Vault) -> None:
    connection = vault.save(service(), SECRETS)
    change(path, f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    for act in (vault.connections, lambda: vault.secrets(connection.id), lambda: vault.save(user(), SECRETS)):
        with problem("STORE-07"):
            act()
    usable = vault.usable()
    assert usable is not None
    assert usable.code == "STORE-07"
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a vault", b"SQLite format 3\x00" + bytes(200), os.urandom(5000)])
@pytest.mark.provokes("STORE-08")
def test_what_is_no_vault_is_left_alone(path: Path, vault: Vault, content: bytes) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_bytes(content)
    for act in (vault.connections, lambda: vault.save(user(), SECRETS)):
        with problem("STORE-08"):
            act()
    assert path.read_bytes() == content


@pytest.mark.provokes("STORE-08")
def test_another_programs_database_is_left_alone(path: Path, vault: Vault) -> None:
    path.parent.mkdir(mode=0o700)
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE theirs (x)")
        database.commit()
    before = path.read_bytes()
    with problem("STORE-08"):
        vault.save(user(), SECRETS)
    assert path.read_bytes() == before


def test_an_empty_file_is_an_empty_vault(path: Path, vault: Vault) -> None:
    path.parent.mkdir(mode=0o700)
    path.touch()
    assert vault.connections() == ()
    connection = vault.save(service(), SECRETS)
    assert vault.connections() == (connection,)


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
def test_folder_and_file_are_the_owners_alone(path: Path, vault: Vault) -> None:
    old = os.umask(0)
    try:
        vault.save(service(), SECRETS)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.parent.chmod(0o755)
    path.chmod(0o644)
    vault.save(user(), SECRETS)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_secret_lies_in_clear(path: Path, vault: Vault) -> None:
    canaries = Secrets(refresh_token=Secret("refresh-canary"), connection_credential=Secret("credential-canary"))
    connection = vault.save(user(), canaries, client_secret=Secret("client-canary"))
    vault.save(connection, canaries, replacing=connection.id)
    assert vault.secrets(connection.id) == canaries  # they are in there, sealed
    found = b"".join(file.read_bytes() for file in path.parent.rglob("*"))
    assert USER.company_name.encode() in found
    for canary in ("refresh-canary", "credential-canary", "client-canary"):
        assert canary.encode() not in found
        assert canary.encode("utf-16-le") not in found


def test_a_removed_row_is_wiped(path: Path, vault: Vault) -> None:
    vault.save(user(company_name="wiped-company"), SECRETS)
    vault.remove(vault.connections()[0].id)
    assert b"wiped-company" not in path.read_bytes()


class SpoilingRows(sqlite_rows.SqliteRows):
    """A disk that stores other bytes than it was given, from the moment `spoil` is set."""

    spoil = ""

    @contextmanager
    def writing(self) -> Iterator[sqlite_rows.SqliteWriting]:
        with super().writing() as writing:
            yield writing
            if self.spoil:
                writing._database.execute(self.spoil)
                type(self).spoil = ""


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE connection SET sealed = zeroblob(50)",
        "UPDATE connection SET company_name = 'another'",
        "UPDATE connection SET connected_at = 'never'",
        "UPDATE client_secret SET sealed = zeroblob(50)",
        "UPDATE client_secret SET written_at = 'never'",
        "DELETE FROM connection",
        "DELETE FROM client_secret",
    ],
)
@pytest.mark.provokes("STORE-11")
def test_what_is_read_back_different_does_not_count(path: Path, spoil: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = SpoilingRows(path)
    vault = Vault(path, MemoryKeychain(KEY), rows=rows)
    monkeypatch.setattr(SpoilingRows, "spoil", spoil)
    with problem("STORE-11"):
        vault.save(user(), SECRETS, client_secret=Secret("first"))
    assert vault.connections() == ()
    assert vault.client_secret(HOST, USER.client_id) is None

    connection = vault.save(user(), SECRETS, client_secret=Secret("first"))
    monkeypatch.setattr(SpoilingRows, "spoil", spoil)
    with problem("STORE-11"):
        vault.save(connection, Secrets(), client_secret=Secret("second"), replacing=connection.id)
    assert vault.connections() == (connection,)
    assert vault.secrets(connection.id) == SECRETS
    assert vault.client_secret(HOST, USER.client_id) == Secret("first")


def test_a_row_that_cannot_be_read_can_be_replaced_and_removed(path: Path, vault: Vault) -> None:
    connection = vault.save(user(), SECRETS)
    for spoil in ("scopes_asked = 'no list'", "connected_at = 5", "account = 'user', town = x'ff'", "version = 'x'"):
        change(path, f"UPDATE connection SET {spoil}")  # noqa: S608 - words of this test
        with problem("STORE-06"):
            vault.connection(connection.id)
        assert vault.connections() == ()
        vault.save(connection, SECRETS, replacing=connection.id)
        assert vault.connections() == (connection,)
        assert vault.secrets(connection.id) == SECRETS
    change(path, "UPDATE connection SET scopes_asked = 'no list'")
    assert vault.remove(connection.id)
    assert vault.connections() == ()


SPOILT = ("scopes_asked = 'no list'", "connected_at = 5", "town = x'ff'", "version = 'x'", "town = CAST(x'c3' AS TEXT)")


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_damaged_row_is_named_beside_those_that_can_be_read(path: Path, vault: Vault, spoil: str) -> None:
    one, other, third = (vault.save(user(tenant_id=number), SECRETS) for number in "123")
    change(path, f"UPDATE connection SET {spoil} WHERE id = '{other.id}'")  # noqa: S608 - words of this test
    listing = vault.listing()
    assert {each.id for each in listing.connections} == {one.id, third.id}
    assert listing.damaged == (DamagedRow(id=other.id, company_name=other.company_name),)
    assert vault.secrets(one.id) == SECRETS
    with problem("STORE-06"):
        vault.connection(other.id)
    with problem("STORE-06"):
        vault.secrets(other.id)
    assert vault.remove(other.id)
    assert vault.listing().damaged == ()


def test_a_damaged_row_without_a_readable_name_is_told_all_the_same(path: Path, vault: Vault) -> None:
    vault.save(user(), SECRETS)
    change(path, "UPDATE connection SET id = x'00ff', company_name = CAST(x'ff' AS TEXT)")
    assert vault.listing().damaged == (DamagedRow(id=None, company_name=""),)


@pytest.mark.parametrize("make", [service, user])
def test_connecting_a_company_again_takes_the_place_of_its_damaged_row(
    path: Path, vault: Vault, make: Callable[..., Connection]
) -> None:
    damaged, beside = vault.save(make(), SECRETS), vault.save(make(tenant_id="other"), SECRETS)
    change(path, "UPDATE connection SET scopes_asked = 'no list'")
    again = make()
    assert vault.matching(again) == ()
    assert vault.save(again, SECRETS) == again
    listing = vault.listing()
    assert listing.connections == (again,)
    assert [row.id for row in listing.damaged] == [beside.id], "another company's stays"
    assert vault.connection(damaged.id) is None


def test_an_unknown_persons_damaged_row_is_left_alone(path: Path, vault: Vault) -> None:
    damaged = vault.save(user(person_id=None), SECRETS)
    change(path, "UPDATE connection SET scopes_asked = 'no list'")
    vault.save(user(person_id=None), SECRETS)
    assert [row.id for row in vault.listing().damaged] == [damaged.id]


def test_rows_say_when_they_were_written(path: Path, vault: Vault) -> None:
    connection = vault.save(service(), SECRETS)
    with sqlite_rows.SqliteRows(path).reading() as reading:
        row = reading.connection(connection.id)
    assert isinstance(row, ConnectionRow)
    assert row.written_at == MOMENT
