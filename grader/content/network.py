"""Networks that learners build and that the page runs: what they are trained on."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from typing import Any

from grader.content.base import Content, Finding, Id

MAX_VALUES = 500
MAX_STEPS = 2000  # of training


class Wave(Content, frozen=True, kw_only=True):
    """A sine wave as a series of `values` numbers. `period` is in time steps."""

    values: int
    period: float
    amplitude: float = 1.0
    level: float = 0.0

    @property
    def series(self) -> list[float]:
        """The numbers."""
        return [
            self.level + self.amplitude * math.sin(2 * math.pi * t / self.period) for t in range(self.values)
        ]

    def findings(self) -> Iterator[Finding]:
        if not 10 <= self.values <= MAX_VALUES:
            yield Finding(
                ("values",), f"a wave has 10 to {MAX_VALUES} values, not {self.values}", "change it"
            )
        if not (math.isfinite(self.period) and self.period >= 2):
            yield Finding(
                ("period",), f"the period {self.period} is not usable", "choose a number of at least 2"
            )
        if not 0 < abs(self.amplitude) < 1e6 or not abs(self.level) < 1e6:
            yield Finding(
                ("amplitude",), "the wave is flat or too large", "choose an amplitude other than 0, below 1e6"
            )


class Network(Content, frozen=True, kw_only=True):
    """A network that the page runs on the learner's own structure.

    The judge makes `call`, a call of a function of the exercise: "build(10, units=8)". The model that
    it returns reads windows of `window` values and predicts the next one. The judge trains a copy: on
    the first `train_fraction` of the windows, for `steps` full-batch steps of Adam. The model reads
    (value - shift) / factor.
    """

    id: Id
    title: str
    call: str
    window: int
    wave: Wave
    train_fraction: float = 0.8
    shift: float = 0.0
    factor: float = 1.0
    steps: int = 300
    learning_rate: float = 0.005

    @property
    def function(self) -> str:
        """The name of the function that builds the network."""
        return _parsed(self.call)[0]

    @property
    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        """The positional and the named arguments of the call."""
        return _parsed(self.call)[1:]

    @property
    def training_windows(self) -> int:
        """The number of windows that the network is trained on."""
        return int((self.wave.values - self.window) * self.train_fraction)

    def findings(self) -> Iterator[Finding]:
        try:
            _parsed(self.call)
        except (SyntaxError, ValueError):
            yield Finding(("call",), f"{self.call!r} is not a call", "write it as in Python: name(10, b=1)")
        if not 1 <= self.window < self.wave.values:
            yield Finding(
                ("window",),
                f"a wave of {self.wave.values} values has no windows of {self.window} values",
                "choose a window that is shorter than the wave",
            )
        elif not 0 < self.training_windows < self.wave.values - self.window:
            yield Finding(
                ("train_fraction",),
                "no window is left for training, or none after it",
                "choose a fraction such as 0.8",
            )
        if not 1 <= self.steps <= MAX_STEPS:
            yield Finding(
                ("steps",), f"{self.steps} steps are not possible", f"choose a number from 1 to {MAX_STEPS}"
            )
        if not 0 < self.learning_rate <= 1:
            yield Finding(
                ("learning_rate",), f"the learning rate is {self.learning_rate}", "choose one such as 0.005"
            )
        if not (math.isfinite(self.factor) and self.factor and math.isfinite(self.shift)):
            yield Finding(("factor",), "values cannot be scaled like this", "choose a factor other than 0")


def _parsed(call: str) -> tuple[str, list[Any], dict[str, Any]]:
    """Return the name and the arguments of a call with literal arguments. Raises SyntaxError, ValueError."""
    match ast.parse(call, mode="eval").body:
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if all(k.arg for k in keywords):
            named = {str(k.arg): ast.literal_eval(k.value) for k in keywords}
            return name, [ast.literal_eval(value) for value in args], named
    raise SyntaxError(call)
