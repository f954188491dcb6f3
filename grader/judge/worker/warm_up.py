"""What a spare worker does while it waits: everything that is slow only the first time."""

from __future__ import annotations

import sys

from grader.judge.worker.convert import convert


def warm_up() -> None:
    """Build and convert a small model and a figure, if their libraries are imported.

    Call this only in a forked worker. In the zygote it would start threads, and
    forked children would hang.
    """
    keras, pyplot = sys.modules.get("keras"), sys.modules.get("matplotlib.pyplot")
    if keras is not None:
        for length in (2, 3):  # the second model still meets code that the first one did not
            layers = [keras.Input((length, 1)), keras.layers.LSTM(1), keras.layers.Dense(1)]
            model = keras.Sequential(layers)
            model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
            convert(model)
        keras.backend.clear_session()  # so that the learner's layers are numbered from the start
    if pyplot is not None:
        figure, axes = pyplot.subplots()
        axes.plot([0, 1], [0, 1], label="line")
        axes.legend()
        convert(figure)
        pyplot.close(figure)
