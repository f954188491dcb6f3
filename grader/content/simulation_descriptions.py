"""Descriptions and examples of the fields of simulations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NOISE = ("True if noise follows the pulse; false if nothing does.", False)

SIMULATION_FIELDS: Mapping[str, Mapping[str, tuple[str, Any]]] = {
    "Simulation": {
        "kind": ("The kind of the simulation. It decides which settings there are.", "gates"),
        "id": ("The id of the simulation, which no other one of the lesson has.", "pull-the-gates"),
        "title": ("The title above the picture.", "A cell that remembers"),
        "text": ("What to do and what to watch, in Markdown.", "Pull the gate and watch the cell."),
        "question": ("The practice question that asks for a prediction, by id.", "day1-p5"),
    },
    "Unrolled": {"settings": ("The inputs and the weights of the unit.", {})},
    "UnrolledSettings": {
        "inputs": ("The inputs, one per step.", [1.0, 0.0, 0.0, 0.0]),
        "input_weight": ("The weight of the input.", 1.0),
        "recurrent_weight": ("The weight of the last state.", 0.5),
        "bias": ("The bias of the unit.", 0.0),
        "shown": ("The number of steps to show before the prediction.", 2),
        "then": ("The recurrent weight after the prediction.", -0.5),
    },
    "GradientLag": {"settings": ("The curves, and where the sliders stand.", {})},
    "GradientLagSettings": {
        "curves": ("The curves to draw.", ["factor", "simple"]),
        "start": ("Where the sliders stand before the prediction.", {"factor": 0.9}),
        "then": ("Where the sliders stand after the prediction.", {"factor": 1.1}),
        "measured": ("Measurements to draw beside the curves.", []),
    },
    "GradientControls": {
        "factor": ("The factor per step, for the curve of equal factors.", 0.9),
        "scale": ("The scale of the initial recurrent weights.", 1.0),
        "linear": ("True for units without tanh.", False),
        "forget_bias": ("The bias of the forget gate.", 1.0),
    },
    "Measurement": {
        "label": ("The name of the measurement.", "scale 1.0"),
        "curve": ("The curve that it belongs to.", "simple"),
        "controls": ("The setting under which it was made.", {"scale": 1.0}),
        "lags": ("The lags at which it was made.", [1, 10, 20]),
        "values": ("The measured gradients relative to lag 0, one per lag.", [0.5, 0.1, 0.01]),
    },
    "Gates": {"settings": ("The cell, and where its gates stand.", {})},
    "LstmSettings": {
        "cell": ("The kind of cell.", "lstm"),
        "start": (
            "Where the gates stand before the prediction.",
            {"forget": 1.0, "input": 1.0, "output": 1.0},
        ),
        "then": ("Where the gates stand after the prediction.", {"forget": 0.5, "input": 1.0, "output": 1.0}),
        "noise": _NOISE,
    },
    "LstmGates": {
        "forget": ("The forget gate: 1 keeps the cell.", 1.0),
        "input": ("The input gate: 0 lets nothing in.", 1.0),
        "output": ("The output gate: 0 shows nothing.", 1.0),
    },
    "GruSettings": {
        "cell": ("The kind of cell.", "gru"),
        "start": ("Where the gates stand before the prediction.", {"update": 1.0, "reset": 1.0}),
        "then": ("Where the gates stand after the prediction.", {"update": 0.5, "reset": 1.0}),
        "noise": _NOISE,
    },
    "GruGates": {
        "update": ("The update gate: 1 keeps the old state.", 1.0),
        "reset": ("The reset gate: 0 forgets the old state in the proposal.", 1.0),
    },
    "NetworkSimulation": {"settings": ("The exercise whose networks run.", {"exercise": "exercise-x"})},
    "NetworkSettings": {
        "exercise": ("The exercise whose `networks` the learner has built, by id.", "exercise-x")
    },
}
