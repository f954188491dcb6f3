"""The checked description of a model that the judge extracts from a blueprint, and its limits.

The only names in a Spec that the learner chose are the keys of a dictionary of
inputs or outputs. Equal structures therefore have equal specs and equal encodings.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

MAX_CONFIG = 200_000  # characters of JSON
MAX_LAYERS = 32
MAX_CALLS = 128  # calls of layers and operations
MAX_UNITS = 2048
MAX_LENGTH = 100_000  # length of one input axis, and size of a vocabulary
MAX_PARAMETERS = 5_000_000
MAX_NUMBERS = 10_000_000  # values returned by all calls per sample; an axis of unknown length counts as 1
MAX_BATCH_NUMBERS = 100_000_000  # these values for all samples that the judge passes in at once

Shape = tuple[int | None, ...]


class ModelRefused(Exception):
    """The judge does not build this model.

    `reason` is a clause that can follow "because". `details` may contain the learner's
    names. Both are for visible tests only; hidden tests show `general`, which is one of a
    short fixed list: `reason` itself, unless that names a part of the model.
    """

    def __init__(self, reason: str, details: str = "", general: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details
        self.general = general or reason


class ModelUnknown(ModelRefused):
    """The judge cannot tell what this model computes, so it may be right. It is left to the instructor."""


class Part(Struct, frozen=True):
    """A layer, operation, initializer, regularizer, constraint or optimizer.

    It has a name in a table, and checked options.
    """

    kind: str
    options: dict[str, Any]


class Input(Struct, frozen=True):
    """An input: its full shape, including the batch size or None, and its dtype."""

    shape: Shape
    dtype: str = "float32"


class Tensor(Struct, frozen=True, tag="tensor"):
    """An output of a node. The inputs are the first nodes, followed by the calls."""

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
    """A call of a layer, given by its index, or of an operation.

    Arguments are tensors, cuts, numbers, booleans, None and tuples of these.
    """

    of: int | Part
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Spec(Struct, frozen=True):
    """The structure of a model.

    Without `calls`, the layers form a chain from the single input to the single
    output. With names, the inputs or outputs form a dictionary. Without names they
    form a list, or one tensor if there is only one.
    """

    inputs: tuple[Input, ...]
    layers: tuple[Part, ...]
    calls: tuple[GraphCall, ...] = ()
    outputs: tuple[Tensor, ...] = ()
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    optimizer: Part | None = None
    loss: str | tuple[str, ...] | None = None
    compile_options: tuple[str, ...] = ()  # further options of compile that differ from Keras's defaults
