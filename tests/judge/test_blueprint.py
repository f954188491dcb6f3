"""Models on their way to the judge: rebuilt bit for bit, or refused.

The attacks are those that were seen to pass Keras's safe mode, and some more.
"""

from __future__ import annotations

import copy
import json
import time
import warnings
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.judge.blueprint import MAX_CONFIG, Refused, rebuild, spec_of
from grader.judge.training import Recipe, train
from grader.judge.wire import Array, Blueprint, Opaque, encode
from grader.judge.worker.convert import convert

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

L = keras.layers


def sequential(shape: tuple[int | None, ...], *layers: Any) -> Any:
    return keras.Sequential([keras.Input(shape), *layers])


def functional(shape: tuple[int | None, ...], *layers: Any) -> Any:
    first = x = keras.Input(shape)
    for layer in layers:
        x = layer(x)
    return keras.Model(first, x)


def added() -> Any:
    model = keras.Sequential()
    for layer in (keras.Input((6, 1)), L.LSTM(5), L.Dense(1)):
        model.add(layer)
    return model


def built_later() -> Any:
    model = keras.Sequential([L.LSTM(4), L.Dense(1)])
    model.build((None, 6, 2))
    return model


MODELS: dict[str, Callable[[], Any]] = {
    "SimpleRNN": lambda: sequential(
        (6, 3), L.SimpleRNN(8, activation="relu"), L.Dense(5, activation="softmax")
    ),
    "LSTM": lambda: sequential((6, 1), L.LSTM(7), L.Dense(1)),
    "stack": lambda: sequential(
        (None, 2), L.LSTM(4, return_sequences=True, dropout=0.2), L.LSTM(3), L.Dense(1)
    ),
    "GRU": lambda: sequential((6, 2), L.GRU(5, reset_after=False, go_backwards=True), L.Dense(1)),
    "options": lambda: sequential(
        (6, 2), L.LSTM(4, unit_forget_bias=False, use_bias=False, recurrent_dropout=0.1)
    ),
    "functions": lambda: sequential(
        (6, 2), L.LSTM(4, activation=keras.activations.relu), L.Activation("gelu")
    ),
    "Bidirectional": lambda: sequential((6, 2), L.Bidirectional(L.LSTM(4), merge_mode="sum"), L.Dense(1)),
    "Embedding": lambda: sequential((9,), L.Embedding(30, 4, mask_zero=True), L.GRU(5), L.Dense(30)),
    "TimeDistributed": lambda: sequential(
        (6, 2), L.GRU(4, return_sequences=True), L.Dropout(0.3), L.TimeDistributed(L.Dense(2))
    ),
    "norms": lambda: sequential((6, 2), L.LayerNormalization(), L.BatchNormalization(), L.SimpleRNN(3)),
    "shapes": lambda: sequential((6, 2), L.Flatten(), L.RepeatVector(3), L.Reshape((6, 6)), L.LSTM(2)),
    "masking": lambda: sequential((6, 2), L.Masking(0.5), L.LSTM(3), L.Dense(1)),
    "functional masking": lambda: functional((6, 2), L.Masking(), L.LSTM(3, return_sequences=True), L.GRU(2)),
    "pooling": lambda: sequential(
        (6, 2), L.LSTM(3, return_sequences=True), L.GlobalAveragePooling1D(), L.Dense(1)
    ),
    "functional": lambda: functional((6, 2), L.LSTM(4, return_sequences=True), L.GRU(3), L.Dense(1)),
    "functional embedding": lambda: functional((9,), L.Embedding(30, 4, mask_zero=True), L.LSTM(3)),
    "functional bidirectional": lambda: functional((6, 2), L.Bidirectional(L.GRU(3)), L.Dense(1)),
    "add()": added,
    "build()": built_later,
    "stateful": lambda: keras.Sequential([keras.Input(batch_shape=(4, 6, 2)), L.LSTM(3, stateful=True)]),
}


def shaken(model: Any, rng: np.random.Generator) -> Any:
    model.set_weights([rng.normal(size=w.shape).astype("float32") * 0.5 for w in model.get_weights()])
    return model


def inputs_for(model: Any, rng: np.random.Generator) -> np.ndarray:
    shape = [n or 5 for n in (4, *model.input_shape[1:])]
    if len(shape) == 2 and isinstance(model.layers[0], L.Embedding):
        return rng.integers(0, 30, size=shape)
    return rng.normal(size=shape).astype("float32")


def sent(model: Any) -> Any:
    """The model as the judge receives it."""
    encoded = encode(model, convert=convert)
    return msgspec.msgpack.decode(msgspec.msgpack.encode(encoded), type=Blueprint | Opaque)


