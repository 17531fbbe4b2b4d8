"""The self-test: everything a connection needs, looked at all at once, each look with a limit of its own.

    done = await run_self_test(world)     SelfTest, in less than ten seconds
      .results                            a Result for each look; the network has one for each server
      .failures                           how many are wrong; the exit code of `doctor`

What is looked at is passed in as a `World`, so that the window tests the very vault, client and engine it uses. What
could not be looked at is "not checked", with the reason, and never passes for fine.
"""

from __future__ import annotations

from assistant.support.self_test.result import Check, Detail, Reason, Result, SelfTest
from assistant.support.self_test.run import LONGEST_SECONDS, run_self_test
from assistant.support.self_test.world import EngineAnswer, World

__all__ = [
    "LONGEST_SECONDS",
    "Check",
    "Detail",
    "EngineAnswer",
    "Reason",
    "Result",
    "SelfTest",
    "World",
    "run_self_test",
]
