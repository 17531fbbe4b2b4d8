"""Every widget of the window's look on a few sheets, for one's own eyes and for the tests that measure them.

    python -m tests.window.preview_look FOLDER

writes one PNG a sheet and theme. Offscreen works.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from assistant.window import buttons
from assistant.window.banner import Banner, Tone
from assistant.window.cards import Choice, ChoiceCards
from assistant.window.field import TextField
from assistant.window.folded import FoldedRow
from assistant.window.footer import Action, ButtonRow
from assistant.window.frame import Frame
from assistant.window.icons import HeroIcon
from assistant.window.page import Page
from assistant.window.palette import CONTRAST_ON_BLACK, CONTRAST_ON_WHITE, DEFAULT_ACCENT, Scheme
from assistant.window.rows import CheckRow, CheckState, IconLine, PermissionRow
from assistant.window.spinner import Spinner
from assistant.window.summary import SummaryList
from assistant.window.surface import Card
from assistant.window.text import Body, Caption, Code, Fact, Heading, Lead, SectionTitle, Strong
from assistant.window.theme import Theme, build, look

THEMES: dict[str, Callable[[float], Theme]] = {
    "light": lambda scale: build(vendor_accent=DEFAULT_ACCENT, text_scale=scale),
    "dark": lambda scale: build(scheme=Scheme.DARK, vendor_accent=DEFAULT_ACCENT, text_scale=scale),
    "green": lambda scale: build(vendor_accent="#1A6B4F", text_scale=scale),
    "red": lambda scale: build(vendor_accent="#E30613", text_scale=scale),
    "contrast-black": lambda scale: build(scheme=Scheme.DARK, contrast_pairs=CONTRAST_ON_BLACK, text_scale=scale),
    "contrast-white": lambda scale: build(contrast_pairs=CONTRAST_ON_WHITE, text_scale=scale),
}


def _frame(page: QWidget, row: ButtonRow, *, step: int, stopped: bool = False) -> Frame:
    frame = Frame()
    frame.set_integration("Lagerkoll – koppla till Fortnox")
    frame.set_step(step, stopped=stopped)
    frame.set_support_code("K7P-4M2")
    frame.set_content(page)
    frame.set_buttons(row)
    return frame


def welcome() -> Frame:
    page = Page()
    page.add(Heading("Koppla Lagerkoll till Fortnox"))
    page.add(Lead("Det tar ungefär tre minuter. Du köper inget här och du kan avbryta när du vill."))
    for number, (name, text) in enumerate(
        (
            ("log-in", "Du loggar in hos Fortnox, här i fönstret."),
            ("building-2", "Du ser vilket företag det gäller innan något sparas."),
            ("lock", "Ditt lösenord lämnar du bara till Fortnox."),
        )
    ):
        page.add(IconLine(text, icon_name=name), before=0 if number else 16)
    page.add(SectionTitle("Ha det här till hands"), before=24)
    page.add(
        Body("Ditt BankID eller din inloggning till Fortnox. Det går bäst om du är systemadministratör i Fortnox.")
    )
    page.add(SectionTitle("Den här datorn"), before=24)
    states = (
        ("Internet", CheckState.OK, {}),
        ("Datorns klocka", CheckState.WORKING, {}),
        ("Datorns lösenordsvalv", CheckState.ATTENTION, {"sentence": "Det är låst. Du låser upp det i steg 4."}),
        ("Webbläsaren", CheckState.WAITING, {}),
    )
    for name, state, more in states:
        row = CheckRow(name)
        row.set_state(state, **more)
        page.add(row, before=0)
    page.add(buttons.LinkButton("Jag är inte systemadministratör"), before=16, alignment=Qt.AlignmentFlag.AlignLeft)
    frame = _frame(page, ButtonRow(cancel=Action("Avbryt"), filled=Action("Börja")), step=1)
    frame.set_practice(True)
    return frame


def account() -> Frame:
    page = Page()
    page.add(Heading("I vems namn ska Lagerkoll arbeta i Fortnox?"))
    cards = ChoiceCards(
        (
            Choice(
                key="service",
                icon="server-cog",
                title="I företagets namn",
                kind="Servicekonto",
                tag="Rekommenderas",
                consequence="Kopplingen fortsätter att fungera även om du slutar eller byter arbetsuppgifter.",
                lines=(
                    ("Kräver", "att en systemadministratör godkänner."),
                    ("Gäller", "tills företaget tar bort den."),
                ),
            ),
            Choice(
                key="user",
                icon="user-round",
                title="I ditt namn",
                kind="Användarkonto",
                consequence="Lagerkoll får göra det som du själv får göra i Fortnox, "
                "och slutar fungera om din användare tas bort.",
                lines=(("Kräver", "att du har licenserna."), ("Gäller", "så länge den används minst var 45:e dag.")),
            ),
        ),
        name="I vems namn ska Lagerkoll arbeta i Fortnox?",
    )
    page.add(cards, before=24)
    folded = FoldedRow("Jag vet inte om jag är systemadministratör")
    folded.add(Body("Så ser du det: klicka på företagsnamnet uppe till höger i Fortnox."))
    folded.add(buttons.OutlinedButton("Kopiera text till administratören", icon_name="copy"))
    folded.set_open(True)
    page.add(folded, before=16)
    row = ButtonRow(cancel=Action("Avbryt"), back=Action("Tillbaka"), filled=Action("Fortsätt"))
    return _frame(page, row, step=2)


def permissions() -> Frame:
    page = Page()
    page.add(Heading("Det här får Lagerkoll göra i Fortnox"))
    page.add(Lead("I Fortnox hör läsa och ändra ihop: en behörighet ger rätt till båda."))
    rows = (
        ("Företagsinformation", "building-2", "Företagets namn, organisationsnummer och adress.", "", "", ""),
        ("Artikel", "tag", "Artikelregistret: varor och tjänster.", "Lagerkoll läser artiklarna för att visa saldo.",
         "Order eller Kundfaktura", ""),
        ("Betalning", "banknote", "Registrera betalningar av kund- och leverantörsfakturor i Fortnox.", "",
         "Bokföring, Order eller Kundfaktura", "Inga pengar flyttas från banken."),
    )  # fmt: skip
    for name, icon_name, description, why, licence, extra in rows:
        page.add(
            PermissionRow(name, icon_name=icon_name, description=description, why=why, licence=licence, extra=extra)
        )
    key = TextField("Aktiveringsnyckel", hint="Den kommer från Exempelbolaget AB.", secret=True, paste=True)
    key.line.setText("abc")
    key.set_error("Nyckeln är för kort. Kopiera hela nyckeln och klistra in den.")
    page.add(key, before=24)
    page.add(FoldedRow("Jag arbetar på redovisningsbyrå"), before=16)
    page.add(FoldedRow("Någon ser min skärm"), before=0)
    row = ButtonRow(cancel=Action("Avbryt"), back=Action("Tillbaka"), filled=Action("Logga in i Fortnox"))
    return _frame(page, row, step=3)


def confirm() -> Frame:
    page = Page()
    page.add(Heading("Är det här rätt företag?"))
    card = Card()
    card.add(Fact("Snickeriet i Västra Götaland AB"))
    card.add(Body("556677-8899 · Göteborg", colour="muted"))
    card.add(
        SummaryList(
            (("Kontotyp", "Servicekonto"), ("Godkänt av", "Anna Andersson"), ("Behörigheter", "3 av 3 godkända"))
        ),
        before=8,
    )
    page.add(card, before=16)
    page.add(
        Banner("Nyckeln till Order saknas.", tone=Tone.WARNING, title="En behörighet saknas", button="Visa hur"),
        before=16,
    )
    page.add(Body("Inget är sparat än."), before=16)
    row = ButtonRow(
        cancel=Action("Avbryt"),
        second=Action("Nej, fel företag"),
        filled=Action("Sparar", busy=True),
    )
    frame = _frame(page, row, step=5)
    frame.set_other_host("localhost:8080")
    return frame


def problem() -> Frame:
    page = Page()
    page.add(HeroIcon("hero-stop", role="danger"))
    page.add(Heading("Fortnox har inte svarat"), before=16)
    page.add(Lead("Det kan bero på att sidan stängdes eller att inloggningen tog för lång tid."))
    page.add(SectionTitle("Gör så här"), before=24)
    page.add(Body("1. Försök en gång till."))
    page.add(Body("2. Kommer du inte in på fortnox.se heller: kontakta Fortnox."))
    page.add(Strong("Vem kan lösa det"), before=16)
    page.add(Body("Du"))
    page.add(Code("AUTH-07"), before=16)
    for tone in Tone:
        page.add(Banner("Ett företag kan bara ha ett servicekonto.", tone=tone), before=8)
    row = ButtonRow(cancel=Action("Stäng"), back=Action("Tillbaka"), filled=Action("Försök igen"))
    return _frame(page, row, step=4, stopped=True)


def parts() -> QWidget:
    sheet = Page(maximum=None)
    for kind in (buttons.FilledButton, buttons.OutlinedButton, buttons.TallOutlinedButton, buttons.QuietButton,
                 buttons.LinkButton):  # fmt: skip
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        for enabled, busy, name in (
            (True, False, ""),
            (False, False, ""),
            (True, True, ""),
            (True, False, "external-link"),
        ):
            button = kind("Öppna Lagerkoll", icon_name=name)
            button.setEnabled(enabled)
            button.set_busy(busy)
            row.addWidget(button)
        row.addStretch(1)
        sheet.add(line)
    sheet.add(Caption("Caption 2027-01-04"))
    sheet.add(Spinner(), alignment=Qt.AlignmentFlag.AlignLeft)
    sheet.add(buttons.IconButton("refresh-cw", "Hämta igen"), alignment=Qt.AlignmentFlag.AlignLeft)
    for state in CheckState:
        row = CheckRow(state.value)
        row.set_state(state)
        sheet.add(row)
    sheet.resize(1000, 720)
    return sheet


SHEETS: dict[str, Callable[[], QWidget]] = {
    "welcome": welcome,
    "account": account,
    "permissions": permissions,
    "confirm": confirm,
    "problem": problem,
    "parts": parts,
}


@contextmanager
def shown(
    sheet: str, theme_name: str = "light", *, scale: float = 1.0, size: tuple[int, int] | None = None
) -> Iterator[QWidget]:
    """One sheet in one theme, on the screen until the block ends. The application must exist."""
    look().show(THEMES[theme_name](scale))
    widget = SHEETS[sheet]()
    try:
        if size:
            widget.resize(*size)
        widget.show()
        QApplication.processEvents()
        yield widget
    finally:
        destroy(widget)


def destroy(widget: QWidget) -> None:
    """Ends `widget` now. Left to the garbage collector it would get events while Python takes it apart."""
    widget.close()
    shiboken6.delete(widget)


def main(folder: Path) -> None:
    app = QApplication([])
    app.setStyle("Fusion")
    from assistant.language import use

    use("sv")
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in SHEETS:
        for theme_name in THEMES:
            for scale, size, suffix in ((1.0, None, ""), (2.0, (1024, 600), "-200"), (1.0, (1024, 520), "-small")):
                with shown(sheet, theme_name, scale=scale, size=size) as widget:
                    widget.grab().save(str(folder / f"{sheet}-{theme_name}{suffix}.png"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
