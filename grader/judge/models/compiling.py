"""Read how a model is compiled: an optimizer with checked options, and a loss by its name."""

from __future__ import annotations

import re
from typing import Any

from grader.judge.models import values as v
from grader.judge.models.functions import Values, is_reference, loss_name
from grader.judge.models.layers import is_float32
from grader.judge.models.spec import MAX_LAYERS, ModelRefused, ModelUnknown, Part

_common: dict[str, v.Check] = {
    "learning_rate": v.number(1e-30, 100),
    "weight_decay": v.optional(v.number(0, 100)),
    "clipnorm": v.optional(v.positive),
    "global_clipnorm": v.optional(v.positive),
    "clipvalue": v.optional(v.positive),
    "use_ema": v.flag,
    "ema_momentum": v.number(0, 1),
    "ema_overwrite_frequency": v.optional(v.whole(1, 10**6)),
    "loss_scale_factor": v.optional(v.positive),
    "gradient_accumulation_steps": v.optional(v.whole(2, 10**6)),
}
_epsilon: dict[str, v.Check] = {"epsilon": v.number(0, 1e9)}
_betas: dict[str, v.Check] = {"beta_1": v.rate, "beta_2": v.rate}
_adam = _common | _betas | _epsilon
_OPTIMIZERS: dict[str, dict[str, v.Check]] = {
    "SGD": _common | {"momentum": v.number(0, 1), "nesterov": v.flag},
    "Adam": _adam | {"amsgrad": v.flag},
    "AdamW": _adam | {"amsgrad": v.flag},
    "Adamax": _adam,
    "Nadam": _adam,
    "RMSprop": _common | _epsilon | {"rho": v.rate, "momentum": v.number(0, 1), "centered": v.flag},
    "Adagrad": _common | _epsilon | {"initial_accumulator_value": v.number(0, 1e9)},
    "Adadelta": _common | _epsilon | {"rho": v.rate},
    "Lion": _common | _betas,
}
_SHORT_LOSSES = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "msle": "mean_squared_logarithmic_error",
    "mape": "mean_absolute_percentage_error",
    "kld": "kl_divergence",
    "bce": "binary_crossentropy",
    "kldivergence": "kl_divergence",  # from the class KLDivergence
}
LOSSES = frozenset(
    "mean_squared_error mean_absolute_error mean_squared_logarithmic_error mean_absolute_percentage_error"
    " categorical_crossentropy sparse_categorical_crossentropy binary_crossentropy"
    " huber log_cosh cosine_similarity kl_divergence poisson hinge squared_hinge categorical_hinge".split()
)
LOGITS = " from logits"  # ends the name of a loss that applies the sigmoid or the softmax itself
_OF_LOGITS = ("binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy")
# options of loss objects: apart from logits, only the defaults of the loss functions are accepted
_LOSS_DEFAULTS: dict[str, v.Check] = {
    "reduction": v.only("sum_over_batch_size", "mean"),
    "from_logits": v.flag,
    "label_smoothing": v.only(0, 0.0),
    "axis": v.only(-1),
    "delta": v.only(1, 1.0),
}
_NAME = re.compile("name")


def read_compiling(
    compiled: dict[str, Any], values: Values
) -> tuple[Part, str | tuple[str, ...] | None, tuple[str, ...]]:
    """Return the optimizer, the loss or a tuple with one loss per output, and other options that are set.

    A loss is Keras's full name of it. The name of one that reads logits ends with LOGITS.
    `values` are those of the learner's own functions. Metrics and ways of computing are
    ignored. Raises ModelRefused.
    """
    options = []
    if any(weight != 1 for weight in _loss_weights(compiled.get("loss_weights"))):
        options.append("loss_weights")
    if compiled.get("run_eagerly"):
        options.append("run_eagerly")
    loss = compiled.get("loss")
    if isinstance(loss, dict) and "class_name" not in loss:
        raise ModelRefused("it is compiled with a dictionary of losses. Give one loss or a list")
    optimizer = _optimizer(compiled.get("optimizer"))
    if loss is None:
        return optimizer, None, tuple(options)
    if isinstance(loss, list):
        if not 0 < len(loss) <= MAX_LAYERS:
            raise ModelRefused("it is compiled with too many losses")
        losses = tuple(_loss(each, values) for each in loss)
        return optimizer, losses if len(losses) > 1 else losses[0], tuple(options)
    return optimizer, _loss(loss, values), tuple(options)


def _loss_weights(received: Any) -> list[Any]:
    """Return the weights of a number, list or dictionary; they are only compared with 1."""
    if received is None:
        return []
    if isinstance(received, dict):
        return list(received.values())
    return received if isinstance(received, list) else [received]


def _optimizer(received: Any) -> Part:
    received = v.as_dict(received)
    kind, config = received.get("class_name"), v.as_dict(received.get("config"))
    known = isinstance(kind, str) and kind in _OPTIMIZERS and v.is_of_keras(received, "keras.optimizers")
    if not known:
        raise ModelRefused("it is compiled with an unsupported optimizer", str(kind)[:40])
    if isinstance(config.get("learning_rate"), dict):
        raise ModelRefused("its learning rate is a schedule. Give a number")
    return Part(str(kind), v.read_options(f"its optimizer {kind}", _OPTIMIZERS[str(kind)], config, _NAME))


def _loss(received: Any, values: Values) -> str:
    if isinstance(received, str):
        return _full_name(received)
    received = v.as_dict(received)
    if is_reference(received):
        return loss_name(received, values, LOSSES)
    kind, config = received.get("class_name"), received.get("config")
    # Keras serializes its own functions as functions of builtins
    if kind == "function" and received.get("module") in ("builtins", "keras.losses"):
        if config in tuple(LOSSES):
            return str(config)
    elif v.is_of_keras(received, "keras.losses") and isinstance(kind, str):
        name, config = _full_name(kind), v.as_dict(config)
        if config.get("label_smoothing"):
            raise ModelRefused("it is compiled with a loss that uses label smoothing")
        if not is_float32(config.get("dtype")):
            raise ModelRefused("it is compiled with a loss that does not use float32")
        v.read_options(f"its loss {name}", _LOSS_DEFAULTS, config, re.compile("name|dtype"))
        return name + LOGITS if config.get("from_logits") and name in _OF_LOGITS else name
    raise ModelUnknown("it is compiled with a loss of an unknown kind")


def _full_name(name: str) -> str:
    """Return Keras's full name of a loss, given that name, a short one or its class name."""
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name[:64]).lower()
    snake = _SHORT_LOSSES.get(snake, snake)
    if snake not in LOSSES:
        raise ModelRefused("it is compiled with an unsupported loss", name[:40])
    return snake
