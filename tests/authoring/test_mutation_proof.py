"""Conclusions from mutants, and the drafts of mistakes that survivors become. No judge runs here."""

from __future__ import annotations

import ast
from pathlib import Path

import msgspec
import pytest
from sound_course import SOLUTION, SOLUTION_PY, SoundCourse
from test_proof import report

from grader.authoring.material import ExerciseFiles, Material
from grader.authoring.mistake_drafts import drafts
from grader.authoring.mutants import Mutant, mutants
from grader.authoring.mutation_proof import MutantRun, mutant_problems, mutant_run, mutation
from grader.content.course import Course
from grader.content.decode import decode
from grader.content.equivalents import FILE, EquivalentMutants
from grader.content.problem import ContentError, Problem
from grader.judge.report import Outcome

MADE = mutants(SOLUTION, ["scaled", "first"])
EQUIVALENTS = f"exercises/exercise-x/{FILE}"


def made(change: str) -> Mutant:
    [mutant] = [mutant for mutant in MADE if mutant.change == change]
    return mutant


SURVIVOR, KILLED = made("without dtype=float"), made("0 -> 1")


@pytest.fixture
def sound(tmp_path: Path) -> SoundCourse:
    return SoundCourse(tmp_path / "sound")


def entry(mutant: Mutant, **changed: str) -> str:
    """Return the lines of an entry for this mutant."""
    fields = {"function": mutant.function, "line": mutant.line, "change": mutant.change, "reason": "Because."}
    return f"  - {msgspec.json.encode(fields | changed).decode()}\n"


def problems(sound: SoundCourse, *runs: MutantRun) -> list[Problem]:
    material = Material.of(Course(sound.root))
    files = ExerciseFiles(material, material.exercises["exercise-x"])
    return list(mutant_problems(files, MADE, runs, material.course.equivalent_mutants("exercise-x")))


def survived(mutant: Mutant = SURVIVOR) -> MutantRun:
    return MutantRun(mutant=mutant, failed_test="", timed_out=False)


def killed(mutant: Mutant = KILLED) -> MutantRun:
    return MutantRun(mutant=mutant, failed_test="test_first", timed_out=False)


def test_a_mutant_fails_if_a_test_costs_points() -> None:
    assert mutant_run(KILLED, report()).failed_test == ""
    assert mutant_run(KILLED, report({"test_first": Outcome.JUDGE_BROKEN})).failed_test == ""
    assert mutant_run(KILLED, report(["test_drawn", "test_first"])).failed_test == "test_drawn"
    late = mutant_run(KILLED, report({"test_first": Outcome.TIMED_OUT}))
    assert (late.failed_test, late.timed_out) == ("test_first", True)


def test_a_survivor_is_reported_at_its_line(sound: SoundCourse) -> None:
    [problem] = problems(sound, survived(), killed())
    assert (problem.file, problem.line) == (
        str(sound.root / SOLUTION_PY),
        sound.line(SOLUTION_PY, "return np.asarray(x, dtype=float)"),
    )
    assert problem.what == "scaled still passes every test after this change: without dtype=float"


def test_a_survivor_that_is_listed_with_a_reason_is_accepted(sound: SoundCourse) -> None:
    sound.write(EQUIVALENTS, f"mutants:\n{entry(SURVIVOR)}")
    assert problems(sound, survived(), killed()) == []
    listed = Course(sound.root).equivalent_mutants("exercise-x")
    done = mutation(SOLUTION, MADE, [survived(), killed()], listed)
    assert (done.tried, done.failing, done.equivalent, done.survivors) == (2, 1, 1, ())


def test_an_entry_that_fits_no_mutant_is_reported(sound: SoundCourse) -> None:
    sound.write(EQUIVALENTS, f"mutants:\n{entry(SURVIVOR)}{entry(SURVIVOR, line='return 7')}")
    [problem] = problems(sound)
    assert (problem.file, problem.line) == (str(sound.root / EQUIVALENTS), 3)
    assert problem.what == "no mutant of scaled has this line and this change: without dtype=float"


def test_an_entry_whose_mutant_fails_a_test_is_reported(sound: SoundCourse) -> None:
    sound.write(EQUIVALENTS, f"mutants:\n{entry(KILLED)}")
    [problem] = problems(sound, killed())
    assert problem.what == "it is not equivalent, because it fails test_first: 0 -> 1"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"mutants:\n{entry(KILLED)}{entry(KILLED)}", "is listed twice"),
        (f"mutants:\n{entry(KILLED, reason='')}", "the text is empty"),
        ("mutants: [{function: f}]", "reason"),
    ],
)
def test_the_file_of_equivalent_mutants_is_checked(text: str, what: str) -> None:
    with pytest.raises(ContentError, match=what):
        decode(text, FILE, EquivalentMutants)


def test_equivalent_mutants_do_not_change_the_version_of_an_exercise(sound: SoundCourse) -> None:
    before = Course(sound.root).exercise_version("exercise-x")
    sound.write(EQUIVALENTS, f"mutants:\n{entry(SURVIVOR)}")
    assert Course(sound.root).exercise_version("exercise-x") == before


def test_survivors_become_drafts_of_mistakes(sound: SoundCourse) -> None:
    done = mutation(SOLUTION, MADE, [survived(), survived(KILLED)], ())
    files = drafts(Course(sound.root).exercise("exercise-x"), SOLUTION, done.survivors)
    assert list(files) == ["scaled_1.py", "first_1.py", FILE]
    assert files["scaled_1.py"] == (
        '"""TODO: name the wrong idea behind this change: without dtype=float."""\n\nimport numpy as np\n\n\n'
        "def scaled(x, factor=2):\n    return np.asarray(x) * factor\n"
    )
    listed = decode(files[FILE], FILE, EquivalentMutants).mutants
    assert [each.id for each in listed] == [SURVIVOR.id, KILLED.id]
    assert {each.reason for each in listed} == {
        "TODO: say why a learner may write this, and why no test should notice it."
    }
    assert drafts(Course(sound.root).exercise("exercise-x"), SOLUTION, ()) == {}


def test_the_draft_of_a_helper_defines_the_function_that_uses_it(sound: SoundCourse) -> None:
    source = 'SEP = "\\\\n"\ndef first(x):\n    return x.split(SEP)\n'
    runs = [survived(mutant) for mutant in mutants(source, ["first"]) if mutant.function == "SEP"]
    done = mutation(source, [], runs, ())
    text = drafts(Course(sound.root).exercise("exercise-x"), source, done.survivors)["first_1.py"]
    assert [*map(type, ast.parse(text).body)] == [ast.Expr, ast.Assign, ast.FunctionDef]
