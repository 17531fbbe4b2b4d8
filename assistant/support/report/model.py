"""What a support file holds, and what can be found out about this computer without asking anybody."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from assistant import __version__
from assistant.fortnox.account import AccountKind
from assistant.integration import Integration, SecretSource
from assistant.support.journal.events import System
from assistant.support.journal.fields import Version
from assistant.support.journal.reading import Attempt
from assistant.support.self_test.result import Check, Detail, SelfTest
from assistant.support.self_test.servers import proxy_in_use

_DISTRIBUTION: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,29}", re.ASCII)
_SYSTEMS: Final = {"linux": System.LINUX, "darwin": System.MACOS, "win32": System.WINDOWS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A screen in pixels as the window counts them; `scale` is how many real ones go into each, in per cent."""

    width: int
    height: int
    scale: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What the program runs on. None where it is not known.

    Attributes:
        patches: the version of Chromium whose security fixes the engine has.
        patched_on: when that came out, where the program was told.
        distribution: of Linux, as it calls itself in one word.
        language: of the person.
        proxy: whether a server is reached through one.
    """

    program: Version | None
    python: Version | None
    qt: Version | None = None
    chromium: Version | None = None
    patches: Version | None = None
    patched_on: date | None = None
    system: System
    release: Version | None = None
    distribution: str | None = None
    language: str
    screen: Screen | None = None
    proxy: bool | None = None
    packaged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationFacts:
    """What of the integration file support wants to see. Name and vendor are the vendor's own words."""

    name: str
    vendor: str
    secret_source: SecretSource
    accounts: tuple[AccountKind, ...]
    scopes: tuple[str, ...]
    test_server: bool

    @classmethod
    def of(cls, integration: Integration) -> IntegrationFacts:
        return cls(
            name=integration.name,
            vendor=integration.vendor,
            secret_source=integration.client_secret.source,
            accounts=integration.accounts,
            scopes=integration.scopes,
            test_server=integration.is_test_server,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportFile:
    """Everything that is in a support file.

    Attributes:
        made_at: aware.
        attempts: the newest first.
        self_test: None where it was not run.
    """

    made_at: datetime
    environment: Environment
    integration: IntegrationFacts | None
    self_test: SelfTest | None
    attempts: Sequence[Attempt]
    practice: bool = False


def this_environment(language: str, *, self_test: SelfTest | None = None, screen: Screen | None = None) -> Environment:
    """This computer; versions of Qt and engine, and the proxy, as far as `self_test` found them out."""
    engine = next((each for each in self_test.results if each.check is Check.ENGINE), None) if self_test else None
    versions = {
        name: Version.of(engine.detail(name)) if engine else None
        for name in (Detail.QT, Detail.CHROMIUM, Detail.PATCHES)
    }
    return Environment(
        program=Version.of(__version__),
        python=Version.of(platform.python_version()),
        qt=versions[Detail.QT],
        chromium=versions[Detail.CHROMIUM],
        patches=versions[Detail.PATCHES],
        system=_SYSTEMS.get(sys.platform, System.OTHER),
        release=_release(),
        distribution=_distribution(),
        language=language,
        screen=screen,
        proxy=proxy_in_use(self_test.results) if self_test else None,
        packaged=bool(getattr(sys, "frozen", False)),
    )


def _release() -> Version | None:
    if sys.platform == "darwin":
        return Version.of(platform.mac_ver()[0])
    if sys.platform == "win32":
        return Version.of(platform.version())
    return Version.of(_os_release("VERSION_ID") or platform.release())


def _distribution() -> str | None:
    found = _os_release("ID")
    return found if _DISTRIBUTION.fullmatch(found) else None


def _os_release(name: str) -> str:
    if not sys.platform.startswith("linux"):
        return ""
    try:
        return platform.freedesktop_os_release().get(name, "")
    except OSError:
        return ""
