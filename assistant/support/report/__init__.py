"""The support file: what the support team needs to see, made of fields that are allowed and of nothing else.

    file = SupportFile(...)                 typed; see `model`
    render(file, language)                  plain text, for the window's preview
    render_html(file, language)             what is saved: one readable page, small enough to mail
    as_json(file)                           the same for programs

No secret is struck out here, because none can get in: see docs/support.md.
"""

from __future__ import annotations

from assistant.support.report.html import render_html
from assistant.support.report.json_shape import JSON_SCHEMA, as_json
from assistant.support.report.model import Environment, IntegrationFacts, Screen, SupportFile
from assistant.support.report.sections import file_language
from assistant.support.report.text import render

__all__ = [
    "JSON_SCHEMA",
    "Environment",
    "IntegrationFacts",
    "Screen",
    "SupportFile",
    "as_json",
    "file_language",
    "render",
    "render_html",
]
