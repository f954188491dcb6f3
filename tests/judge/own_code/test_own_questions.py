"""Questions about a submission, made by a judge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from judging import submission, write_exercise
from proof import key_text, marks_well, prove
from rewrites import REWRITES
from second_opinion import Opinion

from grader.content.course import Course
from grader.content.questions import SingleQuestion
from grader.judge.client.judge import Judge
from grader.judge.jobs import Again, MakeWhich
from grader.judge.own_code.authored import load_own_code
from grader.judge.own_questions import OwnQuestion
from grader.judge.sandbox.available import best_workers
from grader.judge.sandbox.sources import Setting

RIGHT = '''
def total(values, start):
    """Add the values up, beginning with a start."""
    if start < 0:
        raise ValueError("start is negative")
    if len(values) == 0:
        raise ValueError("there are no values")
    if len(values) > 9:
        raise ValueError("there are too many values")
    count = len(values)
    most = 900 + max(values)
    result = start
    for value in values:
        result = result + 2 * value - 1
    return result
'''
OWN_CODE = '''
from grader.testing import Wrong, question

def some(rng):
    return [rng.randrange(1, 30) for _ in range(rng.randrange(4, 8))], rng.randrange(1, 5)

CALLS = {"total": some}
RAISING = {"total": lambda rng: rng.choice([([5], -1), ([], 1), ([6] * 10, 1)])}
EDGES = {"total": lambda rng: [([1], 0), ([2] * 9, 1), ([3, 4], 2), ([6] * 10, 3)]}

def ordered(rng):
    values = rng.sample(range(1, 30), 4)
    others = [rng.sample(values, 4) for _ in range(6)] + [rng.sample(range(1, 30), 4) for _ in range(8)]
    return (values, 2), [(each, 2) for each in others]

SAME = {"total": ordered}

@question("total", level=1, kind="number")
def sum_of_all(code, call):
    """What does your function return for {call}?"""
    yield code.run(call)
    yield Wrong(sum(call[0]), "Each value counts twice.", "an-idea-of-no-lesson")
    yield Wrong(code.run(call) - call[1], "Where does the sum begin?", "starts-at-zero")
    yield Wrong(float("nan"), "A known mistake may give this. It is left out.")
'''
VISIBLE = '''
@pytest.mark.points(1, function="total")
def test_it(learner):
    """It adds."""
    assert learner.total([4], 1) == 8
'''
MISTAKES = """
mistakes:
  - {id: no-start, function: total, misconception: starts-at-zero, says: "Where does the sum begin?"}
"""
WITHOUT_START = "def total(values, start):\n    return sum(2 * value - 1 for value in values)\n"
LESSON = """
id: x
title: X
introduction: Words.
summary: Words.
concepts: [{id: sums, title: Sums, summary: Numbers are added.}]
misconceptions:
  - {id: starts-at-zero, concept: sums, belief: Every sum starts at 0., correction: It starts where you say.}
