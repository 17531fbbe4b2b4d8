"""The page in the person's own browser: nothing from elsewhere, everything escaped, light and dark."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from http import HTTPStatus

from hypothesis import given
from hypothesis import strategies as st

from assistant.loopback import page
from assistant.loopback.page import answer


class Seen(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text(), st.lists(st.text(), max_size=3), st.text())
def test_whatever_is_said_is_text(title: str, lines: list[str], code: str) -> None:
    html = page(language='sv" onload="x', title=title, lines=lines, code=code).decode("utf-8", "surrogatepass")
    seen = Seen(html)
    assert seen.tags == ["html", "head", "meta", "meta", "title", "style", "body", "main", "h1", *["p"] * (
        len(lines) + bool(code)
    )]  # fmt: skip
    assert not any(name.startswith("on") for name in seen.attributes)


def test_nothing_comes_from_elsewhere_and_both_schemes_are_known() -> None:
    html = page(language="sv", title="a", lines=("b",)).decode()
    assert not re.search(r"https?:|url\(|@import|<script|src=|href=", html)
    assert 'lang="sv"' in html
    assert "prefers-color-scheme: dark" in html
    assert "color-scheme: light dark" in html


def test_the_style_is_the_one_thing_its_policy_allows() -> None:
    html = page(language="sv", title="a", lines=()).decode()
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    allowed = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    said = answer(HTTPStatus.OK, b"x").decode()
    assert f"style-src 'sha256-{allowed}'" in said
    assert "unsafe" not in said
