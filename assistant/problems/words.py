"""A problem in words: its texts in a language, with every placeholder filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.language import N_, Language, current
from assistant.problems.model import Occurrence, Who

if TYPE_CHECKING:
    from assistant.integration import Integration

_UNKNOWN = {
    "integration": N_("the integration"),
    "vendor": N_("the vendor of the integration"),
    "phone": N_("the number you have from them"),
    "company": N_("the company"),
    "licences": N_("the licence for integration"),
}
"""What stands where the moment does not know better, such as before an integration file was read."""

_SOLVED_BY = {
    Who.YOU: N_("you"),
    Who.ADMINISTRATOR: N_("your system administrator in Fortnox"),
    Who.IT: N_("whoever looks after your computers"),
    Who.VENDOR: N_("the vendor of the integration"),
}


def solved_by(who: Who, *, vendor: str | None = None) -> str:
    """Who can solve a problem, in the current language; the vendor by name where it is known."""
    if who is Who.FORTNOX:
        return "Fortnox"
    if who is Who.VENDOR and vendor is not None:
        return vendor
    return current().text(_SOLVED_BY[who])


@dataclass(frozen=True, slots=True)
class Words:
    """A problem as a person reads it."""

    title: str
    cause: str
    remedy: tuple[str, ...]
    agent: str


class _Facts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "–"


def words(
    occurrence: Occurrence,
    *,
    integration: Integration | None = None,
    facts: Mapping[str, str] | None = None,
    language: Language | None = None,
) -> Words:
    """`occurrence` in `language` (the current one by default), for this integration where there is one."""
    language = language or current()
    known = _Facts({name: language.text(text) for name, text in _UNKNOWN.items()})
    if integration is not None:
        known["integration"], known["vendor"] = integration.name, integration.vendor
        if integration.support.phone:
            known["phone"] = integration.support.phone
    known.update(facts or {})
    known.update({name: language.text(value) for name, value in occurrence.facts.items()})

    def fill(message: str) -> str:
        filled = language.text(message).format_map(known)
        unknown = any(
            filled.startswith(known[name]) for name in _UNKNOWN if known[name] == language.text(_UNKNOWN[name])
        )
        return filled[:1].upper() + filled[1:] if unknown else filled

    entry = occurrence.problem
    return Words(fill(entry.title), fill(entry.cause), tuple(fill(line) for line in entry.remedy), fill(entry.agent))
