"""Name the relation between the answers of a learner's function and those of the reference solution.

The relation must hold in every call of the failed tests in which the two differ.
Nothing that it says comes from values: it names results and arguments of
`exercise.yaml`, and which relation of a fixed list holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, permutations
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from grader.content.exercise import Function
from grader.content.relations import RelationKind as R
from grader.judge.recognition.behavior import Observed, same
from grader.judge.recognition.likeness import ENOUGH, close, distinct, is_telling
from grader.judge.recognition.pairs import Content, Pair, as_entries, comparable, is_inverted
from grader.judge.recognition.relations import (
    OF_VALUES,
    RELATIONS,
    is_scrambled,
    lost_axes,
    mirrored,
    places,
    relation_of,
    reversed_axes,
    rows_of,
)
from grader.judge.wire.values import Array, Integer, List, Scalar, Tuple, Value, decode

MAX_RESULTS = 5  # results whose order is compared
MAX_CALLS = 60  # calls of one function that are compared with each other
_COMPARED = frozenset({"array", "float", "int", "string", "list", "dict"})  # kinds of results


class Trace(NamedTuple):
    """The calls of one failed test, made on the learner's functions and on the reference solution."""

    test: str
    mine: Sequence[Observed]
    right: Sequence[Observed]


class Found(Struct, frozen=True, kw_only=True):
    """A relation that holds for one function.

    `results` are the names of the results that it is about, or () for all of a
    function's, and `together` is True if it is about all of them joined. `side` tells
    which axis is meant: "first", "second", "last" or "". `sometimes` is True if other calls in the
    same tests are right.
    """

    kind: R
    tests: tuple[str, ...]
    results: tuple[str, ...] = ()
    argument: str = ""
    other: str = ""  # the result that a duplicated one repeats
    side: str = ""
    together: bool = False
    sometimes: bool = False


class _Call(NamedTuple):
    """A call with equal arguments on both sides. `parts` are the results by name, if none is missing."""

    test: str
    mine: Observed
    right: Observed
    parts: dict[str, tuple[Value, Value]]  # mine and right
    is_same: bool


def is_comparable(function: Function) -> bool:
    """Return True if a relation of the function's results can be named."""
    return not _COMPARED.isdisjoint(function.returns.values())


def relate(function: Function, traces: Sequence[Trace]) -> Found | None:
    """Return the relation between a function and the reference solution, or None if none is certain."""
    calls = [call for trace in traces for call in _calls(function, trace)]
    values = [call for call in calls if call.mine.error is None and call.right.error is None]
    if any(not call.is_same for call in values):
        found: Callable[[Function, list[_Call]], Found | None]
        if (entries := _entries(function, values)) is not None:
            return next(filter(None, (found(*entries) for found in _OF_RESULTS)), None)
        for found in (_printed, *_OF_RESULTS, _constant, _argument_ignored):
            if relation := found(function, values):
                return relation
        return None
    return _of_errors(calls) or _cast(function, calls, traces)


def aligned(mine: Sequence[Observed], right: Sequence[Observed]) -> Iterator[tuple[Observed, Observed]]:
    """Yield the calls of two sides in pairs, as long as both receive the same calls."""
    for one, other in zip(mine, right, strict=False):
        if (one.function, one.given) != (other.function, other.given):
            return
        yield one, other


def _calls(function: Function, trace: Trace) -> Iterator[_Call]:
    """Yield the aligned calls of a function."""
    for mine, right in aligned(trace.mine, trace.right):
        if mine.function == function.name:
            is_same = mine.error is None and right.error is None and same(mine.value, right.value)
            yield _Call(trace.test, mine, right, _parts(function, mine, right), is_same)


def _parts(function: Function, mine: Observed, right: Observed) -> dict[str, tuple[Value, Value]]:
    names = [*function.returns]
    if len(names) == 1:
        return {names[0]: (mine.value, right.value)}  # type: ignore[dict-item]
    both = mine.value, right.value
    if not all(isinstance(each, List | Tuple) and len(each.items) == len(names) for each in both):
        return {}
    return dict(zip(names, zip(both[0].items, both[1].items, strict=True), strict=True))  # type: ignore


def _tests(calls: Iterable[_Call]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(call.test for call in calls))


def _wrong(calls: Iterable[_Call]) -> list[_Call]:
    return [call for call in calls if not call.is_same]


