"""Ways of signing in that need more than a form: what is shown in place of the ordinary page, and its scripts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from assistant.language import N_
from assistant.practice.run import note
from assistant.practice.stopped import StoppedError
from assistant.practice.switches import SignInPage

NOT_HERE: Final = "/oauth-v1/auth/not-here"
_EMBEDDED: Final = re.compile(r"QtWebEngine|Electron|; wv\)|WebView", re.IGNORECASE)
_FOREVER: Final = 3600.0

SCRIPTS: Final = {
    SignInPage.POP_UP: "pop_up.js",
    SignInPage.REFUSES_FEATURES: "embedded.js",
}
"""The script of a sign-in page, where it has one; a file of `pages`."""

REFUSED: Final = StoppedError(
    "embedded_refused",
    N_("This browser cannot be used here"),
    N_("Open the page in your ordinary browser instead."),
    status=200,
)


def instead_of_sign_in(request: Request, way: SignInPage) -> Response | None:
    """What comes in place of the sign-in page; None for the page itself."""
    if way is SignInPage.REFUSES_NAME and _EMBEDDED.search(request.headers.get("user-agent", "")):
        return RedirectResponse(NOT_HERE, status_code=303)
    if way is SignInPage.BLANK:
        note(request).outcome = "blank_page"
        return HTMLResponse("<!doctype html><html lang='en'><title></title></html>", headers=_HEADERS)
    if way is SignInPage.UNFINISHED:
        note(request).outcome = "unfinished_page"
        return StreamingResponse(_half_a_page(), media_type="text/html; charset=utf-8", headers=_HEADERS)
    return None


_HEADERS: Final = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; style-src 'self'"}


async def _half_a_page() -> AsyncIterator[bytes]:
    yield b"<!doctype html><html lang='en'><title>Practice</title><h1>Practice</h1><p>The rest of this page "
    await asyncio.sleep(_FOREVER)
