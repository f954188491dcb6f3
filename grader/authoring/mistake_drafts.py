"""Drafts of known mistakes from mutants that no test notices, for an author to finish."""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Iterator, Sequence

from grader.authoring.mutants import definition_of, judged_functions
from grader.authoring.mutation_proof import Survivor
from grader.authoring.places import imported_names
from grader.content.equivalents import FILE
from grader.content.exercise import Exercise

_EQUIVALENT = """\
# yaml-language-server: $schema=../../schemas/equivalent_mutants.json
# Entries for the file of this name beside exercise.yaml. Keep those that no test should notice,
# because a learner may write the changed program, and say why.
"""

_REASON = "TODO: say why a learner may write this, and why no test should notice it."


def drafts(exercise: Exercise, solution: str, survivors: Sequence[Survivor]) -> dict[str, str]:
    """Return the texts of the files by name.

    There is one program per survivor, for `course new mistake`, and one file with entries for those
    that turn out to be equivalent.
    """
    files: dict[str, str] = {}
    equivalent: list[str] = []
    count: Counter[str] = Counter()
    graded = [function.name for function in exercise.functions]
    for survivor in survivors:
        function = judged_functions(solution, survivor.function, graded)[0]
        count[function] += 1
        name = f"{function}_{count[function]}".lower()
        parts = [survivor.definition]
        if function != survivor.function:
            parts.append(definition_of(solution, function))  # a mistake must define its function
        files[f"{name}.py"] = _python(survivor, solution, parts)
        fields = {"function": survivor.function, "line": survivor.line, "change": survivor.change}
        written = "".join(f"    {name}: {json.dumps(value)}\n" for name, value in fields.items())
        equivalent.append(f"  -{written[3:]}    reason: {json.dumps(_REASON)}\n")
    if files:
        files[FILE] = f"{_EQUIVALENT}mutants:\n{''.join(equivalent)}"
    return files


def _python(survivor: Survivor, solution: str, parts: Sequence[str]) -> str:
    change = survivor.change.replace("\\", "\\\\").replace('"', "'")
    body = "\n\n\n".join(parts)
    head = f'"""TODO: name the wrong idea behind this change: {change}."""'
    imports = "\n".join(imports_for(solution, body))
    return "\n\n\n".join(("\n\n".join(filter(None, (head, imports))), body)) + "\n"


def imports_for(source: str, body: str) -> Iterator[str]:
    """Yield the import statements of a source that `body`, a part of it, needs."""
    used = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
    for node in ast.parse(source).body:
        if used & imported_names([node]):
            yield ast.unparse(node)
