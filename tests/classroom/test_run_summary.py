"""The summary of a class: all numbers are of what they say, and add up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from class_samples import exercise_result, failed, unreadable
from msgspec.structs import replace

from grader.classroom.class_file import ClassFile, Excused, Group, Override
from grader.classroom.derivation import derive
from grader.classroom.intake import Intake
from grader.classroom.learner_work import LearnerWork
from grader.classroom.results import Result
from grader.classroom.summary import Summary, Went, summary
from grader.cli.grade_summary import lines
from grader.cli.text import Screen
from grader.judge.confinement import Confinement

ITEM = "exercise-sum"
SIGNED: dict[str, Any] = {"who": "Prof. Ng", "when": "2026-11-20", "why": "illness"}
WENT = Went(
    seed=1, confinement=Confinement.BUBBLEWRAP, judged=0, kept=0, anew=0, gone=(), torn=0, seconds=1.0
)


def summed(raw: list[Result], file: ClassFile, *empty: str) -> Summary:
    """Return the summary of these results and of learners whose directories are empty."""
    handed = tuple(
        LearnerWork(learner=each.learner, item=each.item, file=each.file, source=each.source) for each in raw
    )
    learners = tuple(sorted({*empty, *(each.learner for each in raw)}))
    intake = Intake(learners, handed, (), frozenset())
    return summary(raw, derive(raw, learners, file), intake, Path("grades"), WENT)


def decided(score: float, *learners: str) -> tuple[Override, ...]:
    return tuple(Override(learner=each, work=ITEM, score=score, **SIGNED) for each in learners)


def excused(*learners: str) -> tuple[Excused, ...]:
    return tuple(Excused(learner=each, work=ITEM, **SIGNED) for each in learners)


def test_a_decision_is_not_a_submission() -> None:
    raw = [exercise_result("ann", [1, 1]), exercise_result("bob", [1, 0]), exercise_result("cid", [0, 0])]
    file = ClassFile(timezone="UTC", excused=excused("cid", "dan"), overrides=decided(2, "eve", "bob"))
    found = summed(raw, file, "fay")
    assert (found.learners, found.submissions) == (6, 3)
    assert (found.graded, found.unreadable, found.failed) == (3, 0, 0)
    (item,) = found.items
    assert (item.handed_in, item.decided, item.excused) == (3, 2, 2)
    assert (item.scores, item.mean) == (3, 2.0)  # of ann, bob and eve


def test_the_work_of_a_group_is_one_submission() -> None:
    raw = [exercise_result("team", [1, 0]), unreadable("ann"), failed("bob")]
    groups = (Group(name="team", learners=("ann", "bob", "cid")),)
    found = summed(raw, ClassFile(timezone="UTC", groups=groups))
    assert (found.learners, found.submissions, found.nothing_from) == (3, 3, ())
    assert found.submissions == found.graded + found.unreadable + found.failed
    assert (found.items[0].handed_in, found.items[0].scores) == (3, 3)


def test_advice_to_a_learner_is_quoted() -> None:
    raw = [replace(unreadable("ann"), problem="x.py is empty — write your code in it"), failed("bob")]
    answers = replace(exercise_result("cid", [1]), problem="'z' is not an answer — type a or b")
    said = [*lines(summed([*raw, answers], ClassFile(timezone="UTC")), Screen(100, False))]
    assert f"- ann, {ITEM}: x.py is empty (told the learner: write your code in it)" in said
    assert f"- bob, {ITEM}: no memory" in said
    assert f"- cid, {ITEM}: told the learner: 'z' is not an answer — type a or b" in said


def test_the_lines_name_what_they_count() -> None:
    raw = [exercise_result("ann", [1, 1]), exercise_result("cid", [0, 0])]
    file = ClassFile(timezone="UTC", excused=excused("cid", "dan"), overrides=decided(1, "eve"))
    said = [*lines(summed(raw, file), Screen(100, False))]
    assert f"{ITEM}: 2 submissions, 1 score decided, 2 excused, mean 1.50 of 2 (2 scores)" in said
    assert "4 learners, 2 submissions: 2 graded; 0 duplicates, marked same_as." in said
    plain = [*lines(summed(raw, ClassFile(timezone="UTC")), Screen(100, False))]
    assert f"{ITEM}: 2 submissions, mean 1.00 of 2" in plain
