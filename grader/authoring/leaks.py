"""Detection of solution code in hints, messages and titles.

Code is compared as tokens, so spaces and line breaks do not matter. Only
expressions that compute something and are long enough count; `len(X)` and
`np.mean` do not. Code that the learner can see in the starter, the visible tests
or the contracts does not count either.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from grader.authoring.material import ExerciseFiles
from grader.content.problem import Problem

MIN_NODES = 4  # `window[1:]` has four nodes: subscript, name, slice, number
MIN_CHARACTERS = 8

_TOKEN = re.compile(r"\w+|[^\w\s]")
_COMPUTING = (
    *(ast.Call, ast.Subscript, ast.BinOp, ast.BoolOp, ast.Compare, ast.UnaryOp, ast.IfExp, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


def secrets(solution: ast.AST, public: str) -> dict[str, str]:
    """Return the solution's secret expressions, as a mapping from tokens to code.

    Expressions whose tokens occur in `public` are left out.
    """
    known, expressions = tokens(public), {}
    for node in ast.walk(solution):
        if not isinstance(node, _COMPUTING) or _size(node) < MIN_NODES:
            continue
        if not any(isinstance(inner, ast.Name) for inner in ast.walk(node)):
            continue
        code = ast.unparse(node)
        key = tokens(code)
        if len("".join(code.split())) >= MIN_CHARACTERS and key not in known:
            expressions[key] = code
    return expressions


def leaked(text: str, hidden: dict[str, str]) -> str | None:
    """Return the longest hidden expression that the text contains, or None."""
    text_tokens = tokens(text)
    return max((code for key, code in hidden.items() if key in text_tokens), key=len, default=None)


def tokens(text: str) -> str:
    """Return the text as tokens, each with a space on both sides; all quotes become single quotes."""
    return f" {' '.join(_TOKEN.findall(text.replace(chr(34), chr(39))))} "


def leak_problems(files: ExerciseFiles) -> list[Problem]:
    """Return a problem for each hint, message or title that contains code of the solution."""
    exercise = files.exercise
    contracts = [f"{function.signature}\n{function.text}" for function in exercise.functions]
    public = "\n".join([files.starter.source, files.visible.source, exercise.text, *contracts])
    hidden = secrets(files.solution.tree, public)
    problems: list[Problem] = []

    def leak(text: str, place: str) -> tuple[str, str] | None:
        code = leaked(text, hidden)
        if code is None:
            return None
        return f"{place} contains `{code}` from the solution", "describe the idea without the code"

    for i, function in enumerate(exercise.functions):
        for j, hint in enumerate(function.hints):
            if finding := leak(hint, "the hint"):
                problems.append(files.yaml.problem(("functions", i, "hints", j), *finding))
        if function.example is not None and (finding := leak(function.example, "the example")):
            problems.append(files.yaml.problem(("functions", i, "example"), *finding))
    for i, mistake in enumerate(exercise.mistakes):
        if finding := leak(mistake.says, "`says`"):
            problems.append(files.yaml.problem(("mistakes", i, "says"), *finding))
        for j, hint in enumerate(mistake.hints):
            if finding := leak(hint, "the hint"):
                problems.append(files.yaml.problem(("mistakes", i, "hints", j), *finding))
    for name, test in exercise.tests.items():
        for j, hint in enumerate(test.hints):
            if finding := leak(hint, "the hint"):
                problems.append(files.yaml.problem(("tests", name, "hints", j), *finding))
    for source in (files.visible, files.hidden):
        for line, text in _strings(source.tree):
            if finding := leak(text, "this text"):
                problems.append(Problem(source.file, line, *finding))
    return problems


def _size(node: ast.AST) -> int:
    """Return the number of nodes of an expression without operators; `x + 1` has three."""
    bare = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
    return sum(not isinstance(inner, bare) for inner in ast.walk(node))


def _strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, text) for every string in a test file, such as titles and messages."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
