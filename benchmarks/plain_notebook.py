"""The tests of exercise-lstm as somebody would write them for graders that run a learner's notebook.

The same test functions as the exercise's own, with the numbers that they draw and their points; called
in the interpreter of the learner's code, by the least that this takes.
"""

from __future__ import annotations

import ast
import contextlib
import json
import sqlite3
from pathlib import Path
from typing import Any

from msgspec import Struct

from grader.content.course import Course
from grader.notebook import cells
from grader.notebook.exercise_cells import without_program

COURSE = Course.bundled()
EXERCISE = COURSE.exercise("exercise-lstm")
DIRECTORY = COURSE.exercise_dir(EXERCISE.id)
SAMPLES = Path(__file__).parent.parent / "tests" / "recognition"
# without it the first word of TensorFlow on stderr takes points from right submissions in nbgrader
QUIET = {"CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "agg"}
NBGRADER_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "plain"
c.ExecutePreprocessor.timeout = 300
c.ExecutePreprocessor.startup_timeout = 300
"""
IMPORTS = "import keras\nimport matplotlib.pyplot as plt\nimport numpy as np"
# the least with which the same test functions run on a notebook's names; {seed} is filled in
_ADAPTER = '''
import contextlib, inspect, zlib
import keras
import numpy as np
from grader.judge.worker.convert import convert
from grader.judge.wire import decode

class Model:
    """A Keras model; its loss has one name, and its input is no layer, however it was made."""
    def __init__(self, model):
        self.own = model
    def __getattr__(self, name):
        return getattr(self.own, name)
    def __call__(self, *args, **kwargs):
        return self.own(*args, **kwargs)
    @property
    def loss(self):
        loss = keras.losses.get(self.own.loss)
        return getattr(loss, "__name__", None) or loss.name
    @property
    def layers(self):
        return [layer for layer in self.own.layers if not isinstance(layer, keras.layers.InputLayer)]

class Learner:
    def __getattr__(self, name):
        def call(*args, **kwargs):
            before = [np.copy(value) if isinstance(value, np.ndarray) else value for value in args]
            value = kernel[name](*args, **kwargs)
            self.changed = [not np.array_equal(one, other, equal_nan=True) for one, other in
                            zip(before, args) if isinstance(one, np.ndarray)]
            if isinstance(value, keras.Model):
                return Model(value)
            return decode(convert(value)) if hasattr(value, "savefig") else value
        return call
    @contextlib.contextmanager
    def raises(self, kind, when=""):
        try:
            yield
        except kind:
            return
        raise AssertionError(when)
    def assert_unchanged(self):
        assert not any(self.changed)

def train(model, X, y, recipe):
    keras.utils.set_random_seed(recipe.seed)
    fresh = keras.models.clone_model(model.own)
    fresh.compile(optimizer=keras.optimizers.Adam(recipe.learning_rate), loss="mean_squared_error")
    for _ in range(recipe.steps):
        fresh.train_on_batch(X, y.reshape(-1, 1))
    return fresh

def run(test):
    rng = np.random.default_rng([{seed}, zlib.crc32(test.__name__.encode())])
    given = {{"learner": Learner(), "rng": rng, "train": train}}
    test(*(given[name] for name in inspect.signature(test).parameters))
'''


class PlainTest(Struct, frozen=True):
    """One test function, without its mark."""

    name: str
    points: float
    function: str
    source: str


def submissions(wanted: int) -> dict[str, str]:
    """Return name -> source: by turns right ones, known mistakes, and wrong ones by other people."""
    solution = without_program((DIRECTORY / "solution.py").read_text())
    mistakes = [(path.stem, f"{solution}\n\n{path.read_text()}") for path in DIRECTORY.glob("mistakes/*.py")]
    kinds = [[("solution", solution)], sorted(mistakes)]
    for judged in ("right", "wrong"):
        paths = sorted((SAMPLES / judged / EXERCISE.id).glob("*.py"))
        kinds.append([(f"{judged}-{path.stem}", without_program(path.read_text())) for path in paths])
    found: dict[str, str] = {}
    while len(found) < wanted and any(kinds):
        for kind in filter(None, kinds):
            name, source = kind.pop(0)
            found[name.replace("_", "-")] = source
    return dict([*found.items()][:wanted])


def tests_and_tools(seed: int) -> tuple[list[PlainTest], str]:
    """Return the tests, and the module around them: it calls the functions that its global `kernel` holds."""
    tests, rest = [], ""
    for path in (DIRECTORY / "visible_tests.py", DIRECTORY / "hidden_tests.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                [mark] = node.decorator_list
                assert isinstance(mark, ast.Call)
                points, function = ast.literal_eval(mark.args[0]), ast.literal_eval(mark.keywords[0].value)
                node.decorator_list = []
                tests.append(PlainTest(node.name, points, function, ast.unparse(node)))
            elif ast.unparse(node) != "import pytest":
                rest += ast.unparse(node) + "\n"
    return tests, _ADAPTER.format(seed=seed) + rest


# --- for nbgrader ---


def nbgrader_notebook(seed: int) -> tuple[dict[str, Any], list[PlainTest]]:
    """Return a notebook with a hidden test cell for each test, and the tests."""
    tests, tools = tests_and_tools(seed)
    made = [cells.code(IMPORTS)]
    made += [cells.solution(f"def {f.signature}:\n    ...", f.name) for f in EXERCISE.functions]
    for number, test in enumerate(tests):
        # in a dictionary of their own, so that no name of theirs meets a name of the learner's
        source = f"exec({test.source!r}, course_tests)\ncourse_tests['run'](course_tests[{test.name!r}])"
        if number == 0:
            source = f"course_tests = {{'kernel': globals()}}\nexec({tools!r}, course_tests)\n{source}"
        hidden = f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"
        made.append(cells.test(hidden, test.name, test.points))
    return cells.notebook("plain", made, {}), tests


def hand_in(class_dir: Path, assignment: str, notebook_name: str, learner: str, source: str) -> None:
    """Write the whole of a program into the first solution cell of the released notebook."""
    released = class_dir / "release" / assignment / f"{notebook_name}.ipynb"
    notebook = json.loads(released.read_text())
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"], source = source, "# see above"
    place = class_dir / "submitted" / learner / assignment
    place.mkdir(parents=True)
    (place / released.name).write_text(json.dumps(notebook))


def nbgrader_scores(class_dir: Path) -> dict[str, dict[str, float]]:
    """Return learner -> grade id -> score."""
    found: dict[str, dict[str, float]] = {}
    with contextlib.closing(sqlite3.connect(class_dir / "gradebook.db")) as gradebook:
        for learner, cell, score in gradebook.execute(
            """SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score FROM grade
               JOIN base_cell ON grade.cell_id = base_cell.id
               JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
               JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id"""
        ):
            found.setdefault(learner, {})[cell] = score
    return found


# --- for Otter ---


def otter_notebook(tests: list[PlainTest]) -> dict[str, Any]:
    """Return the notebook that `otter assign` takes: a question for each test, so that each has a score.

    The module around the tests, `course_tests.py`, lies beside it.
    """
    made = [_raw("ASSIGNMENT CONFIG", init_cell=True, autograder_files=["course_tests.py"])]
    made.append(cells.code(IMPORTS))
    made += [cells.code(f"def {f.signature}:\n    ...") for f in EXERCISE.functions]
    for test in tests:
        config = f'""" # BEGIN TEST CONFIG\nhidden: true\npoints: {test.points}\n""" # END TEST CONFIG'
        call = f"import course_tests\ncourse_tests.run_quietly({test.name!r}, globals())"
        made += [_raw("BEGIN QUESTION", name=test.name, check_cell=False), cells.text(test.name)]
        made += [
            _raw("BEGIN TESTS"),
            cells.code(f"{config}\n{call}"),
            _raw("END TESTS"),
            _raw("END QUESTION"),
        ]
    return cells.notebook("otter", made, {})


def otter_module(tests: list[PlainTest], tools: str) -> str:
    """Return the source of `course_tests.py`. What a learner prints would be a failure in a doctest."""
    run = """
def run_quietly(name, names):
    global kernel
    import contextlib, io
    kernel = names
    with contextlib.redirect_stdout(io.StringIO()):
        run(globals()[name])
"""
    return "\n\n".join([tools, run, *(test.source for test in tests)])


def otter_submission(source: str) -> dict[str, Any]:
    """Return a notebook as a learner hands it in: the cells before the tests, the program in the first."""
    made = [cells.code(IMPORTS), cells.code(source)]
    made += [cells.code("# see above") for _ in EXERCISE.functions[1:]]
    return cells.notebook("plain", made, {})


def _raw(head: str, **config: Any) -> dict[str, Any]:
    """Return a raw cell as Otter marks the parts of a notebook; JSON is YAML."""
    lines = [f"# {head}", *(f"{key}: {json.dumps(value)}" for key, value in config.items())]
    return {"cell_type": "raw", "metadata": {}, "source": "\n".join(lines)}
