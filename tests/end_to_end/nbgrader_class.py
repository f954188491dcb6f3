"""A class: what each of its learners hands in for exercise-lstm, and what honest code of theirs would be."""

from __future__ import annotations

import ast
import copy
import html
import json
import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec import Struct

from grader.content.course import Course
from grader.content.notebook import starter_notebook, starter_pieces
from grader.notebook.exercise_cells import without_program
from grader.notebook.repair import read_notebook

LESSON = "day4"
LSTM = "exercise-lstm"
BUNDLED = Course.bundled()
EXERCISE = BUNDLED.exercise_dir(LSTM)
SOLUTION = (EXERCISE / "solution.py").read_text()
STARTER = (EXERCISE / "starter.py").read_text()
QUESTIONS = [question for quiz in [BUNDLED.quiz(LESSON)] for question in quiz.questions]


def mistaken(*names: str) -> str:
    """The solution with known mistakes in the place of some functions."""
    mistakes = [(EXERCISE / "mistakes" / f"{name}.py").read_text() for name in names]
    return "\n\n".join([SOLUTION.partition("if __name__")[0], *mistakes])


PARTLY = mistaken("target_one_early")
BLANK = """
def split_train_test(X, y, train_fraction=0.8):
    pass
def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    return "later"
def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    raise NotImplementedError
"""
WRONG = mistaken("axes_swapped", "broadcast_error", "window_never_moves") + BLANK


class Notebook:
    """A released notebook in a learner's hands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.content: dict[str, Any] = json.loads(path.read_text())

    @property
    def cells(self) -> list[dict[str, Any]]:
        cells: list[dict[str, Any]] = self.content["cells"]
        return cells

    def save(self, path: Path | None = None) -> None:
        (path or self.path).write_text(json.dumps(self.content))

    def cell(self, grade_id: str) -> dict[str, Any]:
        return next(c for c in self.cells if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)

    def write(self, source: str, exercise: str = LSTM) -> Notebook:
        """Fill the solution cells from a file."""
        nodes = ast.parse(source).body
        for node in nodes:
            if isinstance(node, ast.FunctionDef) and BUNDLED.exercise(exercise).function(node.name):
                text = ast.get_source_segment(source, node)
                self.cell(f"{exercise}--{node.name}")["source"] = text
        return self

    def solve(self, exercise: str) -> Notebook:
        """Fill in the reference solution, with all it needs besides its functions in a first cell."""
        solution = (BUNDLED.exercise_dir(exercise) / "solution.py").read_text()
        pieces = starter_pieces(BUNDLED.exercise(exercise), solution)
        self.add("\n\n".join(without_program(text) for function, text in pieces if not function), at=0)
        return self.write(solution, exercise)

    def answer(self, answers: dict[str, str]) -> Notebook:
        """Answer questions; cells of answers are not run, so what else they hold does nothing."""
        for question, answer in answers.items():
            name = f"answer_{question.replace('-', '_')}"
            self.cell(question)["source"] = f"import os\n{name} = {answer!r}\nos._exit(0)"
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


# --- what attackers try ---

# in the kernel of a notebook each of these gives points, or shows the tests
SPY = """
stolen = []
def swallow(lines):
    stolen.append(lines)
    return ["16.0"]
def in_kernel():
    import ast
    shell = get_ipython()
    shell.input_transformers_cleanup.append(swallow)
    class NoAssert(ast.NodeTransformer):
        def visit_Assert(self, node):
            return ast.Pass()
    shell.ast_transformers.append(NoAssert())
    shell.display_formatter.formatters["text/plain"].for_type(float, lambda x, p, cycle: p.text("16.0"))
    shell.showtraceback = lambda *args, **kwargs: None
    shell.ast_node_interactivity = "none"
try:
    in_kernel()
except NameError:
    print("there is no kernel")
