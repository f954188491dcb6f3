"""Models that the judge does not rebuild, and forged blueprints.

The attacks include all that were seen to bypass Keras's safe mode.
"""

from __future__ import annotations

import copy
import json
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import numpy as np
import pytest
from corpus import sampled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model_samples import MODELS, L, compiled, functional, keras, ops, sent, sequential

from grader.judge.models import ModelRefused, read_spec, rebuild
from grader.judge.models.spec import MAX_CONFIG
from grader.judge.wire.values import Array, Blueprint, Opaque, encode


class Subclassed(keras.Model):
    def call(self, x: Any) -> Any:
        return x


class Own(L.Layer):
    """A layer without a usable get_config."""

    def __init__(self, needed: object) -> None:
        super().__init__()

    def call(self, x: Any) -> Any:
        return x


class Plain(L.Layer):
    def call(self, x: Any) -> Any:
        return x


class Dense(L.Dense):
    """A layer with the name of a Keras layer."""


class OwnLoss(keras.losses.Loss):
    def call(self, y_true: Any, y_pred: Any) -> Any:
        return y_pred


def own_loss(a: Any, b: Any) -> Any:
    return (a - b) ** 4


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


def small(**how: Any) -> Any:
    return compiled(sequential((6, 1), L.LSTM(3), L.Dense(1)), **how)


def decaying() -> Any:
    return keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9))


