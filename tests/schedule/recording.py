"""A computer that keeps files in memory, notes commands and gives the answers it was told to give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from assistant.schedule.job import Answer


class Recorded:
    """Answers the first command in whose words a key of `answers` stands, else that it could not be run.

    Attributes:
        ran: every command, in order.
    """

    def __init__(
        self, *, files: Mapping[PurePath, bytes] | None = None, answers: Mapping[str, Answer] | None = None
    ) -> None:
        self._files = dict(files or {})
        self._answers = dict(answers or {})
        self.ran: list[tuple[str, ...]] = []

    def read(self, path: PurePath) -> bytes | None:
        return self._files.get(path)

    def run(self, words: Sequence[str]) -> Answer:
        self.ran.append(tuple(words))
        return next((answer for word, answer in self._answers.items() if word in words), Answer(code=None))
