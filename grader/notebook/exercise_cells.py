"""Build an exercise's notebook from its starter and its visible tests, and nothing else."""

from __future__ import annotations

import ast

from grader.content.course import Course
from grader.content.notebook import starter_pieces
from grader.content.yaml_core import read_text
from grader.errors import CourseError
from grader.judge.report import Report
from grader.notebook.cells import (
    CellJson,
    check_yourself,
    code,
    folded,
    locked,
    notebook,
    solution,
    test,
    text,
)
from grader.notebook.plain_tests import VisibleTests, tools_cell

HOW = (
    "Write each function in its cell, then run the test cell below it. "
    "Hidden tests check the same behavior with other numbers when your work is graded."
)


def exercise_notebook(course: Course, exercise_id: str, report: Report) -> CellJson:
    """Return an exercise's notebook. `report` is any report on the exercise: it names the tests and points.

    Raises CourseError if the visible tests need the judge, or a function has no starter.
    """
    exercise = course.exercise(exercise_id)
    directory = course.exercise_dir(exercise_id)
    visible_file = directory / "visible_tests.py"
    tests = VisibleTests(str(visible_file), read_text(visible_file))
    cells = [text(f"# {exercise.title}\n\n{exercise.full_text}\n\n{HOW} {check_yourself(exercise.id)}")]
    tools = folded(locked(tools_cell(exercise), f"{exercise.id}--tools"))
    written: set[str] = set()
    for function, source in starter_pieces(exercise, read_text(directory / "starter.py")):
        if function is None:
            cells.append(code(without_program(source)))
            continue
        if not written:
            cells.append(tools)  # after the imports, which belong at the top
        written.add(function.name)
        grade_id = f"{exercise.id}--{function.name}"
        results = [result for result in report.tests if result.function == function.name]
        names = dict.fromkeys(result.id.partition("[")[0] for result in results if result.visible)
        cells.append(text(f"## {function.name}\n\n`{function.signature}`\n\n{function.text.strip()}"))
        cells.append(solution(source, grade_id))
        if results:
            points = sum(result.points for result in results)
            cells.append(test(tests.cell(function.name, names), f"{grade_id}--test", points))
    lacking = [function.name for function in exercise.functions if function.name not in written]
    if lacking:
        raise CourseError(
            f"{directory / 'starter.py'} does not define {', '.join(lacking)} — write a starter for each"
        )
    about = {
        "kind": "exercise",
        "id": exercise.id,
        "lesson": exercise.lesson,
        "version": course.exercise_version(exercise_id),
    }
    return notebook(exercise.id, cells, about)


def without_program(source: str) -> str:
    """Turn `if __name__ == "__main__":` into a comment, because a notebook would run it."""
    lines = source.splitlines()
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'":
            inner = lines[node.body[0].lineno - 1 : node.end_lineno]
            indent = len(inner[0]) - len(inner[0].lstrip())
            comment = ["# the whole program, once your functions work:"]
            comment += [f"# {line[indent:]}".rstrip() for line in inner]
            lines[node.lineno - 1 : node.end_lineno] = comment
    return "\n".join(lines)
