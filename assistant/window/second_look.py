"""What the window does about a sign-in page that stopped, before the person hears of it.

A certificate that the engine refuses and this program's other half accepts is the company's own, missing in one of two
lists: that has a remedy of its own. A page of which nothing is drawn is tried again without the graphics card.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from assistant.fortnox.authorization import AuthorizationRequest
from assistant.journey import Event, events
from assistant.problems import occurrence

if TYPE_CHECKING:
    from assistant.window.pages.sign_in import SignInPage

AUTHORITY_UNKNOWN: Final = "-202"  # net::ERR_CERT_AUTHORITY_INVALID
ADD_ROOT: Final = "certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n company-root -i root.pem"
"""For IT: puts a root certificate into the list that the engine reads on Linux, as the person's own user."""
LOOK_SECONDS: Final = 5.0


class SecondLook:
    """The sign-in page as the journey's port.

    Args:
        page: shows the sign-in.
        trusts: whether requests would be sent to an origin, by its certificate.
        restart: starts the program again without the graphics card; False where that has been done already.
    """

    def __init__(
        self, page: SignInPage, *, trusts: Callable[[str], Awaitable[bool]], restart: Callable[[], bool]
    ) -> None:
        self._page, self._trusts, self._restart = page, trusts, restart
        self._looking: set[asyncio.Task[None]] = set()

    def show_request(self, attempt: int, request: AuthorizationRequest, send: Callable[[Event], None]) -> None:
        """Shows `request`; what stops it is looked at before it is sent."""
        self._page.show_request(attempt, request, lambda event: self._pass_on(event, send))

    def end_request(self) -> None:
        """Destroys the page with everything it remembers."""
        self._page.end_request()

    def _pass_on(self, event: Event, send: Callable[[Event], None]) -> None:
        if isinstance(event, events.SignInStopped):
            code = event.occurrence.code
            if code == "WEB-03" and self._restart():
                return
            browser = self._page.browser
            origin = browser.refused_origin if browser is not None else ""
            unknown = dict(event.occurrence.details).get("net_error") == AUTHORITY_UNKNOWN
            if code == "WEB-06" and unknown and origin and sys.platform.startswith("linux"):
                task = asyncio.get_running_loop().create_task(self._look(event, origin, send))
                self._looking.add(task)
                task.add_done_callback(self._looking.discard)
                return
        send(event)

    async def _look(self, event: events.SignInStopped, origin: str, send: Callable[[Event], None]) -> None:
        refused = event.occurrence
        trusted = False
        with suppress(Exception):  # a look that fails, or takes too long, must not lose what was seen first
            async with asyncio.timeout(LOOK_SECONDS):
                trusted = await self._trusts(origin)
        if trusted:
            known = occurrence("WEB-23", {**dict(refused.details), "Command": ADD_ROOT}, **refused.facts)
            event = replace(event, occurrence=known)
        send(event)
