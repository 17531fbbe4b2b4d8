"""Gets the client secret from where the integration file says it is."""

from __future__ import annotations

from collections.abc import MutableMapping

from assistant.integration.beside import Unfit, UnfitError, read_small
from assistant.integration.model import Integration, SecretSource
from assistant.problems import ProblemError, stop
from assistant.secret import Secret

MOST_BYTES = 4_096


def take_client_secret(integration: Integration, environ: MutableMapping[str, str]) -> Secret | None:
    """The client secret, or None where it is not on this computer (relay) or the person is asked for it.

    With `from = "environment"` the variable is removed from `environ` (pass `os.environ`), whatever it holds. Call this
    once, before any child process starts: a child would inherit it.

    Raises:
        ProblemError: FILE-11, the variable or the file is missing, empty, or not one line of printable ASCII, which is
            all a client secret can be (RFC 6749, appendix A.2).
    """
    wanted = integration.client_secret
    if wanted.source is SecretSource.ENVIRONMENT and wanted.variable is not None:
        text = environ.pop(wanted.variable, "")
        return _checked(integration, text, reason="" if text.strip() else Unfit.EMPTY.name, name=wanted.variable)
    if wanted.source is SecretSource.FILE and wanted.path is not None:
        try:
            text = read_small(wanted.path, most=MOST_BYTES).decode("utf-8-sig", errors="replace")
        except UnfitError as error:
            raise _missing(integration, error.reason.name, wanted.path.name) from None
        return _checked(integration, text, reason="", name=wanted.path.name)
    return None


def _checked(integration: Integration, text: str, *, reason: str, name: str) -> Secret:
    secret = text.strip()
    if reason or not secret or not secret.isascii() or not secret.isprintable():
        raise _missing(integration, reason or "NOT_ONE_LINE_OF_ASCII", name)
    return Secret(secret)


def _missing(integration: Integration, reason: str, name: str) -> ProblemError:
    return stop("FILE-11", {"reason": reason}, integration=integration.name, vendor=integration.vendor, source=name)
