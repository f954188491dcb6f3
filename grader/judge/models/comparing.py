"""Compare a model with the one that the contract asks for, option by option.

Neutral are names, metrics, seeds, the API that built the model, and ways of computing
such as `unroll` and `jit_compile`, which do not reach a Spec. Neutral is also the way to
write a step: an Activation layer is the activation of the layer before it, and taking
the last of all states is what `return_sequences=False` does.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from grader.judge import sentences
from grader.judge.models.compiling import LOGITS
from grader.judge.models.connecting import Alike, first_difference
from grader.judge.models.layers import RECURRENT, WEIGHTS, WRAPPERS
from grader.judge.models.spec import Cut, Dots, Part, Spec, Tensor

# layers that act only in training
NOISE = frozenset(("Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout"))
_WEIGHTED = frozenset(WEIGHTS) | WRAPPERS
# options that predictions do not show
_TRAINING = ("dropout", "recurrent_dropout", "stateful", "unit_forget_bias", "trainable")
_TRAINING_ENDS = ("_initializer", "_regularizer", "_constraint")
_OPS = {
    "Relu": "relu", "Tanh": "tanh", "Sigmoid": "sigmoid", "Silu": "silu", "Softplus": "softplus",
    "Softmax": "softmax", "LogSoftmax": "log_softmax",
}  # fmt: skip
_LAST = Part("the last step", {})  # x[:, -1]
_ALL = Cut(None, None, None)


def layers_differ(got: Spec, expected: Spec, alike: Alike) -> str:
    """Return a sentence about the first difference in inputs or layers, or ""."""
    if got.inputs != expected.inputs:
        return sentences.other_input()
    if len(got.outputs) > 1 or got.output_names:
        return sentences.other_output()
    if bool(got.input_names) != bool(expected.input_names):
        return sentences.other_kind_of_input(bool(expected.input_names))
    ours, theirs = _chain(expected), _chain(got)
    for part in theirs if theirs is not None else got.layers:
        if part.kind in NOISE and part not in (ours or expected.layers):
            return sentences.extra_layer(part.kind)
    if ours is not None and theirs is not None and _kinds(ours) == _kinds(theirs):
        pairs = [*zip(theirs, ours, strict=True)]
        only_training = False
    else:
        some = [[_layer(p) for p in spec.layers if p.kind in _WEIGHTED] for spec in (got, expected)]
        same_kinds = _kinds(some[0]) == _kinds(some[1])
        only_training = same_kinds and alike(got, expected)
        if not only_training and ours is not None:
            return sentences.other_layers(_kinds(ours))
        if not same_kinds:
            return sentences.other_layers_of_graph(_kinds(expected.layers))
        if _kinds(got.layers) == _kinds(expected.layers):
            some = [[*map(_layer, spec.layers)] for spec in (got, expected)]  # those without weights, too
        pairs = [*zip(*some, strict=True)]
        if not only_training:
            connecting = (
                ["return_state"] if got.calls == expected.calls else ["return_state", "return_sequences"]
            )
            pairs = [(_without(theirs, connecting), _without(ours, connecting)) for theirs, ours in pairs]
            if not any(_layer_differs(*pair, only_training) for pair in pairs):
                return _connections_differ(got, expected, alike)
    return next((said for pair in pairs if (said := _layer_differs(*pair, only_training))), "")


def _connections_differ(got: Spec, expected: Spec, alike: Alike) -> str:
    """Return a sentence about the first layer whose results differ, where the layers have equal weights."""
    found = first_difference(got, expected, alike)
    if found is None:
        return sentences.other_connections()
    if found.after_missing:
        return sentences.other_layers_of_graph(_kinds(expected.layers))
    layer = sentences.numbered(found.expected.kind, found.number)
    got_layer, expected_layer = (_without(part, ["return_state"]) for part in (found.got, found.expected))
    return _layer_differs(got_layer, expected_layer, False, layer) or sentences.other_arguments(layer)


def compiling_differs(got: Spec, expected: Spec) -> str:
    """Return a sentence about the first difference in optimizer, loss and compile options, or ""."""
    if expected.optimizer is None:
        return "" if got.optimizer is None else sentences.is_compiled()
    if got.optimizer is None:
        return sentences.not_compiled()
    if got.optimizer.kind != expected.optimizer.kind:
        return sentences.other_optimizer(expected.optimizer.kind)
    ours, theirs = (_optimizer_options(part) for part in (expected.optimizer, got.optimizer))
    for name, value in ours.items():
        if name == "learning_rate" and not _equal(theirs.get(name), value):
            return sentences.other_rate()
        if not _equal(theirs.get(name), value):
            return sentences.other_option(
                "optimizer", name, _is_default("optimizers", expected.optimizer, name)
            )
    if got.loss != expected.loss:
        wanted = expected.loss if isinstance(expected.loss, str) else ""
        return (
            sentences.loss_of_logits(wanted) if got.loss == wanted + LOGITS else sentences.other_loss(wanted)
        )
    for name in got.compile_options:
        if name not in expected.compile_options:
            return sentences.other_compile_option(name)
    return "" if got.compile_options == expected.compile_options else sentences.other_compile_option("")


def is_fresh(spec: Spec, names: list[str], weights: list[np.ndarray], initial: list[np.ndarray]) -> bool:
    """Return False if weights cannot be initial ones.

    `names` are Keras's names of the weights, and `initial` holds weights that are known
    to be fresh. The layers have the default initializers if `initial` comes from such.
    """
    kinds = [part.options.get(f"{name}_initializer") for part in _weighted(spec) for name in _names(part)]
    if len(kinds) != len(weights):
        kinds = [None] * len(weights)
    for name, kind, weight, first in zip(names, kinds, weights, initial, strict=True):
        if name.endswith(("bias", "beta", "gamma")):
            if kind in (None, Part("Zeros", {}), Part("Ones", {})) and not np.allclose(weight, first):
                return False
        elif kind == Part("GlorotUniform", {}) and weight.ndim == 2:
            if np.abs(weight).max() > np.sqrt(6 / sum(weight.shape)) * 1.001:
                return False
        elif kind == Part("Orthogonal", {"gain": 1.0}) and weight.ndim == 2:
            wide = weight if weight.shape[0] <= weight.shape[1] else weight.T
            if not np.allclose(wide @ wide.T, np.eye(len(wide)), atol=1e-3):
                return False
    return True


def _weighted(spec: Spec) -> list[Part]:
    return [part for part in spec.layers if part.kind in WEIGHTS]


def _names(part: Part) -> list[str]:
    """Return the names of a layer's weights that have initializers, in Keras's order."""
    return [n for n in WEIGHTS[part.kind] if n != "bias" or part.options.get("use_bias", True)]


def _kinds(parts: Any) -> list[str]:
    return [part.kind for part in parts]


def _without(part: Part, names: Collection[str]) -> Part:
    """Return a layer without options that only serve its connection to others."""
    return Part(part.kind, {name: value for name, value in part.options.items() if name not in names})


# --- layers as a chain ---


def _chain(spec: Spec) -> list[Part] | None:
    """Return the layers in one spelling, or None if the model is not a chain."""
    steps = [*_steps(spec)]
    if None in steps:
        return None
    chain: list[Part] = []
    for step in steps:
        assert step is not None
        before = chain[-1] if chain else None
        if step.kind == "Activation":
            activation = step.options.get("activation", "linear")
            if activation == "linear":
                continue
            if before is not None and _activation(before) == "linear" and before.kind not in RECURRENT:
                chain[-1] = Part(before.kind, before.options | {"activation": activation})
                continue
        if step == _LAST and before is not None and _returns_all(before):
            chain[-1] = Part(before.kind, before.options | {"return_sequences": False})
            continue
        if step.kind in NOISE and not any(step.options.get(name) for name in ("rate", "stddev")):
            continue
        chain.append(step)
    return chain


def _activation(part: Part) -> str | None:
    """Return a layer's activation, or None if it takes none."""
    return _filled(part).get("activation") if part.kind in ("Dense", "Conv1D", "Activation") else None