def _entries(function: Function, calls: list[_Call]) -> tuple[Function, list[_Call]] | None:
    """Return each entry of a dictionary of dictionaries as a call that has the inner values as results.

    Return None unless the contract names all inner keys. Their names are told, so they must not
    come from anywhere else.
    """
    if [*function.returns.values()] != ["dict"]:
        return None
    entries: list[_Call] = []
    keys: list[str] = []
    for call in calls:
        mine, right = (as_entries(each.value) for each in (call.mine, call.right))
        if mine is None or right is None or mine.keys() != right.keys():
            return None
        for name, inner in right.items():
            keys = keys or [*inner]
            if not {*inner} == {*mine[name]} == {*keys}:
                return None
            values = [Tuple(tuple(each[key] for key in keys)) for each in (mine[name], inner)]
            sides = [replace(side, value=value) for side, value in zip(call[1:3], values, strict=True)]
            parts = {key: (mine[name][key], inner[key]) for key in keys}
            entries.append(_Call(call.test, sides[0], sides[1], parts, same(*values)))
    if not keys or not all(f'"{key}"' in function.text for key in keys):
        return None
    return replace(function, returns=dict.fromkeys(keys, "any")), entries


# --- one call after the other ---


def _printed(function: Function, calls: list[_Call]) -> Found | None:
    wrong = _wrong(calls)
    if all(call.mine.value is None and call.mine.printed for call in wrong):
        return Found(kind=R.PRINTED, tests=_tests(wrong))
    return None


def _swapped(function: Function, calls: list[_Call]) -> Found | None:
    """Return the order of the results that explains all wrong calls, if it is the only one."""
    names = [*function.returns]
    wrong = _wrong(calls)
    if not 2 <= len(names) <= MAX_RESULTS or not all(call.parts for call in wrong):
        return None
    orders = set(permutations(range(len(names))))
    for call in wrong:
        pairs = [call.parts[name] for name in names]
        agree = [[same(mine, right) for _, right in pairs] for mine, _ in pairs]
        orders = {order for order in orders if all(agree[n][order[n]] for n in range(len(names)))}
    if len(orders) != 1:
        return None
    order = orders.pop()
    moved = tuple(names[n] for n in range(len(names)) if order[n] != n)
    kind = R.SWAPPED if len(moved) == 2 else R.RESULTS_REORDERED
    return Found(kind=kind, tests=_tests(wrong), results=moved, sometimes=len(wrong) < len(calls))


def _duplicated(function: Function, calls: list[_Call]) -> Found | None:
    """Return the result that is what another one should be, if that is all that is wrong."""
    wrong = _wrong(calls)
    if len(function.returns) < 2 or not all(call.parts for call in wrong):
        return None
    differing = {name for call in wrong for name, part in call.parts.items() if not same(*part)}
    if len(differing) != 1:
        return None
    name = differing.pop()
    others = [
        other
        for other in function.returns
        if other != name and all(same(call.parts[name][0], call.parts[other][1]) for call in wrong)
    ]
    is_certain = len(wrong) >= ENOUGH or any(_is_telling(call.parts[name][0]) for call in wrong)
    if len(others) != 1 or not is_certain:
        return None
    is_rare = len(wrong) < len(calls)
    return Found(kind=R.DUPLICATED, tests=_tests(wrong), results=(name,), other=others[0], sometimes=is_rare)


class _PartRelation(NamedTuple):
    name: str
    kind: R
    side: str
    sometimes: bool
    tests: tuple[str, ...]


def _of_parts(function: Function, calls: list[_Call]) -> Found | None:
    """Return the relation of the first result that has one, and of the others with the same relation."""
    if not all(call.parts for call in calls):
        return None
    found = [each for name in function.returns if (each := _of_part(name, calls)) is not None]
    if not found:
        return None
    first = found[0]
    alike = [each for each in found if each[1:4] == first[1:4]]
    explained = {test for each in alike for test in each.tests}
    return Found(
        kind=first.kind,
        tests=tuple(test for test in _tests(calls) if test in explained),
        results=tuple(each.name for each in alike),
        side=first.side,
        sometimes=first.sometimes,
    )


