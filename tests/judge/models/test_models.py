"""Rebuilt models predict exactly what the learner's models predict."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import model_samples
import msgspec
import numpy as np
import pytest
from corpus import sampled
from model_samples import KINDS, MODELS, L, Sample, compiled, inputs_for, keras, outputs_of, sent, shaken

from grader.judge.models import (
    InitialWeights,
    ModelRefused,
    build,
    optimizer_token,
    read_spec,
    rebuild,
    spec_of,
)
from grader.judge.models.sizes import measure
from grader.judge.models.spec import Tensor
from grader.judge.server.asserts import Mismatch
from grader.judge.server.model_asserts import assert_independent
from grader.judge.server.training import Recipe, Trainer
from grader.judge.wire.values import decode


@pytest.mark.parametrize("name", MODELS)
def test_a_rebuilt_model_gives_bit_for_bit_the_same(name: str) -> None:
    rng = np.random.default_rng(3)
    model = shaken(MODELS[name](), rng)
    ours = rebuild(sent(model))
    X = inputs_for(model, rng)
    theirs, got = outputs_of(model, X), outputs_of(ours, X)
    assert len(theirs) == len(got) and all(map(np.array_equal, theirs, got))
    assert all(np.isfinite(output).all() for output in got)
    assert (ours.output_shape, ours.count_params()) == (model.output_shape, model.count_params())
    assert [loss.numpy() for loss in model.losses] == [loss.numpy() for loss in ours.losses]


@pytest.mark.parametrize("name", MODELS)
def test_the_number_of_weights_is_known_before_building(name: str) -> None:
    model = MODELS[name]()
    states = 4 * 3 * 2 if name.startswith("stateful") else 0  # Keras does not count these as weights
    assert measure(read_spec(sent(model)))[0] == sum(weight.size for weight in model.get_weights()) + states


@pytest.mark.parametrize("name", MODELS)
def test_shapes_are_known_before_building(name: str) -> None:
    model = MODELS[name]()
    spec = read_spec(sent(model))
    _, shapes = measure(spec)
    known = [shapes[tensor.node][tensor.output] for tensor in spec.outputs or (Tensor(len(shapes) - 1),)]
    given = [output.shape for output in outputs_of(model, inputs_for(model, np.random.default_rng(1)))]
    assert len(known) == len(given)
    for ours, theirs in zip(known, given, strict=True):
        assert all(n in (None, m) for n, m in zip(ours, theirs, strict=True)), (ours, theirs)


FEW_KINDS = ["SimpleRNN", "LSTM stack", "GRU", "Bidirectional", "Embedding"]


@pytest.fixture(scope="module")
def samples(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sample]:
    """The models of the tests that run: each takes its time."""
    items = (item for item in request.session.items if isinstance(item, pytest.Function))
    names = [item.callspec.params["name"] for item in items if "samples" in item.fixturenames]
    path = tmp_path_factory.mktemp("samples") / "samples"
    subprocess.run([sys.executable, model_samples.__file__, path, *names], check=True, capture_output=True)
    return msgspec.msgpack.decode(path.read_bytes(), type=dict[str, Sample])


@pytest.mark.parametrize("name", sampled({name: name for name in KINDS}, FEW_KINDS))
def test_a_model_of_another_process_predicts_bit_for_bit_the_same(
    samples: dict[str, Sample], name: str
) -> None:
    sample = samples[name]
    ours = rebuild(sample.blueprint)
    X = [decode(x) for x in sample.inputs]
    predicted = np.asarray(ours.predict_on_batch(X if len(X) > 1 else X[0]))
    assert np.array_equal(predicted, decode(sample.outputs[0]))
    assert (ours.optimizer.clipnorm, ours.loss) == (1.0, "mean_squared_error")
    assert float(ours.optimizer.learning_rate) == np.float32(0.005)


# --- structure ---


def kinds(model: Any) -> list[str]:
    return [type(layer).__name__ for layer in model.layers]


@pytest.mark.parametrize("name", ["functional", "functional masking", "masks passed on"])
def test_a_functional_chain_comes_back_as_a_sequential(name: str) -> None:
    ours = rebuild(sent(MODELS[name]()))
    assert type(ours).__name__ == "Sequential" and "InputLayer" not in kinds(ours)


def test_both_ways_to_write_a_chain_have_one_spec() -> None:
    layers = [L.Embedding(7, 4, mask_zero=True), L.LSTM(3, return_sequences=True), L.GRU(2)]
    ids = keras.Input((9,), dtype="int32", name="ids")
    encoded = {
        msgspec.msgpack.encode(read_spec(sent(model)), order="deterministic")
        for model in (
            keras.Sequential([ids, *layers]),
            model_samples.masked(*layers[1:]),
            keras.Model([ids], [layers[2](layers[1](layers[0](ids)))]),
        )
    }
    assert len(encoded) == 1


def test_names_do_not_reach_the_spec() -> None:
    first, second = (read_spec(sent(MODELS["transformer"]())) for _ in range(2))
    assert msgspec.json.encode(first) == msgspec.json.encode(second)
    assert first.layers[0].kind == "MultiHeadAttention"


@pytest.mark.parametrize("name", ["own mask", "masked steps"])
def test_a_mask_of_the_learners_own_keeps_its_graph(name: str) -> None:
    assert type(rebuild(sent(MODELS[name]()))).__name__ == "Functional"


@pytest.mark.parametrize("name", ["stateful", "stateful GRU"])
def test_states_are_kept_from_call_to_call_and_begin_at_zero(name: str) -> None:
    rng = np.random.default_rng(2)
    model = shaken(MODELS[name](), rng)
    X = inputs_for(model, rng)
    (first,), (second,) = outputs_of(model, X), outputs_of(model, X)
    ours = rebuild(sent(model))
    assert np.array_equal(outputs_of(ours, X)[0], first)
    assert np.array_equal(outputs_of(ours, X)[0], second) and not np.array_equal(first, second)


def test_frozen_layers_stay_frozen() -> None:
    model = MODELS["add()"]()
    model.layers[0].trainable = False
    assert len(rebuild(sent(model)).trainable_weights) == 2


def test_parts_that_are_not_on_the_way_to_the_output_are_no_harm() -> None:
    x = keras.Input((6, 2))
    h = L.Dense(2)(x)
    L.Dense(2)(h)
    assert kinds(rebuild(sent(keras.Model(x, L.LSTM(2)(h))))) == ["Dense", "LSTM"]


# --- compiling ---


@pytest.mark.parametrize("loss", ["mse", "mean_squared_error", keras.losses.MeanSquaredError()])
def test_compiling_comes_along_in_one_spelling(loss: Any) -> None:
    model = compiled(MODELS["add()"](), optimizer=keras.optimizers.RMSprop(0.25), loss=loss, metrics=["mae"])
    ours = rebuild(sent(model))
    assert ours.loss == "mean_squared_error" and type(ours.optimizer).__name__ == "RMSprop"
    assert float(ours.optimizer.learning_rate) == 0.25


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda: keras.optimizers.SGD(0.5, momentum=0.9, nesterov=True, clipvalue=0.5),
        lambda: keras.optimizers.Adam(0.5, beta_1=0.8, global_clipnorm=2.0, amsgrad=True),
        lambda: keras.optimizers.AdamW(weight_decay=0.01, use_ema=True),
        lambda: keras.optimizers.RMSprop(rho=0.8, momentum=0.1, centered=True),
        lambda: keras.optimizers.Adagrad(initial_accumulator_value=0.2),
        lambda: keras.optimizers.Adadelta(rho=0.9),
        lambda: keras.optimizers.Adamax(epsilon=1e-3),
        lambda: keras.optimizers.Nadam(gradient_accumulation_steps=4),
        lambda: keras.optimizers.Lion(beta_2=0.9),
    ],
)
def test_an_optimizer_comes_along_with_its_options(optimizer: Any) -> None:
    theirs = optimizer()
    ours = rebuild(sent(compiled(MODELS["add()"](), optimizer=theirs))).optimizer
    names = ("name", "learning_rate")
    assert {k: v for k, v in ours.get_config().items() if k not in names} == {
        k: v for k, v in theirs.get_config().items() if k not in names
    }
    assert float(ours.learning_rate) == float(theirs.learning_rate)


@pytest.mark.parametrize(
    "name",
    "MeanSquaredError MeanAbsoluteError MeanSquaredLogarithmicError MeanAbsolutePercentageError LogCosh Huber"
    " CategoricalCrossentropy SparseCategoricalCrossentropy BinaryCrossentropy CosineSimilarity KLDivergence"
    " Poisson Hinge SquaredHinge CategoricalHinge".split(),
)
def test_a_loss_object_comes_back_as_its_name(name: str) -> None:
    loss = getattr(keras.losses, name)()
    ours = rebuild(sent(compiled(MODELS["add()"](), loss=loss)))
    assert isinstance(keras.losses.get(ours.loss), type(keras.losses.get(loss.fn.__name__)))
    assert ours.loss.replace("_", "") == name.lower()


@pytest.mark.parametrize(
    "name", ["CategoricalCrossentropy", "SparseCategoricalCrossentropy", "BinaryCrossentropy"]
)
def test_a_loss_of_logits_comes_back_as_such(name: str) -> None:
    loss = getattr(keras.losses, name)(from_logits=True)
    ours = rebuild(sent(compiled(MODELS["add()"](), loss=loss))).loss
    assert type(ours) is type(loss) and ours.get_config()["from_logits"]


@pytest.mark.parametrize("short", ["mse", "mae", "msle", "mape", "kld", "bce", "MSE"])
def test_a_short_name_of_a_loss_is_one_of_keras(short: str) -> None:
    ours = rebuild(sent(compiled(MODELS["add()"](), loss=short))).loss
    assert keras.losses.get(short) is keras.losses.get(ours)


def test_each_output_may_have_a_loss() -> None:
    model = compiled(MODELS["twice"](), loss=["mse", keras.losses.Huber()])
    assert rebuild(sent(model)).loss == ["mean_squared_error", "huber"]


def test_a_model_that_is_not_compiled_stays_so() -> None:
    ours = rebuild(sent(MODELS["LSTM stack"]()))
    assert not ours.compiled and optimizer_token(ours) is None


def test_two_models_with_one_optimizer_can_be_told() -> None:
    shared, other = keras.optimizers.Adam(), keras.optimizers.Adam()
    models = [compiled(MODELS["add()"](), optimizer=optimizer) for optimizer in (shared, shared, other)]
    tokens = [optimizer_token(rebuild(sent(model))) for model in models]
    assert tokens[0] == tokens[1] != tokens[2]


def sequential(*layers: Any) -> Any:
    return keras.Sequential([keras.Input((4, 2)), *layers])


@pytest.mark.parametrize("shared", ["the model", "a layer", "a layer inside another one", "the optimizer"])
def test_what_two_models_share_is_told(shared: str) -> None:
    cell, inner, optimizer = L.LSTM(3), L.Dense(3), keras.optimizers.Adam()
    model = sequential(cell)
    both = {
        "the model": (model, model),
        "a layer": (model, sequential(cell, L.Dense(1))),
        "a layer inside another one": [sequential(L.TimeDistributed(inner)) for _ in range(2)],
        "the optimizer": [compiled(sequential(L.LSTM(3)), optimizer=optimizer) for _ in range(2)],
    }[shared]
    with pytest.raises(Mismatch, match="one optimizer" if shared == "the optimizer" else "share a layer"):
        assert_independent(*(rebuild(sent(each)) for each in both))


def test_what_is_harmless_may_be_shared() -> None:
    inputs, dropout = keras.Input((4, 2)), L.Dropout(0.1)
    both = [keras.Model(inputs, dropout(L.LSTM(3, name="cell")(inputs)), name="mine") for _ in range(2)]
    assert_independent(*(rebuild(sent(each)) for each in both))


# --- training ---


@pytest.mark.parametrize("name", ["add()", "averaged"])
def test_training_starts_afresh_and_repeats(name: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    models = [rebuild(sent(shaken(MODELS[name](), rng))) for _ in range(2)]
    X, y = np.linspace(0, 1, 8 * 18).reshape(8, 6, 3), np.linspace(0, 1, 8)
    X = X[:, :, : models[0].input_shape[-1]]
    recipe = Recipe(steps=3, seed=5)
    first, second = (Trainer(tmp_path / str(n))(model, X, y, recipe) for n, model in enumerate(models))
    assert all(map(np.array_equal, first.get_weights(), second.get_weights()))


TRAINED = ["add()", "averaged", "noise", "norms", "masks passed on", "penalties"]


# chance and a state besides the weights
@pytest.mark.parametrize("name", sampled({name: name for name in TRAINED}, few=["norms"]))
def test_each_attempt_is_a_training_of_its_own_as_keras_does_it(name: str, tmp_path: Path) -> None:
    model = rebuild(sent((MODELS | KINDS)[name]()))
    X, y = np.random.default_rng(1).random((8, *model.input_shape[1:])), np.linspace(0, 1, 8)
    train = Trainer(tmp_path)
    for seed in (3, 4):
        ours = train(model, X, y, Recipe(steps=4, learning_rate=0.01, seed=seed))
        keras.utils.set_random_seed(seed)
        spec = msgspec.structs.replace(spec_of(model), optimizer=None, loss=None)
        fresh = build(spec, InitialWeights.KERAS_DEFAULTS)
        fresh.compile(optimizer=keras.optimizers.Adam(0.01), loss="mean_squared_error")
        for _ in range(4):
            fresh.train_on_batch(X, y.reshape(-1, 1))
        assert all(map(np.array_equal, ours.get_weights(), fresh.get_weights()))


@pytest.mark.parametrize("name", ["seq2seq", "twice", "merged"])
def test_training_takes_one_input_and_one_output(name: str) -> None:
    ours = rebuild(sent(MODELS[name]()))
    with pytest.raises(ModelRefused, match="several inputs or outputs"):
        build(spec_of(ours), InitialWeights.KERAS_DEFAULTS)
