"""Where attempts go: a log for each learner. On a learner's own machine it is the log of the terminal."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from grader.progress.log import AttemptLog
from grader.tutor.recording import Clock, Recorder
from grader.web.identity import Learner


class Store(Protocol):
    """Attempts of learners."""

    def reading(self, learner: Learner) -> AbstractContextManager[Recorder]:
        """Return a context manager: the learner's recorder, for pages that only show something."""

    def writing(self, learner: Learner) -> AbstractContextManager[Recorder]:
        """Return a context manager: the learner's recorder, which nobody else uses meanwhile.

        What is recorded may depend on what the log holds, so two requests at once take turns.
        """


class OneLog:
    """The store on a learner's own machine: one SQLite file, which the terminal writes, too."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._turn = threading.Lock()

    @contextmanager
    def reading(self, learner: Learner) -> Iterator[Recorder]:
        """Give the learner's recorder."""
        log = AttemptLog(self._path)  # one per request, because a connection belongs to its thread
        try:
            yield Recorder(log, self._clock)
        finally:
            log.close()

    @contextmanager
    def writing(self, learner: Learner) -> Iterator[Recorder]:
        """Give the learner's recorder while no other request has it."""
        with self._turn, self.reading(learner) as recorder:
            recorder.prepare()
            yield recorder