"""
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
SECRET = "ann's own idea: 4f1d9c"  # stands in another learner's notebook
BURGLAR = """
import glob, os, sqlite3, sys
class_dir, course_dir = CLASS, COURSE
places = ["../../../gradebook.db", "../../gradebook.db", class_dir + "/gradebook.db"]
for place in places:
    try:
        with sqlite3.connect(place) as gradebook:
            gradebook.execute("UPDATE grade SET manual_score = 99, auto_score = 99")
        print("written", place)
    except Exception as error:
        print(error)
patterns = [
    f"{root}/{rest}"
    for root in ("../../..", "../..", class_dir, course_dir, *sys.path)
    for rest in (
        "source/day4/*", "submitted/*/day4/*", "autograded/*/day4/*", "gradebook.db",
        "exercises/*/*.py", "exercises/*/mistakes/*.py", "grader/course/exercises/*/*.py", "quizzes/*",
    )
]
for pattern in patterns:
    for path in glob.glob(pattern):
        try:
            print(open(path, errors="replace").read())
        except OSError:
            pass
for place in [*places, *glob.glob(class_dir + "/*/*/*/*")]:
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
    warnings.warn("inside")
    os.write(2, b"inside")
    return _create(data, seq_length)
"""
LEAVE = "import os\nos._exit(0)"
STUCK = """
import os, signal, sys, time
def persistence_mse(X, y):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        time.sleep(1)
def forecast(predict, window, steps):
    os._exit(0)
def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    sys.exit(0)
"""


def tampered(notebook: Notebook) -> Notebook:
    """Every score that metadata, sources and outputs could give, taken."""
    for cell in notebook.cells:
        own = cell["metadata"].get("nbgrader", {})
        if own.get("grade"):
            own["points"] = 400
            cell["source"] = "import numpy as np\nnp.float64(0.5)"  # which nbgrader reads as full points
            data = {"text/plain": "np.float64(0.5)"}
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


def doubled(notebook: Notebook) -> Notebook:
    for cell in ("forecast", "forecast--test", "tools"):
        notebook.repeat(f"exercise-lstm--{cell}")
    return notebook


def renamed(notebook: Notebook) -> Notebook:
    cell = notebook.cell("exercise-lstm--create_sequences")
    cell["source"] = cell["source"].replace("def create_sequences", "def make_sequences")
    return notebook


def started(source: str) -> str:
    """A notebook of `course start --notebook`, as learners with a kit have it: no cell is nbgrader's."""
    return starter_notebook(BUNDLED.exercise(LSTM), source)


# --- the class ---


class Learner(Struct, frozen=True):
    """What somebody hands in for exercise-lstm, and the honest code of which it must have the score."""

    hand_in: Callable[[Notebook], Notebook | str]
    honest: str | None  # None: nothing in it can score
    lost: tuple[str, ...] = ()  # functions of the honest code that do not count


def members(class_dir: Path) -> dict[str, Learner]:
    """Return the six who use nbgrader's own commands, by name; the fifth is hostile."""
    burglar = BURGLAR.replace("CLASS", repr(str(class_dir))).replace("COURSE", repr(str(BUNDLED.root)))
    return {
        "ann": Learner(lambda n: n.solve(LSTM).add(f"# {SECRET}"), SOLUTION),
        "ben": Learner(lambda n: n.write(PARTLY), PARTLY),
        "cleo": Learner(lambda n: n.write(WRONG), WRONG),
        "dan": Learner(lambda n: n.write(PARTLY), PARTLY),  # and late
        "eve": Learner(lambda n: n.write(PARTLY).add(burglar, at=1), PARTLY),
        "fay": Learner(lambda n: n, STARTER),
    }


