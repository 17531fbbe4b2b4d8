"""Answers of the switches about the vendor's registration in the developer portal."""

from __future__ import annotations

from enum import Enum

from assistant.language import N_


class ClientId(Enum):
    """Whether the client id is known."""

    REGISTERED = N_("registered")
    UNKNOWN = N_("unknown: the sign-in ends on a page")


class ClientSecret(Enum):
    """Whether the client secret is the one that the portal shows now."""

    VALID = N_("the registered one")
    REPLACED = N_("replaced in the portal since")


class RedirectRegistration(Enum):
    """Which redirect URIs the portal accepts."""

    ONE = N_("the registered one alone")
    SEVERAL = N_("loopback addresses on port 8642 as well")
    ANY = N_("any: the field was left empty")
    ANOTHER = N_("only one that the program does not send")


class PortalScopes(Enum):
    """Which permissions are switched on in the portal."""

    ALL = N_("all the program asks for")
    ONE_FEWER = N_("all but the last one asked for")


class PortalServiceAccounts(Enum):
    """The portal setting that allows service accounts."""

    AS_REGISTERED = N_("as the integration is registered")
    OFF = N_("switched off")


class Purchase(Enum):
    """Whether the integration is bought through Fortnox."""

    NOT_NEEDED = N_("not needed")
    MISSING = N_("needed, and not made")


class Pkce(Enum):
    """What is made of a PKCE code challenge."""

    IGNORE = N_("ignored")
    REQUIRE = N_("required and checked")
    REJECT = N_("refused")


class BodyCredentials(Enum):
    """Whether client id and secret may stand in the body instead of the header."""

    REFUSE = N_("refused")
    ACCEPT = N_("accepted")