# models that learners may write, and the beginning of the message about each
REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "Lambda": (lambda: sequential((6, 1), L.Lambda(lambda x: x**3)), "it has a Lambda layer that"),
    "Lambda of two": (
        lambda: functional((6, 2), lambda x: L.Lambda(lambda pair: pair[0])([x, x])),
        "its Lambda layer takes something other",
    ),
    "own activation": (lambda: sequential((6, 1), L.Dense(1, lambda x: x + 1)), "one of its layers has an"),
    "own activation that fails": (
        lambda: sequential((6, 1), L.Dense(1, lambda x: x if x.shape[-1] == 1 else 1 / 0)),
        "one of its functions could not be evaluated",
    ),
    "long sequence of layers": (
        lambda: sequential((200, 2), L.TimeDistributed(L.Dense(2))),
        "its TimeDistributed layer runs over more than 128 steps",
    ),
    "large attention": (
        lambda: functional((5000, 2), lambda x: L.Attention()([x, x])),
        "its layers return more",
    ),
    "focal loss": (
        lambda: small(loss=keras.losses.BinaryFocalCrossentropy()),
        "it is compiled with an unsupported loss",
    ),
    "activation layer": (lambda: sequential((6, 1), L.Dense(1, L.LeakyReLU())), "one of its layers has an"),
    "own layer": (lambda: sequential((6, 1), Plain()), "it contains a layer of a type"),
    "own Dense": (lambda: sequential((6, 1), Dense(1)), "its Dense layer is not Keras's own"),
    "nested": (lambda: sequential((6, 1), sequential((6, 1), L.LSTM(2))), "it contains another model"),
    "wrapped wrapper": (
        lambda: sequential((5, 6, 1), L.TimeDistributed(L.Bidirectional(L.LSTM(2)))),
        "it contains a wrapper inside a wrapper",
    ),
    "another backward layer": (
        lambda: sequential(
            (6, 1), L.Bidirectional(L.LSTM(2), backward_layer=L.LSTM(2, "relu", go_backwards=True))
        ),
        "its Bidirectional layer contains two",
    ),
    "float64": (
        lambda: sequential((6, 1), L.Dense(2, dtype="float64")),
        "its Dense layer does not use float32",
    ),
    "float16": (
        lambda: sequential((6, 1), L.Dense(2, dtype="mixed_float16")),
        "its Dense layer does not use float32",
    ),
    "array": (
        lambda: functional((6, 2), lambda x: x * np.ones(2, "float32")),
        "it calls an operation with an",
    ),
    "operation": (
        lambda: functional((6, 2), lambda x: ops.fft((x, x))[0]),
        "it uses an unsupported operation",
    ),
    "vocabulary": (
        lambda: sequential((6,), L.Embedding(2000, 2048), L.LSTM(1024)),
        "it has more than 5,000,000",
    ),
    "own loss": (lambda: small(loss=own_loss), "it is compiled with a loss of your own"),
    "lambda as a loss": (lambda: small(loss=lambda a, b: a), "it is compiled with a loss of your own"),
    "own loss class": (lambda: small(loss=OwnLoss()), "it is compiled with a loss of your own"),
    "label smoothing": (
        lambda: small(loss=keras.losses.BinaryCrossentropy(label_smoothing=0.1)),
        "it is compiled with a loss that uses label smoothing",
    ),
    "reduction": (
        lambda: small(loss=keras.losses.MeanSquaredError(reduction="sum")),
        "its loss mean_squared_error has an invalid value for reduction",
    ),
    "losses by name": (lambda: small(loss={"dense": "mse"}), "it is compiled with a dictionary"),
    "schedule": (lambda: small(optimizer=decaying()), "its learning rate is a schedule"),
    "other optimizer": (lambda: small(optimizer="ftrl"), "it is compiled with an unsupported optimizer"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_judge_does_not_rebuild_is_refused_with_a_sentence(name: str) -> None:
    build, beginning = REFUSED[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        arrived = sent(build())
    assert isinstance(arrived, Blueprint)
    with pytest.raises(ModelRefused) as caught:
        rebuild(arrived)
    assert caught.value.reason.startswith(beginning)


# --- forged blueprints ---

Change = Callable[[dict[str, Any]], Any]


@pytest.fixture(scope="module")
def honest() -> Blueprint:
    blueprint = sent(small())
    assert isinstance(blueprint, Blueprint)
    return blueprint


def forged(honest: Blueprint, change: Change) -> Blueprint:
    """Return the blueprint with `change` applied to its parts."""
    config, compiling = json.loads(honest.config), json.loads(honest.compiled or "{}")
    parts = {
        "model": config,
        "lstm": config["layers"][1],
        "dense": config["layers"][2],
        "compiled": compiling,
    }
    change(parts)
    return msgspec.structs.replace(honest, config=json.dumps(parts["model"]), compiled=json.dumps(compiling))


def function(module: str, name: Any) -> dict[str, Any]:
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def option(part: str, name: str, value: Any) -> Change:
    return lambda parts: parts[part]["config"].__setitem__(name, value)


def key(part: str, name: str, value: Any) -> Change:
    return lambda parts: parts[part].__setitem__(name, value)


def layer(kind: str, **config: Any) -> Change:
    return lambda parts: parts["dense"].update(class_name=kind, config=config)


def before(kind: str, **config: Any) -> Change:
    """Return a change that inserts a layer between the LSTM and the Dense."""
    return lambda parts: parts["model"]["layers"].insert(
        2, {"class_name": kind, "config": config, "module": "keras.layers", "registered_name": None}
    )


def loss(value: Any) -> Change:
    return lambda parts: parts["compiled"].update(loss=value)


def optimizer(**config: Any) -> Change:
    return lambda parts: parts["compiled"]["optimizer"]["config"].update(config)


def deep(parts: dict[str, Any]) -> None:
    inner = copy.deepcopy(parts["dense"])
    for _ in range(400):
        inner = parts["dense"] | {"class_name": "TimeDistributed", "config": {"layer": inner}}
    parts["model"]["layers"][2] = inner


def huge(parts: dict[str, Any]) -> None:
    one = parts["lstm"] | {"config": {"units": 2048, "return_sequences": True}}
    parts["model"]["layers"] = [one] * 30


GADGETS = (
    "keras.config:set_floatx keras.utils:plot_model keras.callbacks:CSVLogger keras.models:clone_model"
    " keras.layers:TFSMLayer keras.models:load_model keras.utils:get_file keras.utils:load_img"
    " keras.config:enable_unsafe_deserialization keras.utils:clear_session os:system builtins:eval"
    " subprocess:Popen keras.export:ExportArchive"
).split()

FORGED: dict[str, Change] = {
    **{f"activation {name}": option("lstm", "activation", function(*name.split(":"))) for name in GADGETS},
    **{f"loss {name}": loss(function(*name.split(":"))) for name in GADGETS},
    **{f"Lambda {name}": layer("Lambda", function=function(*name.split(":"))) for name in GADGETS},
    **{f"initial {name}": layer(name.split(":")[1]) for name in GADGETS},
    "loss by its name": loss("clone_model"),
    "evil>Dense": key("dense", "registered_name", "evil>Dense"),
    "builtins.eval": key("dense", "registered_name", "builtins.eval"),
    "no module": lambda parts: parts["dense"].pop("module"),
    "other module": key("dense", "module", "keras.layers.evil"),
    "module that is a list": key("dense", "module", ["keras.layers"]),
    "StringLookup": layer("StringLookup", vocabulary="/etc/passwd"),
    "IntegerLookup": layer("IntegerLookup", vocabulary="/etc/passwd"),
    "custom class": key("dense", "class_name", "MyDense"),
    "class that is a list": key("dense", "class_name", ["Dense"]),
    "activation by its name": option("lstm", "activation", "plot_model"),
    "function of another module": option("lstm", "activation", function("builtins", "tanh")),
    "activation that is a list": option("lstm", "activation", ["tanh"]),
    "function that is a dict": option("lstm", "activation", function("keras", {"tanh": 1})),
    "regularizer by its name": option("lstm", "kernel_regularizer", "l2"),
    "regularizer": option(
        "lstm",
        "kernel_regularizer",
        {"module": "keras.regularizers", "class_name": "OrthogonalRegularizer", "config": {}},
    ),
    "negative regularizer": option(
        "lstm",
        "kernel_regularizer",
        {"module": "keras.regularizers", "class_name": "L2", "config": {"l2": -1}, "registered_name": None},
    ),
    "constraint": option(
        "dense", "kernel_constraint", {"module": "os", "class_name": "NonNeg", "config": {}}
    ),
    "optimizer": lambda parts: parts["compiled"].update(optimizer={"class_name": "Evil", "config": {}}),
    "optimizer by its name": lambda parts: parts["compiled"].update(optimizer="adam"),
    "optimizer of another module": lambda parts: parts["compiled"]["optimizer"].update(module="evil"),
    "NaN rate": optimizer(learning_rate=float("nan")),
    "no rate": optimizer(learning_rate=0),
    "two clips": optimizer(clipnorm=1.0, clipvalue=1.0),
    "clip": optimizer(clipnorm="1"),
    "momentum of Adam": optimizer(momentum=0.9),
    "beta": optimizer(beta_1=1.5),
    "4000 units": option("lstm", "units", 4000),
    "a million units": option("lstm", "units", 10**6),
    "no units": option("lstm", "units", 0),
    "true units": option("lstm", "units", True),
    "units in words": option("lstm", "units", "3"),
    "units left out": lambda parts: parts["lstm"]["config"].pop("units"),
    "other units": option("lstm", "units", 4),
    "infinite dropout": option("lstm", "dropout", float("inf")),
    "unknown option": option("lstm", "mystery", "x"),
    "lora": option("dense", "lora_rank", 3),
    "layer of layers": deep,
    "many layers": lambda parts: parts["model"].update(layers=[parts["dense"]] * 100),
    "huge layers": huge,
    "a million copies": before("RepeatVector", n=10**6),
    "a huge shape": before("Reshape", target_shape=[100_000, 100_000]),
    "shapes that do not fit": before("Reshape", target_shape=[2, 2]),
    "padding": before("ZeroPadding1D", padding=[10**9, 0]),
    "no layers": lambda parts: parts["model"].update(layers=[]),
    "layers that are none": lambda parts: parts["model"].update(layers=["Dense"]),
    "wrapped nothing": layer("TimeDistributed"),
    "wrapped itself": lambda parts: parts["dense"].update(
        class_name="TimeDistributed", config={"layer": {"class_name": "TimeDistributed", "config": {}}}
    ),
    "a Bidirectional Dense": lambda parts: parts["lstm"].update(
        class_name="Bidirectional", config={"layer": parts["dense"]}
    ),
    "dtype": option("dense", "dtype", {"config": {"name": "float16"}}),
    "dtype that is a list": option("dense", "dtype", {"config": ["float32"]}),
}


def refused_at_once(blueprint: Blueprint) -> ModelRefused:
    started = time.monotonic()
    with pytest.raises(ModelRefused) as caught:
        rebuild(blueprint)
    assert time.monotonic() - started < 5
    assert caught.value.reason
    return caught.value


@pytest.mark.parametrize("name", FORGED)
def test_forged_configurations_are_refused_at_once(honest: Blueprint, name: str) -> None:
    refused_at_once(forged(honest, FORGED[name]))


def test_a_class_that_is_registered_here_is_not_used(honest: Blueprint) -> None:
    keras.saving.register_keras_serializable("evil", "Dense")(Plain)
    try:
        refused_at_once(forged(honest, key("dense", "registered_name", "evil>Dense")))
    finally:
        keras.saving.get_custom_objects().clear()


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
        '{"n": NaN}',
        '{"n": 1e999}',
        '{"n": ' + "[" * 40 + "]" * 40 + "}",
        json.dumps({"layers": [], "x": "y" * MAX_CONFIG}),
    ],
    ids="empty null list cut number bomb objects twice digits nan infinite deep huge".split(),
)
@pytest.mark.parametrize("part", ["config", "compiled"])
def test_json_that_is_no_configuration_is_refused(honest: Blueprint, part: str, config: str) -> None:
    refused_at_once(msgspec.structs.replace(honest, **{part: config}))


