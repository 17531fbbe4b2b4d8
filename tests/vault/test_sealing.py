from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.fortnox.endpoints import Endpoints
from assistant.secret import Secret
from assistant.vault import sealing
from assistant.vault.connection import Connection, RelayAddresses, Secrets
from tests.vault.samples import SERVICE, USER

KEY = bytes(range(32))
texts = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(Secret)


@given(refresh=texts, credential=texts)
def test_what_was_sealed_opens(refresh: Secret | None, credential: Secret | None) -> None:
    secrets = Secrets(refresh_token=refresh, connection_credential=credential)
    bound = sealing.connection_binding(USER, 3)
    assert sealing.unseal_secrets(KEY, sealing.seal_secrets(KEY, secrets, bound), bound) == secrets


@given(st.data())
def test_no_changed_byte_opens(data: st.DataObject) -> None:
    sealed = bytearray(sealing.seal(KEY, b"refresh-canary", b"row"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(sealing.UnsealError):
        sealing.unseal(KEY, bytes(sealed), b"row")


@given(st.integers(0, 41))
def test_no_shortened_seal_opens(length: int) -> None:
    sealed = sealing.seal(KEY, b"refresh-canary", b"row")
    with pytest.raises(sealing.UnsealError):
        sealing.unseal(KEY, sealed[:length], b"row")


def test_every_seal_has_a_nonce_of_its_own() -> None:
    nonces = {sealing.seal(KEY, b"same", b"row")[:12] for _ in range(200)}
    assert len(nonces) == 200


@pytest.mark.parametrize(
    "other",
    [
        replace(USER, id="1" * 32),
        replace(USER, account=SERVICE.account),
        replace(USER, tenant_id="7654321"),
        replace(USER, person_id="43"),
        replace(USER, person_id=None),
        replace(USER, client_id="another"),
        replace(USER, relay=RelayAddresses(token="https://thief.example/t", revoke="https://thief.example/r")),
        replace(USER, endpoints=Endpoints(authorize="https://thief.example/a")),
        replace(USER, endpoints=Endpoints(token="https://thief.example/t")),
        replace(USER, endpoints=Endpoints(revoke="https://thief.example/r")),
        replace(USER, endpoints=Endpoints(migrate="https://thief.example/m")),
        replace(USER, endpoints=Endpoints(api="https://thief.example")),
        replace(USER, endpoints=Endpoints(pkce=False)),
    ],
)
def test_a_seal_opens_nowhere_else(other: Connection) -> None:
    sealed = sealing.seal(KEY, b"{}", sealing.connection_binding(USER, 3))
    with pytest.raises(sealing.UnsealError):
        sealing.unseal(KEY, sealed, sealing.connection_binding(other, 3))


def test_a_seal_opens_in_its_own_version_only() -> None:
    sealed = sealing.seal(KEY, b"{}", sealing.connection_binding(USER, 3))
    with pytest.raises(sealing.UnsealError):
        sealing.unseal(KEY, sealed, sealing.connection_binding(USER, 4))


def test_kinds_of_rows_do_not_mix() -> None:
    bound = {
        sealing.connection_binding(USER, 1),
        sealing.client_secret_binding(USER.endpoints.authorize_host, USER.client_id, 1),
        sealing.client_secret_binding(USER.endpoints.authorize_host + USER.client_id, "", 1),
    }
    assert len(bound) == 3


def test_the_key_check_tells_keys_apart() -> None:
    check = sealing.key_check(KEY)
    assert sealing.fits(KEY, check)
    assert not sealing.fits(os.urandom(32), check)
    assert not sealing.fits(KEY, b"")
