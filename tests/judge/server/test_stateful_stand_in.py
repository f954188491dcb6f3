"""Stand-ins for stateful models keep and reset their states as Keras's models do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judge.recognition.behavior import record_callback
from grader.judge.server.stateful_stand_in import LayerStandIn, StatefulLayerStandIn, StatefulModelStandIn
from grader.judge.wire import messages as m
from grader.judge.wire.values import encode

RNG = np.random.default_rng(3)
SEQUENCES, FEATURES, UNITS = 2, 3, 4
W, R = RNG.normal(size=(FEATURES, UNITS)), RNG.normal(size=(UNITS, UNITS)) * 0.5
V = RNG.normal(size=(UNITS, 2))
X = RNG.normal(size=(SEQUENCES, 7, FEATURES))


def stand_in() -> StatefulModelStandIn:
    cell = StatefulLayerStandIn("rnn", (SEQUENCES, UNITS), lambda x, h: np.tanh(x @ W + h @ R))
    return StatefulModelStandIn("model", [cell, LayerStandIn("dense", lambda x: x @ V)])


@pytest.fixture(scope="module")
def keras_model() -> Any:
    keras = pytest.importorskip("keras")
    model = keras.Sequential(
        [
            keras.Input(shape=(None, FEATURES), batch_size=SEQUENCES),
            keras.layers.SimpleRNN(UNITS, return_sequences=True, stateful=True),
            keras.layers.Dense(2),
        ]
    )
    model.set_weights([W, R, np.zeros(UNITS), V, np.zeros(2)])
    return model


@pytest.mark.parametrize("case", ["pieces", "reset between", "one sequence", "batches of one", "two steps"])
def test_it_answers_what_keras_answers(case: str, keras_model: Any) -> None:
    answers = []
    for model in (stand_in(), keras_model):
        model.layers[0].reset_state()
        first = model.predict(X[:, :4], verbose=0)
        if case == "reset between":
            model.layers[0].reset_states()
        given = {"batches of one": {"batch_size": 1}, "two steps": {"batch_size": 1, "steps": 2}}
        rest = X[:1, 4:] if case == "one sequence" else X[:, 4:]
        answers += [first, model.predict(rest, verbose=0, **given.get(case, {}))]
    np.testing.assert_allclose(answers[0], answers[2], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(answers[1], answers[3], rtol=1e-4, atol=1e-5)
    assert answers[0].dtype == answers[2].dtype == np.float32


def test_it_has_the_methods_that_keras_s_models_have(keras_model: Any) -> None:
    for ours, theirs in zip(stand_in().layers, keras_model.layers, strict=True):
        for name in ("reset_state", "reset_states", "stateful"):
            assert hasattr(ours, name) == hasattr(theirs, name)
    assert not hasattr(stand_in(), "reset_states") and not hasattr(keras_model, "reset_states")


@pytest.mark.parametrize("x", [X[:, :0], X[0, 0], X[0], X[:, :, :2]], ids=str)
def test_an_input_of_another_shape_fails(x: np.ndarray) -> None:
    with pytest.raises(ValueError):
        stand_in().predict(x)


def test_layers_reach_learner_code_with_their_methods() -> None:
    sent = encode(stand_in(), reference=lambda _: 1)
    cell, dense = sent.attributes["layers"].items  # type: ignore[union-attr]
    assert {*cell.methods} == {"reset_state", "reset_states"} and not dense.methods
    assert cell.attributes == {"name": "rnn", "stateful": True, "return_sequences": True}


def test_recognition_compares_what_predict_reads_and_nothing_else() -> None:
    model = stand_in()
    record = record_callback(1, model.predict, m.Callback(1, (encode(X),), {"verbose": 0}))
    assert record is not None and {*record.arguments} == {"x"}
    assert record_callback(1, model.layers[0].reset_state, m.Callback(1, (), {})) is None
    assert model._pieces == []
