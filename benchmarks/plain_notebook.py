"""The tests of an exercise, written for graders that run a learner's notebook.

The test functions, the numbers that they draw and their points are those of the exercise. They run in
the interpreter of the learner's code, through a minimal adapter. `choose` names the exercise.
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
SAMPLES = Path(__file__).parent.parent / "tests" / "recognition"
# otherwise TensorFlow writes to stderr, and right submissions lose points in nbgrader
QUIET = {"CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "agg"}
NBGRADER_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "plain"
c.ExecutePreprocessor.timeout = 300
c.ExecutePreprocessor.startup_timeout = 300
"""
# of the adapter, for exercises with models and figures
_MODELS = '''
import keras
from grader.judge.worker.convert import convert
from grader.judge.wire.values import decode

class Model:
    """A Keras model whose loss has a uniform name and whose layers do not include the input."""
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

def without_names(config):
    """Return a configuration without the names of layers."""
    if isinstance(config, dict):
        return {key: without_names(value) for key, value in config.items() if key != "name"}
    return [without_names(value) for value in config] if isinstance(config, list | tuple) else config

def layers_of(model):
    return [without_names(layer.get_config()) for layer in model.layers]

def assert_same_layers(model, expected):
    assert layers_of(model) == layers_of(expected)

def assert_independent(one, other):
    assert not set(map(id, one.layers)) & set(map(id, other.layers))
    assert one.optimizer is not other.optimizer

def assert_same_compiling(model, expected):
    ours, theirs = (without_names(each.optimizer.get_config()) for each in (model, expected))
    assert ours == theirs and model.loss == expected.loss

def adapted(value):
    if isinstance(value, keras.Model):
        return Model(value)
    return decode(convert(value)) if hasattr(value, "savefig") else value

def train(model, X, y, recipe):
    keras.utils.set_random_seed(recipe.seed)
    fresh = keras.models.clone_model(model.own)
    fresh.compile(optimizer=keras.optimizers.Adam(recipe.learning_rate), loss="mean_squared_error")
    for _ in range(recipe.steps):
        fresh.train_on_batch(X, y.reshape(-1, 1))
    return fresh
'''
_NO_MODELS = "def adapted(value):\n    return value\n\ntrain = None\n"
# minimal adapter that runs the test functions on a notebook's names; {seed} and {solution} are replaced
_ADAPTER = """
import contextlib, inspect, warnings, zlib
import numpy as np

class Learner:
    def __init__(self, kernel):
        self.kernel = kernel
    def __getattr__(self, name):
        def call(*args, **kwargs):
            before = [np.copy(value) if isinstance(value, np.ndarray) else value for value in args]
            with warnings.catch_warnings(record=True) as shown:
                warnings.simplefilter("always")
                value = self.kernel[name](*args, **kwargs)
            self.warned = any(issubclass(each.category, RuntimeWarning) for each in shown)
            self.changed = [not np.array_equal(one, other, equal_nan=True) for one, other in
                            zip(before, args) if isinstance(one, np.ndarray)]
            return adapted(value)
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
    def assert_no_warning(self):
        assert not self.warned
    def plot(self, *args, **kwargs):
        pass

solution = {{}}
exec({solution!r}, solution)

def run(test):
    rng = np.random.default_rng([{seed}, zlib.crc32(test.__name__.encode())])
    fixtures = {{"learner": Learner(kernel), "reference": Learner(solution), "rng": rng, "train": train}}
    test(*(fixtures[name] for name in inspect.signature(test).parameters))
"""


def choose(exercise_id: str) -> None:
    """Use this exercise in all functions of this module."""
    global EXERCISE, DIRECTORY, HEAVY, IMPORTS
    EXERCISE = COURSE.exercise(exercise_id)
    DIRECTORY = COURSE.exercise_dir(exercise_id)
    HEAVY = bool(EXERCISE.kinds & {"model", "figure"})
    IMPORTS = (
        "import keras\nimport matplotlib.pyplot as plt\nimport numpy as np" if HEAVY else "import numpy as np"
    )


choose("exercise-lstm")


class PlainTest(Struct, frozen=True):
    """One test function without its mark."""

    name: str
    points: float
    function: str
    source: str


