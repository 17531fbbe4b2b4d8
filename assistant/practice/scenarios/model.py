"""What a situation is, and how several are combined."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assistant.language import Language
from assistant.practice.switches import Mark, Stage, Switches


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One situation, as changes to the switches.

    Attributes:
        title, shows: message ids; `shows` says what practice then does.
        words: values of the title's placeholders, message ids themselves.
        mark, source: how sure anybody outside Fortnox can be that this happens, and where that was read.
        changes: switch name to its answer.
        outcomes: codes of the problems the program may end in. Empty where a connection is made all the same, or where
            the program waits.
        waits: the browser stays where it is, and the person is told what to look for; with a code of `outcomes`, in a
            notice above the page.
        user_account: it shows only when a user account is connected.
        beside_journey: it shows only in what is done beside making a connection, such as a renewal.
    """

    name: str
    title: str
    stage: Stage
    mark: Mark
    changes: Mapping[str, object]
    shows: str = ""
    source: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    outcomes: tuple[str, ...] = ()
    waits: bool = False
    user_account: bool = False
    beside_journey: bool = False

    @property
    def switches(self) -> Switches:
        """The switches of this situation alone."""
        return dataclasses.replace(Switches(), **self.changes)  # type: ignore[arg-type]

    @property
    def ends(self) -> bool:
        """Whether a connection stops here, so that nothing later is met."""
        return not self.beside_journey and (self.waits or bool(self.outcomes))

    def heading(self, tongue: Language) -> str:
        """The title in that language."""
        return self._filled(self.title, tongue)

    def about(self, tongue: Language) -> str:
        """What it shows, in that language."""
        return self._filled(self.shows, tongue)

    def _filled(self, message: str, tongue: Language) -> str:
        return tongue.text(message, **{name: tongue.text(word) for name, word in self.words.items()})


class ScenarioError(ValueError):
    """Situations that do not exist or do not go together.

    Attributes:
        message: a message id with the placeholders `one` and `other`.
        one, other: names of situations.
    """

    def __init__(self, message: str, *, one: str, other: str = "") -> None:
        super().__init__(message.format(one=one, other=other))
        self.message, self.one, self.other = message, one, other

    def sentence(self, tongue: Language) -> str:
        """What is wrong, in that language."""
        return tongue.text(self.message, one=self.one, other=self.other)


def combined(scenarios: Iterable[Scenario], *, contradiction: str, unreachable: str) -> Switches:
    """All changes of `scenarios` together.

    Args:
        contradiction, unreachable: message ids for two that answer one question differently, and for two that both end
            the connection, so that only one could be met.

    Raises:
        ScenarioError: two do not go together.
    """
    changes: dict[str, object] = {}
    said_by: dict[str, Scenario] = {}
    last: Scenario | None = None
    for scenario in {each.name: each for each in scenarios}.values():
        for name, answer in scenario.changes.items():
            if name in changes and changes[name] != answer:
                raise ScenarioError(contradiction, one=said_by[name].name, other=scenario.name)
            changes[name], said_by[name] = answer, scenario
        if scenario.ends and last is not None:
            raise ScenarioError(unreachable, one=last.name, other=scenario.name)
        last = scenario if scenario.ends else last
    return dataclasses.replace(Switches(), **changes)  # type: ignore[arg-type]
