"""Naming of mistakes from the behavior of the learner's function and of the mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from sound_course import STARTER_PY, SoundCourse

from grader.content.course import Course
from grader.content.exercise import Mistake
from grader.judge.client.judge import Judge
from grader.judge.recognition.behavior import Likeness, Observed
from grader.judge.recognition.naming import Calls, MistakeRun, RunOn, recognize
from grader.judge.report import Outcome, TestResult
from grader.judge.submission import read_submission


def mistake(id_: str, misconception: str = "") -> Mistake:
    return Mistake(id=id_, function="f", misconception=misconception or f"{id_}-idea", says=f"{id_}?")


def named(
    learner: str, mistakes: Mapping[str, str], ideas: Mapping[str, str] | None = None, sure: bool = True
) -> dict[str, str]:
    """Return the ids of the named mistakes, with the numbers of the tests that they explain.

    A behavior is a string with one letter per test: "." is right, "-" is unknown.
    """
    outcomes = [Outcome.PASSED if letter == "." else Outcome.FAILED for letter in learner]
    results = [
        TestResult(
            id=str(number),
            function="f",
            title="",
            outcome=outcome,
            points=1,
            score=0,
            message="",
            visible=False,
        )
        for number, outcome in enumerate(outcomes)
    ]

    @contextmanager
    def runner_of(of: Mistake) -> Iterator[RunOn]:
        def run(test: str) -> MistakeRun:
            letter = mistakes[of.id][int(test)]
            passed = {".": True, "-": None}.get(letter, False)
            return MistakeRun(passed, (Observed(function=letter),))

        yield run

    def compare(test: str, calls: Calls) -> Likeness:
        same = learner[int(test)] == calls[0].function
        return Likeness(same, same and sure)

    known = [mistake(id_, (ideas or {}).get(id_, "")) for id_ in mistakes]
    return {each.id: "".join(each.tests) for each in recognize(known, results, compare, runner_of)}


def test_the_mistake_that_does_the_same_is_named() -> None:
    assert named("ab.", {"one": "ab.", "other": "cd."}) == {"one": "01"}


def test_none_is_named_if_none_agrees() -> None:
    assert named("ab.", {"one": "cb.", "other": "ad."}) == {}


def test_a_mistake_that_fails_what_the_learner_passes_is_out() -> None:
    assert named("a.", {"one": "aa", "other": "a."}) == {"other": "0"}


def test_a_test_that_the_mistake_passes_says_nothing_about_it() -> None:
    assert named("ax", {"one": "a."}) == {"one": "0"}


def test_the_one_that_explains_most_is_named_alone() -> None:
    assert named("ab", {"small": "a.", "large": "ab"}) == {"large": "01"}


def test_two_mistakes_in_one_function_are_both_named_if_they_are_about_different_tests() -> None:
    assert named("ab", {"one": "a.", "other": ".b"}) == {"one": "0", "other": "1"}


def test_none_is_named_of_two_that_cannot_be_told_apart() -> None:
    assert named("a.", {"one": "a.", "other": "a."}) == {}


def test_one_is_named_of_two_that_have_one_idea() -> None:
    assert named("a.", {"one": "a.", "other": "a."}, {"one": "idea", "other": "idea"}) == {"one": "0"}


def test_a_run_left_before_its_end_neither_rules_out_nor_proves() -> None:
    assert named("a.", {"one": "a-"}) == {"one": "0"}
    assert named("ab", {"one": "a-"}) == {"one": "0"}
    assert named("..", {"one": "--"}) == {}


def test_what_may_be_chance_is_not_named() -> None:
    assert named("a.", {"one": "a."}, sure=False) == {}


def test_only_what_is_needed_is_run() -> None:
    runs: list[str] = []

    @contextmanager
    def runner_of(of: Mistake) -> Iterator[RunOn]:
        def run(test: str) -> MistakeRun:
            runs.append(f"{of.id} {test}")
            return MistakeRun(False, ())

        yield run

    results = [
        TestResult(id=id_, function="f", title="", outcome=o, points=1, score=0, message="", visible=False)
        for id_, o in [("right", Outcome.PASSED), ("wrong", Outcome.FAILED), ("worse", Outcome.FAILED)]
    ]
    mistakes = recognize([mistake("m")], results, lambda test, calls: Likeness(False, False), runner_of)
    assert (mistakes, runs) == ([], ["m wrong"])


def test_mistakes_are_not_run_for_functions_that_were_not_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A blank starter matches no mistake, and running them all would take most of the check's time."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    sound = SoundCourse(tmp_path / "course")
    with Judge() as judge:
        for name, remembered in ((STARTER_PY, False), ("exercises/exercise-x/mistakes/second_one.py", True)):
            submission = read_submission(sound.root / name)
            judge.check(Course(sound.root), "exercise-x", submission, seed=1)
            assert any(tmp_path.glob("cache/**/mistake-runs/*")) is remembered
