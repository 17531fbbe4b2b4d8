"""The list of connections in the real window, without engine or network: for tests, and for one's own eyes.

    python -m tests.window.connections_shown FOLDER

writes pictures of it in both languages, light and dark, small and large. Offscreen works.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    import assistant.window  # noqa: F401 - before any call into Qt

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from assistant.connections.removal import Removed, Revocation
from assistant.integration import Integration
from assistant.language import languages, use
from assistant.problems import occurrence
from assistant.vault.connection import Connection
from assistant.window.connections.entry import Doing, Entry, entry_of
from assistant.window.connections.page import ConnectionsPage
from assistant.window.connections.panel import Kind, RowPanel
from assistant.window.main_window import MainWindow
from assistant.window.theme import look
from tests.vault.samples import service, user
from tests.window.preview_look import THEMES, destroy
from tests.window.problem_pages import SUPPORT_CODE, integration

NOW = datetime(2026, 12, 21, 12, 0, tzinfo=UTC)
NAMES = (
    "Björkdalens Trävaror AB",
    "Kafé Måsen i Strandviken AB",
    "Lindqvists Rör & Värme AB",
    "Ångsjö Bageri HB",
    "Bröderna Öhlunds Specialsnickerier och Fastighetsförvaltning i Övre Ångsjö Aktiebolag",
    "Älvens Måleri AB",
    "Zetterströms Bygg AB",
    "Östra Hamnens Fisk AB",
    "Norrby Plåt AB",
)
SCOPES = ("companyinformation", "article")
WANTED = ("companyinformation", "article", "order")


def connections() -> list[Connection]:
    """One of every state that the disk alone can tell."""
    fresh = NOW - timedelta(days=2)
    made = [
        service(scopes_granted=WANTED, last_checked=fresh),
        user(scopes_granted=WANTED, last_checked=fresh, valid_until=NOW + timedelta(days=40)),
        service(scopes_granted=WANTED, problem="CONN-02", problem_at=fresh, last_checked=fresh),
        user(scopes_granted=WANTED, last_checked=fresh, valid_until=NOW + timedelta(days=9)),
        service(scopes_granted=SCOPES, last_checked=fresh),
        service(scopes_granted=WANTED, connected_at=NOW - timedelta(days=90)),
        service(scopes_granted=WANTED, problem="STORE-06", problem_at=fresh, last_checked=fresh),
        service(scopes_granted=WANTED, problem="CONN-03", problem_at=fresh, last_checked=fresh, relay=None),
        service(scopes_granted=WANTED, problem="CONN-07", problem_at=fresh, last_checked=NOW),
    ]
    return [
        replace(
            each,
            company_name=name,
            organisation_number=f"559999-{number:04}",
            tenant_id=str(1_100_000 + number),
        )
        for number, (each, name) in enumerate(zip(made, NAMES, strict=True))
    ]


def entries() -> list[Entry]:
    """One of every state."""
    told = [entry_of(each, now=NOW, wanted_scopes=WANTED) for each in connections()]
    extra = [
        replace(service(company_name="Aspens Redovisning AB", scopes_granted=WANTED), last_checked=NOW),
        replace(service(company_name="Dalens El AB", scopes_granted=WANTED), last_checked=NOW),
        replace(service(company_name="Eks Måleri AB", scopes_granted=WANTED), last_checked=NOW),
    ]
    waiting, unreachable, locked = (entry_of(each, now=NOW, wanted_scopes=WANTED) for each in extra)
    return [
        *told,
        replace(waiting, doing=Doing.CHECKING),
        replace(unreachable, trouble=occurrence("NET-02", host="api.fortnox.se")),
        replace(locked, trouble=occurrence("STORE-02", system="Linux")),
    ]


def many(count: int) -> list[Connection]:
    """`count` companies, a tenth of which need somebody."""
    return [
        replace(
            service(scopes_granted=WANTED, last_checked=NOW),
            company_name=f"Företag {number:04} i {'Ångsjö' if number % 3 else 'Strandviken'} AB",
            organisation_number=f"55{number:04}-{number % 10_000:04}",
            tenant_id=str(2_000_000 + number),
            problem="CONN-02" if number % 10 == 3 else None,
            problem_at=NOW if number % 10 == 3 else None,
        )
        for number in range(count)
    ]


@contextmanager
def listed(
    shown: list[Entry],
    *,
    size: tuple[int, int] = (1120, 720),
    theme_name: str = "light",
    scale: float = 1.0,
    used: Integration | None = None,
) -> Iterator[tuple[MainWindow, ConnectionsPage]]:
    """The window with `shown` in its list. The application must exist."""
    look().show(THEMES[theme_name](scale))
    window = MainWindow(used or integration(), support_code=SUPPORT_CODE)
    page = ConnectionsPage()
    try:
        window.resize(*size)
        page.model.set_entries(shown)
        window.show_home(page)
        window.show()
        window.activateWindow()
        page.list.go_to_first()
        settle()
        yield window, page
    finally:
        destroy(window)


def settle() -> None:
    """Lets layouts and single shots come to rest."""
    for _ in range(4):
        QApplication.processEvents()
    QTest.qWait(1)


def _picture(window: MainWindow, folder: Path, rest: str, name: str) -> None:
    settle()
    window.grab().save(str(folder / f"{name}-{rest}"))


def main(folder: Path) -> None:
    """Writes the pictures."""
    application = QApplication([])
    application.setStyle("Fusion")
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {
        "": ((1120, 720), 1.0),
        "-small": ((1024, 520), 1.0),
        "-large": ((1024, 600), 2.0),
        "-4k": ((3840, 2160), 1.5),
    }
    for language in languages():
        use(language)
        for theme_name in ("light", "dark", "contrast-black"):
            for suffix, (size, scale) in sizes.items():
                with listed(entries(), size=size, theme_name=theme_name, scale=scale) as (window, page):
                    picture = partial(_picture, window, folder, f"{language}-{theme_name}{suffix}.png")
                    picture("list")
                    page.show_renewal(occurrence("STORE-02", system="Linux"))
                    page.show_keychain(occurrence("STORE-02", system="Linux"))
                    page.show_progress("3 / 12", 3, 12)
                    picture("banners")
                    page.show_renewal(None)
                    page.show_keychain(None)
                    page.end_progress()
                    entry = page.list.current
                    assert entry is not None
                    page.list.open_panel(entry.id, RowPanel(Kind.REMOVE, entry))
                    picture("remove")
                    removed = Removed(connection=entry.connection, revocation=Revocation.REVOKED)
                    page.model.update_entry(replace(entry, removed=removed))
                    assert page.list.panel is not None
                    page.list.panel.show_entry(replace(entry, removed=removed))
                    picture("removed")
                    for kind in (Kind.EXPLAIN, Kind.KEY, Kind.NEEDS_FILE):
                        page.list.open_panel(entry.id, RowPanel(kind, entry))
                        picture(kind.value)
                    page.list.close_panel()
                    page.search.setText("ö")
                    picture("search")
        with listed([]) as (window, _page):
            window.grab().save(str(folder / f"empty-{language}.png"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
