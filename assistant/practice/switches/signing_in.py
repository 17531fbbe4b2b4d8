"""Answers of the switches about the sign-in pages."""

from __future__ import annotations

from enum import Enum

from assistant.language import N_


class SignInPage(Enum):
    """How a person signs in, or what keeps them from it."""

    PASSWORD = N_("a user name and password")
    BANKID_SCRIPT = N_("BankID on this device, opened by the page")
    BANKID_CLICK = N_("BankID on this device, opened by a press")
    BANKID_CODE = N_("BankID on another device, with a moving code")
    POP_UP = N_("a window of its own")
    REFUSES_NAME = N_("refused in a browser that names itself embedded")
    REFUSES_FEATURES = N_("refused in a browser that lacks features")
    UNFINISHED = N_("a page that never finishes")
    BLANK = N_("a blank page")

    @property
    def is_bankid(self) -> bool:
        """Whether a BankID app takes part."""
        return self in (SignInPage.BANKID_SCRIPT, SignInPage.BANKID_CLICK, SignInPage.BANKID_CODE)


class BankIdSigning(Enum):
    """When practice takes a BankID signature as given."""

    BY_ITSELF = N_("by itself, after a few seconds")
    WHEN_SAID = N_("when “I have signed” is pressed")


class BankIdEnd(Enum):
    """How a BankID sign-in ends."""

    SIGNED = N_("signed")
    CANCELLED = N_("cancelled in the app")
    TIMED_OUT = N_("given up after too long a wait")
    NO_USER = N_("no Fortnox user has this personal number")


class AlreadySignedIn(Enum):
    """What a browser that is signed in already gets to see."""

    ASK = N_("the sign-in page, naming the person")
    SKIP_SIGN_IN = N_("the company choice at once")
    SKIP_COMPANY = N_("the company of last time at once")


class Account(Enum):
    """State of the customer's Fortnox account."""

    OPEN = N_("open, as usual")
    LOCKED = N_("locked: the sign-in ends on a page")
    LOCKED_CALLBACK = N_("locked: the address comes back empty")
    USER_LOCKED = N_("open, but the user is locked")
