"""Find the first layer of a model that computes something else than in the model of the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from grader.judge.models.spec import GraphCall, Part, Spec, Tensor

Alike = Callable[[Spec, Spec], bool]  # says whether two structures predict the same with equal weights


class Difference(NamedTuple):
    """A layer with equal weights but other results.

    `number` counts the layers of its kind from 1, and is 0 if there is only one. `after_missing` is
    True if a layer of the contract that comes earlier is missing.
    """

    number: int
    got: Part
    expected: Part
    after_missing: bool


def first_difference(got: Spec, expected: Spec, alike: Alike) -> Difference | None:
    """Return the first layer of the contract whose results differ, or None if it is none of them.

    All layers before it compute the right results or are missing, so the difference is in this
    layer's options or in what it receives.
    """
    got, expected = _as_graph(got), _as_graph(expected)
    theirs, ours = _by_layer(got), _by_layer(expected)
    missing = False
    for (kind, number), node in ours.items():
        other = theirs.get((kind, number))
        if other is None:
            missing = True
        elif not alike(_up_to(got, other), _up_to(expected, node)):
            several = (kind, 2) in ours
            return Difference(number * several, _layer(got, other), _layer(expected, node), missing)
    return None


def _as_graph(spec: Spec) -> Spec:
    if spec.calls:
        return spec
    calls = tuple(GraphCall(number, (Tensor(number),), {}) for number in range(len(spec.layers)))
    return replace(spec, calls=calls, outputs=(Tensor(len(calls)),))


def _by_layer(spec: Spec) -> dict[tuple[str, int], int]:
    """Return the number of each call of a layer, by the layer's kind and a count for this kind."""
    found: dict[tuple[str, int], int] = {}
    for call, each in enumerate(spec.calls):
        if isinstance(each.of, int):
            kind = spec.layers[each.of].kind
            found[kind, 1 + sum(other == kind for other, _ in found)] = call
    return found


def _layer(spec: Spec, call: int) -> Part:
    of = spec.calls[call].of
    assert isinstance(of, int)
    return spec.layers[of]


def _up_to(spec: Spec, last: int) -> Spec:
    """Return the part of a model that leads to the first result of a call."""
    first = len(spec.inputs)
    needed = {last}
    for call in range(last, -1, -1):
        if call in needed:
            each = spec.calls[call]
            needed |= {node - first for node in _nodes((each.args, *each.kwargs.values())) if node >= first}
    kept = sorted(needed)
    layers = sorted({of for call in kept if isinstance(of := spec.calls[call].of, int)})
    nodes = {node: node for node in range(first)} | {first + call: first + n for n, call in enumerate(kept)}
    calls = []
    for call in kept:
        each = spec.calls[call]
        of = layers.index(each.of) if isinstance(each.of, int) else each.of
        kwargs = {name: _moved(value, nodes) for name, value in each.kwargs.items()}
        calls.append(GraphCall(of, _moved(each.args, nodes), kwargs))
    return replace(
        spec,
        layers=tuple(spec.layers[number] for number in layers),
        calls=tuple(calls),
        outputs=(Tensor(nodes[first + last]),),
    )


def _nodes(value: Any) -> Iterator[int]:
    if isinstance(value, Tensor):
        yield value.node
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


def _moved(value: Any, nodes: dict[int, int]) -> Any:
    if isinstance(value, Tensor):
        return Tensor(nodes[value.node], value.output)
    return tuple(_moved(item, nodes) for item in value) if isinstance(value, tuple) else value
