"""The support file as plain text, for the window's preview and a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.language import Language
from assistant.support.report.model import SupportFile
from assistant.support.report.sections import Section, sections


def render(file: SupportFile, language: Language) -> str:
    """Everything that `render_html` would save, part for part, in `language`."""
    return "\n\n".join("\n".join(_lines(each)) for each in sections(file, language)) + "\n"


def _lines(section: Section) -> Iterator[str]:
    yield section.heading
    yield "=" * len(section.heading)
    if section.lead:
        yield section.lead
    for row in section.rows:
        yield f"{row.label}: {row.text}" if row.label else row.text
