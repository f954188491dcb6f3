"""Read the configuration of a Sequential or functional model as inputs, layers and calls."""

from __future__ import annotations

import re
from typing import Any

from grader.judge.models import values as v
from grader.judge.models.functions import Values, lambda_step
from grader.judge.models.layers import is_float32, read_layer
from grader.judge.models.ops import is_op, read_op
from grader.judge.models.spec import (
    MAX_CALLS,
    MAX_LAYERS,
    MAX_LENGTH,
    Cut,
    Dots,
    GraphCall,
    Input,
    ModelRefused,
    ModelUnknown,
    Part,
    Shape,
    Spec,
    Tensor,
)

_NAME = re.compile(r"[A-Za-z0-9_]{1,64}")
# keyword arguments that a layer call may have, in the order in which `shapes` takes them
_KEYWORDS = (
    "inputs query sequences sequence value key initial_state mask query_mask value_mask key_mask"
    " attention_mask training use_causal_mask return_attention_scores"
).split()


def read_sequential(config: dict[str, Any], shape: Shape, values: Values = ()) -> Spec:
    """Return the Spec of a Sequential whose input has this `shape`.

    `values` are those of the learner's own functions. Raises ModelRefused.
    """
    received = v.as_dicts(config.get("layers"))
    inputs = [layer for layer in received if layer.get("class_name") == "InputLayer"]
    dtype = _input(inputs[0]).dtype if inputs else "float32"
    layers = [layer for layer in received if layer.get("class_name") != "InputLayer"]
    if not 0 < len(layers) <= MAX_LAYERS:
        raise ModelRefused(f"it has no layers or more than {MAX_LAYERS}", f"{len(layers)}")
    taken = (Input(_shape(shape), dtype),)
    steps = [_layer_or_step(layer, values) for layer in layers]
    read = tuple(step for step in steps if isinstance(step, Part))
    if len(read) == len(steps):
        return Spec(taken, read)
    numbers = iter(range(len(read)))
    calls = [
        GraphCall(next(numbers), (Tensor(node),), {})
        if isinstance(step, Part)
        else GraphCall(Part("GetItem", {}), _step_of(Tensor(node), step), {})
        for node, step in enumerate(steps)
    ]
    return Spec(taken, read, tuple(calls), (Tensor(len(calls)),))


def _layer_or_step(received: dict[str, Any], values: Values) -> Part | int:
    """Return a layer, or the time step that a Lambda layer takes."""
    if received.get("class_name") == "Lambda" and v.is_of_keras(received, "keras.layers"):
        return lambda_step(v.as_dict(received.get("config")).get("function"), values)
    return read_layer(received)


def _step_of(tensor: Tensor, step: int) -> tuple[Any, ...]:
    """Return the arguments of GetItem for x[:, step]."""
    return tensor, (Cut(None, None, None), step)


def read_functional(config: dict[str, Any], values: Values = ()) -> Spec:
    """Return the Spec of a functional model, without parts that lead to no output.

    A graph that is only a chain of layers becomes a chain. Raises ModelRefused.
    """
    spec = _GraphReader(config, values).read()
    if _is_chain(spec):
        return Spec(spec.inputs, spec.layers)
    return spec


