"""A model's blueprint -> a Keras model built by the judge's own code.

Nothing of the received configuration reaches Keras's deserialiser: it is
reduced to layer names and checked options from the tables below, built here
with zero initializers, and given the received weights. Keras's own safe mode
has been by-passed too often to be a wall.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from msgspec import Struct

from grader.judge.wire import Blueprint, WireError, decode

MAX_LAYERS = 32
MAX_UNITS = 2048
MAX_PARAMETERS = 5_000_000
MAX_CONFIG = 200_000

_ACTIVATIONS = frozenset(
    "linear relu tanh sigmoid hard_sigmoid softmax softplus softsign elu selu gelu silu swish exponential"
    " leaky_relu relu6 log_softmax mish".split()
)
_OPTIMIZERS = frozenset("Adam AdamW SGD RMSprop Adagrad Adadelta Adamax Nadam".split())
_LOSSES = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "msle": "mean_squared_logarithmic_error",
    "mape": "mean_absolute_percentage_error",
    **{
        name: name
        for name in (
            "mean_squared_error mean_absolute_error mean_squared_logarithmic_error"
            " mean_absolute_percentage_error categorical_crossentropy"
            " sparse_categorical_crossentropy binary_crossentropy huber log_cosh"
            " cosine_similarity kl_divergence poisson hinge"
        ).split()
    },
}


class Refused(Exception):
    """The judge does not build this model. `reason` is for all to read, `details` for visible tests."""

    def __init__(self, reason: str, details: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details


class LayerSpec(Struct, frozen=True):
    """One layer: a key of `_LAYERS` and its checked options."""

    kind: str
    options: dict[str, Any]


class Spec(Struct, frozen=True):
    """A chain of layers on one input; all that the judge takes over from a blueprint."""

    input_shape: tuple[int | None, ...]
    layers: tuple[LayerSpec, ...]
    optimizer: str | None = None
    learning_rate: float | None = None
    loss: str | None = None


_SPECS: WeakKeyDictionary[Any, Spec] = WeakKeyDictionary()


def rebuild(blueprint: Blueprint) -> Any:
    """Return a keras.Model that predicts what the learner's model predicts.

    It is compiled with the same optimizer class, learning rate and loss if the
    learner's was; `model.loss` then is Keras's full name of the loss. Raises Refused.
    """
    spec = read_spec(blueprint)
    model = build(spec, zeros=True)
    model.set_weights(_checked_weights(blueprint, model))
    if spec.optimizer is not None:
        import keras

        optimizer = getattr(keras.optimizers, spec.optimizer)(learning_rate=spec.learning_rate)
        model.compile(optimizer=optimizer, loss=spec.loss)
    _SPECS[model] = spec
    return model


def spec_of(model: Any) -> Spec:
    """Return the spec that a rebuilt model was built from."""
    return _SPECS[model]


def build(spec: Spec, zeros: bool) -> Any:
    """Build a fresh, uncompiled keras.Sequential; with zero weights, or Keras's default initializers."""
    import keras

    def layer(one: LayerSpec) -> Any:
        options = dict(one.options)
        if one.kind in _WRAPPERS:
            options["layer"] = layer(options["layer"])
        elif zeros:
            options |= dict.fromkeys(_INITIALIZERS.get(one.kind, ()), "zeros")
        return getattr(keras.layers, one.kind)(**options)

    allowed = MAX_PARAMETERS
    try:
        model = keras.Sequential([keras.Input(batch_shape=spec.input_shape)])
        shape = spec.input_shape
        for one in spec.layers:
            allowed -= _size(one, shape)
            if allowed < 0:
                raise Refused(f"it has more than {MAX_PARAMETERS:,} parameters")
            model.add(layer(one))
            shape = model.output_shape
    except Refused:
        raise
    except Exception as error:
        raise Refused("its layers do not fit together", str(error).partition("\n")[0][:150]) from None
    return model


def _size(layer: LayerSpec, shape: tuple[int | None, ...]) -> int:
    """Return about how many numbers a layer will hold, before any of them is allocated."""
    features, options = shape[-1] or 1, layer.options
    if layer.kind in _WRAPPERS:
        return 2 * _size(options["layer"], shape)
    if layer.kind == "Embedding":
        return int(options.get("input_dim", 0) * options.get("output_dim", 0))
    units = int(options.get("units", 0))
    if layer.kind == "Dense":
        return units * (features + 1)
    if layer.kind in ("SimpleRNN", "LSTM", "GRU"):
        gates = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}[layer.kind]
        states = 2 * units * (shape[0] or 1) if options.get("stateful") else 0
        return gates * units * (features + units + 2) + states
    return 4 * max(n or 1 for n in shape[1:])


def _checked_weights(blueprint: Blueprint, model: Any) -> list[np.ndarray]:
    wanted = [tuple(weight.shape) for weight in model.weights]
    if [w.shape for w in blueprint.weights] != wanted:
        raise Refused("its weights do not have the shapes that its layers ask for")
    if any(w.dtype != "float32" for w in blueprint.weights):
        raise Refused("its weights are not float32")
    try:
        weights: list[np.ndarray] = [decode(w) for w in blueprint.weights]
    except WireError as error:
        raise Refused(str(error)) from None
    if not all(np.isfinite(w).all() for w in weights):
        raise Refused("its weights hold NaN or infinity")
    return weights


