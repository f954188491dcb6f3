"""Visible tests in notebooks: their translation to plain Python, and the messages they print."""

from __future__ import annotations

import contextlib
import io
import os
import textwrap
from typing import Any

import numpy as np
import pytest

from grader.content.exercise import Exercise, Function
from grader.content.problem import ContentError
from grader.notebook.plain_tests import NONE, VisibleTests, tools_cell

EXERCISE = Exercise(
    id="exercise-x",
    title="X",
    lesson="x",
    text="Words.",
    functions=(
        Function(signature="double(x)", text="Twice.", returns={"y": "array"}),
        Function(signature="ends(x)", text="Both ends.", returns={"first": "float", "last": "float"}),
    ),
)
TESTS = '''
from __future__ import annotations

import numpy as np
import pytest

from grader.testing import assert_array_equal as same, assert_shape
from grader.testing import StandIn, free
from grader.testing import Generator

UNUSED = np.zeros(3)
# the numbers
NUMBERS = np.arange(3.0)
POEM = """one
two"""


class Doubler(StandIn):
    """It doubles."""

    @free
    def twice(self, x):
        return 2 * x


@pytest.mark.points(1, function="double")
def test_numbers(learner):
    """0, 1, 2 become 0, 2, 4.

    And so on.
    """
    same(learner.double(NUMBERS), [0.0, 2.0, 4.0], "It should be 0, 2, 4")
    learner.assert_unchanged()


FACTORS = [1.0, 2.0]


@pytest.mark.parametrize("factor", FACTORS, ids=["one", "two"])
@pytest.mark.points(1, function="double")
def test_multiples(learner, factor):
    """Multiples are doubled."""
    same(learner.double(factor * NUMBERS), factor * 2 * NUMBERS, f"Not for {factor}")


@pytest.mark.points(1, function="double")
@pytest.mark.parametrize(("low", "high"), [(0, 1), (1, 3)])
@pytest.mark.parametrize("word, ", ("a", "bc"))
def test_ranges(word, learner, low, high, rng):
    """Ranges are doubled."""
    x = np.arange(low, high) * float(len(word)) + rng.random()
    same(learner.double(x), 2 * x, f"Not for {word}, {low} to {high}")


@pytest.mark.points(1, function="double")
def test_errors(learner, rng):
    """Words are refused."""
    with learner.raises(ValueError, "for a text"):
        learner.double("three")
    assert POEM.splitlines() == ["one", "two"] and Generator(3).random() < 1


@pytest.mark.points(1, function="ends")
def test_ends(learner):
    """Both ends."""
    assert learner.ends(NUMBERS) == (0, 2), f"not {NUMBERS}"
'''
RIGHT = """
import numpy as np
NUMBERS = "mine"
def double(x):
    if isinstance(x, str):
        raise ValueError(x)
    return 2 * x
def ends(x):
    return float(x[0]), float(x[-1])
"""


def run(function: str, names: list[str], code: str) -> tuple[str, dict[str, Any]]:
    """Run the learner's code and then the test cell. Return the message and the remaining names."""
    names_left: dict[str, Any] = {}
    for source in (tools_cell(EXERCISE), textwrap.dedent(code)):
        exec(source, names_left)
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(VisibleTests("v.py", TESTS).cell(function, names), names_left)
    except AssertionError as error:
        return str(error), names_left
    return printed.getvalue(), names_left


def test_right_functions_pass_and_names_are_not_overwritten() -> None:
    said, names = run("double", ["test_numbers", "test_errors"], RIGHT)
    assert said == "double: 2 of 2 visible tests passed\n"
    assert names["NUMBERS"] == "mine" and "test_numbers" not in names
    assert run("ends", ["test_ends"], RIGHT)[0] == "ends: 1 of 1 visible tests passed\n"


def test_parametrized_tests_run_once_per_parameter_set() -> None:
    said, names = run("double", ["test_multiples", "test_ranges", "test_numbers"], RIGHT)
    assert said == "double: 7 of 7 visible tests passed\n"
    assert "FACTORS" not in names
    wrong = RIGHT.replace("return 2 * x", "return 2 * x if len(x) == 1 else 3 * x")
    said, _ = run("double", ["test_multiples", "test_ranges"], wrong)
    assert said.startswith("double: 2 of 6 visible tests passed")
    assert "Not for 1.0" in said and "Not for 2.0" in said and said.count("Multiples are doubled.") == 2
    assert "Not for a, 1 to 3" in said and "Not for bc, 1 to 3" in said and "Not for a, 0 to 1" not in said


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("return 2 * x", "raise NotImplementedError", "double is still blank: write its body."),
        ("return 2 * x", "return [0, 2, 4]", "double should return a numpy array, but it returned a list"),
        ("return 2 * x", "pass", "None. Is a `return` missing?"),
        (
            "return 2 * x",
            "return 3 * x",
            "It should be 0, 2, 4: first difference at position [1]: 3 came back, expected 2\n"
            "    got array of shape (3,) [0. 3. 6.]\n",
        ),
        ("return 2 * x", "return 3 * x", "in double(array of shape (3,) [0. 1. 2.])"),
        ("return 2 * x", "x *= 2; return x", "double modified its arguments; work on copies"),
        ("return 2 * x", "return x.twice", "AttributeError: 'numpy.ndarray' object has no attribute 'twice'"),
        ("raise ValueError(x)", "raise TypeError", "raise ValueError for a text, but it raised TypeError"),
        ("raise ValueError(x)", "return np.ones(1)", "raise ValueError for a text, but it raised no error"),
        ("raise ValueError(x)", "raise NotImplementedError", "double is still blank"),
        ("def double", "def other", "double is not defined: run its cell first"),
    ],
)
def test_failures_are_described(old: str, new: str, says: str) -> None:
    said, _ = run("double", ["test_numbers", "test_errors"], RIGHT.replace(old, new))
    assert said.startswith("double: ") and "visible tests passed" in said
    assert says in said


