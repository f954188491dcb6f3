"""Answers to the questions on encoder and decoder, computed by carrying out what each question describes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Drawn = dict[str, float]


def _model(units: int) -> Any:
    import keras

    source, target = keras.Input((None, 8)), keras.Input((None, 10))
    _, h, c = keras.layers.LSTM(units, return_state=True)(source)
    outputs = keras.layers.LSTM(units, return_sequences=True)(target, initial_state=[h, c])
    return keras.Model([source, target], keras.layers.Dense(10, activation="softmax")(outputs))


def _states(drawn: Drawn) -> int:
    import keras
    import numpy as np

    layer = keras.layers.LSTM(int(drawn["units"]), return_state=True)
    _, *states = layer(np.zeros((1, int(drawn["letters"]), 8), "float32"))
    return sum(int(np.size(state)) for state in states)


def _output_shape(drawn: Drawn) -> tuple[int, ...]:
    import numpy as np

    words, read, written = (int(drawn[name]) for name in ("words", "read", "written"))
    inputs = [np.zeros((words, read, 8), "float32"), np.zeros((words, written, 10), "float32")]
    return tuple(int(n) for n in _model(int(drawn["units"]))(inputs).shape)


def _weights(drawn: Drawn) -> tuple[int, ...]:
    layers = _model(int(drawn["units"])).layers
    return tuple(layer.count_params() for layer in layers if type(layer).__name__ == "LSTM")


def _shifted(drawn: Drawn) -> tuple[int, ...]:
    start, end = 8, 9
    predicts = [*(int(drawn[name]) for name in ("first", "second", "third")), end]
    written, reads = [start], []
    for symbol in predicts:
        reads.append(written[-1])
        written.append(symbol)
    return tuple(reads)


def _steps(drawn: Drawn) -> tuple[int, ...]:
    def runs(limit: int) -> int:
        script: Iterator[str] = iter(["letter"] * int(drawn["letters"]) + ["END"] * 30)
        count = written = 0
        while written < limit:
            count += 1
            if next(script) == "END":
                break
            written += 1
        return count

    return runs(20), runs(int(drawn["limit"]))


def _paths(drawn: Drawn) -> tuple[float, float]:
    first = {"a": drawn["p"], "b": 1 - drawn["p"]}
    after = {"a": 0.4, "b": drawn["q"]}
    greedy = max(first, key=lambda symbol: first[symbol])
    return first[greedy] * after[greedy], max(first[symbol] * after[symbol] for symbol in first)


COMPUTED: dict[str, Callable[[Drawn], object]] = {
    "day4-p-states-of-an-lstm-encoder": _states,
    "day4-p-decoder-output-shape": _output_shape,
    "day4-p-weights-of-both": _weights,
    "day4-p-shifted-inputs": _shifted,
    "day4-p-number-of-steps": _steps,
    "day4-p-greedy-is-not-best": _paths,
}
