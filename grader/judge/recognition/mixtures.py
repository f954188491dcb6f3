"""Name known mistakes that a function makes two at a time, or in one of its branches only.

A call is split into pieces: each result, each property of a model, and what was done to
arguments and callables. Each piece that is wrong must be what one of the mistakes gives
there. A mistake may also be followed by a relation: the function then gives what the
mistake gives, with its axes swapped for example.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from msgspec.structs import asdict

from grader.content.exercise import Function, Mistake
from grader.content.relations import RelationKind as R
from grader.judge.recognition.behavior import Fingerprint, Observed, close_answers, same, same_callbacks
from grader.judge.recognition.likeness import ENOUGH, distinct, is_telling
from grader.judge.recognition.pairs import as_entries, comparable
from grader.judge.recognition.relating import Found, Trace, aligned, relate
from grader.judge.wire.values import Array, Dict, List, Tuple

# relations that keep all values of a mistake, so that they can prove it
AFTER_A_MISTAKE = frozenset(
    {R.SWAPPED, R.RESULTS_REORDERED, R.REORDERED, R.ROTATED, R.CUT_ELSEWHERE, R.AXIS_MISSING}
    | {R.AXIS_EXTRA, R.AXES_SWAPPED, R.RESHAPED, R.REVERSED, R.REVERSED_WITHIN, R.LETTER_CASE, R.INVERTED}
)

Calls = Sequence[Observed]


class Known(NamedTuple):
    """A known mistake and its calls by test. They may end before the learner's do."""

    mistake: Mistake
    calls: Mapping[str, Calls]


class Part(NamedTuple):
    """A mistake that explains some of what is wrong, in `tests`."""

    mistake: Mistake
    tests: tuple[str, ...]


class _Place(NamedTuple):
    """One piece of one call."""

    test: str
    call: int
    piece: str


class _Piece(NamedTuple):
    """A piece on both sides. None stands for no value."""

    mine: Any
    right: Any

    @property
    def is_wrong(self) -> bool:
        return not _same(self.mine, self.right)


_Pieces = dict[_Place, _Piece]


class _Explanation(NamedTuple):
    """What one mistake does at the learner's pieces."""

    mistake: Mistake
    explained: frozenset[_Place]  # wrong pieces that are the same
    unknown: frozenset[_Place]  # wrong pieces that its run did not reach
    beyond: frozenset[_Place]  # right pieces that the mistake gets wrong


def mix(function: Function, traces: Sequence[Trace], known: Iterable[Known]) -> list[Part]:
    """Return the one or two mistakes that explain all wrong pieces of the failed tests, or [].

    If several choices explain them, only the ideas that they have in common are named. If no choice
    explains them, inputs that should have been refused are left aside: the messages of the tests
    name each of them.
    """
    pieces = _pieces(function, traces)
    wrong = {place for place, piece in pieces.items() if piece.is_wrong}
    found = [_explain(function, traces, pieces, each) for each in known]
    found = [each for each in found if each.explained and _is_branch(each, traces)]
    refused = {place[:2] for place, piece in pieces.items() if isinstance(piece.right, _Error)}
    allowed = {place for place in wrong if place[:2] not in refused}
    return _named(found, wrong, pieces, traces) or (
        _named(found, allowed, pieces, traces) if allowed and allowed != wrong else []
    )


def outdone(function: Function, traces: Sequence[Trace], known: Iterable[Known]) -> set[str]:
    """Return the ids of mistakes that explain less than a mistake of another idea does.

    All that they explain of what is wrong, the other one explains as well, and more. This matters if
    something stays unexplained: the function makes two mistakes at once, and in the few calls in which one
    of them does not show, it may agree with a third mistake that it does not make.
    """
    pieces = _pieces(function, traces)
    found = [_explain(function, traces, pieces, each) for each in known]
    found = [each for each in found if each.explained and _is_branch(each, traces)]
    return {
        each.mistake.id
        for each in found
        for other in found
        if each.explained < other.explained and each.mistake.misconception != other.mistake.misconception
    }


def _named(
    found: Sequence[_Explanation], wrong: set[_Place], pieces: _Pieces, traces: Sequence[Trace]
) -> list[Part]:
    """Return the one or two mistakes that explain these wrong pieces, or []."""
    for size in (1, 2):
        covers = [some for some in combinations(found, size) if _covers(some, wrong, pieces)]
        if covers:
            ideas = [{each.mistake.misconception for each in some} for some in covers]
            shared = set.intersection(*ideas)
            parts = [Part(each.mistake, _tests(traces, each.explained)) for each in covers[0]]
            parts.sort(key=lambda part: -len(part.tests))
            return [part for part in parts if part.mistake.misconception in shared]
    return []


