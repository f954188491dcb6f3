"""Conversion of a starter file to a Jupyter notebook (nbformat 4.5, JSON) without importing nbformat."""

from __future__ import annotations

import ast
import hashlib
import json
from typing import Any

from grader.content.exercise import Exercise, Function

LOAD = "%load_ext grader.notebook"
CHECK_BELOW = (
    "## Check your work\n\nRun all cells, then this one. You don't need to save first. "
    "You can also write `%%check` above a function, and run its cell."
)


def starter_notebook(exercise: Exercise, starter: str) -> str:
    """Return the starter as the JSON text of a notebook.

    The first cell holds the exercise's text. Top-level statements keep their order.
    Each function gets its own cell with its contract above it. The module's
    docstring is left out. The magics that check the notebook come before the first
    statement and after the last function, because the program below may take long.
    """
    cells = [_cell("markdown", f"# {exercise.title}\n\n{exercise.full_text}"), _cell("code", LOAD)]
    pieces = starter_pieces(exercise, starter)
    last = max((n for n, (function, _) in enumerate(pieces) if function is not None), default=-1)
    for number, (function, source) in enumerate(pieces):
        if function is not None:
            cells.append(_cell("markdown", f"## {function.name}\n\n{function.text.strip()}"))
        cells.append(_cell("code", source))
        if number == last:
            cells += [_cell("markdown", CHECK_BELOW), _cell("code", f"%check {exercise.id}")]
    for number, cell in enumerate(cells):
        cell["id"] = hashlib.blake2b(f"{exercise.id}/{number}".encode(), digest_size=4).hexdigest()
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def starter_pieces(exercise: Exercise, starter: str) -> list[tuple[Function | None, str]]:
    """Split a starter, without its docstring, into functions to write and the code between them.

    Returns (function, source) pairs in the file's order; the function is None for
    code that is not a function to write.
    """
    body = ast.parse(starter).body
    if ast.get_docstring(ast.parse(starter)) is not None:
        body = body[1:]
    pieces: list[tuple[Function | None, list[str]]] = []
    for node in body:
        source = source_of(starter, node)
        function = exercise.function(node.name) if isinstance(node, ast.FunctionDef) else None
        if function is None and pieces and pieces[-1][0] is None:
            pieces[-1][1].append(source)
        else:
            pieces.append((function, [source]))
    return [(function, "\n\n".join(sources)) for function, sources in pieces]


def source_of(text: str, node: ast.stmt) -> str:
    """Return the source of a statement with its decorators and the comment lines directly above it."""
    lines = text.splitlines()
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1
    while first > 0 and lines[first - 1].startswith("#"):
        first -= 1
    return "\n".join(lines[first : node.end_lineno])


def _cell(kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source.splitlines(keepends=True)}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})
