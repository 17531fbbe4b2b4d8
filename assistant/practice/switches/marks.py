"""How sure anybody outside Fortnox can be of an answer, and where in a connection a switch counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from assistant.language import N_


class Mark(Enum):
    """How sure anybody outside Fortnox can be. Values are message ids."""

    DOCUMENTED = N_("documented")
    REPORTED = N_("reported by users")
    CODE = N_("seen in client code")
    INFERRED = N_("inferred")
    GUESSED = N_("guessed")
    NETWORK = N_("any network can do this")


class Stage(Enum):
    """Where in a connection a switch or a situation counts, in order. Values are message ids."""

    PORTAL = N_("What the vendor has registered")
    SIGN_IN = N_("Signing in")
    APPROVAL = N_("Choosing the company and approving")
    CALLBACK = N_("Coming back")
    TOKENS = N_("Tokens")
    CALLS = N_("Reading the company")
    NETWORK = N_("The way there")


@dataclass(frozen=True, slots=True)
class Asks:
    """What a switch asks (a message id), how sure anybody can be of its first answer, and where it counts."""

    text: str
    mark: Mark
    stage: Stage
