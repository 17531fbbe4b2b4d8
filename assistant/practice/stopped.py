"""Pages that lead nowhere: what stops a person inside practice, where no redirect may or can be made."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from assistant.language import N_
from assistant.practice.forms import FormError
from assistant.practice.rendering import chosen_language, page
from assistant.practice.run import note


class StoppedError(Exception):
    """Ends on a page.

    Attributes:
        outcome: one word for the log.
        heading, text: message ids.
        detail: Fortnox's own words where some are known, shown as they are.
        status: of the page.
        again: where a person may start over without leaving, if anywhere.
    """

    def __init__(
        self, outcome: str, heading: str, text: str, *, detail: str = "", status: int = 400, again: str = ""
    ) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.heading = heading
        self.text = text
        self.detail = detail
        self.status = status
        self.again = again


def unreadable(error: FormError) -> StoppedError:
    """The stop for a query or form that cannot be read."""
    return StoppedError(
        "malformed",
        N_("The address cannot be read"),
        N_("Start over in the program."),
        detail=error.reason,
        status=error.status,
    )


def stop_page(request: Request, stopped: StoppedError, *, language_kept: str | None) -> Response:
    """The page of `stopped`, in the language this browser has chosen before, if it has."""
    note(request).outcome = stopped.outcome
    return page(
        request,
        "stop.html",
        chosen_language(request, language_kept),
        status=stopped.status,
        values={
            "heading": stopped.heading,
            "text": stopped.text,
            "detail": stopped.detail,
            "again": stopped.again,
            "script": None,
        },
    )
