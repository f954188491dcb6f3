"""The parts of a starter that come from a solution: docstrings, imports and constants."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from grader.authoring.new.functions import NewFunction, parsed
from grader.authoring.places import imported_names
from grader.content.libraries import USUAL

_WORD = re.compile(r"[^\W\d]\w*")


class StarterHead(Struct, frozen=True):
    """The imports and constants that a starter takes from a solution, and the imports that it leaves out."""

    imports: tuple[str, ...]
    constants: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def text(self) -> str:
        """The statements, or ""."""
        return "\n\n".join(filter(None, ("\n".join(self.imports), "\n".join(self.constants))))


def starter_head(solution: str, functions: Sequence[NewFunction]) -> StarterHead:
    """Choose the statements of a solution that learners need to begin with.

    These are imports of the usual libraries, imports of names that a docstring mentions, and all that the
    defaults of parameters need. Other imports are left out, because they would tell how the solution
    works. Starters have no annotations, so what only these need is neither given nor missed.
    """
    body = parsed(solution, "solution.py").body
    used = _names(*_without_annotations(body))
    only_annotations = _names(*_annotations(body)) - used
    mentioned = {word for function in functions for word in _WORD.findall(function.text)}
    needed = _of_defaults(body)
    kept, left, constants = [], [], []
    for node in body:
        if isinstance(node, ast.Assign) and needed & _names(*node.targets):
            constants.append(ast.unparse(node))
        if not isinstance(node, ast.Import | ast.ImportFrom) or _is_future(node):
            continue
        for alias in node.names:
            one = _only(node, alias)
            names = imported_names([one])
            is_usual = _is_usual(one) and (isinstance(one, ast.Import) or not names <= only_annotations)
            if is_usual or names & (needed | mentioned):
                kept.append(ast.unparse(one))
            elif names & used:
                left.append(ast.unparse(one))
    return StarterHead(tuple(kept), tuple(constants), tuple(left))


def docstring(words: str) -> str:
    """Return words as a docstring. It is a raw one if they hold a backslash, as formulas do."""
    literal = f'{"r" if chr(92) in words else ""}"""{words}"""'
    try:
        if ast.literal_eval(literal) == words:
            return literal
    except (SyntaxError, ValueError):  # it has three quotes, or ends with a quote or a backslash
        pass
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"""{escaped}"""'


def _of_defaults(body: Sequence[ast.stmt]) -> set[str]:
    """Return the names that the defaults of parameters need, also through constants."""
    functions = [node for node in body if isinstance(node, ast.FunctionDef)]
    defaults = [each for f in functions for each in (*f.args.defaults, *filter(None, f.args.kw_defaults))]
    used = _names(*defaults)
    for node in reversed(body):  # what a constant is made of comes before it
        if isinstance(node, ast.Assign) and used & _names(*node.targets):
            used |= _names(node.value)
    return used


def _annotations(body: Sequence[ast.stmt]) -> Iterator[ast.expr]:
    for node in (each for top in body for each in ast.walk(top)):
        match node:
            case ast.arg(annotation=ast.expr() as found) | ast.AnnAssign(annotation=found):
                yield found
            case ast.FunctionDef(returns=ast.expr() as found):
                yield found


def _without_annotations(body: Sequence[ast.stmt]) -> Iterator[ast.expr]:
    """Yield the names of a program that are not in an annotation."""
    inside = {id(node) for each in _annotations(body) for node in ast.walk(each)}
    for node in (each for top in body for each in ast.walk(top)):
        if isinstance(node, ast.Name) and id(node) not in inside:
            yield node


def _names(*nodes: ast.AST) -> set[str]:
    return {name.id for node in nodes for name in ast.walk(node) if isinstance(name, ast.Name)}


def _only(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> ast.Import | ast.ImportFrom:
    """Return an import statement with one of its names."""
    if isinstance(node, ast.Import):
        return ast.Import(names=[alias])
    return ast.ImportFrom(module=node.module, names=[alias], level=node.level)


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _is_usual(node: ast.Import | ast.ImportFrom) -> bool:
    """Return True for an import of a library that every exercise may use."""
    module = node.names[0].name if isinstance(node, ast.Import) else node.module or ""
    return module.partition(".")[0] in {name.lower() for name in USUAL}
