"""The output shapes of layers and operations, computed without Keras.

They equal those of Keras, or are larger if the shapes of a call do not match.
Keras reports such mismatches later.
"""

from __future__ import annotations

import math
from itertools import zip_longest
from typing import Any

from grader.judge.models.layers import RECURRENT
from grader.judge.models.ops import ELEMENTWISE, REDUCING
from grader.judge.models.spec import Cut, Dots, Part, Shape


def layer_shapes(layer: Part, taken: list[Shape]) -> list[Shape]:
    """Return the shapes of a layer's outputs, given those of its inputs, `taken`."""
    kind, options, shape = layer.kind, layer.options, taken[0]
    if kind in RECURRENT:
        units = options["units"]
        states: list[Shape] = (
            [(shape[0], units)] * (2 if kind == "LSTM" else 1) if options.get("return_state") else []
        )
        whole = (*shape[:2], units) if options.get("return_sequences") else (shape[0], units)
        return [whole, *states]
    if kind == "Bidirectional":
        whole, *states = layer_shapes(options["layer"], taken)
        mode = options.get("merge_mode", "concat")
        if mode is None:
            return [whole, whole, *states, *states]
        return [(*whole[:-1], (whole[-1] or 1) * (2 if mode == "concat" else 1)), *states, *states]
    if kind == "TimeDistributed":
        inner = layer_shapes(options["layer"], [(shape[0], *shape[2:])])
        return [(one[0], shape[1], *one[1:]) for one in inner]
    if kind == "MultiHeadAttention":
        scores = (shape[0], options["num_heads"], shape[1], taken[1][1])
        return [(*shape[:-1], first(options.get("output_shape", shape[-1]))), scores]
    if kind in ("Attention", "AdditiveAttention"):
        return [(*shape[:-1], taken[1][-1]), (*shape[:-1], taken[1][1])]
    return [_layer_shape(kind, options, taken)]


def _layer_shape(kind: str, options: dict[str, Any], taken: list[Shape]) -> Shape:
    shape = taken[0]
    if kind == "Dense":
        return (*shape[:-1], options["units"])
    if kind == "Embedding":
        return (*shape, options["output_dim"])
    if kind == "Flatten":
        return (shape[0], _product(shape[1:]))
    if kind == "Reshape":
        return (shape[0], *_reshaped(shape[1:], options["target_shape"]))
    if kind == "Permute":
        return (shape[0], *(shape[axis] for axis in options["dims"]))
    if kind == "RepeatVector":
        return (shape[0], options["n"], shape[1])
    if kind.startswith("Global"):
        return (shape[0], 1, shape[2]) if options.get("keepdims") else (shape[0], shape[2])
    if kind == "Concatenate":
        return _concatenated(taken, options.get("axis", -1))
    if kind in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"):
        return _broadcast(taken)
    if kind == "Dot":
        axes = options["axes"]
        first, second = (axes, axes) if isinstance(axes, int) else axes
        return (*_without(shape, (first,)), *_without(taken[1], (0, second))) or (shape[0], 1)
    if len(shape) == 3 and shape[1] is not None:
        return (shape[0], _length(kind, options, shape[1]), options.get("filters", shape[2]))
    return (*shape[:-1], options["filters"]) if kind == "Conv1D" else shape


def _length(kind: str, options: dict[str, Any], length: int) -> int:
    """Return the number of steps that a layer outputs for `length` input steps."""
    if kind == "UpSampling1D":
        return int(length * options.get("size", 2))
    if kind in ("ZeroPadding1D", "Cropping1D"):
        ends = options["padding" if kind == "ZeroPadding1D" else "cropping"]
        change = 2 * ends if isinstance(ends, int) else sum(ends)
        return int(length + change) if kind == "ZeroPadding1D" else max(1, length - change)
    if kind not in ("Conv1D", "MaxPooling1D", "AveragePooling1D"):
        return length
    width = first(options.get("kernel_size", options.get("pool_size", 2)))
    stride = first(options.get("strides", 1 if kind == "Conv1D" else width))
    if options.get("padding", "valid") == "valid":
        length -= (width - 1) * first(options.get("dilation_rate", 1))
    return max(1, math.ceil(length / stride))


