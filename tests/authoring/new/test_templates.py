"""Templates decode as they are, and hold no flaw but their placeholders."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path

import pytest

from grader.authoring.material import ExerciseFiles, Material
from grader.authoring.new.exercise import new_exercise
from grader.authoring.new.files import Files, is_id, slug
from grader.authoring.new.functions import function_of, functions_in
from grader.authoring.new.parts import new_course, new_lesson
from grader.authoring.new.questions import (
    KINDS,
    Kind,
    NewQuestion,
    add_to_practice,
    add_to_quiz,
    answers_flaw,
    wrong_flaw,
)
from grader.authoring.new.starter_text import docstring, starter_head
from grader.authoring.placeholders import course_placeholders, unwritten
from grader.authoring.validation import validate
from grader.content.course import Course
from grader.errors import CourseError

ANSWERS: dict[Kind, tuple[str, ...]] = {"numeric": ("4 * units + 1",), "shape": ("(rows, 2)",)}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    new_course("Numbers: a course", "numbers", False).write(tmp_path)
    about = (tmp_path / "course.yaml").read_text()
    new_lesson("day1", "Day 1", ["Sums", "Größen"], about).write(tmp_path)
    return Course(tmp_path)


def flaws(course: Course, item: str) -> list[str]:
    """Return what validation says beyond placeholders and a lack of evidence."""
    said = [problem.what for problem in validate(course, item, seeds=1).problems]
    return [what for what in said if "still to be written" not in what and "of evidence on" not in what]


def test_the_right_option_is_not_always_the_first() -> None:
    entries = [
        NewQuestion(id=f"day1-q{i}", kind="single", concept="a", section="1", answers=("yes",)).entry
        for i in range(20)
    ]
    places = {entry[: entry.index("correct: true")].count("- text:") for entry in entries}
    assert places == {1, 2, 3}


@pytest.mark.parametrize("kind", ["multiple", "text", "ordering"])
def test_several_answers_are_kept(kind: Kind) -> None:
    question = NewQuestion(id="q", kind=kind, concept="a", section="1", answers=("one", "two"))
    assert "one" in question.entry and "two" in question.entry


@pytest.mark.parametrize(
    ("kind", "count", "words"),
    [
        ("matching", 1, "pairs"),
        ("essay", 1, "criteria"),
        ("single", 2, "one answer"),
        ("numeric", 2, "one answer"),
        ("ordering", 1, "several items"),
        ("multiple", 3, ""),
        ("text", 2, ""),
        ("single", 1, ""),
        ("essay", 0, ""),
    ],
)
def test_answers_that_a_kind_cannot_use(kind: Kind, count: int, words: str) -> None:
    flaw = answers_flaw(kind, count)
    assert words in flaw and bool(flaw) == bool(words)


def test_a_course_lists_its_lessons_in_the_order_in_which_they_were_added(course: Course) -> None:
    new_lesson("after", "After", ["More"], (course.root / "course.yaml").read_text()).write(course.root)
    again = Course(course.root)
    assert (again.about.title, again.about.lessons) == ("Numbers: a course", ("day1", "after"))
    assert [concept.id for concept in again.lesson("day1").concepts] == ["sums", "groen"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_question_of_any_kind_lacks_only_its_texts(course: Course, kind: Kind) -> None:
    lesson = course.lesson("day1")
    question = NewQuestion(
        id="day1-q1", kind=kind, concept="sums", section="1", answers=ANSWERS.get(kind, ()), wrong=()
    )
    add_to_quiz(course, "day1", "Quiz", lesson, question).write(course.root)
    if kind == "essay":
        assert flaws(course, "day1") == []
        return  # practice has none
    second = NewQuestion(id="day1-p1", kind=kind, concept="sums", section="1", answers=ANSWERS.get(kind, ()))
    add_to_practice(course, "day1", second).write(course.root)
    assert flaws(course, "day1") == []
    assert any("quizzes/day1.yaml" in problem.file for problem in course_placeholders(course))
    assert Course(course.root).lesson("day1").section("1").questions == ("day1-q1",)  # type: ignore[union-attr]


SOLUTION = '''\
import os
import numpy as np
from pathlib import Path
from keras import Model

START, NAME = 1, "x"
HOME = Path()


def cut(data: np.ndarray, size=START, *, step, home=HOME) -> tuple[np.ndarray, list]:
    """Cut it: "x".

    More words.
    """
    def inner():
        return 1
    X, y = data[:size], [*data]
    return X, y


def build(units: int) -> Model:
    return Model(units)


def _helper():
    """It is not for learners."""
'''


def test_functions_are_read_from_a_solution() -> None:
    cut, build = functions_in(SOLUTION, "solution.py")
    assert (cut.signature, cut.returns) == (
        "cut(data, size=START, *, step, home=HOME)",
        {"X": "array", "y": "list"},
    )
    assert cut.text == 'Cut it: "x".\n\nMore words.'
    assert cut.arguments == {"data": "data", "step": "step=step"}
    assert (build.returns, build.text) == ({"build": "model"}, "")


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        ("np.ndarray", "array"),
        ("NDArray[np.float64]", "array"),
        ("'NDArray[np.float64]'", "array"),
        ("dict[str, int]", "dict"),
        ("Dict[str, int]", "dict"),
        ("tuple[int, ...]", "tuple"),
        ("set[str]", "set"),
        ("List[str]", "list"),
        ("bool", "bool"),
        ("str", "string"),
        ("pd.DataFrame", "DataFrame"),
        ("int | None", "any"),
        ("'not python'", "any"),
    ],
)
def test_annotations_decide_the_kind(annotation: str, kind: str) -> None:
    [function] = functions_in(f"def compute_mean(x) -> {annotation}:\n    return g(x)\n", "s.py")
    assert function.returns == {"mean": kind}


def test_results_are_named_by_the_docstring_the_code_or_the_function() -> None:
    body = "    return g(x), 2 * x\n"
    head = "def split_data(x) -> tuple[int, NDArray[np.int16]]:\n"
    said = '    """S.\n\n    Returns\n    -------\n    rate : int\n        Hz.\n    rest : ndarray\n    """\n'
    assert functions_in(head + said + body, "s.py")[0].returns == {"rate": "int", "rest": "array"}
    assert functions_in(head + body, "s.py")[0].returns == {"split_data_1": "int", "split_data_2": "array"}
    named = "    a = b = x\n    return a, b\n"
    assert functions_in(head + named, "s.py")[0].returns == {"a": "int", "b": "array"}


@pytest.mark.parametrize(
    ("line", "signature", "returns"),
    [
        ("f(x)", "f(x)", {"f": "any"}),
        (" get_size(x, n=3) -> int ", "get_size(x, n=3)", {"size": "int"}),
        ("f(a) -> X: array, y: str", "f(a)", {"X": "array", "y": "string"}),
        ("f(a) -> list, dict", "f(a)", {"f_1": "list", "f_2": "dict"}),
        ("f(a) -> set", "f(a)", {"f": "set"}),
        ("f(a) -> DataFrame", "f(a)", {"f": "DataFrame"}),
        ("f(a) -> ndarray", "f(a)", {"f": "array"}),
    ],
)
def test_functions_are_read_from_lines(line: str, signature: str, returns: dict[str, str]) -> None:
    function = function_of(line)
    assert (function.signature, function.returns) == (signature, returns)


@pytest.mark.parametrize("line", ["f", "f(", "f(x) -> queue", "f(x", "def f(x)", "f(1)"])
def test_what_is_not_a_function_is_refused(line: str) -> None:
    with pytest.raises(CourseError, match=" — "):
        function_of(line)


def test_a_starter_has_the_docstrings_and_no_import_that_tells_the_solution(course: Course) -> None:
    lesson = course.lesson("day1")
    files = new_exercise(course, "exercise-x", "X", lesson, "1", functions_in(SOLUTION, "s.py"), SOLUTION)
    starter = files.created["exercises/exercise-x/starter.py"]
    assert (
        '    """Cut it: "x".\n\n    More words.\n    """\n    raise NotImplementedError("cut")\n' in starter
    )
    for line in ("import numpy as np", "from keras import Model", "START, NAME = (1, 'x')", "HOME = Path()"):
        assert f"\n{line}\n" in starter, line
    assert "import os" not in starter and "_helper" not in starter
    hidden = files.created["exercises/exercise-x/hidden_tests.py"]
    assert "found_X, found_y = learner.cut(data, step=step)\n" in hidden
    assert "from grader.testing import assert_allclose, assert_same_model\n" in hidden


TONES = r'''
from __future__ import annotations
import re, wave
from pathlib import Path
import pandas as pd
import matplotlib.pyplot as plt
from numpy.typing import NDArray

def read_wav(file: Path) -> NDArray[np.int16]:
    """Read a file with `wave.open`."""
    return pd.Series(wave.open(file), re.I)

def tone(x: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Return $\sum_i \nu_i$."""
    return x
