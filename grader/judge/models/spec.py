"""What the judge takes over from a blueprint: plain, checked data, and its limits.

A Spec holds no names that the learner chose but those of a dictionary of inputs
or outputs, so that equal structures have equal specs, and equal encodings.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

MAX_CONFIG = 200_000  # characters of JSON
MAX_LAYERS = 32
MAX_CALLS = 128  # of layers and operations
MAX_UNITS = 2048
MAX_LENGTH = 100_000  # of one axis of an input, and of a vocabulary
MAX_PARAMETERS = 5_000_000
MAX_NUMBERS = 10_000_000  # in all that the calls return for one sample; an axis without a length counts once

Shape = tuple[int | None, ...]


class ModelRefused(Exception):
    """The judge does not build this model. `reason` is for all to read, `details` for visible tests."""

    def __init__(self, reason: str, details: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details


class Part(Struct, frozen=True):
    """A layer, operation, regularizer, constraint or optimizer: a name of a table and checked options."""

    kind: str
    options: dict[str, Any]


class Input(Struct, frozen=True):
    """An input's whole shape, with its batch size or None, and its dtype."""

    shape: Shape
    dtype: str = "float32"


class Tensor(Struct, frozen=True, tag="tensor"):
    """An output of a node; the inputs are the first nodes, then come the calls."""

    node: int
    output: int = 0


class Cut(Struct, frozen=True, tag="slice"):
    """A slice in x[...]."""

    start: int | None
    stop: int | None
    step: int | None


class Dots(Struct, frozen=True, tag="ellipsis"):
    """The ... in x[...]."""


class GraphCall(Struct, frozen=True):
    """A call of a layer (by its number) or an operation.

    Arguments are tensors, cuts, numbers, booleans, None and tuples of these.
    """

    of: int | Part
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Spec(Struct, frozen=True):
    """A model's structure.

    Without calls the layers form a chain from the one input to the one output.
    With names, inputs or outputs are dictionaries; otherwise a list, or one
    tensor if there is but one.
    """

    inputs: tuple[Input, ...]
    layers: tuple[Part, ...]
    calls: tuple[GraphCall, ...] = ()
    outputs: tuple[Tensor, ...] = ()
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    optimizer: Part | None = None
    loss: str | tuple[str, ...] | None = None
