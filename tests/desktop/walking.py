"""The ways through the pages that several tests take, by Tab and Enter."""

from __future__ import annotations

from tests.desktop.program import Program

COMPANY = "Björkdalens Trävaror AB"
"""The first of those that the first person of practice may choose."""

APPROVE, OPEN = "Godkänn", "Open Lagerkoll"
_SIGN_IN_PAGE = "Choose who you want to be. The password is filled in."


def to_permissions(window: Program) -> None:
    """From the first page to the permissions."""
    for button in ("Start", "Continue"):
        window.screen.wait_for(button)
        window.keyboard.choose(button, role="push button")
    window.screen.wait_for("Sign in to Fortnox")


def to_sign_in(window: Program) -> None:
    """From the first page to the sign-in page of practice."""
    to_permissions(window)
    window.keyboard.choose("Sign in to Fortnox", role="push button")
    window.screen.wait_for(_SIGN_IN_PAGE)


def sign_in(window: Program, *, person: str = "Anna Björkdal", company: str = COMPANY, password: str = "") -> None:
    """Signs in at practice and approves. A password given is typed, in place of the one filled in."""
    if password:
        window.keyboard.tab_to("Password", role="text")
        window.keyboard.press("ctrl+a")
        window.keyboard.type(password)
    window.keyboard.choose(f"Sign in as {person}")
    window.screen.wait_for("Choose the company")
    window.keyboard.choose(company)
    window.screen.wait_for("Permissions")
    window.keyboard.choose(APPROVE)


def confirm(window: Program, *, company: str = COMPANY) -> None:
    """Says yes to the company and waits for the last page."""
    window.screen.wait_for("Is this the right company?")
    window.keyboard.choose(f"Yes, connect {company}")
    window.screen.wait_for(OPEN)