def _returns_all(part: Part) -> bool:
    return (
        part.kind in RECURRENT
        and part.options.get("return_sequences", False)
        and not part.options.get("return_state", False)
    )


def _steps(spec: Spec) -> Iterator[Part | None]:
    """Yield the layers and operations of a chain in order, and None where it is not a chain."""
    if not spec.calls:
        yield from map(_layer, spec.layers)
        return
    if len(spec.inputs) != 1 or spec.outputs != (Tensor(len(spec.calls)),):
        yield None
    used: set[int] = set()
    for node, call in enumerate(spec.calls):
        first, rest = call.args[0] if call.args else None, call.args[1:]
        given = [value for value in call.kwargs.values() if value is not False]
        if first != Tensor(node) or given or (isinstance(call.of, int) and (rest or call.of in used)):
            yield None
        elif isinstance(call.of, Part):
            yield _operation(call.of, rest)
        else:
            used.add(call.of)
            yield _layer(spec.layers[call.of])


def _layer(part: Part) -> Part:
    """Return a layer in its shortest spelling: an activation as an Activation, a Dense layer unwrapped."""
    options = part.options
    if part.kind == "TimeDistributed":
        inner: Part = options["layer"]
        plain = options.get("trainable", True) and options.get("activity_regularizer") is None
        if plain and inner.kind in ("Dense", "Activation"):
            return _layer(inner)  # it acts on each step anyway
    if part.kind == "Softmax" and options.get("axis", -1) == -1:
        return Part("Activation", {"activation": "softmax"})
    if part.kind == "ReLU" and not any(options.get(name) for name in ("negative_slope", "threshold")):
        return Part("Activation", {"activation": "relu"}) if options.get("max_value") is None else part
    return part


