"""`nbgrader autograde` with the judge in place of execution: the real commands, and what attackers try."""

from __future__ import annotations

import ast
import copy
import html
import importlib.util
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.content.course import Course
from grader.judge.check import Judge
from grader.judge.submission import read_submission
from grader.notebook.grading import UNCONFINED

if importlib.util.find_spec("nbgrader") is None:
    pytest.skip("nbgrader is not installed: pip install 'course-grader[instructor]'", allow_module_level=True)
if sys.platform != "linux":
    pytest.skip("learner code is confined on Linux only", allow_module_level=True)

BUNDLED = Course.bundled()
EXERCISE = BUNDLED.exercise_dir("exercise-lstm")
SOLUTION = (EXERCISE / "solution.py").read_text()
STARTER = (EXERCISE / "starter.py").read_text()
HIDDEN = (EXERCISE / "hidden_tests.py").read_text()
MISTAKE = (EXERCISE / "mistakes" / "target_one_early.py").read_text()
BIN = Path(sys.executable).parent

LIAR = """
class Anything:
    shape = (5, 3, 1)
    def __eq__(self, other): return True
    def __array__(self, *args, **kwargs): raise ValueError
    def __getattr__(self, name): return self
    def __call__(self, *args, **kwargs): return self
def create_sequences(data, seq_length): return Anything(), Anything()
def split_train_test(X, y, train_fraction=0.8): return Anything()
def persistence_mse(X, y): return Anything()
def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3): return Anything()
def forecast(predict, window, steps): return Anything()
def plot_forecast(times, data, seq_length, train_predictions, test_predictions): return Anything()
"""
SPY = """
try:
    stolen = []
    get_ipython().input_transformers_cleanup.append(lambda lines: stolen.append(lines) or ["16.0"])
    get_ipython().display_formatter.formatters["text/plain"].for_type(float, lambda *a: a[1].text("16.0"))
except NameError:
    pass
"""
BURGLAR = """
import os, sqlite3
places = ["../../../gradebook.db", "../../gradebook.db", PLACE]
for place in places:
    try:
        with sqlite3.connect(place) as gradebook:
            gradebook.execute("UPDATE grade SET manual_score = 99, auto_score = 99")
        print("written", place)
    except Exception as error:
        print(error)
for place in places:
    try:
        os.remove(place)
    except OSError:
        pass
"""
NOISE = """
import logging, sys, warnings
warnings.warn("nothing to worry about")
print("this goes to stderr", file=sys.stderr)
logging.error("this as well")
import os
os.write(2, b"and this")
_create = create_sequences
def create_sequences(data, seq_length):
    print("inside", file=sys.stderr)
    os.write(2, b"inside")
    return _create(data, seq_length)
"""


@dataclass
class Room:
    """A graded class."""

    directory: Path
    seed: int
    said: str

    def scores(self, learner: str, notebook: str) -> dict[str, float | None]:
        """Return grade id -> score; a manual score counts, so that a planted one would be seen."""
        with sqlite3.connect(self.directory / "gradebook.db") as gradebook:
            found = gradebook.execute(
                """SELECT base_cell.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade
                   FROM grade
                   JOIN base_cell ON grade.cell_id = base_cell.id
                   JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
                   JOIN notebook ON submitted_notebook.notebook_id = notebook.id
                   JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
                   WHERE notebook.name = ? AND submitted_assignment.student_id = ?""",
                (notebook, learner),
            ).fetchall()
        assert all(manual is None and not needed for _, _, manual, needed in found), found
        return {name: score for name, score, _, _ in found}

    def feedback(self, learner: str, notebook: str = "exercise-lstm") -> str:
        """Return the text of a page of feedback, without its markup."""
        page = (self.directory / "feedback" / learner / "day4" / f"{notebook}.html").read_text()
        page = re.sub(r"(?s)<(style|script).*?</\1>", "", page)
        return html.unescape(re.sub(r"<[^>]+>", "", page))