def attackers() -> dict[str, Learner]:
    """Return those of whom only the exercise's notebook lies in `submitted/`."""
    return {
        "spy": Learner(lambda n: n.write(PARTLY).add(SPY, at=1), PARTLY),
        "liar": Learner(lambda n: n.write(LIAR).add(LIAR), None),
        "leaves": Learner(lambda n: n.write(SOLUTION).add(LEAVE, at=1), None),
        "stuck": Learner(
            lambda n: n.write(SOLUTION).add(STUCK),
            SOLUTION,
            lost=("persistence_mse", "forecast", "plot_forecast"),
        ),
        "noisy": Learner(lambda n: n.write(SOLUTION).add(NOISE), SOLUTION),
        "doubled": Learner(lambda n: doubled(n.write(SOLUTION)), SOLUTION),
        "tampered": Learner(lambda n: tampered(n.write(PARTLY)), PARTLY),
        "odd": Learner(lambda n: odd(n.write(SOLUTION)), SOLUTION),
        "renamed": Learner(lambda n: renamed(n.write(SOLUTION)), SOLUTION, lost=("create_sequences",)),
        "kit": Learner(lambda n: started(PARTLY), PARTLY),
        "nonsense": Learner(lambda n: "this is <b>no</b> notebook", None),
        "hollow": Learner(lambda n: json.dumps({"cells": [], "nbformat": 3}), None),
    }


# those that every run grades: one who spoils the kernel, one who takes points, one who mangles the
# notebook without meaning to, one whose code never ends, and one whose file is no notebook
FEW_ATTACKERS = ("spy", "tampered", "odd", "stuck", "nonsense")

ANSWERS = {
    "ann": {question.id: question.answer for question in QUESTIONS},
    "ben": {"day4-q1": "a", "day4-q2": "none of them", "day4-q3": "a"},
    "cleo": {
        question.id: next(letter for letter in question.option_ids if letter != question.answer)
        for question in QUESTIONS
    },
    "dan": {"day4-q1": QUESTIONS[0].answer},
    "eve": {},
    "fay": {},
}


@dataclass
class Room:
    """A graded class."""

    attackers: list[str]
    directory: Path
    homes: Path
    seed: int
    said: dict[str, str]  # command -> what it said
    verdicts: dict[str, dict[str, float]]  # of `course check`: honest code -> function -> score

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

    def feedback(self, learner: str, notebook: str = LSTM) -> str:
        """Return the text of a page of feedback, without its markup."""
        return text_of(self.directory / "feedback" / learner / LESSON / f"{notebook}.html")

    def secrets_of(self, learner: str) -> list[str]:
        """Return the lines of hidden tests, solutions and mistakes that somebody has not got or written."""
        hidden, known = "", ""
        for path in (self.directory / "submitted" / learner / LESSON).glob("*.ipynb"):
            own, _ = read_notebook(path)
            known += "\n".join(cell["source"] for cell in own["cells"])
        for exercise in BUNDLED.exercise_ids:
            place = BUNDLED.exercise_dir(exercise)
            for path in (place / "hidden_tests.py", place / "solution.py", *place.glob("mistakes/*.py")):
                hidden += path.read_text()
            known += "".join((place / f"{name}.py").read_text() for name in ("starter", "visible_tests"))
        lines = {line.strip() for line in hidden.splitlines() if line.strip() not in known}
        # shorter ones are nobody's secret; a docstring is the title of a test, or a contract
        kinds = ('"""', "#", "import", "from")
        return [line for line in lines if len(line) > 25 and not line.startswith(kinds)]

    def autograded(self, learner: str, notebook: str = LSTM) -> dict[str, Any]:
        path = self.directory / "autograded" / learner / LESSON / f"{notebook}.ipynb"
        found: dict[str, Any] = json.loads(path.read_text())
        return found


def text_of(page: Path) -> str:
    """Return the text of an HTML file; highlighting cuts it into pieces, which are put together."""
    text = re.sub(r"(?s)<(style|script).*?</\1>", "", page.read_text())
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def by_function(scores: Iterable[tuple[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for function, score in scores:
        found[function] = found.get(function, 0) + score
    return found
