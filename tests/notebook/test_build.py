"""Notebooks for nbgrader: their cells and points, what they must not contain, and when they are written."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from judging import submission
from msgspec import structs
from notebook_held_back import found_in, held_back
from sound_course import HIDDEN_TESTS, SOLUTION_PY, SoundCourse

from grader.content.course import Course, content_hash
from grader.content.notebook_cells import NO_TEXT, read_cell
from grader.errors import CourseError
from grader.judge.client.judge import Judge
from grader.judge.report import Report
from grader.notebook import build as building
from grader.notebook.cells import solution
from grader.notebook.config import config_text
from grader.notebook.exercise_cells import exercise_notebook, without_program
from grader.notebook.lesson_cells import lesson_notebook, question_cells
from grader.quiz.notebook_answers import notebook_answers

QUIZ_YAML = "quizzes/tiny.yaml"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The judge's report on a submission without functions, in place of the starter's."""
    course = Course(SoundCourse(tmp_path_factory.mktemp("course")).root)
    with Judge() as judge:
        return judge.check(course, "exercise-x", submission("x = 1\n"), seed=1)


@pytest.fixture
def sound(tmp_path: Path) -> SoundCourse:
    return SoundCourse(tmp_path / "sound")


@pytest.fixture
def notebooks(sound: SoundCourse, report: Report) -> dict[str, Any]:
    return made(sound, report)


def made(sound: SoundCourse, report: Report) -> dict[str, Any]:
    course = Course(sound.root)
    return {
        "tiny": lesson_notebook(course, "tiny"),
        "exercise-x": exercise_notebook(course, "exercise-x", report),
    }


def assignments(notebook: Any) -> dict[str, Any]:
    """Return the cells by grade_id. Fail if two cells have the same id."""
    cells = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    found = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in cells}
    assert len(found) == len(cells)
    return found


def test_each_question_and_function_has_its_cells(notebooks: dict[str, Any]) -> None:
    assert [*assignments(notebooks["tiny"])] == ["tiny-q1--prompt", "tiny-q1", "tiny-q1--test"]
    assert [*assignments(notebooks["exercise-x"])] == [
        "exercise-x--tools",
        "exercise-x--scaled",
        "exercise-x--scaled--test",
        "exercise-x--first",
        "exercise-x--first--test",
    ]


def test_the_cells_have_the_metadata_that_nbgrader_expects(notebooks: dict[str, Any]) -> None:
    for notebook in notebooks.values():
        for grade_id, cell in assignments(notebook).items():
            meta = cell["metadata"]["nbgrader"]
            assert re.fullmatch(r"[a-zA-Z0-9_\-]+", grade_id)
            assert meta["schema_version"] == 3 and meta["task"] is False
            is_test, is_given = grade_id.endswith("--test"), grade_id.endswith(("--prompt", "--tools"))
            assert (meta["grade"], meta["locked"], meta["solution"]) == (
                is_test,
                is_test or is_given,
                not is_test and not is_given,
            )
            assert ("points" in meta) == is_test


@pytest.mark.filterwarnings("ignore")  # warnings from nbgrader's own imports
def test_the_long_cell_of_helpers_is_folded(notebooks: dict[str, Any]) -> None:
    folded = [cell for cell in notebooks["exercise-x"]["cells"] if "jupyter" in cell["metadata"]]
    assert [cell["metadata"]["nbgrader"]["grade_id"] for cell in folded] == ["exercise-x--tools"]
    assert folded[0]["metadata"]["jupyter"] == {"source_hidden": True}


def test_nbgrader_s_own_validator_accepts_the_notebooks(notebooks: dict[str, Any]) -> None:
    pytest.importorskip(
        "nbgrader", reason="nbgrader is not installed: pip install 'course-grader[instructor]'"
    )
    import nbformat
    from nbgrader.nbgraderformat import MetadataValidator

    for notebook in notebooks.values():
        node = nbformat.from_dict(notebook)
        nbformat.validate(node)
        MetadataValidator().validate_nb(node)


