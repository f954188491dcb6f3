"""Identify a learner's own activation, loss or Lambda layer by its values on given inputs.

The values come from learner code, which can lie. That gains nothing, see `wire.grids`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from grader.judge.models.layers import ACTIVATIONS
from grader.judge.models.spec import MAX_LENGTH, ModelRefused, ModelUnknown, Part, Shape
from grader.judge.wire.grids import LENGTH, MARK, PROBABILITIES, activation_inputs, layer_inputs, loss_inputs
from grader.judge.wire.values import Array, WireError, decode

Values = Sequence[Array | None]

_FOR_PROBABILITIES = frozenset("categorical_crossentropy binary_crossentropy kl_divergence poisson".split())
_MAX_ENTRIES = 1_000_000  # numbers in the values of a Lambda layer


def is_reference(received: Any) -> bool:
    """Return True if a configuration refers to the values of a function."""
    return isinstance(received, dict) and received.get("class_name") == MARK


def with_names(config: Any, values: Values) -> Any:
    """Return a configuration with a name or a known layer in the place of each reference to values.

    Raises ModelUnknown if a function is none of the known ones.
    """
    if isinstance(config, list):
        return [with_names(item, values) for item in config]
    if not isinstance(config, dict):
        return config
    named = {key: with_names(value, values) for key, value in config.items()}
    for option in ("activation", "recurrent_activation"):
        if is_reference(config.get(option)):
            named[option] = _activation(_values(config[option], values))
    return named


def loss_name(reference: Mapping[str, Any], values: Values, names: frozenset[str]) -> str:
    """Return the one of Keras's losses `names` that has these values. Raises ModelUnknown."""
    found = _values(reference, values)
    for name, known in _known_losses(names).items():
        # a formula for probabilities may do as it likes on other numbers
        few = -PROBABILITIES if name in _FOR_PROBABILITIES else None
        if found.shape == known.shape and _same(found[few:], known[few:]):
            return name
    raise ModelUnknown("it is compiled with a loss of your own that could not be identified")


def lambda_step(reference: Any, values: Values) -> Part | int:
    """Return what a Lambda layer with these values does: an Activation, or the step that it takes.

    Raises ModelRefused, ModelUnknown.
    """
    if not is_reference(reference):
        raise ModelRefused("its Lambda layer cannot be read")
    found, shape = _values(reference, values), _shape(reference.get("shape"))
    x = layer_inputs(shape)
    if len(shape) == 3:
        for step in (-1, 0):
            if _same(found, x[:, step]):
                return step
    for name, function in _activations().items():
        if found.shape == x.shape and _same(found, function(x)):
            return Part("Activation", {"activation": name})
    raise ModelUnknown("it has a Lambda layer that could not be identified")


def _activation(found: np.ndarray) -> str:
    x = activation_inputs()
    for name, function in _activations().items():
        if _same(found, function(x)):
            return name
    raise ModelUnknown("one of its layers has an activation of your own that could not be identified")


def _values(reference: Any, values: Values) -> np.ndarray:
    index = reference.get("config")
    if type(index) is not int or not 0 <= index < len(values):
        raise ModelRefused("its configuration cannot be read")
    value = values[index]
    if value is None:
        raise ModelUnknown("one of its functions could not be evaluated on its own")
    if value.dtype != "float32":
        raise ModelRefused("its configuration cannot be read")
    try:
        found: np.ndarray = decode(value)
    except WireError:
        raise ModelRefused("its configuration cannot be read") from None
    return found


def _shape(received: Any) -> Shape:
    good = isinstance(received, list) and 2 <= len(received) <= 5
    if not good or not all(n is None or (type(n) is int and 0 < n <= MAX_LENGTH) for n in received):
        raise ModelUnknown("its Lambda layer takes something other than one tensor")
    if np.prod([float(n or LENGTH) for n in received[1:]]) > _MAX_ENTRIES:
        raise ModelRefused("its Lambda layer takes a tensor that is too large")
    return tuple(received)


def _same(found: np.ndarray, known: np.ndarray) -> bool:
    return found.shape == known.shape and bool(np.allclose(found, known, rtol=1e-4, atol=1e-5))


@lru_cache
def _activations() -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    import keras

    def of(name: str) -> Callable[[np.ndarray], np.ndarray]:
        function = keras.activations.get(name)

        def values(x: np.ndarray) -> np.ndarray:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Keras warns about a softmax over a single number
                return np.asarray(function(keras.ops.convert_to_tensor(x)))

        return values

    return {name: of(name) for name in sorted(ACTIVATIONS)}


@lru_cache
def _known_losses(names: frozenset[str]) -> dict[str, np.ndarray]:
    import keras

    def means(name: str) -> np.ndarray:
        loss = getattr(keras.losses, name)
        found = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras warns about probabilities of a single class
            for pair in loss_inputs():
                found.append(np.mean(np.asarray(loss(*map(keras.ops.convert_to_tensor, pair)))))
        return np.array(found, dtype="float32")

    return {name: means(name) for name in sorted(names) if not name.startswith("sparse")}
