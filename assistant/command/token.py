"""`setup-assistant token`: a valid access token on standard output, for programs that integrate with Fortnox."""

from __future__ import annotations

import sys
from typing import Final

from assistant.fortnox.account import AccountKind
from assistant.problems import ProblemError
from assistant.secret import Secret
from assistant.vault.tokens import AccessToken, access_token

JSON_SCHEMA: Final = 1
"""Version of the JSON shape; it changes only when a field changes its meaning or goes."""

FIELDS: Final = {
    "schema": "1",
    "access_token": "the token, for the header `Authorization: Bearer ...`",
    "token_type": "`bearer`",
    "expires_at": "when it ends; null where Fortnox did not say",
    "tenant_id": "the company, digits as text",
    "api": "the address of the API, without a slash at its end",
    "scopes": "what it is good for",
    "connection": "the id of the connection",
}


def print_token(
    *,
    connection_id: str | None,
    tenant_id: str | None,
    client_id: str | None,
    account: AccountKind | None,
    with_refused: bool,
    practice: bool,
    as_json: bool,
) -> int:
    """Prints the token alone, or as JSON. Never prompts: a locked keychain is a problem.

    `with_refused`: standard input has a token that the API has just refused; another one is had for it.

    Raises:
        ProblemError: as `assistant.vault.tokens.access_token`, in the words for a connection that is there.
    """
    refused: Secret | None = None
    if with_refused:
        from assistant.command.asking import nothing_came, read_secret
        from assistant.language import _

        refused = read_secret(_("the token that was refused"))
        if refused is None:
            return nothing_came(_("the token that was refused"))
    try:
        token = access_token(
            connection_id,
            tenant_id=tenant_id,
            client_id=client_id,
            account=account,
            refused=refused,
            practice=practice,
        )
    except ProblemError as failure:
        from assistant.connections.later import later

        raise ProblemError(later(failure.occurrence)) from None
    if as_json:
        from assistant.command.output import print_json

        print_json(JSON_SCHEMA, _fields(token))
    else:
        sys.stdout.write(token.token.reveal() + "\n")
    return 0


def _fields(token: AccessToken) -> dict[str, object]:
    from assistant.command.output import moment

    return {
        "access_token": token.token.reveal(),
        "token_type": "bearer",
        "expires_at": moment(token.expires_at),
        "tenant_id": token.tenant_id,
        "api": token.api,
        "scopes": list(token.scopes),
        "connection": token.connection_id,
    }
