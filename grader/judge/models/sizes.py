"""Compute the size of a model from its Spec, before anything is built."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from grader.judge.models.layers import RECURRENT
from grader.judge.models.shapes import count, first, layer_shapes, op_shape
from grader.judge.models.spec import (
    MAX_BATCH_NUMBERS,
    MAX_NUMBERS,
    MAX_PARAMETERS,
    GraphCall,
    ModelRefused,
    Part,
    Shape,
    Spec,
    Tensor,
)

TOO_MANY = f"its layers return more than {MAX_BATCH_NUMBERS:,} numbers for the samples of this test"
MAX_STEPS = 128  # steps of a TimeDistributed layer, which Keras unrolls
_GATES = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}


def measure(spec: Spec) -> tuple[int, list[list[Shape]]]:
    """Return the number of weights, and for each input and call the shapes of its outputs.

    Raises ModelRefused if there are too many weights or too many numbers between the
    layers, or if the layers do not fit together.
    """
    return _measure(spec, MAX_NUMBERS, f"its layers return more than {MAX_NUMBERS:,} numbers per sample")


def check_batch(spec: Spec, shapes: Sequence[Shape]) -> None:
    """Raise ModelRefused if inputs of these shapes make the layers return too many numbers.

    Training keeps all of them in memory at once. Shapes that are not those of the model's
    inputs, which Keras refuses, are not measured.
    """
    if [len(shape) for shape in shapes] != [len(one.shape) for one in spec.inputs]:
        return
    pairs = zip(spec.inputs, shapes, strict=True)
    given = replace(spec, inputs=tuple(replace(one, shape=shape) for one, shape in pairs))
    _measure(given, MAX_BATCH_NUMBERS, TOO_MANY)


def _measure(spec: Spec, limit: int, says: str) -> tuple[int, list[list[Shape]]]:
    calls = spec.calls or tuple(GraphCall(n, (Tensor(n),), {}) for n in range(len(spec.layers)))
    shapes: list[list[Shape]] = [[one.shape] for one in spec.inputs]
    seen: set[int] = set()
    weights = numbers = 0
    for call in calls:
        try:
            taken = [shapes[t.node][t.output] for t in _tensors((*call.args, *call.kwargs.values()))]
            if isinstance(call.of, Part):
                returned = [op_shape(call.of, taken, call.args)]
            else:
                layer = spec.layers[call.of]
                if call.of not in seen:
                    weights += _weights(layer, taken)
                    seen.add(call.of)
                returned = layer_shapes(layer, taken)
                numbers += _inside(layer, taken)
        except (LookupError, TypeError, ValueError, ZeroDivisionError, OverflowError):
            raise ModelRefused("its layers do not fit together") from None
        numbers += sum(map(count, returned))
        if weights > MAX_PARAMETERS:
            raise ModelRefused(f"it has more than {MAX_PARAMETERS:,} parameters")
        if numbers > limit or any(len(shape) > 8 for shape in returned):
            raise ModelRefused(says)
        shapes.append(returned)
    return weights, shapes


def _inside(layer: Part, taken: list[Shape]) -> int:
    """Return the number of values that a layer computes internally."""
    if layer.kind == "TimeDistributed" and (taken[0][1] or 1) > MAX_STEPS:
        raise ModelRefused(f"its TimeDistributed layer runs over more than {MAX_STEPS} steps")
    if layer.kind in ("Bidirectional", "TimeDistributed"):
        steps = (taken[0][1] or 1) if layer.kind == "TimeDistributed" else 2
        first_taken = (taken[0][0], *taken[0][2:]) if layer.kind == "TimeDistributed" else taken[0]
        return steps * _inside(layer.options["layer"], [first_taken, *taken[1:]])
    if layer.kind in RECURRENT:  # training keeps each gate before and after its activation
        samples, steps = (n or 1 for n in taken[0][:2])
        return int(2 * _GATES[layer.kind] * layer.options["units"] * samples * steps)
    if not layer.kind.endswith("Attention"):
        return 0
    query, value = taken[:2]
    per_pair = layer.options.get("num_heads", 1)
    if layer.kind == "AdditiveAttention" or layer.options.get("score_mode") == "concat":
        per_pair = query[-1] or 1
    return int(count(query[:-1]) * count(value[1:-1]) * per_pair)


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _tensors(item)


def _weights(layer: Part, taken: list[Shape]) -> int:
    """Return the number of weights of a layer, including the states of stateful layers."""
    options, shape = layer.options, taken[0]
    features, bias = shape[-1] or 1, int(options.get("use_bias", True))
    if layer.kind == "Bidirectional":
        return 2 * _weights(options["layer"], taken)
    if layer.kind == "TimeDistributed":
        return _weights(options["layer"], [(shape[0], *shape[2:])])
    if layer.kind in RECURRENT:
        units, gates = options["units"], _GATES[layer.kind]
        biases = 2 if layer.kind == "GRU" and options.get("reset_after", True) else 1
        states = (2 if layer.kind == "LSTM" else 1) * units * (shape[0] or 1)
        return int(
            gates * units * (features + units + bias * biases) + (states if options.get("stateful") else 0)
        )
    if layer.kind == "Dense":
        return int(options["units"] * (features + bias))
    if layer.kind == "Embedding":
        return int(options["input_dim"] * options["output_dim"])
    if layer.kind == "Conv1D":
        kernel = first(options["kernel_size"])
        return int(options["filters"] * (kernel * math.ceil(features / options.get("groups", 1)) + bias))
    if layer.kind in ("LayerNormalization", "BatchNormalization"):
        axes = options.get("axis", -1)
        size = math.prod(shape[axis] or 1 for axis in ((axes,) if isinstance(axes, int) else axes))
        moments = 2 if layer.kind == "BatchNormalization" else 0
        return size * (moments + int(options.get("center", True)) + int(options.get("scale", True)))
    if layer.kind == "Attention":
        return int(options.get("use_scale", False)) + int(options.get("score_mode") == "concat")
    if layer.kind == "AdditiveAttention":
        return features if options.get("use_scale", True) else 0
    if layer.kind == "MultiHeadAttention":
        value = taken[1][-1] or 1
        key = (taken[2][-1] or 1) if len(taken) > 2 else value
        heads, key_dim = options["num_heads"], options["key_dim"]
        value_dim = options.get("value_dim", key_dim)
        out = first(options.get("output_shape", features))
        inside = key_dim * (features + key + 2 * bias) + value_dim * (value + bias)
        return int(heads * inside + (heads * value_dim + bias) * out)
    return 0