def relate_after(
    function: Function, traces: Sequence[Trace], known: Iterable[Known]
) -> tuple[Part, Found] | None:
    """Return the only mistake whose results have a relation to the learner's, and this relation."""
    candidates = []
    for each in known:
        after = [trace._replace(right=each.calls.get(trace.test, ())) for trace in traces]
        found = relate(function, after)
        if found is None or found.kind not in AFTER_A_MISTAKE or not accounts_for_all(function, after, found):
            continue
        pieces, related = _pieces(function, traces), _pieces(function, after)
        changed = {
            place: piece
            for place in related.keys() & pieces.keys()
            if (piece := _Piece(related[place].right, pieces[place].right)).is_wrong
        }
        # the compared calls must be all, and must show what the mistake does
        if related.keys() >= pieces.keys() and _is_sure(changed.values()):
            candidates.append((Part(each.mistake, _tests(traces, changed)), found))
    ideas = {part.mistake.misconception for part, _ in candidates}
    return candidates[0] if len(ideas) == 1 else None


def accounts_for_all(function: Function, traces: Sequence[Trace], found: Found) -> bool:
    """Return True if nothing else is wrong than the results that a relation is about."""
    about = {*found.results} or {*function.returns}
    pieces = _pieces(function, traces)
    return {_result_of(place) for place, piece in pieces.items() if piece.is_wrong} <= about


# --- pieces ---


class _Error(NamedTuple):
    """The class of an exception, which is no evidence: many programs raise the same one."""

    kind: str


class _Answers(NamedTuple):
    """The outputs of a model, or None if the judge does not build it."""

    array: Array | None


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, _Answers) and isinstance(other, _Answers):
        known = one.array is not None and other.array is not None
        return known and close_answers(one.array, other.array)  # type: ignore[arg-type]
    return same(one, other)


def _pieces(function: Function, traces: Sequence[Trace]) -> _Pieces:
    """Return the pieces of a function's calls, of each test while both sides receive the same calls."""
    found: _Pieces = {}
    for trace in traces:
        for number, ours, theirs in _split_calls(function, trace.mine, trace.right):
            pieces = {name: _Piece(ours.get(name), theirs.get(name)) for name in [*theirs, *ours]}
            of_callables = {name: piece for name, piece in pieces.items() if name.startswith(_CALLABLE)}
            # what callables answer decides the result
            follows = any(piece.is_wrong for piece in of_callables.values())
            for name, piece in (of_callables if follows else pieces).items():
                found[_Place(trace.test, number, name)] = piece
    return found