def test_the_points_are_those_of_course_check(notebooks: dict[str, Any], report: Report) -> None:
    tests = [
        cell["metadata"]["nbgrader"]
        for cell in assignments(notebooks["exercise-x"]).values()
        if cell["metadata"]["nbgrader"]["grade"]
    ]
    assert {test["grade_id"]: test["points"] for test in tests} == {
        "exercise-x--scaled--test": 3.0,
        "exercise-x--first--test": 1.0,
    }
    assert sum(test["points"] for test in tests) == report.max_score
    assert assignments(notebooks["tiny"])["tiny-q1--test"]["metadata"]["nbgrader"]["points"] == 1


def test_the_starter_is_in_the_solution_cells(notebooks: dict[str, Any]) -> None:
    cell = assignments(notebooks["exercise-x"])["exercise-x--scaled"]
    assert cell["source"] == "def scaled(x, factor=2):\n    raise NotImplementedError"


def test_a_question_is_asked_without_its_answer(notebooks: dict[str, Any]) -> None:
    cells = assignments(notebooks["tiny"])
    assert cells["tiny-q1"]["source"] == 'answer_tiny_q1 = None  # "a" or "b"'
    assert cells["tiny-q1--prompt"]["source"] == (
        "**Question tiny-q1.** What comes after one?\n\n- **a** – Three\n- **b** – Two"
    )
    check = cells["tiny-q1--test"]["source"]
    for right in ("a", " B"):
        exec(check, {"answer_tiny_q1": right})
    for wrong in (None, "c", "ab", 3):
        with pytest.raises(AssertionError, match="Write your answer to tiny-q1"):
            exec(check, {"answer_tiny_q1": wrong})


def test_the_lesson_is_self_contained(notebooks: dict[str, Any]) -> None:
    text = "\n".join(cell["source"] for cell in notebooks["tiny"]["cells"])
    assert "![Three black dots in a row](data:image/svg+xml;base64,PHN2Zy" in text
    assert "$x_{t-1}$" in text and "[exercise-x](exercise-x.ipynb)" in text and "**Number**: A count." in text


def test_the_metadata_identify_the_source_of_a_notebook(
    notebooks: dict[str, Any], sound: SoundCourse
) -> None:
    course = Course(sound.root)
    about = {name: notebook["metadata"]["course"] for name, notebook in notebooks.items()}
    assert {key: about["tiny"][key] for key in ("kind", "id", "lesson", "version")} == {
        "kind": "lesson",
        "id": "tiny",
        "lesson": "tiny",
        "version": content_hash(course.quiz("tiny")),
    }
    assert {key: about["exercise-x"][key] for key in ("kind", "id", "lesson", "version")} == {
        "kind": "exercise",
        "id": "exercise-x",
        "lesson": "tiny",
        "version": course.exercise_version("exercise-x"),
    }
    assert notebooks["tiny"]["metadata"]["kernelspec"]["name"] == "python3"


def test_the_first_cell_says_how_to_check_the_notebook(notebooks: dict[str, Any]) -> None:
    for name, notebook in notebooks.items():
        assert f"`%check {name}` in a cell for full feedback" in notebook["cells"][0]["source"]


def test_the_notebooks_contain_nothing_that_is_held_back(
    notebooks: dict[str, Any], sound: SoundCourse
) -> None:
    hidden = held_back(Course(sound.root), "tiny")
    assert "x = rng.normal(size=3)" in hidden and "Numbers go up by one." in hidden
    assert found_in(notebooks, hidden) == set()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (QUIZ_YAML, "{text: Two, correct: true, why: Two follows one.}", "{text: Two, why: No.}"),
        (SOLUTION_PY, "* factor", "* factor * 1.0"),
        (HIDDEN_TESTS, "Not all are multiplied", "Some are not multiplied"),
        ("exercises/exercise-x/mistakes/second_one.py", "x[1]", "x[2]"),
    ],
)
def test_the_cells_do_not_depend_on_what_is_held_back(
    sound: SoundCourse, report: Report, file: str, old: str, new: str
) -> None:
    before = made(sound, report)
    sound.replace(file, old, new)
    if file == QUIZ_YAML:
        three = "{text: Three, why: Three comes after two., misconception: off-by-one}"
        sound.replace(file, three, "{text: Three, correct: true, why: Yes.}")
    after = made(sound, report)
    for name in before:
        assert before[name]["cells"] == after[name]["cells"]
    assert before != after  # the versions differ


