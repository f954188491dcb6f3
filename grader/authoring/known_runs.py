"""Known runs of exercises. A run is repeated only if something that decides it has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from grader.content.course import OWN_CODE
from grader.content.equivalents import FILE as EQUIVALENTS
from grader.content.exercise import Exercise, Mistake
from grader.judge.client.pool import Task
from grader.judge.report import Report

MOST = 20_000  # reports that are kept
MISTAKES = "mistakes/"
# read as data, part of the submission itself, or not read when tests run
_APART = ("exercise.yaml", "starter.py", OWN_CODE, EQUIVALENTS)


class KnownRuns:
    """What the runs of a process have shown. Those that live longer prove only what has changed.

    The seed of an exercise stays the same, too. Otherwise each edit would draw new inputs for every test.
    """

    def __init__(self) -> None:
        self.seeds: dict[str, int] = {}
        self.asked: dict[str, bool] = {}  # True if a question about a function could be made
        self._reports: dict[str, Report] = {}

    def recall(self, key: str) -> Report | None:
        """Return the report under a key, or None."""
        return self._reports.get(key)

    def keep(self, key: str, report: Report) -> None:
        """Keep a report, and forget the oldest one if there are too many."""
        self._reports[key] = report
        if len(self._reports) > MOST:
            del self._reports[next(iter(self._reports))]


def run_key(exercise: Exercise, files: Mapping[str, str], task: Task) -> str:
    """Return a hash of all that decides the report on a task. `files` are the digests of the exercise.

    A run of a mistake is compared with all mistakes of the functions that are tested. No other run is.
    """
    common = {
        name: digest for name, digest in files.items() if name not in _APART and not name.startswith(MISTAKES)
    }
    is_mistake = len(task.submission.cells) > 1
    compared = [each for each in exercise.mistakes if is_mistake and _tests(task, each.function)]
    code = {mistake.file: files.get(mistake.file, "") for mistake in compared}
    return _hash((_deciding(exercise, compared), common, code, task))


def question_key(exercise: Exercise, files: Mapping[str, str], function: str) -> str:
    """Return a hash of all that decides which questions about the solution's function can be made.

    They offer what known mistakes of this function return.
    """
    mistakes = [each for each in exercise.mistakes if each.function == function]
    ours = {each.file for each in mistakes}
    code = {
        name: digest
        for name, digest in files.items()
        if name not in ("exercise.yaml", EQUIVALENTS) and (name in ours or not name.startswith(MISTAKES))
    }
    return _hash((_deciding(exercise, mistakes), code, function))


def _tests(task: Task, function: str) -> bool:
    return not task.scope.functions or function in task.scope.functions


def _deciding(exercise: Exercise, mistakes: Sequence[Mistake]) -> Exercise:
    """Return what decides verdicts, with these mistakes. Contracts do: their words can name results."""
    return replace(
        exercise,
        title="",
        lesson="",
        text="",
        tests={},
        networks=(),
        functions=tuple(
            replace(each, concepts=(), section=None, hints=(), example=None) for each in exercise.functions
        ),
        mistakes=tuple(replace(each, says="", section=None, hints=()) for each in mistakes),
    )


def _hash(parts: object) -> str:
    encoded = msgspec.msgpack.encode(parts, order="deterministic")
    return hashlib.blake2b(encoded, digest_size=16).hexdigest()
