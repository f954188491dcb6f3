"""Mutants: which changes are made, and what holds for all of them."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.authoring.mutants import Mutant, changed_lines, definition_of, judged_functions, mutants, sample
from grader.content.course import Course

SOLUTION = '''\
"""The solution."""

import keras
import numpy as np

BLOCKS = {"rnn": 1, "lstm": 4}
UNUSED = 5


def helper(x):
    """Return 1 + 1."""
    return x + 1


def f(x, steps=3):
    """Return 0 or 1."""
    if len(x) < 1 and steps:
        raise ValueError(f"x has {len(x) + 1} items")
    x = np.array(x, dtype=np.float64)
    return helper(x[steps:]), BLOCKS["rnn"]


def model(units):
    net = keras.Sequential([keras.Input(shape=(3,)), keras.layers.LSTM(units)])
    net.compile(optimizer=keras.optimizers.Adam(0.1), loss="mse", metrics=["mae"])
    return net


def main():
    print(1 + 1)
'''


def changes(source: str, *functions: str) -> set[str]:
    return {mutant.change for mutant in mutants(source, functions)}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return a + b", {"a + … -> -", "a + b -> a", "a + b -> b"}),
        ("return a - b", {"a - … -> +", "a - b -> b - a"}),
        ("return (a + b) * 2", {"2 -> 3", "2 -> 1", "2 -> 0"}),
        ("return a < b", {"a < … -> <=", "a < … -> >="}),
        ("return a and b", {"a and … -> or", "a and b -> a", "a and b -> b"}),
        ("return not a", {"not a -> a"}),
        ("return 0 < a < b", {"0 < a < b -> a < b", "0 < a < b -> 0 < a"}),
        ("return a == 0", {"a == … -> !=", "a == … -> >="}),
        ("return 0.5", {"0.5 -> 0.55", "0.5 -> 0.0", "0.5 -> 1.0", "0.5 -> -0.5"}),
        ("return True", {"True -> False"}),
        ("return a[1:b]", {"a without [1:b]", "without the bound b", "b -> b + 1", "b -> b - 1", "1 -> 0"}),
        ("return a[:, -1]", {"swap : and -1", "-1 -> 1", "1 -> 2"}),
        ("return a.copy()", {"a without .copy()"}),
        ("return (a + b).astype(int)", {"a + b without .astype(int)"}),
        ("return np.array(a)", {"array -> asarray", "np.array(a) -> a"}),
        ("return np.sum(a, axis=0)", {"without axis=0", "0 -> 1", "0 -> -1", "sum -> mean"}),
        ("return np.float64(a)", {"float64 -> float32", "float64 -> int64"}),
        ("return a, b", {"swap a and b"}),
        ("return g(a, b)", {"swap a and b", "without b"}),
        ("return [0 for _ in range(a)]", {"a -> a + 1", "a -> a - 1"}),
        ("return {a: b for a, b in c}", {"swap a and b"}),
        ("return a if b else c", {"a if b else c -> a", "a if b else c -> c"}),
        ("a = g(a)\n    return a", {"without this statement", "g(a) -> a"}),
        ("a += b\n    return a", {"without this statement", "a += … -> -=", "a += … -> ="}),
        ("if a:\n        raise ValueError(b)", {"a -> not a", "without this statement"}),
        ("raise ValueError('1 + 1')", {"ValueError -> TypeError"}),
        ("a.fit(b, epochs=c)", {"without epochs=c", "a.fit with validation_split=0.2"}),
    ],
)  # fmt: skip
def test_changes_of_a_statement(body: str, expected: set[str]) -> None:
    assert expected <= changes(f"import numpy as np\ndef f(a, b, c):\n    {body}\n", "f")


def test_a_model_gets_options_that_change_what_it_does() -> None:
    made = changes(SOLUTION, "model")
    for change in (
        "keras.layers.LSTM with return_sequences=True",
        "keras.layers.LSTM with use_bias=False",
        "keras.layers.LSTM with trainable=False",
        "keras.layers.Dropout(0.2) before keras.layers.LSTM(units)",
        "without keras.layers.LSTM(units)",
        "LSTM -> GRU",
        "Adam -> SGD",
        "\"mse\" -> 'mae'",
        'without loss="mse"',
        "keras.optimizers.Adam with clipnorm=1.0",
        "net.compile with loss_weights=[2.0]",
    ):
        assert change in made
    assert not any("metrics" in change for change in made)  # they do not change the model


def test_a_layer_whose_class_comes_from_a_table_gets_options_too() -> None:
    source = "def f(kind):\n    return keras.Sequential([LAYERS[kind](3)])\n"
    assert "LAYERS[kind] with return_sequences=True" in changes(source, "f")


def test_defaults_and_the_order_of_parameters_change() -> None:
    made = changes("def f(a, b, c=3):\n    return a\n", "f")
    assert {"swap a and b", "3 -> 4", "c without its default"} <= made


def test_only_graded_functions_and_what_they_use_are_changed() -> None:
    assert {mutant.function for mutant in mutants(SOLUTION, ["f"])} == {"f", "helper", "BLOCKS"}


def test_docstrings_and_the_texts_of_errors_stay() -> None:
    for mutant in mutants(SOLUTION, ["f", "model"]):
        for text in ('"""Return 0 or 1."""', '"""Return 1 + 1."""', 'f"x has {len(x) + 1} items"'):
            assert text in mutant.source or mutant.change == "without this statement"


def test_equal_changes_of_one_line_are_numbered() -> None:
    made = mutants("def f(a):\n    return a[0], a[0]\n", ["f"])
    assert [mutant.change for mutant in made if mutant.change.startswith("0 -> 1")] == [
        "0 -> 1",
        "0 -> 1 (2)",
    ]


def test_a_change_is_shown_as_a_diff_of_one_line() -> None:
    source = "def f(a):\n    return a + 1\n"
    [mutant] = [mutant for mutant in mutants(source, ["f"]) if mutant.change == "1 -> 2"]
    assert (mutant.number, mutant.line) == (2, "return a + 1")
    assert changed_lines(source, mutant) == "-    return a + 1\n+    return a + 2"
    assert definition_of(mutant.source, "f") == "def f(a):\n    return a + 2"


def test_changes_in_text_beyond_ascii_stand_at_the_right_place() -> None:
    assert "return 'é', a - 1  # ü\n" in {
        mutant.source.splitlines(keepends=True)[1].lstrip()
        for mutant in mutants("def f(a):\n    return 'é', a + 1  # ü\n", ["f"])
    }


def test_a_helper_is_tested_by_all_functions_that_use_it() -> None:
    source = "def h(): pass\ndef g(): return h()\ndef f(): return g()\ndef other(): pass\n"
    assert judged_functions(source, "h", ["f", "g", "other"]) == ("f", "g")
    assert judged_functions(source, "g", ["f", "g", "other"]) == ("g",)


def test_ids_survive_changes_elsewhere_in_the_file() -> None:
    moved = f"# a line more\n{SOLUTION}".replace("UNUSED = 5", "UNUSED = 6\nMORE = 1")
    assert [m.id for m in mutants(SOLUTION, ["f", "model"])] == [m.id for m in mutants(moved, ["f", "model"])]


def test_a_sample_is_stable_and_depends_on_its_salt() -> None:
    made = mutants(SOLUTION, ["f", "model"])
    chosen = sample(made, 10, "v1")
    assert len(chosen) == 10
    assert chosen == sample(made, 10, "v1") == [mutant for mutant in made if mutant in chosen]
    assert chosen != sample(made, 10, "v2")
    assert sample(made, 10_000, "v1") == made


operators = st.sampled_from(["+", "-", "*", "**", "@", "<", "==", "in", "and", "or", "is not"])
names = st.sampled_from(["a", "b", "self", "np.e"])
expressions = st.recursive(
    names | st.integers(0, 3).map(str) | st.sampled_from(["0.5", "None", "True", "'mse'", '"é"', "..."]),
    lambda inner: st.one_of(
        st.tuples(inner, operators, inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(inner, inner).map(lambda parts: f"{parts[0]} - {parts[1]}"),
        st.tuples(names, inner, inner).map(lambda parts: f"{parts[0]}[{parts[1]}:{parts[2]}, -1]"),
        st.tuples(names, inner, inner).map(lambda parts: f"{parts[0]}({parts[1]}, axis={parts[2]},\n )"),
        st.tuples(inner, inner).map(lambda parts: f"[{parts[0]}, {parts[1]},]"),
        st.tuples(inner, inner).map(lambda parts: f"{{{parts[0]}: {parts[1]}}}"),
        inner.map(lambda part: f"({part}).copy()"),
        inner.map(lambda part: f"-{part}"),
        inner.map(lambda part: f"(not {part})"),
        inner.map(lambda part: f"f'{{1}}' if {part} else 2"),
    ),
    max_leaves=8,
)  # fmt: skip
statements = st.one_of(
    expressions.map(lambda e: f"a = {e}"),
    expressions.map(lambda e: f"a += {e}"),
    expressions.map(lambda e: f"if {e}:\n        raise ValueError('1')"),
    expressions.map(lambda e: f"for b in range({e}):\n        continue"),
    expressions.map(lambda e: f"print({e})  # é"),
)


@given(st.lists(statements, min_size=1, max_size=3), expressions)
def test_every_mutant_is_another_program_with_an_id_of_its_own(body: list[str], result: str) -> None:
    source = "import numpy as np\n\ndef f(a, b=1):\n" + "".join(f"    {each}\n" for each in body)
    source += f"    return {result}\n"
    try:
        tree = ast.dump(ast.parse(source))
    except SyntaxError:
        return
    made = mutants(source, ["f"])
    programs = [ast.dump(ast.parse(mutant.source)) for mutant in made]
    assert tree not in programs
    assert len(set(programs)) == len(made) == len({mutant.id for mutant in made})
    assert made == mutants(source, ["f"])
    assert all("\n" not in mutant.line + mutant.change for mutant in made)
    assert all(_changed_once(source, mutant) for mutant in made)


def _changed_once(source: str, mutant: Mutant) -> bool:
    """Return True if only lines of one place differ."""
    return source.splitlines()[: mutant.number - 1] == mutant.source.splitlines()[: mutant.number - 1]


def test_every_solution_of_the_course_has_mutants_of_each_function() -> None:
    course = Course.bundled()
    for id_ in course.exercise_ids:
        functions = [function.name for function in course.exercise(id_).functions]
        made = mutants((course.exercise_dir(id_) / "solution.py").read_text(), functions)
        assert {mutant.function for mutant in made} >= set(functions)
        assert len({mutant.id for mutant in made}) == len(made) > 100
