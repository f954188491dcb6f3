"""The layers that the judge rebuilds, and the reading of a received layer."""

from __future__ import annotations

import re
from typing import Any

from grader.judge.models import values as v
from grader.judge.models.spec import MAX_LENGTH, ModelRefused, ModelUnknown, Part

ACTIVATIONS = frozenset(
    "linear relu tanh sigmoid hard_sigmoid softmax softplus softsign elu selu gelu silu swish exponential"
    " leaky_relu relu6 log_softmax mish".split()
)
REGULARIZERS: dict[str, dict[str, v.Check]] = {
    "L1": {"l1": v.number(0, 1e6)},
    "L2": {"l2": v.number(0, 1e6)},
    "L1L2": {"l1": v.number(0, 1e6), "l2": v.number(0, 1e6)},
}
CONSTRAINTS: dict[str, dict[str, v.Check]] = {
    "NonNeg": {},
    "MaxNorm": {"max_value": v.positive, "axis": v.axes},
    "UnitNorm": {"axis": v.axes},
    "MinMaxNorm": {
        "min_value": v.number(0, 1e9), "max_value": v.positive, "rate": v.number(0, 1), "axis": v.axes
    },
}  # fmt: skip
_nothing: dict[str, v.Check] = {}  # besides a seed, which is ignored
_scaled: dict[str, v.Check] = {"mean": v.anything, "stddev": v.anything}
_gain: dict[str, v.Check] = {"gain": v.anything}
INITIALIZERS: dict[str, dict[str, v.Check]] = {
    **dict.fromkeys(("Zeros", "Ones"), _nothing),
    **dict.fromkeys(
        "GlorotUniform GlorotNormal HeUniform HeNormal LecunUniform LecunNormal".split(), _nothing
    ),
    **dict.fromkeys(("RandomNormal", "TruncatedNormal"), _scaled),
    **dict.fromkeys(("Orthogonal", "Identity"), _gain),
    "RandomUniform": {"minval": v.anything, "maxval": v.anything},
    "Constant": {"value": v.anything},
    "VarianceScaling": {
        "scale": v.anything,
        "mode": v.one_of("fan_in", "fan_out", "fan_avg"),
        "distribution": v.one_of("normal", "truncated_normal", "untruncated_normal", "uniform"),
    },
}
# weights by layer; each can have an initializer, a regularizer and a constraint
WEIGHTS = {
    **dict.fromkeys(("SimpleRNN", "LSTM", "GRU"), ("kernel", "recurrent", "bias")),
    **dict.fromkeys(("Dense", "Conv1D", "MultiHeadAttention"), ("kernel", "bias")),
    **dict.fromkeys(("LayerNormalization", "BatchNormalization"), ("beta", "gamma")),
    "Embedding": ("embeddings",),
}
RECURRENT = frozenset(("SimpleRNN", "LSTM", "GRU"))
WRAPPERS = frozenset(("TimeDistributed", "Bidirectional"))

# ignored options: names, seeds, initial values of averages, and ways of computing
_IGNORED = re.compile(r"name|dtype|seed|moving_\w+_initializer|unroll|use_cudnn|synchronized|renorm_momentum")


def read_layer(received: dict[str, Any]) -> Part:
    """Return a serialized layer as a Part. Raises ModelRefused for anything not in the tables."""
    kind, config = received.get("class_name"), received.get("config")
    if kind in ("Sequential", "Functional", "Model"):
        raise ModelUnknown("it contains another model")
    if not isinstance(kind, str) or kind not in _LAYERS or not isinstance(config, dict):
        raise ModelUnknown("it contains a layer of a type that the course does not support", str(kind)[:40])
    if not v.is_of_keras(received, "keras.layers"):
        raise ModelUnknown(
            f"its {kind} layer is not Keras's own", general="one of its layers is not Keras's own"
        )
    if not is_float32(config.get("dtype")):
        raise ModelRefused(
            f"its {kind} layer does not use float32", general="one of its layers does not use float32"
        )
    owner = f"its {kind} layer"
    options = v.read_options(owner, _known(kind), config, _IGNORED)
    if kind in WRAPPERS:
        _check_wrapped(kind, options)
    return Part(kind, options)


