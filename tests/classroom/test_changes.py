"""The table of changes: a line for each test, the maximum if it differs, and the right reason."""

from __future__ import annotations

from typing import Any

from class_samples import exercise_result
from msgspec.structs import replace

from grader.classroom.changes import Run, changes
from grader.classroom.class_file import ClassFile, Excused, Group
from grader.classroom.derivation import derive
from grader.classroom.results import Result, RunRecord
from grader.cli.changes_table import changes_table
from grader.cli.text import Screen
from grader.judge.confinement import Confinement
from grader.judge.report import environment


def run(results: list[Result], class_file: ClassFile | None = None, **fields: Any) -> Run:
    record = RunRecord(
        package="0",
        seed=1,
        started="now",
        directory="/in",
        course="/c",
        exercises={"exercise-sum": "v"},
        quizzes={},
        environment=environment(Confinement.NONE),
        class_text=str(class_file),
        **fields,
    )
    return Run(record, derive(results, [], class_file).results)


def shown(before: Run, after: Run) -> list[str]:
    lines = changes_table(changes(before, after), Screen(120, False, False))
    return [" ".join(line.split()) for line in lines]


def test_excused_work_and_a_new_maximum_are_shown() -> None:
    ada = exercise_result("ada", [1, 1])
    file = ClassFile(
        timezone="UTC", excused=(Excused(learner="ada", who="Ng", when="2026-11-20", why="ill"),)
    )
    excused = shown(run([ada]), run([ada], file))
    assert "ada exercise-sum final score 2 excused class file changed" in excused
    more = shown(run([ada]), run([replace(ada, max_score=5.0)]))
    assert any("2 of 2 2 of 5" in line for line in more)


def test_a_group_is_the_class_file_s_doing() -> None:
    ada, bob = exercise_result("ada", [1, 1]), replace(exercise_result("bob", [0, 0]), source="other")
    file = ClassFile(timezone="UTC", groups=(Group(name="t", learners=("ada", "bob")),))
    found = changes(run([ada, bob]), run([ada, bob], file))
    assert found and {each.why for each in found} == {"class file changed"}


def test_a_line_for_each_test_comes_first() -> None:
    before = [exercise_result(f"l{n}", [1, 1]) for n in range(3)]
    after = [exercise_result(f"l{n}", [0, 1]) for n in range(3)]
    lines = shown(run(before), run(after))
    assert any(line.endswith(": 3 learners, 1 → 0") for line in lines[:2])
    assert "exercise-sum, final score: 3 learners, 2 → 1" in lines[:2]
