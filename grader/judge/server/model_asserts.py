"""Assertions for test authors that compare a learner's model with the reference's."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judge import sentences
from grader.judge.models import Spec, origin_of
from grader.judge.models.comparing import compiling_differs, is_fresh, layers_differ
from grader.judge.recognition.behavior import close_answers
from grader.judge.recognition.fingerprint import behavior_of
from grader.judge.server.asserts import Mismatch


def assert_same_model(model: Any, expected: Any) -> None:
    """Assert that a model is built and compiled like `expected`, and not trained.

    Both must be models that the judge rebuilt. Everything counts except names, metrics,
    seeds and ways of computing. Two ways to write the same model are equal. The message
    names the first difference. Raises Mismatch.
    """
    assert_same_layers(model, expected)
    assert_same_compiling(model, expected)


def assert_same_layers(model: Any, expected: Any) -> None:
    """Assert that a model has the inputs, layers and fresh weights of `expected`. Raises Mismatch."""
    got, wanted = origin_of(model), origin_of(expected)
    _fail_with(layers_differ(got.spec, wanted.spec, _alike))
    weights, initial = ([np.asarray(w) for w in each.weights] for each in (model, expected))
    shapes = [[w.shape for w in some] for some in (weights, initial)]
    if shapes[0] == shapes[1] and not is_fresh(
        got.spec, [weight.name for weight in model.weights], weights, initial
    ):
        raise Mismatch(sentences.trained())


def assert_same_compiling(model: Any, expected: Any) -> None:
    """Assert that a model is compiled like `expected`, and its optimizer still new. Raises Mismatch."""
    got, wanted = origin_of(model), origin_of(expected)
    _fail_with(compiling_differs(got.spec, wanted.spec))
    if got.steps > 0:
        raise Mismatch(sentences.optimizer_has_stepped())


def assert_independent(one: Any, other: Any) -> None:
    """Assert that two models of a learner, from two calls, share neither layers nor optimizer.

    Raises Mismatch.
    """
    first, second = origin_of(one), origin_of(other)
    if first.owners & second.owners:
        raise Mismatch(sentences.not_independent())
    if first.optimizer is not None and first.optimizer == second.optimizer:
        raise Mismatch(sentences.one_optimizer())


def _fail_with(message: str) -> None:
    if message:
        raise Mismatch(message)


def _alike(one: Spec, other: Spec) -> bool:
    """Return True if two structures have equal weights and predict the same with them."""
    (ours, first), (theirs, second) = behavior_of(one), behavior_of(other)
    return ours == theirs and first is not None and second is not None and close_answers(first, second)
