"""Relations between wrong and right results: found where there is evidence, and told without any value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import exercise_of

from grader.content.relations import RelationKind as R
from grader.judge import sentences
from grader.judge.recognition.behavior import Given, Observed, ObservedError, record_argument
from grader.judge.recognition.relating import Found, Trace, relate
from grader.judge.wire.values import encode

RNG = np.random.default_rng(5)
X, Y, WIDE = RNG.normal(size=12) * 9, RNG.normal(size=7) * 9, RNG.normal(size=(9, 4, 1)) * 9
SECRET, WORDS = "Zq7 wonderful-secret", ["zebra", "quagga", "okapi", "gnu", "yak", "ibex"]
NUMBERS = {"zebra": 31, "quagga": 47, "okapi": 58, "gnu": 69}
ORDER = RNG.permutation(12)
CODES = RNG.permutation(np.repeat(np.arange(4), 3))
ONE = exercise_of({"f(data, size)": {"values": "any"}}).functions[0]
FOUR = exercise_of(
    {"f(data, size)": {"X_train": "any", "X_test": "any", "y_train": "any", "y_test": "any"}}
).functions[0]

# relation -> (mine, right) of each call
CASES: dict[R, list[tuple[Any, Any]]] = {
    R.AXIS_MISSING: [(WIDE[:, :, 0], WIDE)],
    R.AXIS_EXTRA: [(X[:, None], X), (Y[:, None], Y)],
    R.AXES_SWAPPED: [(WIDE[:, :, 0].T, WIDE[:, :, 0])],
    R.RESHAPED: [(WIDE[:, :, 0].ravel(), WIDE[:, :, 0])],
    R.REVERSED: [(X[::-1], X), (Y[::-1], Y)],
    R.REVERSED_WITHIN: [(WIDE[:, ::-1], WIDE)],
    R.BELONGS_EARLIER: [(np.append(0.5, X[:-1]), X)],
    R.BELONGS_LATER: [(np.roll(X, -1), X), (np.append(Y[1:], Y[-1]), Y)],
    R.FIRST_WRONG: [(np.append(0.5, X[1:]), X)],
    R.LAST_WRONG: [(np.append(X[:-1], 0.0), X)],
    R.LAST_MISSING: [(X[:-1], X), (Y[:-1], Y)],
    R.FIRST_MISSING: [(WORDS[1:], WORDS)],
    R.END_MISSING: [(SECRET[:5], SECRET), (X[:9], X), (WIDE[:1], WIDE)],
    R.START_MISSING: [(SECRET[5:], SECRET)],
    R.THINNED: [(X[::2], X), (Y[::3], Y)],
    R.ONE_MORE_AT_END: [(X, X[:-1])],
    R.ONE_MORE_AT_START: [(X, X[1:])],
    R.MORE_AT_END: [(X, X[:-2])],
    R.MORE_AT_START: [(X, X[3:])],
    R.REORDERED: [(X[ORDER], X)],
    R.ROOTED: [(0.5987654**0.5, 0.5987654), (1.2345678**0.5, 1.2345678)],
    R.SQUARED: [(X**2, X)],
    R.NEGATED: [(-X, X)],
    R.ROUNDED: [(np.round(X, 1), X)],
    R.TRUNCATED: [(np.trunc(X), X)],
    R.SCALED: [(3.25 * X, X), (3.25 * Y, Y)],
    R.OFFSET: [(X + 1, X), (dict(zip(NUMBERS, [32, 48, 59, 70], strict=True)), NUMBERS)],
    R.RESCALED: [(0.25 * X - 7, X), (3.5 * Y + 1, Y), (np.full(4, np.nan), np.full(4, 2.0))],
    R.RENUMBERED: [(np.array([7, 1, 4, 2])[CODES], CODES), (np.array([1, 2]), np.array([3, 1]))],
    R.LETTER_CASE: [(SECRET.upper(), SECRET)],
    R.INVERTED: [({number: word for word, number in NUMBERS.items()}, NUMBERS)],
    R.CONSTANT: [(X, RNG.normal(size=12)) for _ in range(3)],
    R.PRINTED: [(None, X), (None, Y)],
    R.CAST: [(X.astype("float32"), X)],
}


def calls(values: Sequence[Any], printed: bool = False, data: Sequence[Any] = ()) -> list[Observed]:
    """Return one call per value; an exception stands for a call that raised it."""
    found = []
    for number, value in enumerate(values):
        given_ = {"data": record_argument(data[number] if data else np.arange(number + 1.0))}
        error = ObservedError(type(value).__name__, "") if isinstance(value, Exception) else None
        result = None if error else encode(value)
        found.append(Observed(function="f", given=given_, value=result, error=error, printed=printed))
    return found


def related(pairs: Sequence[tuple[Any, Any]], **fields: Any) -> Found | None:
    mine, right = zip(*pairs, strict=True)
    return relate(ONE, [Trace("test", calls(mine, **fields), calls(right, **fields))])


@pytest.mark.parametrize("kind", CASES, ids=str)
def test_each_relation_is_found(kind: R) -> None:
    found = related(CASES[kind], printed=kind is R.PRINTED)
    assert found is not None and (found.kind, found.tests) == (kind, ("test",))


SUMS = [(float(np.sum(d)), float(np.mean(d))) for d in (X, Y)]


@pytest.mark.parametrize(("kind", "pairs"), [(R.SUMMED, SUMS), (R.AVERAGED, [(b, a) for a, b in SUMS])])
def test_a_sum_and_an_average_are_told_apart_by_the_lengths_of_arguments(
    kind: R, pairs: list[tuple[float, float]]
) -> None:
    found = related(pairs, data=[X, Y])
    assert found is not None and found.kind is kind
    assert related(pairs, data=[Y, X]) is None


def test_arguments_that_change_nothing_are_named() -> None:
    data, sizes = record_argument(X), [record_argument(n) for n in (2, 3, 4)]

    def called(value: Any, size: Given, data: Given = data) -> Observed:
        return Observed(function="f", given={"data": data, "size": size}, value=encode(value))

    mine = [called(X, size) for size in sizes]
    right = [called(value, size) for value, size in zip((X, X**2, Y), sizes, strict=True)]
    found = relate(ONE, [Trace("test", mine, right)])
    assert found is not None and (found.kind, found.argument) == (R.ARGUMENT_IGNORED, "size")
    other = called(Y, sizes[0], record_argument(Y))
    found = relate(ONE, [Trace("test", [*mine, other], [*right, other])])
    assert found is not None and (found.kind, found.argument) == (R.ARGUMENT_IGNORED, "size")


def test_an_argument_that_changes_no_whole_number_is_named_after_three_different_ones() -> None:
    def called(data: int, size: int, value: int) -> Observed:
        given = {"data": record_argument(data), "size": record_argument(size)}
        return Observed(function="f", given=given, value=encode(value))

    def found(*values: tuple[int, int]) -> Found | None:
        """Relate calls in which size doubles the right result."""
        mine = [called(data, size, value) for data, value in values for size in (1, 2)]
        right = [called(data, size, value * size) for data, value in values for size in (1, 2)]
        return relate(ONE, [Trace("test", mine, right)])

    named = found((1, 50), (2, 70), (3, 91))
    assert named is not None and (named.kind, named.argument) == (R.ARGUMENT_IGNORED, "size")
    assert found((1, 50), (2, 70)) is None


@pytest.mark.parametrize(
    "mine",
    [
        pytest.param(np.arange(9) * 3 + 7.0, id="a range is every other range"),
        pytest.param(CODES % 3, id="two numbers became one"),
    ],
)
def test_other_numbers_are_neither_rescaled_nor_renumbered_by_coincidence(mine: np.ndarray) -> None:
    right = np.arange(9.0) if len(mine) == 9 else CODES
    assert related([(mine, right)]) is None


def test_calls_are_compared_only_as_long_as_their_arguments_are_equal() -> None:
    mine, right = calls([X[::-1]]), calls([X], data=[Y])
    assert relate(ONE, [Trace("test", mine, right)]) is None


def test_errors_where_a_result_is_right_and_the_reverse() -> None:
    assert related([(X, X), (X, ValueError())]).kind is R.RETURNED  # type: ignore[union-attr]
    assert related([(X, X), (ValueError(), X)]).kind is R.RAISED  # type: ignore[union-attr]
    assert related([(X, ValueError()), (ValueError(), X)]) is None
    assert related([(TypeError(), X)]) is None, "this is a bug, not a refusal"


def four(values: Sequence[Any]) -> list[Observed]:
    return calls([tuple(values)])


def relate_four(mine: Sequence[Any], right: Sequence[Any]) -> Found | None:
    return relate(FOUR, [Trace("test", four(mine), four(right))])


PARTS = (WIDE[:6], WIDE[6:], X[:6], X[6:9])


def test_swapped_results_are_named() -> None:
    found = relate_four([PARTS[n] for n in (0, 2, 1, 3)], PARTS)
    assert found is not None and (found.kind, found.results) == (R.SWAPPED, ("X_test", "y_train"))
    assert _says(found) == "Your results X_test and y_train are swapped."
    found = relate_four([PARTS[n] for n in (1, 2, 0, 3)], PARTS)
    assert found is not None and found.kind is R.RESULTS_REORDERED


def test_a_result_that_repeats_another_one_is_named() -> None:
    found = relate_four([PARTS[0], PARTS[1], PARTS[2], PARTS[2]], PARTS)
    assert found is not None and (found.kind, found.results, found.other) == (
        R.DUPLICATED,
        ("y_test",),
        "y_train",
    )
    assert _says(found) == "y_test is what y_train should be."


RUNS = exercise_of({"f(data, size)": {"results": "dict"}}).functions[0]
RUNS = msgspec.structs.replace(RUNS, text='The keys are "train" and "test".')
RIGHT_RUNS = {
    "secret-a": {"train": [0.1234567, 1.5, 2.25], "test": [3.5, 0.777777, 9.1]},
    "secret-b": {"train": [7.25, 5.3333, 0.25], "test": [1.1, 2.71828, 8.0]},
}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda run: {"train": run["test"], "test": run["train"]},
            "Your results train and test are swapped.",
        ),
        (lambda run: run | {"train": run["test"]}, "train is what test should be."),
        (lambda run: run | {"test": run["test"][::-1]}, "test is in reverse order."),
        (
            lambda run: {key: [x**0.5 for x in values] for key, values in run.items()},
            "Each number in train and test is the square root of the right one.",
        ),
    ],
)
def test_entries_that_the_contract_promises_are_results_of_their_own(change: Any, says: str) -> None:
    wrong = {name: change(run) for name, run in RIGHT_RUNS.items()}
    traces = [Trace("test", calls([wrong]), calls([RIGHT_RUNS]))]
    found = relate(RUNS, traces)
    assert found is not None
    said = sentences.relation(found.kind, RUNS, found.results, other=found.other, sometimes=found.sometimes)
    assert said == says
    unnamed = msgspec.structs.replace(RUNS, text="The keys are secret.")
    assert relate(unnamed, traces) is None, "only the contract's own words are told"


def test_the_arrays_of_a_dictionary_are_results_of_their_own() -> None:
    right = {"train": X, "test": X**2}
    traces = [Trace("test", calls([{**right, "test": (X**2)[::-1].copy()}]), calls([right]))]
    found = relate(RUNS, traces)
    assert found is not None and (found.kind, found.results) == (R.REVERSED, ("test",))


@given(st.permutations(range(9)), st.permutations(range(9)))
def test_shuffled_parts_hold_the_right_items_in_another_order(one: list[int], other: list[int]) -> None:
    """The orders of X and y may be the same or not, and any seed will do."""
    inputs, targets = WIDE[one], X[other]
    found = relate_four([inputs[:6], inputs[6:], targets[:6], targets[6:9]], PARTS)
    if found is not None:  # some permutations leave all in place or move only a little
        assert found.kind in (R.REORDERED, R.REVERSED, R.ROTATED, *CASES)
    breaks = [int((np.abs(np.diff(order)) != 1).sum()) for order in (one, other)]
    parts_keep_their_items = {*one[:6]} == {*range(6)} or {*other[:6]} == {*range(6)}
    if min(breaks) >= 3 and not parts_keep_their_items:
        assert found is not None and found.kind is R.REORDERED and found.together


@pytest.mark.parametrize(
    ("order", "cut", "kind"),
    [(range(9), 5, R.CUT_ELSEWHERE), (range(8, -1, -1), 6, R.REVERSED), (np.roll(range(9), 4), 6, R.ROTATED)],
)
def test_parts_of_one_series_are_taken_together(order: Any, cut: int, kind: R) -> None:
    inputs, targets = WIDE[[*order]], X[[*order]]
    found = relate_four([inputs[:cut], inputs[cut:], targets[:cut], targets[cut:]], PARTS)
    assert found is not None and (found.kind, found.together) == (kind, True)
    assert ", taken together," in _says(found)


@pytest.mark.parametrize(
    ("mine", "right"),
    [
        (np.zeros(5), np.zeros(6)),  # any part of zeros is a beginning and an end
        (np.zeros((3, 1)), np.zeros((1, 3))),
        (np.array([1.0]), np.array([[1.0]])),
        (0.25, 0.5),  # half, the square, or less by a quarter
        (1.0, -1.0),
        (np.array([2.0, 1.0]), np.array([1.0, 2.0])),
        (np.arange(5) + 1, np.arange(5)),  # off by one, or one position too far
        ("b", "a"),
        ([], WORDS),
        (np.full(6, np.nan), X[:6]),
        (np.array([np.inf, 1, 2]), np.array([1.0, 2.0, 3.0])),
        ({"a": 1}, {1: "a"}),
        (X, WORDS),
        (None, X),
    ],
)
def test_nothing_is_named_without_evidence(mine: Any, right: Any) -> None:
    assert related([(mine, right)]) is None


@given(st.lists(st.floats(-1e3, 1e3), min_size=6, max_size=12, unique=True), st.integers(0, 2**32))
def test_random_answers_are_related_to_nothing(right: list[float], seed: int) -> None:
    mine = np.random.default_rng(seed).normal(size=len(right)) * 100
    assert related([(mine, np.array(right))]) is None


@pytest.mark.parametrize("kind", CASES, ids=str)
def test_one_call_that_differs_otherwise_refutes_a_relation(kind: R) -> None:
    right = np.array([0.123456, 7.654321, -3.333333, 2.718281])
    odd = (right[[2, 0, 3, 1]] * [1.5, 1, 0.2, 9], right)
    found = related([*CASES[kind], odd], printed=kind is R.PRINTED)
    assert found is None


def test_a_relation_that_holds_in_some_of_the_calls_says_so() -> None:
    found = related([(X[:-1], X), (Y, Y)])
    assert found is not None and found.sometimes
    assert _says(found) == "In some calls, the last item of your result is missing; the rest is right."
    assert related([(3 * X, X), (Y, Y)]) is None, "a factor is a property of all results"


# --- secrets ---


def _says(found: Found) -> str:
    function = FOUR if set(found.results) & set(FOUR.returns) else ONE
    return sentences.relation(
        found.kind,
        function,
        found.results,
        argument=found.argument,
        other=found.other,
        side=found.side,
        together=found.together,
        sometimes=found.sometimes,
    )


@pytest.mark.parametrize("kind", CASES, ids=str)
def test_no_value_reaches_a_sentence(kind: R) -> None:
    """Inputs, expected values and what the learner's code chose are all secret here."""
    found = related(CASES[kind], printed=kind is R.PRINTED)
    assert found is not None
    said = _says(found)
    for value in (SECRET, *WORDS, *SECRET.split()):
        assert value.casefold() not in said.casefold()
    assert not re.search(r"[0-9]", said.replace("which has length 1.", ""))


@pytest.mark.parametrize("kind", R, ids=str)
def test_there_is_a_sentence_for_each_relation(kind: R) -> None:
    """A sentence depends on the relation and on names of exercise.yaml, so nothing else can be in it."""
    one = sentences.relation(kind, ONE, ("values",), argument="size", other="more", side="last")
    assert one[0].isupper() or one.startswith("f ")
    assert one.endswith(".") and "{" not in one
    assert sentences.relation(
        kind, FOUR, ("X_train", "y_train"), argument="size", other="y_test", together=True
    )


def test_the_digest_of_a_callable_is_unknown() -> None:
    assert record_argument(lambda x: x) == Given("")
    assert record_argument([1, len]).digest == ""
    assert record_argument(X) != record_argument(Y) != record_argument("text")
