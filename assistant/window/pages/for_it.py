"""A problem as a text for whoever looks after the computers: one paste into a mail, with nothing left to ask."""

from __future__ import annotations

import platform
from datetime import datetime
from urllib.parse import urlsplit

from assistant import __version__
from assistant.integration import Integration
from assistant.language import _
from assistant.problems import Occurrence
from assistant.problems.words import Words


def text_for_it(
    occurrence: Occurrence, told: Words, *, codes: str, integration: Integration | None, moment: datetime
) -> str:
    """What happened, what to do, which addresses are needed, and the details. Nothing in it is secret.

    Args:
        occurrence: the problem, for its details.
        told: its words, in the language of the text.
        codes: the line with problem code and support code.
        integration: whose addresses are needed; None where there is none.
        moment: now, with its time zone.
    """
    lines = [told.title, told.cause, *(f"{number}. {line}" for number, line in enumerate(told.remedy, 1)), "", codes]
    lines.append(_("Time: {time}", time=f"{moment:%Y-%m-%d %H:%M %z}"))
    lines.append(
        _("Program: {version} on {system}", version=f"setup-assistant {__version__}", system=platform.platform())
    )
    if integration is not None:
        lines.append(_("Addresses the program needs: {addresses}", addresses=", ".join(_addresses(integration))))
    lines += [f"{name}: {value}" for name, value in occurrence.details]
    return "\n".join(lines)


def _addresses(integration: Integration) -> list[str]:
    """Host and port of every server the connection is made with, each once."""
    parts = [urlsplit(address) for address in integration.servers]
    return list(
        dict.fromkeys(f"{part.hostname}:{part.port or (443 if part.scheme == 'https' else 80)}" for part in parts)
    )
