"""Seals what is secret: AES-256-GCM, each seal bound to the row and version it was made for.

`cryptography` is imported by the first call, since listing connections needs none of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Final

from assistant.secret import Secret
from assistant.vault.connection import Connection, Secrets

SEAL_FORMAT: Final = 1
"""Part of every binding. It changes when what is bound or sealed changes, and a new format re-seals all rows."""

_NONCE_BYTES: Final = 12
_CHECK: Final = b"setup-assistant vault"


class UnsealError(Exception):
    """The seal does not open: another key, another row, another version, or changed bytes."""


def seal(key: bytes, plain: bytes, bound: bytes, *, randomness: Callable[[int], bytes] = os.urandom) -> bytes:
    """`plain` sealed: a random nonce of 96 bits, the ciphertext and its tag. It opens with the same `bound` only.

    With random nonces one key may seal 2**32 times (NIST SP 800-38D, 8.3); a vault never comes near.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = randomness(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def unseal(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """What was sealed.

    Raises:
        UnsealError: it does not open.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
    except (InvalidTag, ValueError):
        raise UnsealError from None


def connection_binding(connection: Connection, version: int) -> bytes:
    """What the secrets of `connection` are bound to: the row, its version, whose they are, and where they may be sent.

    The addresses are bound, so that changing one in the file cannot send a refresh token elsewhere.
    """
    relay = connection.relay
    return _bound(
        "connection",
        version,
        connection.id,
        connection.account.value,
        connection.tenant_id,
        connection.person_id,
        connection.client_id,
        connection.endpoints.authorize,
        connection.endpoints.token,
        connection.endpoints.revoke,
        connection.endpoints.migrate,
        connection.endpoints.api,
        connection.endpoints.pkce,
        None if relay is None else [relay.token, relay.revoke],
    )


def client_secret_binding(authorize_host: str, client_id: str, version: int) -> bytes:
    """What a client secret is bound to."""
    return _bound("client-secret", version, authorize_host, client_id)


def seal_secrets(key: bytes, secrets: Secrets, bound: bytes) -> bytes:
    """The secrets of one connection, sealed."""
    plain = {
        name: value.reveal()
        for name, value in (
            ("refresh_token", secrets.refresh_token),
            ("connection_credential", secrets.connection_credential),
            ("access_token", secrets.access_token),
        )
        if value is not None
    }
    return seal(key, json.dumps(plain).encode(), bound)


def unseal_secrets(key: bytes, sealed: bytes, bound: bytes) -> Secrets:
    """The secrets of one connection.

    Raises:
        UnsealError: they do not open.
    """
    plain = json.loads(unseal(key, sealed, bound))
    return Secrets(**{name: Secret(text) for name, text in plain.items()})


def key_check(key: bytes) -> bytes:
    """A value that opens with `key` alone: it tells a wrong key from a damaged row."""
    return seal(key, _CHECK, _bound("key-check", 0))


def fits(key: bytes, check: bytes) -> bool:
    """Whether `check` was made with `key`."""
    try:
        return unseal(key, check, _bound("key-check", 0)) == _CHECK
    except UnsealError:
        return False


def _bound(kind: str, version: int, *parts: object) -> bytes:
    # JSON keeps the parts apart: ["a", "bc"] and ["ab", "c"] differ.
    return json.dumps(["setup-assistant", SEAL_FORMAT, kind, version, *parts], separators=(",", ":")).encode()
