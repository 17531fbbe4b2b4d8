"""A process whose libraries log secrets in every way there is; its journal is told afterwards.

python -m tests.support.journal.logging_process FOLDER SECRET
"""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from pathlib import Path

from assistant.support.journal import Journal, guard_exceptions, guard_logging, qt_said


class Telling:
    """Prints the secret however it is looked at."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def __repr__(self) -> str:
        return self.secret

    __str__ = __repr__


def main(folder: Path, secret: str) -> None:
    journal = Journal(folder, "K7P-4M2")
    noisy = logging.getLogger("httpx")
    noisy.addHandler(logging.StreamHandler())
    noisy.propagate = False
    logging.basicConfig(level=logging.DEBUG)
    guard_logging(journal.note)
    guard_exceptions(journal.note)
    noisy.warning("GET https://x.example/?code=%s", secret)
    noisy.error(f"Authorization: Bearer {secret}", extra={"token": secret})
    logging.warning("%s", Telling(secret))
    logging.error("%d", Telling(secret))  # cannot be formatted
    logging.getLogger(secret).critical("x")
    logging.getLogger("httpcore").debug("headers %s", secret)
    try:
        raise ValueError(secret)
    except ValueError:
        logging.getLogger("asyncio").exception("failed with %s", secret)
    warnings.warn(f"careful with {secret}", stacklevel=1)
    journal.note(qt_said(f"qt.qpa.{secret}", 1))
    journal.note(qt_said(secret, 2))

    def fail() -> None:
        raise KeyError(secret)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    raise RuntimeError(secret)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
