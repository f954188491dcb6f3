"""Mutants of a reference solution: copies with one small change each, which the tests should catch."""

from __future__ import annotations

import ast
import difflib
import hashlib
import symtable
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from grader.authoring.mutant_edits import Text, edits
from grader.authoring.places import imported_names


class Mutant(Struct, frozen=True, kw_only=True):
    """A solution with one change.

    `function`, `line` and `change` identify it as long as the line stays the same, wherever
    it is. `line` is the text of the line on which the change begins.
    """

    function: str  # the changed definition: a graded function, or a helper or constant that one uses
    line: str
    change: str  # "+ -> -"
    number: int  # of the line
    source: str  # the whole changed solution

    @property
    def id(self) -> tuple[str, str, str]:
        return self.function, self.line, self.change


def mutants(source: str, functions: Iterable[str]) -> list[Mutant]:
    """Return the mutants of a solution, in the order of its text.

    Only the definitions of `functions`, and the definitions that these use, are changed.
    Docstrings and the texts of errors stay as they are. Each mutant parses and differs from
    the solution, no two are the same program, and no two have the same id. Raises SyntaxError.
    """
    tree, text = ast.parse(source), Text(source)
    modules = frozenset(imported_names(tree.body))
    count: Counter[tuple[str, str, str]] = Counter()
    made = []
    for name, definition in _used(tree, functions).items():
        start, end = text.start(definition), text.end(definition)
        seen = {_meaning(text.between(start, end))}
        for edit in sorted(edits(text, definition, modules), key=lambda edit: (edit.start, edit.end)):
            before, after = text.between(start, edit.start), text.between(edit.end, end)
            meaning = _meaning(f"{before}{edit.after}{after}")
            if meaning is None or meaning in seen:
                continue
            seen.add(meaning)
            changed = text.between(0, edit.start) + edit.after + text.between(edit.end, len(text.bytes))
            line, change = text.line(edit.start), edit.change
            count[name, line, change] += 1
            if (nth := count[name, line, change]) > 1:
                change += f" ({nth})"
            number = text.line_number(edit.start)
            made.append(Mutant(function=name, line=line, change=change, number=number, source=changed))
    return made


def sample(made: Sequence[Mutant], size: int, salt: str) -> list[Mutant]:
    """Return `size` of the mutants, in their order. The same salt chooses the same ones."""

    def rank(mutant: Mutant) -> bytes:
        return hashlib.blake2b("\0".join((salt, *mutant.id)).encode(), digest_size=8).digest()

    chosen = set(map(id, sorted(made, key=rank)[:size]))
    return [mutant for mutant in made if id(mutant) in chosen]


def changed_lines(source: str, mutant: Mutant) -> str:
    """Return the lines that a mutant changes, as a diff without context."""
    lines = difflib.unified_diff(source.splitlines(), mutant.source.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


def judged_functions(source: str, changed: str, functions: Sequence[str]) -> tuple[str, ...]:
    """Return the graded functions whose tests should fail: the changed one, or all that use a helper."""
    if changed in functions:
        return (changed,)
    tree = ast.parse(source)
    return tuple(name for name in functions if changed in _used(tree, [name]))


def definition_of(source: str, name: str) -> str:
    """Return the source of a top-level definition."""
    node = definitions(ast.parse(source))[name]
    return Text(source).of(node)


def definitions(tree: ast.Module) -> dict[str, ast.stmt]:
    """Return the functions, classes and constants of a module by name. The last one of a name counts."""
    return {name: node for node in tree.body for name in _defined(node)}


def _meaning(definition: str) -> str | None:
    """Return what the parser makes of a definition; None if it cannot be compiled."""
    try:
        tree = ast.parse(definition)
        symtable.symtable(definition, "solution.py", "exec")
    except (SyntaxError, ValueError):
        return None
    return None if any(map(_compares_identity, ast.walk(tree))) else ast.dump(tree)


def _compares_identity(node: ast.AST) -> bool:
    """Return True for a comparison such as `x is 0`, about which Python warns."""
    if not isinstance(node, ast.Compare) or not any(isinstance(op, ast.Is | ast.IsNot) for op in node.ops):
        return False
    constants = [side.value for side in (node.left, *node.comparators) if isinstance(side, ast.Constant)]
    return any(isinstance(value, int | float | str) and not isinstance(value, bool) for value in constants)


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return [node.target.id] if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else []


def _used(tree: ast.Module, functions: Iterable[str]) -> dict[str, ast.stmt]:
    """Return the definitions of the functions and of all that they use, in the order of the module."""
    known = definitions(tree)
    found: set[str] = set()
    waiting = [name for name in functions if name in known]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            used = (node.id for node in ast.walk(known[name]) if isinstance(node, ast.Name))
            waiting += [each for each in used if each in known]
    return {name: node for name, node in known.items() if name in found}
