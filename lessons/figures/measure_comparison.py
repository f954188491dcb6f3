"""Measure the comparison of section 9: `python lessons/figures/measure_comparison.py` takes about 10 minutes.

It trains the models with the reference solutions' own functions and writes `comparison.json`, from which
`make_figures.py` draws. Errors differ slightly from one kind of machine to another.
"""

from __future__ import annotations

import importlib.util
import json
import platform
from pathlib import Path
from types import ModuleType

import keras
import numpy as np
import tensorflow as tf

HERE = Path(__file__).parent
KINDS = ("rnn", "lstm", "gru")
SEQ_LENGTH, UNITS, TRAIN_FRACTION = 10, 50, 0.8
EPOCHS = (50, 100)
SEEDS = range(10)


def solution_of(exercise: str) -> ModuleType:
    """Load the reference solution of an exercise."""
    file = HERE.parents[1] / "exercises" / exercise / "solution.py"
    spec = importlib.util.spec_from_file_location(exercise.replace("-", "_"), file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    windows, comparison = solution_of("exercise-lstm"), solution_of("exercise-gru")
    X, y = windows.create_sequences(np.sin(np.linspace(0, 10, 100)), SEQ_LENGTH)
    split = windows.split_train_test(X, y, TRAIN_FRACTION)

    def builder(kind: str):
        def build(seed: int):
            keras.utils.set_random_seed(seed)
            return comparison.build_model(kind, SEQ_LENGTH, UNITS)

        return build

    runs = []
    for epochs in EPOCHS:
        for kind, result in comparison.compare(
            {kind: builder(kind) for kind in KINDS}, split, epochs, SEEDS
        ).items():
            errors = [float(f"{error:.6g}") for error in result["test_mse"]]
            runs.append({"kind": kind, "epochs": epochs, "params": result["params"], "test_mse": errors})
            print(kind, epochs, errors, flush=True)
    conditions = {
        "series": "sin at 100 points from 0 to 10, without noise",
        "window": SEQ_LENGTH,
        "train_windows": len(split[0]),
        "test_windows": len(split[1]),
        "layers": f"{UNITS} recurrent units with Keras's defaults (tanh), then Dense(1)",
        "optimizer": "Adam, learning rate 1e-3, loss mse, batches of 16",
        "seeds": [*SEEDS],
        "error": "mean squared error on the test windows, one-step, evaluated after training",
        "persistence_mse": float(f"{windows.persistence_mse(split[1], split[3]):.6g}"),
        "versions": {
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
        },
    }
    text = json.dumps({"conditions": conditions, "runs": runs}, indent=2)
    (HERE / "comparison.json").write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
