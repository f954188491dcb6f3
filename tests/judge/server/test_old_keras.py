"""Advice on old names of Keras and TensorFlow. Every name is tried with the installed libraries."""

from __future__ import annotations

import time
import traceback
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from old_names_samples import HEAD, SAMPLES

from grader.judge.server import old_keras, source_names
from grader.judge.server.old_names import OLD_NAMES
from grader.judge.wire.messages import Cell


@pytest.fixture(scope="module")
def run() -> Any:
    """Return a function that runs a sample as learner code runs."""
    started: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(HEAD, "head", "exec"), started)

    def run(code: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(code, "sample", "exec"), dict(started))

    return run


def error_of(run: Any, code: str) -> tuple[int, tuple[str, ...]]:
    """Return the line at which the sample raises, and the names of the error's classes."""
    with pytest.raises(Exception) as caught:
        run(code)
    frames = [f for f in traceback.extract_tb(caught.value.__traceback__) if f.filename == "sample"]
    assert frames[-1].lineno is not None
    return frames[-1].lineno, tuple(c.__name__ for c in type(caught.value).__mro__)


@pytest.mark.parametrize(("old", "new"), SAMPLES)
def test_an_old_name_fails_with_its_error_and_the_new_one_works(run: Any, old: str, new: str) -> None:
    line, bases = error_of(run, old)
    assert old_keras.advice(old, line, bases, [HEAD])
    assert old_keras.advice(new, 1, others=[HEAD]) == ""
    run(new)


def test_every_entry_has_a_sample() -> None:
    imports = source_names.imports(HEAD)
    used = set()
    for old, _ in SAMPLES:
        for name in source_names.names(old, [*imports, *source_names.imports(old)]):
            if found := old_keras.find_old_name(name):
                used.add(found[0])
    assert [entry for entry in OLD_NAMES if entry not in used] == []


SOURCE = '''\
from tensorflow.keras import backend as TK
from keras import backend as K
from keras.layers.core import Dense
def build(lr=0.1):
    """Adam(lr=0.1)"""
    text = "Adam(lr=0.1)"  # Adam(lr=0.1)
    model.add(Dense(3)); build(lr=0.1)
    model.add(
        LSTM(3,
            # keras.Input(
            init=f(")"),
            batch_input_shape=(
                1, 2, 3)))
    loss = TK.mean(x)
    loss = K.mean(x) + \\
        K.square(x)
    model.fit(x, y, nb_epoch=3, workers=1, use_multiprocessing=True)
'''
RENAMED = "`init=` is called `kernel_initializer=` in Keras 3."
STARTS = "Keras 3 has no `batch_input_shape=`. Start the model with `keras.Input(batch_shape=...)`."
BACKEND = (
    "`keras.backend.mean` is called `keras.ops.mean` in Keras 3. "
    "`keras.backend.square` is called `keras.ops.square` in Keras 3."
)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([1, 2, 4, 5, 6, 14], ""),
        ([3, 7], "`keras.layers.core` is called `keras.layers` in Keras 3."),
        ([8, 9, 10, 11, 12, 13], f"{RENAMED} {STARTS}"),
        ([15, 16], BACKEND),
        ([0, -1, 100], ""),
    ],
)
def test_advice_is_on_the_statement_of_the_line(lines: list[int], words: str) -> None:
    assert {old_keras.advice(SOURCE, line) for line in lines} == {words}


def test_there_are_at_most_two_sentences_on_old_names() -> None:
    assert old_keras.advice(SOURCE, 17) == (
        "`nb_epoch=` is called `epochs=` in Keras 3. Keras 3 has no `workers=`. Remove it."
    )


def test_another_error_on_the_line_has_nothing_to_do_with_the_name() -> None:
    assert old_keras.advice("Adam(lr=0.1)", 1, ("ValueError", "Exception"))
    assert old_keras.advice("Adam(lr=0.1)", 1, ("ZeroDivisionError", "Exception")) == ""


def test_a_name_without_its_import_is_the_learners_own() -> None:
    assert old_keras.advice("K.mean(x)", 1) == ""
    assert old_keras.advice("from numpy import random as K\nK.mean(x)", 2) == ""
    assert old_keras.advice("import keras.backend as K\nK.mean(x)", 2) != ""


def test_only_a_statement_that_names_the_error_is_raised_by_hand() -> None:
    cells = (Cell("my.py", "def f():\n    raise NotImplementedError\ndef g():\n    return np.array(x)"),)
    assert [old_keras.raises_by_hand(cells, "my.py", line) for line in (2, 4, None)] == [True, False, True]
    assert old_keras.raises_by_hand(cells, None, None)


def test_the_imports_of_other_cells_count() -> None:
    cells = (Cell("cell 1", "from keras.utils import np_utils"), Cell("cell 2", "np_utils.to_categorical(y)"))
    assert old_keras.advice_at(cells, "cell 2", 1, ("NameError",)) == (
        "`keras.utils.np_utils` is called `keras.utils` in Keras 3."
    )
    assert old_keras.advice_at(cells, "cell 3", 1, ("NameError",)) == ""
    assert old_keras.advice_at(cells, None, None, ("NameError",)) == ""


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import tensorflow as tf\n\ntf.compat.v1.disable_eager_execution()", 3),
        ("'''\n'''\ndisable_v2_behavior ()", 3),
        ("with tf.Graph().as_default():\n  pass", 1),
        ("# tf.disable_v2_behavior()\ns = 'disable_eager_execution()'", None),
        ("from tensorflow.compat.v1 import disable_eager_execution", None),
    ],
)
def test_the_line_that_turns_off_eager_execution_is_found(source: str, line: int | None) -> None:
    assert old_keras.eager_off(source) == line


def test_an_error_with_another_cause_is_not_blamed_on_eager_execution() -> None:
    cells = (Cell("my.py", "tf.disable_v2_behavior()"),)
    assert old_keras.eager_advice(cells, ("RuntimeError", "Exception")).startswith("Line 1 of my.py turns")
    assert old_keras.eager_advice(cells, ("ValueError", "Exception")) == ""
    assert old_keras.eager_advice((), None) == ""


PIECES = [
    *("\n", "\r", "\r\n", "\\", "\\\n", "'", '"', "'''", '"""', "#"),
    *("(", ")", "[", "]", "{", "}", ";", "=", ".", ",", " "),
    *("Adam(lr=", "from keras.layers.core import (", "import ", "K.mean(", "x", "é", "\0", "\f", "as", "0"),
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text(), st.integers(-3, 20))
def test_advice_copes_with_any_text(source: str, line: int) -> None:
    assert isinstance(old_keras.advice(source, line), str)
    old_keras.eager_off(source)
    assert source_names.code(source).count("\n") == source.replace("\r\n", "\n").replace("\r", "\n").count(
        "\n"
    )


@pytest.mark.parametrize("piece", [*PIECES, "from x import (", "a.", "Adam(lr=Adam(lr=", '\\"""', "a = '\n"])
def test_nasty_text_is_read_quickly(piece: str) -> None:
    source = piece * (300_000 // len(piece))
    start = time.process_time()
    old_keras.advice(source, 1)
    old_keras.advice(source, source.count("\n") // 2)
    old_keras.eager_off(source)
    assert time.process_time() - start < 5
