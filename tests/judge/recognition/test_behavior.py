"""Comparisons of the behavior of two functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader.judge.recognition.behavior import (
    CallbackCall,
    Fingerprint,
    Likeness,
    Observed,
    ObservedError,
    compare,
    record_call,
    record_callback,
    same,
    with_fingerprints,
)
from grader.judge.wire import messages as m
from grader.judge.wire.stand_in import StandIn, free
from grader.judge.wire.values import AxesData, Blueprint, FigureData, LineData, Opaque, Value, encode

NOTHING = Likeness(False, False)


def returned(value: Any, **fields: Any) -> Observed:
    return Observed(function="f", value=encode(value), **fields)


def raised(kind: str, text: str, **fields: Any) -> Observed:
    reply = m.Raised(kind, (kind, "Exception"), text, None, None, "")
    return record_call("f", reply, (), fields.get("callbacks", ()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, 1.0 + 1e-9),
        (1, 1.0),
        (np.float32(0.1), 0.1),
        (np.True_, True),
        (2**70, 2**70),
        ([1, 2], (1, 2)),
        ("text", "text"),
        ({"a": 1, "b": [2.0]}, {"b": [2], "a": 1}),
        (np.array([1.0, np.nan]), np.array([1.0, np.nan])),
        (np.arange(3), np.arange(3.0)),
        (None, None),
    ],
)
def test_style_makes_no_difference(one: Any, other: Any) -> None:
    assert same(encode(one), encode(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, 1.01),
        (True, 1),
        (np.True_, False),
        (np.True_, 1),
        (np.array([True]), np.array([1])),
        ([1, 2], [1, 2, 3]),
        ("text", "Text"),
        ({"a": 1}, {"a": 1, "b": 2}),
        (np.zeros((3, 1)), np.zeros(3)),
        ([1.0], np.array([1.0])),
        (None, 0),
        (2**70, 2**70 + 2**60),
        (np.array([0.0]), np.array([1e-3])),
    ],
)
def test_values_shapes_and_types_make_one(one: Any, other: Any) -> None:
    assert not same(encode(one), encode(other))
    assert not same(encode(other), encode(one))


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text(max_size=5)
        | arrays.arrays(np.float64, arrays.array_shapes(max_side=3)),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=8,
    )
)
def test_everything_is_like_itself(value: Any) -> None:
    assert same(encode(value), encode(value))


def test_equal_values_of_other_kinds_are_the_same_but_not_for_sure() -> None:
    whole, floats = returned(np.arange(3)), returned(np.arange(3.0))
    assert compare([whole], [floats]) == Likeness(True, False)
    assert compare([whole], [whole]) == Likeness(True, True)
    assert compare([whole, returned("x")], [floats, returned("x")]) == Likeness(True, True)


def test_an_error_is_sure_only_with_its_text() -> None:
    one = raised("ValueError", "expected ndim=3, found ndim=2 in 'lstm_4'")
    assert compare([one], [raised("ValueError", "expected ndim=3, found ndim=5 in 'lstm_12'")]).sure
    assert compare([one], [raised("ValueError", "something else")]) == Likeness(True, False)
    assert compare([one], [raised("TypeError", "expected ndim=3")]) == NOTHING
    assert compare([one], [returned(None)]) == NOTHING


def test_more_calls_changed_arguments_and_other_functions_count() -> None:
    one = returned(1.0)
    assert compare([one], [one, one]) == NOTHING
    assert compare([one], [returned(1.0, changed=("x",))]) == NOTHING
    assert compare([one], [Observed(function="g", value=1.0)]) == NOTHING


# --- calls to the test's own callables ---


class Model(StandIn):
    def fit(self, x: Value, epochs: int = 1, **_: Value) -> None: ...

    @free
    def evaluate(self, x: Value) -> None: ...


def call_of(*args: Value, **kwargs: Value) -> m.Callback:
    return m.Callback(0, args, kwargs)


def test_arguments_count_however_they_are_passed() -> None:
    fit = Model("lstm, seed 3").fit
    records = [
        record_callback(7, fit, call) for call in (call_of(5.0), call_of(x=5.0, epochs=1, batch_size=9))
    ]
    assert records == [CallbackCall("lstm, seed 3.fit", {"x": 5.0, "epochs": 1})] * 2
    assert record_callback(7, fit, call_of(5.0, epochs=2)) != records[0]


def test_a_free_method_leaves_no_record() -> None:
    assert record_callback(7, Model("m").evaluate, call_of(5.0)) is None


def test_a_call_that_cannot_be_is_a_record_too() -> None:
    assert record_callback(7, Model("m").fit, call_of()) == CallbackCall("m.fit, with invalid arguments", {})


def test_a_plain_callable_is_known_by_its_number() -> None:
    class Predictor:
        def predict(self, x: Value) -> None: ...

    assert record_callback(2, Predictor().predict, call_of(1)) == CallbackCall("2", {"x": 1})


def test_callables_may_be_called_in_any_order_but_each_in_its_own() -> None:
    a1, a2, b = CallbackCall("a", {"x": 1}), CallbackCall("a", {"x": 2}), CallbackCall("b", {"x": 1})
    one = returned(0, callbacks=(a1, a2, b))
    assert compare([one], [returned(0, callbacks=(b, a1, a2))]).same
    assert not compare([one], [returned(0, callbacks=(a2, a1, b))]).same
    assert not compare([one], [returned(0, callbacks=(a1, a2))]).same


# --- figures ---


def figure(*lines: tuple[str, list[float], list[float]]) -> Observed:
    drawn = tuple(LineData(label, encode(np.array(x)), encode(np.array(y))) for label, x, y in lines)
    return Observed(function="f", value=FigureData("", (AxesData("", "", "", None, drawn),)))


def test_lines_may_have_any_order_and_label() -> None:
    one = figure(("data", [0, 1], [2, 3]), ("test", [1, 2], [5, 6]))
    assert compare([one], [figure(("B", [1, 2], [5, 6]), ("A", [0, 1], [2, 3]))]).same
    assert compare(
        [one], [figure(*[("x", [0, 1], [2, 3]), ("y", [1, 2], [5, 6]), ("", [0, 9], [0, 0])])]
    ).same


def test_where_lines_stand_and_whether_they_have_labels_counts() -> None:
    one = figure(("data", [0, 1], [2, 3]))
    for other in (
        [("data", [1, 2], [2, 3])],
        [("", [0, 1], [2, 3])],
        [*[("data", [0, 1], [2, 3])] * 1, ("b", [0], [1])],
    ):
        assert not compare([one], [figure(*other)]).same


# --- models ---


def fingerprint(**fields: Any) -> Fingerprint:
    plain: dict[str, Any] = {
        "input_shape": (None, 5, 1),
        "weights": ((1, 4), (4,)),
        "answers": encode(np.ones((3, 1), np.float32)),
        "loss": "mean_squared_error",
        "optimizer": "Adam",
        "learning_rate": 0.001,
        "token": 1,
    }
    return Fingerprint(**plain | fields)


def test_models_are_compared_by_what_they_do() -> None:
    one = Observed(function="f", value=fingerprint())
    assert compare(
        [one], [Observed(function="f", value=fingerprint(token=9, learning_rate=0.0010000000475))]
    ).same
    for fields in (
        {"answers": encode(np.zeros((3, 1), np.float32))},
        {"answers": None},
        {"loss": "mean_absolute_error"},
        {"optimizer": "SGD"},
        {"learning_rate": 0.01},
        {"weights": ((1, 4),)},
        {"input_shape": (None, 6, 1)},
    ):
        assert not compare([one], [Observed(function="f", value=fingerprint(**fields))]).same


def test_one_optimizer_for_two_models_is_seen() -> None:
    shared = [Observed(function="f", value=fingerprint(token=token)) for token in (3, 3)]
    apart = [Observed(function="f", value=fingerprint(token=token)) for token in (3, 4)]
    also_apart = [Observed(function="f", value=fingerprint(token=token)) for token in (8, 2)]
    assert not compare(shared, apart).same
    assert compare(apart, also_apart).same


def test_models_inside_of_other_values_are_portrayed() -> None:
    blueprint = Blueprint("Sequential", "{}", None, (None, 1), (), None)
    call = Observed(function="f", value=encode([blueprint, 1], convert=lambda value: value))
    found = with_fingerprints(call, lambda _: fingerprint()).value
    assert found.items == (fingerprint(), 1)  # type: ignore[union-attr]


def test_what_does_not_cross_is_known_by_its_type() -> None:
    assert compare(
        [Observed(function="f", value=Opaque("set"))], [Observed(function="f", value=Opaque("set"))]
    ).same
    assert not same(Opaque("set"), Opaque("range"))


def test_the_text_of_an_error_loses_what_is_special_to_its_case() -> None:
    assert raised("KeyError", "'a' at 3.5").error == ObservedError("KeyError", "… at …")
