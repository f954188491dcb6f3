"""Formulas have the values that Python gives them, and cannot do anything but compute."""

from __future__ import annotations

import math
import time
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.content.arithmetic import FUNCTIONS, MAX_CHARACTERS, FormulaError, evaluate

SECONDS = 5.0  # upper limit of CPU time for one formula

_numbers = st.one_of(st.integers(0, 999).map(str), st.floats(0.01, 999).map(lambda x: repr(round(x, 2))))
_operators = st.sampled_from(["+", "-", "*", "/", "//", "%"])


def _longer(shorter: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(shorter, _operators, shorter).map(" ".join),  # precedence decides the grouping
        shorter.map("({})".format),
        shorter.map("-{}".format),
    )


trees = st.recursive(_numbers, _longer, max_leaves=12).filter(lambda text: len(text) <= MAX_CHARACTERS)


def refusal(formula: str, **names: float) -> str:
    """Return why the formula is refused, and check that refusing it is fast."""
    start = time.process_time()
    with pytest.raises(FormulaError) as caught:
        evaluate(formula, names)
    assert time.process_time() - start < SECONDS
    return str(caught.value)


def test_arithmetic_is_that_of_python() -> None:
    assert evaluate("4 * 50 * (50 + 2 + 1)") == 10_600
    assert evaluate("2 ** 10 - 7 // 2 % 2") == 1023
    assert evaluate("-2 ** 2") == -4
    assert evaluate(" 1 / 4 ") == 0.25


@given(trees)
def test_every_formula_has_the_value_that_python_gives_it(formula: str) -> None:
    try:
        expected = eval(formula)
    except ZeroDivisionError:
        assert refusal(formula) == "it divides by zero"
    else:
        value = evaluate(formula)
        assert (value, type(value)) == (expected, type(expected))


@given(st.integers(-99, 99), st.integers(-20, 20))
def test_powers_are_those_of_python(base: int, exponent: int) -> None:
    formula = f"({base}) ** ({exponent})"
    if base == 0 and exponent < 0:
        assert refusal(formula) == "it divides by zero"
    else:
        assert evaluate(formula) == base**exponent


@pytest.mark.parametrize(
    ("text", "value"), [("7", 7), ("0.25", 0.25), ("3e-4", 0.0003), ("1_000", 1000), (".5", 0.5), ("2.", 2)]
)
def test_numbers_are_written_as_in_python(text: str, value: float) -> None:
    assert evaluate(text) == value


def test_names_stand_for_the_values_given() -> None:
    assert evaluate("4 * units * (units + features + 1)", {"units": 50, "features": 2}) == 10_600
    assert evaluate("units / 2", {"units": 25.0}) == 12.5
    assert evaluate("max * max(1, 2)", {"max": 10}) == 20  # function names may be used as names, too


def test_an_unknown_name_is_reported() -> None:
    assert refusal("unit + 1", units=3) == "'unit' is not defined under `draw:`"
    assert refusal("sqrt + 1") == "'sqrt' is not defined under `draw:`"


def test_a_tuple_of_numbers_and_nones() -> None:
    assert evaluate("(62, 10, 5 * 5)") == (62, 10, 25)
    assert evaluate("(None, n, 16)", {"n": 10}) == (None, 10, 16)
    assert evaluate("1, 2") == (1, 2)
    assert evaluate("(3,)") == (3,)
    assert evaluate("()") == ()
    assert evaluate("None") is None


@pytest.mark.parametrize(
    "formula", ["(1, (2, 3))", "(1, 2) + (3,)", "2 * (1, 2)", "None + 1", "-None", "(*(1, 2), 3)"]
)
def test_tuples_and_none_stand_alone(formula: str) -> None:
    assert "is not allowed in a formula" in refusal(formula)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("abs(-3)", 3),
        ("exp(0)", 1),
        ("floor(-2.5)", -3),
        ("log(exp(2))", 2),
        ("log(8, 2)", 3),
        ("max(3, 9, 4)", 9),
        ("min(3, 9, 4)", 3),
        ("round(2.6)", 3),
        ("round(2.645, 2)", 2.65),
        ("sigmoid(0)", 0.5),
        ("sqrt(16)", 4),
        ("tanh(0)", 0),
    ],
)
def test_the_functions(formula: str, value: float) -> None:
    assert evaluate(formula) == pytest.approx(value, abs=0.01)