def zeros(shape: tuple[int, ...], dtype: str = "float32", value: float = 0) -> Array:
    array = encode(np.full(shape, value, dtype))
    return array if isinstance(array, Array) else Array("complex64", shape, b"\0" * 8 * int(np.prod(shape)))


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
        Array("float32", (10**5, 10**6), b""),
    ],
    ids="nan inf longer shape float64 int32 complex64 bytes object large claimed".split(),
)
def test_weights_are_checked(honest: Blueprint, weight: Array) -> None:
    refused_at_once(msgspec.structs.replace(honest, weights=(*honest.weights[:-1], weight)))


def test_missing_weights_are_refused(honest: Blueprint) -> None:
    refused_at_once(msgspec.structs.replace(honest, weights=honest.weights[:-1]))


@pytest.mark.parametrize("shape", [(), (None,), (None, 10**9, 1), (None, 0, 1), (None, -1, 1), (1,) * 6])
def test_impossible_input_shapes_are_refused(honest: Blueprint, shape: tuple[int | None, ...]) -> None:
    refused_at_once(msgspec.structs.replace(honest, input_shape=shape))


def test_reasons_never_hold_names_that_the_learner_chose(honest: Blueprint) -> None:
    forgeries = [
        lambda parts: parts["dense"].update(class_name="Secret"),
        lambda parts: parts["dense"]["config"].update(Secret=1),
        lambda parts: parts["dense"]["config"].update(activation="Secret"),
        lambda parts: parts["dense"]["config"].update(units="Secret"),
        lambda parts: parts["compiled"]["optimizer"].update(class_name="Secret"),
        lambda parts: parts["compiled"]["optimizer"]["config"].update(Secret=1),
        loss("Secret"),
        loss({"module": "keras.losses", "class_name": "Secret", "config": {"reduction": 1}}),
    ]
    for change in forgeries:
        refused = refused_at_once(forged(honest, change))
        assert "Secret" not in refused.reason and (not refused.details or "Secret" in refused.details)


