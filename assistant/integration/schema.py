"""The JSON Schema of the integration file, for editors and for vendors' own checks.

`python -m assistant.integration.schema` writes it anew after the types in `form.py` have changed.
"""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from assistant.integration.form import Form
from assistant.resources import resource


def schema_text() -> str:
    """The schema as it stands in `resources/integration.schema.json`."""
    (reference,), definitions = msgspec.json.schema_components([Form], ref_template="#/$defs/{name}")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Integration file",
        "description": "Describes a vendor's integration with Fortnox to the set-up assistant. Written as TOML.",
        **reference,
        "$defs": definitions,
    }
    return json.dumps(schema, indent=2, ensure_ascii=True) + "\n"


def schema_path() -> Path:
    """Where the schema is published."""
    return resource("integration.schema.json")


if __name__ == "__main__":
    schema_path().write_text(schema_text(), encoding="utf-8", newline="\n")
