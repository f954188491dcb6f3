"""Single-point changes of a program: one wrong operator, number, bound, argument or statement at a time.

Each change is an edit of the source text, so everything else keeps its form. Edits may be
useless (the result does not parse, or means the same); `mutants.py` drops those.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from grader.authoring import mutant_tables as tables

_ATOMS = (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript, ast.Tuple, ast.List)


class Edit(Struct, frozen=True):
    """Replace the bytes from `start` to `end` by `after`. `change` tells this in one line."""

    start: int
    end: int
    after: str
    change: str


class Text:
    """The source of a program, in bytes, as syntax trees count positions."""

    def __init__(self, source: str) -> None:
        self.bytes = source.encode()
        self._starts = [0, *(match.end() for match in re.finditer(rb"\n", self.bytes))]

    def start(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> int:
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._starts[node.end_lineno - 1] + node.end_col_offset

    def between(self, start: int, end: int) -> str:
        return self.bytes[start:end].decode()

    def of(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> str:
        return self.between(self.start(node), self.end(node))

    def line(self, position: int) -> str:
        """Return the line that holds the byte at `position`, without its indentation."""
        first = self.bytes.rfind(b"\n", 0, position) + 1
        last = self.bytes.find(b"\n", position)
        return self.between(first, last if last >= 0 else len(self.bytes)).strip()

    def line_number(self, position: int) -> int:
        return self.bytes.count(b"\n", 0, position) + 1


def edits(text: Text, definition: ast.stmt, modules: frozenset[str]) -> Iterator[Edit]:
    """Yield the changes of a top-level definition. `modules` are the names that imports bind."""
    maker = _Maker(text, modules, _assigned_names(definition))
    yield from maker.visit(definition, None)


def _assigned_names(definition: ast.stmt) -> list[str]:
    names = [n.id for n in ast.walk(definition) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return names + [n.arg for n in ast.walk(definition) if isinstance(n, ast.arg)]


def _name(function: ast.expr) -> str:
    """Return the last part of a called name, or ""."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


