"""A problem in words: its texts in a language, with every placeholder filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    "hosts": N_("the addresses that the program needs"),
}
"""What stands where the moment does not know better, such as before an integration file was read."""

_COUNTED_SECONDS = 90

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
        known["hosts"] = _list(integration.hosts, language)
    known.update(facts or {})
    known.update({name: language.text(value) for name, value in occurrence.facts.items()})
    if "seconds" in occurrence.facts:
        known.setdefault("wait", _duration(int(occurrence.facts["seconds"]), language))

    def fill(message: str) -> str:
        filled = language.text(message).format_map(known)
        unknown = any(
            filled.startswith(known[name]) for name in _UNKNOWN if known[name] == language.text(_UNKNOWN[name])
        )
        return filled[:1].upper() + filled[1:] if unknown else filled

    entry = occurrence.problem
    return Words(fill(entry.title), fill(entry.cause), tuple(fill(line) for line in entry.remedy), fill(entry.agent))


def _list(names: Sequence[str], language: Language) -> str:
    *others, last = names
    return language.text("{others} and {last}", others=", ".join(others), last=last) if others else last


def _duration(seconds: int, language: Language) -> str:
    """A time to wait in words: never none at all, and in whole minutes where seconds would only be counted."""
    seconds = max(seconds, 1)
    if seconds <= _COUNTED_SECONDS:
        return language.plural("{count} second", "{count} seconds", seconds)
    return language.plural("{count} minute", "{count} minutes", -(-seconds // 60))
