"""Pages in the reader's language, with headers that let nothing in from outside."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from assistant.language import Language, language, languages

PAGES: Final = Path(__file__).with_name("pages")
_OWN_NAMES: Final = {"sv": "Svenska", "en": "English"}
_NEIGHBOURS: Final = {"no": "sv", "nb": "sv", "nn": "sv", "da": "sv"}

_environment = Environment(
    loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def accepted_language(header: str) -> str:
    """The code of the best language we have for an `Accept-Language` header; "en" when none of its wishes fits."""
    wishes: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, parameters = part.strip().partition(";")
        try:
            weight = float(parameters.partition("=")[2]) if parameters else 1.0
        except ValueError:
            continue
        code = tag.strip().lower().partition("-")[0]
        wishes.append((weight, _NEIGHBOURS.get(code, code)))
    # A stable sort keeps the browser's own order between equals.
    for weight, code in sorted(wishes, key=lambda wish: -wish[0]):
        if weight > 0 and code in languages():
            return code
    return "en"


def chosen_language(request: Request, kept: str | None) -> Language:
    """The language to answer in: what a `lang` in the query says, else what was kept, else what the browser wishes."""
    asked = request.query_params.get("lang")
    if asked is not None and asked in languages():
        return language(asked)
    return language(kept or accepted_language(request.headers.get("accept-language", "")))


def page(
    request: Request,
    template: str,
    tongue: Language,
    *,
    values: Mapping[str, object],
    status: int = 200,
    form_target: str | None = None,
    scripted: bool = False,
) -> HTMLResponse:
    """One page.

    Args:
        values: what the template shows.
        form_target: an address that a form on this page may be redirected to in the end. Browsers hold redirects
            after a form against `form-action`, so it has to be named.
        scripted: the page carries one script of ours, named by a nonce; without it no script runs at all.
    """
    choices = []
    if request.method == "GET":
        for code in languages():
            address = request.url.include_query_params(lang=code)
            href = f"{address.path}?{address.query}"
            choices.append((code, _OWN_NAMES.get(code, code), href, code == tongue.code))
    nonce = secrets.token_urlsafe(16) if scripted else ""
    content = _environment.get_template(template).render(
        _=tongue.text, tongue=tongue, choices=choices, nonce=nonce, **values
    )
    actions = "'self'" if form_target is None else f"'self' {_source(form_target)}"
    scripts = f"script-src 'nonce-{nonce}'; connect-src 'self'; " if scripted else ""
    return HTMLResponse(
        content,
        status_code=status,
        headers={
            "Content-Security-Policy": (
                "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
                f"{scripts}form-action {actions}"
            ),
            "Content-Language": tongue.code,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _source(address: str) -> str:
    """The CSP source expression for an address: its origin, or its scheme when it has no host."""
    parts = urlsplit(address)
    if not parts.hostname:
        return f"{parts.scheme}:"
    host = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")