def _operation(op: Part, rest: tuple[Any, ...]) -> Part | None:
    if op.kind in _OPS and not rest and op.options.get("axis", -1) == -1:
        return Part("Activation", {"activation": _OPS[op.kind]})
    if op.kind == "GetItem" and len(rest) == 1:
        key = rest[0] if isinstance(rest[0], tuple) else (rest[0],)
        while len(key) > 2 and key[-1] in (_ALL, Dots()):
            key = key[:-1]
        if key == (_ALL, -1):
            return _LAST
    return None


# --- options ---


def _layer_differs(got: Part, expected: Part, only_training: bool, layer: str = "") -> str:
    layer = layer or sentences.numbered(expected.kind)
    ours, theirs = _filled(expected), _filled(got)
    inner = ours.pop("layer", None), theirs.pop("layer", None)
    for name in sorted(ours.keys() | theirs.keys(), key=_order):
        if only_training and not _is_for_training(name):
            continue
        if _equal(theirs.get(name), ours.get(name)):
            continue
        if name == "activation" and isinstance(ours.get(name), str):
            return sentences.other_activation(expected.kind, ours[name])
        if name == "trainable":
            return sentences.frozen_layer(expected.kind)
        return sentences.other_option(layer, name, _is_default("layers", expected, name))
    if isinstance(inner[0], Part) and isinstance(inner[1], Part):
        if inner[0].kind != inner[1].kind:
            return sentences.other_inner_layer(expected.kind, inner[0].kind)
        return _layer_differs(inner[1], inner[0], only_training)
    return ""


def _order(name: str) -> tuple[bool, bool, str]:
    """Sort the sizes of a layer first and the ways of training it last."""
    return _is_for_training(name), name not in ("units", "filters", "activation"), name


def _is_for_training(name: str) -> bool:
    return name in _TRAINING or name.endswith(_TRAINING_ENDS)


def _filled(part: Part) -> dict[str, Any]:
    """Return a layer's options with Keras's defaults for those that are not set."""
    defaults = _defaults("layers", part.kind)
    options = {name: value for name, value in defaults.items() if value is not None} | part.options
    # Keras's defaults are names of initializers, and a rebuilt layer has the initializers themselves
    options = {
        name: value
        for name, value in options.items()
        if not (isinstance(value, str) and name.endswith(_TRAINING_ENDS)) and name not in _NEUTRAL
    }
    if options.get("activation") == "swish":
        options["activation"] = "silu"
    for name in ("activation", "recurrent_activation"):
        if name in defaults:
            options.setdefault(name, "linear")
    return {"trainable": True} | options


_NEUTRAL = (
    "seed",
    "unroll",
    "use_cudnn",
    "synchronized",
    "lora_rank",
    "lora_alpha",
    "lora_ratio",
    "data_format",
)


def _defaults(module: str, kind: str) -> dict[str, Any]:
    """Return the default options of a class of Keras's."""
    import keras

    known = getattr(getattr(keras, module), kind, None)
    parameters = inspect.signature(known).parameters.values() if known is not None else ()
    return {p.name: p.default for p in parameters if p.default is not p.empty and p.name != "name"}


def _is_default(module: str, part: Part, name: str) -> bool:
    """Return True if the contract leaves an option at Keras's default."""
    if name.endswith(_TRAINING_ENDS):
        return True
    defaults = _defaults(module, part.kind)
    return name in defaults and _equal(part.options.get(name, defaults[name]), defaults[name])


def _optimizer_options(part: Part) -> dict[str, Any]:
    options = _defaults("optimizers", part.kind) | part.options
    if not options.get("use_ema"):
        options |= {"ema_momentum": None, "ema_overwrite_frequency": None}
    return options | {"weight_decay": options.get("weight_decay") or None}


def _equal(one: Any, other: Any) -> bool:
    if type(one) in (int, float) and type(other) in (int, float):
        return bool(np.isclose(one, other, rtol=1e-5, atol=0))  # Keras keeps rates as float32
    return bool(one == other)