def _split_calls(
    function: Function, mine: Calls, others: Calls
) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Yield the number of each aligned call of the function, and its pieces on both sides."""
    tokens, other_tokens = _Tokens(), _Tokens()
    for number, (one, other) in enumerate(aligned(mine, others)):
        if one.function == function.name:
            ours, theirs = _split(function, one, tokens), _split(function, other, other_tokens)
            if same_callbacks(one.callbacks, other.callbacks):  # independent calls may come in any order
                ours |= {name: piece for name, piece in theirs.items() if name.startswith(_CALLABLE)}
            yield number, ours, theirs


class _Tokens(dict[int, int]):
    """Numbers optimizer tokens in the order of their first appearance."""

    def number(self, token: int | None) -> int | None:
        return None if token is None else self.setdefault(token, len(self))


_PART = ": "  # between a result and a part of it
_CALLABLE = "callable "


def _result_of(place: _Place) -> str:
    return place.piece.partition(_PART)[0]


def _split(function: Function, call: Observed, tokens: _Tokens) -> dict[str, Any]:
    """Return the pieces of a call."""
    found: dict[str, Any] = {**_of_callables(call)}
    if call.changed:
        found["changed"] = call.changed
    if call.error is not None:
        return found | {"error": _Error(call.error.kind)}
    names = [*function.returns]
    value = call.value
    if len(names) == 1:
        results = {names[0]: value}
    elif isinstance(value, List | Tuple) and len(value.items) == len(names):
        results = dict(zip(names, value.items, strict=True))
    else:
        results = {"": value}
    for name, result in results.items():
        parts = _parts(result, tokens)
        found |= {f"{name}{_PART}{part}": inner for part, inner in parts.items()} or {name: result}
    return found


def _of_callables(call: Observed) -> dict[str, Tuple]:
    """Return for each argument of each callable what it received, call by call."""
    received: dict[str, list[Any]] = {}
    for each in call.callbacks:
        owner, _, method = each.callee.rpartition(".")
        for name, value in {"": owner, **each.arguments}.items():
            received.setdefault(f"{_CALLABLE}{method}{_PART}{name}", []).append(value)
    return {name: Tuple(tuple(values)) for name, values in received.items()}


def _parts(value: Any, tokens: _Tokens) -> dict[str, Any]:
    """Return the properties of a model, or the columns of a dictionary of dictionaries; else {}."""
    if isinstance(value, Fingerprint):
        return asdict(value) | {"answers": _Answers(value.answers), "token": tokens.number(value.token)}
    rows = as_entries(value) or {}
    columns = [row.keys() for row in rows.values()]
    if not columns or any(each != columns[0] for each in columns):
        return {}
    return {name: Dict((*rows,), tuple(row[name] for row in rows.values())) for name in columns[0]}


# --- explanations ---


def _explain(function: Function, traces: Sequence[Trace], pieces: _Pieces, known: Known) -> _Explanation:
    reached = {
        (trace.test, number): both
        for trace in traces
        for number, *both in _split_calls(function, trace.mine, known.calls.get(trace.test, ()))
    }
    explained, unknown, beyond = set(), set(), set()
    for place, piece in pieces.items():
        both = reached.get((place.test, place.call))
        agrees = None if both is None else _same(*(side.get(place.piece) for side in both))
        if piece.is_wrong and agrees is None:
            unknown.add(place)
        elif piece.is_wrong and agrees:
            explained.add(place)
        elif not piece.is_wrong and agrees is False:
            beyond.add(place)
    return _Explanation(known.mistake, frozenset(explained), frozenset(unknown), frozenset(beyond))


def _is_branch(each: _Explanation, traces: Sequence[Trace]) -> bool:
    """Return True if an argument decides whether the function makes the mistake, or if it always does.

    The argument must be a choice, such as a kind: among sizes or data, which all differ,
    some always seem to decide.
    """
    pieces = {place.piece for place in each.explained}
    made = {place[:2] for place in each.explained}
    avoided = {place[:2] for place in each.beyond if place.piece in pieces}
    if not avoided:
        return True
    calls = {trace.test: trace.right for trace in traces}

    def choices(some: Iterable[tuple[str, int]], argument: str) -> set[str | None]:
        given = [calls[test][number].given.get(argument) for test, number in some]
        return {None if one is None else one.digest for one in given}

    for argument in {name for test, number in made | avoided for name in calls[test][number].given}:
        here, there = choices(made, argument), choices(avoided, argument)
        few = len(here | there) <= (len(made) + len(avoided)) / 2
        if few and here.isdisjoint(there) and "" not in here | there:
            return True
    return False


def _covers(some: Sequence[_Explanation], wrong: set[_Place], pieces: _Pieces) -> bool:
    """Return True if these mistakes explain all that is wrong, and each explains something for sure alone."""
    if not wrong <= frozenset().union(*(each.explained | each.unknown for each in some)):
        return False
    for each in some:
        others = frozenset().union(*(other.explained for other in some if other is not each))
        if not _is_sure([pieces[place] for place in each.explained - others]):
            return False
    return True


def _is_sure(pieces: Iterable[_Piece]) -> bool:
    """Return True if it is no coincidence that wrong pieces agree with those of a mistake."""
    kinds: list[Any] = []
    for piece in pieces:
        if _is_telling(piece.mine):
            return True
        has_values = piece.mine is not None and piece.right is not None
        if has_values and not any(_same(piece.right, each) for each in kinds):
            kinds.append(piece.right)
        if len(kinds) >= ENOUGH:
            return True
    return False


def _is_telling(value: Any) -> bool:
    """Return True if a value has three different items or rows, or is a fraction."""
    if isinstance(value, _Answers):
        return value.array is not None and _is_telling(value.array)
    if isinstance(value, Tuple) and any(map(_is_telling, value.items)):
        return True
    if isinstance(value, Dict) and any(map(_is_telling, value.values)):
        return True
    pair = None if isinstance(value, tuple) else comparable(value, value)
    return pair is not None and (is_telling(pair.right) or distinct(pair.right) >= ENOUGH)


def _tests(traces: Sequence[Trace], places: Iterable[_Place]) -> tuple[str, ...]:
    tests = {place.test for place in places}
    return tuple(trace.test for trace in traces if trace.test in tests)
