"""When help is offered at the sign-in, in the window or outside, and which causes fit what was seen. No Qt.

Nobody outside knows which page Fortnox shows, and no script may look. What can be seen: whether a page came at all,
which host it is from, whether BankID was started, and how long nothing has moved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from assistant.integration import WayBack
from assistant.language import N_

NUDGE_SECONDS: Final = (60.0, 180.0)
"""After so long without movement help is offered, and offered again with more weight."""


class Movement(Enum):
    """What counts as going on."""

    HOST_CHANGED = "host-changed"
    PAGE_LOADED = "page-loaded"
    BANKID = "bankid"
    OPENED_AGAIN = "opened-again"
    PASTED = "pasted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What was seen of one attempt so far.

    Attributes:
        pages: how many pages were loaded.
        fortnox: whether the page on show is Fortnox's.
        bankid: whether BankID was handed over since the last page.
        service: a service account is asked for, which only a system administrator can approve.
        own_browser: how the answer comes back from the person's own browser, of which nothing can be seen; None while
            the page is inside the window.
    """

    pages: int = 0
    fortnox: bool = True
    bankid: bool = False
    service: bool = False
    own_browser: WayBack | None = None


_NOTHING_CAME = (
    N_("The internet is slow or missing. Check that another web page opens."),
    N_("The page got stuck. Load it again with the round arrow above it."),
    N_("Something on the company's network stops it. Ask IT to allow apps.fortnox.se."),
)
_BANKID_WAITS = (
    N_("BankID waits on another device. Open the BankID app on your phone."),
    N_("The BankID window is behind this one."),
    N_("BankID gave up waiting. Start it again on the page."),
)
_ELSEWHERE = (
    N_("The page belongs to another sign-in, such as your company's own. Finish it there."),
    N_("A code was sent to your phone, or to an app there."),
    N_("The page got stuck. Load it again with the round arrow above it."),
)
_FIRST_PAGE = (
    N_("BankID waits on your phone. Open the BankID app."),
    N_("The sign-in details don't fit. Use those you usually use at fortnox.se."),
    N_("Another window has the focus. Click in the page first."),
)
_LATER_PAGE = (
    N_("The button ”Godkänn & aktivera” (approve and activate) is further down. Scroll to the end of the page."),
    N_("The company isn't in the list. Your sign-in may not include it."),
    N_("The page wants a choice or a tick before it goes on."),
)
_OWN_BROWSER = (
    N_("The page waits in the other browser, perhaps behind this window. Go on there."),
    N_("BankID waits on your phone. Open the BankID app."),
    N_("The page was closed, or never came. Open the browser again with the button above."),
)
_TO_PASTE = (
    N_("You are through already. Copy the whole address of the page you ended on, and paste it above."),
    *_OWN_BROWSER[:2],
)
_NOT_ADMINISTRATOR = N_("Fortnox wants a system administrator. Go back and choose who should connect.")


def likely_causes(observed: Observed) -> tuple[str, str, str]:
    """The three likeliest causes, as message ids, the likeliest first."""
    if observed.own_browser is WayBack.PASTE:
        return _TO_PASTE
    if observed.own_browser is not None:
        return _OWN_BROWSER
    if observed.pages == 0:
        return _NOTHING_CAME
    if observed.bankid:
        return _BANKID_WAITS
    if not observed.fortnox:
        return _ELSEWHERE
    if observed.pages == 1:
        return _FIRST_PAGE
    if observed.service:
        return (_LATER_PAGE[0], _LATER_PAGE[1], _NOT_ADMINISTRATOR)
    return _LATER_PAGE


def after(observed: Observed, movement: Movement, *, fortnox: bool | None = None) -> Observed:
    """What is known once `movement` was seen; `fortnox` says whose host a changed host is."""
    match movement:
        case Movement.PAGE_LOADED:
            return replace(observed, pages=observed.pages + 1, bankid=False)
        case Movement.HOST_CHANGED:
            return replace(observed, fortnox=observed.fortnox if fortnox is None else fortnox, bankid=False)
        case Movement.BANKID:
            return replace(observed, bankid=True)
        case Movement.OPENED_AGAIN | Movement.PASTED:
            return observed
