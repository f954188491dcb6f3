"""Forecasts and errors of a network on the wave that a learner makes."""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np
import pytest
from nodes import in_node

SCRIPT = """(() => {
  const predictor = new study.Predictor(given.network);
  const values = study.waveOf(given.network, given.setting, 150, 110);
  const found = new study.Study(predictor, values);
  found.roll(given.from);
  found.work(0, () => 1);
  const early = found.done;
  found.work();
  return { values: [...values], ahead: [...found.ahead], rolled: [...found.rolled], early,
    errors: found.errors(given.from) };
})()"""
PERIOD, FROM = 20, 60
USUAL = {"frequency": 1, "phase": 0, "noise": 0, "step": 0}


def weights(*values: list[float] | list[list[float]]) -> list[dict[str, Any]]:
    arrays = [np.array(value, "<f4") for value in values]
    return [{"shape": a.shape, "data": base64.b64encode(a.tobytes()).decode()} for a in arrays]


def network(**changed: Any) -> dict[str, Any]:
    """Return a network that knows one wave: each value of a sine follows from the two before it."""
    kernel = [[-1.0], [2 * math.cos(2 * math.pi / PERIOD)]]
    options = {"units": 1, "activation": "linear", "use_bias": True}
    layers = [
        {"kind": "Flatten", "options": {}, "weights": []},
        {"kind": "Dense", "options": options, "weights": weights(kernel, [0.0])},
    ]
    facts = {"period": PERIOD, "amplitude": 1, "level": 0, "shift": 0, "factor": 1, "window": 2}
    return {"layers": layers} | facts | changed


def study(setting: dict[str, float], **changed: Any) -> dict[str, Any]:
    given = {"network": network(**changed), "setting": USUAL | setting, "from": FROM}
    found: dict[str, Any] = in_node(SCRIPT, given, "study.js")
    return found


def test_on_its_own_wave_it_predicts_and_rolls_out_without_error() -> None:
    found = study({"phase": 90})
    assert found["values"] == pytest.approx([math.cos(2 * math.pi * t / PERIOD) for t in range(150)])
    assert found["errors"]["ahead"] < 1e-6
    assert found["errors"]["rolled"] < 1e-4  # its weights are float32
    assert found["errors"]["repeated"] == pytest.approx(0.22, abs=0.01)
    assert found["ahead"][:2] == [None, None]
    assert found["early"] is False  # no time left, so nothing was computed


def test_on_another_wave_the_rollout_goes_on_with_its_own() -> None:
    found = study({"frequency": 2})
    values = found["values"][:FROM]
    for _ in range(150 - FROM):
        values.append(2 * math.cos(2 * math.pi / PERIOD) * values[-1] - values[-2])
    assert found["rolled"] == pytest.approx(values, abs=1e-3)
    assert found["errors"]["rolled"] > 3 * found["errors"]["ahead"] > 0.3


def test_it_reads_scaled_values() -> None:
    found = study({}, level=50, amplitude=8, shift=50, factor=8)
    assert max(found["values"]) == pytest.approx(58)
    assert found["errors"]["ahead"] < 1e-5


def test_a_step_comes_at_its_time_and_noise_is_the_same_each_time() -> None:
    plain, stepped = study({})["values"], study({"step": -3})["values"]
    assert stepped[:110] == plain[:110]
    assert stepped[110:] == pytest.approx([value - 3 for value in plain[110:]])
    noisy = study({"noise": 0.5})
    off = np.array(noisy["values"]) - plain
    assert 0.4 < np.abs(off).max() <= 0.5
    assert abs(off.mean()) < 0.1
    assert noisy["values"] == study({"noise": 0.5})["values"]
