"""Reads back what was saved, before anybody says that it is; what came out different is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from assistant.problems import ProblemError, stop
from assistant.secret import Secret
from assistant.vault import sealing
from assistant.vault.connection import Secrets
from assistant.vault.rows import ClientSecretRow, ConnectionRow, Reading, Rows

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenConnection:
    """A row as it was written, the secrets in it, and the row that lay there before."""

    row: ConnectionRow
    secrets: Secrets
    before: ConnectionRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenClientSecret:
    """A row as it was written, the secret in it, and the row that lay there before."""

    row: ClientSecretRow
    client_secret: Secret
    before: ClientSecretRow | None


Written = WrittenConnection | WrittenClientSecret


def read_back(rows: Rows, key: bytes, written: tuple[Written, ...]) -> None:
    """Compares what lies there with what was meant, through a view of its own.

    A later version is another process's work, done after ours was stored; it is not ours to judge.

    Raises:
        ProblemError: STORE-11, it differs; or what kept it from being read. What was there before is back, as far as
            that could be done.
    """
    try:
        with rows.reading() as reading:
            for one in written:
                if not _is_there(reading, key, one):
                    raise stop("STORE-11", details={"row": type(one).__name__})
    except ProblemError:
        with suppress(ProblemError):  # the first problem is the one to tell
            _put_back(rows, key, written)
        raise


def readable(read: Callable[[], Row | None]) -> Row | None:
    """The row, or None also when it is damaged: a damaged row can be replaced and removed all the same."""
    try:
        return read()
    except ProblemError as failure:
        if failure.code != "STORE-06":
            raise
        return None


def readable_rows(rows: Iterator[Row]) -> Iterator[Row]:
    """Those of `rows` that can be read."""
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except ProblemError as failure:
            if failure.code != "STORE-06":
                raise


def _is_there(reading: Reading, key: bytes, written: Written) -> bool:
    row = written.row
    found: ConnectionRow | ClientSecretRow | None
    if isinstance(row, ConnectionRow):
        found = readable(lambda: reading.connection(row.connection.id))
    else:
        found = readable(lambda: reading.client_secret(row.authorize_host, row.client_id))
    if found is None:
        return False
    if found.version > row.version:
        return True
    return (found == row and _opens(key, written)) or _resealed(reading, key)


def _resealed(reading: Reading, key: bytes) -> bool:
    """Whether another process has sealed everything anew meanwhile; it opened each row with `key` to do so."""
    check = reading.key_check()
    return check is not None and not sealing.fits(key, check)


def _opens(key: bytes, written: Written) -> bool:
    row = written.row
    try:
        if isinstance(written, WrittenConnection):
            bound = sealing.connection_binding(written.row.connection, row.version)
            return sealing.unseal_secrets(key, row.sealed, bound) == written.secrets
        bound = sealing.client_secret_binding(written.row.authorize_host, written.row.client_id, row.version)
        return Secret(sealing.unseal(key, row.sealed, bound).decode()) == written.client_secret
    except sealing.UnsealError:
        return False


def _put_back(rows: Rows, key: bytes, written: tuple[Written, ...]) -> None:
    """Makes rows what they were; what another process has replaced or sealed anew since is left alone."""
    with rows.writing() as writing:
        if _resealed(writing, key):
            return
        for one in written:
            if isinstance(one, WrittenConnection):
                if (writing.connection_version(one.row.connection.id) or 0) > one.row.version:
                    continue
                if one.before is None:
                    writing.remove_connection(one.row.connection.id)
                else:
                    writing.put_connection(one.before)
            else:
                place = (one.row.authorize_host, one.row.client_id)
                found = readable(lambda: writing.client_secret(*place))  # noqa: B023 - called at once
                if found is not None and found.version > one.row.version:
                    continue
                if one.before is None:
                    writing.remove_client_secret(*place)
                else:
                    writing.put_client_secret(one.before)