@pytest.mark.parametrize("name", MODELS)
def test_a_rebuilt_model_predicts_bit_for_bit_the_same(name: str) -> None:
    rng = np.random.default_rng(3)
    model = MODELS[name]()
    positive = name == "norms"  # a variance below zero is no variance
    shaken(model, rng)
    if positive:
        model.set_weights([abs(w) for w in model.get_weights()])
    ours = rebuild(sent(model))
    X = inputs_for(model, rng)
    assert np.array_equal(np.asarray(model.predict_on_batch(X)), np.asarray(ours.predict_on_batch(X)))
    assert (ours.output_shape, ours.count_params()) == (model.output_shape, model.count_params())


def small() -> Any:
    model = sequential((6, 1), L.LSTM(3), L.Dense(1))
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="mse", metrics=["mae"])
    return model


@pytest.mark.parametrize("loss", ["mse", "mean_squared_error", keras.losses.MeanSquaredError()])
def test_compiling_comes_along_in_one_spelling(loss: Any) -> None:
    model = small()
    model.compile(optimizer=keras.optimizers.RMSprop(0.25), loss=loss)
    ours = rebuild(sent(model))
    assert ours.loss == "mean_squared_error" and type(ours.optimizer).__name__ == "RMSprop"
    assert float(ours.optimizer.learning_rate) == 0.25


def test_a_model_that_is_not_compiled_stays_so() -> None:
    assert not rebuild(sent(sequential((6, 1), L.LSTM(3)))).compiled


def test_two_models_with_one_optimizer_can_be_told() -> None:
    shared = keras.optimizers.Adam()
    tokens = []
    for optimizer in (shared, shared, keras.optimizers.Adam()):
        model = small()
        model.compile(optimizer=optimizer, loss="mse")
        tokens.append((sent(model).optimizer, model))
    assert tokens[0][0] == tokens[1][0] != tokens[2][0]


def test_frozen_layers_stay_frozen() -> None:
    model = small()
    model.layers[0].trainable = False
    assert len(rebuild(sent(model)).trainable_weights) == 2


def test_training_starts_afresh_and_repeats() -> None:
    ours = rebuild(sent(small()))
    X, y = np.linspace(0, 1, 48).reshape(8, 6, 1), np.linspace(0, 1, 8)
    recipe = Recipe(steps=3, seed=5)
    first, second = (
        train(model, X, y, recipe)
        for model in (ours, rebuild(sent(shaken(small(), np.random.default_rng(1)))))
    )
    assert all(map(np.array_equal, first.get_weights(), second.get_weights()))
    assert spec_of(ours).layers[0].kind == "LSTM"


# --- models that do not cross ---


class Subclassed(keras.Model):
    def call(self, x: Any) -> Any:
        return x


class Own(L.Layer):
    """Has no get_config that would do."""

    def __init__(self, needed: object) -> None:
        super().__init__()

    def call(self, x: Any) -> Any:
        return x


class Plain(L.Layer):
    def call(self, x: Any) -> Any:
        return x


def own_loss(a: Any, b: Any) -> Any:
    return (a - b) ** 2


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (Subclassed, "custom_model"),
        (lambda: keras.Sequential([L.LSTM(3), L.Dense(1)]), "unbuilt_model"),
        (lambda: sequential((6, 1), Own(object())), "custom_parts"),
    ],
    ids=["subclassed", "unbuilt", "own layer"],
)
def test_models_that_cannot_be_moved_say_why(model: Callable[[], Any], reason: str) -> None:
    arrived = sent(model())
    assert isinstance(arrived, Opaque) and arrived.reason == reason


def two_inputs() -> Any:
    a, b = keras.Input((6, 1)), keras.Input((6, 1))
    return keras.Model([a, b], L.Concatenate()([a, b]))


def branches() -> Any:
    x = keras.Input((6, 2))
    return keras.Model(x, L.Add()([L.Dense(2)(x), L.Dense(2)(x)]))


def skipping() -> Any:
    x = keras.Input((6, 2))
    h = L.Dense(2)(x)
    L.Dense(2)(h)
    return keras.Model(x, L.LSTM(2)(h), name="m")


def twice() -> Any:
    x, layer = keras.Input((6, 2)), L.Dense(2)
    return keras.Model(x, layer(layer(x)))


def two_outputs() -> Any:
    x = keras.Input((6, 2))
    h = L.LSTM(2)(x)
    return keras.Model(x, [h, L.Dense(1)(h)])


def compiled(**how: Any) -> Any:
    model = small()
    model.compile(**how)
    return model


