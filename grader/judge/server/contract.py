"""Run a contract: call submission and solution with inputs drawn over the domains of the arguments.

An author writes each promise down once, as data: which arguments are allowed, with the
edges where programs go wrong; which are excluded; and what is said about the result.
`check_results` compares the submission with the solution on all allowed inputs, and
`check_refusals` asks for a ValueError on all excluded ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct

from grader.judge import sentences
from grader.judge.report import Outcome
from grader.judge.server.asserts import Mismatch, assert_allclose
from grader.judge.server.learner import CallFailed, Learner
from grader.judge.server.tables import difference, table_kind

USUAL_CASES = 2


class Domain(Struct, frozen=True):
    """The domain of one argument.

    Its values are plain values or functions that draw one. Such a function gets what its
    parameters name: `rng`, other arguments, or the argument itself with its usual value.

    `edges` and `excluded` have labels that complete "for …": "whole numbers". Learners
    read these labels, so they must not depend on what is drawn. All cases of a function
    are repeated for each of the `choices`. An `optional` argument is passed by keyword,
    and left out in one more case.
    """

    usual: Any = None
    edges: Mapping[str, Any] = {}
    excluded: Mapping[str, Any] = {}
    choices: tuple[Any, ...] = ()
    optional: bool = False


class Result(Struct, frozen=True):
    """The rule for one result. `says` is what learners read if its values are wrong.

    `shape` is the shape in the words of the contract, for arrays. `dtype` is given if
    the contract promises it. The tolerances are those of `assert_allclose`.

    If the result is a dictionary of arrays, `parts` has a rule for each key. In a list of
    arrays, each array follows the rule of the list.
    """

    says: str
    shape: str = ""
    dtype: str = ""
    rtol: float = 1e-6
    atol: float = 0.0
    parts: Mapping[str, Result] = {}


class Contract(Struct, frozen=True):
    """The contract of one function: a domain for each argument and a rule for each result.

    Both are in the order of the function's signature and its results.
    """

    function: str
    arguments: Mapping[str, Domain]
    results: Mapping[str, Result] = {}


_Compared = tuple[str, Result, Any, Any]  # name, rule, the submission's result and the solution's


class Case(NamedTuple):
    """One call. `label` says which kind of input it is; it is "" for a usual one."""

    label: str
    arguments: dict[str, Any]


def check_results(contract: Contract, learner: Learner, reference: Learner, rng: np.random.Generator) -> None:
    """Check that each allowed input gives the solution's result and stays unmodified.

    Raises Mismatch, CallFailed, and RuntimeError if the solution itself fails.
    """
    for case in allowed(contract, rng):
        for name, rule, got, expected in _results(contract, learner, reference, case):
            _check_shape(name, rule, got, expected, case.label)
            if rule.dtype and getattr(got, "dtype", rule.dtype) != rule.dtype:
                raise Mismatch(sentences.wrong_dtype(name, rule.dtype, case.label))
            if not _same(got, expected, rule):
                raise Mismatch(sentences.wrong_values(rule.says, case.label))
        learner.assert_unchanged()


def check_refusals(
    contract: Contract, learner: Learner, reference: Learner, rng: np.random.Generator
) -> None:
    """Check that each excluded input raises ValueError, and that a usual input does not.

    A usual input must also give a result of the right size, or of the right value if it has none,
    so that nobody earns points with a function that always raises. Other tests ask for more.
    If such a result is wrong, they say so. If a refusal is missing, too, this test therefore
    tells only that. Raises like `check_results`.
    """
    for case in _usual(contract, rng, 1):
        compared = [*_results(contract, learner, reference, case)]
        try:
            for name, rule, got, expected in compared:
                _check_size(name, rule, got, expected, case.label)
        except Mismatch:
            # known mistakes are compared up to the first failure of a test, which this is
            with learner.unrecorded():
                _refuse(contract, learner, rng)
            raise
    _refuse(contract, learner, rng)


def _refuse(contract: Contract, learner: Learner, rng: np.random.Generator) -> None:
    """Check that each excluded input raises ValueError."""
    learner.brief_errors = True
    for case in excluded(contract, rng):
        # if one of the test's callables objects to what it receives, the code has not raised an error
        with learner.raises(ValueError, f"for {case.label}"), suppress(AssertionError):
            _call(contract, learner, case)


def allowed(contract: Contract, rng: np.random.Generator) -> Iterator[Case]:
    """Yield usual inputs, then every edge, each with usual values of the other arguments."""
    yield from _usual(contract, rng, USUAL_CASES)
    for options in _options(contract):
        for name, domain in contract.arguments.items():
            for label, edge in domain.edges.items():
                given = _Draws(contract, rng, options | {name: edge}).all()
                yield Case(_label(options, label), given)
    for name in (name for name, domain in contract.arguments.items() if domain.optional):
        for options in _options(contract, but=name):
            given = _Draws(contract, rng, options).all()
            del given[name]
            yield Case(_label(options, f"the default {name}"), given)


def excluded(contract: Contract, rng: np.random.Generator) -> Iterator[Case]:
    """Yield every excluded input, each with usual values of the other arguments."""
    for name, domain in contract.arguments.items():
        for options in _options(contract, but=name):
            for label, value in domain.excluded.items():
                draws = _Draws(contract, rng, options)
                given = draws.all()
                given[name] = draws.draw(value)
                yield Case(_label(options, label), given)


def at_each_place(what: str, change: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    """Return draws, by label, that change an argument at its beginning, in its middle and at its end.

    `change` draws as usual, and its parameter `at` is the place: 0, 0.5 or 1.
    """
    places = {"at the beginning": 0.0, "in the middle": 0.5, "at the end": 1.0}
    return {f"{what} {where}": partial(change, at=at) for where, at in places.items()}


class _Draws:
    """The arguments of one call. Each is drawn when another one, or the call, needs it."""

    def __init__(self, contract: Contract, rng: np.random.Generator, fixed: Mapping[str, Any]) -> None:
        self._contract = contract
        self._rng = rng
        self._fixed = fixed  # name -> the value or draw that replaces the usual one
        self._drawn: dict[str, Any] = {}

    def all(self) -> dict[str, Any]:
        return {name: self._value(name) for name in self._contract.arguments}

    def draw(self, value: Any, own: str = "") -> Any:
        """Return a plain value, or draw one. `own` is the argument that it replaces."""
        if not callable(value):
            return value
        return value(*(self._usual(name) if name == own else self._value(name) for name in _names(value)))

    def _value(self, name: str) -> Any:
        if name == "rng":
            return self._rng
        if name not in self._drawn:
            fixed = name in self._fixed
            self._drawn[name] = self.draw(self._fixed[name], name) if fixed else self._usual(name)
        return self._drawn[name]

    def _usual(self, name: str) -> Any:
        domain = self._contract.arguments[name]
        return domain.choices[0] if domain.choices else self.draw(domain.usual)


def _names(draw: Any) -> tuple[str, ...]:
    """Return the names of the values that a draw takes."""
    given: Mapping[str, Any] = {}
    if isinstance(draw, partial):
        draw, given = draw.func, draw.keywords
    names = draw.__code__.co_varnames[: draw.__code__.co_argcount]
    return tuple(name for name in names if name not in given)


def _usual(contract: Contract, rng: np.random.Generator, count: int) -> Iterator[Case]:
    for options in _options(contract):
        for _ in range(count):
            yield Case(_label(options), _Draws(contract, rng, options).all())


def _options(contract: Contract, but: str = "") -> Iterator[dict[str, Any]]:
    """Yield each combination of the choices of all arguments, except of one."""
    several = {name: d.choices for name, d in contract.arguments.items() if d.choices and name != but}
    for values in product(*several.values()):
        yield dict(zip(several, values, strict=True))


def _label(options: Mapping[str, Any], *more: str) -> str:
    return " and ".join([*(f"{name}={value!r}" for name, value in options.items()), *more])


def _call(contract: Contract, who: Learner, case: Case) -> Any:
    required = [n for n, d in contract.arguments.items() if not d.optional]
    optional = {n: case.arguments[n] for n in case.arguments if n not in required}
    return getattr(who, contract.function)(*(case.arguments[name] for name in required), **optional)


def _reference_result(contract: Contract, reference: Learner, case: Case) -> Any:
    try:
        return _call(contract, reference, case)
    except (CallFailed, Mismatch) as error:  # these would be taken for the learner's
        raise RuntimeError(f"the solution fails for {case.label or 'a usual input'}: {error}") from None


def _learner_result(contract: Contract, learner: Learner, case: Case) -> Any:
    """Call the submission. If that fails, say for which kind of input.

    Where this is told, the kind of error or value is not: together they could tell too much.
    """
    learner.brief_errors = bool(case.label)
    learner.brief_values = bool(case.label) or len(contract.results) > 1
    try:
        return _call(contract, learner, case)
    except CallFailed as failure:
        if failure.outcome is Outcome.NOT_RUN:
            raise
        raise CallFailed(failure.outcome, sentences.happened(failure.message, case.label)) from None
    except Mismatch as mismatch:
        raise Mismatch(sentences.happened(mismatch.message, case.label), mismatch.details) from None


def _results(contract: Contract, learner: Learner, reference: Learner, case: Case) -> Iterator[_Compared]:
    """Call both. Yield the name of each result or part, its rule, the submission's and the solution's."""
    expected, got = _reference_result(contract, reference, case), _learner_result(contract, learner, case)
    if len(contract.results) == 1:
        expected, got = (expected,), (got,)
    for (name, rule), one, other in zip(contract.results.items(), got, expected, strict=True):
        yield from _parts(name, rule, one, other, case.label)


def _parts(name: str, rule: Result, got: Any, expected: Any, label: str) -> Iterator[_Compared]:
    """Yield each array of a dictionary or list, or the result itself if it is anything else."""
    if not (isinstance(expected, dict | list) and _holds_arrays(expected)):
        yield name, rule, got, expected
        return
    if isinstance(expected, dict):
        if got.keys() != expected.keys():
            raise Mismatch(sentences.wrong_keys(name, label))
        parts = [(f'{name}["{key}"]', rule.parts.get(key, rule), got[key], expected[key]) for key in expected]
    else:
        if len(got) != len(expected):
            raise Mismatch(sentences.wrong_length(name, label))
        parts = [(f"each item of {name}", rule, *both) for both in zip(got, expected, strict=True)]
    for part, inner, one, other in parts:
        if not isinstance(one, np.ndarray):
            raise Mismatch(sentences.no_array(part, label))
        yield part, inner, one, other


def _holds_arrays(result: dict[Any, Any] | list[Any]) -> bool:
    values = result.values() if isinstance(result, dict) else result
    return any(isinstance(value, np.ndarray) for value in values)


def _check_shape(name: str, rule: Result, got: Any, expected: Any, label: str) -> None:
    """Check the shape of an array, or the shape of a model's output."""
    for attribute in ("output_shape", "shape") if not isinstance(expected, np.number) else ():
        if hasattr(expected, attribute) and getattr(got, attribute, None) != getattr(expected, attribute):
            raise Mismatch(sentences.wrong_shape(name, rule.shape, label))


def _check_size(name: str, rule: Result, got: Any, expected: Any, label: str) -> None:
    """Check the size of an array or a string, and the value of anything else."""
    if table_kind(expected):
        _check_shape(name, rule, got, expected, label)
        return
    if isinstance(expected, np.ndarray):
        if got.size != expected.size:
            raise Mismatch(sentences.wrong_shape(name, rule.shape, label))
        return
    _check_shape(name, rule, got, expected, label)
    if not (len(got) == len(expected) if isinstance(expected, str) else _same(got, expected, rule)):
        raise Mismatch(sentences.wrong_values(rule.says, label))


def _same(got: Any, expected: Any, rule: Result) -> bool:
    """Return True if two results are equal within the tolerance."""
    if table_kind(expected):
        return difference(got, expected, rule.rtol, rule.atol) is None
    if isinstance(expected, np.ndarray | float):
        try:
            assert_allclose(got, expected, "", rtol=rule.rtol, atol=rule.atol)
        except Mismatch:
            return False
        return True
    try:
        return bool(got == expected) or hasattr(expected, "output_shape")
    except ValueError:  # numpy cannot compare: there is an array in the place of a number
        return False
