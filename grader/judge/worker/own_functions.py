"""Evaluate the learner's own activations, losses and Lambda layers, and refer to their values.

Keras serializes a function by its name, whatever it computes, and a lambda as bytecode.
The judge uses neither: it identifies a function by its values on the inputs of `wire.grids`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from grader.judge.wire.grids import MARK, activation_inputs, layer_inputs, loss_inputs
from grader.judge.wire.values import Array, encode


class OwnFunctions:
    """The values of the functions of one model that are not Keras's own."""

    def __init__(self) -> None:
        self.values: list[Array | None] = []
        self._layers: dict[tuple[str, str], dict[str, Any]] = {}  # (layer name, option) -> reference

    @contextmanager
    def taken_out(self, model: Any) -> Iterator[None]:
        """Replace the functions by a function of Keras's, so that every configuration can be serialized."""
        import keras

        taken: list[tuple[dict[str, Any], str, Any]] = []
        try:
            for layer in _layers(model):
                holder = vars(getattr(layer, "cell", layer))
                for option in ("activation", "recurrent_activation"):
                    function = holder.get(option)
                    if callable(function) and not _is_of_keras(function, keras.activations):
                        self._layers[layer.name, option] = self._reference(activation_inputs(), function)
                        taken.append((holder, option, function))
                if type(layer) is keras.layers.Lambda:
                    function, given = layer.function, layer.arguments or {}
                    shape = _shape(layer)
                    reference = self._reference(layer_inputs(shape), lambda x: function(x, **given))  # noqa: B023
                    self._layers[layer.name, "function"] = reference | {"shape": shape}
                    taken.append((holder, "function", function))
            for holder, option, _ in taken:
                holder[option] = keras.activations.linear
            yield
        finally:
            for holder, option, function in taken:
                holder[option] = function

    def put_in(self, config: Any) -> Any:
        """Return a model's configuration with a reference in the place of each function."""
        if isinstance(config, list):
            return [self.put_in(item) for item in config]
        if not isinstance(config, dict):
            return config
        name = config.get("name")
        own = {option: reference for (layer, option), reference in self._layers.items() if layer == name}
        return {
            key: own[key] if key in own and key in config else self.put_in(value)
            for key, value in config.items()
        }

    def loss(self, loss: Any) -> Any:
        """Return a loss to serialize: one of Keras's own as it is, or a reference."""
        import keras

        if isinstance(loss, list):
            return [self.loss(item) for item in loss]
        if not callable(loss) or _is_of_keras(loss, keras.losses):
            return loss
        return self._reference(loss_inputs(), loss)

    def _reference(self, inputs: Any, function: Any) -> dict[str, Any]:
        self.values.append(_values(inputs, function))
        return {"class_name": MARK, "config": len(self.values) - 1}


def _is_of_keras(function: Any, module: Any) -> bool:
    """Return True if this is a function of Keras's module, or an object of one of its classes."""
    name = getattr(function, "__name__", None)
    if name is not None:
        return getattr(module, name, None) is function
    return getattr(module, type(function).__name__, None) is type(function)


def _layers(model: Any) -> Iterator[Any]:
    for layer in getattr(model, "layers", ()):
        yield layer
        for wrapped in ("layer", "forward_layer", "backward_layer"):
            inner = getattr(layer, wrapped, None)
            if inner is not None and hasattr(inner, "name"):
                yield inner


def _shape(layer: Any) -> tuple[int | None, ...]:
    """Return the input shape of a layer with a single input, or () if it has none."""
    try:
        return tuple(layer.input.shape)
    except (AttributeError, ValueError):
        return ()


def _values(inputs: Any, function: Any) -> Array | None:
    """Return the values of an activation or layer, or the means of a loss for each pair of inputs."""
    import keras
    import numpy as np

    def call(*arrays: Any) -> Any:
        return np.asarray(function(*map(keras.ops.convert_to_tensor, arrays)))

    def mean(pair: Any) -> float:
        try:
            return float(np.mean(call(*pair)))
        except Exception:  # many losses take only probabilities
            return np.nan

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = np.array([*map(mean, inputs)]) if isinstance(inputs, list) else call(inputs)
            value = encode(found.astype("float32"))
        except Exception:  # it is the learner's code
            return None
    return value if isinstance(value, Array) else None