def is_float32(policy: Any) -> bool:
    """Return True if a serialized dtype policy uses only float32."""
    if isinstance(policy, dict):
        config = policy.get("config")
        policy = config.get("name") if isinstance(config, dict) else policy
    return policy is None or policy == "float32"


def _known(kind: str) -> dict[str, v.Check]:
    known = dict(_LAYERS[kind])
    for weight in WEIGHTS.get(kind, ()):
        known[f"{weight}_initializer"] = v.optional(_initializer)
        known[f"{weight}_regularizer"] = v.optional(_regularizer)
        known[f"{weight}_constraint"] = v.optional(_constraint)
    return known | {"activity_regularizer": v.optional(_regularizer), "trainable": v.flag}


def _check_wrapped(kind: str, options: dict[str, Any]) -> None:
    inner = options.get("layer")
    if inner is None:
        raise ModelRefused(
            f"its {kind} layer does not wrap a layer", general="a wrapper does not wrap a layer"
        )
    if kind == "TimeDistributed":
        return
    if inner.kind not in RECURRENT:
        raise ModelRefused("its Bidirectional layer wraps a layer that is not recurrent")
    # Keras derives the backward layer itself, so only an exact mirror image can be left out
    backward = options.pop("backward_layer", None)
    if backward is not None and backward != mirrored(inner):
        raise ModelRefused("its Bidirectional layer contains two different layers")


def mirrored(layer: Part) -> Part:
    """Return the same recurrent layer with the opposite direction."""
    return Part(layer.kind, layer.options | {"go_backwards": not layer.options.get("go_backwards", False)})


def _inner(value: Any) -> Part:
    received = v.as_dict(value)
    if received.get("class_name") in tuple(WRAPPERS):
        raise ModelRefused("it contains a wrapper inside a wrapper")
    return read_layer(received)


def _activation(value: Any) -> str:
    if isinstance(value, dict):
        if value.get("class_name") != "function" or value.get("module") not in ("keras.activations", "keras"):
            raise ModelUnknown("one of its layers has an activation that is not a Keras function")
        value = value.get("config")
    if not isinstance(value, str) or value not in ACTIVATIONS:
        raise ModelUnknown("one of its layers has an unsupported activation")
    return value


def _initializer(value: Any) -> Part:
    """Return an initializer. It changes no prediction, so one that is not known is only noted."""
    received = value if isinstance(value, dict) else {}
    kind, config = received.get("class_name"), received.get("config")
    own = not isinstance(kind, str) or kind not in INITIALIZERS
    if own or not v.is_of_keras(received, "keras.initializers"):
        return Part("custom", {})
    ignored = re.compile("seed|dtype|input_axes|output_axes")
    return Part(str(kind), v.read_options("an initializer", INITIALIZERS[str(kind)], config, ignored))


def _from(table: dict[str, dict[str, v.Check]], module: str, word: str) -> v.Check:
    def check(value: Any) -> Part:
        received = v.as_dict(value)
        kind = received.get("class_name")
        if not isinstance(kind, str) or kind not in table or not v.is_of_keras(received, module):
            raise ModelRefused(
                f"one of its layers has an unsupported {word}",
                str(kind)[:40],
                "a part has an unsupported option",
            )
        return Part(kind, v.read_options(f"its {kind} {word}", table[kind], received.get("config"), _IGNORED))

    return check


_regularizer = _from(REGULARIZERS, "keras.regularizers", "regularizer")
_constraint = _from(CONSTRAINTS, "keras.constraints", "constraint")

