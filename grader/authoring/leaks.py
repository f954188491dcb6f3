"""Do hints, messages and titles contain code of the solution?

Code is compared as tokens, so that spaces and line breaks do not matter. Only
expressions that do something and are long enough count: `len(X)` and `np.mean`
are nobody's secret. What the learner is given anyway, in the starter, the
visible tests and the contracts, is no secret either.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from grader.authoring.material import ExerciseFiles
from grader.content.problem import Problem

MIN_NODES = 4  # `window[1:]` has four: subscript, name, slice, number
MIN_CHARACTERS = 8

_TOKEN = re.compile(r"\w+|[^\w\s]")
_DOES_SOMETHING = (
    *(ast.Call, ast.Subscript, ast.BinOp, ast.BoolOp, ast.Compare, ast.UnaryOp, ast.IfExp, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


def secrets(solution: ast.AST, public: str) -> dict[str, str]:
    """Return the solution's telling expressions, as tokens -> code, without those that are public."""
    known, found = tokens(public), {}
    for node in ast.walk(solution):
        if not isinstance(node, _DOES_SOMETHING) or _size(node) < MIN_NODES:
            continue
        if not any(isinstance(inner, ast.Name) for inner in ast.walk(node)):
            continue
        code = ast.unparse(node)
        said = tokens(code)
        if len("".join(code.split())) >= MIN_CHARACTERS and said not in known:
            found[said] = code
    return found


def leaked(text: str, hidden: dict[str, str]) -> str | None:
    """Return the longest of the hidden expressions that stands in the text."""
    said = tokens(text)
    return max((code for key, code in hidden.items() if key in said), key=len, default=None)


def tokens(text: str) -> str:
    """Return the text as tokens, a space around each, quotes alike."""
    return f" {' '.join(_TOKEN.findall(text.replace(chr(34), chr(39))))} "


def leak_problems(files: ExerciseFiles) -> list[Problem]:
    """Return where an exercise's hints, messages and titles contain code of its solution."""
    exercise = files.exercise
    contracts = [f"{function.signature}\n{function.text}" for function in exercise.functions]
    public = "\n".join([files.starter.source, files.visible.source, exercise.text, *contracts])
    hidden = secrets(files.solution.tree, public)
    found: list[Problem] = []

    def look(text: str, what: str) -> tuple[str, str] | None:
        code = leaked(text, hidden)
        return (code and (f"{what} contains `{code}` of the solution", "lead there without the code")) or None

    for i, function in enumerate(exercise.functions):
        for j, hint in enumerate(function.hints):
            if said := look(hint, "the hint"):
                found.append(files.yaml.problem(("functions", i, "hints", j), *said))
        if function.example is not None and (said := look(function.example, "the example")):
            found.append(files.yaml.problem(("functions", i, "example"), *said))
    for i, mistake in enumerate(exercise.mistakes):
        if said := look(mistake.says, "`says`"):
            found.append(files.yaml.problem(("mistakes", i, "says"), *said))
    for source in (files.visible, files.hidden):
        for line, text in _strings(source.tree):
            if said := look(text, "this text"):
                found.append(Problem(source.file, line, *said))
    return found


def _size(node: ast.AST) -> int:
    """How many things the expression is made of; `x + 1` is three."""
    bare = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
    return sum(not isinstance(inner, bare) for inner in ast.walk(node))


def _strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every text of a test file with its line: titles, messages, and what else it holds."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