sections: [{id: "1", title: One, text: Words., concepts: [sums]}]
"""
GENERAL = {
    "result", "which-raises", "same-result", "round-value", "line-count", "raise-line", "holds",
    "constant-changed",
}  # fmt: skip
CHANGES = {"line-removed", "constant-changed"}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("course")
    course = write_exercise(root, {"total(values, start)": {"result": "int"}}, RIGHT, VISIBLE, VISIBLE)
    directory = root / "exercises/exercise-x"
    (directory / "own_code.py").write_text(OWN_CODE)
    (directory / "mistakes").mkdir()
    (directory / "mistakes/no_start.py").write_text(WITHOUT_START)
    (directory / "exercise.yaml").write_text((directory / "exercise.yaml").read_text() + MISTAKES)
    (root / "lessons").mkdir()
    (root / "lessons/x.yaml").write_text(LESSON)
    return course


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.fixture(scope="module")
def walls() -> bool:
    workers = best_workers(Setting((), 2_000_000_000, "/nonexistent", ()))
    with closing(workers):
        return workers.confinement.walled


@pytest.fixture(scope="module")
def right(judge: Judge, course: Course) -> dict[str, OwnQuestion]:
    """Return what is asked about a right submission, by template."""
    return asked(judge, course, RIGHT)


def asked(
    judge: Judge, course: Course, source: str, which: MakeWhich = MakeWhich.EVERY
) -> dict[str, OwnQuestion]:
    made = judge.make_questions(course, "exercise-x", submission(source), 1, ("total",), which)
    return {each.template: each for each in made}


@pytest.mark.parametrize("rewrite", ["as_it_is", "wrapped"])
def test_every_key_is_found_again_by_running_the_source_here(
    judge: Judge, course: Course, walls: bool, rewrite: str
) -> None:
    """Line events and whole lines take the place of probes and edits."""
    verdicts = prove(judge, course, "exercise-x", rewrite, REWRITES[rewrite](RIGHT), ["total"])
    assert {each.question.template for each in verdicts} >= GENERAL - (set() if walls else CHANGES)
    assert {each.opinion for each in verdicts} == {"same"}
    assert all(marks_well(each.question) for each in verdicts)


def test_the_same_source_gets_the_same_questions_and_another_source_gets_others(
    judge: Judge, course: Course, right: dict[str, OwnQuestion]
) -> None:
    assert asked(judge, course, RIGHT) == right
    other = asked(judge, course, RIGHT.replace("result", "answer"))
    assert other["result"].question.prompt != right["result"].question.prompt


@pytest.mark.parametrize("template", ["result", "round-value", "sum-of-all"])
def test_a_question_comes_back_with_other_arguments(
    judge: Judge, course: Course, right: dict[str, OwnQuestion], template: str
) -> None:
    code, again = submission(RIGHT), Again(template, turn=1)
    (own,) = judge.make_questions(course, "exercise-x", code, 1, ("total",), again=again)
    assert (own.template, own.source) == (template, right[template].source)
    assert own.question.prompt != right[template].question.prompt
    exercise = course.exercise("exercise-x")
    own_code = load_own_code(course.exercise_dir("exercise-x"), ["total"])
    assert own_code is not None
    assert key_text(own) == Opinion(course, exercise, own_code, RIGHT, turn=1).key(own)


def test_a_check_asks_about_behavior_about_the_inside_and_about_a_change(
    judge: Judge, course: Course, walls: bool
) -> None:
    families = [each.family for each in asked(judge, course, RIGHT, MakeWhich.SOME).values()]
    assert families == ["behavior", "inside", "change"][: len(families)]
    assert len(families) == 3 - (not walls)


def test_lines_are_those_of_the_file(judge: Judge, course: Course) -> None:
    own = asked(judge, course, "# mine\n\n" + RIGHT)["line-count"]
    (place,) = own.places
    line = ("# mine\n\n" + RIGHT).split("\n")[place.line - 1]
    assert f"line {place.line} (`{line.strip()}`)" in own.question.prompt


def test_the_lines_that_a_page_marks_do_not_give_the_key_away(right: dict[str, OwnQuestion]) -> None:
    question = right["raise-line"].question
    assert isinstance(question, SingleQuestion)
    options = {int(option.text.split(" ")[1]) for option in question.options}
    assert {place.line for place in right["raise-line"].places} == options


def test_no_text_of_the_source_can_command_a_terminal(judge: Judge, course: Course) -> None:
    hostile = RIGHT.replace("- 1\n", "- 1  # \x1b[2J`\x07\n").replace("result", "résultat")
    made = asked(judge, course, hostile)
    assert {"line-count", "round-value"} <= made.keys()
    for own in made.values():
        assert all(character.isprintable() or character == "\n" for character in own.question.prompt)


def test_a_wrong_option_says_what_it_belongs_to(right: dict[str, OwnQuestion]) -> None:
    question = right["round-value"].question
    assert isinstance(question, SingleQuestion)
    wrong = [option.why for option in question.options if not option.correct]
    assert all(re.fullmatch(r"That is its value in round \d\.", why) for why in wrong)


@pytest.mark.parametrize(
    "body",
    [
        "import random; return random.random() + start",  # another seed
        "import time; return time.perf_counter_ns()",
        "return int(list({str(v) for v in values})[0])",  # another order of sets
        pytest.param("while True: pass", marks=pytest.mark.exhaustive),  # waits for several limits
        "import os; os._exit(1)",
        "raise SystemExit",
        "return [values] * 10**9",
    ],
)
def test_what_is_not_certain_is_not_asked(judge: Judge, course: Course, body: str) -> None:
    assert asked(judge, course, f"def total(values, start):\n    {body}\n") == {}


def test_a_change_that_shows_memory_that_was_never_written_is_not_asked(judge: Judge, course: Course) -> None:
    source = """
