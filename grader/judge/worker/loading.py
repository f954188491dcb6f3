"""Learner source -> a module, and what there is to say about its functions."""

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
    """A cell is not Python; carries the SyntaxError and the cell's label."""

    def __init__(self, error: SyntaxError | ValueError | RecursionError | MemoryError, label: str) -> None:
        super().__init__(str(error))
        self.error = error
        self.label = label


def without_magics(source: str) -> str:
    """Return a notebook cell without its IPython magics, shell lines and help requests.

    Every dropped line becomes `pass` at its indentation, so line numbers stay and
    a block that held nothing else still parses; of `%time x = f()` the statement
    stays, because later cells may need its `x`. A line counts as magic only if
    Python cannot parse it, so a `%` that continues an expression stays.
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
                break  # a real mistake: the compiler will tell it with its place
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
    """Run the cells, in order, as one module; return it and the source of each cell.

    All cells are compiled before the first runs. After each, `on_ran` is given
    the value that Jupyter would show below it, or None. Raises Unparsable, and
    whatever the learner's top-level code raises.
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
    """Return the code of a cell, and apart from it that of the last expression, if Jupyter would show it."""
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
    except (RecursionError, MemoryError):  # the compiler itself copes with more than its tree in Python
        return whole, None


def find(module: ModuleType, sources: list[str], name: str) -> FunctionInfo:
    """Describe the function called `name`: is it there, is it blank, what does it take?"""
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
    """True if the last definition of `name` does nothing: a docstring, `pass`, `...`, NotImplementedError."""
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