def functions(source: str) -> dict[str, str]:
    """Return name -> source of the functions of a file."""
    nodes = ast.parse(source).body
    return {n.name: ast.get_source_segment(source, n) or "" for n in nodes if isinstance(n, ast.FunctionDef)}


def mistaken() -> str:
    """The solution, with one known mistake."""
    return f"{SOLUTION.partition('if __name__')[0]}\n\n{MISTAKE}"


class Notebook:
    """A released notebook in a learner's hands."""

    def __init__(self, path: Path) -> None:
        self.content: dict[str, Any] = json.loads(path.read_text())

    @property
    def cells(self) -> list[dict[str, Any]]:
        cells: list[dict[str, Any]] = self.content["cells"]
        return cells

    def cell(self, grade_id: str) -> dict[str, Any]:
        return next(c for c in self.cells if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)

    def write(self, source: str) -> Notebook:
        """Fill the solution cells from a file, and add what else the file has in a cell of its own."""
        own = functions(source)
        for name, text in own.items():
            grade_id = f"exercise-lstm--{name}"
            if any(c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id for c in self.cells):
                self.cell(grade_id)["source"] = text
        return self

    def add(self, source: str, at: int | None = None) -> Notebook:
        cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": 1}
        self.cells.insert(len(self.cells) if at is None else at, cell | {"id": f"x{len(self.cells)}"})
        return self

    def repeat(self, grade_id: str) -> Notebook:
        again = copy.deepcopy(self.cell(grade_id)) | {"id": f"again{len(self.cells)}"}
        self.cells.insert(self.cells.index(self.cell(grade_id)) + 1, again)
        return self

    def delete(self, grade_id: str) -> Notebook:
        self.cells.remove(self.cell(grade_id))
        return self


def tampered(notebook: Notebook) -> Notebook:
    """Every score that metadata, sources and outputs could give, taken."""
    for cell in notebook.cells:
        own = cell["metadata"].get("nbgrader", {})
        if own.get("grade"):
            own["points"] = 400
            cell["source"] = "400.0"
            data = {"text/plain": "16.0"}
            cell["outputs"] = [
                {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}
            ]
    notebook.cell("exercise-lstm--forecast--test")["metadata"]["nbgrader"]["solution"] = True
    notebook.cell("exercise-lstm--plot_forecast--test")["metadata"]["nbgrader"] |= {"grade": False}
    notebook.cell("exercise-lstm--tools")["metadata"]["nbgrader"]["schema_version"] = 99
    notebook.cell("exercise-lstm--persistence_mse")["metadata"]["nbgrader"] = {"grade_id": ["x"]}
    mine = {"grade": True, "solution": False, "locked": True, "grade_id": "mine", "points": 50}
    notebook.add("1").cells[-1]["metadata"]["nbgrader"] = mine | {"schema_version": 3}
    return notebook


def odd(notebook: Notebook) -> Notebook:
    """What happens to notebooks without any bad intention."""
    notebook.content["metadata"]["kernelspec"] = {
        "name": "julia",
        "display_name": "Julia",
        "language": "julia",
    }
    notebook.content["metadata"]["course"]["version"] = "0123456789ab"
    notebook.cell("exercise-lstm--persistence_mse")["cell_type"] = "markdown"
    for key in ("outputs", "execution_count"):
        notebook.cell("exercise-lstm--persistence_mse").pop(key)
    notebook.add("%matplotlib inline\n!pip list\nprint(create_sequences(np.arange(5.0), 2))")
    return notebook.delete("exercise-lstm--forecast--test").delete("exercise-lstm--create_sequences--test")