import numpy as np

def total(values, start):
    parts = np.empty(len(values), dtype=int)
    for place in range(0, len(values)):
        parts[place] = values[place] * 2 - 1
    return int(parts.sum()) + start
"""
    for verdict in prove(judge, course, "exercise-x", "memory", source, ["total"]):
        assert verdict.opinion == "same"


def test_a_line_that_keeps_a_known_mistake_away_is_asked_for(
    judge: Judge, course: Course, walls: bool
) -> None:
    if not walls:
        pytest.skip("changed code does not run here")
    source = """
def total(values, start):
    result = 0
    for value in values:
        result += 2 * value
        result -= 1
    result += start
    return result
"""
    (guards,) = (
        each
        for each in prove(judge, course, "exercise-x", "guards", source, ["total"])
        if each.question.template == "guards-against"
    )
    assert guards.opinion == "same"
    assert key_text(guards.question) == "line 7 (`result += start`)"
    assert "Every sum starts at 0." in guards.question.question.prompt
    assert len(guards.question.places) > 1  # the page marks them: a single one would be the key


def test_the_lines_that_are_marked_do_not_tell_the_key(right: dict[str, OwnQuestion]) -> None:
    assert len(right["raise-line"].places) == 3


def test_lines_that_do_not_run_again_are_not_counted(judge: Judge, course: Course) -> None:
    """What code remembers of earlier calls decides which lines run."""
    cached = RIGHT.replace("def total(values, start):", "def inner(values, start):")
    cached = "import functools\n" + cached.replace("def inner", "@functools.cache\ndef inner")
    cached += "\ndef total(values, start):\n    return inner(tuple(values), start)\n"
    templates = asked(judge, course, cached).keys()
    assert "result" in templates
    assert {"line-count", "round-value"}.isdisjoint(templates)


def test_a_log_that_was_forged_spoils_the_forger_only(judge: Judge, course: Course) -> None:
    lie = "    globals().get('_qlc_log', []).append(('see', 'x'))\n    result = start\n"
    forged = RIGHT.replace("    result = start\n", lie)
    assert {"round-value", "line-count"}.isdisjoint(asked(judge, course, forged))


def test_source_that_cannot_be_parsed_gets_no_question(judge: Judge, course: Course) -> None:
    assert asked(judge, course, RIGHT + "\nx = (\n") == {}


def test_changed_code_runs_only_inside_walls(right: dict[str, OwnQuestion], walls: bool) -> None:
    assert ("change" in {each.family for each in right.values()}) is walls


def test_no_judge_loads_keras_for_an_exercise_without_models(judge: Judge, tmp_path: Path) -> None:
    course = write_exercise(tmp_path, {"total(values, start)": {"result": "int"}}, RIGHT, VISIBLE, VISIBLE)
    guard = 'def some(rng):\n    assert not {"keras", "tensorflow"} & {*sys.modules}\n'
    guarded = "import sys\n" + OWN_CODE.replace("def some(rng):\n", guard)
    (tmp_path / "exercises/exercise-x/own_code.py").write_text(guarded)
    assert asked(judge, course, RIGHT, MakeWhich.ONE_EACH)


def test_no_worker_loads_keras_for_an_exercise_without_models(judge: Judge, course: Course) -> None:
    loaded = '10**6 * bool({"keras", "tensorflow"} & {*sys.modules})'
    source = "import sys\n" + RIGHT.replace("    result = start\n", f"    result = start + {loaded}\n")
    own = asked(judge, course, source, MakeWhich.ONE_EACH)
    assert own and "10000" not in str(own)


def test_an_exercise_without_calls_asks_nothing(judge: Judge, tmp_path: Path) -> None:
    course = write_exercise(tmp_path, {"total(values, start)": {"result": "int"}}, RIGHT, VISIBLE, VISIBLE)
    assert asked(judge, course, RIGHT) == {}


def test_the_authors_question_is_asked_with_its_remarks(right: dict[str, OwnQuestion]) -> None:
    own = right["sum-of-all"]
    assert own.question.prompt.startswith("What does your function return for `total([")
    wrong = own.question.wrong  # type: ignore[union-attr]
    assert [each.why for each in wrong] == ["Each value counts twice.", "Where does the sum begin?"]
    assert [each.misconception for each in wrong] == [None, "starts-at-zero"]
    assert int(key_text(own)) > 0
