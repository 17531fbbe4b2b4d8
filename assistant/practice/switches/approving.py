"""Answers of the switches about rights, licences, consent and what comes back."""

from __future__ import annotations

from enum import Enum

from assistant.language import N_


class Rights(Enum):
    """What everybody is at their company."""

    AS_INVENTED = N_("as invented for each person")
    NO_ADMINISTRATOR = N_("nobody is a system administrator")
    ALL_CONSULTANTS = N_("everybody is an accounting consultant")


class Consultants(Enum):
    """How consultants are received."""

    LET_IN = N_("like anybody else")
    STOPPED = N_("stopped on a page that names Digital byrå")
    SENT_BACK = N_("sent back with an error that names Digital byrå")


class Licences(Enum):
    """Which licences the companies have."""

    AS_INVENTED = N_("as invented for each company")
    NO_MODULES = N_("none for any module")
    NO_INTEGRATION = N_("none for integrations")


class LicenceNoticed(Enum):
    """When a missing licence is noticed."""

    AT_COMPANY = N_("when the company is chosen")
    AT_TOKEN = N_("when a token is asked for")
    AT_CALL = N_("when the API is called")


class Refusal(Enum):
    """An error that comes back whoever signs in."""

    NONE = N_("none")
    DECLINED = N_("the approval counts as declined")
    TOO_FEW_PERMISSIONS = N_("the user has too few permissions")
    NEW_CONSULTANT = N_("a new consultant has to use Digital byrå")
    NOT_ENOUGH_LICENCES = N_("the company has too few licences")
    CLIENT_NOT_ENABLED = N_("the client id is not switched on for OAuth")
    FAULT = N_("a fault of the server")
    UNAVAILABLE = N_("not available for the moment")
    UNHEARD_OF = N_("an error nobody has heard of")


class ErrorState(Enum):
    """Whether `state` comes back with an error."""

    ECHO = N_("comes back")
    OMIT = N_("is left out")


class ErrorText(Enum):
    """Whether an error comes back with a description."""

    SENT = N_("is sent along")
    OMIT = N_("is left out")


class Callback(Enum):
    """What comes back after the person has approved."""

    NORMAL = N_("code and state")
    NONE = N_("nothing: the browser stays")
    EMPTY = N_("the address without code and state")
    EMPTY_QUERY = N_("the address with an empty query")
    WITHOUT_STATE = N_("the code without state")
    OTHER_STATE = N_("the code with another state")
    TWO_CODES = N_("two codes")
    CODE_AND_ERROR = N_("a code and an error")
    OTHER_ISSUER = N_("a code that names another issuer")


class CodeOnArrival(Enum):
    """What an authorization code is worth when it comes back."""

    FRESH = N_("fresh")
    EXPIRED = N_("too old, by a minute")
    USED = N_("used already by somebody else")


class ConsentRecorded(Enum):
    """When a service account's consent begins."""

    AT_APPROVAL = N_("when the person approves")
    AT_EXCHANGE = N_("when the code is exchanged")


class ScopesGranted(Enum):
    """How many of the permissions asked for are granted."""

    ALL = N_("all")
    ONE_FEWER = N_("all but the last one")
    NOT_TOLD = N_("all, but the answer does not say so")