_padding_same = v.one_of("valid", "same")
_width = v.either(v.count, v.several(v.count, most=1))
_ends = v.either(v.whole(0, MAX_LENGTH), v.several(v.whole(0, MAX_LENGTH), 2, 2))
_last = v.only("channels_last")
_recurrent: dict[str, v.Check] = {
    "units": v.count,
    "activation": _activation,
    "use_bias": v.flag,
    "dropout": v.rate,
    "recurrent_dropout": v.rate,
    "return_sequences": v.flag,
    "return_state": v.flag,
    "go_backwards": v.flag,
    "stateful": v.flag,
    "zero_output_for_mask": v.flag,
}
_pooling: dict[str, v.Check] = {
    "pool_size": _width, "strides": v.optional(_width), "padding": _padding_same, "data_format": _last
}  # fmt: skip
_whole_pooling: dict[str, v.Check] = {"keepdims": v.flag, "data_format": _last}
_norm: dict[str, v.Check] = {"axis": v.axes, "epsilon": v.rate, "center": v.flag, "scale": v.flag}

_LAYERS: dict[str, dict[str, v.Check]] = {
    "SimpleRNN": _recurrent,
    "LSTM": _recurrent | {"recurrent_activation": _activation, "unit_forget_bias": v.flag},
    "GRU": _recurrent | {"recurrent_activation": _activation, "reset_after": v.flag},
    "Dense": {"units": v.count, "activation": _activation, "use_bias": v.flag},
    "Embedding": {"input_dim": v.whole(1, MAX_LENGTH), "output_dim": v.count, "mask_zero": v.flag},
    "Conv1D": {
        "filters": v.count,
        "kernel_size": _width,
        "strides": _width,
        "padding": v.one_of("valid", "same", "causal"),
        "dilation_rate": _width,
        "groups": v.count,
        "activation": _activation,
        "use_bias": v.flag,
        "data_format": _last,
    },
    "MaxPooling1D": _pooling,
    "AveragePooling1D": _pooling,
    "GlobalMaxPooling1D": _whole_pooling,
    "GlobalAveragePooling1D": _whole_pooling,
    "ZeroPadding1D": {"padding": _ends, "data_format": _last},
    "Cropping1D": {"cropping": _ends},
    "UpSampling1D": {"size": v.count},
    "Activation": {"activation": _activation},
    "ReLU": {
        "max_value": v.optional(v.number(0, 1e9)),
        "negative_slope": v.anything,
        "threshold": v.number(0, 1e9),
    },
    "LeakyReLU": {"negative_slope": v.number(0, 1e9)},
    "Softmax": {"axis": v.axes},
    "Dropout": {"rate": v.rate},
    "SpatialDropout1D": {"rate": v.rate},
    "GaussianNoise": {"stddev": v.number(0, 1e9)},
    "GaussianDropout": {"rate": v.rate},
    "Flatten": {"data_format": _last},
    "Reshape": {"target_shape": v.several(v.whole(-1, MAX_LENGTH), fewest=0)},
    "Permute": {"dims": v.several(v.whole(1, 6))},
    "RepeatVector": {"n": v.count},
    "Masking": {"mask_value": v.anything},
    "LayerNormalization": _norm | {"rms_scaling": v.only(False)},
    "BatchNormalization": _norm | {"momentum": v.number(0, 1), "renorm": v.only(False)},
    "UnitNormalization": {"axis": v.axes},
    **{kind: {} for kind in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")},
    "Concatenate": {"axis": v.axis},
    "Dot": {"axes": v.either(v.axis, v.several(v.axis, 2, 2)), "normalize": v.flag},
    "Attention": {"use_scale": v.flag, "score_mode": v.one_of("dot", "concat"), "dropout": v.rate},
    "AdditiveAttention": {"use_scale": v.flag, "dropout": v.rate},
    "MultiHeadAttention": {
        "num_heads": v.count,
        "key_dim": v.count,
        "value_dim": v.optional(v.count),
        "dropout": v.rate,
        "use_bias": v.flag,
        "output_shape": v.optional(v.either(v.count, v.several(v.count, most=1))),
        "attention_axes": v.optional(v.axes),
        "use_gate": v.only(False),
    },
    "TimeDistributed": {"layer": _inner},
    "Bidirectional": {
        "layer": _inner,
        "backward_layer": v.optional(_inner),
        "merge_mode": v.either(v.only("concat"), v.one_of("sum", "mul", "ave"), v.nothing),
    },
}
