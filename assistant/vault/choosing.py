"""Which connection is meant, said as little as will do."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.fortnox.account import AccountKind
from assistant.problems import stop
from assistant.vault.connection import Connection
from assistant.vault.rows import DamagedRow


def choose(
    connections: Iterable[Connection],
    *,
    connection_id: str | None = None,
    tenant_id: str | None = None,
    client_id: str | None = None,
    account: AccountKind | None = None,
    damaged: Iterable[DamagedRow] = (),
) -> Connection:
    """The one of `connections` that agrees with all that is given; with nothing given, the only one there is.

    A service account goes before the user accounts of the same company and integration: it belongs to no person, so it
    is what a program means that names a company only.

    Raises:
        ProblemError: STORE-20, none agrees; STORE-06, the one of that id is among the `damaged`; STORE-19, several do.
    """
    fit = [
        each
        for each in connections
        if connection_id in (None, each.id)
        and tenant_id in (None, each.tenant_id)
        and client_id in (None, each.client_id)
        and account in (None, each.account)
    ]
    if not fit:
        raise stop("STORE-06" if connection_id in {row.id for row in damaged} - {None} else "STORE-20")
    if len({(each.endpoints.authorize_host, each.client_id, each.tenant_id) for each in fit}) == 1:
        fit = [each for each in fit if each.account is AccountKind.SERVICE] or fit
    if len(fit) > 1:
        raise stop("STORE-19", {"Connections": len(fit)})
    return fit[0]
