"""Split source into statements that run one after another, even if parts of it cannot be parsed."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
TOO_DEEP = (RecursionError, MemoryError, SystemError)  # CPython 3.11 raises each of them
UNPARSABLE = (SyntaxError, ValueError, *TOO_DEEP)
Translate = Callable[[str], str]

# the cell markers of files that Jupyter and VS Code write
_CELL_MARKER = re.compile(r"^#\s*(?:%%|In\[[\d ]*\]:)[^\n]*\n", re.MULTILINE)
_CONTINUES = re.compile(r"[\s)\]}#]|(?:else|elif|except|finally)\b")
_INCOMPLETE = (
    "was never closed",
    "unterminated triple-quoted",
    "unexpected EOF",
    "expected an indented block",
)
_CLOSES = re.compile(r"[)\]}]|\"{3}|'{3}")
_MAX_TRIES = 50
_DEFINITION = re.compile(r"^\s*(?:async\s+)?(?:def|class)\s+(\w+)", re.MULTILINE)


class Statement(NamedTuple):
    """A statement at the top level. `node` is None if it is too deep for a syntax tree.

    `text` is the part of the source that it is in, and `before` the number of lines before that.
    """

    line: int
    node: ast.stmt | None
    text: str
    before: int

    @property
    def code(self) -> str:
        """Return its source, after as many empty lines as there are lines before it."""
        lines = self.text.split("\n")
        if self.node is not None:
            lines = lines[self.line - 1 - self.before : (self.node.end_lineno or 0) - self.before]
        return "\n" * (self.line - 1) + "\n".join(lines)


class LeftOut(NamedTuple):
    """Lines that Python cannot parse, and why. `line` is the first of them."""

    line: int
    error: Exception
    text: str

    @property
    def defines(self) -> list[str]:
        """Return the names of the functions and classes in these lines."""
        return _DEFINITION.findall(self.text)


def statements(source: str, translate: Translate, notebook: bool) -> Iterator[Statement | LeftOut]:
    """Yield the statements of a cell or file in order, with the line numbers of `source`.

    `translate` turns IPython's syntax into Python's. It is only applied to source that Python cannot
    parse. If there is still an error, the source is split into blocks, each of which begins
    at the left margin, and only the blocks with errors are left out.
    """
    parts = [(0, source)] if notebook else _parts(source)
    for before, part in parts:
        tree = parsed(part)
        if tree is None:
            part = translate(part)
            tree = parsed(part)
        if tree is not None:
            yield from _shifted(tree, before, part)
            continue
        for start, block in _blocks(part):
            yield from _block(block, before + start, translate)


def _parts(source: str) -> list[tuple[int, str]]:
    """Return a file in one part, or in its cells if it has markers and does not parse as a whole.

    Each part comes with the number of lines before it.
    """
    if parsed(source) is not None:
        return [(0, source)]
    starts = [0, *(match.end() for match in _CELL_MARKER.finditer(source))]
    ends = [*starts[1:], len(source)]
    return [(source.count("\n", 0, a), source[a:b]) for a, b in zip(starts, ends, strict=True)]


def parsed(source: str) -> ast.Module | None:
    """Return the syntax tree of Python source, or None if it cannot be parsed."""
    try:
        return ast.parse(source)
    except UNPARSABLE:
        return None


def _shifted(tree: ast.Module, before: int, text: str) -> Iterator[Statement]:
    for node in tree.body:
        if before:
            ast.increment_lineno(node, before)
        first = (getattr(node, "decorator_list", None) or [node])[0]
        yield Statement(first.lineno, node, text, before)


def _block(text: str, before: int, translate: Translate) -> Iterator[Statement | LeftOut]:
    padded = "\n" * before + text  # so that the error's message names the right lines
    try:
        yield from _shifted(ast.parse(padded), 0, padded)
        return
    except UNPARSABLE as error:
        problem = error
    if isinstance(problem, TOO_DEEP):
        yield Statement(before + 1, None, text, before)  # the compiler can handle deeper code than `ast`
        return
    if (tree := parsed(translated := translate(text))) is not None:
        yield from _shifted(tree, before, translated)
        return
    if isinstance(problem, IndentationError) and problem.lineno is not None:
        head, tail = _before_indented(text, problem.lineno - before)
        if tail and parsed(head) is not None:
            yield from _block(head, before, translate)
            before, text = before + head.count("\n"), tail
    yield LeftOut(before + 1, problem, text)


def _before_indented(text: str, line: int) -> tuple[str, str]:
    """Split a block before a line that is indented for no reason, unless others before it are indented."""
    lines = text.split("\n")
    head, tail = lines[: line - 1], lines[line - 1 :]
    if not head or any(each[:1].isspace() for each in head):
        return text, ""
    return "\n".join(head) + "\n", "\n".join(tail)


def _blocks(source: str) -> Iterator[tuple[int, str]]:
    """Yield the blocks of source that has errors, each with the number of lines before it.

    A block begins at the left margin. It goes on over the next blocks while Python
    expects more, as inside a long string whose lines begin at the margin.
    """
    chunks = _chunks(source.split("\n"))
    position = 0
    while position < len(chunks):
        start, text = chunks[position]
        end, tries = position + 1, 0
        while end < len(chunks) and tries < _MAX_TRIES and _expects_more(text):
            tries += 1
            closes = False
            while end < len(chunks) and not closes:  # each try parses everything again
                text += "\n" + chunks[end][1]
                closes = _CLOSES.search(chunks[end][1]) is not None
                end += 1
        if end > position + 1 and parsed(text) is None:
            end, text = position + 1, chunks[position][1]  # a bracket or quote that is never closed
        yield start, text
        position = end


def _chunks(lines: list[str]) -> list[tuple[int, str]]:
    chunks: list[tuple[int, list[str]]] = []
    decorated = False
    for number, line in enumerate(lines):
        if chunks and (not line or decorated or _CONTINUES.match(line)):
            chunks[-1][1].append(line)
        else:
            chunks.append((number, [line]))
        decorated = line.startswith("@") or (decorated and line.startswith("#"))
    return [(start, "\n".join(block)) for start, block in chunks]


def _expects_more(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError as error:
        return any(words in (error.msg or "") for words in _INCOMPLETE)
    except UNPARSABLE:
        pass
    return False


def is_main_guard(test: ast.expr) -> bool:
    """Return True for the condition of `if __name__ == "__main__":`."""
    return (
        isinstance(test, ast.Compare)
        and any(
            isinstance(part, ast.Name) and part.id == "__name__" for part in (test.left, *test.comparators)
        )
        and any(isinstance(op, ast.Eq) for op in test.ops)
    )


def is_definition(node: ast.stmt) -> bool:
    """Return True for an import, a function, a class, or an assignment of a constant."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        try:
            ast.literal_eval(node.value or ast.Constant(None))
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            return False
        return True
    return isinstance(
        node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    )


def imports_in(node: ast.stmt) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports in a compound statement, but not those in functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.stmt | ast.ExceptHandler) and not isinstance(child, _SCOPES):
            yield from imports_in(child)  # type: ignore[arg-type]


def only(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> ast.Import | ast.ImportFrom:
    """Return an import of only one of a statement's names."""
    if isinstance(node, ast.Import):
        return ast.copy_location(ast.Import([alias]), node)
    return ast.copy_location(ast.ImportFrom(node.module, [alias], node.level), node)


def defined_names(node: ast.stmt) -> set[str]:
    """Return the names that a top-level statement binds, also inside `if`, `try`, `for` and `with`."""
    names: set[str] = set()
    waiting: list[ast.AST] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(each.name)
            continue  # what is inside is not bound here
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            names.add(each.id)
        elif isinstance(each, ast.alias):
            names.add(each.asname or each.name.partition(".")[0])
        waiting += ast.iter_child_nodes(each)
    return names
