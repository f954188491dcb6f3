"""The network that the page runs computes what Keras computes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest
from corpus import sampled
from nodes import in_node

from grader.judge.models import InitialWeights, Spec, build
from grader.judge.models.layers import ACTIVATIONS
from grader.judge.models.page_layers import page_layers
from grader.judge.models.spec import Input, Part

USUAL = ("tanh", "sigmoid", "relu", "linear", "softmax", "hard_sigmoid")
GATES = ("sigmoid", "hard_sigmoid", "tanh", "softmax")  # states explode with gates that have no limit
CLOSE = 1e-5
Options = dict[str, Any]
Draw = Callable[[np.random.Generator], list[Part]]


def flag(rng: np.random.Generator) -> bool:
    return bool(rng.integers(2))


def recurrent(rng: np.random.Generator, kind: str, **fixed: Any) -> Part:
    options: Options = {
        "units": int(rng.integers(2, 33)),
        "activation": str(rng.choice(USUAL)),
        "use_bias": flag(rng) or flag(rng),
        "go_backwards": flag(rng),
        "dropout": 0.3,
        "recurrent_dropout": 0.2,
    }
    if kind != "SimpleRNN":
        options["recurrent_activation"] = str(rng.choice(GATES))
    return Part(kind, options | fixed)


def dense(rng: np.random.Generator, **fixed: Any) -> Part:
    options = {
        "units": int(rng.integers(2, 20)),
        "activation": str(rng.choice(sorted(ACTIVATIONS))),
        "use_bias": flag(rng),
    }
    return Part("Dense", options | fixed)


def alone(kind: str, **fixed: Any) -> Draw:
    """Draw one recurrent layer that returns its last state, or all states, and a Dense layer."""
    return lambda rng: [recurrent(rng, kind, return_sequences=flag(rng), **fixed), dense(rng)]


def stacked(rng: np.random.Generator) -> list[Part]:
    """Draw a deeper chain with wrappers and layers that only act in training."""
    kinds = rng.choice(["SimpleRNN", "LSTM", "GRU"], 2).tolist()
    merge = str(rng.choice(["concat", "sum", "ave", "mul"]))
    wrapped = recurrent(rng, kinds[0], return_sequences=True, go_backwards=False)
    spread = dense(rng, activation="tanh")
    last = [recurrent(rng, kinds[1])] if flag(rng) else [Part("Flatten", {})]
    return [
        Part("Dropout", {"rate": 0.5}),
        Part("Bidirectional", {"layer": wrapped, "merge_mode": merge}),
        Part("TimeDistributed", {"layer": spread}),
        Part("GaussianNoise", {"stddev": 1.0}),
        *last,
        Part("Activation", {"activation": "tanh"}),
        dense(rng),
    ]


def turned(rng: np.random.Generator) -> list[Part]:
    kind = str(rng.choice(["SimpleRNN", "LSTM", "GRU"]))
    return [Part("Bidirectional", {"layer": recurrent(rng, kind, go_backwards=False)}), dense(rng)]


KINDS: dict[str, Draw] = {
    "SimpleRNN": alone("SimpleRNN"),
    "LSTM": alone("LSTM"),
    "GRU": alone("GRU", reset_after=True),
    "GRU, reset before": alone("GRU", reset_after=False),
    "Dense": lambda rng: [dense(rng), dense(rng)],
    "Bidirectional": turned,
    "stacked": stacked,
}


SCRIPT = """given.map(({ layers, inputs }) => {
  const flat = (value) => (value instanceof Float64Array ? [...value] : value.flatMap((x) => [...x]));
  const run = forward.forward(forward.decoded(layers));
  return inputs.map((sequence) => {
    const shown = [];
    const output = flat(run(sequence.map((x) => Float64Array.from(x)), (trace) => shown.push(trace)));
    return { output, last: shown.map(({ names, steps }) => names.map((name) => [...steps.at(-1)[name]])) };
  });
})"""


def on_page(samples: list[tuple[Spec, Any, np.ndarray]]) -> list[list[dict[str, Any]]]:
    """Run models in one process of node; return what the page computes for each input."""
    sent = [
        {"layers": msgspec.to_builtins(page_layers(spec, model)), "inputs": inputs.tolist()}
        for spec, model, inputs in samples
    ]
    outputs: list[list[dict[str, Any]]] = in_node(SCRIPT, sent, "forward.js")
    return outputs


def sample(layers: list[Part], rng: np.random.Generator) -> tuple[Spec, Any, np.ndarray]:
    """Return a model with random weights, and three inputs for it."""
    steps, features = (int(n) for n in rng.integers((2, 1), (7, 6)))
    spec = Spec((Input((None, steps, features)),), tuple(layers))
    model = build(spec, InitialWeights.ZEROS)
    model.set_weights([rng.normal(size=w.shape) * len(w) ** -0.5 for w in model.get_weights()])
    return spec, model, rng.normal(size=(3, steps, features)).astype("float32")


def check(draw: Draw, number: int) -> None:
    rng = np.random.default_rng(number)
    samples = [sample(draw(rng), rng) for _ in range(number)]
    for (spec, model, inputs), got in zip(samples, on_page(samples), strict=True):
        expected = np.asarray(model(inputs, training=False)).reshape(len(inputs), -1)
        ours = np.array([each["output"] for each in got])
        # relative only for large values: float32 itself has seven digits
        assert np.abs(ours - expected).max() <= CLOSE * max(1.0, np.abs(expected).max()), spec.layers


@pytest.mark.parametrize("kind", sampled({kind: kind for kind in KINDS}, few=["stacked", "GRU"]))
def test_a_few_random_models_agree_with_keras(kind: str) -> None:
    check(KINDS[kind], 12)


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", KINDS)
def test_two_hundred_random_models_of_each_kind_agree_with_keras(kind: str) -> None:
    check(KINDS[kind], 200)


def test_every_activation_agrees_with_keras() -> None:
    rng = np.random.default_rng(4)
    every = [[Part("Dense", {"units": 9, "activation": name})] for name in sorted(ACTIVATIONS)]
    samples = [sample(layers, rng) for layers in every]
    for (spec, model, inputs), got in zip(samples, on_page(samples), strict=True):
        expected = np.asarray(model(inputs)).reshape(len(inputs), -1)
        np.testing.assert_allclose([each["output"] for each in got], expected, 1e-5, 1e-5, str(spec.layers))


def test_states_of_an_lstm_agree_with_keras() -> None:
    import keras

    rng = np.random.default_rng(5)
    spec, model, inputs = sample([Part("LSTM", {"units": 7})], rng)
    told = keras.layers.LSTM(7, return_state=True)
    told.build(inputs.shape)
    told.set_weights(model.get_weights())
    _, h, c = (np.asarray(state) for state in told(inputs))
    for k, each in enumerate(on_page([(spec, model, inputs)])[0]):
        names = dict(zip("ifgoch", each["last"][0], strict=True))
        np.testing.assert_allclose(names["h"], h[k], atol=1e-6)
        np.testing.assert_allclose(names["c"], c[k], atol=1e-6)
        assert all(0 <= value <= 1 for name in "ifo" for value in names[name])
