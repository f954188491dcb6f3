"""The operations between layers that the judge rebuilds, such as x[:, 0] or keras.ops.mean(x)."""

from __future__ import annotations

import re
from typing import Any

from grader.judge.models import values as v
from grader.judge.models.spec import MAX_LENGTH, MAX_UNITS, Cut, Dots, ModelUnknown, Part

ELEMENTWISE = frozenset(
    "Add Subtract Multiply Divide TrueDivide FloorDivide Mod Power Negative Absolute Maximum Minimum Exp Log"
    " Sqrt Square Sin Cos Tanh Sigmoid Relu Silu Softplus Equal NotEqual Greater GreaterEqual Less LessEqual"
    " LogicalAnd LogicalOr LogicalNot Where StopGradient".split()
)
REDUCING = frozenset("Mean Sum Prod Max Min Std Var Any All Logsumexp Argmax Argmin".split())

_DTYPES = v.one_of("float32", "int32", "int64", "bool")
_reduced: dict[str, v.Check] = {"axis": v.optional(v.axes), "keepdims": v.flag}
_along: dict[str, v.Check] = {"axis": v.axis}
_repeats = v.whole(1, MAX_UNITS)
_OPS: dict[str, dict[str, v.Check]] = {
    **{kind: {} for kind in ELEMENTWISE},
    **dict.fromkeys(REDUCING, _reduced),
    **dict.fromkeys(("Concatenate", "Stack", "Softmax", "LogSoftmax", "ExpandDims"), _along),
    "GetItem": {},
    "Matmul": {},
    "ConvertToTensor": {},  # Keras adds one for the mask of an Attention layer
    "Gelu": {"approximate": v.flag},
    "Clip": {"x_min": v.anything, "x_max": v.anything},
    "Cast": {"dtype": _DTYPES},
    "OnesLike": {"dtype": v.optional(_DTYPES)},
    "ZerosLike": {"dtype": v.optional(_DTYPES)},
    "OneHot": {"num_classes": v.count, "axis": v.axis, "dtype": v.optional(_DTYPES), "sparse": v.only(False)},
    "Squeeze": {"axis": v.optional(v.axes)},
    "Reshape": {"newshape": v.either(v.whole(-1, MAX_LENGTH), v.several(v.whole(-1, MAX_LENGTH)))},
    "Transpose": {"axes": v.optional(v.several(v.axis))},
    "Swapaxes": {"axis1": v.axis, "axis2": v.axis},
    "Moveaxis": {"source": v.axis, "destination": v.axis},
    "Flip": {"axis": v.optional(v.axes)},
    "Roll": {"shift": v.whole(-MAX_LENGTH, MAX_LENGTH), "axis": v.optional(v.axis)},
    "Repeat": {"repeats": _repeats, "axis": v.optional(v.axis)},
    "Tile": {"repeats": v.either(_repeats, v.several(_repeats))},
    "Cumsum": {"axis": v.optional(v.axis)},
}
_MODULES = tuple(f"keras.src.ops.{name}" for name in ("numpy", "nn", "core", "math"))


def is_op(received: dict[str, Any]) -> bool:
    """Return True if a serialized node claims to be an operation rather than a layer."""
    return str(received.get("module")).startswith("keras.src.ops.")


def read_op(received: dict[str, Any]) -> Part:
    """Return a serialized operation as a Part. Raises ModelRefused for anything not in the table."""
    kind = received.get("class_name")
    if not isinstance(kind, str) or kind not in _OPS or not v.is_of_keras(received, *_MODULES):
        raise ModelUnknown("it uses an unsupported operation", str(kind)[:40])
    name = re.compile("name")
    return Part(kind, v.read_options(f"its operation {kind}", _OPS[kind], received.get("config"), name))


def apply(op: Part, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Call an operation on Keras tensors. Raises whatever Keras raises."""
    import keras

    if op.kind == "GetItem":
        x, key = args
        return x[_key(key)]
    function = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", op.kind).lower()
    return getattr(keras.ops, function)(*args, **kwargs, **op.options)


def _key(key: Any) -> Any:
    if isinstance(key, list | tuple):
        return tuple(map(_key, key))
    if isinstance(key, Cut):
        return slice(key.start, key.stop, key.step)
    return ... if isinstance(key, Dots) else key