def _of_part(name: str, calls: list[_Call]) -> _PartRelation | None:
    wrong = [call for call in calls if not same(*call.parts[name])]
    right = [call for call in calls if same(*call.parts[name])]
    if not wrong:
        return None
    if all(is_inverted(*call.parts[name]) for call in wrong):
        return _PartRelation(name, R.INVERTED, "", bool(right), _tests(wrong))
    pairs = [_pair(name, call) for call in wrong]
    if (kind := relation_of([pair for pair in pairs if pair])) is None or None in pairs:
        return None
    certain = [pair for pair in pairs if pair]
    also = [pair for call in right if (pair := _pair(name, call))]
    with np.errstate(all="ignore"):
        sometimes = any(not RELATIONS[kind]([*certain, each]) for each in also)
    if sometimes and kind in OF_VALUES:
        return None
    return _PartRelation(name, kind, _side(kind, certain), sometimes, _tests(wrong))


def _pair(name: str, call: _Call) -> Pair | None:
    lengths = frozenset(length for given in call.right.given.values() for length in given.lengths)
    return comparable(*call.parts[name], lengths)


def _side(kind: R, pairs: Sequence[Pair]) -> str:
    """Return which axis a relation is about, if it is the same one in all calls."""
    if kind is R.REVERSED_WITHIN:
        axes = reversed_axes(pairs)
    elif kind in (R.AXIS_MISSING, R.AXIS_EXTRA):
        axes = lost_axes(pairs if kind is R.AXIS_MISSING else mirrored(pairs))
    else:
        return ""
    if -1 in axes:
        return "last"
    dimensions = {max(pair.mine.ndim, pair.right.ndim) for pair in pairs}
    place = {axis + n for axis in axes for n in dimensions}
    return {0: "first", 1: "second"}.get(place.pop(), "") if len(place) == 1 else ""


def _together(function: Function, calls: list[_Call]) -> Found | None:
    """Return how parts of one series, taken together, hold the right items in another order or elsewhere."""
    wrong, names = _wrong(calls), set[str]()
    orders = set[R]()
    for call in wrong:
        explained = set[str]()
        for group in _groups(function, call):
            order = _order_together([*group.values()])
            if order is not None:
                explained |= group.keys()
                orders |= order
        differing = {name for name, part in call.parts.items() if not same(*part)}
        if not differing or not differing <= explained:
            return None
        names |= differing
    if len(orders) != 1:
        return None
    results = tuple(name for name in function.returns if name in names)
    return Found(
        kind=orders.pop(),
        tests=_tests(wrong),
        results=results,
        together=True,
        sometimes=len(wrong) < len(calls),
    )


def _groups(function: Function, call: _Call) -> Iterator[dict[str, Pair]]:
    """Yield the results whose items have the same shape, at least two at a time."""
    groups: dict[tuple[int, ...], dict[str, Pair]] = {}
    for name in function.returns:
        pair = _pair(name, call) if name in call.parts else None
        if pair is not None and pair.right.ndim > 0 and pair.content is not Content.MAPPING:
            groups.setdefault(pair.right.shape[1:], {})[name] = pair
    yield from (group for group in groups.values() if len(group) >= 2)


def _order_together(pairs: Sequence[Pair]) -> set[R] | None:
    """Return the relation of several results taken together; {} if it may be any; None if there is none."""
    if all(close(pair.mine, pair.right) for pair in pairs):
        return set()
    ours, theirs = rows_of([pair.mine for pair in pairs]), rows_of([pair.right for pair in pairs])
    found = None if ours is None or theirs is None else places(ours, theirs)
    if found is None or theirs is None:
        return None
    if distinct(theirs) < ENOUGH:
        return set()
    steps = np.diff(found)
    if (steps == 1).all():
        return {R.CUT_ELSEWHERE}
    if (steps == -1).all():
        return {R.REVERSED}
    if (np.diff(found, append=found[0]) % len(found) == 1).all():
        return {R.ROTATED}
    return {R.REORDERED} if is_scrambled(found) else set()


# --- calls compared with each other ---