REFUSED: dict[str, Callable[[], Any]] = {
    "Lambda": lambda: sequential((6, 1), L.Lambda(lambda x: x)),
    "Lambda of Keras's own": lambda: sequential((6, 1), L.Lambda(keras.activations.relu)),
    "two inputs": two_inputs,
    "branches": branches,
    "a layer used twice": twice,
    "two outputs": two_outputs,
    "operator": lambda: functional((6, 2), lambda x: x * 2, L.LSTM(2)),
    "initial state": lambda: functional((6, 2), lambda x: L.LSTM(2)(x, initial_state=[x[:, 0], x[:, 1]])),
    "states returned": lambda: functional((6, 2), L.LSTM(2, return_state=True)),
    "regularizer": lambda: sequential((6, 1), L.LSTM(3, kernel_regularizer="l2")),
    "constraint": lambda: sequential((6, 1), L.Dense(3, kernel_constraint="non_neg")),
    "other backward layer": lambda: sequential(
        (6, 1), L.Bidirectional(L.LSTM(2), backward_layer=L.GRU(2, go_backwards=True))
    ),
    "keepdims": lambda: sequential((6, 2), L.GlobalAveragePooling1D(keepdims=True)),
    "axis": lambda: sequential((6, 2), L.BatchNormalization(axis=1)),
    "float64": lambda: sequential((6, 1), L.Dense(2, dtype="float64")),
    "float16": lambda: sequential((6, 1), L.Dense(2, dtype="mixed_float16")),
    "nested": lambda: sequential((6, 1), sequential((6, 1), L.LSTM(2))),
    "a layer of one's own": lambda: sequential((6, 1), Plain()),
    "Conv1D": lambda: sequential((6, 1), L.Conv1D(2, 2)),
    "too large": lambda: sequential((6, 1), L.Embedding(2049, 1)),
    "own loss": lambda: compiled(loss=own_loss),
    "loss on logits": lambda: compiled(loss=keras.losses.BinaryCrossentropy(from_logits=True)),
    "learning rate schedule": lambda: compiled(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)), loss="mse"
    ),
    "other optimizer": lambda: compiled(optimizer="ftrl", loss="mse"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_judge_does_not_rebuild_is_refused_with_a_sentence(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        arrived = sent(REFUSED[name]())
    if isinstance(arrived, Blueprint):
        with pytest.raises(Refused) as caught:
            rebuild(arrived)
        assert caught.value.reason
    else:
        assert arrived.reason


def test_parts_that_are_not_on_the_way_to_the_output_are_no_harm() -> None:
    assert len(rebuild(sent(skipping())).layers) == 2


# --- blueprints that no Keras wrote ---

Change = Callable[[dict[str, Any]], Any]


@pytest.fixture(scope="module")
def honest() -> Blueprint:
    blueprint = sent(small())
    assert isinstance(blueprint, Blueprint)
    return blueprint


def forged(honest: Blueprint, change: Change) -> Blueprint:
    """The blueprint with its LSTM's description, model or compiling changed."""
    config, compiled = json.loads(honest.config), json.loads(honest.compiled or "{}")
    parts = {"model": config, "lstm": config["layers"][1], "dense": config["layers"][2], "compiled": compiled}
    change(parts)
    return msgspec.structs.replace(honest, config=json.dumps(parts["model"]), compiled=json.dumps(compiled))


def function(module: str, name: str) -> dict[str, Any]:
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def option(part: str, name: str, value: Any) -> Change:
    return lambda parts: parts[part]["config"].__setitem__(name, value)


def key(part: str, name: str, value: Any) -> Change:
    return lambda parts: parts[part].__setitem__(name, value)


def deep(parts: dict[str, Any]) -> None:
    layer = copy.deepcopy(parts["dense"])
    for _ in range(400):
        layer = {"class_name": "TimeDistributed", "config": {"layer": layer}}
    parts["model"]["layers"][2] = layer


FORGED: dict[str, Change] = {
    "evil>Dense": key("dense", "registered_name", "evil>Dense"),
    "builtins.eval": key("dense", "registered_name", "builtins.eval"),
    "TFSMLayer": lambda parts: parts["dense"].update(class_name="TFSMLayer", config={"filepath": "/etc"}),
    "StringLookup": lambda parts: parts["dense"].update(
        class_name="StringLookup", config={"vocabulary": "/etc/passwd"}
    ),
    "custom class": key("dense", "class_name", "MyDense"),
    "os.system": lambda parts: parts["dense"].update(module="os", class_name="system"),
    "class that is a list": key("dense", "class_name", ["Dense"]),
    "set_floatx": option("lstm", "activation", function("keras.config", "set_floatx")),
    "function of another module": option("lstm", "activation", function("builtins", "tanh")),
    "plot_model": option("lstm", "activation", "plot_model"),
    "activation that is a list": option("lstm", "activation", ["tanh"]),
    "activation that is a function of a dict": option("lstm", "activation", function("keras", {"tanh": 1})),  # type: ignore[arg-type]
    "loss TFSMLayer": lambda parts: parts["compiled"].update(loss=function("keras.layers", "TFSMLayer")),
    "loss clone_model": lambda parts: parts["compiled"].update(loss="clone_model"),
    "optimizer": lambda parts: parts["compiled"].update(optimizer={"class_name": "Evil", "config": {}}),
    "NaN rate": lambda parts: parts["compiled"]["optimizer"]["config"].update(learning_rate=float("nan")),
    "a million units": option("lstm", "units", 10**6),
    "no units": option("lstm", "units", 0),
    "true units": option("lstm", "units", True),
    "units in words": option("lstm", "units", "3"),
    "units left out": lambda parts: parts["lstm"]["config"].pop("units"),
    "other units": option("lstm", "units", 4),
    "unknown option": option("lstm", "mystery", "x"),
    "lora": option("dense", "lora_rank", 3),
    "layer of layers": deep,
    "many layers": lambda parts: parts["model"].update(layers=[parts["dense"]] * 1000),
    "huge layers": lambda parts: parts["model"].update(
        layers=[parts["lstm"] | {"config": {"units": 2048, "return_sequences": True}}] * 30
    ),
    "no layers": lambda parts: parts["model"].update(layers=[]),
    "layers that are none": lambda parts: parts["model"].update(layers=["Dense"]),
    "wrapped nothing": lambda parts: parts["dense"].update(class_name="TimeDistributed", config={}),
    "a Bidirectional Dense": lambda parts: parts["lstm"].update(
        class_name="Bidirectional", config={"layer": parts["dense"]}
    ),
    "dtype": option("dense", "dtype", {"config": {"name": "float16"}}),
    "dtype that is a list": option("dense", "dtype", {"config": ["float32"]}),
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_configurations_are_refused_at_once(honest: Blueprint, name: str) -> None:
    blueprint = forged(honest, FORGED[name])
    started = time.monotonic()
    with pytest.raises(Refused):
        rebuild(blueprint)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "config",
    [
        "",
        "null",
        "[]",
        "{",
        '{"layers": 3}',
        "[" * 100_000,
        '{"a":' * 20_000,
        '{"layers": [], "layers": []}',
        '{"n": ' + "9" * 5000 + "}",
        json.dumps({"layers": [], "x": "y" * MAX_CONFIG}),
    ],
    ids=["empty", "null", "list", "cut", "number", "bomb", "bomb of objects", "twice", "digits", "huge"],
)
@pytest.mark.parametrize("part", ["config", "compiled"])
def test_json_that_is_no_configuration_is_refused(honest: Blueprint, part: str, config: str) -> None:
    with pytest.raises(Refused):
        rebuild(msgspec.structs.replace(honest, **{part: config}))


def zeros(shape: tuple[int, ...], dtype: str = "float32", value: float = 0) -> Array:
    array = encode(np.full(shape, value, dtype))
    return array if isinstance(array, Array) else Array("complex64", shape, b"\0" * 8 * int(np.prod(shape)))


def with_weight(honest: Blueprint, weight: Array) -> Blueprint:
    return msgspec.structs.replace(honest, weights=(*honest.weights[:-1], weight))


@pytest.mark.parametrize(
    "weight",
    [
        zeros((1,), value=np.nan),
        zeros((1,), value=np.inf),
        zeros((2,)),
        zeros((1, 1)),
        zeros((1,), "float64"),
        zeros((1,), "int32"),
        zeros((1,), "complex64"),
        Array("float32", (1,), b"\0" * 3),
        Array("object", (1,), b"\0" * 8),
        Array("float32", (1,), b"\0" * 30_000_000),
    ],
    ids="nan inf longer shape float64 int32 complex64 bytes object large".split(),
)
def test_weights_are_checked(honest: Blueprint, weight: Array) -> None:
    with pytest.raises(Refused):
        rebuild(with_weight(honest, weight))


def test_missing_weights_are_refused(honest: Blueprint) -> None:
    with pytest.raises(Refused):
        rebuild(msgspec.structs.replace(honest, weights=honest.weights[:-1]))


@pytest.mark.parametrize("shape", [(), (None,), (None, 10**9, 1), (None, 0, 1), (None, -1, 1), (1,) * 6])
def test_impossible_input_shapes_are_refused(honest: Blueprint, shape: tuple[int | None, ...]) -> None:
    with pytest.raises(Refused):
        rebuild(msgspec.structs.replace(honest, input_shape=shape))


def test_other_kinds_of_model_are_refused(honest: Blueprint) -> None:
    with pytest.raises(Refused) as caught:
        rebuild(msgspec.structs.replace(honest, kind="Evil"))
    assert "Evil" not in caught.value.reason and caught.value.details == "Evil"