# --- from received JSON to a Spec: every key is known, every value is checked ---


def read_spec(blueprint: Blueprint) -> Spec:
    """Reduce a blueprint to a Spec. Raises Refused on anything the tables do not name."""
    config = _json(blueprint.config)
    if blueprint.kind == "Sequential":
        layers = _list(config.get("layers"))
    elif blueprint.kind == "Functional":
        layers = _chain(config)
    else:
        raise Refused("its kind is not Sequential or Functional", blueprint.kind[:40])
    shape = blueprint.input_shape
    if not 2 <= len(shape) <= 5 or not all(n is None or 0 < n <= 100_000 for n in shape):
        raise Refused("it has more than one input, or an input without a shape")
    specs = tuple(_layer(one) for one in layers if one.get("class_name") != "InputLayer")
    if not 0 < len(specs) <= MAX_LAYERS:
        raise Refused(f"it has no layers, or more than {MAX_LAYERS}", f"{len(specs)}")
    if sum(len(w.data) for w in blueprint.weights) > 4 * MAX_PARAMETERS:
        raise Refused(f"it has more than {MAX_PARAMETERS:,} parameters")
    if blueprint.compiled is None:
        return Spec(shape, specs)
    compiled = _json(blueprint.compiled)
    return Spec(shape, specs, *_optimizer(compiled.get("optimizer")), _loss(compiled.get("loss")))


def _json(text: str) -> dict[str, Any]:
    if len(text) > MAX_CONFIG:
        raise Refused("its configuration is too long")
    try:
        value = json.loads(text, object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError):
        raise Refused("its configuration is not readable") from None
    if not isinstance(value, dict):
        raise Refused("its configuration is not readable")
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key is there twice")
    return dict(pairs)


