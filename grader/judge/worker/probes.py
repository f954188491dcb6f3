"""A copy of source with probes: it tells which lines of functions run, and what they assign."""

from __future__ import annotations

import ast
from typing import Any, TypeVar

CELL = 100_000  # a line's number in the log is its cell times this, plus its line
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_UNFILLED = ("empty", "empty_like", "ndarray")  # these arrays hold what was in memory before
_UNTOUCHED = (*_FUNCTIONS, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal)

# the first cell of the copy: top-level code may already call functions
PROBES = """
_qlc_log, _qlc_calls = [], [0]

class _qlc_Set(set):
    def __iter__(self):
        return iter(sorted(set.__iter__(self), key=repr, reverse=True))

class _qlc_Frozen(frozenset):
    def __iter__(self):
        return iter(sorted(frozenset.__iter__(self), key=repr, reverse=True))

def _qlc_filled(array):
    if hasattr(array, "fill"):
        try:
            array.fill(93)
        except Exception:
            pass
    return array

def _qlc_enter():
    _qlc_calls[0] += 1
    return _qlc_calls[0]

def _qlc_keep(*item):
    if len(_qlc_log) < 4000:
        _qlc_log.append(item)

def _qlc_shown(value):
    if hasattr(value, "tolist") and hasattr(value, "ndim"):
        if value.ndim > 1 or value.size > 6:
            return None
        value = value.tolist()
    if type(value) in (bool, int, float) or (type(value) is str and len(value) <= 20):
        return value
    if type(value) in (list, tuple) and 0 < len(value) <= 6:
        parts = [_qlc_shown(each) for each in value]
        if all(type(each) in (int, float) for each in parts):
            return type(value)(parts)
    return None

def _qlc_see(line, call, name, value):
    _qlc_keep("see", line, call, name, _qlc_shown(value))

def _qlc_run(_qlc_name, *args):
    del _qlc_log[:]
    _qlc_calls[0] = 0
    try:
        result = ["value", globals()[_qlc_name](*args)]
    except Exception as error:
        kinds = (kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")
        result = ["raised", next(kinds)]
    return [*result, _qlc_log[:]]
"""

T = TypeVar("T", bound=ast.AST)


def instrumented(source: str, cell: int) -> str:
    """Return source with probes in all functions, for which chance also decides otherwise."""
    tree = _OtherChance().visit(ast.parse(source))
    for node in [*ast.walk(tree)]:
        if isinstance(node, _FUNCTIONS):
            _probe_function(node, cell * CELL)
    return ast.unparse(ast.fix_missing_locations(tree))


def with_other_chance(source: str) -> str:
    """Return source for which chance decides otherwise: the order of sets, and the content of new arrays."""
    return ast.unparse(ast.fix_missing_locations(_OtherChance().visit(ast.parse(source))))


class _OtherChance(ast.NodeTransformer):
    """Gives sets another order and new arrays another content, as another process could."""

    def visit_Set(self, node: ast.Set) -> ast.AST:
        self.generic_visit(node)
        return ast.copy_location(_call("_qlc_Set", ast.List(node.elts, ast.Load())), node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        self.generic_visit(node)
        return ast.copy_location(_call("_qlc_Set", ast.GeneratorExp(node.elt, node.generators)), node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return ast.copy_location(_call("_qlc_filled", node), node) if name in _UNFILLED else node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if isinstance(node.ctx, ast.Load) and node.id in ("set", "frozenset"):
            return ast.copy_location(
                ast.Name(f"_qlc_{'Set' if node.id == 'set' else 'Frozen'}", node.ctx), node
            )
        return node


def _probe_function(function: Any, offset: int) -> None:
    body = function.body
    is_text = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    declared = [each for each in body if isinstance(each, ast.Global | ast.Nonlocal)]
    rest = [each for each in body[is_text:] if each not in declared]
    enter = ast.Assign([ast.Name("_qlc_call", ast.Store())], _call("_qlc_enter"))
    function.body = [*body[:is_text], *declared, enter, *_probed(rest, offset)]


def _probed(statements: list[ast.stmt], offset: int) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for node in statements:
        if isinstance(node, _UNTOUCHED):
            found.append(node)
            continue
        line = node.lineno + offset
        found.append(_keep("hit", line))
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(node, name, None)
            if inner:
                setattr(node, name, _probed(inner, offset))
        for clause in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            clause.body = _probed(clause.body, offset)
        if isinstance(node, _LOOPS):
            found.append(_keep("loop", line))
            names = _names([node.target]) if isinstance(node, ast.For | ast.AsyncFor) else []
            node.body = [_keep("round", line), *(_see(line, each) for each in names), *node.body]
        found.append(node)
        if isinstance(node, ast.Assign):
            found += [_see(line, each) for each in _names(node.targets)]
        elif isinstance(node, ast.AugAssign) or (isinstance(node, ast.AnnAssign) and node.value is not None):
            found += [_see(line, each) for each in _names([node.target])]
    return found


def _names(targets: list[ast.expr]) -> list[str]:
    nodes = (each for target in targets for each in ast.walk(target))
    return [each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)]


def _keep(what: str, line: int) -> ast.stmt:
    return ast.Expr(_call("_qlc_keep", ast.Constant(what), ast.Constant(line), _CALL))


def _see(line: int, name: str) -> ast.stmt:
    seen = ast.Name(name, ast.Load())
    return ast.Expr(_call("_qlc_see", ast.Constant(line), _CALL, ast.Constant(name), seen))


def _call(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), [*args], [])


_CALL = ast.Name("_qlc_call", ast.Load())
