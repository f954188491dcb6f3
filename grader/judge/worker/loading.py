"""Load the learner's source as a module and describe its functions."""

from __future__ import annotations

import ast
import inspect
import linecache
import re
import sys
from collections.abc import Callable
from types import CodeType, ModuleType
from typing import Any

from grader.judge.wire.messages import Cell, FunctionInfo, Parameter

MODULE = "submission"
_MAGIC = re.compile(r"^\s*[%!?]|=\s*[!%]|\?\??\s*$")
_TIMED = re.compile(r"%time\s+(?=\S)")
_KEPT_CELL_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")


class Unparsable(Exception):
    """A cell cannot be parsed as Python. Holds the error and the cell's label."""

    def __init__(self, error: SyntaxError | ValueError | RecursionError | MemoryError, label: str) -> None:
        super().__init__(str(error))
        self.error = error
        self.label = label


def without_magics(source: str) -> str:
    """Return a notebook cell without its IPython magics, shell lines and help requests.

    Each dropped line becomes `pass` at its indentation, so that line numbers do not
    change and a block with nothing else still parses. `%time x = f()` keeps its
    statement, because later cells may need `x`. A line is a magic only if Python
    cannot parse it, so a `%` that continues an expression is kept.
    """
    first = source.lstrip().partition("\n")[0]
    if first.startswith("%%"):
        if not first.startswith(_KEPT_CELL_MAGICS):
            return ""  # the cell is in another language
        source = source.replace(first, "pass", 1)
    lines = source.split("\n")
    for _ in lines:
        try:
            ast.parse("\n".join(lines))
        except SyntaxError as error:
            number = (error.lineno or 0) - 1
            if not 0 <= number < len(lines) or not _MAGIC.search(lines[number]):
                break  # a real syntax error, which the compiler will report with its position
            code = lines[number].lstrip()
            indent = lines[number][: len(lines[number]) - len(code)]
            timed = _TIMED.match(code)
            lines[number] = indent + (code[timed.end() :] if timed else "pass")
        except (ValueError, RecursionError, MemoryError):
            break
        else:
            break
    return "\n".join(lines)


def load(
    cells: tuple[Cell, ...], on_ran: Callable[[Any], None] = lambda value: None
) -> tuple[ModuleType, list[str]]:
    """Run the cells in order as one module. Return the module and the source of each cell.

    All cells are compiled before the first one runs. After each cell, `on_ran`
    receives the value that Jupyter would show below it, or None. Raises Unparsable,
    and any exception of the learner's top-level code.
    """
    module = ModuleType(MODULE)
    module.__dict__["__file__"] = cells[0].label if cells else MODULE
    sys.modules[MODULE] = module
    sources = [without_magics(cell.source) if cell.notebook else cell.source for cell in cells]
    codes = []
    for cell, source in zip(cells, sources, strict=True):
        linecache.cache[cell.label] = (len(source), None, source.splitlines(True), cell.label)
        try:
            codes.append(_compiled(source, cell))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise Unparsable(error, cell.label) from None
    for code, last in codes:
        exec(code, module.__dict__)
        on_ran(None if last is None else eval(last, module.__dict__))
    return module, sources


def _compiled(source: str, cell: Cell) -> tuple[CodeType, CodeType | None]:
    """Compile a cell. If Jupyter would show its last expression, return that as separate code."""
    whole = compile(source, cell.label, "exec", dont_inherit=True)
    if not cell.notebook or source.rstrip().endswith(";"):
        return whole, None
    try:
        tree = ast.parse(source)
        if not (tree.body and isinstance(tree.body[-1], ast.Expr)):
            return whole, None
        last = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]
        return (
            compile(tree, cell.label, "exec", dont_inherit=True),
            compile(last, cell.label, "eval", dont_inherit=True),
        )
    except (RecursionError, MemoryError):  # the compiler can handle deeper code than Python's `ast` can
        return whole, None


def find(module: ModuleType, sources: list[str], name: str) -> FunctionInfo:
    """Describe the function called `name`: whether it exists and is blank, and its parameters."""
    if not hasattr(module, name):
        return FunctionInfo(exists=False)
    function = getattr(module, name)
    if not callable(function):
        return FunctionInfo(exists=True)
    try:
        parameters = tuple(
            Parameter(
                p.name, p.kind.name, p.default is not p.empty or p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
            )
            for p in inspect.signature(function).parameters.values()
        )
    except (TypeError, ValueError):
        parameters = None
    return FunctionInfo(True, True, _is_blank(sources, name), parameters)


def _is_blank(sources: list[str], name: str) -> bool:
    """Return True if the last definition of `name` does nothing.

    A docstring, `pass`, `...` and `raise NotImplementedError` count as nothing.
    """
    last: ast.FunctionDef | None = None
    for source in sources:
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and node.name == name:
                last = node
    return last is not None and all(_does_nothing(statement) for statement in last.body)


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Raise) and statement.exc is not None:
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return isinstance(statement, ast.Pass)
