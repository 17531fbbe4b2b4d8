"""The vendor's integration file, read and checked.

    read_integration(path)   -> Integration      or ProblemError, whose occurrence says what is wrong and where
    check_integration(path)  -> tuple[Mistake, ...]   every mistake there is, for the vendor's developer

The file is TOML of at most 64 kB. It may come by mail from anyone, so nothing in it is believed before it was checked:
see SECURITY.md. No Qt and no network here; only the file itself, its logo and its client secret's file are opened.
"""

from __future__ import annotations

from assistant.integration.client_secret import take_client_secret
from assistant.integration.mistake import Mistake
from assistant.integration.model import (
    ClientSecret,
    Integration,
    Logo,
    LogoKind,
    Look,
    OtherFiles,
    RedirectPage,
    Relay,
    SecretSource,
    Support,
    WayBack,
    with_endpoints,
)
from assistant.integration.own import own_app_id
from assistant.integration.reading import check_integration, read_integration

__all__ = [
    "ClientSecret",
    "Integration",
    "Logo",
    "LogoKind",
    "Look",
    "Mistake",
    "OtherFiles",
    "RedirectPage",
    "Relay",
    "SecretSource",
    "Support",
    "WayBack",
    "check_integration",
    "own_app_id",
    "read_integration",
    "take_client_secret",
    "with_endpoints",
]
