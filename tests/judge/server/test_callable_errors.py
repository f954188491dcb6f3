"""What a learner reads if their code calls a callable of a test wrongly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.judge.server.callable_errors import told_error


def step(x: Any, h: Any, c: Any) -> Any:
    return x @ h


def fit(X: Any, *sets: Any, epochs: int = 1, **more: Any) -> Any:
    return X


def error_of(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Exception:
    with pytest.raises(Exception) as caught:
        function(*args, **kwargs)
    return caught.value


def told(function: Callable[..., Any], name: str, *args: Any, **kwargs: Any) -> str:
    return told_error(error_of(function, *args, **kwargs), function, args, kwargs, name)


def test_a_wrong_call_names_the_parameter_and_shows_the_call() -> None:
    assert told(step, "cell", 1, 2) == "call it as cell(x, h, c), but your code passes 2 arguments"


def test_without_a_parameter_the_callable_has_its_own_name() -> None:
    assert told(step, "", 1) == "call it as step(x, h, c), but your code passes 1 argument"


def test_keywords_and_defaults_are_shown() -> None:
    assert told(step, "step", 1, y=2) == (
        "call it as step(x, h, c), but your code passes 1 argument and the keyword y"
    )
    assert told(fit, "") == "call it as fit(X, *sets, epochs=…, **more), but your code passes 0 arguments"


def test_names_inside_the_test_are_left_out() -> None:
    def inner(x: Any) -> Any:
        return x

    def outer(x: Any) -> Any:
        return inner()  # type: ignore[call-arg]

    assert told(outer, "step", 1) == "inner() missing 1 required positional argument: 'x'"


def test_an_error_inside_the_callable_keeps_its_text() -> None:
    text = told(step, "step", np.ones((2, 3)), np.ones((2, 3)), 1)
    assert text.startswith("matmul: Input operand 1 has a mismatch")


def test_a_callable_without_a_signature_keeps_its_text() -> None:
    assert "argument" in told(max, "step")