def test_there_are_no_other_functions() -> None:
    assert " ".join(sorted(FUNCTIONS)) == (
        "abs ceil cos exp floor log log10 log2 max min round sigmoid sin sqrt tan tanh"
    )


@given(st.floats(-1e6, 1e6))
def test_sigmoid_lies_between_0_and_1_however_far_out(x: float) -> None:
    value = evaluate("sigmoid(x)", {"x": x})
    assert isinstance(value, float)
    assert 0 <= value <= 1
    assert math.isclose(value + 1 / (1 + math.exp(min(x, 700))), 1, abs_tol=1e-9)


@pytest.mark.parametrize(
    "formula",
    [
        "units.real",
        "(1).real",
        "units[0]",
        "(1, 2)[0]",
        "[1, 2]",
        "{1, 2}",
        "{1: 2}",
        "[n for n in (1, 2)]",
        "max(n for n in (1, 2))",
        "'text'",
        "b'text'",
        "f'{1}'",
        "...",
        "True",
        "1 + False",
        "1j",
        "lambda: 1",
        "(lambda: 1)()",
        "(n := 1)",
        "1 if units else 2",
        "1 and 2",
        "not 1",
        "1 < 2",
        "1 << 2",
        "6 & 3",
        "6 @ 3",
        "~1",
        "pow(2, 3)",
        "print(1)",
        "eval('1')",
        "max.real(1)",
        "sqrt(x=4)",
        "max(1, 2, key=abs)",
        "max(*(1, 2))",
        "max((1, 2))",
    ],
)
def test_everything_else_is_refused_by_name(formula: str) -> None:
    assert "is not allowed in a formula" in refusal(formula, units=3, n=1)


@pytest.mark.parametrize(
    "formula",
    ["", "   ", "1 +", "(1", "1)", "1 2", "1; 2", "1\n+ 2", "n = 1", "import os", "$1", "010", "1 \0"],
)
def test_what_cannot_be_read(formula: str) -> None:
    assert refusal(formula) == "it is not a valid formula"


@pytest.mark.parametrize("formula", ["1 / 0", "1 // 0", "1 % 0", "0 ** -1", "1.5 / 0.0", "log(8, 1)"])
def test_a_division_by_zero(formula: str) -> None:
    assert refusal(formula) == "it divides by zero"


@pytest.mark.parametrize(
    "formula", ["nan", "inf", "1e999", "-1e999", "1e308 * 10", "1e999 - 1e999", "max(1e999, 1)"]
)
def test_what_is_not_finite_is_no_value(formula: str) -> None:
    assert refusal(formula)
    assert refusal("x + 1", x=math.nan) == refusal("x", x=math.inf) == "its value is not finite"


@pytest.mark.parametrize(
    "formula",
    ["exp(1000)", "log(0)", "log(-1)", "sqrt(-1)", "(-8) ** 0.5", "9" * 155 + "*" + "9" * 140 + "* 9 ** 99"],
)
def test_what_has_no_value_or_too_large_a_one(formula: str) -> None:
    assert refusal(formula)


@pytest.mark.parametrize("formula", ["abs()", "abs(1, 2)", "max()", "max(1)", "round(1.2, 1.5)"])
def test_a_function_with_the_wrong_number_of_values(formula: str) -> None:
    assert refusal(formula)


@pytest.mark.parametrize(
    "formula",
    ["9**9**9", "9**9**9**9", "2**100000", "2**-100000", "1.5**99999", "(2**1000)**1000", "0.5**(9**99)"],
)
def test_huge_powers_are_refused_before_they_are_computed(formula: str) -> None:
    assert refusal(formula) == "a power is too large"


def test_rounding_to_a_huge_number_of_digits_is_refused_before_it_is_computed() -> None:
    """Python would first compute 10 to the power of the digits."""
    assert refusal("round(7, -1500000)") == "it cannot round to -1500000 digits"


