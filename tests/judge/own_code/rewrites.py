"""Rewrites of a submission that keep its meaning, so that few right submissions become many."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable


def as_it_is(source: str) -> str:
    return source


def unparsed(source: str) -> str:
    """Other line breaks, no comments."""
    return ast.unparse(ast.parse(source))


def renamed(source: str) -> str:
    """Other names for local variables."""
    tree = ast.parse(source)
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
        kept = {
            arg.arg for node in ast.walk(function) if isinstance(node, ast.arguments) for arg in _all(node)
        }
        kept |= {
            name
            for node in ast.walk(function)
            if isinstance(node, ast.Global | ast.Nonlocal)
            for name in node.names
        }
        kept |= {node.name for node in ast.walk(function) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        stored = {
            n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id in stored - kept and not hasattr(builtins, node.id):
                node.id = f"my_{node.id}"
    return ast.unparse(tree)


def split(source: str) -> str:
    """A variable for each result before it is returned."""

    class Split(ast.NodeTransformer):
        def visit_Return(self, node: ast.Return) -> list[ast.stmt] | ast.stmt:
            if node.value is None or isinstance(node.value, ast.Name | ast.Constant):
                return node
            name = ast.Assign([ast.Name("the_result", ast.Store())], node.value)
            return [name, ast.Return(ast.Name("the_result", ast.Load()))]

        def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
            return node

    return ast.unparse(ast.fix_missing_locations(Split().visit(ast.parse(source))))


def looped(source: str) -> str:
    """A loop for each list comprehension that is assigned to a name."""

    class Loop(ast.NodeTransformer):
        def visit_Assign(self, node: ast.Assign) -> list[ast.stmt] | ast.stmt:
            value, target = node.value, node.targets[0]
            if (
                not isinstance(value, ast.ListComp)
                or len(value.generators) != 1
                or not isinstance(target, ast.Name)
            ):
                return node
            (comp,) = value.generators
            if comp.is_async or target.id in {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}:
                return node
            attribute = ast.Attribute(ast.Name(target.id, ast.Load()), "append", ast.Load())
            inner: ast.stmt = ast.Expr(ast.Call(attribute, [value.elt], []))
            for test in reversed(comp.ifs):
                inner = ast.If(test, [inner], [])
            empty = ast.Assign([ast.Name(target.id, ast.Store())], ast.List([], ast.Load()))
            return [empty, ast.For(comp.target, comp.iter, [inner], [])]

        def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
            return node

    tree = ast.parse(source)
    tree.body = [Loop().visit(node) if isinstance(node, ast.FunctionDef) else node for node in tree.body]
    return ast.unparse(ast.fix_missing_locations(tree))


def wrapped(source: str) -> str:
    """A decorator around each function that passes everything on."""
    tree = ast.parse(source)
    wrapper = ast.parse(
        "import functools\n\n"
        "def passed_on(function):\n"
        "    @functools.wraps(function)\n"
        "    def inner(*args, **kwargs):\n"
        "        answer = function(*args, **kwargs)\n"
        "        return answer\n"
        "    return inner\n"
    ).body
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            node.decorator_list.insert(0, ast.Name("passed_on", ast.Load()))
    futures = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    rest = [node for node in tree.body if node not in futures]
    tree.body = [*futures, *wrapper, *rest]
    return ast.unparse(ast.fix_missing_locations(tree))


REWRITES: dict[str, Callable[[str], str]] = {
    each.__name__: each for each in (as_it_is, unparsed, renamed, split, looped, wrapped)
}


def _all(arguments: ast.arguments) -> list[ast.arg]:
    more = [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *more]