def _constant(function: Function, calls: list[_Call]) -> Found | None:
    first, *others = calls[:MAX_CALLS]
    if first.mine.value is None or not all(same(first.mine.value, call.mine.value) for call in others):
        return None
    kinds: list[Value] = []
    for call in (first, *others):
        if not any(same(call.right.value, value) for value in kinds):
            kinds.append(call.right.value)  # type: ignore[arg-type]
    enough = len(kinds) >= ENOUGH or (len(kinds) >= 2 and _is_telling(first.mine.value))  # type: ignore[arg-type]
    # one that ignores a single argument, such as a generator, may heed all others
    varied = {name for call in others for name in _differences(first.right, call.right)}
    if not enough or len(varied) < min(2, len(first.right.given)):
        return None
    return Found(kind=R.CONSTANT, tests=_tests(_wrong(calls)))


def _argument_ignored(function: Function, calls: list[_Call]) -> Found | None:
    """Return the argument that changes the right result, but never mine, when it alone changes."""
    ignored, heeded, tests = set[str](), set[str](), list[_Call]()
    unmoved: list[tuple[str, _Call, _Call]] = []
    for one, other in combinations(calls[:MAX_CALLS], 2):
        name = _only_difference(one.right, other.right)
        if name is None or same(one.right.value, other.right.value):
            continue
        if not same(one.mine.value, other.mine.value):
            heeded.add(name)
        else:
            unmoved.append((name, one, other))
    for name, one, other in unmoved:
        values = [each.mine.value for same_name, each, _ in unmoved if same_name == name]
        # one small number may stay the same by coincidence, but several do not
        if _is_telling(one.mine.value) or _several_numbers(values):  # type: ignore[arg-type]
            ignored.add(name)
            tests += [one, other]
    if len(ignored) != 1 or not ignored.isdisjoint(heeded) or not ignored <= {*function.parameters}:
        return None
    return Found(kind=R.ARGUMENT_IGNORED, tests=_tests(_wrong(tests)), argument=ignored.pop())


def _only_difference(one: Observed, other: Observed) -> str | None:
    """Return the only argument that differs between two calls, or None if several do or it is unknown."""
    if any(given.digest == "" for call in (one, other) for given in call.given.values()):
        return None
    differing = _differences(one, other)
    return differing.pop() if len(differing) == 1 else None


def _differences(one: Observed, other: Observed) -> set[str]:
    """Return the arguments that are known to differ between two calls."""
    return {name for name in {*one.given, *other.given} if one.given.get(name) != other.given.get(name)}


def _is_telling(value: Value) -> bool:
    """Return True if two equal results of this kind are no coincidence: three items, or a fraction."""
    pair = comparable(value, value)
    return pair is not None and is_telling(pair.right)


def _several_numbers(values: Sequence[object]) -> bool:
    """Return True if there are at least three different numbers."""
    return len({decode(value) for value in values if isinstance(value, int | Integer | Scalar)}) >= ENOUGH


_OF_RESULTS = (_swapped, _duplicated, _together, _of_parts)


# --- errors and kinds ---


def _of_errors(calls: list[_Call]) -> Found | None:
    """Return that the function rejects valid arguments, or accepts invalid ones; None if it does both."""
    accepted = [call for call in calls if call.mine.error is None and call.right.error is not None]
    rejected = [call for call in calls if call.mine.error is not None and call.right.error is None]
    if accepted and not rejected:
        return Found(kind=R.RETURNED, tests=_tests(accepted))
    # another error than a ValueError is more likely a bug than a rejection
    kinds = {call.mine.error.kind for call in rejected if call.mine.error is not None}
    if kinds == {"ValueError"} and not accepted:
        return Found(kind=R.RAISED, tests=_tests(rejected))
    return None


def _cast(function: Function, calls: list[_Call], traces: Sequence[Trace]) -> Found | None:
    """Return the results that are right in all but their dtype, if nothing else explains a test."""
    if len(calls) < sum(call.function == function.name for trace in traces for call in trace.mine):
        return None  # some calls could not be compared
    names, tests = set[str](), list[_Call]()
    for call in calls:
        effects = [(each.error, each.changed, each.callbacks) for each in (call.mine, call.right)]
        if not call.is_same or effects[0] != effects[1]:
            return None
        other = {name for name, (mine, right) in call.parts.items() if _dtype(mine) != _dtype(right)}
        names |= other
        tests += [call] if other else []
    if not names or {*_tests(tests)} != {*_tests(calls)}:
        return None
    results = tuple(name for name in function.returns if name in names)
    return Found(kind=R.CAST, tests=_tests(tests), results=results)


def _dtype(value: Value) -> str | None:
    return value.dtype if isinstance(value, Array | Scalar) else None