def test_a_formula_has_a_length() -> None:
    assert evaluate("+".join("1" * 150)) == 150
    assert evaluate("9" * MAX_CHARACTERS) == 10**MAX_CHARACTERS - 1
    assert refusal("1" * (MAX_CHARACTERS + 1)) == f"it is longer than {MAX_CHARACTERS} characters"
    assert refusal("(" * 100_000) == f"it is longer than {MAX_CHARACTERS} characters"


@pytest.mark.parametrize(
    "formula",
    [
        "(" * 100 + "1" + ",)" * 100,
        "[" * 150,
        "-" * 299 + "x",
        "abs(" * 60 + "x" + ")" * 60,
        "a" + ".b" * 100,
    ],
)
def test_deep_nesting_is_refused_without_harm(formula: str) -> None:
    assert refusal(formula)


def test_deep_nesting_is_refused_also_below_many_frames() -> None:
    def below(frames: int) -> str:
        return below(frames - 1) if frames else refusal("~" * 299 + "1")

    assert below(200)


@pytest.mark.parametrize("formula", ["3or 4", "5in", "0xfor 1", r"'\d'"])
def test_python_warnings_about_a_formula_are_suppressed(formula: str) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert refusal(formula)
    assert [str(warning.message) for warning in caught] == []


@pytest.mark.parametrize(
    "write",
    [
        "__import__('os').mkdir('{}')",
        "open('{}', 'w')",
        'exec(\'open("{}", "w")\')',
        "[c for c in ().__class__.__base__.__subclasses__()]",
        "(lambda: open('{}', 'w'))()",
        "abs(open('{}', 'w'))",
        'f\'{{open("{}", "w")}}\'',
        "(1, open('{}', 'w'))",
    ],
)
def test_nothing_is_ever_executed(write: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "is not allowed in a formula" in refusal(write.format("made"))
    assert list(tmp_path.iterdir()) == []


_pieces = st.sampled_from(
    [*"0123456789+-*/%().,[]{}:='\"\\xj_ \n\t\0é😀", "**", "None", "max(", "lambda ", " if ", " for "]
)


@given(text=st.one_of(st.text(max_size=40), st.lists(_pieces, max_size=30).map("".join)))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            evaluate(text)
        except FormulaError as error:
            assert str(error)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("log10(1000)", 3),
        ("log2(8)", 3),
        ("20 * log10(abs(-10))", 20),
        ("ceil(2.1) + floor(2.9)", 5),
        ("sin(pi / 2)", 1),
        ("sin(pi)", 0),
        ("cos(3 * pi / 2)", 0),
        ("tan(pi)", 0),
        ("cos(pi)", -1),
        ("2 * pi", 2 * math.pi),
        ("sin(1e-9)", 1e-9),
    ],
)
def test_functions_of_mathematics(formula: str, value: float) -> None:
    assert evaluate(formula) == pytest.approx(value, rel=1e-15, abs=0)


def test_a_drawn_value_may_be_called_pi() -> None:
    assert evaluate("pi + 1", {"pi": 3}) == 4


@pytest.mark.parametrize(
    ("formula", "advice"),
    [
        ("2 ^ 3", "`2 ^ 3` is not allowed in a formula: use ** for a power"),
        ("np.log10(2)", "`np.log10(2)` is not allowed in a formula: write log10"),
        ("math.log10(2)", "`math.log10(2)` is not allowed in a formula: write log10"),
        ("np.maximum(2, 3)", "`np.maximum(2, 3)` is not allowed in a formula: write max"),
        ("2 * math.pi", "`math.pi` is not allowed in a formula: write pi"),
        ("pow(2, 3)", "`pow(2, 3)` is not allowed in a formula: write **"),
        ("ln(2)", "`ln(2)` is not allowed in a formula: write log"),
        (
            "cbrt(2)",
            "`cbrt(2)` is not allowed in a formula. The functions are abs, ceil, cos, exp, floor, log, "
            "log10, log2, max, min, round, sigmoid, sin, sqrt, tan, tanh",
        ),
        ("tan(pi / 2)", "it takes the tangent of a right angle"),
    ],
)
def test_what_to_write_instead(formula: str, advice: str) -> None:
    assert refusal(formula) == advice