KINDS = """
  - id: tiny-q2
    kind: multiple
    concepts: [numbers]
    section: "1"
    prompt: Which are even?
    options:
      - {text: "2", correct: true, why: Yes.}
      - {text: "3", why: No.}
      - {text: "4", correct: true, why: Yes.}
    explain: Half of them.
  - id: tiny-q3
    kind: ordering
    concepts: [numbers]
    section: "1"
    prompt: Put them in order.
    items: [one, two, three]
    otherwise: No.
    explain: So.
  - id: tiny-q4
    kind: numeric
    concepts: [numbers]
    section: "1"
    prompt: Twice {{n}}?
    draw: {n: [4, 7]}
    answer: 2 * n
    otherwise: No.
    explain: So.
  - id: tiny-q5
    kind: shape
    concepts: [numbers]
    section: "1"
    prompt: Which shape?
    answer: (5, 2)
    otherwise: No.
    explain: So.
  - id: tiny-q6
    kind: text
    concepts: [numbers]
    section: "1"
    points: 3
    prompt: Which word?
    answers: [number]
    otherwise: No.
    explain: So.
  - id: tiny-q7
    kind: matching
    concepts: [numbers]
    section: "1"
    prompt: Which word?
    pairs: [{item: "1", match: one}, {item: "2", match: two}]
    otherwise: No.
    explain: So.
"""


WHY = """\
  - id: tiny-q2
    kind: essay
    concepts: [numbers]
    section: "1"
    points: 4
    prompt: Why do people count?
    explain: To share.
"""


def test_questions_of_every_kind_can_be_asked(sound: SoundCourse) -> None:
    sound.append(QUIZ_YAML, KINDS)
    notebook = lesson_notebook(Course(sound.root), "tiny")
    cells = assignments(notebook)
    for number in range(1, 8):
        tree = ast.parse(cells[f"tiny-q{number}"]["source"])
        assert ast.unparse(tree) == f"answer_tiny_q{number} = None"
    points = [cells[f"tiny-q{n}--test"]["metadata"]["nbgrader"]["points"] for n in range(1, 8)]
    assert points == [1, 1, 1, 1, 1, 3, 1]
    assert "- **1** – 1\n- **2** – 2\n\n- **a** – " in cells["tiny-q7--prompt"]["source"]
    assert "- **c** – 4" in cells["tiny-q2--prompt"]["source"]
    assert re.search(r"Twice [47]\?", cells["tiny-q4--prompt"]["source"])
    assert "More questions" in "\n".join(cell["source"] for cell in notebook["cells"])


def test_the_letters_of_an_ordering_do_not_reveal_the_answer(sound: SoundCourse) -> None:
    sound.append(QUIZ_YAML, KINDS)
    course = Course(sound.root)
    question = course.quiz("tiny").question("tiny-q3")
    assert question is not None
    asked = question_cells(question, course)[0]["source"]
    assert re.findall(r"– (\w+)", asked) != ["one", "two", "three"]


def test_an_essay_has_one_cell_that_an_instructor_grades(sound: SoundCourse) -> None:
    sound.append(QUIZ_YAML, WHY)
    cells = lesson_notebook(Course(sound.root), "tiny")["cells"]
    (cell,) = [c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == "tiny-q2"]
    assert (cell["cell_type"], cell["source"]) == ("markdown", NO_TEXT)
    own = cell["metadata"]["nbgrader"]
    assert (own["grade"], own["solution"], own["locked"], own["points"]) == (True, True, False, 4.0)
    quiz = Course(sound.root).quiz("tiny")

    assert "To share." not in json.dumps(cells)

    def answers(source: str) -> dict[str, str]:
        cell["source"] = source
        return notebook_answers([*map(read_cell, cells)], quiz.questions)[0]

    assert answers(NO_TEXT) == answers(" ") == {}
    assert answers("To share.\n\nOr not.") == {"tiny-q2": "To share.\n\nOr not."}