def submissions(count: int) -> dict[str, str]:
    """Return at most `count` submissions, name -> source.

    They alternate between the solution, known mistakes, and the right and wrong programs
    of tests/recognition.
    """
    solution = _solution()
    mistakes = [(path.stem, f"{solution}\n\n{path.read_text()}") for path in DIRECTORY.glob("mistakes/*.py")]
    kinds = [[("solution", solution)], sorted(mistakes)]
    for verdict in ("right", "wrong"):
        paths = sorted((SAMPLES / verdict / EXERCISE.id).glob("*.py"))
        kinds.append([(f"{verdict}-{path.stem}", without_program(path.read_text())) for path in paths])
    sources: dict[str, str] = {}
    while len(sources) < count and any(kinds):
        for kind in filter(None, kinds):
            name, source = kind.pop(0)
            sources[name.replace("_", "-")] = source
    return dict([*sources.items()][:count])


def _solution() -> str:
    return without_program((DIRECTORY / "solution.py").read_text())


def tests_and_tools(seed: int) -> tuple[list[PlainTest], str]:
    """Return the tests, and the source of a module that runs them on the functions in its `kernel`."""
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
    # the adapter comes last, because it replaces what compares the judge's own models
    return tests, rest + (_MODELS if HEAVY else _NO_MODELS) + _ADAPTER.format(seed=seed, solution=_solution())


# --- for nbgrader ---


def nbgrader_notebook(seed: int) -> tuple[dict[str, Any], list[PlainTest]]:
    """Return a notebook with one hidden test cell per test, and the tests."""
    tests, tools = tests_and_tools(seed)
    notebook_cells = [cells.code(IMPORTS)]
    notebook_cells += [cells.solution(f"def {f.signature}:\n    ...", f.name) for f in EXERCISE.functions]
    for number, test in enumerate(tests):
        # in a separate dictionary, so that the tests' names cannot collide with the learner's
        source = f"exec({test.source!r}, course_tests)\ncourse_tests['run'](course_tests[{test.name!r}])"
        if number == 0:
            source = f"course_tests = {{'kernel': globals()}}\nexec({tools!r}, course_tests)\n{source}"
        hidden = f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"
        notebook_cells.append(cells.test(hidden, test.name, test.points))
    return cells.notebook("plain", notebook_cells, {}), tests


def hand_in(class_dir: Path, assignment: str, notebook_name: str, learner: str, source: str) -> None:
    """Write a submission: the released notebook with the program in its first solution cell."""
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
    scores: dict[str, dict[str, float]] = {}
    with contextlib.closing(sqlite3.connect(class_dir / "gradebook.db")) as gradebook:
        for learner, cell, score in gradebook.execute(
            """SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score FROM grade
               JOIN base_cell ON grade.cell_id = base_cell.id
               JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
               JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id"""
        ):
            scores.setdefault(learner, {})[cell] = score
    return scores


# --- for Otter ---


def otter_notebook(tests: list[PlainTest]) -> dict[str, Any]:
    """Return the notebook for `otter assign`, with one question per test, so that each test has a score.

    It needs the module of the tests, `course_tests.py`, in the same directory.
    """
    notebook_cells = [_raw("ASSIGNMENT CONFIG", init_cell=True, autograder_files=["course_tests.py"])]
    notebook_cells.append(cells.code(IMPORTS))
    notebook_cells += [cells.code(f"def {f.signature}:\n    ...") for f in EXERCISE.functions]
    for test in tests:
        config = f'""" # BEGIN TEST CONFIG\nhidden: true\npoints: {test.points}\n""" # END TEST CONFIG'
        call = f"import course_tests\ncourse_tests.run_quietly({test.name!r}, globals())"
        notebook_cells += [_raw("BEGIN QUESTION", name=test.name, check_cell=False), cells.text(test.name)]
        notebook_cells += [
            _raw("BEGIN TESTS"),
            cells.code(f"{config}\n{call}"),
            _raw("END TESTS"),
            _raw("END QUESTION"),
        ]
    return cells.notebook("otter", notebook_cells, {})


def otter_module(tests: list[PlainTest], tools: str) -> str:
    """Return the source of `course_tests.py`.

    It discards printed text, because Otter's tests are doctests, which fail on it.
    """
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
    """Return a submitted notebook: the cells before the tests, with the program in the first."""
    notebook_cells = [cells.code(IMPORTS), cells.code(source)]
    notebook_cells += [cells.code("# see above") for _ in EXERCISE.functions[1:]]
    return cells.notebook("plain", notebook_cells, {})


def _raw(head: str, **config: Any) -> dict[str, Any]:
    """Return a raw cell that delimits a part of an Otter notebook; its JSON values are valid YAML."""
    lines = [f"# {head}", *(f"{key}: {json.dumps(value)}" for key, value in config.items())]
    return {"cell_type": "raw", "metadata": {}, "source": "\n".join(lines)}
