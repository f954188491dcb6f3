"""The solution's answers are remembered on disk, so that a check rarely needs a worker for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from judging import PATIENT, exercise_of, submission

from grader.judge.sandbox.plain import PlainWorkers
from grader.judge.sandbox.sources import Setting, Worker
from grader.judge.server.learner import Learner, LearnerError
from grader.judge.server.remembered import RememberedSession

EXERCISE = exercise_of({"f(x)": {"y": "any"}, "ask(g, x)": {"y": "any"}})
PROGRAM = """
    import random
    calls = 0
    def f(x):
        global calls
        calls += 1
        if x == 13: raise ValueError("unlucky")
        return x, calls, random.random()
    def ask(g, x): return [g(x), g(x + 1)]
"""


class CountedWorkers(PlainWorkers):
    """A source that counts the workers that it starts."""

    started = 0

    def start(self) -> Worker:
        self.started += 1
        return super().start()


@pytest.fixture
def workers() -> CountedWorkers:
    return CountedWorkers(Setting(modules=(), memory=PATIENT.memory, fonts="/nonexistent", hidden=()))


def session(
    cache: Path, workers: CountedWorkers, program: str = PROGRAM, seed: int = 1, library: str = "pandas==2"
) -> RememberedSession:
    names = tuple(function.name for function in EXERCISE.functions)
    return RememberedSession(
        submission(program), names, workers, PATIENT, seed, strict=True, cache=cache, surroundings=[library]
    )


def answers(session: RememberedSession, *tests: list[int]) -> list[list[object]]:
    """Return what `f` answers in several tests."""
    with session:
        return [
            [learner.f(x) for x in test] for test in tests for learner in [Learner(session, EXERCISE, True)]
        ]


def test_known_answers_need_no_worker(tmp_path: Path, workers: CountedWorkers) -> None:
    first = answers(session(tmp_path, workers), [1, 2], [3])
    assert workers.started == 1
    assert answers(session(tmp_path, workers), [1, 2], [3]) == first
    assert answers(session(tmp_path, workers), [3]) == first[1:], "whichever tests run"
    assert workers.started == 1


def test_an_unknown_message_finds_the_worker_where_it_would_be(
    tmp_path: Path, workers: CountedWorkers
) -> None:
    """The program keeps state and draws random numbers. Its answers are those of a run from the start."""
    answers(session(tmp_path, workers), [1, 2])
    later = answers(session(tmp_path, workers), [1, 2, 3, 4])
    assert later == answers(session(tmp_path / "empty", workers), [1, 2, 3, 4])
    assert [calls for _, calls, _ in later[0]] == [1, 2, 3, 4]  # type: ignore[misc]


@pytest.mark.parametrize(
    "change", [{"seed": 2}, {"library": "pandas==3"}, {"program": PROGRAM.replace("x, calls", "-x, calls")}]
)
def test_another_program_seed_or_library_starts_anew(
    tmp_path: Path, workers: CountedWorkers, change: dict[str, object]
) -> None:
    answers(session(tmp_path, workers), [1])
    answers(session(tmp_path, workers, **change), [1])  # type: ignore[arg-type]
    assert workers.started == 2


def test_errors_and_callbacks_are_remembered(tmp_path: Path, workers: CountedWorkers) -> None:
    for _ in range(2):
        seen: list[int] = []

        def double(x: int) -> int:
            seen.append(x)  # noqa: B023
            return 2 * x

        with session(tmp_path, workers) as one:
            learner = Learner(one, EXERCISE, visible=True)
            assert learner.ask(double, 4) == [8, 10] and seen == [4, 5]
            with pytest.raises(LearnerError, match="unlucky"):
                learner.f(13)
    assert workers.started == 1


def test_a_callback_that_answers_otherwise_is_not_taken_for_the_known_one(
    tmp_path: Path, workers: CountedWorkers
) -> None:
    def times(factor: int) -> object:
        with session(tmp_path, workers) as one:
            return Learner(one, EXERCISE, visible=True).ask(lambda x: factor * x, 4)

    assert (times(2), times(3), times(2)) == ([8, 10], [12, 15], [8, 10])


def test_large_answers_are_not_kept(tmp_path: Path, workers: CountedWorkers) -> None:
    for _ in range(2):
        with session(tmp_path, workers, "import numpy as np\ndef f(x): return np.zeros(x)") as one:
            assert Learner(one, EXERCISE, visible=True).f(100_000).shape == np.zeros(100_000).shape
    assert workers.started == 2


def test_a_program_that_cannot_be_loaded_fails_every_call(tmp_path: Path, workers: CountedWorkers) -> None:
    for _ in range(2):
        with session(tmp_path, workers, "1 / 0") as one, pytest.raises(LearnerError):
            Learner(one, EXERCISE, visible=True).f(1)
    assert workers.started == 2, "the failure is not kept"
