"""Two known mistakes at once, mistakes in one branch, and mistakes that are followed by a relation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from judging import exercise_of

from grader.content.exercise import Mistake
from grader.content.relations import RelationKind as R
from grader.judge import sentences
from grader.judge.recognition.behavior import (
    CallbackCall,
    Fingerprint,
    Observed,
    ObservedError,
    record_argument,
)
from grader.judge.recognition.mixtures import Known, Part, accounts_for_all, mix, outdone, relate_after
from grader.judge.recognition.relating import Trace, relate
from grader.judge.wire.values import Array, encode

RNG = np.random.default_rng(7)
X, Y = RNG.normal(size=(9, 4, 1)), RNG.normal(size=9)
ONE = exercise_of({"f(kind, size)": {"count": "any"}}).functions[0]
TWO = exercise_of({"f(kind, size)": {"X": "any", "y": "any"}}).functions[0]

Values = Sequence[Any]


def mistake(id_: str, misconception: str = "") -> Mistake:
    return Mistake(id=id_, function="f", misconception=misconception or f"{id_}-idea", says=f"{id_}?")


def calls(values: Values, kinds: Sequence[str] = (), **fields: Any) -> tuple[Observed, ...]:
    """Return one call per value, each with another size; an exception stands for a call that raised it."""
    found = []
    for number, value in enumerate(values):
        arguments = {"kind": kinds[number] if kinds else "any", "size": number}
        given_ = {name: record_argument(each) for name, each in arguments.items()}
        error = ObservedError(type(value).__name__, "") if isinstance(value, Exception) else None
        result = None if error else value if isinstance(value, Fingerprint) else encode(value)
        found.append(Observed(function="f", given=given_, value=result, error=error, **fields))
    return tuple(found)


def known(
    values: Mapping[str, Values], kinds: Sequence[str] = (), ideas: Mapping[str, str] = {}
) -> list[Known]:
    return [
        Known(mistake(id_, ideas.get(id_, "")), {"t": calls(some, kinds)}) for id_, some in values.items()
    ]


def mixed(
    mine: Values,
    right: Values,
    mistakes: Mapping[str, Values],
    kinds: Sequence[str] = (),
    ideas: Mapping[str, str] = {},
    function: Any = ONE,
) -> list[str]:
    traces = [Trace("t", calls(mine, kinds), calls(right, kinds))]
    return sorted(part.mistake.id for part in mix(function, traces, known(mistakes, kinds, ideas)))


def test_two_mistakes_in_two_results_are_two_names() -> None:
    mistakes = {"flat": [(X[..., 0], Y)], "early": [(X, Y[::-1])], "other": [(X[:2], Y[:2])]}
    assert mixed([(X[..., 0], Y[::-1])], [(X, Y)], mistakes, function=TWO) == ["early", "flat"]


def test_the_tests_of_each_are_those_in_which_it_shows() -> None:
    traces = [
        Trace("one", calls([(X[..., 0], Y)]), calls([(X, Y)])),
        Trace("two", calls([(X[..., 0], -Y)]), calls([(X, Y)])),
    ]
    flat = Known(mistake("flat"), {test: calls([(X[..., 0], Y)]) for test in ("one", "two")})
    early = Known(mistake("early"), {"one": calls([(X, Y)]), "two": calls([(X, -Y)])})
    assert mix(TWO, traces, [early, flat]) == [
        Part(flat.mistake, ("one", "two")),
        Part(early.mistake, ("two",)),
    ]


def test_none_is_named_if_something_is_left() -> None:
    mistakes = {"flat": [(X[..., 0], Y)], "early": [(X, Y[::-1])]}
    assert mixed([(X[..., 0], Y + 1)], [(X, Y)], mistakes, function=TWO) == []


REFUSED = ValueError()


def test_a_missing_refusal_hides_no_mistake() -> None:
    """The message of the test names what should have been refused, so no known mistake has to explain it."""
    mistakes = {"flat": [(X[..., 0], Y), REFUSED], "early": [(X, Y[::-1]), REFUSED]}
    mine = [(X[..., 0], Y[::-1]), (X[:1], Y[:1])]
    assert mixed(mine, [(X, Y), REFUSED], mistakes, function=TWO) == ["early", "flat"]


def less(
    mine: Values, right: Values, mistakes: Mapping[str, Values], ideas: Mapping[str, str] = {}
) -> set[str]:
    traces = [Trace("t", calls(mine), calls(right))]
    return outdone(ONE, traces, known(mistakes, ideas=ideas))


def test_a_mistake_that_explains_less_than_another_is_outdone() -> None:
    """The first call looks like "small" alone, but "large" is what the first two have in common."""
    right, mine = [X, Y, Y + 1], [X * 2, Y * 3, Y * 7]
    mistakes = {"small": [X * 2, Y, Y + 1], "large": [X * 2, Y * 3, Y * 5]}
    assert less(mine, right, mistakes) == {"small"}
    assert less(mine, right, mistakes, {"small": "idea", "large": "idea"}) == set()


def test_a_mistake_that_explains_as_much_or_something_else_is_not_outdone() -> None:
    right, mine = [X, Y, Y + 1], [X * 2, Y * 3, Y * 7]
    assert less(mine, right, {"one": [X * 2, Y, Y], "other": [X * 2, Y * 4, Y]}) == set()
    assert less(mine, right, {"one": [X * 2, Y, Y], "other": [X, Y * 3, Y]}) == set()


def test_a_missing_refusal_alone_has_no_name() -> None:
    mistakes = {"flat": [(X[..., 0], Y), REFUSED], "early": [(X, Y[::-1]), REFUSED]}
    assert mixed([(X, Y), (X[:1], Y[:1])], [(X, Y), REFUSED], mistakes, function=TWO) == []


def test_an_error_for_a_valid_input_is_not_left_aside() -> None:
    mistakes = {"flat": [(X[..., 0], Y), (X[..., 0], -Y)]}
    assert mixed([(X[..., 0], Y), REFUSED], [(X, Y), (X, -Y)], mistakes, function=TWO) == []


def test_a_mistake_that_misses_the_refusal_is_named_too() -> None:
    mistakes = {"flat": [(X[..., 0], Y), REFUSED], "unchecked": [(X, Y), (X[:3], Y[:3])]}
    mine = [(X[..., 0], Y), (X[:3], Y[:3])]
    assert mixed(mine, [(X, Y), REFUSED], mistakes, function=TWO) == ["flat", "unchecked"]


KINDS = ["rnn", "lstm"] * 4
RIGHT = [11, 24, 35, 46, 57, 68, 79, 80]
LESS = [n - 1 for n in RIGHT]
LSTM_LESS = [n - (kind == "lstm") for n, kind in zip(RIGHT, KINDS, strict=True)]


def test_a_mistake_for_one_kind_only_is_named() -> None:
    assert mixed(LSTM_LESS, RIGHT, {"less": LESS, "other": RIGHT[::-1]}, KINDS) == ["less"]


def test_a_mistake_in_some_calls_is_not_named_if_no_choice_tells_them_apart() -> None:
    """A function that is sometimes too small by one has not the idea of one that always is."""
    assert mixed(LSTM_LESS, RIGHT, {"less": LESS}) == []
    assert mixed(LSTM_LESS, RIGHT, {"less": LESS}, ["rnn", "lstm", "lstm", "rnn"] * 2) == []


def test_of_two_ideas_that_explain_the_same_none_is_named() -> None:
    mistakes = {"less": LESS, "fewer": LESS}
    assert mixed(LSTM_LESS, RIGHT, mistakes, KINDS) == []
    assert mixed(LSTM_LESS, RIGHT, mistakes, KINDS, {"less": "idea", "fewer": "idea"}) == ["less"]


def test_the_idea_that_all_explanations_share_is_named() -> None:
    mistakes = {"flat": [(X[..., 0], Y)], "early": [(X, Y[::-1])], "back": [(X, Y[::-1])]}
    assert mixed([(X[..., 0], Y[::-1])], [(X, Y)], mistakes, function=TWO) == ["flat"]


def test_a_coincidence_is_not_named() -> None:
    """Two small numbers agree with something too easily, and so do errors."""
    kinds = ["rnn", "lstm", "lstm", "rnn"]
    assert mixed([11, 23, 34, 46], [11, 24, 35, 46], {"less": [10, 23, 34, 45]}, kinds) == []
    errors = [ValueError() for _ in range(4)]
    assert mixed(errors, RIGHT[:4], {"raises": errors}) == []


def test_calls_that_a_mistake_did_not_reach_do_not_count_against_it() -> None:
    assert mixed(LESS, RIGHT, {"less": LESS[:4]}) == ["less"]
    assert mixed(LESS, RIGHT, {"less": LESS[:2]}) == []


def test_a_mistake_that_raises_elsewhere_is_compared_with_what_came_back() -> None:
    mine = [ValueError(), *LESS[1:]]
    assert mixed(mine, RIGHT, {"less": LESS}) == []
    assert mixed(mine, RIGHT, {"less": [ValueError(), *LESS[1:]]}) == ["less"]


def model(rate: float = 0.02, outputs: Any = Y, token: int = 1) -> Fingerprint:
    answers = encode(outputs)
    assert isinstance(answers, Array)
    return Fingerprint((None, 4), ((4, 1),), answers, "mse", "adam", rate, token)


def test_the_properties_of_a_model_are_pieces() -> None:
    mistakes = {
        "rate": [model(0.001, Y, 4), model(0.001, -Y, 5)],
        "relu": [model(0.02, Y.clip(0), 4), model(0.03, (-Y).clip(0), 5)],
        "shared": [model(0.02, Y, 4), model(0.03, -Y, 4)],
    }
    right = [model(0.02, Y, 1), model(0.03, -Y, 2)]
    mine = [model(0.001, Y.clip(0), 7), model(0.001, (-Y).clip(0), 8)]
    assert mixed(mine, right, mistakes) == ["rate", "relu"]
    unknown = [Fingerprint((None, 4), ((4, 1),), None, "mse", "adam", 0.001, n) for n in (7, 8)]
    assert mixed(unknown, right, {**mistakes, "same": unknown}) == []


def test_what_callables_receive_are_pieces_and_decide_the_result() -> None:
    def called(x: np.ndarray, seed: int, result: Any) -> tuple[Observed, ...]:
        received = tuple(
            CallbackCall(f"model {n + seed}.fit", {"x": encode(x + n), "epochs": 3}) for n in range(3)
        )
        return calls([result], callbacks=received)

    traces = [Trace("t", called(X[::-1], 5, 0.25), called(X, 0, 0.5))]
    some = [
        Known(mistake("shuffled"), {"t": called(X[::-1], 0, 0.75)}),
        Known(mistake("seeds"), {"t": called(X, 5, 0.875)}),
        Known(mistake("other"), {"t": called(X + 1, 1, 0.125)}),
    ]
    assert sorted(part.mistake.id for part in mix(ONE, traces, some)) == ["seeds", "shuffled"]


def test_entries_of_a_table_are_pieces() -> None:
    def table(errors: float, params: int) -> dict[str, Any]:
        return {
            name: {"mse": [errors * n, n + 0.123, n], "params": params * n} for n, name in enumerate("abc")
        }

    mistakes = {"size": [table(0.5, 3)], "mse": [table(0.7, 5)]}
    right, mine = [table(0.5, 5)], [table(0.7, 3)]
    assert mixed(mine, right, mistakes) == ["mse", "size"]


def test_the_arrays_of_a_dictionary_are_pieces() -> None:
    right, mine = [{"W": X, "b": Y}], [{"W": X * 2, "b": Y**2}]
    mistakes = {"doubled": [{"W": X * 2, "b": Y}], "squared": [{"W": X, "b": Y**2}]}
    assert mixed(mine, right, mistakes) == ["doubled", "squared"]


def test_a_relation_that_follows_a_mistake_is_told_with_it() -> None:
    right, early, mine = (X, Y), (X, Y[::-1].copy()), (X[:, ::-1].copy(), Y[::-1].copy())
    traces = [Trace("t", calls([mine]), calls([right]))]
    some = known({"early": [early], "flat": [(X[..., 0], Y)]})
    assert mix(TWO, traces, some) == []
    both = relate_after(TWO, traces, some)
    assert both is not None
    part, found = both
    assert (part, found.kind, found.results) == (Part(some[0].mistake, ("t",)), R.REVERSED_WITHIN, ("X",))
    says = sentences.relation(found.kind, TWO, found.results, side=found.side, is_second=True)
    assert says == (
        "f has a second problem. With the first one fixed, X is in reverse order along the second axis."
    )


def test_no_mistake_is_told_with_a_relation_if_it_does_not_show() -> None:
    """A mistake that gives the right results in these calls explains nothing."""
    traces = [Trace("t", calls([(X[:, ::-1].copy(), Y)]), calls([(X, Y)]))]
    assert relate_after(TWO, traces, known({"hidden": [(X, Y)]})) is None


def test_a_relation_accounts_for_all_only_if_nothing_else_is_wrong() -> None:
    for mine_y, is_all in ((Y, True), (Y + np.arange(9) ** 2, False)):
        traces = [Trace("t", calls([(X[..., 0], mine_y)]), calls([(X, Y)]))]
        found = relate(TWO, traces)
        assert found is not None and found.kind is R.AXIS_MISSING
        assert accounts_for_all(TWO, traces, found) is is_all


NUMBERS = st.lists(st.integers(0, 3), min_size=6, max_size=6)


@given(
    NUMBERS, NUMBERS, st.lists(NUMBERS, max_size=4), st.lists(st.sampled_from("ab"), min_size=6, max_size=6)
)
def test_a_named_mistake_gives_several_of_the_wrong_answers(
    mine: list[int], right: list[int], mistakes: list[list[int]], kinds: list[str]
) -> None:
    of = {str(number): values for number, values in enumerate(mistakes)}
    named = mixed(mine, right, of, kinds)
    assert len(named) <= 2
    for each in named:
        assert len({right[n] for n in range(6) if mine[n] != right[n] and of[each][n] == mine[n]}) >= 3
