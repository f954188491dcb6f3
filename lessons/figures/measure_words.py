"""Measure section 11: `python lessons/figures/measure_words.py` takes about 20 minutes.

It trains models that write words backward, with the reference solution's own functions where the
model is the contract's, and writes `words.json`. `make_figures.py` draws from it, and the section's tables
quote it.
"""

from __future__ import annotations

import json
import platform
from pathlib import Path
from types import ModuleType
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from measure_comparison import solution_of

HERE = Path(__file__).parent
SEEDS = (1, 2, 3)
STATES = {"h c": "hc", "c h": "ch", "h h": "hh", "zeros": ""}  # what the decoder starts from


def words_of(rng: np.random.Generator, letters: str, count: int, shortest: int, longest: int) -> list[str]:
    """Return distinct random words."""
    sizes = (int(rng.integers(shortest, longest + 1)) for _ in range(count))
    return sorted({"".join(rng.choice(list(letters), size=size)) for size in sizes})


def build(of: ModuleType, units: int, states: str) -> Any:
    """Return the model of the exercise, whose decoder may start from other states."""
    if states == "hc":
        return of.build_seq2seq(len(of.LETTERS), len(of.LETTERS) + 2, units)
    source = keras.Input((None, len(of.LETTERS)))
    target = keras.Input((None, len(of.LETTERS) + 2))
    _, h, c = keras.layers.LSTM(units, return_state=True)(source)
    given = [{"h": h, "c": c}[name] for name in states] or None
    outputs = keras.layers.LSTM(units, return_sequences=True)(target, initial_state=given)
    model = keras.Model([source, target], keras.layers.Dense(len(of.LETTERS) + 2, "softmax")(outputs))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model


def written(of: ModuleType, model: Any, source: np.ndarray, steps: int, states: str) -> np.ndarray:
    """Return what greedy decoding writes for many words at once, filled up with END."""
    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.LSTM)]
    decoder, head = layers[-1], model.layers[-1]
    _, h, c = layers[0](of.one_hot(source, len(of.LETTERS))) if states else (None, None, None)
    zeros = np.zeros((len(source), decoder.units), "float32")
    state = [{"h": h, "c": c}[name] for name in states] or [zeros, zeros]
    symbol, ended, columns = np.full(len(source), of.START), np.zeros(len(source), bool), []
    for _ in range(steps):
        output, state = decoder.cell(of.one_hot(symbol, of.END + 1), state)
        symbol = np.asarray(head(output)).argmax(-1)
        ended |= symbol == of.END
        columns.append(np.where(ended, of.END, symbol))
    return np.stack(columns, axis=1)


def connections(of: ModuleType, seed: int, states: str, shifted: bool = True) -> dict[str, Any]:
    """Train on words of 2 to 5 letters. Return the loss and the shares of right symbols and words."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    known = words_of(rng, of.LETTERS, 4000, 2, 5)
    new = sorted({*words_of(rng, of.LETTERS, 1500, 2, 5)} - {*known})

    def data(words: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        target = of.reversed_of(words, 6)
        reads = of.teacher_forcing(target, of.START)[0] if shifted else target
        return of.source_of(words, 5), reads, target

    (source, reads, target), (new_source, new_reads, right) = data(known), data(new)
    model, rows = build(of, 64, states), {}
    inputs, new_inputs = (
        [of.one_hot(one, len(of.LETTERS)), of.one_hot(two, of.END + 1)]
        for one, two in ((source, reads), (new_source, new_reads))
    )
    for epoch in range(1, 13):
        history = model.fit(inputs, target, epochs=1, batch_size=64, verbose=0)
        if epoch in (2, 12):
            forced = np.asarray(model(new_inputs)).argmax(-1) == right
            free = written(of, model, new_source, 6, states) == right
            rows[epoch] = {
                "loss": round(history.history["loss"][-1], 4),
                "symbols_with_teacher": round(float(forced.mean()), 3),
                "symbols_in_use": round(float(free.mean()), 3),
                "words": round(float(free.all(axis=1).mean()), 3),
            }
    return rows


def lengths(of: ModuleType, seed: int, units: int, longest: int = 12) -> dict[int, float]:
    """Train on words of up to `longest` letters. Return the share of new words that are right, by length."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    known = words_of(rng, of.LETTERS, 8000, 2, longest)
    target = of.reversed_of(known, longest + 1)
    reads, target = of.teacher_forcing(target, of.START)
    model = build(of, units, "hc")
    inputs = [of.one_hot(of.source_of(known, longest), len(of.LETTERS)), of.one_hot(reads, of.END + 1)]
    model.fit(inputs, target, epochs=40, batch_size=64, verbose=0)
    right = {}
    for n in range(3, 19):
        new = [word for word in words_of(rng, of.LETTERS, 400, n, n) if word not in {*known}][:300]
        wanted = of.reversed_of(new, max(n, longest) + 1)
        got = written(of, model, of.source_of(new, max(n, longest)), wanted.shape[1], "hc")
        right[n] = round(float((got == wanted).all(axis=1).mean()), 3)
    return right


def main() -> None:
    of = solution_of("exercise-seq2seq")
    connected = [
        {"states": states, "shifted": shifted, "seed": seed, "epochs": connections(of, seed, code, shifted)}
        for seed in SEEDS
        for states, code, shifted in [
            *((name, code, True) for name, code in STATES.items()),
            ("h c", "hc", False),
        ]
    ]
    measured = []
    for units in (16, 64):
        runs = [lengths(of, seed, units) for seed in SEEDS]
        measured.append({"units": units, "right": {n: [run[n] for run in runs] for n in runs[0]}})
    conditions = {
        "words": "random words of 8 letters, left-padded with zeros; new words are not in training",
        "longest": 12,
        "layers": "two LSTM layers with Keras's defaults, Dense(10) with softmax; 64 units in `connections`",
        "optimizer": "Adam, learning rate 0.01, sparse_categorical_crossentropy, batches of 64",
        "training": "connections: about 2,360 words of 2 to 5 letters; lengths: 6,900 of 2 to 12, 40 epochs",
        "seeds": [*SEEDS],
        "versions": {
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
        },
    }
    text = json.dumps({"conditions": conditions, "connections": connected, "lengths": measured}, indent=1)
    (HERE / "words.json").write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