def submissions(release: Path, gradebook: Path) -> dict[str, tuple[str | None, Notebook | str]]:
    """Return learner -> (the same code as a file, what is handed in); without a file, nothing can be run."""

    def fresh() -> Notebook:
        return Notebook(release / "exercise-lstm.ipynb")

    leave = "import os\nos._exit(0)"
    burglar = BURGLAR.replace("PLACE", repr(str(gradebook)))
    doubled = fresh().write(SOLUTION)
    doubled.repeat("exercise-lstm--forecast").repeat("exercise-lstm--forecast--test").repeat(
        "exercise-lstm--tools"
    )
    return {
        "right": (SOLUTION, fresh().write(SOLUTION)),
        "partly": (mistaken(), fresh().write(mistaken())),
        "empty": (STARTER, fresh()),
        "leaves": (f"{leave}\n{SOLUTION}", fresh().write(SOLUTION).add(leave, at=1)),
        "spy": (f"{SPY}\n{mistaken()}", fresh().write(mistaken()).add(SPY, at=1)),
        "liar": (LIAR, fresh().write(LIAR).add(LIAR)),
        "noisy": (f"{SOLUTION}\n{NOISE}", fresh().write(SOLUTION).add(NOISE)),
        "burglar": (f"{burglar}\n{mistaken()}", fresh().write(mistaken()).add(burglar, at=1)),
        "doubled": (SOLUTION, doubled),
        "tampered": (mistaken(), tampered(fresh().write(mistaken()))),
        "odd": (SOLUTION, odd(fresh().write(SOLUTION))),
        "nonsense": (None, "this is <b>no</b> notebook"),
        "hollow": (None, json.dumps({"cells": [], "nbformat": 3})),
    }


ANSWERS = {
    "right": {q.id: q.answer for q in BUNDLED.quiz("day4").questions},
    "partly": {"day4-q1": "a", "day4-q2": "none of them", "day4-q3": "a"},
}