'''


def test_a_starter_keeps_formulas_and_imports_what_its_docstrings_mention(course: Course) -> None:
    functions = functions_in(TONES, "s.py")
    files = new_exercise(course, "exercise-x", "X", course.lesson("day1"), "1", functions, TONES)
    starter = files.created["exercises/exercise-x/starter.py"]
    assert '    r"""Return $\\sum_i \\nu_i$."""\n' in starter
    head = starter[starter.index("import") : starter.index("\n\n\ndef")]
    assert head == "import wave\nimport matplotlib.pyplot as plt"
    assert starter_head(TONES, functions).left_out == ("import re", "import pandas as pd")


@pytest.mark.parametrize(
    "words", ["a", 'a "b"', r"\sum", 'x """ y', "ends with \\", '\\ and """', "two\nlines\n"]
)
def test_docstrings_say_the_same_as_those_of_the_solution(words: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ast.literal_eval(docstring(words)) == words


def test_each_of_several_functions_gets_the_concept_that_it_is_named_after(course: Course) -> None:
    functions = [function_of(line) for line in ("sum_of(x) -> int", "largest(x) -> int", "sums(x) -> int")]
    new_exercise(course, "exercise-x", "X", course.lesson("day1"), "2", functions).write(course.root)
    assert flaws(course, "exercise-x") == []
    made = Course(course.root).exercise("exercise-x").functions
    assert [(each.section, each.concepts) for each in made] == [("2", ()), ("2", ()), ("1", ("sums",))]
    text = (course.root / "exercises/exercise-x/exercise.yaml").read_text()
    assert text.count("concepts: []  # choose: sums, groen\n") == 2


@pytest.mark.parametrize(
    "line", ["f(x) -> int", "f(x, *, y=1) -> X: array, y: float", "f() -> model", "f(x) -> any"]
)
def test_a_new_exercise_lacks_only_what_is_marked(course: Course, line: str) -> None:
    new_exercise(course, "exercise-x", "X", course.lesson("day1"), "2", [function_of(line)]).write(
        course.root
    )
    assert flaws(course, "exercise-x") == []
    material = Material.of(course)
    assert [*unwritten(ExerciseFiles(material, material.exercises["exercise-x"]))]
    assert Course(course.root).lesson("day1").section("2").exercises == ("exercise-x",)  # type: ignore[union-attr]


def test_existing_files_are_never_changed_by_new_ones(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine")
    with pytest.raises(CourseError, match="exists already and is not changed"):
        Files(created={"a": "x", "b": "x"}).write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


@pytest.mark.parametrize(
    ("title", "expected"), [("Word counts!", "word-counts"), ("Été 2", "ete-2"), ("日本", "c")]
)
def test_slugs_are_ids(title: str, expected: str) -> None:
    assert slug(title, "c") == expected and is_id(expected)


@pytest.mark.parametrize("kind", KINDS)
def test_wrong_answers_are_used_or_refused(kind: Kind) -> None:
    answers = () if kind in ("matching", "essay") else ("1", "2") if kind == "ordering" else ("1",)
    question = NewQuestion(id="q", kind=kind, concept="a", section="1", answers=answers, wrong=("77",))
    assert ("77" in question.entry) != ("--wrong is not used" in wrong_flaw(kind))