def test_output_to_stderr_is_not_a_failure(capfd: pytest.CaptureFixture[str]) -> None:
    """`nbgrader validate` fails cells that write to stderr, and TensorFlow does so at its first operation."""
    noise = """
        import os, sys, warnings
        def ends(x):
            print("mine", file=sys.stderr)
            warnings.warn("careful")
            os.write(2, b"a library's")
            return float(x[0]), float(x[-1])
    """
    with pytest.warns(UserWarning, match="careful"):
        said, _ = run("ends", ["test_ends"], noise)
    assert said == "mine\nends: 1 of 1 visible tests passed\n"
    assert capfd.readouterr().err == ""
    os.write(2, b"afterwards as ever")
    assert capfd.readouterr().err == "afterwards as ever"


def test_a_wrong_number_of_returned_values_is_described() -> None:
    said, _ = run("ends", ["test_ends"], RIGHT.replace("float(x[0]), float(x[-1])", "1.0, 2.0, 3.0"))
    assert "ends should return (first, last), but returned 3 values" in said


def test_a_cell_contains_only_what_its_tests_use() -> None:
    cell = VisibleTests("v.py", TESTS).cell("double", ["test_errors"])
    assert "UNUSED" not in cell and "Doubler" not in cell and "pytest" not in cell and "grader" not in cell
    assert '    POEM = """one\ntwo"""' in cell
    assert "# the numbers" in VisibleTests("v.py", TESTS).cell("ends", ["test_ends"])
    assert VisibleTests("v.py", TESTS).cell("double", []) == NONE


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        ("def test_x(:", 1, "does not parse"),
        ("import grader.judge.asserts", 1, "import names from it"),
        ("\nfrom grader.testing import Figure", 2, "'Figure' is imported"),
        (
            '@pytest.mark.parametrize("n", [pytest.param(1)])\ndef test_x(learner, n): ...',
            1,
            "decorated with",
        ),
        ('@pytest.mark.parametrize("n", [1], indirect=True)\ndef test_x(learner, n): ...', 1, "decorated"),
        ('@pytest.mark.parametrize("n", [1])\ndef test_x(learner, m): ...', 2, "uses the fixture 'm'"),
        ("@pytest.mark.skip\ndef test_x(learner): ...", 1, "decorated with `pytest.mark.skip`"),
        ("def test_x(learner, train): ...", 1, "uses the fixture 'train'"),
    ],
)
def test_tests_that_only_the_judge_can_run_are_refused(source: str, line: int, says: str) -> None:
    with pytest.raises(ContentError, match=says) as caught:
        VisibleTests("v.py", source)
    assert str(caught.value).startswith(f"v.py:{line}: ")


def test_a_star_import_covers_the_assertions() -> None:
    source = "from grader.testing import *\ndef test_x(learner):\n    assert_shape(1, (), '')\n"
    assert "assert_shape = CourseTools.assert_shape" in VisibleTests("v.py", source).cell(
        "double", ["test_x"]
    )


def test_tables_and_sets_are_checked_as_in_the_judge() -> None:
    pandas: Any = pytest.importorskip("pandas")
    functions = (
        Function(signature="table(t)", text="T.", returns={"t": "DataFrame"}),
        Function(signature="letters(s)", text="L.", returns={"l": "set"}),
    )
    space: dict[str, Any] = {"table": lambda t: t, "letters": lambda s: s.add("x") or s}
    exec(tools_cell(Exercise(id="e", title="E", lesson="l", text="W.", functions=functions)), space)
    tools = space["CourseTools"]
    learner, frame = tools.Learner(), pandas.DataFrame({"n": [1, 2]})
    found = learner.table(frame)
    learner.assert_unchanged()
    assert learner.returned == "DataFrame with 2 rows"
    tools.assert_same_table(found, frame.astype(float), "It should be the same")
    with pytest.raises(tools.Mismatch, match="It should be the same"):
        tools.assert_same_table(found, frame + 1, "It should be the same")
    with pytest.raises(tools.Mismatch, match="should return a pandas DataFrame, but it returned a set"):
        learner.table({1})
    assert learner.letters({"a"}) == {"a", "x"}
    with pytest.raises(tools.Mismatch, match="modified its arguments"):
        learner.assert_unchanged()


def test_the_call_behind_a_wrong_value_is_shown_as_in_the_judge() -> None:
    space: dict[str, Any] = {"double": lambda x: 3 * x}
    functions = (Function(signature="double(x)", text="D.", returns={"y": "array"}),)
    exec(tools_cell(Exercise(id="e", title="E", lesson="l", text="W.", functions=functions)), space)
    tools = space["CourseTools"]

    def shown(told: Any) -> str:
        def test(learner: Any) -> None:
            results = [learner.double(np.array([n])) for n in (1.0, 2.0)]
            tools.assert_allclose(told(results), [0.0], "It should be 0")

        return str(tools.outcome(test)).split("\n    ")[-1]

    assert shown(lambda results: results[0][:]) == "in call 1 of 2: double(array([1.]))"
    assert shown(lambda results: results[1]) == "in double(array([2.]))"
    assert shown(lambda results: results[0] + 1) == "last of 2 calls: double(array([2.]))"
