"""Answers to the questions on gated units, attention and the three programs.

Each answer is computed by carrying out what the question describes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Drawn = dict[str, float]


def _whole(drawn: Drawn, *names: str) -> list[int]:
    return [int(drawn[name]) for name in names]


def _gru_step(x: float, old: float, units: dict[str, tuple[float, float, float, float]]) -> float:
    """Run one step of a Keras GRU of one unit; return the new state.

    `units` maps a block (z, r, g) to its input weight, recurrent weight and their biases.
    """
    import keras
    import numpy as np

    layer = keras.layers.GRU(1)
    layer.build((1, 1, 1))
    blocks = [units[name] for name in "zrg"]
    weights = [np.array([[block[n] for block in blocks]]) for n in range(4)]
    layer.set_weights([weights[0], weights[1], np.concatenate(weights[2:])])
    inputs, state = np.array([[[x]]], "float32"), np.array([[old]], "float32")
    return float(keras.ops.convert_to_numpy(layer(inputs, initial_state=[state]))[0, 0])


def _logit(p: float) -> float:
    import numpy as np

    return float(np.log(p / (1 - p)))


def _update_gate(drawn: Drawn) -> float:
    import numpy as np

    candidate = (0.0, 0.0, float(np.arctanh(drawn["candidate"])), 0.0)
    update = (0.0, 0.0, _logit(drawn["update"]), 0.0)
    return round(_gru_step(0.0, drawn["old"], {"z": update, "r": (0, 0, 0, 0), "g": candidate}), 6)


def _reset_closed(_: Drawn) -> str:
    closed, full = (0.0, 0.0, -100.0, 0.0), (0.0, 0.0, 100.0, 0.0)
    new = _gru_step(0.5, 0.7, {"z": full, "r": closed, "g": (0.9, 0.8, 0.3, 0.2)})
    return "b" if abs(new - 0.7) < 1e-6 else "?"


def _candidate(drawn: Drawn) -> float:
    old = 0.5
    blocks = {
        "z": (0.0, 0.0, -100.0, 0.0),  # keep nothing of the old state, so that the new state is the candidate
        "r": (0.0, 0.0, _logit(drawn["reset"]), 0.0),
        "g": (0.0, drawn["recurrent"] / old, drawn["given"], 0.4),
    }
    return _gru_step(0.0, old, blocks)


def _layer_size(kind: str) -> Callable[[Drawn], int]:
    def count(drawn: Drawn) -> int:
        import keras

        units, features = _whole(drawn, "units", "features")
        layer = {"LSTM": keras.layers.LSTM, "GRU": keras.layers.GRU}[kind](units)
        layer.build((None, 10, features))
        return int(layer.count_params())

    return count


def _softmax(drawn: Drawn) -> float:
    import keras
    import numpy as np

    scores = np.array([[drawn["score"], 0.0, 0.0]])
    return float(keras.ops.convert_to_numpy(keras.ops.softmax(scores))[0, 0])


def _attention(which: int) -> Callable[[Drawn], tuple[int, ...]]:
    def shape(drawn: Drawn) -> tuple[int, ...]:
        import keras
        import numpy as np

        queries, inputs, size = _whole(drawn, "queries", "inputs", "size")
        q, v, k = (np.ones(s, "float32") for s in [(2, queries, 4), (2, inputs, size), (2, inputs, 4)])
        return tuple(keras.layers.Attention()([q, v, k], return_attention_scores=True)[which].shape)

    return shape


def _characters(which: int) -> Callable[[Drawn], tuple[int, ...]]:
    def shape(drawn: Drawn) -> tuple[int, ...]:
        import keras

        length, distinct, window = _whole(drawn, "length", "distinct", "window")
        text = "".join(chr(ord("A") + place % distinct) for place in range(length))
        codes = {character: index for index, character in enumerate(sorted(set(text)))}
        pairs: tuple[list[list[int]], list[int]] = ([], [])
        while len(pairs[0]) + window < length:
            start = len(pairs[0])
            pairs[0].append([codes[character] for character in text[start:][:window]])
            pairs[1].append(codes[text[start + window]])
        return tuple(keras.utils.to_categorical(pairs[which], num_classes=len(codes)).shape)

    return shape


def _seesaw(_: Drawn) -> tuple[int, ...]:
    text = "seesaw"
    chars = sorted(set(text))
    codes = {character: index for index, character in enumerate(chars)}
    windows = [[codes[c] for c in text[i : i + 3]] for i in range(len(text) - 3)]
    targets = [codes[text[i + 3]] for i in range(len(text) - 3)]
    return (*windows[1], targets[1])


def _short_prompt(_: Drawn) -> str:
    import numpy as np

    chars = sorted(set("Hello world! This is a simple example of using RNNs for text generation."))
    char_to_idx = {character: index for index, character in enumerate(chars)}
    x = np.zeros((1, 10, 1))
    for place, character in enumerate("Hello"):
        x[0, place, 0] = char_to_idx[character] / 25
    read = "".join(chars[int(value * 25)] for value in x[0, 5:, 0])
    return "b" if len(chars) == 25 and read == 5 * " " else "?"


def _next_window(_: Drawn) -> str:
    windows = {"··No": "a", "Now·": "b", "·Now": "c", "··Now": "d"}
    return windows[("No" + "w").rjust(4, "·")]


def _temperature(drawn: Drawn) -> float:
    """Compute the answer as a softmax of the logarithms divided by the temperature."""
    import numpy as np

    logits = np.log([drawn["p"], 1 - drawn["p"]]) / drawn["temperature"]
    weights = np.exp(logits - logits.max())
    return float(weights[0] / weights.sum())


def _windows(data: Any, length: int) -> tuple[Any, Any]:
    """Return inputs of shape (n, length, 1) and targets of shape (n,), cut with NumPy's sliding windows."""
    import numpy as np

    both = np.lib.stride_tricks.sliding_window_view(np.asarray(data, float), length + 1)
    return both[:, :-1, np.newaxis], both[:, -1]


