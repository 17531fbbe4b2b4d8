"""What a command asks of whoever runs it: a yes, or a secret that never stands on a command line."""

from __future__ import annotations

import getpass
import sys
from typing import Final

from assistant.language import _
from assistant.secret import Secret

_LONGEST: Final = 20_000  # characters; an access token may have 16,384
_YES: Final = frozenset({"y", "yes", "j", "ja"})


def at_a_terminal() -> bool:
    """Whether somebody can answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def says_yes(question: str) -> bool:
    """Asks on standard error and reads one line; anything but a yes, in any of the languages, is a no."""
    answers = _("yes/no")
    print(f"{question} ({answers}) ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline(100).strip().casefold() in _YES


def read_secret(prompt: str) -> Secret | None:
    """One line: typed without echo at a terminal, else from standard input.

    None where there was nothing, or what no token and no key can be: those are printable ASCII.
    """
    if at_a_terminal():
        text = getpass.getpass(f"{prompt}: ", stream=sys.stderr)
    else:
        try:
            text = sys.stdin.readline(_LONGEST) if sys.stdin is not None else ""
        except UnicodeDecodeError:
            return None
    text = text.strip()
    return Secret(text) if text and text.isascii() and text.isprintable() else None


def nothing_came(what: str) -> int:
    """Says that `what` did not come, and is the exit code for a command written wrongly."""
    print(_("Nothing usable came in. Type or pipe in: {what}.", what=what), file=sys.stderr)
    return 2


def needs_yes() -> int:
    """Says that nobody can be asked, and is the exit code for a command written wrongly."""
    print(_("Nobody can be asked here. Say --yes to go ahead without a question."), file=sys.stderr)
    return 2