class _GraphReader:
    """A reader that follows outputs back to inputs and numbers layers and nodes in that order."""

    def __init__(self, config: dict[str, Any], values: Values) -> None:
        self._values = values
        self._parts: dict[str, Part | int] = {}
        received = v.as_dicts(config.get("layers"))
        if len(received) > MAX_CALLS:
            raise ModelRefused(f"it has more than {MAX_CALLS} layers and operations")
        self._received = {str(layer.get("name")): layer for layer in received}
        self._config = config
        self._nodes: dict[tuple[str, int], int | None] = {}  # None while a node's arguments are being read
        self._numbers: dict[str, int] = {}
        self._layers: list[Part] = []
        self._calls: list[GraphCall] = []
        self._inputs: list[Input] = []

    def read(self) -> Spec:
        taken, input_names = _references(self._config.get("input_layers"))
        for name, index, output in taken:
            layer = self._received.get(name, {})
            if layer.get("class_name") != "InputLayer" or (name, index) in self._nodes or index or output:
                raise ModelRefused("its inputs are not input layers")
            self._nodes[name, index] = len(self._inputs)
            self._inputs.append(_input(layer))
        given, output_names = _references(self._config.get("output_layers"))
        outputs = tuple(self._tensor(*reference) for reference in given)
        if not self._calls:
            raise ModelRefused("it has no layers")
        return Spec(
            inputs=tuple(self._inputs),
            layers=tuple(self._layers),
            calls=tuple(self._calls),
            outputs=outputs,
            input_names=input_names,
            output_names=output_names,
        )

    def _tensor(self, name: str, index: int, output: int) -> Tensor:
        if (name, index) not in self._nodes:
            if name not in self._received:
                raise ModelRefused("its configuration cannot be read")
            self._nodes[name, index] = None
            call = self._call(name, index)
            self._nodes[name, index] = len(self._inputs) + len(self._calls)
            self._calls.append(call)
            if len(self._calls) > MAX_CALLS:
                raise ModelRefused(f"it has more than {MAX_CALLS} calls to layers and operations")
        node = self._nodes[name, index]
        if node is None:
            raise ModelRefused("its layers form a cycle")
        return Tensor(node, output)

    def _call(self, name: str, index: int) -> GraphCall:
        received = self._received[name]
        if received.get("class_name") == "InputLayer":
            raise ModelRefused("it uses an input layer that is not one of its inputs")
        nodes = v.as_dicts(received.get("inbound_nodes"))
        if not 0 <= index < len(nodes):
            raise ModelRefused("its configuration cannot be read")
        args = self._argument(nodes[index].get("args"))
        if not isinstance(args, tuple):
            raise ModelRefused("its configuration cannot be read")
        kwargs = {
            key: self._argument(value)
            for key, value in sorted(v.as_dict(nodes[index].get("kwargs")).items(), key=_order)
            if value is not None
        }
        if is_op(received):
            if kwargs or not _is_for_op(received.get("class_name"), args):
                raise ModelRefused("it uses an operation in an unsupported way")
            return GraphCall(read_op(received), args, {})
        if not set(kwargs) <= set(_KEYWORDS) or not all(map(_is_for_layers, (*args, *kwargs.values()))):
            raise ModelRefused("a layer is called with an unsupported argument")
        if name not in self._parts:
            self._parts[name] = _layer_or_step(received, self._values)
        part = self._parts[name]
        if isinstance(part, int):
            if len(args) != 1 or not isinstance(args[0], Tensor):
                raise ModelUnknown("its Lambda layer takes something other than one tensor")
            return GraphCall(Part("GetItem", {}), _step_of(args[0], part), {})
        return GraphCall(self._layer(name, part), args, kwargs)

    def _layer(self, name: str, part: Part) -> int:
        if name not in self._numbers:
            self._numbers[name] = len(self._layers)
            self._layers.append(part)
            if len(self._layers) > MAX_LAYERS:
                raise ModelRefused(f"it has no layers or more than {MAX_LAYERS}", f"{len(self._layers)}")
        return self._numbers[name]

    def _argument(self, value: Any, depth: int = 3) -> Any:
        if isinstance(value, list) and depth and len(value) <= MAX_LAYERS:
            return tuple(self._argument(item, depth - 1) for item in value)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float) and abs(value) <= 1e9:
            return value
        if isinstance(value, dict):
            kind, config = value.get("class_name"), v.as_dict(value.get("config"))
            if kind == "__keras_tensor__":
                return self._tensor(*_reference(config.get("keras_history")))
            if kind == "__slice__":
                return _cut(config)
            if kind == "__ellipsis__":
                return Dots()
            if kind == "__numpy__":
                raise ModelUnknown("it calls an operation with an array. Use plain numbers and layers")
        raise ModelRefused("a layer or operation is called with an unsupported argument")


def _order(item: tuple[str, Any]) -> int:
    return _KEYWORDS.index(item[0]) if item[0] in _KEYWORDS else len(_KEYWORDS)


def _is_for_op(kind: Any, args: tuple[Any, ...]) -> bool:
    """Return True if an operation can take these arguments.

    Allowed are tensors, lists of tensors and numbers, or x[key] for GetItem.
    """
    if kind != "GetItem":
        return all(_is_for_layers(arg) or isinstance(arg, int | float) for arg in args)
    key = args[1:]
    parts = key[0] if len(key) == 1 and isinstance(key[0], tuple) else key
    known = all(part is None or type(part) is int or isinstance(part, Cut | Dots) for part in parts)
    return len(args) == 2 and isinstance(args[0], Tensor) and known


def _is_for_layers(value: Any) -> bool:
    """Return True if a layer can take this argument: tensors, lists of tensors, booleans or None."""
    if isinstance(value, tuple):
        return all(map(_is_for_layers, value))
    return value is None or isinstance(value, bool | Tensor)


def _cut(config: dict[str, Any]) -> Cut:
    ends = [config.get(name) for name in ("start", "stop", "step")]
    if (
        any(end is not None and (type(end) is not int or abs(end) > MAX_LENGTH) for end in ends)
        or ends[2] == 0
    ):
        raise ModelRefused("it slices with something other than plain integers")
    return Cut(*ends)


