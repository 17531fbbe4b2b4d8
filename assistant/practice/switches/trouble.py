"""What can go wrong between two computers, and where."""

from __future__ import annotations

from enum import Enum

from assistant.language import N_


class Trouble(Enum):
    """What becomes of an answer. Values are message ids."""

    NONE = N_("nothing goes wrong")
    SLOW = N_("the answer takes three seconds")
    STALLED = N_("no answer ever comes")
    DRIP = N_("the answer drips in, one byte a second")
    CUT_BEFORE = N_("the connection is cut before any answer")
    CUT_AFTER_WORK = N_("the work is done, then the connection is cut")
    CUT_AFTER_HEADERS = N_("the connection is cut after the headers")
    CUT_MIDWAY = N_("the connection is cut in the middle")
    HALF = N_("the answer is only half there")
    EMPTY = N_("the answer is empty")
    WRONG_TYPE = N_("the answer says it is plain text")
    HTML = N_("a page comes instead of the answer")
    MAINTENANCE = N_("a maintenance page comes (503)")
    GATEWAY = N_("something between reports a fault (502)")
    FAULT = N_("the server reports a fault (500)")
    FORBIDDEN = N_("something refuses with a page (403)")
    OVERSIZED = N_("the answer has five million bytes")
    REDIRECT = N_("the answer points somewhere else")
    TOO_MANY = N_("too many calls (429), with no time to wait")
    TOO_MANY_WAIT = N_("too many calls (429), with a time to wait")


class Place(Enum):
    """Which requests a trouble strikes. Values are the names of the switches."""

    AUTHORIZE = "at_authorize"
    CONSENT = "at_consent"
    EXCHANGE = "at_exchange"
    RENEWAL = "at_renewal"
    SERVICE_TOKEN = "at_service_token"  # noqa: S105 - the name of a switch
    REVOCATION = "at_revocation"
    MIGRATION = "at_migration"
    COMPANY = "at_company"
    PERSON = "at_person"
