"""Turn a blueprint into a Spec, and a Spec into a Keras model built by the judge's own code."""

from __future__ import annotations

import warnings
from enum import Enum, auto
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from grader.judge.models import ops
from grader.judge.models.compiling import LOGITS, read_compiling
from grader.judge.models.functions import with_names
from grader.judge.models.graph import read_functional, read_sequential
from grader.judge.models.layers import CONSTRAINTS, REGULARIZERS, WEIGHTS
from grader.judge.models.sizes import check_batch, measure
from grader.judge.models.spec import (
    MAX_PARAMETERS,
    Input,
    ModelRefused,
    ModelUnknown,
    Part,
    Spec,
    Tensor,
)
from grader.judge.models.values import read_json
from grader.judge.wire.values import Blueprint, WireError, decode


class InitialWeights(Enum):
    """The weights of a freshly built model."""

    ZEROS = auto()
    KERAS_DEFAULTS = auto()


class Origin(Struct, frozen=True):
    """The spec that a model was built from, and the identities of the learner's objects.

    `optimizer` is the token of the optimizer, which has made `steps` training steps.
    `owners` are the tokens of the model and of its layers.
    """

    spec: Spec
    optimizer: int | None
    steps: int
    owners: frozenset[int]


_ORIGINS: WeakKeyDictionary[Any, Origin] = WeakKeyDictionary()


def rebuild(blueprint: Blueprint) -> Any:
    """Return a keras.Model that predicts what the learner's model predicts.

    A chain of layers becomes keras.Sequential, whichever API the learner used. A list
    of one input or output becomes that input or output. The states of stateful layers
    start at zero. If the learner's model was compiled, the result is compiled with the
    same loss and an optimizer of the same class and options. `model.loss` is then
    Keras's full name of the loss, or an object if it reads logits. Raises ModelRefused.
    """
    spec = read_spec(blueprint)
    model = build(spec, InitialWeights.ZEROS)
    model.set_weights(_checked_weights(blueprint, model))
    if spec.optimizer is not None:
        _compile(model, spec.optimizer, spec.loss)
    _ORIGINS[model] = Origin(spec, blueprint.optimizer, blueprint.steps, frozenset(blueprint.owners))
    return model


def origin_of(model: Any) -> Origin:
    """Return where a rebuilt model comes from."""
    return _ORIGINS[model]


def spec_of(model: Any) -> Spec:
    """Return the spec that a rebuilt model was built from."""
    return _ORIGINS[model].spec


def optimizer_token(model: Any) -> int | None:
    """Return a token for the learner's optimizer of a rebuilt model, or None if it was not compiled.

    Models of one session whose tokens are equal shared one optimizer object.
    """
    return _ORIGINS[model].optimizer


def read_spec(blueprint: Blueprint) -> Spec:
    """Reduce a blueprint to a Spec within the limits, without using Keras. Raises ModelRefused."""
    if sum(len(w.data) for w in blueprint.weights) > 4 * MAX_PARAMETERS:
        raise ModelRefused(f"it has more than {MAX_PARAMETERS:,} parameters")
    values = blueprint.functions
    config = with_names(read_json(blueprint.config), values)
    if blueprint.kind == "Sequential":
        spec = read_sequential(config, blueprint.input_shape, values)
    elif blueprint.kind == "Functional":
        try:
            spec = read_functional(config, values)
        except RecursionError:  # only if the stack was nearly full already
            raise ModelRefused("its layers are nested too deeply") from None
    else:
        raise ModelUnknown("it is neither a Sequential nor a functional model", blueprint.kind[:40])
    measure(spec)
    if blueprint.compiled is not None:
        optimizer, loss, options = read_compiling(read_json(blueprint.compiled), values)
        spec = replace(spec, optimizer=optimizer, loss=loss, compile_options=options)
    return spec


def build(spec: Spec, weights: InitialWeights) -> Any:
    """Build a new, uncompiled keras.Model with the given initial weights.

    KERAS_DEFAULTS is for training and requires a single input and output. Raises
    ModelRefused if that is not so or the layers do not fit together.
    """
    several = len(spec.inputs) > 1 or len(spec.outputs) > 1 or spec.input_names or spec.output_names
    if several and weights is InitialWeights.KERAS_DEFAULTS:
        raise ModelRefused("it has several inputs or outputs, so the judge cannot train it")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras has already warned the learner about dropped masks
            return _bounded(_graph(spec, weights) if spec.calls else _chain(spec, weights), spec)
    except Exception as error:
        raise ModelRefused("its layers do not fit together", str(error).partition("\n")[0][:150]) from None


