"""Types of the things that move on the page. Each asks for a prediction before it shows what happens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta

from grader.content.base import Content, Finding, Id

MAX_STEPS = 6  # columns that fit on a phone

Fraction = Annotated[float, Meta(ge=0, le=1)]
Small = Annotated[float, Meta(ge=-2, le=2)]  # an input or a weight that a slider reaches


class _Simulation(Content, frozen=True, kw_only=True, tag_field="kind"):
    """Fields that all kinds share. `text` is Markdown."""

    id: Id
    title: str
    text: str
    question: Id  # a single-choice question that asks for the prediction


class UnrolledSettings(Content, frozen=True, kw_only=True):
    """One recurrent unit: its inputs, and its weights as the text has them."""

    inputs: tuple[Small, ...]
    input_weight: Small
    recurrent_weight: Small
    bias: Small = 0.0
    shown: int  # number of steps to show before the prediction
    then: Small  # recurrent weight after the prediction

    def findings(self) -> Iterator[Finding]:
        if not 2 <= len(self.inputs) <= MAX_STEPS:
            what = f"the number of inputs is {len(self.inputs)}"
            yield Finding(("inputs",), what, f"list 2 to {MAX_STEPS}")
        elif not 1 <= self.shown < len(self.inputs):
            what = f"`shown` is {self.shown}"
            yield Finding(("shown",), what, f"choose a number from 1 to {len(self.inputs) - 1}")


class Unrolled(_Simulation, frozen=True, kw_only=True, tag="unrolled"):
    """A recurrent network drawn once per step, with its numbers."""

    settings: UnrolledSettings


class GradientControls(Content, frozen=True, kw_only=True):
    """Where the sliders of the gradient's curves stand."""

    factor: Annotated[float, Meta(ge=0.05, le=1.3)] = 0.9  # per step, for the curve of equal factors
    scale: Annotated[float, Meta(ge=0.2, le=3)] = 1.0  # of the initial recurrent weights
    linear: bool = False  # units without tanh
    forget_bias: Annotated[float, Meta(ge=-2, le=6)] = 1.0


class Measurement(Content, frozen=True, kw_only=True):
    """One row of the lesson's measurements, relative to lag 0, and the setting under which it was made."""

    label: str
    curve: Literal["simple", "gated"]
    controls: GradientControls
    lags: tuple[Annotated[int, Meta(ge=1, le=100)], ...]
    values: tuple[Annotated[float, Meta(ge=1e-300, le=1e300)], ...]

    def findings(self) -> Iterator[Finding]:
        if not self.lags or len(self.lags) != len(self.values):
            what = f"there are {len(self.lags)} lags and {len(self.values)} values"
            yield Finding(("values",), what, "list one value per lag")


class GradientLagSettings(Content, frozen=True, kw_only=True):
    """Curves of the gradient against the lag."""

    curves: tuple[Literal["factor", "simple", "gated"], ...]
    start: GradientControls
    then: GradientControls  # after the prediction
    measured: tuple[Measurement, ...] = ()

    def findings(self) -> Iterator[Finding]:
        if not self.curves:
            yield Finding(("curves",), "there is no curve", "list at least one")
        for i, each in enumerate(self.measured):
            if each.curve not in self.curves:
                yield Finding.unknown(("measured", i, "curve"), each.curve, self.curves)


class GradientLag(_Simulation, frozen=True, kw_only=True, tag="gradient-lag"):
    """The size of the gradient against the lag, in networks that are drawn and computed in the page."""

    settings: GradientLagSettings


class LstmGates(Content, frozen=True, kw_only=True):
    """Where the gates of an LSTM unit stand."""

    forget: Fraction
    input: Fraction
    output: Fraction


class GruGates(Content, frozen=True, kw_only=True):
    """Where the gates of a GRU unit stand. An update gate of 1 keeps the old state, as in Keras."""

    update: Fraction
    reset: Fraction


class LstmSettings(Content, frozen=True, kw_only=True, tag_field="cell", tag="lstm"):
    """An LSTM unit that reads a pulse, and then nothing or noise."""

    start: LstmGates
    then: LstmGates  # after the prediction
    noise: bool = False


class GruSettings(Content, frozen=True, kw_only=True, tag_field="cell", tag="gru"):
    """A GRU unit that reads a pulse, and then nothing or noise."""

    start: GruGates
    then: GruGates  # after the prediction
    noise: bool = False


class Gates(_Simulation, frozen=True, kw_only=True, tag="gates"):
    """A cell whose gates can be pulled."""

    settings: LstmSettings | GruSettings


class NetworkSettings(Content, frozen=True, kw_only=True):
    """The exercise whose `networks` the learner has built."""

    exercise: Id


class NetworkSimulation(_Simulation, frozen=True, kw_only=True, tag="network"):
    """The learner's own networks, trained by the judge, run in the page."""

    settings: NetworkSettings


Simulation = Unrolled | GradientLag | Gates | NetworkSimulation
