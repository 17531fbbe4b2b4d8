"""The person's own browser, of text: opens the address it is given, presses buttons, and goes wherever it is sent."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx

from tests.practice.browser import Forms

PATIENCE = 30.0


@dataclass
class Page:
    """What stands in the browser at the end.

    Attributes:
        address: the whole address it ended on.
        answer: None where nobody answered there.
    """

    address: str
    answer: httpx.Response | None

    @property
    def text(self) -> str:
        assert self.answer is not None, "nobody answered"
        return self.answer.text


async def browse(address: str, *buttons: str, host: str | None = None) -> Page:
    """Opens `address` and presses each of `buttons` where it appears, following every redirect.

    `host` is the one site that is really visited; an address elsewhere is where the browser ends, unanswered.
    """
    left = list(buttons)
    method, fields = "GET", {}
    async with httpx.AsyncClient(headers={"Accept-Language": "en"}, timeout=PATIENCE, trust_env=False) as web:
        while True:
            if host is not None and httpx.URL(address).host != host:
                return Page(address, None)
            answer = await web.request(method, address, data=fields)
            if answer.is_redirect:
                method, address, fields = "GET", urljoin(address, answer.headers["location"]), {}
                continue
            forms = {button: form for form in Forms(answer.text).forms for button in form.buttons}
            pressed = next((button for button in left if button in forms), None)
            if pressed is None:
                return Page(address, answer)
            del left[: left.index(pressed) + 1]
            form = forms[pressed]
            name, value = form.buttons[pressed]
            fields = {**form.fields, **({name: value} if name else {})}
            address, method = urljoin(address, form.action), form.method.upper()
            if method == "GET":
                address, fields = str(httpx.URL(address, params=fields)), {}


def browsing(address: str, *buttons: str) -> asyncio.Task[Page]:
    """The same, meanwhile."""
    return asyncio.get_running_loop().create_task(browse(address, *buttons))
