"""`GradeWithJudge` on a notebook of a small course: scores, and outputs below the learner's cells."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import nbformat
import pytest
from judging import submission
from sound_course import EXERCISE_YAML, QUIZ, SOLUTION, SoundCourse

from grader.content.course import Course
from grader.content.notebook_cells import read_cell
from grader.errors import EnvironmentProblem
from grader.judge.client.judge import Judge
from grader.notebook.exercise_cells import exercise_notebook
from grader.notebook.lesson_cells import lesson_notebook

if importlib.util.find_spec("nbgrader") is None:
    pytest.skip("nbgrader is not installed: pip install 'course-grader[instructor]'", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore")  # warnings from nbgrader's own imports


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(SoundCourse(tmp_path_factory.mktemp("course")).root)


@pytest.fixture(scope="module")
def released(course: Course) -> Any:
    with Judge() as judge:
        report = judge.check(course, "exercise-x", submission("x = 1\n"), seed=1)
    return nbformat.from_dict(exercise_notebook(course, "exercise-x", report))


def graded(course: Course, released: Any, *sources: str) -> tuple[float, list[Any], list[Any]]:
    """Grade a notebook with these cells added. Return the score and the outputs of tests and added cells."""
    from nbgrader.utils import determine_grade

    from grader.notebook.plugin import GradeWithJudge

    notebook = nbformat.from_dict(released)
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in sources]
    grader = GradeWithJudge(course=str(course.root), sandbox=False, seed=1)
    grader.preprocess(notebook, {"nbgrader": {"notebook": "exercise-x"}})
    nbformat.validate(notebook)
    tests = [cell for cell in notebook.cells if read_cell(cell).is_test]
    own = notebook.cells[-len(sources) :]
    score = sum(determine_grade(cell)[0] for cell in tests)
    return score, [cell.outputs for cell in tests], [cell.outputs for cell in own]


def test_the_notebook_of_two_quizzes_has_the_current_version(tmp_path: Path) -> None:
    from grader.notebook.plugin import GradeWithJudge

    course = SoundCourse(tmp_path / "two")
    course.write("quizzes/more.yaml", QUIZ.replace("tiny-q1", "more-q1").replace("id: tiny\n", "id: more\n"))
    notebook = nbformat.from_dict(lesson_notebook(Course(course.root), "tiny"))
    assert "-" in notebook.metadata.course.version
    grader = GradeWithJudge(course=str(course.root), sandbox=False)
    grader.preprocess(notebook, {"nbgrader": {"notebook": "tiny"}})
    said = [
        output.data["text/plain"] for c in notebook.cells if read_cell(c).is_test for output in c.outputs[:1]
    ]
    assert [text.partition(".")[0] for text in said] == ["No answer", "No answer"]
    assert not any("was built from version" in text for text in said)


def test_nothing_is_graded_where_a_library_of_the_exercise_is_missing(released: Any, tmp_path: Path) -> None:
    lacking = SoundCourse(tmp_path)
    lacking.replace(EXERCISE_YAML, "text: Words.", "text: Words.\nlibraries: [not-here]")
    with pytest.raises(EnvironmentProblem, match=r"so nothing is graded — run pip install not-here"):
        graded(Course(lacking.root), released, SOLUTION)


def test_printed_output_is_shown_below_its_cell_and_costs_nothing(course: Course, released: Any) -> None:
    score, tests, own = graded(course, released, SOLUTION, "print('<b>hi</b>')\nfirst([4.0])", "x = 2")
    assert score == 4
    assert [[(o.output_type, o.get("text") or o.data["text/plain"]) for o in each] for each in own] == [
        [],
        [("stream", "<b>hi</b>\n"), ("execute_result", "4.0")],
        [],
    ]
    assert {o.output_type for each in tests for o in each} == {"display_data", "execute_result"}


def test_an_error_is_shown_below_its_cell_and_costs_nothing(course: Course, released: Any) -> None:
    score, _, (first, second, third) = graded(
        course, released, f"{SOLUTION}\nprint(1)", "print(2)\n1 / 0", "print(3)"
    )
    assert score == 4
    assert first[0].text == "1\n" and second[0].text == "2\n" and third[0].text == "3\n"
    assert second[1].output_type == "error" and "(line 2 of code cell" in second[1].traceback[0]


def test_a_cell_that_exits_python_leaves_every_cell_without_output(course: Course, released: Any) -> None:
    score, tests, own = graded(course, released, SOLUTION, "print(1)", "import os; os._exit(0)")
    assert score == 0 and own == [[], [], []]
    assert all("Python exited" in each[0].data["text/plain"] for each in tests)
