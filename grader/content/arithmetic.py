"""Evaluation of the formulas in questions, such as `4 * units * (units + features + 1)`.

Python parses a formula into a syntax tree, and this module walks the tree; no
code is executed. A formula may contain numbers, names of drawn values,
`+ - * / // % **`, tuples, None, CONSTANTS, and calls of FUNCTIONS. Anything else is refused.
"""

from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache

Number = int | float
Value = Number | None | tuple[Number | None, ...]

MAX_CHARACTERS = 300
MAX_DIGITS = 100
MAX_BITS = 1024  # of the result of a power; larger ones could take forever to compute


class FormulaError(ValueError):
    """Error for text that is not a formula, or for a formula without a value."""


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _round(x: Number, digits: Number = 0) -> Number:
    if abs(digits) > MAX_DIGITS or digits != int(digits):
        raise FormulaError(f"it cannot round to {digits} digits")
    return round(x, int(digits))


def _power(base: Number, exponent: Number) -> Number:
    if abs(exponent) * math.log2(abs(base) + 1) > MAX_BITS:
        raise FormulaError("a power is too large")
    result = base**exponent
    if isinstance(result, complex):
        raise FormulaError("it takes a root of a negative number")
    return result


def _sin(x: float) -> float:
    return _without_noise(math.sin(x), x)


def _cos(x: float) -> float:
    return _without_noise(math.cos(x), x)


def _tan(x: float) -> float:
    if not _cos(x):
        raise FormulaError("it takes the tangent of a right angle")
    return _without_noise(math.tan(x), x)


def _without_noise(value: float, angle: float) -> float:
    """Return 0 for what is left because no float is a multiple of pi: sin(pi) is 1.2e-16 in Python."""
    return 0.0 if abs(angle) >= 1 and abs(value) < abs(angle) * 2**-52 else value


FUNCTIONS: dict[str, Callable[..., Number]] = {
    "abs": abs, "ceil": math.ceil, "cos": _cos, "exp": math.exp, "floor": math.floor, "log": math.log,
    "log10": math.log10, "log2": math.log2, "max": max, "min": min, "round": _round, "sigmoid": _sigmoid,
    "sin": _sin, "sqrt": math.sqrt, "tan": _tan, "tanh": math.tanh,
}  # fmt: skip
CONSTANTS: dict[str, Number] = {"pi": math.pi}
# what these are called elsewhere
_ALIASES = {
    "absolute": "abs", "fabs": "abs", "ln": "log", "maximum": "max", "minimum": "min", "around": "round",
    "power": "**", "pow": "**", "PI": "pi",
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: _power,
}  # fmt: skip


def evaluate(formula: str, names: Mapping[str, Number] | None = None) -> Value:
    """Return the value of a formula: a number, None, or a tuple of these.

    `names` maps the names in the formula to numbers. Raises FormulaError if the
    text is not a formula or has no finite value.
    """
    tree = _parsed(formula)
    try:
        if isinstance(tree, ast.Tuple):
            return tuple(_item(item, names or {}) for item in tree.elts)
        return _item(tree, names or {})
    except FormulaError:
        raise
    except ZeroDivisionError:
        raise FormulaError("it divides by zero") from None
    except RecursionError:
        raise FormulaError("it is nested too deeply") from None
    except (ArithmeticError, ValueError, TypeError) as error:
        raise FormulaError(str(error)) from None


@lru_cache(maxsize=1000)
def _parsed(formula: str) -> ast.expr:
    if len(formula) > MAX_CHARACTERS:
        raise FormulaError(f"it is longer than {MAX_CHARACTERS} characters")
    try:
        with warnings.catch_warnings(action="ignore"):  # Python warns about `1or 2` and the like
            return ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError("it is not a valid formula") from None


def _item(node: ast.expr, names: Mapping[str, Number]) -> Number | None:
    if isinstance(node, ast.Constant) and node.value is None:
        return None
    return _number(node, names)


def _number(node: ast.expr, names: Mapping[str, Number]) -> Number:
    match node:
        case ast.Constant(value=int() | float() as constant) if not isinstance(constant, bool):
            value: Number = constant
        case ast.Name(id=name) if name in names:
            value = names[name]
        case ast.Name(id=name) if name in CONSTANTS:
            value = CONSTANTS[name]
        case ast.Name(id=name):
            raise FormulaError(f"{name!r} is not defined under `draw:`")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = -_number(operand, names)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            value = _number(operand, names)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            value = _OPERATORS[type(op)](_number(left, names), _number(right, names))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            value = FUNCTIONS[name](*(_number(arg, names) for arg in args))
        case _:
            raise FormulaError(f"`{ast.unparse(node)}` is not allowed in a formula{_advice(node)}")
    if not math.isfinite(value):
        raise FormulaError("its value is not finite")
    return value


def _advice(node: ast.expr) -> str:
    """Return what to write instead of something that is not allowed, or an empty text."""
    match node:
        case ast.BinOp(op=ast.BitXor()):
            return ": use ** for a power"
        case (
            ast.Call(func=ast.Attribute(attr=name))
            | ast.Attribute(value=ast.Name("np" | "numpy" | "math"), attr=name)
        ):
            known = _ALIASES.get(name, name)
        case ast.Call(func=ast.Name(id=name)):
            known = _ALIASES.get(name, "")
        case _:
            return ""
    if known in FUNCTIONS or known in CONSTANTS or known == "**":
        return f": write {known}"
    return f". The functions are {', '.join(FUNCTIONS)}"