def test_other_kinds_of_model_are_refused(honest: Blueprint) -> None:
    refused = refused_at_once(msgspec.structs.replace(honest, kind="Evil"))
    assert "Evil" not in refused.reason and refused.details == "Evil"


# --- forged graphs ---


def graph() -> Any:
    x = keras.Input((6, 2), name="x")
    h = L.Dense(3, name="h")(x)
    mixed = L.MultiHeadAttention(2, 2, name="attention")(h, h) + h[:, :1]
    cast = ops.cast(ops.reshape(mixed, (-1, 18)), "float32")
    return keras.Model(x, [L.Concatenate(name="all")([cast, cast]), ops.repeat(h, 2, axis=1)])


def tensor(name: str, index: int = 0, output: int = 0) -> dict[str, Any]:
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, index, output]}}


def node(name: str, *args: Any, **kwargs: Any) -> Change:
    return lambda layers: layers[name].update(inbound_nodes=[{"args": list(args), "kwargs": kwargs}])


def cut(**ends: Any) -> dict[str, Any]:
    return {"class_name": "__slice__", "config": ends}


def bomb(kind: str, config: dict[str, Any], name: str = "h") -> Change:
    """Return a change that turns a layer into an operation with a huge output."""
    return lambda layers: layers[name].update(
        module="keras.src.ops.numpy", class_name=kind, registered_name=kind, config=config
    )


