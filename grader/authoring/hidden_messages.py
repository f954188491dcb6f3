"""Refuse messages of hidden tests that can hold inputs, results or expected values.

Two looks complement each other. The source shows where a message is put together from a value
that was drawn, returned or computed. The runs of the known mistakes, with two seeds, show
what else fills the gaps of an f-string: only texts of the test file may. Messages that the
judge makes, such as those of contracts, hold no values.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from grader.authoring.material import ExerciseFiles
from grader.content.problem import Problem
from grader.judge.report import Outcome, Report

_SOURCES = frozenset({"rng", "learner", "reference", "train"})  # fixtures that values come from
# where each assertion takes its message; the name of the parameter is `message`, too
_PLACES = {
    "Mismatch": 0,
    "NotJudged": 0,
    "pytest.fail": 0,
    "assert_shape": 2,
    "assert_array_equal": 2,
    "assert_allclose": 2,
    "assert_same_table": 2,
}
_TODO = "say which idea is wrong without values: learner code could choose them to find out hidden inputs"


def message_problems(files: ExerciseFiles, mistakes: Mapping[str, Sequence[Report]]) -> list[Problem]:
    """Return a problem for each message that can hold values, as the source or the runs show."""
    found = {problem.line: problem for problem in _in_runs(files, mistakes)}
    found |= {problem.line: problem for problem in _in_source(files)}
    return [*found.values()]


# --- the source ---


def _in_source(files: ExerciseFiles) -> Iterator[Problem]:
    tree = files.hidden.tree
    fixed = _with_fixed_texts(tree)
    for test in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        drawn = _drawn(test)
        for message in _messages(test):
            if any(_holds_values(part, drawn, fixed) for part in _parts(message)):
                what = f"the message `{ast.unparse(message)[:80]}` can hold a value of the test"
                yield Problem(files.hidden.file, message.lineno, what, _TODO)


def _messages(test: ast.FunctionDef) -> Iterator[ast.expr]:
    """Yield the messages of a function's assertions, and what is assigned to a name that is one."""
    given: list[ast.expr] = []
    for node in ast.walk(test):
        if isinstance(node, ast.Assert) and node.msg is not None:
            given.append(node.msg)
        elif isinstance(node, ast.Call) and (place := _PLACES.get(ast.unparse(node.func))) is not None:
            given += node.args[place : place + 1]
            given += [each.value for each in node.keywords if each.arg == "message"]
    names = {each.id for each in given if isinstance(each, ast.Name)}
    yield from given
    for node in ast.walk(test):
        if isinstance(node, ast.Assign) and any(ast.unparse(target) in names for target in node.targets):
            yield node.value


def _parts(message: ast.expr) -> Iterator[ast.expr]:
    """Yield what a message is put together from, as far as it is no plain text."""
    if isinstance(message, ast.JoinedStr):
        yield from (part.value for part in message.values if isinstance(part, ast.FormattedValue))
    elif isinstance(message, ast.BinOp):
        yield from _parts(message.left)
        yield from _parts(message.right)
    elif isinstance(message, ast.Call):
        yield from message.args
    elif not isinstance(message, ast.Constant):
        yield message


def _drawn(test: ast.FunctionDef) -> set[str]:
    """Return the names of a function that hold values: fixtures, and what is computed from them."""
    drawn = {*_SOURCES}
    assigned = [node for node in ast.walk(test) if isinstance(node, ast.Assign | ast.AnnAssign)]
    for _ in assigned:
        before = len(drawn)
        for node in assigned:
            if node.value is not None and _names(node.value) & drawn:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                drawn |= {name for target in targets for name in _names(target)}
        if len(drawn) == before:
            break
    return drawn


def _holds_values(part: ast.expr, drawn: set[str], fixed: set[str]) -> bool:
    """Return True if an expression is made from values, and is not one of some fixed texts."""
    head = (
        part.func if isinstance(part, ast.Call) else part.value if isinstance(part, ast.Subscript) else None
    )
    if isinstance(head, ast.Name) and head.id in fixed:
        return False
    return bool(_names(part) & drawn)


def _with_fixed_texts(tree: ast.Module) -> set[str]:
    """Return the functions that return only plain texts, and the tables that hold only plain values."""
    found = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
            if returned and all(isinstance(value, ast.Constant) for value in returned):
                found.add(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict | ast.List | ast.Tuple):
            found |= {name for target in node.targets for name in _names(target)}
    return found


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


# --- the runs ---


def _in_runs(files: ExerciseFiles, mistakes: Mapping[str, Sequence[Report]]) -> Iterator[Problem]:
    texts = sorted(_texts(files.hidden.tree), key=len, reverse=True)
    templates = [
        (node, re.compile(pattern, re.DOTALL))
        for node in ast.walk(files.hidden.tree)
        if isinstance(node, ast.JoinedStr) and (pattern := _pattern(node))
    ]
    said = {
        test.message
        for reports in mistakes.values()
        for report in reports
        for test in report.tests
        if test.outcome is Outcome.FAILED and not test.visible
    }
    for message in sorted(each for each in said if _left(each, texts)):
        for node, template in templates:
            match = template.fullmatch(message)
            unknown = [filled for filled in match.groups() if _left(filled, texts)] if match else []
            if unknown:
                what = (
                    f"a hidden test said `{message[:80]}`, where `{unknown[0][:40]}` is no text of this file"
                )
                yield Problem(files.hidden.file, node.lineno, what, _TODO)
                break


def _texts(tree: ast.Module) -> set[str]:
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _pattern(node: ast.JoinedStr) -> str:
    """Return a regular expression for an f-string, or "" if it has no words of its own."""
    plain = [part.value for part in node.values if isinstance(part, ast.Constant)]
    if not any(len(word) > 2 for text in plain for word in re.findall(r"[^\W\d]+", str(text))):
        return ""
    return "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else "(.*?)" for part in node.values
    )


def _left(filled: str, texts: Sequence[str]) -> bool:
    """Return True if a text is not made of texts of the file, with at least two characters each."""
    for text in texts:
        if len(text) > 1:
            filled = filled.replace(text, " ")
    return bool(filled.strip(" .,:;"))
