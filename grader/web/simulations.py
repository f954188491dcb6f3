"""Things that move, as the server draws them: a picture with its first numbers, which a script then moves."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from grader.content.simulations import (
    GradientControls,
    GradientLag,
    GradientLagSettings,
    GruSettings,
    LstmSettings,
    Simulation,
    UnrolledSettings,
)
from grader.web.questions import Shown, is_predicted

SCRIPT, STYLE = "simulations/start.js", "simulations.css"
STEPS = 50  # of a gated cell
NOISE = 0.6  # largest input after the first
RECURRENT = 0.5  # weight with which the candidate of the GRU unit reads the old state
TOP, FLOOR = 12, -16  # powers of ten on the axis of gradients
TICKS = (8, 4, 0, -4, -8, -12, -16)
TABLE_LAGS = (1, 5, 10, 20, 50, 100)


class ShownSimulation(Struct, frozen=True):
    """One simulation of a section, and the question that is to be answered first."""

    id: str
    kind: str
    title: str
    text: str
    question: Shown | None  # None in a kit, which has no practice questions
    settings: str  # JSON for the script
    picture: dict[str, Any]  # what the template of its kind inserts

    @property
    def veiled(self) -> bool:
        """True until a prediction is made."""
        return self.question is not None and not is_predicted(self.question)


class Step(Struct, frozen=True):
    """One step of a simple recurrent unit."""

    input: float
    before: float
    sum: float
    after: float


def show_simulation(simulation: Simulation, question: Shown | None) -> ShownSimulation:
    """Return what the page shows of a simulation. The picture shows its start until a prediction is made."""
    veiled = question is not None and not is_predicted(question)
    settings = simulation.settings
    sent = msgspec.to_builtins(settings)
    match settings:
        case UnrolledSettings():
            picture = _unrolled(settings, veiled)
        case GradientLagSettings():
            picture = _gradient_lag(settings, veiled)
        case LstmSettings() | GruSettings():
            picture = _gates(settings, veiled)
            sent |= {"quiet": inputs_of(noisy=False), "noisy": inputs_of(noisy=True)}
    if veiled:
        del sent["then"]  # it may be the answer
    return ShownSimulation(
        simulation.id,
        "gradient-lag" if isinstance(simulation, GradientLag) else str(simulation.__struct_config__.tag),
        simulation.title,
        simulation.text,
        question,
        msgspec.json.encode(sent).decode(),
        picture,
    )


# --- a recurrent unit, step by step ---


def unroll(inputs: Iterable[float], wx: float, wh: float, b: float) -> list[Step]:
    """Return the steps of a unit whose first state is zero."""
    steps: list[Step] = []
    for x in inputs:
        before = steps[-1].after if steps else 0.0
        total = wx * x + wh * before + b
        steps.append(Step(x, before, total, math.tanh(total)))
    return steps


def _unrolled(settings: UnrolledSettings, veiled: bool) -> dict[str, Any]:
    wh = settings.recurrent_weight if veiled else settings.then
    steps = unroll(settings.inputs, settings.input_weight, wh, settings.bias)
    at = (settings.shown if veiled else len(steps)) - 1
    return {"steps": steps, "at": at, "wx": settings.input_weight, "wh": wh, "b": settings.bias}


# --- a gated cell ---


def inputs_of(noisy: bool) -> list[float]:
    """Return the inputs: a 1, and then zeros or noise, which is the same on every visit."""
    angles = ((12.9898 * (k + 20)) % math.tau for k in range(1, STEPS + 1))
    noise = (NOISE * math.fmod(43758.5453 * math.sin(angle), 1) for angle in angles)
    return [1.0, *(round(x, 4) if noisy else 0.0 for x in noise)]


def lstm_steps(inputs: list[float], f: float, i: float, o: float) -> list[dict[str, float]]:
    """Return the steps of an LSTM unit whose gates stand still; its candidate is tanh of the input.

    At step 0, it has stored the candidate.
    """
    c = math.tanh(inputs[0])
    steps = [{"x": inputs[0], "c": c, "h": o * math.tanh(c)}]
    for x in inputs[1:]:
        old, g = c, math.tanh(x)
        c = f * old + i * g
        shown = math.tanh(c)
        steps.append(
            {"x": x, "f": f, "i": i, "o": o, "g": g, "old": old, "kept": f * old, "added": i * g}
            | {"c": c, "tanh": shown, "h": o * shown}
        )
    return steps


def gru_steps(inputs: list[float], z: float, r: float) -> list[dict[str, float]]:
    """Return the steps of a GRU unit whose gates stand still. At step 0, it has stored the candidate."""
    h = math.tanh(inputs[0])
    steps = [{"x": inputs[0], "h": h}]
    for x in inputs[1:]:
        old, seen = h, r * RECURRENT * h
        g = math.tanh(x + seen)
        h = z * old + (1 - z) * g
        steps.append(
            {"x": x, "z": z, "r": r, "g": g, "old": old, "seen": seen, "kept": z * old}
            | {"added": (1 - z) * g, "h": h, "share": 1 - z}
        )
    return steps


def _gates(settings: LstmSettings | GruSettings, veiled: bool) -> dict[str, Any]:
    inputs = inputs_of(settings.noise)
    if isinstance(settings, LstmSettings):
        a = settings.start if veiled else settings.then
        steps = lstm_steps(inputs, a.forget, a.input, a.output)
        gates = [("f", "Forget gate", a.forget), ("i", "Input gate", a.input), ("o", "Output gate", a.output)]
        traces = ["h", "c"]
    else:
        b = settings.start if veiled else settings.then
        steps = gru_steps(inputs, b.update, b.reset)
        gates = [("z", "Update gate", b.update), ("r", "Reset gate", b.reset)]
        traces = ["h"]
    shown = steps[:1] if veiled else steps
    paths = {name: _path((k, -step[name]) for k, step in enumerate(shown)) for name in traces}
    bars = "".join(f"M{k} 0V{-x:g}" for k, x in enumerate(inputs))
    return {
        "cell": "lstm" if isinstance(settings, LstmSettings) else "gru",
        "gates": gates,
        "first": steps[1],
        "steps": steps,
        "paths": paths,
        "inputs": bars,
        "noise": settings.noise,
    }


# --- the gradient against the lag ---


def place(value: float) -> float:
    """Return how far below the top of the axis a value lies, as a percentage."""
    return 100 * (TOP - math.log10(value)) / (TOP - FLOOR)


def _gradient_lag(settings: GradientLagSettings, veiled: bool) -> dict[str, Any]:
    controls = settings.start if veiled else settings.then
    return {
        "curves": settings.curves,
        "controls": controls,
        "measured": settings.measured,
        "at": place,
        "ticks": [(power, place(10.0**power)) for power in TICKS],
        "lags": TABLE_LAGS,
        "factor": _factor(controls),
        "factor_end": min(max(place(controls.factor**100) + 6, 4), 97),
        "height": TOP - FLOOR,
        "top": TOP,
    }


def _factor(controls: GradientControls) -> str:
    """Return the only curve that needs no network."""
    slope = -math.log10(controls.factor)
    return _path((lag, TOP + lag * slope) for lag in (0, 100))


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:.4g}" for x, y in points)
