"""Read a submission's source for questions about it: its lines, possible changes, and a copy with probes.

Runs in a worker that runs no learner code, because a parser may crash on hostile source.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from grader.judge.worker.notebook_shell import Translator
from grader.judge.worker.probes import PROBES, instrumented, with_other_chance
from grader.judge.worker.statements import parsed

MAX_CHARACTERS = 200_000
MAX_CHANGES = 400
_COMPOUND = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.FunctionDef, ast.ClassDef, ast.Match)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_NEIGHBORS: dict[type[ast.AST], tuple[str, str]] = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Add: ("+", "-"), ast.Sub: ("-", "+"),
}  # fmt: skip
_AUGMENTED: dict[type[ast.AST], str] = {ast.Add: "+=", ast.Sub: "-=", ast.Mult: "*=", ast.Div: "/="}


def outline(cells: list[str]) -> dict[str, Any] | None:
    """Describe the source of all cells as plain data, or return None if it cannot be parsed.

    `sites` are statements inside functions, each alone on its line. `changes` are edits of
    one line. Lines count from 1, columns from 0.
    """
    if sum(map(len, cells)) > MAX_CHARACTERS:
        return None
    sources = []
    for cell in cells:
        source = cell if parsed(cell) is not None else Translator()(cell)
        if parsed(source) is None:
            return None
        sources.append(source)
    sites: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    for number, source in enumerate(sources):
        tree = ast.parse(source)
        reader = _Reader(number, source)
        sites += reader.sites(tree)
        changes += reader.changes(tree)
    probed = [instrumented(source, number) for number, source in enumerate(sources)]
    return {
        "cells": sources,
        "probes": PROBES,
        "probed": probed,
        "sites": sites,
        "changes": changes[:MAX_CHANGES],
    }


def all_with_other_chance(cells: list[str]) -> list[str]:
    """Return cells for which chance decides otherwise. They need the probes' cell."""
    return [with_other_chance(cell) for cell in cells]


class _Reader:
    """Reads one cell."""

    def __init__(self, cell: int, source: str) -> None:
        self._cell = cell
        self._lines = source.split("\n")

    def sites(self, tree: ast.Module) -> Iterator[dict[str, Any]]:
        """Yield the statements inside functions that are alone on one line."""
        found = [each for each in _inside_functions(tree) if isinstance(each[0], ast.stmt)]
        starts = [node.lineno for node, _ in found]
        for node, function in found:
            long = node.end_lineno != node.lineno and not isinstance(node, _COMPOUND)
            if starts.count(node.lineno) != 1 or long or _is_text(node):
                continue
            names = _assigned(node)
            yield {
                "cell": self._cell,
                "line": node.lineno,
                "kind": type(node).__name__,
                "names": names,
                "reads": [] if isinstance(node, _COMPOUND) else _read(node),
                "function": function.name,
                "start": function.lineno,
                "parameters": [each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)],
            }

    def changes(self, tree: ast.Module) -> Iterator[dict[str, Any]]:
        """Yield edits of one line: a statement that does nothing, another constant, another operator."""
        alone = {site["line"] for site in self.sites(tree)}
        for node, _ in _inside_functions(tree):
            if getattr(node, "lineno", 0) != getattr(node, "end_lineno", -1):
                continue
            if isinstance(node, ast.AugAssign | ast.Assign | ast.Raise | ast.Expr) and node.lineno in alone:
                yield self._change("removed", node.lineno, node.col_offset, node.end_col_offset, "pass")
            if isinstance(node, ast.AugAssign) and type(node.op) in _AUGMENTED:
                yield from self._operator(node.target, node.value, _AUGMENTED[type(node.op)], "=")
            elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _NEIGHBORS:
                yield from self._operator(node.left, node.comparators[0], *_NEIGHBORS[type(node.ops[0])])
            elif isinstance(node, ast.BinOp) and type(node.op) in _NEIGHBORS:
                yield from self._operator(node.left, node.right, *_NEIGHBORS[type(node.op)])
            elif isinstance(node, ast.Slice):
                yield from (self._one_more(bound) for bound in (node.lower, node.upper) if _can_grow(bound))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
                yield from (self._one_more(bound) for bound in node.args if _can_grow(bound))
            elif isinstance(node, ast.Constant) and isinstance(value := node.value, int | float):
                other = value + 1 if type(value) is int else value / 2
                change = self._change(
                    "changed", node.lineno, node.col_offset, node.end_col_offset, repr(other)
                )
                text = self._lines[node.lineno - 1][change["start"] : change["end"]]
                if text[:1].isdigit():  # not True; positions in f-strings are wrong in Python 3.11
                    yield change

    def _operator(self, left: ast.expr, right: ast.expr, was: str, now: str) -> Iterator[dict[str, Any]]:
        line, start, end = left.end_lineno or 0, left.end_col_offset or 0, right.col_offset
        if left.lineno == line == right.lineno:
            between = self._lines[line - 1].encode()[start:end].decode()
            if between.strip(" ()") == was:
                at = start + between.index(was)
                yield self._change("changed", line, at, at + len(was), now)

    def _one_more(self, bound: Any) -> dict[str, Any]:
        return self._change("changed", bound.end_lineno, bound.end_col_offset, bound.end_col_offset, " + 1")

    def _change(self, kind: str, line: int, start: int, end: int | None, now: str) -> dict[str, Any]:
        text = self._lines[line - 1].encode()
        first, last = len(text[:start].decode()), len(text[:end].decode())
        return {"cell": self._cell, "kind": kind, "line": line, "start": first, "end": last, "now": now}


def _inside_functions(tree: ast.Module) -> Iterator[tuple[Any, Any]]:
    """Yield each node inside a function with the innermost function that it is in."""
    waiting: list[tuple[ast.AST, Any]] = [(tree, None)]
    while waiting:
        node, function = waiting.pop()
        if isinstance(node, ast.JoinedStr):
            continue
        if isinstance(node, _FUNCTIONS):
            waiting += [(each, node) for each in node.body]
            continue
        for child in ast.iter_child_nodes(node):
            waiting.append((child, function))
        if function is not None:
            yield node, function


def _can_grow(node: ast.expr | None) -> bool:
    """Return True if `+ 1` can follow an expression as it stands."""
    return isinstance(node, ast.Name) or (
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
    )


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _assigned(node: ast.stmt) -> list[str]:
    """Return the names that a statement assigns, if it assigns nothing else."""
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For):
        targets = [node.target]
    else:
        return []
    return [each.id for target in targets for each in ast.walk(target) if _is_stored(each)]  # type: ignore[attr-defined]


def _is_stored(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _read(node: ast.stmt) -> list[str]:
    names = (each for each in ast.walk(node) if isinstance(each, ast.Name))
    return sorted({each.id for each in names if isinstance(each.ctx, ast.Load)})
