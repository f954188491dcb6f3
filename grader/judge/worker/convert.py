"""Convert the learner's tensors, figures and models to wire data.

This module imports no library. A value can be a tensor, a figure or a model only
if the learner's code has imported the library.
"""

from __future__ import annotations

import itertools
import json
import sys
import weakref
from typing import Any

from grader.judge.wire.values import (
    Array,
    AxesData,
    Blueprint,
    FigureData,
    LineData,
    Opaque,
    Value,
    encode,
    type_name,
)
from grader.judge.worker.own_functions import OwnFunctions

_tokens: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
_numbers = itertools.count()


def convert(value: Any) -> Value:
    """Return a tensor, figure or model as wire data, or None for any other value."""
    keras = sys.modules.get("keras")
    if keras is not None and hasattr(keras, "Model") and isinstance(value, keras.Model):
        return blueprint(value)
    figures = sys.modules.get("matplotlib.figure")
    if figures is not None and isinstance(value, figures.Figure):
        return figure(value)
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and isinstance(value, tensorflow.Tensor | tensorflow.Variable):
        return encode(value.numpy()) if is_eager() else Opaque(type_name(value), "not_eager")
    return None


def is_eager() -> bool:
    """Return False if learner code has turned off TensorFlow's eager execution."""
    tensorflow = sys.modules.get("tensorflow")
    try:
        return tensorflow is None or bool(tensorflow.executing_eagerly())
    except Exception:  # learner code may have replaced or half imported it
        return True


def _has_values(model: Any) -> bool:
    """Return False if a model was built without eager execution, so that its weights have no values."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None:
        return True
    handles = (getattr(weight.value, "handle", None) for weight in model.weights)
    return is_eager() and not any(
        handle is not None and tensorflow.is_symbolic_tensor(handle) for handle in handles
    )


def figure(drawn: Any) -> FigureData:
    """Return a matplotlib figure's titles, labels and legends, and the data of its lines."""
    # a legend of the whole figure applies to all of its axes
    shared = drawn.legends[0] if drawn.legends else None
    return FigureData(drawn.get_suptitle(), tuple(_axes(axes, shared) for axes in drawn.axes))


def _axes(axes: Any, shared_legend: Any) -> AxesData:
    legend = axes.get_legend() or shared_legend
    return AxesData(
        title=axes.get_title(),
        xlabel=axes.get_xlabel(),
        ylabel=axes.get_ylabel(),
        legend=None if legend is None else tuple(text.get_text() for text in legend.get_texts()),
        lines=tuple(_line(line) for line in axes.get_lines()),
    )


def _line(line: Any) -> LineData:
    import numpy as np

    x, y = (np.asarray(data, dtype=np.float64) for data in line.get_data(orig=False))
    label = str(line.get_label())
    # matplotlib names unlabeled lines "_child0" and so on
    return LineData("" if label.startswith("_") else label, encode(x), encode(y))


def blueprint(model: Any) -> Value:
    """Return a Keras model's configurations and weights, or Opaque with a reason if it cannot be sent."""
    kind = type(model).__name__
    if kind not in ("Sequential", "Functional") or not type(model).__module__.startswith("keras."):
        return Opaque(type_name(model), "custom_model")
    if not model.built:
        return Opaque(type_name(model), "unbuilt_model")
    if not _has_values(model):
        return Opaque(type_name(model), "not_eager")
    own = OwnFunctions()
    try:
        with own.taken_out(model):
            config = json.dumps(own.put_in(model.get_config()))
        compiled = json.dumps(_compiling(model, own)) if model.compiled else None
    except (TypeError, ValueError, NotImplementedError):
        return Opaque(type_name(model), "custom_parts")
    import numpy as np  # already imported by Keras

    # the weight of some layers is a single number, which Keras returns as a scalar
    weights = tuple(encode(np.asarray(weight)) for weight in model.get_weights())
    optimizer = getattr(model, "optimizer", None)
    return Blueprint(
        kind=kind,
        config=config,
        compiled=compiled,
        input_shape=_plain_shape(model.input_shape),
        weights=tuple(w for w in weights if isinstance(w, Array)),
        optimizer=None if optimizer is None else _token(optimizer),
        steps=_steps(optimizer),
        functions=tuple(own.values),
        owners=_owners(model),
    )


def _compiling(model: Any, own: OwnFunctions) -> dict[str, Any]:
    """Return how a model is compiled, without its metrics, which may be any code."""
    import keras

    given = dict(model._compile_config.config)
    kept = {name: given.get(name) for name in ("optimizer", "loss_weights", "run_eagerly")}
    serialized = keras.saving.serialize_keras_object({**kept, "loss": own.loss(given.get("loss"))})
    return dict(serialized)


def _steps(optimizer: Any) -> int:
    """Return the number of training steps that an optimizer has made."""
    try:
        return max(0, int(optimizer.iterations.numpy()))
    except Exception:  # there is no optimizer, or not one of Keras's own
        return 0


def _owners(model: Any) -> tuple[int, ...]:
    """Return the tokens of a model and of its layers that have weights. Sharing others is harmless."""
    layers = (layer for layer in model._flatten_layers(include_self=True) if layer.weights)
    return tuple(dict.fromkeys(map(_token, layers)))


def _token(owner: Any) -> int:
    """Return a number that identifies an object. Unlike `id`, it is never reused."""
    if owner not in _tokens:
        _tokens[owner] = next(_numbers)
    return _tokens[owner]


def _plain_shape(shape: Any) -> tuple[int | None, ...]:
    if all(n is None or isinstance(n, int) for n in shape):
        return tuple(shape)
    return ()  # the model has several inputs, so the judge reads the shapes from its configuration
