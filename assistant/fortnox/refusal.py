"""What a refusal in the redirect means, as one of our problems.

Fortnox publishes no list. The signals are those of the FAQ [DOC], of public clients [CODE] and of users' reports
[USER]; some come as an error code, some as a text, so both are looked at and the more telling one wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.fortnox.account import AccountKind
from assistant.fortnox.scopes import licence_list
from assistant.language import N_
from assistant.problems import Occurrence, occurrence

_SAFE = re.compile(r"[A-Za-z_]{1,40}")

_TEXTS = (
    ("does not allow service account", "AUTH-06"),  # [DOC faq]
    ("auth code or clientid supplied is invalid", "AUTH-12"),  # [DOC faq]
    ("digital byr", "AUTH-11"),  # [DOC faq], the wording is not known
    ("consultant", "AUTH-11"),
    ("konsult", "AUTH-11"),
    ("not have enough licenses", "AUTH-03"),  # [CODE]
    ("too few permissions", "AUTH-14"),  # [DOC faq], the wording is not known
    ("not enough permissions", "AUTH-14"),
    ("insufficient permission", "AUTH-14"),
    ("saknar behörighet", "AUTH-14"),
    ("för få behörigheter", "AUTH-14"),
)

_CODES = {
    "error_missing_license": "AUTH-03",  # [CODE, DOC faq]
    "error_missing_app_license": "AUTH-04",  # [CODE, DOC faq]
    "invalid_scope": "AUTH-05",  # [USER], comes before sign-in
    "access_denied": "AUTH-01",  # [CODE]
    "invalid_client": "AUTH-12",
    "redirect_uri_mismatch": "TOKEN-07",
    "server_error": "AUTH-13",  # RFC 6749 4.1.2.1
    "temporarily_unavailable": "AUTH-13",
}


def authorization_refusal(error: str, description: str, *, account: AccountKind, scopes: Iterable[str]) -> Occurrence:
    """The problem behind `error` and `error_description`. Neither text is kept; the code only where it is one."""
    facts = {"licences": licence_list(scopes) or N_("the licence for integration")}
    return occurrence(_problem_code(error.lower(), description.lower(), account), {"OAuth": safe(error)}, **facts)


def _problem_code(error: str, description: str, account: AccountKind) -> str:
    said = f"{error} {description}"
    for text, code in _TEXTS:
        if text in said:
            return code
    if error.startswith("error_missing_system_admin"):
        return "AUTH-02"  # [CODE, one source]: the spelling of its end is not sure
    if error == "unauthorized_client":
        return "AUTH-06" if account is AccountKind.SERVICE else "AUTH-12"
    return _CODES.get(error, "AUTH-09")


def safe(error: str) -> str | None:
    """`error` if it looks like an OAuth error code: letters and underscores, so that no code or token fits in it."""
    return error if _SAFE.fullmatch(error) else None
