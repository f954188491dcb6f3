"""Answers to the practice questions on sections 1 to 4, computed by doing what each question describes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import computed_in_numpy
import numpy as np

Drawn = dict[str, float]


def _logit(share: float) -> float:
    """Return the bias that sets a gate to this value; 0 and 1 are approximated as closely as floats allow."""
    return float(np.log(share / (1 - share))) if 0 < share < 1 else 200.0 * share - 100.0


def _lstm(f: float, i: float, g: float, o: float, c: float, steps: int = 1) -> tuple[float, float]:
    """Run a Keras LSTM of one unit with the gates fixed at these values; return the new c and h."""
    import keras

    layer = keras.layers.LSTM(1, return_state=True)
    layer.build((1, steps, 1))
    bias = np.array([_logit(i), _logit(f), np.arctanh(g), _logit(o)])
    layer.set_weights([np.zeros((1, 4)), np.zeros((1, 4)), bias])
    state = [np.array([[0.3]], "float32"), np.array([[c]], "float32")]
    _, hidden, cell = layer(np.ones((1, steps, 1), "float32"), initial_state=state)
    return float(np.asarray(cell)[0, 0]), float(np.asarray(hidden)[0, 0])


def _rnn_states(wx: float, wh: float, inputs: list[float]) -> Any:
    """Run a Keras SimpleRNN of one unit; return its states, an array of shape (steps,)."""
    import keras

    layer = keras.layers.SimpleRNN(1, return_sequences=True)
    layer.build((1, len(inputs), 1))
    layer.set_weights([np.array([[wx]]), np.array([[wh]]), np.zeros(1)])
    return np.asarray(layer(np.array(inputs, "float32").reshape(1, -1, 1)))[0, :, 0]


def _weights(layer: Any, *shape: int) -> int:
    import keras

    return int(keras.Sequential([keras.Input(shape=shape), keras.layers.Flatten(), layer]).count_params())


def _dense_on_window(drawn: Drawn) -> object:
    import keras

    units, window = int(drawn["units"]), int(drawn["window"])
    lengths = (window, 2 * window)
    return tuple(_weights(keras.layers.Dense(units, use_bias=False), length, 1) for length in lengths)


def _second_state(drawn: Drawn) -> object:
    return float(_rnn_states(drawn["wx"], drawn["wh"], [drawn["first"], drawn["second"]])[-1])


def _trace_with_weight_one(_: Drawn) -> object:
    inputs = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    one, half = _rnn_states(1.0, 1.0, inputs), _rnn_states(1.0, 0.5, inputs)
    fades, more_slowly = (np.diff(one) < 0).all(), one[-1] / one[0] > 2 * half[-1] / half[0]
    return "b" if fades and more_slowly else "?"


def _forget_gate_near_one(_: Drawn) -> object:
    left, _hidden = _lstm(f=0.98, i=0.0, g=0.0, o=0.5, c=1.0, steps=50)
    options = {"a": 0.0, "b": 0.02, "c": 0.36, "d": 0.98, "e": 1.0}
    return min(options, key=lambda letter: abs(options[letter] - left))


def _no_recurrence(_: Drawn) -> object:
    one = _rnn_states(0.7, 0.0, [1.0, 0.5, -0.4])
    other = _rnn_states(0.7, 0.0, [-2.0, 0.5, -0.4])  # only the first input differs
    if not one.any():
        return "a"
    if np.allclose(one, one[0]):
        return "b"
    recurrent = _rnn_states(0.7, 0.5, [1.0, 0.5, -0.4])
    if np.allclose(one, recurrent):
        return "c"
    return "d" if np.allclose(one[1:], other[1:]) else "e"


def _size_by_length(drawn: Drawn) -> object:
    import keras

    units, features = int(drawn["units"]), int(drawn["features"])
    return tuple(
        keras.Sequential([keras.Input(shape=(steps, features)), keras.layers.SimpleRNN(units)]).count_params()
        for steps in (10, 100)
    )


def _last_state_shape(drawn: Drawn) -> object:
    import keras

    inputs = keras.Input(shape=(int(drawn["steps"]), int(drawn["features"])))
    return tuple(keras.layers.SimpleRNN(int(drawn["units"]))(inputs).shape)


def _stacked(_: Drawn) -> object:
    import keras

    layers = [keras.Input(shape=(10, 3)), keras.layers.LSTM(8), keras.layers.LSTM(4)]
    try:
        shape = keras.Sequential(layers).output_shape
    except ValueError:
        return "c"
    return "a" if shape == (None, 4) else "b"


def _summary_size(drawn: Drawn) -> object:
    import keras

    encoder = keras.layers.SimpleRNN(int(drawn["units"]), return_state=True)
    sizes = []
    for words in (5, int(drawn["words"])):
        _, state = encoder(np.ones((1, words, 7), "float32"))
        sizes.append(np.asarray(state)[0].size)
    return tuple(sizes)


def _bidirectional_shape(drawn: Drawn) -> object:
    import keras

    inputs = keras.Input(shape=(int(drawn["steps"]), int(drawn["features"])))
    lstm = keras.layers.LSTM(int(drawn["units"]), return_sequences=True)
    return tuple(keras.layers.Bidirectional(lstm)(inputs).shape)


def _shared_gradient(drawn: Drawn) -> object:
    """Differentiate a loss that uses one weight at three steps with TensorFlow, and update the weight."""
    import keras
    import tensorflow as tf

    weight = keras.Variable(2.0, dtype="float64")
    with tf.GradientTape() as tape:
        loss = sum(tf.constant(drawn[name], tf.float64) * weight.value for name in ("g1", "g2", "g3"))
    gradient = tape.gradient(loss, weight.value)
    keras.optimizers.SGD(learning_rate=0.1).apply([gradient], [weight])
    return float(gradient), float(np.asarray(weight))


def _truncated_reach(_: Drawn) -> object:
    """Backpropagate the error of a linear RNN through 200 steps with TensorFlow, truncated after 20."""
    import tensorflow as tf

    early, late = tf.Variable(1.0), tf.Variable(1.0)  # the inputs at steps 50 and 195
    with tf.GradientTape() as tape:
        state = tf.constant(0.0)
        for step in range(1, 201):
            state = 0.99 * state + {50: early, 195: late}.get(step, 0.1)
            if step == 200 - 20:
                state = tf.stop_gradient(state)
    to_early, to_late = tape.gradient(state, [early, late])
    if to_early is not None:
        return "c" if to_late is None else "a"
    return "d" if to_late is None else "b"


def _left_over(drawn: Drawn) -> object:
    """Backpropagate an error through a linear RNN of 6 units that scales it by the factor at each step."""
    orthogonal, _ = np.linalg.qr(np.random.default_rng(4).normal(size=(6, 6)))
    error = np.linspace(-1, 1, 6)
    before = np.linalg.norm(error)
    for _ in range(int(drawn["steps"])):
        error = drawn["factor"] * orthogonal.T @ error
    return float(np.linalg.norm(error) / before)


def _clipped(gradient: list[float], **setting: float) -> tuple[float, ...]:
    """Return the gradient that a Keras optimizer subtracts from the weights."""
    import keras

    weights = keras.Variable(np.zeros(len(gradient)), dtype="float32")
    optimizer = keras.optimizers.SGD(learning_rate=1.0, **setting)
    optimizer.apply([keras.ops.convert_to_tensor(gradient, dtype="float32")], [weights])
    return tuple(-float(number) for number in np.asarray(weights))


def _clipped_by_norm(drawn: Drawn) -> object:
    return _clipped([3 * drawn["k"], 4 * drawn["k"]], clipnorm=drawn["limit"])


def _clipped_by_value(drawn: Drawn) -> object:
    return _clipped([3 * drawn["k"], -4 * drawn["k"], 0.2], clipvalue=drawn["limit"])


def _error_one_step_back(drawn: Drawn) -> object:
    """Differentiate one step of an RNN of one unit, with respect to its sum and to the state before."""
    import tensorflow as tf

    old = tf.Variable(0.3, dtype=tf.float64)
    rest = float(np.arctanh(drawn["h"])) - drawn["w"] * 0.3  # so that the state is the one of the question
    with tf.GradientTape() as tape:
        inner = drawn["w"] * old + rest
        loss = drawn["error"] * tf.tanh(inner)
    return tuple(float(each) for each in tape.gradient(loss, [inner, old]))


def _suspicious_gradient(_: Drawn) -> object:
    """Compare a mean of contributions and the last one alone with their sum, for five steps."""
    contributions = np.random.default_rng(2).normal(size=(5, 3, 3))
    right = contributions.sum(axis=0)
    options = {"a": contributions.mean(axis=0), "b": contributions[-1]}
    return "".join(letter for letter, each in options.items() if np.allclose(each, right / 5))


def _clipped_together(drawn: Drawn) -> object:
    import keras

    variables = [keras.Variable(np.zeros(n)) for n in (2, 1)]
    optimizer = keras.optimizers.SGD(learning_rate=1.0, global_clipnorm=drawn["limit"])
    k = drawn["k"]
    optimizer.apply([keras.ops.array([3.0 * k, 4.0 * k]), keras.ops.array([12.0 * k])], variables)
    return tuple(float(-value) for each in variables for value in np.asarray(each))


def _lstm_step(drawn: Drawn) -> object:
    return _lstm(drawn["f"], drawn["i"], drawn["g"], drawn["o"], drawn["c"])


def _gate_settings(_: Drawn) -> object:
    options = {"a": (0, 0, 0), "b": (1, 1, 0), "c": (0, 1, 1), "d": (1, 0, 0), "e": (1, 0, 1)}
    letters = ""
    for letter, (f, i, o) in options.items():
        cell, hidden = _lstm(f, i, 0.6, o, 1.7)
        if np.allclose([cell, hidden], [1.7, 0.0], atol=1e-5):
            letters += letter
    return letters


def _fading_content(drawn: Drawn) -> object:
    return _lstm(drawn["f"], 0.0, 0.6, 0.5, drawn["start"], steps=int(drawn["steps"]))[0]


COMPUTED: dict[str, Callable[[Drawn], object]] = {
    **computed_in_numpy.COMPUTED,
    "day4-p-dense-on-window": _dense_on_window,
    "day4-n19": _second_state,
    "day4-p-no-recurrence": _no_recurrence,
    "day4-p-trace-with-weight-one": _trace_with_weight_one,
    "day4-p-forget-gate-near-one": _forget_gate_near_one,
    "day4-n3": _size_by_length,
    "day4-p-last-state-shape": _last_state_shape,
    "day4-n8": _stacked,
    "day4-p-summary-size": _summary_size,
    "day4-n7": _bidirectional_shape,
    "day4-p-shared-gradient": _shared_gradient,
    "day4-p-truncated-reach": _truncated_reach,
    "day4-p-error-one-step-back": _error_one_step_back,
    "day4-p-suspicious-gradient": _suspicious_gradient,
    "day4-n4": _left_over,
    "day4-n16-norm": _clipped_by_norm,
    "day4-n16-value": _clipped_by_value,
    "day4-p-global-norm": _clipped_together,
    "day4-n12": _lstm_step,
    "day4-p-gate-settings": _gate_settings,
    "day4-p-fading-content": _fading_content,
}
