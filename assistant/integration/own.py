"""The integration file that a packaged program carries, and what it names."""

from __future__ import annotations

from assistant.integration.reading import read_integration
from assistant.resources import own_integration_file


def own_app_id() -> str | None:
    """The `app_id` of a branded program, which names its command and its vault; None for the program as it is.

    A file that is merely opened names nothing: whatever integrations are tried with this program, its vault is one,
    and later commands find every connection without a file.

    Raises:
        ProblemError: the packaged file is broken.
    """
    file = own_integration_file()
    return None if file is None else read_integration(file).app_id