GRAPHS: dict[str, Change] = {
    "circle": node("h", tensor("get_item")),
    "itself": node("h", tensor("h")),
    "unknown layer": node("h", tensor("nobody")),
    "call that is not made": node("h", tensor("x", 1)),
    "output that is not there": node("h", tensor("x", 0, 1)),
    "output below zero": node("h", tensor("x", 0, -1)),
    "index that is text": node("h", tensor("x", "0")),  # type: ignore[arg-type]
    "history that is text": node("h", {"class_name": "__keras_tensor__", "config": {"keras_history": "x00"}}),
    "no arguments": node("h"),
    "arguments that are none": lambda layers: layers["h"].update(inbound_nodes=[{"args": 3, "kwargs": {}}]),
    "no calls": lambda layers: layers["h"].update(inbound_nodes=[]),
    "calls that are none": lambda layers: layers["h"].update(inbound_nodes=3),
    "number for a layer": node("h", 3),
    "text for a layer": node("h", "x"),
    "slice for a layer": node("h", tensor("x"), cut()),
    "unknown keyword": node("h", tensor("x"), evil=True),
    "keyword of Lambda": node("h", tensor("x"), arguments={"filepath": "/etc"}),
    "call of a path": node("attention", "/etc/passwd"),
    "long list": node("attention", [tensor("h")] * 1000),
    "deep list": node("attention", [[[[[tensor("h")]]]]]),
    "text in a slice": node("get_item", tensor("h"), [cut(start="0")]),
    "slice without steps": node("get_item", tensor("h"), [cut(step=0)]),
    "key of tensors": node("get_item", tensor("h"), [tensor("h")]),
    "key of text": node("get_item", tensor("h"), "h"),
    "no key": node("get_item", tensor("h")),
    "array": node("get_item", tensor("h"), {"class_name": "__numpy__", "config": {"value": [0]}}),
    "lambda": node("get_item", tensor("h"), {"class_name": "__lambda__", "config": {"value": "4wAA"}}),
    "large number": node("add", tensor("h"), 10**400),
    "operation by keyword": node("add", x1=tensor("h"), x2=tensor("h")),
    "operation of another module": lambda layers: layers["add"].update(module="keras.src.ops.evil"),
    "operation of another name": lambda layers: layers["add"].update(registered_name="evil>Add"),
    "unknown operation": lambda layers: layers["add"].update(class_name="Custom", registered_name="Custom"),
    "unknown option": lambda layers: layers["cast"]["config"].update(evil=1),
    "unknown dtype": lambda layers: layers["cast"]["config"].update(dtype="object"),
    "huge shape": bomb("Reshape", {"newshape": [100_000, 100_000]}),
    "repeated": bomb("Repeat", {"repeats": 10**9, "axis": 1}),
    "tiled": bomb("Tile", {"repeats": [2048, 2048, 2048]}),
    "one of many": bomb("OneHot", {"num_classes": 10**9, "axis": -1}),
    "heads": lambda layers: layers["attention"]["config"].update(num_heads=2048, key_dim=2048),
    "input of text": lambda layers: layers["x"]["config"].update(dtype="string"),
    "sparse input": lambda layers: layers["x"]["config"].update(sparse=True),
    "endless input": lambda layers: layers["x"]["config"].update(batch_shape=[None, 10**12, 2]),
    "large input": lambda layers: layers["x"]["config"].update(batch_shape=[None, 100_000, 2]),
    "input without a shape": lambda layers: layers["x"]["config"].pop("batch_shape"),
}


@pytest.fixture(scope="module")
def honest_graph() -> Blueprint:
    blueprint = sent(graph())
    assert isinstance(blueprint, Blueprint)
    names = {one["name"].rstrip("_0123456789") for one in json.loads(blueprint.config)["layers"]}
    assert names == {"x", "h", "attention", "get_item", "add", "reshape", "cast", "all", "repeat"}
    return blueprint


def with_layers(honest_graph: Blueprint, change: Change) -> Blueprint:
    # remove the numbers from names, which depend on what this process built before
    config = json.loads(re.sub(r'"([a-z_]*[a-z])_\d+"', r'"\1"', honest_graph.config))
    change({one["name"]: one for one in config["layers"]})
    return msgspec.structs.replace(honest_graph, config=json.dumps(config))


def test_the_graph_itself_is_rebuilt(honest_graph: Blueprint) -> None:
    assert len(rebuild(with_layers(honest_graph, lambda layers: None)).outputs) == 2


@pytest.mark.parametrize("name", GRAPHS)
def test_forged_graphs_are_refused_at_once(honest_graph: Blueprint, name: str) -> None:
    refused_at_once(with_layers(honest_graph, GRAPHS[name]))


