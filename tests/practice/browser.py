"""A browser just good enough for practice's pages: cookies, links of redirects, forms. Knows nothing of the server."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx

REDIRECT_URI = "https://lagerkoll.example/activation"
CLIENT_ID = "practice-lagerkoll"
CLIENT_SECRET = "practice-secret-not-real"
SCOPES = "companyinformation profile article order invoice"


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)


class Forms(HTMLParser):
    """Collects the forms of a page, with the ids of their buttons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given["action"], given["method"]))
        elif tag == "input" and self.forms and (given.get("type") != "checkbox" or "checked" in given):
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "button" and self.forms:
            self.forms[-1].buttons[given.get("id", "")] = (given.get("name", ""), given.get("value", ""))

    def with_button(self, button: str) -> Form:
        return next(form for form in self.forms if button in form.buttons)


class Browser:
    """Stops at every redirect that leaves the server, as the window does."""

    def __init__(self, base_url: str, **headers: str) -> None:
        self.base_url = base_url
        self.client = httpx.Client(headers={"Accept-Language": "en", **headers}, timeout=10, trust_env=False)
        self.answer: httpx.Response
        self.url = base_url

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()

    @property
    def html(self) -> str:
        return self.answer.text

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def returned(self) -> dict[str, str]:
        """The query that came back to the integration."""
        assert self.url.startswith(REDIRECT_URI), self.url
        query = parse_qs(urlsplit(self.url).query, keep_blank_values=True)
        return {name: values[0] for name, values in query.items()}

    def open(self, url: str) -> Browser:
        return self._go("GET", url)

    def authorize(self, **changes: str | None) -> Browser:
        return self.open(f"{self.base_url}/oauth-v1/auth?{urlencode(parameters(**changes))}")

    def press(self, button: str, **changes: str) -> Browser:
        form = Forms(self.html).with_button(button)
        name, value = form.buttons[button]
        fields = {**form.fields, **({name: value} if name else {}), **changes}
        target = urljoin(self.url, form.action)
        if form.method == "get":
            return self.open(f"{target}?{urlencode(fields)}")
        return self._go("POST", target, fields)

    def approve_as(self, person: str, tenant_id: int, **changes: str | None) -> dict[str, str]:
        """The whole walk; returns what came back."""
        self.authorize(**changes).press(f"person-{person}").press("sign-in")
        if self.path.endswith("/company"):
            self.press(f"company-{tenant_id}")
        if self.path.endswith("/consent"):
            self.press("approve")
        return self.returned

    def _go(self, method: str, url: str, fields: dict[str, str] | None = None) -> Browser:
        for _ in range(10):
            self.answer = self.client.request(method, url, data=fields)
            self.url = url
            if not self.answer.is_redirect:
                return self
            url = urljoin(url, self.answer.headers["location"])
            method, fields = "GET", None
            if not url.startswith(self.base_url):
                self.url = url
                return self
        raise AssertionError("redirected without end")


def parameters(**changes: str | None) -> dict[str, str]:
    """A right authorization request, with changes; None leaves a parameter out."""
    right: dict[str, str | None] = {
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "scope": SCOPES,
        "state": "state-1",
        "access_type": "offline",
        "response_type": "code",
    }
    return {name: value for name, value in {**right, **changes}.items() if value is not None}
