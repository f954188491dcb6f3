"""The base of all values on the wire, and arrays: bytes with a dtype and a shape that fit each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    import numpy as np

MAX_MESSAGE = 64_000_000  # bytes
DTYPES = frozenset("bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64".split())


class WireError(Exception):
    """A value or message that breaks the rules of this package.

    The text is a clause that can follow "because".
    """


def too_large() -> WireError:
    """Return the error for more data than a message may hold."""
    return WireError(f"it is larger than {MAX_MESSAGE // 1_000_000} MB")


class Wire(Struct, frozen=True, tag=True, tag_field="_", forbid_unknown_fields=True):
    """The base class of all values and messages. The field `_` holds the name of the type."""


class Array(Wire, frozen=True):
    """An ndarray in C order, little endian. `data` has exactly prod(shape) × itemsize bytes."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes


def encode_array(array: np.ndarray) -> Array:
    """Return an ndarray of one of the DTYPES as wire data. Raises WireError if it is too large."""
    if array.nbytes > MAX_MESSAGE:  # checked first, because a view can be larger than the memory
        raise too_large()
    little = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
    return Array(array.dtype.name, array.shape, little.tobytes())


def decode_array(dtype: str, shape: tuple[int, ...], data: bytes) -> np.ndarray:
    """Return a new ndarray. Raises WireError if the parts do not fit each other."""
    import numpy as np

    if dtype not in DTYPES:
        raise WireError(f"the dtype {dtype!r} is not supported")
    kind = np.dtype(dtype).newbyteorder("<")
    if len(shape) > 32 or any(n < 0 for n in shape) or math.prod(shape) * kind.itemsize != len(data):
        raise WireError("the shape of an array does not match its size in bytes")
    array = np.frombuffer(data, dtype="uint8" if dtype == "bool" else kind)
    try:
        # converts to bool by value, because bytes other than 0 and 1 are not valid bools
        return array.reshape(shape).astype(dtype)
    except (ValueError, OverflowError):  # zero bytes but an enormous shape
        raise WireError("the shape of an array is too large") from None
