"""The problem page of any problem, in the real window: for the tests that measure it, and for one's own eyes.

    python -m tests.window.problem_pages FOLDER [CODE ...]

writes one PNG a problem and language. Offscreen works.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    import assistant.window  # noqa: F401 - before any call into Qt

from PySide6.QtWidgets import QApplication

from assistant.fortnox.account import AccountKind
from assistant.integration import Integration, SecretSource, Support
from assistant.journey import Journey, Step, begin
from assistant.language import languages, placeholders, use
from assistant.problems import CATALOGUE, Occurrence, occurrence, problem
from assistant.window.main_window import MainWindow
from assistant.window.pages.problem import ProblemPage
from assistant.window.palette import DEFAULT_ACCENT
from assistant.window.theme import build, look
from tests.journey import honest
from tests.window.preview_look import destroy

SUPPORT_CODE = "K7P-4M2"
SIZE = (1024, 600)
FACTS = {
    "host": "apps.fortnox.se",
    "issuer": "Brandvägg och Säker Surf AB (apps.fortnox.se)",
    "licences": "Order; Bokföring, Order eller Kundfaktura",
    "permission": "Artiklar",
    "right": "Björkdalens Trävaror AB",
    "wrong": "Västra Götalands läns Snickeri AB",
    "wait": "30 seconds",
    "scheme": "mailto",
    "system": "Linux",
    "shown": "2026-11-23 09:12",
    "file": "lagerkoll.setupassistant",
    "source": "LAGERKOLL_SECRET",
    "where": "integration.scopes",
    "what": "article and order are missing.",
    "count": "2",
    "port": "4242",
    "proxy": "proxy.exempelbolaget.example:8080",
    "address": "https://lagerkoll.example/activation",
}
DETAILS = {"HTTP status": 403, "OAuth": "access_denied", "Grant": "authorization_code", "Proxy": FACTS["proxy"]}


def integration(*, asks: bool = False, **changes: object) -> Integration:
    """One that has everything a way on could need; `asks` for an activation key, where others have a file."""
    bare = honest.integration(
        source=SecretSource.ASK if asks else SecretSource.FILE,
        scopes=("companyinformation", "article", "order", "invoice", "salary"),
    )
    full = replace(
        bare,
        listing="https://www.fortnox.se/integrationer/lagerkoll",
        support=Support(phone="+46 8 000 00 00", email="help@lagerkoll.example", hours="08-17"),
    )
    return replace(full, **changes)  # type: ignore[arg-type]


def happened(code: str) -> Occurrence:
    """Problem `code` with all that its texts can name, and details."""
    names = set().union(*map(placeholders, problem(code).texts))
    facts = {name: FACTS[name] for name in names if name in FACTS}
    if "shown" in names:
        facts["right"] = "2026-11-23 09:31"
    return occurrence(code, DETAILS, **facts)


def stopped(code: str, used: Integration, *, at: Step = Step.SIGN_IN) -> Journey:
    """A journey that a person had walked to `at`, service account chosen, when `code` stopped it."""
    state = begin(used, account=AccountKind.SERVICE)[0]
    return replace(state, step=Step.PROBLEM, stopped_at=at, problem=happened(code), attempt=1)


@contextmanager
def window(used: Integration, *, size: tuple[int, int] = SIZE, scale: float = 1.0) -> Iterator[MainWindow]:
    """The window on the screen. The application must exist."""
    look().show(build(vendor_accent=DEFAULT_ACCENT, text_scale=scale))
    shown = MainWindow(used, support_code=SUPPORT_CODE)
    try:
        shown.resize(*size)
        shown.show()
        yield shown
    finally:
        destroy(shown)


def show(shown: MainWindow, state: Journey) -> ProblemPage:
    """Shows `state` and returns its page, laid out."""
    shown.show_state(state)
    for _ in range(3):
        QApplication.processEvents()
    page = shown.wizard.problem
    assert shown.wizard.shown is page
    return page


def main(folder: Path, codes: list[str]) -> None:
    """Writes the pictures."""
    application = QApplication([])
    application.setStyle("Fusion")
    folder.mkdir(parents=True, exist_ok=True)
    used = integration()
    for language in languages():
        use(language)
        with window(used) as shown:
            for code in codes or CATALOGUE:
                show(shown, stopped(code, used))
                shown.grab().save(str(folder / f"{code}-{language}.png"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
