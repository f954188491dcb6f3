"""The message of a failed test, taken apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.tutor.failure_details import FailureDetails, failure_details


def test_a_difference_has_a_call_and_both_numbers() -> None:
    message = (
        "The forecast should be 8, 16, 32\n"
        "first difference at position [1]: 8 came back, expected 16\n"
        "got array of shape (3,) [8. 8. 8.]\n"
        "in forecast(predict, array of shape (3,) [1. 2. 4.], 3)"
    )
    assert failure_details(message) == FailureDetails(
        says="The forecast should be 8, 16, 32",
        call="forecast(predict, array of shape (3,) [1. 2. 4.], 3)",
        returned="array of shape (3,) [8. 8. 8.]",
        expected="16 at position 1",
        got="8 at position 1",
    )


def test_shapes_and_single_numbers() -> None:
    assert failure_details("the shape is (3,), expected (3, 1)") == FailureDetails(
        expected="shape (3, 1)", got="shape (3,)"
    )
    assert failure_details("Wrong\ngot 2, expected 3") == FailureDetails("Wrong", expected="3", got="2")


def test_one_of_several_calls_is_named() -> None:
    for which in ("call 1 of 4", "last of 4 calls"):
        line = f"{'in ' * which.startswith('call')}{which}: f(1)"
        assert failure_details(f"Wrong\n{line}") == FailureDetails("Wrong", call="f(1)", which_call=which)


def test_what_was_printed_is_kept_as_it_is() -> None:
    printed = "in f(1)\n<script>alert(1)</script>\ngot 1, expected 2"
    assert failure_details(f"Wrong\nprinted:\n{printed}") == FailureDetails("Wrong", printed=printed)


@given(st.text())
def test_any_message_can_be_taken_apart(message: str) -> None:
    details = failure_details(message)
    if not any(word in message for word in ("expected", "got ", "in ", "last of ", "printed:")):
        assert details == FailureDetails(message.strip())