def answered(release: Path, answers: dict[str, str]) -> Notebook:
    notebook = Notebook(release / "day4.ipynb")
    for question, answer in answers.items():
        name = f"answer_{question.replace('-', '_')}"
        notebook.cell(question)["source"] = f"import os\n{name} = {answer!r}\nos._exit(0)"
    return notebook


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "COURSE_DIR"}
    # nbgrader starts `alembic` from PATH
    return kept | {"COURSE_HOME": str(home), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


def command(*args: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        [str(BIN / args[0]), *map(str, args[1:])],
        cwd=cwd, env=environment(cwd / "home"), capture_output=True, text=True, timeout=600,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode in (0, 1) if args[0] == "course" else done.returncode == 0, done.stderr[-3000:]
    return done.stdout if args[0] == "course" else done.stderr


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nbgrader")


@pytest.fixture(scope="module")
def room(work: Path) -> Room:
    """Build, release, hand in, grade once for all, and generate the feedback."""
    directory = work / "rnn101"
    command("course", "nbgrader", "build", "day4", "--course-dir", directory, cwd=work)
    command("nbgrader", "generate_assignment", "day4", cwd=directory)
    release = directory / "release" / "day4"
    for learner, (_, notebook) in submissions(release, directory / "gradebook.db").items():
        place = directory / "submitted" / learner / "day4"
        place.mkdir(parents=True)
        (place / "timestamp.txt").write_text("2030-01-02 03:04:05 UTC")
        text = notebook if isinstance(notebook, str) else json.dumps(notebook.content)
        (place / "exercise-lstm.ipynb").write_text(text)
        if learner in ANSWERS:
            (place / "day4.ipynb").write_text(json.dumps(answered(release, ANSWERS[learner]).content))
    said = command("nbgrader", "autograde", "day4", cwd=directory)
    command("nbgrader", "generate_feedback", "day4", cwd=directory)
    seed = re.search(r"GradeWithJudge.seed = (\d+)", (directory / "nbgrader_config.py").read_text())
    assert seed is not None
    return Room(directory, int(seed.group(1)), said)


def check_file(file: Path, seed: int, work: Path) -> dict[str, float]:
    """Return function -> score, by `course check`."""
    options = ("--json", "--no-record", "--seed", str(seed))
    report = json.loads(command("course", "check", "exercise-lstm", file, *options, cwd=work))
    return by_function((test["function"], test["score"]) for test in report["tests"])


def by_function(scores: Iterable[tuple[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for function, score in scores:
        found[function] = found.get(function, 0) + score
    return found


@pytest.fixture(scope="module")
def checked(room: Room, work: Path) -> dict[str, dict[str, float]]:
    """What the judge of `course check` says about the same code: learner -> function -> score.

    One judge stays warm for all, which saves minutes; "partly" is checked by the command itself.
    """
    release = room.directory / "release" / "day4"
    sources = {
        learner: source
        for learner, (source, _) in submissions(release, room.directory / "gradebook.db").items()
        if source is not None
    }

    file = work / "mine.py"
    verdicts: dict[str, dict[str, float]] = {}
    with Judge() as judge:
        for source in {*sources.values()} - {sources["partly"]}:
            file.write_text(source)
            report = judge.check(BUNDLED, "exercise-lstm", read_submission(file), room.seed)
            verdicts[source] = by_function((test.function, test.score) for test in report.tests)
    file.write_text(sources["partly"])
    verdicts[sources["partly"]] = check_file(file, room.seed, work)
    return {learner: verdicts[source] for learner, source in sources.items()}


def test_every_score_is_that_of_course_check(room: Room, checked: dict[str, dict[str, float]]) -> None:
    graded = {learner: room.scores(learner, "exercise-lstm") for learner in checked}
    assert graded == {
        learner: {f"exercise-lstm--{function}--test": score for function, score in scores.items()}
        for learner, scores in checked.items()
    }
    totals = {learner: sum(scores.values()) for learner, scores in checked.items()}
    best = totals["right"]
    assert {learner for learner, total in totals.items() if total == best} == {
        "right",
        "noisy",
        "doubled",
        "odd",
    }
    assert {learner for learner, total in totals.items() if total == 0} == {"empty", "leaves", "liar"}
    assert 0 < totals["partly"] == totals["tampered"] == totals["spy"] == totals["burglar"] < best


def test_course_check_takes_the_notebook_itself(
    room: Room, checked: dict[str, dict[str, float]], work: Path
) -> None:
    notebook = room.directory / "submitted" / "partly" / "day4" / "exercise-lstm.ipynb"
    assert check_file(notebook, room.seed, work) == checked["partly"]


@pytest.mark.parametrize("learner", ["nonsense", "hollow"])
def test_what_is_no_notebook_gets_nothing_and_is_told(room: Room, learner: str) -> None:
    scores = room.scores(learner, "exercise-lstm")
    assert len(scores) == 6 and {*scores.values()} == {0.0}
    assert "There is no code in the notebook." in room.feedback(learner)
    if learner == "nonsense":
        assert "cannot be read as a notebook: it is not JSON" in room.feedback(learner)


@pytest.mark.parametrize("learner", ANSWERS)
def test_answers_score_as_in_the_quiz(room: Room, work: Path, learner: str) -> None:
    given = {q: a for q, a in ANSWERS[learner].items() if len(a) == 1}
    (work / "answers.json").write_text(json.dumps(given))
    report = json.loads(
        command("course", "quiz", "day4", "--answers", work / "answers.json", "--json", cwd=work)
    )
    expected = {f"{each['id']}--test": each["score"] for each in report["questions"]}
    assert room.scores(learner, "day4") == expected
    feedback = " ".join(room.feedback(learner, "day4").split())
    for each in report["questions"]:
        assert " ".join((each["feedback"] or "No answer.").split()) in feedback
    if learner == "partly":
        assert "none of them is no answer. Please type one of the letters a-d." in feedback


def test_no_submission_is_lost(room: Room) -> None:
    handed_in = {path.name for path in (room.directory / "submitted").iterdir()}
    assert {path.name for path in (room.directory / "autograded").iterdir()} == handed_in
    assert {path.name for path in (room.directory / "feedback").iterdir()} == handed_in
    assert "Traceback" not in room.said


def test_feedback_names_tests_and_the_idea(room: Room) -> None:
    feedback = room.feedback("partly")
    titles = [
        ast.get_docstring(node) or "" for node in ast.parse(HIDDEN).body if _is_test(node, "create_sequences")
    ]
    assert any(title.partition("\n")[0] in feedback for title in titles)
    idea = next(m for m in BUNDLED.exercise("exercise-lstm").mistakes if m.id == "target-one-early")
    assert f"idea    {idea.says}" in feedback
    assert "Read again: section" in feedback
    assert "hint    " in feedback
    assert "forecast  3 of 3" in feedback


def test_feedback_shows_what_the_learner_s_own_cells_showed(room: Room) -> None:
    assert "array([[[0.]" in room.feedback("odd")
    assert "this goes to stderr" in room.feedback("noisy")
    burglars = room.feedback("burglar")
    assert "unable to open database file" in burglars or "no such table" in burglars


def test_feedback_says_what_was_mended(room: Room) -> None:
    assert "exercise-lstm--forecast is there more than once; all run" in room.feedback("doubled")
    assert "This cell is there more than once; only this one counts." in room.feedback("doubled")
    assert room.feedback("odd").count("This cell was missing, and is put back.") == 2
    assert "made of version 0123456789ab" in room.feedback("odd")


def test_no_page_shows_hidden_tests_or_solutions(room: Room) -> None:
    visible = (EXERCISE / "visible_tests.py").read_text()
    secret = [*_long_lines(HIDDEN, visible)]
    assert len(secret) > 30
    for learner in room.directory.joinpath("feedback").iterdir():
        page = room.feedback(learner.name)
        assert [line for line in secret if line in page] == []
        autograded = room.directory / "autograded" / learner.name / "day4" / "exercise-lstm.ipynb"
        written = json.loads(autograded.read_text())
        text = "\n".join(
            json.dumps(cell.get("outputs")) + "".join(cell["source"]) for cell in written["cells"]
        )
        assert [line for line in secret if line in text] == []
    solution = [*_long_lines(SOLUTION, STARTER)]
    assert [line for line in solution if line in room.feedback("empty")] == []


def test_what_was_graded_is_recorded(room: Room) -> None:
    path = room.directory / "autograded" / "right" / "day4" / "exercise-lstm.ipynb"
    [record] = json.loads(path.read_text())["metadata"]["course"]["graded"]
    assert record["seed"] == room.seed
    assert record["version"] == BUNDLED.exercise_version("exercise-lstm")
    assert record["confinement"].startswith("bubblewrap")


def test_without_confinement_nothing_is_graded_unless_it_is_asked_for(room: Room, work: Path) -> None:
    """A PATH without bwrap is a machine that has none."""
    programs = work / "no-bwrap"
    programs.mkdir()
    (programs / "alembic").symlink_to(BIN / "alembic")

    def autograde(*options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(BIN / "nbgrader"), "autograde", "day4", "--student", "empty", "--force", *options],
            cwd=room.directory,
            env=environment(work / "home") | {"PATH": str(programs)},
            capture_output=True,
            text=True,
            timeout=300,
        )

    before = room.scores("empty", "exercise-lstm")
    path = room.directory / "autograded" / "empty" / "day4" / "exercise-lstm.ipynb"
    done = autograde()
    assert done.returncode == 1
    assert "cannot be confined on this machine, so nothing is graded" in done.stderr
    assert "Traceback" not in done.stderr
    assert UNCONFINED not in path.read_text()
    assert autograde("--GradeWithJudge.sandbox=False").returncode == 0
    assert UNCONFINED in path.read_text()
    assert room.scores("empty", "exercise-lstm") == before


def _is_test(node: ast.stmt, function: str) -> bool:
    return isinstance(node, ast.FunctionDef) and any(function in ast.unparse(d) for d in node.decorator_list)


def _long_lines(source: str, known: str) -> list[str]:
    """The lines of a source by which it could be recognised."""
    lines = {line.strip() for line in source.splitlines()} - {line.strip() for line in known.splitlines()}
    return [line for line in lines if len(line) > 25 and not line.startswith(('"""', "#", "import", "from"))]
