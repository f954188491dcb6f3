"""`GradeWithJudge` on a notebook of a small course: scores, and outputs below the learner's cells."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from judging import submission
from quiz_of_new_kinds import ASKED, POINTS, QUESTIONS, assigned
from sound_course import EXERCISE_YAML, QUIZ, SOLUTION, SoundCourse

from grader.content.course import Course
from grader.content.notebook_cells import NO_TEXT, read_cell
from grader.errors import EnvironmentProblem
from grader.judge.client.judge import Judge
from grader.notebook.exercise_cells import exercise_notebook
from grader.notebook.grading import UNCONFINED
from grader.notebook.lesson_cells import lesson_notebook
from grader.quiz.answer import right_answer

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


def test_each_run_of_autograde_draws_its_own_seed_and_records_it(course: Course, released: Any) -> None:
    from grader.notebook.plugin import GradeWithJudge

    grader, seeds = GradeWithJudge(course=str(course.root), sandbox=False), set()
    for _ in range(2):
        notebook = nbformat.from_dict(released)
        grader.preprocess(notebook, {"nbgrader": {"notebook": "exercise-x"}})
        [record] = notebook.metadata["course"]["graded"]
        seeds.add(record["seed"])
    show = "from grader.notebook import plugin; print(plugin._SEED)"
    other = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    assert len(seeds) == 1 and seeds != {int(other.stdout)}


# --- an instructor's own cells ---


def own(grade_id: str, source: str, points: float = 2.0, solution: bool = False, kind: str = "code") -> Any:
    """Return a graded cell of an instructor: a test, or a cell that is graded by hand."""
    cell = (nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell)(source)
    cell.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": True,
        "solution": solution,
        "locked": not solution,
        "task": False,
        "points": points,
    }
    return cell


def preprocessed(course: Course, cells: list[Any], name: str = "exercise-x") -> dict[str, Any]:
    """Grade a notebook. Return the graded code cells by their grade id."""
    from grader.notebook.plugin import GradeWithJudge

    notebook = nbformat.v4.new_notebook(cells=cells)
    grader = GradeWithJudge(course=str(course.root), sandbox=False, seed=1)
    grader.preprocess(notebook, {"nbgrader": {"notebook": name}})
    nbformat.validate(notebook)
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}


def score_of(cell: Any) -> float | None:
    from nbgrader.utils import determine_grade

    score: float | None = determine_grade(cell)[0]
    return score


def texts(cell: Any) -> str:
    """Return all that a cell shows."""
    shown = (
        output.get("text") or output.get("evalue") or output.data["text/plain"] for output in cell.outputs
    )
    return "\n".join(shown)


def test_own_tests_run_after_the_learner_s_cells_and_leave_the_course_s_alone(
    course: Course, released: Any
) -> None:
    cells = [
        *released.cells,
        nbformat.v4.new_code_cell(SOLUTION),
        own("full", "print('checked')\nassert first([3.0]) == 3.0"),
        own("partial", "0.5 * first([3.0])"),
        own("words", "def first(x): return 99\n'well done'"),
        own("none", "assert first([1.0]) == 2.0, 'not two'"),
    ]
    graded = preprocessed(course, cells)
    scores = {name: score_of(graded[name]) for name in ("full", "partial", "words", "none")}
    assert scores == {"full": 2.0, "partial": 1.5, "words": 2.0, "none": 0.0}
    course_s = [score_of(cell) for name, cell in graded.items() if name.endswith("--test")]
    assert course_s == [3.0, 1.0]  # although a test defined `first` again
    for name in scores:
        assert "as in plain nbgrader" in texts(graded[name])
    assert "checked" in texts(graded["full"]) and "not two" in texts(graded["none"])


def test_a_notebook_without_the_course_s_cells_runs_as_a_whole(course: Course) -> None:
    setup = own("setup", "LIMIT = 3")
    setup.metadata.nbgrader |= {"grade": False}
    cells = [
        setup,
        nbformat.v4.new_code_cell("x = LIMIT + 1\nx"),
        own("test", "assert x == 4"),
        own("code", "print(x)", solution=True),
        own("essay", "Because.", solution=True, kind="markdown"),
    ]
    graded = preprocessed(course, cells, "own")
    assert score_of(graded["test"]) == 2.0
    assert score_of(graded["code"]) is None and texts(graded["code"]) == "4\n"
    assert score_of(graded["essay"]) is None
    graded = preprocessed(course, [own("code", "print(7)", solution=True)], "own")
    assert texts(graded["code"]) == "7\n"


def test_a_value_before_an_error_is_not_the_score(course: Course) -> None:
    from grader.judge.confinement import Confinement
    from grader.judge.jobs import CellsRun, ShownCell
    from grader.notebook.grading import own_test_outputs

    cell = own("mine", "assert False\n2.0")
    shown = ShownCell("code cell 1", value="2.0", error_type="AssertionError", error="AssertionError")
    run = CellsRun((shown,), "", Confinement.NONE)
    [(cell, outputs)] = own_test_outputs([cell], run, lambda grade_id: ["Look here."])
    cell.outputs = [nbformat.from_dict(output) for output in outputs]
    assert score_of(cell) == 0.0
    assert "Note: Look here." in texts(cell) and UNCONFINED in texts(cell)


@pytest.mark.parametrize(
    ("code", "reason"),
    [("import os; os._exit(0)", "Python exited"), ("x = (", "did not run"), ("1 / 0", "did not run")],
)
def test_own_tests_that_cannot_run_get_nothing_and_a_reason(course: Course, code: str, reason: str) -> None:
    cells = [nbformat.v4.new_code_cell(code), own("mine", "assert f() == 1")]
    graded = preprocessed(course, cells, "own")
    assert score_of(graded["mine"]) == 0.0
    assert reason in texts(graded["mine"]) or "NameError" in texts(graded["mine"])


def test_a_test_for_what_is_no_longer_in_the_course_is_not_run(course: Course) -> None:
    graded = preprocessed(course, [own("gone--f--test", "1 / 1"), own("tiny-q9--test", "assert True")])
    for cell in graded.values():
        assert score_of(cell) == 0.0 and "no longer in the course" in texts(cell)


# --- the course's cells ---


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


def test_a_released_quiz_is_graded_by_points_and_an_essay_waits(tmp_path: Path) -> None:
    """A text, pairs for a share of the points, and an essay, in what nbgrader releases."""
    from grader.notebook.plugin import GradeWithJudge
    from grader.notebook.release import ClearMarkedSolutions

    sound = SoundCourse(tmp_path)
    sound.replace("lessons/tiny.yaml", *ASKED)
    sound.append("quizzes/tiny.yaml", QUESTIONS)
    course = Course(sound.root)
    right = right_answer(course.quiz("tiny").questions[2])
    notebook, _ = ClearMarkedSolutions().preprocess(
        nbformat.from_dict(lesson_notebook(course, "tiny")), {"metadata": {}}
    )
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    assert cells["tiny-q4"].source == NO_TEXT
    assert "![Three black dots](data:image/svg+xml" in cells["tiny-q3--prompt"].source
    carrying = {n.removesuffix("--test"): c.metadata.nbgrader.get("points") for n, c in cells.items()}
    assert {name: points for name, points in carrying.items() if points} == POINTS
    for name, source in assigned(q1="a", q2=" TEN.", q3=f"{right[1]}{right[0]}{right[2:]}").items():
        cells[name].source = source
    cells["tiny-q4"].source = "To share.\n\nOr not."
    GradeWithJudge(course=str(course.root), sandbox=False).preprocess(
        notebook, {"nbgrader": {"notebook": "tiny"}}
    )
    nbformat.validate(notebook)
    scores = {name: score_of(cells[f"{name}--test"]) for name in ("tiny-q1", "tiny-q2", "tiny-q3")}
    assert scores == {"tiny-q1": 0.0, "tiny-q2": 3.0, "tiny-q3": 1.0}
    assert "2 of 4 are right." in texts(cells["tiny-q3--test"])
    assert score_of(cells["tiny-q4"]) is None


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
    score, tests, own = graded(course, released, SOLUTION, "print(1)", "import ctypes; ctypes.string_at(0)")
    assert score == 0 and own == [[], [], []]
    assert all("Python exited" in each[0].data["text/plain"] for each in tests)
