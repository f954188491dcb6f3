"""The judge computes what a batch takes before it builds, trains or predicts."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
from model_samples import sent

from grader.judge.models import ModelRefused, check_batch, read_spec, rebuild, spec_of
from grader.judge.models.spec import MAX_BATCH_NUMBERS
from grader.judge.server.asserts import Mismatch
from grader.judge.server.training import Recipe, Trainer

Layers = keras.layers


def rebuilt(*layers: object, shape: tuple[int | None, ...] = (12, 1)) -> keras.Model:
    return rebuild(sent(keras.Sequential([keras.Input(shape), *layers])))


def fat() -> keras.Model:
    """Return a small model that returns six million numbers per sample."""
    return rebuilt(
        Layers.UpSampling1D(2000), Layers.Dense(250), Layers.GlobalAveragePooling1D(), Layers.Dense(1)
    )


def test_a_batch_is_refused_before_the_model_computes() -> None:
    model, samples = fat(), MAX_BATCH_NUMBERS // 6_000_000 + 1
    with pytest.raises(ModelRefused, match="numbers for the samples"):
        model(np.zeros((samples, 12, 1), "float32"))
    assert model.predict(np.zeros((2, 12, 1)), verbose=0).shape == (2, 1)
    assert model(np.zeros((2, 12, 1), "float32")).shape == (2, 1)


def test_a_training_is_refused_before_it_begins(tmp_path: Path) -> None:
    X, y = np.zeros((40, 12, 1)), np.zeros(40)
    with pytest.raises(Mismatch, match="numbers for the samples"):
        Trainer(tmp_path)(fat(), X, y, Recipe(steps=1))
    assert Trainer(tmp_path)(fat(), X[:2], y[:2], Recipe(steps=1)).count_params() == 751


@pytest.mark.parametrize(
    "layers",
    [
        [Layers.LSTM(50)],
        [Layers.Bidirectional(Layers.GRU(50, return_sequences=True)), Layers.SimpleRNN(50)],
        [Layers.TimeDistributed(Layers.Dense(2048)), Layers.Flatten()],
    ],
    ids=["lstm", "bidirectional", "time distributed"],
)
def test_what_recurrent_layers_keep_for_training_is_counted(layers: list[object]) -> None:
    spec = spec_of(rebuilt(*layers, shape=(100, 3)))
    check_batch(spec, [(200, 100, 3)])
    with pytest.raises(ModelRefused):
        check_batch(spec, [(50_000, 100, 3)])


def test_an_axis_of_unknown_length_counts_once_it_is_known() -> None:
    spec = read_spec(sent(keras.Sequential([keras.Input((None, 1)), Layers.Dense(1000)])))
    check_batch(spec, [(10, 100, 1)])
    with pytest.raises(ModelRefused):
        check_batch(spec, [(10, 20_000, 1)])
