"""A blueprint -> a Spec -> a Keras model made by the judge's own code."""

from __future__ import annotations

import warnings
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from msgspec.structs import replace

from grader.judge.models import ops
from grader.judge.models.compiling import read_compiling
from grader.judge.models.graph import read_functional, read_sequential
from grader.judge.models.layers import CONSTRAINTS, REGULARIZERS, WEIGHTS
from grader.judge.models.sizes import measure
from grader.judge.models.spec import MAX_PARAMETERS, Input, ModelRefused, Part, Spec, Tensor
from grader.judge.models.values import read_json
from grader.judge.wire.values import Blueprint, WireError, decode

_SPECS: WeakKeyDictionary[Any, tuple[Spec, int | None]] = WeakKeyDictionary()


def rebuild(blueprint: Blueprint) -> Any:
    """Return a keras.Model that predicts what the learner's model predicts.

    A chain of layers comes back as keras.Sequential, however it was written; a
    list of one input or output as that input or output. States of stateful
    layers begin at zero. The model is compiled
    with an optimizer of the same class and options, and the same loss, if the
    learner's was; `model.loss` is Keras's full name of it. Raises ModelRefused.
    """
    spec = read_spec(blueprint)
    model = build(spec, zeros=True)
    model.set_weights(_checked_weights(blueprint, model))
    if spec.optimizer is not None:
        _compile(model, spec.optimizer, spec.loss)
    _SPECS[model] = spec, blueprint.optimizer
    return model


def spec_of(model: Any) -> Spec:
    """Return the spec that a rebuilt model was built from."""
    return _SPECS[model][0]


def optimizer_token(model: Any) -> int | None:
    """Return a token of the optimizer that a rebuilt model had at the learner's; None if not compiled.

    Of models from one session, those with one token shared one optimizer object.
    """
    return _SPECS[model][1]


def read_spec(blueprint: Blueprint) -> Spec:
    """Reduce a blueprint to a Spec within the limits; Keras is not needed for it. Raises ModelRefused."""
    if sum(len(w.data) for w in blueprint.weights) > 4 * MAX_PARAMETERS:
        raise ModelRefused(f"it has more than {MAX_PARAMETERS:,} parameters")
    config = read_json(blueprint.config)
    if blueprint.kind == "Sequential":
        spec = read_sequential(config, blueprint.input_shape)
    elif blueprint.kind == "Functional":
        try:
            spec = read_functional(config)
        except RecursionError:  # only where the stack was nearly full before
            raise ModelRefused("its layers are nested too deeply") from None
    else:
        raise ModelRefused("it is neither a Sequential nor a functional model", blueprint.kind[:40])
    measure(spec)
    if blueprint.compiled is not None:
        optimizer, loss = read_compiling(read_json(blueprint.compiled))
        spec = replace(spec, optimizer=optimizer, loss=loss)
    return spec


def build(spec: Spec, zeros: bool) -> Any:
    """Build a fresh, uncompiled model; with zero weights, or Keras's default initializers.

    The latter is for training, and refused for several inputs or outputs.
    Raises ModelRefused.
    """
    several = len(spec.inputs) > 1 or len(spec.outputs) > 1 or spec.input_names or spec.output_names
    if several and not zeros:
        raise ModelRefused("it has several inputs or outputs, so the judge cannot train it")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on masks that a layer drops: the learner was told
            return _graph(spec, zeros) if spec.calls else _chain(spec, zeros)
    except Exception as error:
        raise ModelRefused("its layers do not fit together", str(error).partition("\n")[0][:150]) from None


def _chain(spec: Spec, zeros: bool) -> Any:
    import keras

    (one,) = spec.inputs
    return keras.Sequential([_input(one), *(_made(layer, zeros) for layer in spec.layers)])


def _graph(spec: Spec, zeros: bool) -> Any:
    import keras

    names = spec.input_names or (None,) * len(spec.inputs)
    inputs = [_input(one, name) for one, name in zip(spec.inputs, names, strict=True)]
    layers = [_made(layer, zeros) for layer in spec.layers]
    nodes = [[one] for one in inputs]

    def given(value: Any) -> Any:
        if isinstance(value, Tensor):
            return nodes[value.node][value.output]
        return [given(item) for item in value] if isinstance(value, tuple) else value

    for call in spec.calls:
        args = [given(value) for value in call.args]
        kwargs = {name: given(value) for name, value in call.kwargs.items()}
        if isinstance(call.of, Part):
            result = ops.apply(call.of, args, kwargs)
        else:
            result = layers[call.of](*args, **kwargs)
        nodes.append(keras.tree.flatten(result))
    outputs = [given(tensor) for tensor in spec.outputs]
    return keras.Model(_structure(inputs, spec.input_names), _structure(outputs, spec.output_names))


def _structure(tensors: list[Any], names: tuple[str, ...]) -> Any:
    if names:
        return dict(zip(names, tensors, strict=True))
    return tensors if len(tensors) > 1 else tensors[0]


def _input(one: Input, name: str | None = None) -> Any:
    import keras

    return keras.Input(batch_shape=one.shape, dtype=one.dtype, name=name)


def _made(part: Part, zeros: bool) -> Any:
    """Make the Keras object of a layer, regularizer or constraint."""
    import keras

    options = {
        name: _made(value, zeros) if isinstance(value, Part) else value
        for name, value in part.options.items()
    }
    if part.kind in REGULARIZERS:
        return getattr(keras.regularizers, part.kind)(**options)
    if part.kind in CONSTRAINTS:
        return getattr(keras.constraints, part.kind)(**options)
    if zeros:
        # the weights arrive anyway, and orthogonal ones of 2,000 units take a minute to draw
        options |= {f"{weight}_initializer": "zeros" for weight in WEIGHTS.get(part.kind, ())}
    return getattr(keras.layers, part.kind)(**options)


def _compile(model: Any, optimizer: Part, loss: str | tuple[str, ...] | None) -> None:
    import keras

    try:
        made = getattr(keras.optimizers, optimizer.kind)(**optimizer.options)
        model.compile(optimizer=made, loss=list(loss) if isinstance(loss, tuple) else loss)
    except Exception as error:
        raise ModelRefused("it is compiled with incompatible options", str(error)[:150]) from None


def _checked_weights(blueprint: Blueprint, model: Any) -> list[np.ndarray]:
    wanted = [tuple(weight.shape) for weight in model.weights]
    if [w.shape for w in blueprint.weights] != wanted:
        raise ModelRefused("the shapes of its weights do not match its layers")
    if any(w.dtype != "float32" for w in blueprint.weights):
        raise ModelRefused("its weights are not float32")
    try:
        weights: list[np.ndarray] = [decode(w) for w in blueprint.weights]
    except WireError as error:
        raise ModelRefused(str(error)) from None
    if not all(np.isfinite(w).all() for w in weights):
        raise ModelRefused("its weights contain NaN or infinity")
    return weights
