"""Reads the name of a connected company: a complete program of an integration's own.

    python company_name.py [TENANT_ID]

It needs this program and httpx in its environment, and runs as the operating system's user who connected.
"""

from __future__ import annotations

import sys

import httpx

from assistant.problems import ProblemError
from assistant.vault.tokens import AccessToken, access_token


def company_name(tenant_id: str | None, *, practice: bool) -> str:
    """The company's name as Fortnox has it.

    Raises:
        ProblemError: there is no token to be had; its `occurrence.code` says why.
        httpx.HTTPError: Fortnox did not answer, or not with the company.
    """
    token = access_token(tenant_id=tenant_id, practice=practice)
    answer = ask(token)
    if answer.status_code == 401:  # withdrawn before its time: another one is had, once
        token = access_token(tenant_id=tenant_id, practice=practice, refused=token.token)
        answer = ask(token)
    name: str = answer.raise_for_status().json()["CompanyInformation"]["CompanyName"]
    return name


def ask(token: AccessToken) -> httpx.Response:
    """One call of the API with `token`, whose text is revealed for this line alone."""
    headers = {"Authorization": f"Bearer {token.token.reveal()}", "Accept": "application/json"}
    return httpx.get(f"{token.api}/3/companyinformation", headers=headers, timeout=20)


def main(arguments: list[str]) -> int:
    practice = "--practice" in arguments
    tenant_id = next((each for each in arguments if not each.startswith("-")), None)
    try:
        print(company_name(tenant_id, practice=practice))
    except ProblemError as problem:
        # The catalogue knows what to do about it: setup-assistant problems CODE
        print(f"No token: {problem.occurrence.code}", file=sys.stderr)
        return 1
    except httpx.HTTPError as failure:
        print(f"Fortnox: {type(failure).__name__}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
