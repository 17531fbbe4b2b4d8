"""The page a person sees in their own browser afterwards, and the answers of the listener."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from http import HTTPStatus
from typing import Final

_STYLE: Final = """
:root { color-scheme: light dark; --ground: #ffffff; --text: #1c2024; --muted: #555d66; }
@media (prefers-color-scheme: dark) { :root { --ground: #16191d; --text: #eceef0; --muted: #a9b1ba; } }
body { margin: 0; background: var(--ground); color: var(--text); font: 1.125rem/1.5 system-ui, sans-serif; }
main { max-width: 36rem; margin: 15vh auto 0; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
p { margin: 0 0 0.75rem; }
.code { color: var(--muted); font-size: 1rem; }
"""
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")
_FIELDS: Final = (
    "Connection: close",
    "Cache-Control: no-store",
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{_STYLE_HASH}'",
    "X-Content-Type-Options: nosniff",
    "Referrer-Policy: no-referrer",
    "Cross-Origin-Resource-Policy: same-origin",
    "Cross-Origin-Opener-Policy: same-origin",
)


def page(*, language: str, title: str, lines: Sequence[str], code: str = "") -> bytes:
    """One small page without scripts or anything from elsewhere.

    Args:
        language: code of the language the texts are in, for screen readers.
        title: the heading.
        lines: a paragraph each.
        code: a quiet last line, such as the problem code; "" for none.
    """
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    last = f'<p class="code">{escape(code)}</p>' if code else ""
    return (
        f'<!DOCTYPE html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{paragraphs}{last}</main></body></html>"
    ).encode()


def answer(status: HTTPStatus, body: bytes = b"", *, with_body: bool = True) -> bytes:
    """A whole HTTP answer that says nothing of what answers. `with_body` False for HEAD."""
    head = [f"HTTP/1.1 {status.value} {status.phrase}", *_FIELDS, f"Content-Length: {len(body)}"]
    if body:
        head.append("Content-Type: text/html; charset=utf-8")
    return "\r\n".join((*head, "", "")).encode() + (body if with_body else b"")
