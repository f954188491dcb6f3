"""The ladder of help: hints in order, then a worked example, then the solution and all it depends on."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from walking import CONTENTS

from grader.content.course import Course, content_hash
from grader.content.exercise import Exercise, Function, Mistake, TestHelp
from grader.errors import CourseError
from grader.progress.attempt import Attempt
from grader.tutor.ladder import Ladder, Rung, definition_in, solution_of
from grader.tutor.recording import new_attempt

NOW = datetime(2026, 1, 2, tzinfo=UTC)
STEP = Function(
    signature="step(n)",
    text="One less.",
    returns={"n": "int"},
    hints=("Think.", "Take one away."),
    example="From 8 comes 7.",
)
EXERCISE: Exercise = replace(CONTENTS.exercises[0].exercise, functions=(STEP,))


def climb(function: Function, log: list[Attempt], exercise: Exercise = EXERCISE) -> Rung:
    """Take the next step of help and record it, as `course hint` does."""
    ladder = Ladder(exercise, function, log)
    rung = ladder.next()
    if not rung.again:
        source = rung.source
        log.append(new_attempt(NOW, rung.kind, source.item, source.version, hints=rung.opened))
    return rung


Step = tuple[str, str, int, bool]


def steps(function: Function, log: list[Attempt], count: int, exercise: Exercise = EXERCISE) -> list[Step]:
    rungs = [climb(function, log, exercise) for _ in range(count)]
    return [(rung.kind, rung.text, rung.number, rung.again) for rung in rungs]


# --- step by step ---


def test_hints_come_in_order_and_then_the_example_repeats() -> None:
    assert steps(STEP, [], 5) == [
        ("hint", "Think.", 1, False),
        ("hint", "Take one away.", 2, False),
        ("example", "From 8 comes 7.", 0, False),
        ("example", "From 8 comes 7.", 0, True),
        ("example", "From 8 comes 7.", 0, True),
    ]


def test_without_an_example_the_last_hint_repeats() -> None:
    assert steps(replace(STEP, example=None), [], 3) == [
        ("hint", "Think.", 1, False),
        ("hint", "Take one away.", 2, False),
        ("hint", "Take one away.", 2, True),
    ]


def test_without_hints_the_example_comes_first() -> None:
    function = replace(STEP, hints=())
    log: list[Attempt] = []
    assert [climb(function, log).again for _ in range(2)] == [False, True]


def test_without_hints_or_example_the_ladder_is_empty() -> None:
    assert Ladder(EXERCISE, replace(STEP, hints=(), example=None), []).is_empty
    assert not Ladder(EXERCISE, replace(STEP, example=None), []).is_empty
    assert not Ladder(EXERCISE, replace(STEP, hints=()), []).is_empty


@given(
    st.lists(st.text(min_size=1, max_size=5), max_size=4, unique=True),
    st.none() | st.text(min_size=1, max_size=5),
)
def test_each_step_leaves_one_step_less(hints: list[str], example: str | None) -> None:
    function = replace(STEP, hints=tuple(hints), example=example)
    log: list[Attempt] = []
    for left in range(len(hints) + (example is not None), 0, -1):
        assert Ladder(EXERCISE, function, log).left == left
        assert not climb(function, log).again
    assert Ladder(EXERCISE, function, log).left == 0


def test_viewing_the_solution_is_remembered() -> None:
    ladder = Ladder(EXERCISE, STEP, [])
    assert not ladder.solution_seen
    log = [new_attempt(NOW, "solution", ladder.item, ladder.version)]
    assert Ladder(EXERCISE, STEP, log).solution_seen


def test_a_changed_function_starts_at_the_first_hint() -> None:
    log: list[Attempt] = []
    for _ in range(3):
        climb(STEP, log)
    log.append(new_attempt(NOW, "solution", "exercise-steps/step", content_hash(STEP)))
    ladder = Ladder(EXERCISE, replace(STEP, text="One less, please."), log)
    assert (ladder.left, ladder.solution_seen) == (3, False)
    assert (ladder.next().text, ladder.next().number) == ("Think.", 1)


def test_functions_do_not_share_a_ladder() -> None:
    log: list[Attempt] = []
    climb(STEP, log)
    other = replace(STEP, signature="leap(n)")
    elsewhere = replace(EXERCISE, id="exercise-leaps")
    assert Ladder(EXERCISE, other, log).left == Ladder(elsewhere, STEP, log).left == 3


# --- after a check ---

GUIDED: Exercise = replace(
    EXERCISE,
    tests={"test_edge": TestHelp(hints=("Try 0.", "Think."))},
    mistakes=(
        Mistake(id="adds", function="step", misconception="m", says="?", hints=("Which way?", "Down.")),
        Mistake(id="adds-two", function="step", misconception="m", says="?", hints=("Which way?", "Less.")),
        Mistake(id="silent", function="step", misconception="m", says="?"),
    ),
)


def check(*mistakes: str, failed: tuple[str, ...] = ("test_edge",)) -> Attempt:
    """Return a check in which these tests of `step` failed and these mistakes were named."""
    tests = [
        {"id": id_, "function": "step", "outcome": "failed", "points": 1.0, "score": 0.0, "title": "Edge."}
        for id_ in failed
    ]
    report = {"tests": tests, "mistakes": [{"id": id_, "misconception": "m"} for id_ in mistakes]}
    return new_attempt(NOW, "check", GUIDED.id, "v", score=0.0, max_score=1.0, report=report)


def test_before_a_check_only_the_function_has_hints() -> None:
    ladder = Ladder(GUIDED, STEP, [])
    assert (ladder.is_checked, ladder.total, ladder.next().text) == (False, 2, "Think.")


def test_the_mistake_comes_first_then_the_test_then_the_function_and_no_text_twice() -> None:
    log = [check("adds")]
    assert steps(STEP, log, 6, GUIDED) == [
        ("hint", "Which way?", 1, False),
        ("hint", "Down.", 2, False),
        ("hint", "Try 0.", 3, False),
        ("hint", "Think.", 4, False),
        ("hint", "Take one away.", 5, False),
        ("example", "From 8 comes 7.", 0, False),
    ]


def test_a_hint_says_what_it_is_about() -> None:
    log = [check("adds")]
    subjects = [climb(STEP, log, GUIDED).source for _ in range(5)]
    assert [(source.subject.value, source.title) for source in subjects] == [
        *[("mistake", "")] * 2,
        *[("test", "Edge.")] * 2,
        ("function", ""),
    ]


def test_hints_that_do_not_fit_are_not_counted() -> None:
    assert Ladder(GUIDED, STEP, [check("adds")]).total == 5
    assert Ladder(GUIDED, STEP, [check("silent")]).total == 3
    assert Ladder(GUIDED, STEP, [check(failed=("test_other",))]).total == 2


def test_a_new_check_leads_to_other_hints_and_what_was_given_stays_given() -> None:
    log = [check("adds")]
    assert [text for _, text, *_ in steps(STEP, log, 1, GUIDED)] == ["Which way?"]
    log.append(check("adds-two", failed=("test_other",)))
    assert steps(STEP, log, 2, GUIDED) == [
        ("hint", "Less.", 2, False),  # the mistakes share their first hint
        ("hint", "Think.", 3, False),
    ]
    assert Ladder(GUIDED, STEP, log).left == 2  # a hint and the example


def test_after_the_last_hint_a_check_can_open_more() -> None:
    log: list[Attempt] = []
    steps(STEP, log, 3, GUIDED)
    assert Ladder(GUIDED, STEP, log).left == 0
    log.append(check("adds"))
    assert Ladder(GUIDED, STEP, log).left == 3
    assert climb(STEP, log, GUIDED).text == "Which way?"


@given(st.permutations(["adds", "adds-two", "silent"]), st.integers(0, 3), st.booleans())
def test_every_fitting_hint_is_given_once(names: list[str], count: int, failed: bool) -> None:
    log = [check(*names[:count], failed=("test_edge",) if failed else ("test_other",))]
    total = Ladder(GUIDED, STEP, log).total
    given = steps(STEP, log, total, GUIDED)
    assert len({text for _, text, *_ in given}) == total
    assert [number for _, _, number, _ in given] == [*range(1, total + 1)]
    assert Ladder(GUIDED, STEP, log).left == 1  # the example


# --- the solution ---


def code(name: str, source: str) -> str | None:
    return definition_in(source, name)


def test_a_function_is_shown_without_the_rest_of_the_file() -> None:
    source = (
        'import os\n\n\ndef other():\n    pass\n\n\ndef step(n):\n    """One less."""\n    return n - 1\n'
    )
    assert code("step", source) == 'def step(n):\n    """One less."""\n    return n - 1'


def test_dependencies_are_shown_in_the_order_of_the_file() -> None:
    source = (
        "BY = 1\nOTHER = 2\n\ndef step(n):\n    return less(n)\n\ndef less(n):\n    return n - BY\n\n"
        "def unused(n):\n    return OTHER\n"
    )
    assert code("step", source) == (
        "BY = 1\n\n\ndef step(n):\n    return less(n)\n\n\ndef less(n):\n    return n - BY"
    )


def test_dependencies_of_dependencies_are_shown_once() -> None:
    parts = [
        "A: int = 1",
        "B = A",
        "def one():\n    return B",
        "def two():\n    return A",
        "def step(n):\n    return one() - two()",
    ]
    assert code("step", "\n".join(parts)) == "\n\n\n".join(parts)


def test_dependencies_may_be_classes_and_constants() -> None:
    source = "class Pair:\n    first = 0\n\ndef step(n):\n    return Pair\n"
    assert code("step", source) == "class Pair:\n    first = 0\n\n\ndef step(n):\n    return Pair"


def test_constants_that_are_assigned_together_are_shown_together() -> None:
    source = "A, B = 1, 2\ndef step(n):\n    return n - B"
    assert code("step", source) == "A, B = 1, 2\n\n\ndef step(n):\n    return n - B"


def test_decorators_are_part_of_the_function() -> None:
    source = "@cache\n@once(\n    more=True,\n)\ndef step(n):\n    return n - 1"
    assert code("step", source) == source


def test_decorators_from_the_same_file_are_shown() -> None:
    source = "def loud(f):\n    return f\n\n\n@loud\ndef step(n):\n    return n - 1"
    assert code("step", source) == source


def test_names_in_defaults_and_annotations_are_dependencies() -> None:
    source = "BY = 1\n\n\nKind = int\n\n\ndef step(n: Kind, by=BY):\n    return n - by"
    assert code("step", source) == source


def test_functions_that_call_each_other_are_shown_together() -> None:
    source = (
        "def even(n):\n    return n == 0 or odd(n - 1)\n\n\ndef odd(n):\n    return n != 0 and even(n - 1)"
    )
    assert code("even", source) == code("odd", source) == source


def test_a_nested_function_is_shown_only_with_its_outer_function() -> None:
    source = "def step(n):\n    def inner():\n        return n\n    return inner()"
    assert code("step", source) == source
    assert code("inner", source) is None


def test_a_function_that_is_not_defined_has_no_source() -> None:
    assert code("missing", "import os\ndef step(n): ...") is None
    assert code("os", "import os") is None
    assert code("step", "") is None


def test_unusual_line_breaks_do_not_shift_the_lines() -> None:
    source = 'BREAK = "a\u2028b"\n\x0c\ndef other():\n    return 1\n\ndef step(n):\n    return n - 1\n'
    assert code("step", source) == "def step(n):\n    return n - 1"


_names = st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon"])


@given(st.dictionaries(_names, st.lists(_names, max_size=3), min_size=1), st.data())
def test_the_shown_code_is_self_contained(calls: dict[str, list[str]], data: st.DataObject) -> None:
    """It contains everything the function depends on, and nothing else."""
    source = "\n\n".join(
        f"def {name}():\n    return [{', '.join(used for used in calls[name] if used in calls)}]"
        for name in calls
    )
    wanted = data.draw(st.sampled_from(sorted(calls)))
    shown = code(wanted, source)
    assert shown is not None
    defined = {node.name for node in ast.parse(shown).body if isinstance(node, ast.FunctionDef)}
    needed, new = {wanted}, {wanted}
    while new:
        new = {used for name in new for used in calls[name] if used in calls} - needed
        needed |= new
    assert defined == needed


# --- the course's file ---


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "exercises/exercise-steps").mkdir(parents=True)
    return Course(tmp_path)


def test_the_solution_is_read_from_the_course(course: Course) -> None:
    file = course.exercise_dir("exercise-steps") / "solution.py"
    file.write_text("def step(n):\n    return n - 1\n")
    assert solution_of(course, EXERCISE, STEP) == "def step(n):\n    return n - 1"


def test_a_course_without_solutions_says_so(course: Course) -> None:
    with pytest.raises(
        CourseError, match="does not have the solutions of exercise-steps — ask your instructor"
    ):
        solution_of(course, EXERCISE, STEP)


def test_a_solution_without_the_function_is_reported_to_the_author(course: Course) -> None:
    file = course.exercise_dir("exercise-steps") / "solution.py"
    file.write_text("def leap(n):\n    return n\n")
    with pytest.raises(CourseError, match=r"solution\.py does not define step — tell the author"):
        solution_of(course, EXERCISE, STEP)
