"""Reduce a model to the layers that the page can run."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judge.models.spec import Part, Spec
from grader.judge.networks import MAX_LAYERS, MAX_WEIGHTS, Option, PageLayer, PageWeight

IDLE = frozenset(("Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout"))  # except in training
_RECURRENT: dict[str, Option] = {
    "units": None,
    "activation": "tanh",
    "use_bias": True,
    "return_sequences": False,
    "go_backwards": False,
}
_gated = _RECURRENT | {"recurrent_activation": "sigmoid"}
# by kind: the options that decide what a layer computes, with Keras's defaults
OPTIONS: dict[str, dict[str, Option]] = {
    "SimpleRNN": _RECURRENT,
    "LSTM": _gated,
    "GRU": _gated | {"reset_after": True},
    "Dense": {"units": None, "activation": "linear", "use_bias": True},
    "Activation": {"activation": "linear"},
    "Flatten": {},
    "Bidirectional": {"merge_mode": "concat"},
    "TimeDistributed": {},
    **{kind: {} for kind in IDLE},
}
_INSIDE_TIME_DISTRIBUTED = frozenset(("Dense", "Activation", *IDLE))


class NotRunnable(Exception):
    """The page cannot run this model. The text is a clause that can follow "because"."""


def check_runnable(spec: Spec, window: int, size: int) -> None:
    """Raise NotRunnable unless the page can run a model that reads windows and predicts one number.

    `size` is the number of the model's weights.
    """
    if spec.calls or len(spec.inputs) != 1:
        raise NotRunnable("its layers are not a single chain")
    shape = spec.inputs[0].shape[1:]
    if len(shape) != 2 or shape[0] not in (None, window) or shape[1] != 1:
        raise NotRunnable(f"it does not read {window} time steps of one value each")
    if len(spec.layers) > MAX_LAYERS:
        raise NotRunnable(f"it has more than {MAX_LAYERS} layers")
    if size > MAX_WEIGHTS:
        raise NotRunnable(f"it has {size:,} weights, and the page runs at most {MAX_WEIGHTS:,}")
    for layer in spec.layers:
        _check_layer(layer)


def _check_layer(layer: Part) -> None:
    kind, options = layer.kind, layer.options
    inner = options.get("layer")
    if kind not in OPTIONS:
        raise NotRunnable(f"it contains a {kind} layer, which the page does not support")
    if options.get("stateful") or options.get("return_state"):
        raise NotRunnable(f"its {kind} layer is stateful or returns its state")
    if kind == "Bidirectional" and options.get("merge_mode", "concat") is None:
        raise NotRunnable("its Bidirectional layer returns two outputs")
    if isinstance(inner, Part):
        if kind == "TimeDistributed" and inner.kind not in _INSIDE_TIME_DISTRIBUTED:
            raise NotRunnable(f"its TimeDistributed layer wraps a {inner.kind} layer")
        _check_layer(inner)


def page_layers(spec: Spec, model: Any) -> tuple[PageLayer, ...]:
    """Return the layers of a built model. `check_runnable` must have accepted its spec."""
    return tuple(
        _layer(part, built.get_weights()) for part, built in zip(spec.layers, model.layers, strict=True)
    )


def _layer(part: Part, weights: list[np.ndarray]) -> PageLayer:
    options = {name: part.options.get(name, default) for name, default in OPTIONS[part.kind].items()}
    inner = part.options.get("layer")
    return PageLayer(
        part.kind,
        options,
        tuple(PageWeight(weight.shape, np.asarray(weight, "<f4").tobytes()) for weight in weights),
        _layer(inner, []) if isinstance(inner, Part) else None,
    )
