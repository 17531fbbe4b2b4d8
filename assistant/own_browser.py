"""A sign-in in the person's own browser: listens for its answer, and tells the page there how it ended. No Qt.

The browser's request is held open until the journey has checked the answer, so that its page can say what is true.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from assistant.fortnox.authorization import AuthorizationRequest
from assistant.fortnox.redirect import RedirectUri, belongs_to
from assistant.journey import Event, Journey, Step, events
from assistant.language import _, current
from assistant.loopback import Visitor, listening, page
from assistant.problems import Occurrence, ProblemError
from assistant.problems.unplanned import unplanned
from assistant.problems.words import words

HOLD_SECONDS: Final = 20.0
"""How long the browser waits for its page. Then it says that the check goes on in the window."""
_CLOSING_SECONDS: Final = 1.0


class OwnBrowser:
    """One listener at a time, and the browsers that brought an answer.

    Args:
        to_front: brings the window to the front once the page in the browser has said its word.
        hold_seconds: how long a browser's request is held open at most.
    """

    def __init__(self, to_front: Callable[[], None], *, hold_seconds: float = HOLD_SECONDS) -> None:
        self._to_front, self._hold_seconds = to_front, hold_seconds
        self._waiting: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None  # a listener that lets go of its port
        self._hosting: set[asyncio.Task[None]] = set()
        self._outcomes: dict[int, asyncio.Future[bytes]] = {}

    def listen(
        self,
        attempt: int,
        request: AuthorizationRequest,
        send: Callable[[Event], None],
        name: str,
        *,
        within: float | None = None,
        late: Occurrence | None = None,
    ) -> None:
        """Listens for the answer to `request`; sends Listening, then Redirected, or SignInStopped.

        Args:
            name: the integration's, for the page of somebody who came with something else.
            within: the seconds until somebody listens; how long the answer may take is for others to say.
            late: what it is when nobody does by then.
        """
        self.end()
        waiting = self._wait(attempt, request, send, name, self._ending, within, late)
        self._waiting = asyncio.get_running_loop().create_task(waiting)

    def end(self) -> None:
        """Listens no longer. A browser that brought its answer keeps its page."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._ending, self._waiting = self._waiting, None

    def follow(self, state: Journey) -> None:
        """Tells the browsers that wait for a page what has become of their answer."""
        for attempt, outcome in list(self._outcomes.items()):
            said = _outcome(state, attempt)
            if said is not None and not outcome.done():
                outcome.set_result(said)

    async def close(self) -> None:
        """Lets go of everything; a page that is under way gets a moment."""
        self.end()
        for outcome in self._outcomes.values():
            if not outcome.done():
                outcome.set_result(_ended())
        tasks = {*self._hosting, *((self._ending,) if self._ending else ())}
        if tasks:
            _done, late = await asyncio.wait(tasks, timeout=_CLOSING_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _wait(
        self,
        attempt: int,
        request: AuthorizationRequest,
        send: Callable[[Event], None],
        name: str,
        before: asyncio.Task[None] | None,
        within: float | None,
        late: Occurrence | None,
    ) -> None:
        limit = asyncio.timeout(within)
        try:
            async with limit:
                if before is not None:  # its port is ours in a moment
                    await asyncio.wait({before})
                async with listening(
                    RedirectUri(request.redirect_uri),
                    lambda address: belongs_to(address, request),
                    stray_page=lambda: _stray(name),
                ) as listener:
                    limit.reschedule(None)
                    send(events.Listening(attempt=attempt))
                    visitor = await listener.first()
        except TimeoutError as fault:
            self._waiting = None
            stopped = late if limit.expired() and late is not None else unplanned(fault)
            send(events.SignInStopped(attempt=attempt, occurrence=stopped))
            return
        except ProblemError as problem:
            self._waiting = None
            send(events.SignInStopped(attempt=attempt, occurrence=problem.occurrence))
            return
        except Exception as fault:  # noqa: BLE001 - nothing may end in a traceback nobody sees
            self._waiting = None
            send(events.SignInStopped(attempt=attempt, occurrence=unplanned(fault)))
            return
        self._waiting = None
        self._outcomes[attempt] = asyncio.get_running_loop().create_future()
        task = asyncio.get_running_loop().create_task(self._host(attempt, visitor, name))
        self._hosting.add(task)
        task.add_done_callback(self._hosting.discard)
        send(events.Redirected(attempt=attempt, address=visitor.address))

    async def _host(self, attempt: int, visitor: Visitor, name: str) -> None:
        try:
            async with asyncio.timeout(self._hold_seconds):
                said = await self._outcomes[attempt]
        except TimeoutError:
            said = _still_checking(name)
        except asyncio.CancelledError:
            visitor.leave()
            raise
        finally:
            del self._outcomes[attempt]
        await visitor.show(said)
        self._to_front()
        await visitor.part()


def _outcome(state: Journey, attempt: int) -> bytes | None:
    """What the browser of `attempt` is to say now; None while it is still being checked."""
    if state.attempt != attempt or state.step in (Step.CLOSING, Step.CLOSED):
        return _ended()
    if state.step in (Step.SIGN_IN, Step.CHECKING):
        return None
    if state.step is Step.PROBLEM and state.problem is not None:
        told = words(state.problem, integration=state.integration)
        return _page(
            told.title,
            _(
                "Nothing is saved. Go back to {integration}: the window there says what to do.",
                integration=state.integration.name,
            ),
            _("You can close this page."),
            code=_("Error code {code}", code=state.problem.code),
        )
    return _page(
        _("You are signed in"),
        _("You can close this page and go back to {integration}.", integration=state.integration.name),
        _("The window there asks whether it is the right company."),
    )


def _still_checking(name: str) -> bytes:
    return _page(
        _("Fortnox is still being asked"),
        _("You can close this page and go back to {integration}.", integration=name),
        _("The window there tells you how it ends."),
    )


def _ended() -> bytes:
    return _page(_("This sign-in was ended"), _("Nothing is saved."), _("You can close this page."))


def _stray(name: str) -> bytes:
    return _page(
        _("This page does not belong to the sign-in under way"),
        _(
            "Did Fortnox send you here just now? Then open the browser again from the window of {integration}.",
            integration=name,
        ),
        _("You can close this page and go back to {integration}.", integration=name),
    )


def _page(title: str, *lines: str, code: str = "") -> bytes:
    return page(language=current().code, title=title, lines=lines, code=code)
