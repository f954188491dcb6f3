"""A trained network as plain data of limited size, for the page to run.

`grader.judge.models.page_layers` makes the layers, and `forward.js` runs them.
"""

from __future__ import annotations

from msgspec import Struct

MAX_WEIGHTS = 200_000  # numbers of one network
MAX_LAYERS = 8

Option = int | float | str | bool | None


class PageWeight(Struct, frozen=True):
    """An array of float32, little endian, in C order. JSON holds the bytes in base64."""

    shape: tuple[int, ...]
    data: bytes


class PageLayer(Struct, frozen=True):
    """One Keras layer with all options that decide what it computes. `inner` is what a wrapper wraps.

    The weights are in Keras's order; a wrapper holds those of its inner layer.
    """

    kind: str
    options: dict[str, Option]
    weights: tuple[PageWeight, ...] = ()
    inner: PageLayer | None = None


class TrainedNetwork(Struct, frozen=True):
    """A learner's network, trained by the judge, or the sentence in `problem` that tells why there is none.

    It read windows of `window` values of a sine wave, each value as (value - shift) / factor.
    The first `training_windows` of them were used for training.
    """

    id: str
    title: str
    function: str
    window: int
    training_windows: int
    series: tuple[float, ...]
    period: float
    amplitude: float
    level: float
    shift: float
    factor: float
    steps: int  # of training
    parameters: int = 0
    layers: tuple[PageLayer, ...] = ()
    problem: str = ""