def test_a_question_s_figure_is_in_its_cell(sound: SoundCourse) -> None:
    sound.replace(QUIZ_YAML, "    prompt:", "    figure: {file: three.svg, alt: Dots}\n    prompt:")
    course = Course(sound.root)
    asked = question_cells(course.quiz("tiny").questions[0], course)[0]["source"]
    assert "What comes after one?\n\n![Dots](data:image/svg+xml;base64," in asked


def test_the_main_program_becomes_a_comment() -> None:
    source = 'def main():\n    pass\n\n\nif __name__ == "__main__":\n    main()\n'
    wanted = "def main():\n    pass\n\n\n# the whole program, once your functions work:\n# main()"
    assert without_program(source) == wanted


def test_an_id_that_nbgrader_would_refuse_is_refused() -> None:
    with pytest.raises(CourseError, match="cannot be a grade_id"):
        solution("", "exercise--größe")


def test_a_starter_without_a_function_is_refused(sound: SoundCourse, report: Report) -> None:
    sound.write("exercises/exercise-x/starter.py", "def scaled(x, factor=2):\n    ...\n")
    with pytest.raises(CourseError, match=r"starter\.py does not define first"):
        exercise_notebook(Course(sound.root), "exercise-x", report)


# --- writing ---

Edited = building.Edited
Build = Callable[..., building.Built]


