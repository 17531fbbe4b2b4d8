"""Named situations to practise. They can be combined: `combine("licence-missing", "state-omitted")`.

A new one is an entry in the table of its stage; the control page and `practice-server` follow by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from assistant.language import N_
from assistant.practice.scenarios.answering import CALLS
from assistant.practice.scenarios.approving import APPROVING
from assistant.practice.scenarios.issuing import TOKENS
from assistant.practice.scenarios.model import Scenario, ScenarioError, combined
from assistant.practice.scenarios.network import EVERYWHERE, NETWORK, PLACES, TROUBLES
from assistant.practice.scenarios.portal import PORTAL
from assistant.practice.scenarios.signing_in import SIGNING_IN
from assistant.practice.switches import Mark, Stage, Switches

_NORMAL: Final = Scenario(
    name="normal",
    title=N_("Everything as expected"),
    shows=N_("Every question has its likeliest answer."),
    stage=Stage.PORTAL,
    mark=Mark.DOCUMENTED,
    changes={},
)

SCENARIOS: Final[Mapping[str, Scenario]] = MappingProxyType(
    {scenario.name: scenario for scenario in (_NORMAL, *PORTAL, *SIGNING_IN, *APPROVING, *TOKENS, *CALLS, *NETWORK)}
)
"""Every situation by name, the ordinary one first."""


def combine(*names: str) -> Switches:
    """The switches of these situations together; none at all is the ordinary one.

    Raises:
        ScenarioError: there is no such situation, or two do not go together.
    """
    for name in names:
        if name not in SCENARIOS:
            raise ScenarioError(N_("There is no situation named {one}."), one=name)
    return combined(
        (SCENARIOS[name] for name in names),
        contradiction=N_("{one} and {other} answer the same question differently. Choose one of them."),
        unreachable=N_("{one} and {other} each end the connection, so only one would be met. Choose one of them."),
    )


__all__ = ["EVERYWHERE", "PLACES", "SCENARIOS", "TROUBLES", "Scenario", "ScenarioError", "combine"]
