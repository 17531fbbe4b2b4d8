"""A BankID sign-in under way: who it is for, since when, and what the app on this device would be started with."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from assistant.practice.credentials import new_uuid

SIGNING_SECONDS = 4.0
"""How long the invented person needs in the invented app."""


@dataclass(slots=True, kw_only=True)
class BankIdOrder:
    """One order. Its time is the computer's, since the practice clock may stand still.

    Attributes:
        autostart_token: opens the app on this device; a random UUID, as BankID's own are.
        signed: whether "I have signed" was pressed.
    """

    person_id: str
    autostart_token: str = field(repr=False)
    begun: float
    signed: bool = False

    @classmethod
    def begin(cls, person_id: str) -> BankIdOrder:
        """A new order for that person."""
        return cls(person_id=person_id, autostart_token=new_uuid(), begun=time.monotonic())

    @property
    def autostart_address(self) -> str:
        """What the page opens on this device."""
        return f"bankid:///?autostarttoken={self.autostart_token}&redirect=null"

    @property
    def seconds(self) -> float:
        """How long it has been under way."""
        return time.monotonic() - self.begun
