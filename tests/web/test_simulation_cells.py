"""The cells and gradients that the page computes in JavaScript agree with Keras and with the lesson."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from nodes import in_node

from grader.content.course import Course
from grader.content.simulations import GradientLag
from grader.web.simulations import gru_steps, inputs_of, lstm_steps, unroll

UNITS, STEPS = 40, 51


def keras_states(kind: str, kernels: Any, inputs: Any) -> Any:
    """Return the states of units that do not see each other, one row per unit, from one Keras layer."""
    import keras

    kernel, recurrent, bias = kernels
    layer = getattr(keras.layers, kind)(len(inputs), return_sequences=True, dtype="float64")
    layer.build((1, STEPS, len(inputs)))
    blocks = kernel.shape[1]
    # unit k reads feature k and its own state only
    wide = [
        np.concatenate([np.diag(each[:, b]) for b in range(blocks)], axis=1) for each in (kernel, recurrent)
    ]
    layer.set_weights([*wide, bias])
    return np.asarray(layer(inputs.T[np.newaxis]))[0].T


def drawn(blocks: int, biases: int = 1) -> tuple[Any, Any, Any, Any]:
    rng = np.random.default_rng(20)
    kernel, recurrent = rng.normal(0, 1.5, (2, UNITS, blocks))
    bias = rng.normal(0, 1, (biases, blocks, UNITS))
    return kernel, recurrent, bias, rng.normal(0, 1, (UNITS, STEPS))


def named(names: str, rows: Any) -> list[dict[str, float]]:
    return [dict(zip(names, map(float, row), strict=True)) for row in rows]


def test_the_lstm_unit_is_keras_own() -> None:
    kernel, recurrent, bias, inputs = drawn(4)
    expected = keras_states("LSTM", (kernel, recurrent, bias.reshape(-1)), inputs)
    weights = [named("ifgo", each) for each in (kernel, recurrent, bias[0].T)]
    given = {"xs": inputs.tolist(), "W": weights[0], "R": weights[1], "B": weights[2]}
    script = "given.xs.map((xs, k) => cells.lstm(xs, given.W[k], given.R[k], given.B[k]).map(s => s.h))"
    assert np.abs(np.array(in_node(script, given, "cells.js")) - expected).max() <= 1e-12


def test_the_gru_unit_is_keras_own() -> None:
    kernel, recurrent, bias, inputs = drawn(3, biases=2)
    expected = keras_states("GRU", (kernel, recurrent, bias.reshape(2, -1)), inputs)
    weights = [named("zrg", each) for each in (kernel, recurrent, bias[0].T, bias[1].T)]
    given = dict(zip(("xs", "W", "R", "B", "Q"), (inputs.tolist(), *weights), strict=True))
    script = (
        "given.xs.map((xs, k) => cells.gru(xs, given.W[k], given.R[k], given.B[k], given.Q[k]).map(s => s.h))"
    )
    assert np.abs(np.array(in_node(script, given, "cells.js")) - expected).max() <= 1e-12


def test_the_simple_unit_is_keras_own() -> None:
    kernel, recurrent, bias, inputs = drawn(1)
    expected = keras_states("SimpleRNN", (kernel, recurrent, bias.reshape(-1)), inputs)
    given = [
        [inputs[k].tolist(), *map(float, (kernel[k, 0], recurrent[k, 0], bias[0, 0, k]))]
        for k in range(UNITS)
    ]
    script = "given.map(each => cells.simple(...each).map(s => s.after))"
    assert np.abs(np.array(in_node(script, given, "cells.js")) - expected).max() <= 1e-12


def test_the_first_picture_of_the_server_is_the_one_of_the_script() -> None:
    noise = inputs_of(noisy=True)
    lstm, gru = {"f": 0.9, "i": 0.5, "o": 0.25}, {"z": 0.75, "r": 0.5}
    script = """[cells.held("lstm", given.noise, given.lstm), cells.held("gru", given.noise, given.gru),
      cells.simple([1, 0, -2], 1, 0.5, 0.25)]"""
    given = {"noise": noise, "lstm": lstm, "gru": gru}
    ours = [lstm_steps(noise, **lstm), gru_steps(noise, **gru)]
    theirs = in_node(script, given, "cells.js")
    for steps, others in zip(ours, theirs, strict=False):
        for step, other in zip(steps, others, strict=True):
            assert step == pytest.approx(other, abs=1e-12)
    for unit, other in zip(unroll([1, 0, -2], 1, 0.5, 0.25), theirs[2], strict=True):
        assert {name: getattr(unit, name) for name in other} == pytest.approx(other, abs=1e-12)


def test_gates_of_exactly_0_and_1_hold_a_value_in_noise() -> None:
    noise = inputs_of(noisy=True)
    script = "[cells.held('lstm', given, {f: 1, i: 0, o: 0}), cells.held('gru', given, {z: 1, r: 0})]"
    lstm, gru = in_node(script, noise, "cells.js")
    assert {step["c"] for step in lstm} == {step["h"] for step in gru} == {math.tanh(1)}


@pytest.mark.parametrize(("kind", "blocks", "curve"), [("SimpleRNN", 1, "simple"), ("LSTM", 4, "gated")])
def test_the_gradient_is_the_one_of_tensorflow(kind: str, blocks: int, curve: str) -> None:
    import keras
    import tensorflow as tf

    script = f"""(network => ({{
      ...Object.fromEntries(Object.entries(network).map(([name, values]) => [name, [...values]])),
      sizes: [...gradients.{curve}Sizes(network, 1.25, given)],
    }}))(gradients.networks({blocks}, 1)[0])"""
    # the argument is "no tanh" for the one and the forget bias for the other
    network = in_node(script, False if curve == "simple" else 2.0, "gradients.js")
    layer = getattr(keras.layers, kind)(32, dtype="float64", unroll=False)
    layer.build((1, 101, 8))
    bias = np.zeros(blocks * 32)
    if kind == "LSTM":
        bias[32:64] = 2.0
    kernel = np.reshape(network["kernel"], (8, -1))
    recurrent = np.reshape(network["recurrent"], (32, -1))
    assert np.abs(recurrent @ recurrent.T - np.eye(32)).max() < 1e-12  # as Keras draws it
    layer.set_weights([kernel, 1.25 * recurrent, bias])
    x = tf.Variable(np.reshape(network["x"], (1, 101, 8)))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x) * np.array(network["direction"]))
    gradient = np.linalg.norm(np.asarray(tape.gradient(loss, x))[0], axis=1)[::-1]
    assert np.allclose(network["sizes"], gradient, rtol=1e-9, atol=0)


def test_the_curves_pass_through_the_measurements_of_the_lesson() -> None:
    """Both are medians of ten random networks, so they agree in the power of ten, not in the digits."""
    course = Course.bundled()
    rows = [
        (row, lag, value)
        for lesson in map(course.lesson, course.lesson_ids)
        for section in lesson.sections
        for simulation in section.simulations
        if isinstance(simulation, GradientLag)
        for row in simulation.settings.measured
        for lag, value in zip(row.lags, row.values, strict=True)
    ]
    assert len(rows) > 10
    given = [
        [row.curve, row.controls.scale, row.controls.linear, row.controls.forget_bias, lag]
        for row, lag, _ in rows
    ]
    script = """given.map(([curve, scale, linear, bias, lag]) =>
      (curve === "gated" ? gradients.gatedCurve(bias) : gradients.simpleCurve(scale, linear))[lag])"""
    for (row, lag, value), ours in zip(rows, in_node(script, given, "gradients.js"), strict=True):
        assert abs(math.log10(ours / value)) < 0.45, (row.label, lag, value, ours)


def test_the_questions_say_what_the_curves_show() -> None:
    three, bias_1, bias_3 = in_node(
        "[gradients.simpleCurve(3)[100], gradients.gatedCurve(1)[50], gradients.gatedCurve(3)[50]]",
        None,
        "gradients.js",
    )
    assert 1e9 < three < 1e11
    assert 1e-5 < bias_1 < 4e-5
    assert 0.3 < bias_3 < 0.5


def test_the_words_name_the_numbers() -> None:
    script = """[
      words.unrolledWords(cells.simple([1, 0], 1, 0.5, 0), 1),
      words.gatesWords("lstm", cells.held("lstm", given, {f: 0.98, i: 1, o: 1}), false),
      words.gatesWords("gru", cells.held("gru", given, {z: 0.5, r: 0}), false),
      words.gatesWords("gru", cells.held("gru", given, {z: 1, r: 0}), true),
      words.gradientWords({factor: gradients.factorCurve(0.8)}),
    ]"""
    assert in_node(script, inputs_of(noisy=False), "words.js", "cells.js", "gradients.js") == [
        "After step 2, the state is 0.363, 48% of the first state.",
        "After 50 steps, the cell state is 0.277: 36% of the 0.762 that was stored.",
        "After 50 steps, the state is 0.000: less than 0.1% of the 0.762 that was stored.",
        "After 50 steps, the state is 0.762. At step 0, it was 0.762.",
        "A product of equal factors is 1.4e−5 at lag 50 and 2.0e−10 at lag 100.",
    ]
