"""The support file as one page of HTML: no script, nothing from elsewhere, small enough to mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Final

from assistant.language import Language
from assistant.support.preflight import Verdict
from assistant.support.report.model import SupportFile
from assistant.support.report.sections import Section, sections, title

MOST_BYTES: Final = 190_000
"""Of the page. The oldest attempts are left out until it fits."""

_MARKS: Final = {
    Verdict.FINE: "✓",
    Verdict.ATTENTION: "!",
    Verdict.WRONG: "✗",
    Verdict.NOT_CHECKED: "–",
}
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE: Final = """
body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1f24; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #d8dee4; }
th { font-weight: 600; width: 17rem; overflow-wrap: anywhere; } td { overflow-wrap: anywhere; }
.wrong td { color: #a40e26; } .attention td { color: #7a4b00; }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #14181d; } th, td { border-color: #3a4149; }
  .wrong td { color: #ff9aa2; } .attention td { color: #f0c36d; } }
"""


def render_html(file: SupportFile, language: Language) -> str:
    """The page in `language`, of at most `MOST_BYTES` bytes of UTF-8."""
    attempts = list(file.attempts)
    while True:
        page = _page(replace(file, attempts=tuple(attempts)), language)
        if len(page.encode()) <= MOST_BYTES or not attempts:
            return page
        attempts.pop()


def _page(file: SupportFile, language: Language) -> str:
    parts = list(sections(file, language))
    body = "".join(line for number, part in enumerate(parts) for line in _section(part, level=1 if number == 0 else 2))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language.code)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title(language))}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


def _section(section: Section, *, level: int) -> Iterator[str]:
    yield f"<h{level}>{escape(section.heading)}</h{level}>\n"
    if section.lead:
        yield f"<p>{escape(section.lead)}</p>\n"
    if not section.rows:
        return
    yield "<table>\n"
    for row in section.rows:
        kind = f' class="{row.verdict.value}"' if row.verdict else ""
        mark = f"{_MARKS[row.verdict]} " if row.verdict else ""
        yield f'<tr{kind}><th scope="row">{mark}{escape(row.label)}</th><td>{escape(row.text)}</td></tr>\n'
    yield "</table>\n"
