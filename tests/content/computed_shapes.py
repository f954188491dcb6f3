"""Answers to the practice questions on sections 2.4 and 2.5, computed by doing what each describes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Drawn = dict[str, float]


def _model(shape: tuple[int | None, ...], *layers: Any, batch_size: int | None = None) -> Any:
    import keras

    return keras.Sequential([keras.Input(shape=shape, batch_size=batch_size), *layers])


def _whole(drawn: Drawn, *names: str) -> list[int]:
    return [int(drawn[name]) for name in names]


def _dense_after_sequence(drawn: Drawn) -> object:
    from keras import layers

    steps, features, units, outputs = _whole(drawn, "steps", "features", "units", "outputs")
    rnn = layers.SimpleRNN(units, return_sequences=True)
    return _model((steps, features), rnn, layers.Dense(outputs)).output_shape


def _weights_of_answers(drawn: Drawn) -> object:
    from keras import layers

    steps, units, outputs = _whole(drawn, "steps", "units", "outputs")
    dense = layers.Dense(outputs)
    _model((steps, 3), layers.SimpleRNN(units, return_sequences=True), dense)
    return dense.count_params()


def _flatten_open_length(_: Drawn) -> object:
    from keras import layers

    rnn, dense = layers.SimpleRNN(8, return_sequences=True), layers.Dense(2)
    try:
        model = _model((None, 3), rnn, layers.Flatten(), dense)
    except ValueError:
        return "c" if rnn.built else "d"
    return {2: "a", 3: "b"}[len(model.output_shape)]


def _width_after_dropout(drawn: Drawn) -> object:
    from keras import layers

    steps, features, units = _whole(drawn, "steps", "features", "units")
    lstm = layers.LSTM(units, return_sequences=True)
    return _model((steps, features), lstm, layers.Dropout(0.5)).output_shape


def _second_call(_: Drawn) -> object:
    from keras import layers

    model = _model((None, 3), layers.SimpleRNN(4, stateful=True), batch_size=2)
    X = np.random.default_rng(1).normal(size=(2, 5, 3)).astype("float32")
    first, second = (np.asarray(model(X)) for _ in range(2))
    return "a" if np.allclose(first, second) else "c"


def _stored_states(drawn: Drawn) -> object:
    from keras import layers

    sequences, steps, features, units = _whole(drawn, "sequences", "steps", "features", "units")
    rnn = layers.SimpleRNN(units, stateful=True)
    _model((steps, features), rnn, batch_size=sequences)
    return tuple(rnn.states[0].shape)


def _running_sum(drawn: Drawn) -> object:
    from keras import layers

    rnn = layers.SimpleRNN(1, activation="linear", use_bias=False, stateful=True)
    model = _model((None, 1), rnn, batch_size=1)
    model.set_weights([np.ones((1, 1)), np.ones((1, 1))])

    def call(*inputs: float) -> float:
        return float(np.asarray(model(np.array(inputs, "float32").reshape(1, -1, 1)))[0, 0])

    call(drawn["a"], drawn["b"])
    second = call(drawn["c"])
    rnn.reset_state()
    return second, call(drawn["c"])


def _number_of_pieces(drawn: Drawn) -> object:
    steps, chunk = _whole(drawn, "steps", "chunk")
    pieces = [range(steps)[start : start + chunk] for start in range(0, steps, chunk)]
    return len(pieces), len(pieces[-1])


COMPUTED: dict[str, Callable[[Drawn], object]] = {
    "day4-p-dense-after-sequence": _dense_after_sequence,
    "day4-p-weights-of-answers": _weights_of_answers,
    "day4-p-flatten-open-length": _flatten_open_length,
    "day4-p-lstm-width-after-dropout": _width_after_dropout,
    "day4-p-second-call": _second_call,
    "day4-p-stored-states": _stored_states,
    "day4-p-running-sum": _running_sum,
    "day4-p-number-of-pieces": _number_of_pieces,
}