class _Maker:
    """Makes the edits of one definition. There is one method for each kind of syntax."""

    def __init__(self, text: Text, modules: frozenset[str], assigned: list[str]) -> None:
        self._text, self._modules, self._assigned = text, modules, assigned

    def visit(self, node: ast.AST, parent: ast.AST | None) -> Iterator[Edit]:
        """Yield the edits of a node and of all that it holds, except texts that only people read."""
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.keyword) and node.arg in tables.NEUTRAL):
            return
        make = getattr(self, f"_{type(node).__name__}", None)
        if make is not None:
            yield from make(node, parent)
        if isinstance(node, ast.stmt):
            yield from self._statement(node)
        for child in self._children(node):
            yield from self.visit(child, node)

    def _children(self, node: ast.AST) -> Iterator[ast.AST]:
        if isinstance(node, ast.Raise):
            return
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from node.body[1:] if ast.get_docstring(node) is not None else node.body
            if isinstance(node, ast.FunctionDef):
                yield from (default for default in (*node.args.defaults, *node.args.kw_defaults) if default)
            return
        if isinstance(node, ast.AnnAssign):
            yield from (child for child in (node.target, node.value) if child)
            return
        yield from ast.iter_child_nodes(node)

    # --- making edits ---

    def _replace(self, node: ast.expr | ast.stmt, after: str) -> Edit:
        return self._span(self._text.start(node), self._text.end(node), after)

    def _span(self, start: int, end: int, after: str, change: str = "") -> Edit:
        before = self._text.between(start, end)
        return Edit(start, end, after, " ".join((change or f"{before} -> {after}").split()))

    def _operator(self, left: ast.expr, right: ast.expr, old: str, new: str) -> Iterator[Edit]:
        start, end = self._text.end(left), self._text.start(right)
        between = self._text.between(start, end)
        found = re.search(r"\s+".join(map(re.escape, old.split())), between)
        if found is not None:
            begin = start + len(between[: found.start()].encode())
            change = f"{self._text.of(left)} {old} … -> {new}"
            yield self._span(begin, begin + len(found.group().encode()), new, change)

    def _remove(self, part: ast.expr | ast.keyword, last: ast.expr | None = None) -> Edit:
        """Remove an argument or element, through `last`, with one of the commas around it."""
        whole = self._text.bytes
        start, end = self._text.start(part), self._text.end(last or part)
        change = f"without {self._text.between(start, end)}"
        if after := re.compile(rb"\s*,[ \t]*").match(whole, end):
            end = after.end()
        elif before := re.search(rb",\s*$", whole[:start]):
            start = before.start()
        return self._span(start, end, "", change)

    def _add(self, call: ast.Call, option: str) -> Edit:
        parts: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
        place = max((self._text.end(part) for part in parts), default=self._text.end(call) - 1)
        change = f"{self._text.of(call.func)} with {option}"
        return self._span(place, place, f", {option}" if parts else option, change)

    def _swaps(self, parts: Sequence[ast.expr]) -> Iterator[Edit]:
        for one, other in pairwise(parts):
            yield self._swap(one, other)

    def _swap(self, one: ast.expr | ast.arg, other: ast.expr | ast.arg) -> Edit:
        start, end = self._text.start(one), self._text.end(other)
        middle = self._text.between(self._text.end(one), self._text.start(other))
        first, second = self._text.of(one), self._text.of(other)
        return self._span(start, end, second + middle + first, f"swap {first} and {second}")

    def _shifted(self, node: ast.expr) -> Iterator[Edit]:
        """Move a bound by one. A number is moved where it stands."""
        number = node.operand if isinstance(node, ast.UnaryOp) else node
        if not isinstance(number, ast.Constant):
            for step in ("+ 1", "- 1"):
                yield self._replace(node, f"{self._text.of(node)} {step}")

    def _atom(self, node: ast.expr) -> str:
        written = self._text.of(node)
        return written if isinstance(node, _ATOMS) else f"({written})"

    # --- operators ---

    def _BinOp(self, node: ast.BinOp, parent: ast.AST | None) -> Iterator[Edit]:
        old, others = tables.ARITHMETIC.get(type(node.op), ("", ()))
        for new in others:
            yield from self._operator(node.left, node.right, old, new)
        if isinstance(node.op, tables.NOT_COMMUTATIVE):
            yield self._replace(node, f"{self._atom(node.right)} {old} {self._atom(node.left)}")
        for kept in (node.left, node.right):
            yield self._replace(node, self._atom(kept))

    def _AugAssign(self, node: ast.AugAssign, parent: ast.AST | None) -> Iterator[Edit]:
        old, others = tables.ARITHMETIC.get(type(node.op), ("", ()))
        for new in (*others[:1], ""):
            yield from self._operator(node.target, node.value, f"{old}=", f"{new}=")

    def _Compare(self, node: ast.Compare, parent: ast.AST | None) -> Iterator[Edit]:
        operands = [node.left, *node.comparators]
        for operator, (left, right) in zip(node.ops, pairwise(operands), strict=True):
            old, others = tables.COMPARISONS[type(operator)]
            if isinstance(operator, ast.Eq) and isinstance(right, ast.Constant) and _is_number(right.value):
                others = (*others, "<=", ">=")
            for new in others:
                yield from self._operator(left, right, old, new)
        if len(operands) > 2:
            start, end = self._text.start(node), self._text.end(node)
            second, last_but_one = self._text.start(operands[1]), self._text.end(operands[-2])
            yield self._replace(node, self._text.between(second, end))
            yield self._replace(node, self._text.between(start, last_but_one))

    def _BoolOp(self, node: ast.BoolOp, parent: ast.AST | None) -> Iterator[Edit]:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in pairwise(node.values):
            yield from self._operator(left, right, old, new)
        for dropped in node.values:
            kept = [self._atom(value) for value in node.values if value is not dropped]
            yield self._replace(node, f" {old} ".join(kept))

    def _UnaryOp(self, node: ast.UnaryOp, parent: ast.AST | None) -> Iterator[Edit]:
        yield self._replace(node, self._atom(node.operand))

    def _If(self, node: ast.If | ast.While, parent: ast.AST | None) -> Iterator[Edit]:
        # the operators of a comparison and a `not` are negated where they stand
        if not isinstance(node.test, ast.Compare | ast.UnaryOp):
            yield self._replace(node.test, f"not {self._atom(node.test)}")

    _While = _If

    def _IfExp(self, node: ast.IfExp, parent: ast.AST | None) -> Iterator[Edit]:
        for kept in (node.body, node.orelse):
            yield self._replace(node, self._atom(kept))

    def _DictComp(self, node: ast.DictComp, parent: ast.AST | None) -> Iterator[Edit]:
        yield self._swap(node.key, node.value)

    # --- values ---

    def _Constant(self, node: ast.Constant, parent: ast.AST | None) -> Iterator[Edit]:
        for new in _other_values(node.value):
            if not (new == "-1" and isinstance(parent, ast.UnaryOp)):  # removing the sign does the same
                yield self._replace(node, new)

    def _Name(self, node: ast.Name, parent: ast.AST | None) -> Iterator[Edit]:
        if isinstance(node.ctx, ast.Load):
            for new in tables.NAMES.get(node.id, ()):
                yield self._replace(node, new)

    def _Attribute(self, node: ast.Attribute, parent: ast.AST | None) -> Iterator[Edit]:
        end = self._text.end(node)
        for new in tables.NAMES.get(node.attr, ()):
            yield self._span(end - len(node.attr.encode()), end, new)

    def _Subscript(self, node: ast.Subscript, parent: ast.AST | None) -> Iterator[Edit]:
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if isinstance(node.ctx, ast.Load) and isinstance(node.slice, ast.Slice | ast.Tuple):
            written = self._text.of(node)[len(self._text.of(node.value)) :]
            start, end = self._text.end(node.value), self._text.end(node)
            yield self._span(start, end, "", f"{self._text.of(node.value)} without {written}")
        for part in parts:
            if isinstance(part, ast.Slice):
                for bound in filter(None, (part.lower, part.upper)):
                    yield from self._shifted(bound)
                    start, end = self._text.start(bound), self._text.end(bound)
                    yield self._span(start, end, "", f"without the bound {self._text.of(bound)}")

    def _Tuple(self, node: ast.Tuple, parent: ast.AST | None) -> Iterator[Edit]:
        # the targets of an assignment are left alone: swapping the values does the same
        if isinstance(node.ctx, ast.Load):
            yield from self._swaps(node.elts)

    def _List(self, node: ast.List, parent: ast.AST | None) -> Iterator[Edit]:
        if len(node.elts) > 1:
            yield from map(self._remove, node.elts)
        if isinstance(parent, ast.Call) and _name(parent.func) == "Sequential":
            for element in node.elts:
                yield from self._layer(element)

    def _Dict(self, node: ast.Dict, parent: ast.AST | None) -> Iterator[Edit]:
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                yield self._remove(key, value)

    # --- calls ---

    def _Call(self, node: ast.Call, parent: ast.AST | None) -> Iterator[Edit]:
        name = _name(node.func)
        for keyword in node.keywords:
            if keyword.arg not in (None, *tables.NEUTRAL):
                yield self._remove(keyword)
        yield from self._swaps(node.args)
        if node.args and (len(node.args) > 1 or name[:1].isupper()):
            yield self._remove(node.args[-1])
        if name == "range":
            yield from self._shifted(node.args[-1])
        given = {keyword.arg for keyword in node.keywords}
        options = tables.OPTIONS.get(name, ()) if isinstance(node.func, ast.Attribute) else ()
        yield from (self._add(node, option) for option in options if option.partition("=")[0] not in given)
        if name == "add" and isinstance(parent, ast.Expr) and len(node.args) == 1:
            yield from self._layer(node.args[0])
        if not isinstance(parent, ast.Expr):
            yield from self._unwrapped(node, name)

    def _layer(self, element: ast.expr) -> Iterator[Edit]:
        """Add a dropout layer in front of a model's layer, and options if its class is not known."""
        if not isinstance(element, ast.Call) or _name(element.func) in ("Input", "InputLayer"):
            return
        if not _name(element.func):
            for option in tables.ANOTHER_LAYER:
                yield self._add(element, option)
        if isinstance(element.func, ast.Attribute):
            start = self._text.start(element)
            dropout = f"{self._text.of(element.func.value)}.Dropout(0.2)"
            yield self._span(start, start, f"{dropout}, ", f"{dropout} before {self._text.of(element)}")

    def _unwrapped(self, node: ast.Call, name: str) -> Iterator[Edit]:
        """Leave out a conversion: `x.copy()` becomes `x`, and `float(x)` becomes `x`."""
        function, end = node.func, self._text.end(node)
        if isinstance(function, ast.Attribute) and not self._is_of_module(function.value):
            dot = self._text.bytes.rfind(b".", 0, self._text.end(function))
            change = f"{self._text.of(function.value)} without {self._text.between(dot, end)}"
            yield self._span(dot, end, "", change)
        elif len(node.args) == 1 and name and not name[0].isupper():
            yield self._replace(node, self._atom(node.args[0]))

    def _is_of_module(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self._modules

    # --- statements ---

    def _statement(self, node: ast.stmt) -> Iterator[Edit]:
        if isinstance(node, ast.Raise):
            error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if isinstance(error, ast.Name):
                yield from self._Name(error, node)
        if isinstance(node, ast.Break | ast.Continue):
            yield self._replace(node, "continue" if isinstance(node, ast.Break) else "break")
        elif isinstance(node, ast.Expr | ast.AugAssign | ast.Delete | ast.Assert | ast.Raise) or (
            isinstance(node, ast.Assign) and all(map(self._is_bound_before, node.targets))
        ):
            yield self._without(node)

    def _without(self, node: ast.stmt) -> Edit:
        return self._span(self._text.start(node), self._text.end(node), "pass", "without this statement")

    def _is_bound_before(self, target: ast.expr) -> bool:
        """Return False if the code after a removed assignment would have to fail."""
        return not isinstance(target, ast.Name) or self._assigned.count(target.id) > 1

    def _Return(self, node: ast.Return, parent: ast.AST | None) -> Iterator[Edit]:
        if isinstance(parent, ast.If | ast.For | ast.While):
            yield self._without(node)

    def _FunctionDef(self, node: ast.FunctionDef, parent: ast.AST | None) -> Iterator[Edit]:
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        plain = positional[: len(positional) - len(arguments.defaults)]
        for one, other in pairwise(plain):
            yield self._swap(one, other)
        for argument, default in zip(positional[len(plain) :], arguments.defaults, strict=True):
            start, end = self._text.end(argument), self._text.end(default)
            yield self._span(start, end, "", f"{argument.arg} without its default")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _other_values(value: object) -> tuple[str, ...]:
    """Return the source of values that are near to this one, or easily confused with it."""
    if isinstance(value, bool):
        return (repr(not value),)
    if isinstance(value, int):
        near = (value + 1, value - 1, 0, *((-1,) if value == 1 else ()))
        return tuple(dict.fromkeys(str(other) for other in near if other != value))
    if isinstance(value, float):
        others = (1.1 * value, 0.0, 1.0, -value)
        return tuple(dict.fromkeys(_float(other) for other in others if other != value))
    if isinstance(value, str):
        return (*(repr(word) for word in tables.WORDS.get(value, ())), *(('""',) if value else ()))
    return ("0",) if value is None else ()


def _float(value: float) -> str:
    return repr(float(f"{value:.6g}"))