@pytest.fixture
def build(sound: SoundCourse, report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Build the notebooks without running the judge again."""
    monkeypatch.setattr(building, "starter_report", lambda *_: report)

    def run(**options: Any) -> building.Built:
        return building.build(Course(sound.root), "tiny", tmp_path / "my class", **options)

    return run


def test_the_files_are_written_where_nbgrader_expects_them(build: Build, tmp_path: Path) -> None:
    built = build()
    place = tmp_path / "my class"
    assert [*built.notebooks] == [place / "source/tiny/tiny.ipynb", place / "source/tiny/exercise-x.ipynb"]
    assert built.config == place / "nbgrader_config.py" and built.config_written
    before = {path: path.read_bytes() for path in (*built.notebooks, built.config)}
    assert not build().config_written
    assert {path: path.read_bytes() for path in before} == before


def test_an_edited_notebook_is_kept_unless_forced(build: Build) -> None:
    lesson, exercise = build().notebooks
    notebook = json.loads(lesson.read_text())
    notebook["metadata"]["language_info"]["version"] = "3.12"  # as Jupyter adds it
    lesson.write_text(json.dumps(notebook))
    exercise.write_text(exercise.read_text().replace("Every number times", "Each number times"))
    with pytest.raises(CourseError, match=r"exercise-x\.ipynb has been edited .* --force"):
        build()
    assert "Each number" in exercise.read_text() and '"3.12"' in lesson.read_text()
    build(edited=Edited.OVERWRITE)
    assert "Every number" in exercise.read_text()


# --- an instructor's own cells ---

ESSAY = {"grade_id": "essay", "grade": True, "solution": True, "locked": False, "task": False, "points": 4}
OWN: list[Any] = [
    {"cell_type": "markdown", "id": "own0", "metadata": {}, "source": ["Welcome\n", "to X"]},
    {"cell_type": "markdown", "id": "own1", "metadata": {"nbgrader": ESSAY}, "source": "Why?"},
    {
        "cell_type": "code",
        "id": "own2",
        "metadata": {},
        "source": "1 + 1",
        "outputs": [{"output_type": "stream", "name": "stdout", "text": "2"}],
        "execution_count": 3,
    },
]


def edited(path: Path, change: Callable[[list[Any]], object]) -> None:
    """Change the cells of a notebook as Jupyter would save them."""
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
    change(notebook["cells"])
    path.write_text(json.dumps(notebook))


def sources(path: Path) -> list[str]:
    """Return the first line of each cell."""
    cells = json.loads(path.read_text())["cells"]
    return ["".join(cell["source"]).partition("\n")[0] for cell in cells]


def insert(cells: list[Any]) -> None:
    """Add cells: at the top, after the tests of the first function, and at the end."""
    place = next(n for n, c in enumerate(cells) if "scaled--test" in str(c["metadata"]))
    cells.insert(place + 1, OWN[1])
    cells.insert(0, OWN[0])
    cells.append(OWN[2])


def test_added_cells_are_kept_at_their_place(build: Build, sound: SoundCourse) -> None:
    _, exercise = build().notebooks
    plain = sources(exercise)
    edited(exercise, insert)
    with_own = sources(exercise)
    assert build().kept == {exercise: 3}
    assert sources(exercise) == with_own and len(with_own) == len(plain) + 3
    again = exercise.read_bytes()
    assert build(edited=Edited.OVERWRITE).kept == {exercise: 3}
    assert exercise.read_bytes() == again
    cells = {cell["id"]: cell for cell in json.loads(exercise.read_text())["cells"]}
    assert [cells[cell["id"]] for cell in OWN] == OWN
    assert len(cells) == len(with_own)


def test_added_cells_follow_the_cell_before_them_into_a_new_version(build: Build, sound: SoundCourse) -> None:
    _, exercise = build().notebooks
    edited(exercise, insert)
    sound.replace("exercises/exercise-x/exercise.yaml", "Every number times", "Each number times")
    sound.replace("exercises/exercise-x/starter.py", "\ndef scaled", "import math\n\n\ndef scaled")
    build()
    shown = sources(exercise)
    assert shown[:3] == ["Welcome", "# X", "import math"] and shown[-1] == "1 + 1"
    assert shown[shown.index("Why?") + 1] == "## first"


def test_a_cell_whose_place_is_gone_comes_after_the_nearest_cell_before_it(
    build: Build, sound: SoundCourse, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, exercise = build().notebooks
    edited(exercise, insert)
    without = structs.replace(report, tests=tuple(t for t in report.tests if t.function != "scaled"))
    monkeypatch.setattr(building, "starter_report", lambda *_: without)
    build()
    shown = sources(exercise)
    assert shown[shown.index("Why?") - 1].startswith("def scaled")


@pytest.mark.parametrize(
    "change",
    [
        lambda cells: cells.pop(1),
        lambda cells: cells[1].update(source="changed"),
        lambda cells: cells.reverse(),
        lambda cells: cells[3]["metadata"]["nbgrader"].update(points=9),
        lambda cells: cells.append({**cells[3], "id": "copied"}),
    ],
)
def test_changed_cells_of_the_course_are_refused_and_added_ones_survive_force(
    build: Build, change: Callable[[list[Any]], object]
) -> None:
    _, exercise = build().notebooks
    plain = sources(exercise)
    edited(exercise, change)
    edited(exercise, lambda cells: cells.append(OWN[2]))
    with pytest.raises(CourseError, match="keeps only the cells that you added"):
        build()
    assert build(edited=Edited.OVERWRITE).kept == {exercise: 1}
    assert sorted(sources(exercise)) == sorted([*plain, "1 + 1"])
    build()


def test_cells_without_ids_are_told_apart_by_how_they_begin(build: Build) -> None:
    _, exercise = build().notebooks
    plain = sources(exercise)
    edited(exercise, lambda cells: [cell.pop("id") for cell in cells])
    assert build().kept == {}
    edited(exercise, lambda cells: insert(cells) or [cell.pop("id") for cell in cells])  # type: ignore[func-returns-value]
    assert build().kept == {exercise: 3}
    assert len(sources(exercise)) == len(plain) + 3
    ids = [cell["id"] for cell in json.loads(exercise.read_text())["cells"]]
    assert len({*ids}) == len(ids)


def test_a_grade_id_that_ends_like_the_course_s_is_refused(build: Build) -> None:
    _, exercise = build().notebooks
    own = {"nbgrader": ESSAY | {"grade_id": "mine--test"}}
    edited(exercise, lambda cells: cells.append(OWN[1] | {"metadata": own}))
    for options in ({}, {"edited": Edited.OVERWRITE}):
        with pytest.raises(CourseError, match=r"grade ids mine--test.* do not end in --test"):
            build(**options)


def test_an_unedited_notebook_follows_the_course(build: Build, sound: SoundCourse) -> None:
    _, exercise = build().notebooks
    sound.replace("exercises/exercise-x/exercise.yaml", "Every number times", "Each number times")
    build()
    assert "Each number" in exercise.read_text()


def settings(config: Path) -> Any:
    """Run a config file as nbgrader does, and return the settings."""

    class Anything:
        def __getattr__(self, name: str) -> Any:
            self.__dict__[name] = Anything()
            return self.__dict__[name]

    found = Anything()
    exec(config.read_text(), {"get_config": lambda: found, "__file__": str(config)})
    return found


def test_the_config_is_kept_unless_it_is_overwritten(build: Build, sound: SoundCourse) -> None:
    config = build().config
    first = settings(config)
    assert first.GradeWithJudge.course == "" and first.CourseDirectory.course_id == "my-class"
    assert first.CourseDirectory.root == str(config.parent)
    assert first.OverwriteCells.add_missing_cells is True
    config.write_text(config.read_text() + "# mine\n")
    build()
    assert config.read_text().endswith("# mine\n")
    assert build(edited=Edited.OVERWRITE, grade_with=str(sound.root)).config_written
    second = settings(config)
    assert not config.read_text().endswith("# mine\n")
    assert "\nc.GradeWithJudge.seed" not in config.read_text(), "each run draws its own"
    assert second.GradeWithJudge.course == str(sound.root)


@pytest.mark.filterwarnings("ignore")  # warnings from nbgrader's own imports
def test_the_preprocessor_lists_differ_from_nbgrader_s_only_in_our_own(tmp_path: Path) -> None:
    pytest.importorskip(
        "nbgrader", reason="nbgrader is not installed: pip install 'course-grader[instructor]'"
    )
    from nbgrader.converters import Autograde, GenerateAssignment

    config = tmp_path / "nbgrader_config.py"
    config.write_text(config_text("tiny", "x", ""))
    found = settings(config)
    ours = {
        "grader.notebook.release.ClearMarkedSolutions": "ClearSolutions",
        "grader.notebook.plugin.KeepFirst": "DeduplicateIds",
        "grader.notebook.plugin.GradeWithJudge": "Execute",
    }
    for mine, theirs in [
        (found.GenerateAssignment.preprocessors, GenerateAssignment.preprocessors),
        (found.Autograde.sanitize_preprocessors, Autograde.sanitize_preprocessors),
        (found.Autograde.autograde_preprocessors, Autograde.autograde_preprocessors),
    ]:
        names = [ours.get(name) or name.rpartition(".")[2] for name in mine]
        assert names == [kind.__name__ for kind in theirs.default()]


def test_data_files_lie_beside_the_notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that differs, because it or the course's was edited, is not replaced unasked."""
    monkeypatch.setattr(building, "lesson_notebooks", lambda *_: {})
    example = Course(Path(__file__).parents[2] / "examples" / "text-statistics")
    building.build(example, "day1", tmp_path)
    written = tmp_path / "source/day1/data/fable.txt"
    assert written.read_bytes() == (example.exercise_dir("exercise-words") / "data/fable.txt").read_bytes()
    written.write_text("mine")
    with pytest.raises(CourseError, match=r"fable\.txt is not the data file of the course"):
        building.build(example, "day1", tmp_path)
    building.build(example, "day1", tmp_path, building.Edited.OVERWRITE)
    assert written.read_text() != "mine"