def _reference(value: Any) -> tuple[str, int, int]:
    """Return the name of a layer, the index of its call, and the index of an output of the call."""
    good = isinstance(value, list) and len(value) == 3 and isinstance(value[0], str)
    if not good or any(type(n) is not int or not 0 <= n < MAX_CALLS for n in value[1:]):
        raise ModelRefused("its configuration cannot be read")
    return tuple(value)


def _references(value: Any) -> tuple[list[tuple[str, int, int]], tuple[str, ...]]:
    """Read one reference, or a list or dictionary of them. Return the references and the keys."""
    if isinstance(value, dict):
        if not all(map(_NAME.fullmatch, value)):
            raise ModelRefused(
                "the name of an input or output is not made of letters, digits and underscores"
            )
        names, items = tuple(value), list(value.values())
    else:
        single = isinstance(value, list) and bool(value) and isinstance(value[0], str)
        names, items = (), [value] if single else value
    if not isinstance(items, list) or not 0 < len(items) <= MAX_LAYERS:
        raise ModelRefused("it has no inputs or outputs, or too many")
    return [_reference(item) for item in items], names


def _input(received: dict[str, Any]) -> Input:
    config = v.as_dict(received.get("config"))
    dtype = "float32" if is_float32(config.get("dtype")) else config.get("dtype")
    if dtype not in ("float32", "int32", "int64", "bool", "uint8"):
        raise ModelRefused("it has an input whose dtype is neither float32 nor an integer type")
    if config.get("sparse") or config.get("ragged") or config.get("optional"):
        raise ModelRefused("it has a sparse, ragged or optional input")
    return Input(_shape(config.get("batch_shape")), dtype)


def _shape(shape: Any) -> Shape:
    lengths = isinstance(shape, list | tuple) and 2 <= len(shape) <= 5
    if not lengths or not all(n is None or (type(n) is int and 0 < n <= MAX_LENGTH) for n in shape):
        raise ModelRefused("it has an input without a valid shape")
    return tuple(shape)


# --- chains ---

_PASS_MASKS_ON = frozenset(
    "Dense Activation Dropout SpatialDropout1D GaussianNoise LayerNormalization BatchNormalization".split()
)


def _is_chain(spec: Spec) -> bool:
    """Return True if keras.Sequential would build the same graph from the same layers.

    Masks that Keras derives from Embedding or Masking are allowed. Any other extra
    argument is not.
    """
    if len(spec.inputs) != 1 or len(spec.outputs) != 1 or spec.input_names or spec.output_names:
        return False
    here, mask, seen = Tensor(0), None, 0
    for node, call in enumerate(spec.calls, start=1):
        if isinstance(call.of, Part):
            continue  # it can only compute a mask, or `here` would not be the next layer's argument
        switches = {name: value for name, value in call.kwargs.items() if value is not False}
        received = switches.pop("mask", None)
        own_mask = received is None or (mask is not None and _formula(spec, received) == mask)
        layer = spec.layers[call.of]
        if call.of != seen or call.args != (here,) or switches or not own_mask or _returns_several(layer):
            return False
        mask = _next_mask(layer, here, mask)
        here, seen = Tensor(node), seen + 1
    return spec.outputs == (here,)


def _returns_several(layer: Part) -> bool:
    inner = layer.options.get("layer", layer)
    return bool(inner.options.get("return_state")) or layer.options.get("merge_mode", "concat") is None


def _next_mask(layer: Part, before: Tensor, mask: Any) -> Any:
    """Return the formula of the mask that Keras attaches to a layer's output, or None if unsure."""
    options = layer.options
    if layer.kind == "Embedding":
        return ("NotEqual", before, 0) if options.get("mask_zero") else None
    if layer.kind == "Masking":
        return ("Any", ("NotEqual", before, options.get("mask_value", 0.0)))
    inner = options["layer"] if layer.kind == "Bidirectional" else layer
    return mask if layer.kind in _PASS_MASKS_ON or inner.options.get("return_sequences") else None


def _formula(spec: Spec, value: Any) -> Any:
    """Return an argument as the nested operations that produce it. Outputs of layers stay Tensors."""
    call = spec.calls[value.node - 1] if isinstance(value, Tensor) and value.node else None
    if call is None or not isinstance(call.of, Part):
        return value
    if call.of.options not in ({}, {"axis": -1, "keepdims": False}):
        return None
    return (call.of.kind, *(_formula(spec, arg) for arg in call.args))