def _split(drawn: Drawn) -> tuple[int, int, int]:
    points, window, percent = _whole(drawn, "points", "window", "percent")
    X, _ = _windows(range(points), window)
    train = X[: int(len(X) * (percent / 100))]
    return len(X), len(train), len(X[len(train) :])


def _output_per_step(drawn: Drawn) -> tuple[int, ...]:
    import keras

    units, windows, steps = _whole(drawn, "units", "windows", "steps")
    layers = [keras.layers.LSTM(units, return_sequences=True), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input(shape=(steps, 1)), *layers])
    return tuple(model.compute_output_shape((windows, steps, 1)))


def _last_activation(_: Drawn) -> str:
    """Return the letters of the layers that reach both ends of the range, given large enough inputs."""
    import keras
    import numpy as np

    right = ""
    for letter, activation in zip("abcd", ["relu", "sigmoid", None, "tanh"], strict=True):
        layer = keras.layers.Dense(1, activation=activation, kernel_initializer="ones")
        low, high = keras.ops.convert_to_numpy(layer(np.array([[-1e3], [1e3]], "float32")))[:, 0]
        right += letter if low <= -15 and high >= 35 else ""
    return right


def _test_error(_: Drawn) -> str:
    import numpy as np

    X, y = _windows(np.sin(np.linspace(0, 10, 100)), 10)
    persistence = np.mean((X[72:, -1, 0] - y[72:]) ** 2)
    return "c" if round(persistence, 4) == 0.0072 < 0.0080 else "?"


def _persistence(drawn: Drawn) -> float:
    import numpy as np

    X, y = _windows([2, 3, 5, 4, drawn["last"]], 2)
    return float(np.mean((X[:, -1, 0] - y) ** 2))


def _broadcast(drawn: Drawn) -> tuple[int, ...]:
    import numpy as np

    n = int(drawn["n"])
    return ((np.ones((n, 1)) - np.ones(n)) ** 2).shape


def _rollout(drawn: Drawn) -> tuple[float, ...]:
    window, values = [drawn["a"], drawn["b"]], []
    for _ in range(3):
        values.append(sum(window))
        window = [*window[1:], values[-1]]
    return tuple(values)


def _plot_places(drawn: Drawn) -> tuple[int, ...]:
    """Return the first train and test target of a series whose values are their own indices."""
    window, train = _whole(drawn, "window", "train")
    _, y = _windows(range(window + train + 10), window)
    return int(y[:train][0]), int(y[train:][0])


def _plot_zeros(_: Drawn) -> str:
    import numpy as np
    from matplotlib.figure import Figure

    line = np.zeros(100)
    line[82:100] = 0.5
    axes = Figure().subplots()
    axes.plot(np.linspace(0, 10, 100), line, label="test predictions")
    drawn = np.asarray(axes.lines[0].get_ydata())
    return "b" if len(drawn) == 100 and (drawn[:82] == 0).all() else "?"


def _fit_twice(drawn: Drawn) -> tuple[int, int]:
    import keras
    import numpy as np

    epochs, x = int(drawn["epochs"]), np.ones((4, 1), "float32")
    model = keras.Sequential([keras.Input(shape=(1,)), keras.layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse", run_eagerly=True)
    for _ in range(2):
        history = model.fit(x, x, epochs=epochs, batch_size=4, verbose=0)
    return int(model.optimizer.iterations.numpy()), len(history.history["loss"])  # one step per epoch


COMPUTED: dict[str, Callable[[Drawn], object]] = {
    "day4-n13": _update_gate,
    "day4-p-reset-closed": _reset_closed,
    "day4-p-gru-candidate": _candidate,
    "day4-n1": _layer_size("LSTM"),
    "day4-n2": _layer_size("GRU"),
    "day4-n18": _softmax,
    "day4-n24-output": _attention(0),
    "day4-n24-weights": _attention(1),
    "day4-n6-x": _characters(0),
    "day4-n6-y": _characters(1),
    "day4-p-seesaw": _seesaw,
    "day4-n14": _short_prompt,
    "day4-p-next-window": _next_window,
    "day4-p-temperature": _temperature,
    "day4-n5": _split,
    "day4-p-output-per-step": _output_per_step,
    "day4-p-last-activation": _last_activation,
    "day4-n23": _test_error,
    "day4-p-persistence": _persistence,
    "day4-n20": _broadcast,
    "day4-p-rollout": _rollout,
    "day4-p-plot-places": _plot_places,
    "day4-p-plot-zeros": _plot_zeros,
    "day4-n21": _fit_twice,
}
