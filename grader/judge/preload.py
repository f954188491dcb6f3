"""Imports and first uses of what submissions will want, before any of them is there."""

from __future__ import annotations

import contextlib
import gc
import importlib
import sys
from collections.abc import Iterable


def preload(modules: Iterable[str]) -> None:
    """Import modules; one that is not installed is left to the submission that wants it.

    Garbage is not collected meanwhile, which saves a sixth of TensorFlow's time,
    nor ever looked for in what has been imported: that would copy the pages that
    a forked process shares with the others.
    """
    missing = [module for module in modules if module not in sys.modules]
    if not missing:
        return  # garbage would be kept for ever too
    gc.disable()
    try:
        for module in missing:
            with contextlib.suppress(ImportError):
                importlib.import_module(module)
        gc.freeze()
    finally:
        gc.enable()


def warm_up() -> None:
    """Build a first model, if Keras is imported: it takes several times as long as later ones.

    Only in a forked worker. In the zygote it would start threads, and its
    children would hang.
    """
    keras = sys.modules.get("keras")
    if keras is not None:
        layers = [keras.Input((2, 1)), keras.layers.LSTM(1), keras.layers.Dense(1)]
        keras.Sequential(layers).compile(optimizer="adam", loss="mse")
        keras.backend.clear_session()  # the learner's layers are numbered from the beginning