def _bounded(model: Any, spec: Spec) -> Any:
    """Make the model refuse a batch for which it would compute too many numbers. Return it.

    `predict` passes batches whose size is not known in advance; these are small.
    """
    import keras

    call = model.call

    def bounded_call(inputs: Any, *args: Any, **kwargs: Any) -> Any:
        shapes = [tuple(tensor.shape) for tensor in keras.tree.flatten(inputs)]
        if not any(None in shape for shape in shapes):
            check_batch(spec, shapes)
        return call(inputs, *args, **kwargs)

    model.call = bounded_call
    return model


def _chain(spec: Spec, weights: InitialWeights) -> Any:
    import keras

    (one,) = spec.inputs
    return keras.Sequential([_input(one), *(_keras_object(layer, weights) for layer in spec.layers)])


def _graph(spec: Spec, weights: InitialWeights) -> Any:
    import keras

    names = spec.input_names or (None,) * len(spec.inputs)
    inputs = [_input(one, name) for one, name in zip(spec.inputs, names, strict=True)]
    layers = [_keras_object(layer, weights) for layer in spec.layers]
    nodes = [[one] for one in inputs]

    def resolve(value: Any) -> Any:
        if isinstance(value, Tensor):
            return nodes[value.node][value.output]
        return [resolve(item) for item in value] if isinstance(value, tuple) else value

    for call in spec.calls:
        args = [resolve(value) for value in call.args]
        kwargs = {name: resolve(value) for name, value in call.kwargs.items()}
        if isinstance(call.of, Part):
            result = ops.apply(call.of, args, kwargs)
        else:
            result = layers[call.of](*args, **kwargs)
        nodes.append(keras.tree.flatten(result))
    outputs = [resolve(tensor) for tensor in spec.outputs]
    return keras.Model(_structure(inputs, spec.input_names), _structure(outputs, spec.output_names))


def _structure(tensors: list[Any], names: tuple[str, ...]) -> Any:
    if names:
        return dict(zip(names, tensors, strict=True))
    return tensors if len(tensors) > 1 else tensors[0]


def _input(one: Input, name: str | None = None) -> Any:
    import keras

    return keras.Input(batch_shape=one.shape, dtype=one.dtype, name=name)


def _keras_object(part: Part, weights: InitialWeights) -> Any:
    """Create the Keras object for a layer, regularizer or constraint."""
    import keras

    options = {
        name: _keras_object(value, weights) if isinstance(value, Part) else value
        for name, value in part.options.items()
        if not name.endswith("_initializer")  # the judge's models start from other weights
    }
    if part.kind in REGULARIZERS:
        return getattr(keras.regularizers, part.kind)(**options)
    if part.kind in CONSTRAINTS:
        return getattr(keras.constraints, part.kind)(**options)
    if weights is InitialWeights.ZEROS:
        # the real weights follow, and drawing orthogonal weights for 2,000 units takes a minute
        options |= {f"{weight}_initializer": "zeros" for weight in WEIGHTS.get(part.kind, ())}
    return getattr(keras.layers, part.kind)(**options)


def _compile(model: Any, optimizer: Part, loss: str | tuple[str, ...] | None) -> None:
    import keras

    try:
        instance = getattr(keras.optimizers, optimizer.kind)(**optimizer.options)
        losses = [*map(_loss, loss)] if isinstance(loss, tuple) else loss and _loss(loss)
        model.compile(optimizer=instance, loss=losses)
    except Exception as error:
        raise ModelRefused("it is compiled with incompatible options", str(error)[:150]) from None


def _loss(name: str) -> Any:
    """Return what Keras takes for a loss that `read_compiling` has read."""
    if not name.endswith(LOGITS):
        return name
    import keras

    kind = name.removesuffix(LOGITS).title().replace("_", "")
    return getattr(keras.losses, kind)(from_logits=True)


def _checked_weights(blueprint: Blueprint, model: Any) -> list[np.ndarray]:
    shapes = [tuple(weight.shape) for weight in model.weights]
    if [w.shape for w in blueprint.weights] != shapes:
        raise ModelRefused("the shapes of its weights do not match its layers")
    if any(w.dtype != "float32" for w in blueprint.weights):
        raise ModelRefused("its weights are not float32")
    try:
        weights: list[np.ndarray] = [decode(w) for w in blueprint.weights]
    except WireError as error:
        raise ModelRefused("its weights cannot be read", str(error)) from None
    if not all(np.isfinite(w).all() for w in weights):
        raise ModelRefused("its weights contain NaN or infinity")
    return weights
