"""Stand-ins for models have Keras's signatures, and their arguments mean what they mean in Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judge.recognition.behavior import record_callback
from grader.judge.server.asserts import Mismatch, NotJudged
from grader.judge.server.model_stand_in import ModelStandIn
from grader.judge.wire import messages as m
from grader.judge.wire.values import Opaque, encode


class Halving(ModelStandIn):
    """A model that predicts one number, which every epoch halves."""

    def __init__(self) -> None:
        super().__init__("halving", 7)
        self._value = 8.0

    def _learn(self, x: np.ndarray, y: np.ndarray) -> None:
        self._value /= 2

    def _answer(self, x: np.ndarray) -> np.ndarray:
        return np.full(len(x), self._value)


X, Y = np.zeros((40, 3, 1)), np.zeros(40)
EARLY = Opaque("keras.src.callbacks.early_stopping.EarlyStopping")
WATCHING = Opaque("keras.src.callbacks.terminate_on_nan.TerminateOnNaN")


@pytest.mark.parametrize(
    ("given", "epochs"),
    [
        ({}, 1),
        ({"epochs": 3}, 3),
        ({"epochs": 5, "initial_epoch": 2}, 3),
        ({"epochs": 2, "batch_size": 16, "verbose": 0, "shuffle": False, "validation_split": 0.5}, 2),
        ({"epochs": 2, "steps_per_epoch": 2}, 2),
        ({"callbacks": []}, 1),
        ({"callbacks": [WATCHING]}, 1),
        ({"sample_weight": np.ones(40)}, 1),
    ],
)
def test_fit_trains_for_the_epochs_that_keras_would(given: dict[str, Any], epochs: int) -> None:
    model = Halving()
    history = model.fit(X, Y, **given)
    assert model._value == 8 / 2**epochs and [n for _, n in model._fits] == [epochs]
    assert len(history.history["loss"]) == len(history.epoch) == epochs
    assert ("val_loss" in history.history) == ("validation_split" in given)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"callbacks": [EARLY]}, "The callback EarlyStopping changes the training."),
        ({"class_weight": {0: 2.0}}, "fit receives class_weight"),
        ({"sample_weight": np.arange(40.0)}, "fit receives sample_weight"),
        ({"steps_per_epoch": 1}, "With this steps_per_epoch"),
    ],
)
def test_what_changes_the_training_is_told(given: dict[str, Any], says: str) -> None:
    with pytest.raises(Mismatch, match=says):
        Halving().fit(X, Y, **given)


def test_a_callback_of_ones_own_is_left_to_the_instructor() -> None:
    with pytest.raises(NotJudged, match="Not judged"):
        Halving().fit(X, Y, callbacks=Opaque("Mine"))


def test_arguments_by_position_are_in_keras_s_order() -> None:
    model = Halving()
    model.fit(X, Y, 16, 2)
    assert model._value == 2
    assert model.evaluate(X, Y, 16, 0) == 4.0
    with pytest.raises(TypeError):
        model.fit(X, Y, nb_epoch=2)  # type: ignore[call-arg]


def test_evaluate_and_predict_can_be_limited_to_some_batches() -> None:
    y = np.where(np.arange(40) < 10, 0.0, 8.0)
    model = Halving()
    assert model.evaluate(X, y, batch_size=10, steps=1) == 64
    assert model.evaluate(X, y) == 16
    assert model.evaluate(X, y, return_dict=True) == {"loss": 16.0}
    assert model.evaluate(X, y, sample_weight=np.full(40, 0.5)) == 8
    assert model.predict(X, batch_size=10, steps=2).shape == (20, 1)
    assert model.predict_on_batch(X).dtype == np.float32 and model.count_params() == 7


@pytest.mark.parametrize("method", ["fit", "evaluate"])
def test_a_batch_has_at_least_one_sample(method: str) -> None:
    with pytest.raises(ValueError, match="at least one sample"):
        getattr(Halving(), method)(X, Y, batch_size=0)


def test_other_methods_of_keras_s_models_are_refused_with_a_sentence() -> None:
    methods = Halving().methods
    assert {"fit", "predict", "evaluate", "count_params", "train_on_batch", "get_weights"} <= set(methods)
    with pytest.raises(Mismatch, match="The code calls train_on_batch, but the models of this test"):
        methods["train_on_batch"](X, Y)


def test_recognition_compares_only_what_a_learner_may_not_choose() -> None:
    x = encode(X)
    one, other = (
        record_callback(0, Halving().fit, m.Callback(0, (x, x), {"epochs": 3, **choice}))
        for choice in ({"batch_size": 16, "verbose": 0}, {})
    )
    assert one == other and one is not None and set(one.arguments) == {"x", "y", "epochs", "initial_epoch"}