def _list(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Refused("its configuration is not readable")
    return value


def _dict(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refused("its configuration is not readable")
    return value


def _chain(config: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a functional model's layers in order, if each takes just the one before it.

    The operations by which Keras itself works out a mask are left out: the
    rebuilt layers make their own.
    """
    everything = _list(config.get("layers"))
    masks = {str(layer.get("name")) for layer in everything if layer.get("class_name") in ("NotEqual", "Any")}
    layers = [layer for layer in everything if str(layer.get("name")) not in masks]
    before: str | None = None
    for layer in layers:
        calls = _list(layer.get("inbound_nodes", []))
        taken = [name for call in calls for name in _histories(call.get("args"))]
        if taken != ([] if before is None else [before]):
            raise Refused("its layers do not form one chain")
        for call in calls:
            for name, value in _dict(call.get("kwargs")).items():
                of_keras = name == "mask" and set(_histories(value)) <= masks
                if not of_keras and value not in (None, False):
                    raise Refused("a layer is called with extra arguments")
        before = str(layer.get("name"))
    outputs = re.findall(r'\["([^"]+)", 0, 0\]', json.dumps(config.get("output_layers")))
    if outputs != [before]:
        raise Refused("its output is not its last layer")
    return layers


def _histories(arguments: Any) -> list[str]:
    """Return the names of the layers whose outputs these arguments are."""
    return re.findall(r'"keras_history": \["([^"]+)"', json.dumps(arguments))


def _layer(received: dict[str, Any]) -> LayerSpec:
    kind, config = received.get("class_name"), received.get("config")
    if not isinstance(kind, str) or kind not in _LAYERS or not isinstance(config, dict):
        raise Refused("it holds a layer of a type that the course has no use for", str(kind)[:40])
    if str(received.get("registered_name") or kind) not in (kind, f"keras.layers>{kind}"):
        raise Refused(f"its {kind} layer is not Keras's own")
    policy = config.get("dtype")
    if isinstance(policy, dict):
        policy = _dict(policy.get("config") or {}).get("name")
    if policy not in (None, "float32"):
        raise Refused(f"its {kind} layer does not use float32")
    known = _LAYERS[kind] | {"trainable": "flag"}
    for name, value in config.items():
        # an option that is not rebuilt must be at a value that changes nothing
        if name not in known and not _IGNORED.fullmatch(name) and value not in _DEFAULTS.get(name, (None,)):
            raise Refused(f"its {kind} layer has an option that the judge does not rebuild", f"{name[:40]}")
    options = {
        name: _option(kind, name, config[name], check) for name, check in known.items() if name in config
    }
    backward, forward = options.pop("backward_layer", None), options.get("layer")
    if backward is not None and _direction_free(backward) != _direction_free(forward):
        raise Refused(f"its {kind} layer has two different layers inside")
    return LayerSpec(kind, options)


def _direction_free(layer: LayerSpec | None) -> tuple[Any, ...] | None:
    """What the two layers of a Bidirectional share."""
    return None if layer is None else (layer.kind, layer.options | {"go_backwards": None})


def _option(kind: str, name: str, value: Any, check: str) -> Any:
    good = {
        "flag": isinstance(value, bool),
        "count": type(value) is int and 0 < value <= MAX_UNITS,
        "rate": type(value) in (int, float) and 0 <= value < 1,
        "number": type(value) in (int, float) and math.isfinite(value),
        "shape": isinstance(value, list) and all(type(n) is int and -1 <= n <= 100_000 for n in value),
        "merge": value in ("concat", "sum", "mul", "ave"),
    }
    if check == "activation":
        if isinstance(value, dict):  # an activation object of Keras's own, such as keras.activations.tanh
            if not str(value.get("module")).startswith("keras"):
                raise Refused(f"its {kind} layer has an {name} that is not Keras's own")
            value = value.get("config") if value.get("class_name") == "function" else value.get("class_name")
        if not isinstance(value, str) or value not in _ACTIVATIONS:
            raise Refused(f"its {kind} layer has an {name} that the judge does not know")
        return value
    if check == "layer":
        if not isinstance(value, dict):
            raise Refused(f"its {kind} layer wraps nothing")
        if value.get("class_name") in tuple(_WRAPPERS):
            raise Refused(f"its {kind} layer wraps a wrapper")
        return _layer(value)
    if not good[check]:
        raise Refused(f"its {kind} layer has a {name} out of bounds", str(value)[:40])
    return tuple(value) if isinstance(value, list) else value


def _optimizer(received: Any) -> tuple[str, float]:
    name = received.get("class_name") if isinstance(received, dict) else received
    if not isinstance(name, str) or name not in _OPTIMIZERS:
        raise Refused("it is compiled with an optimizer that the judge does not know", str(name)[:40])
    config = received.get("config") if isinstance(received, dict) else None
    rate = config.get("learning_rate") if isinstance(config, dict) else None
    if type(rate) not in (int, float) or not 0 < rate < 100:  # type: ignore[operator]
        raise Refused("its learning rate is not a number")
    return name, float(rate)  # type: ignore[arg-type]


def _loss(received: Any) -> str | None:
    if received is None:
        return None
    if isinstance(received, dict):
        config = received.get("config")
        if isinstance(config, dict) and (config.get("from_logits") or config.get("label_smoothing")):
            raise Refused("it is compiled with a loss on logits or smoothed labels")
        received = config if received.get("class_name") == "function" else received.get("class_name")
    if isinstance(received, str):
        snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", received).lower()
        if snake in _LOSSES:
            return _LOSSES[snake]
    raise Refused("it is compiled with a loss that the judge does not know")


_RECURRENT = {
    "units": "count",
    "activation": "activation",
    "use_bias": "flag",
    "dropout": "rate",
    "recurrent_dropout": "rate",
    "return_sequences": "flag",
    "go_backwards": "flag",
    "stateful": "flag",
}
_LAYERS: dict[str, dict[str, str]] = {
    "SimpleRNN": _RECURRENT,
    "LSTM": _RECURRENT | {"recurrent_activation": "activation", "unit_forget_bias": "flag"},
    "GRU": _RECURRENT | {"recurrent_activation": "activation", "reset_after": "flag"},
    "Dense": {"units": "count", "activation": "activation", "use_bias": "flag"},
    "Embedding": {"input_dim": "count", "output_dim": "count", "mask_zero": "flag"},
    "Activation": {"activation": "activation"},
    "Dropout": {"rate": "rate"},
    "Flatten": {},
    "Reshape": {"target_shape": "shape"},
    "RepeatVector": {"n": "count"},
    "Masking": {"mask_value": "number"},
    "LayerNormalization": {"epsilon": "rate", "center": "flag", "scale": "flag"},
    "BatchNormalization": {"momentum": "rate", "epsilon": "rate", "center": "flag", "scale": "flag"},
    "GlobalAveragePooling1D": {},
    "GlobalMaxPooling1D": {},
    "TimeDistributed": {"layer": "layer"},
    "Bidirectional": {"layer": "layer", "backward_layer": "layer", "merge_mode": "merge"},
}
# what the judge does not rebuild: names and starting values change no prediction
_IGNORED = re.compile(r"name|dtype|seed|\w+_initializer|unroll|use_cudnn|synchronized|renorm_momentum")
_DEFAULTS: dict[str, tuple[Any, ...]] = {
    "return_state": (False,),
    "zero_output_for_mask": (False,),
    "axis": (-1, [-1]),
    "rms_scaling": (False,),
    "renorm": (False,),
    "data_format": ("channels_last",),
    "keepdims": (False,),
}
_WRAPPERS = frozenset(("TimeDistributed", "Bidirectional"))
_CELL_INITIALIZERS = ("kernel_initializer", "recurrent_initializer", "bias_initializer")
_INITIALIZERS = {
    "SimpleRNN": _CELL_INITIALIZERS,
    "LSTM": _CELL_INITIALIZERS,
    "GRU": _CELL_INITIALIZERS,
    "Dense": ("kernel_initializer", "bias_initializer"),
    "Embedding": ("embeddings_initializer",),
}