@pytest.mark.parametrize("part", ["input_layers", "output_layers"])
@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        3,
        ["x"],
        ["x", 0],
        [["x", 0, 7]],
        {"/etc/passwd": ["x", 0, 0]},
        [["h", 0, 0], "x"],
        "x00",
    ],
)
def test_ends_that_are_none_are_refused(honest_graph: Blueprint, part: str, value: Any) -> None:
    config = json.loads(honest_graph.config) | {part: value}
    refused_at_once(msgspec.structs.replace(honest_graph, config=json.dumps(config)))


def counting(steps: int) -> Any:
    x = y = keras.Input((3,))
    for _ in range(steps):
        y = y + 1
    return keras.Model(x, y)


def test_a_long_chain_of_operations_is_refused() -> None:
    assert rebuild(sent(counting(100)))(np.zeros((1, 3)))[0, 0] == 100
    assert "128" in refused_at_once(sent(counting(130))).reason


# --- valid configurations with random changes ---

BASES = ["add()", "convolution", "transformer", "seq2seq", "operations", "masking", "merged", "penalties"]
STRANGE: list[Any] = [
    None, True, False, 0, -1, 1, 2, 7, 511, 10**6, 2**70, 0.5, -0.5, 1e308, "", "tanh", "Dense", "LSTM",
    "x" * 99, [], {}, [None], [[]], [1, 2], [-1, 3], ["x", 0, 0], {"class_name": "Dense"}, {"config": None},
    cut(start=None, stop=1, step=-1), tensor("x"),
]  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container in a configuration with each of its keys or indices."""
    for at in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, at
        if isinstance(value[at], dict | list):
            yield from places(value[at])


@pytest.fixture(scope="module")
def bases() -> list[Blueprint]:
    return [sent(compiled(MODELS[name]())) for name in BASES]


def mutated(text: str, data: st.DataObject) -> str:
    config = json.loads(text)
    for _ in range(data.draw(st.integers(1, 3))):
        spots = list(places(config))
        container, at = spots[data.draw(st.integers(0, len(spots) - 1))]
        other, there = spots[data.draw(st.integers(0, len(spots) - 1))]
        how = data.draw(st.sampled_from(["strange", "strange", "other", "drop", "insert", "add"]))
        new = copy.deepcopy(data.draw(st.sampled_from(STRANGE)) if how == "strange" else other[there])
        if how in ("strange", "other"):
            container[at] = new
        elif how == "drop":
            del container[at]
        elif isinstance(container, list):
            container.insert(at, new)
        elif isinstance(there, str):
            container[there] = new
        if not config:
            break
    return json.dumps(config)


def peak() -> int:
    """Return the peak memory of this process in kilobytes, or 0 if it is not known."""
    if sys.platform != "linux":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.parametrize("count", sampled({"few": 200, "many": 1500}, few=["few"]))
def test_changed_configurations_give_a_spec_or_are_refused(bases: list[Blueprint], count: int) -> None:
    @settings(max_examples=count, suppress_health_check=list(HealthCheck), database=None)
    @given(data=st.data())
    def hold(data: st.DataObject) -> None:
        base = data.draw(st.sampled_from(bases))
        part = data.draw(st.sampled_from(["config", "config", "compiled"]))
        changed = msgspec.structs.replace(base, **{part: mutated(getattr(base, part), data)})
        try:
            msgspec.msgpack.encode(read_spec(changed), order="deterministic")
        except ModelRefused as refused:
            assert refused.reason

    hold()


@pytest.mark.parametrize("count", sampled({"few": 40, "many": 250}, few=["few"]))
def test_changed_configurations_give_a_model_or_are_refused(bases: list[Blueprint], count: int) -> None:
    @settings(max_examples=count, suppress_health_check=list(HealthCheck), database=None)
    @given(data=st.data())
    def hold(data: st.DataObject) -> None:
        base = data.draw(st.sampled_from(bases))
        changed = msgspec.structs.replace(base, config=mutated(base.config, data))
        before_it = peak()
        started = time.monotonic()
        try:
            assert isinstance(rebuild(changed), keras.Model)
        except ModelRefused as refused:
            assert refused.reason
        assert time.monotonic() - started < 10
        assert peak() - before_it < 300_000

    hold()