def op_shape(op: Part, taken: list[Shape], args: tuple[Any, ...]) -> Shape:
    """Return the shape of an operation's output.

    `taken` are the shapes of its tensors; `args` are all its arguments.
    """
    shape, options = taken[0], op.options
    if op.kind in ELEMENTWISE:
        return _broadcast(taken)
    if op.kind in REDUCING:
        axes = options.get("axis", tuple(range(len(shape))))
        axes = (axes,) if isinstance(axes, int) else axes
        if options.get("keepdims"):
            gone = {axis % len(shape) for axis in axes}
            return tuple(1 if n in gone else length for n, length in enumerate(shape))
        return _without(shape, axes)
    if op.kind == "GetItem":
        return _cut(shape, args[1] if isinstance(args[1], tuple) else (args[1],))
    if op.kind == "Concatenate":
        return _concatenated(taken, options.get("axis", 0))
    if op.kind == "Stack":
        return _inserted(shape, options.get("axis", 0), len(taken))
    if op.kind in ("ExpandDims", "OneHot"):
        return _inserted(shape, options.get("axis", -1), options.get("num_classes", 1))
    if op.kind == "Squeeze":
        axes = options.get("axis", tuple(n for n, length in enumerate(shape) if length == 1))
        return _without(shape, (axes,) if isinstance(axes, int) else axes)
    if op.kind == "Matmul":
        other = taken[1]
        return (*_broadcast([shape[:-2], other[:-2]]), *shape[-2:-1], *other[-1:])
    if op.kind == "Reshape":
        target = options["newshape"]
        return _reshaped(shape, (target,) if isinstance(target, int) else target)
    if op.kind == "Transpose":
        return tuple(shape[axis] for axis in options.get("axes", range(len(shape))[::-1]))
    if op.kind in ("Swapaxes", "Moveaxis"):
        source, target = list(options.values())
        axes = list(range(len(shape)))
        if op.kind == "Swapaxes":
            axes[source], axes[target] = axes[target], axes[source]
        else:
            axes.insert(target % len(shape), axes.pop(source))
        return tuple(shape[axis] for axis in axes)
    if op.kind == "Repeat" and "axis" in options:
        axis = options["axis"] % len(shape)
        return tuple(_times(n, options["repeats"] if i == axis else 1) for i, n in enumerate(shape))
    if op.kind in ("Repeat", "Tile"):
        repeats = options["repeats"]
        repeats = (repeats,) if isinstance(repeats, int) else repeats
        padded = (*(1,) * (len(repeats) - len(shape)), *shape)
        repeats = (*(1,) * (len(padded) - len(repeats)), *repeats)
        return tuple(_times(n, times) for n, times in zip(padded, repeats, strict=True))
    return shape


def count(shape: Shape) -> int:
    """Return the number of values in a tensor. An axis of unknown length counts as 1."""
    return math.prod(n or 1 for n in shape)


def first(value: Any) -> int:
    """Return a number, or the first item of a tuple."""
    return int(value[0] if isinstance(value, tuple) else value)


def _times(length: int | None, factor: int) -> int | None:
    # an unknown length counts as 1, so that a factor above 1 is not lost
    return length * factor if length is not None else (factor if factor > 1 else None)


def _product(shape: Shape) -> int | None:
    return None if None in shape else count(shape)


def _without(shape: Shape, axes: tuple[int, ...]) -> Shape:
    gone = {axis % len(shape) for axis in axes}
    return tuple(length for n, length in enumerate(shape) if n not in gone)


def _inserted(shape: Shape, axis: int, length: int) -> Shape:
    at = axis % (len(shape) + 1)
    return (*shape[:at], length, *shape[at:])


def _reshaped(shape: Shape, target: tuple[int, ...]) -> Shape:
    if None in shape or -1 not in target:
        return tuple(None if n == -1 else n for n in target)
    rest = max(1, math.prod(n for n in target if n != -1))
    return tuple(count(shape) // rest if n == -1 else n for n in target)


def _broadcast(shapes: list[Shape]) -> Shape:
    reversed_ = zip_longest(*(shape[::-1] for shape in shapes), fillvalue=1)
    return tuple(None if set(lengths) <= {None, 1} and None in lengths else max(n or 1 for n in lengths)
                 for lengths in reversed_)[::-1]  # fmt: skip


def _concatenated(shapes: list[Shape], axis: int) -> Shape:
    at = axis % len(shapes[0])
    lengths = [shape[at] for shape in shapes]
    whole = None if None in lengths else sum(n or 0 for n in lengths)
    return (*shapes[0][:at], whole, *shapes[0][at + 1 :])


def _cut(shape: Shape, key: tuple[Any, ...]) -> Shape:
    """Return the shape of x[key]. The slice of an axis of unknown length has unknown length."""
    given = sum(part is not None and not isinstance(part, Dots) for part in key)
    left, result = list(shape), list[int | None]()
    for part in (*key, *(() if any(isinstance(part, Dots) for part in key) else (Dots(),))):
        if part is None:
            result.append(1)
        elif isinstance(part, Dots):
            skipped = len(shape) - given
            result, left = result + left[:skipped], left[skipped:]
        else:
            length = left.pop(0)
            if isinstance(part, Cut):
                whole = slice(part.start, part.stop, part.step)
                result.append(None if length is None else len(range(length)[whole]))
    return tuple(result)
