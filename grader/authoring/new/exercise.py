"""Templates of a new exercise: its contract, starter, solution and tests."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from grader.authoring.new.files import Files, schema_line
from grader.authoring.new.functions import NewFunction
from grader.authoring.new.starter_text import docstring, starter_head
from grader.authoring.new.yaml_text import text, with_item
from grader.content.course import Course
from grader.content.lesson import Lesson
from grader.content.yaml_core import read_text

_SOLUTION_HEAD = '"""Reference solution. Learners never see it."""\n'
_VISIBLE_HEAD = '"""Visible tests, which learners can read. The hidden tests use other inputs."""\n'
_HIDDEN_HEAD = (
    '"""Hidden tests. A message says what is wrong in the learner\'s terms and never holds an input."""\n'
)
_SAY = "TODO: say what is wrong, in the learner's terms"


def new_exercise(
    course: Course,
    exercise_id: str,
    title: str,
    lesson: Lesson,
    section: str,
    functions: Sequence[NewFunction],
    solution: str = "",
) -> Files:
    """Return the files of a new exercise, and its lesson, whose section lists it. Raises CourseError.

    `solution` is the text of a finished reference solution, or "" if it is still to be written.
    """
    directory = f"exercises/{exercise_id}"
    name = f"lessons/{lesson.id}.yaml"
    index = [each.id for each in lesson.sections].index(section)
    path = ("sections", index, "exercises")
    return Files(
        created={
            f"{directory}/exercise.yaml": _contract(exercise_id, title, lesson, section, functions),
            f"{directory}/starter.py": _starter(exercise_id, title, functions, solution),
            f"{directory}/solution.py": solution or _solution(functions),
            f"{directory}/visible_tests.py": _tests(_VISIBLE_HEAD, functions, is_visible=True),
            f"{directory}/hidden_tests.py": _tests(_HIDDEN_HEAD, functions, is_visible=False),
        },
        changed={name: with_item(read_text(course.root / name), path, exercise_id, name)},
    )


def _contract(
    exercise_id: str, title: str, lesson: Lesson, section: str, functions: Sequence[NewFunction]
) -> str:
    lines = [
        schema_line("exercise", 2) + f"id: {exercise_id}",
        f"title: {text(title)}",
        f"lesson: {lesson.id}",
        'text: "TODO: say what the functions are for, and what learners must know about all of them."',
        "functions:",
    ]
    for function in functions:
        place, concepts = _taught(function, lesson, section, is_only=len(functions) == 1)
        returns = ", ".join(f"{name}: {kind}" for name, kind in function.returns.items())
        contract = (
            function.text
            or f"TODO: say what {function.name} takes and returns, and what it does at the edges."
        )
        lines += [
            f"  - signature: {text(function.signature)}",
            f"    returns: {{{returns}}}",
            f'    section: "{place}"',
            f"    concepts: {concepts}",
            "    text: |",
            *(f"      {line}".rstrip() for line in contract.splitlines()),
            "    hints:",
            '      - "TODO: suggest a small example to try on paper."',
            f'      - "TODO: ask a question that leads to the first step of {function.name}."',
        ]
    return "\n".join([*lines, "mistakes: []  # known wrong programs; `course new mistake` adds them"]) + "\n"


def _taught(function: NewFunction, lesson: Lesson, section: str, *, is_only: bool) -> tuple[str, str]:
    """Return the section to read about a function, and the YAML of its concepts.

    Of several functions, each gets the concept whose name it shares a word with. If that leaves a choice,
    the author has to make it: a wrong concept would count as evidence of what nobody has tested.
    """
    taught = lesson.section(section)
    own = taught.concepts[:1] if taught else ()
    if is_only or len(lesson.concepts) == 1:
        return section, f"[{', '.join(own)}]"
    words = _stems(function.name)
    found = [each.id for each in lesson.concepts if _share(words, _stems(f"{each.id} {each.title}"))]
    places = [each.id for each in lesson.sections if found[:1] and found[0] in each.concepts]
    if len(found) == 1 and places:
        return places[0], f"[{found[0]}]"
    return section, f"[]  # choose: {', '.join(each.id for each in lesson.concepts)}"


def _stems(name: str) -> set[str]:
    """Return the words of a name without the ending of a plural. Short ones, such as "of", do not count."""
    words = re.findall(r"[^\W_]+", name.lower())
    return {re.sub(r"(y|ies|s)$", "", word) for word in words if len(word) > 3}


def _share(some: set[str], others: set[str]) -> bool:
    """Return True if a word of each begins the same, as in "loud" and "loudness"."""
    return any(one.startswith(other) or other.startswith(one) for one in some for other in others)


def _starter(exercise_id: str, title: str, functions: Sequence[NewFunction], solution: str) -> str:
    noun = "the function" if len(functions) == 1 else f"the {len(functions)} functions"
    about = f"{title}: write {noun} below. The docstrings say what to do."
    parts = [docstring(f"{about}\n\nCheck your work with:  course check {exercise_id}\n")]
    if needed := starter_head(solution, functions).text:
        parts[0] += f"\n\n{needed}"
    for function in functions:
        words = (
            function.text or f"TODO: say in one sentence what {function.name} returns, as in exercise.yaml."
        )
        whole = words if "\n" not in words else f"{textwrap.indent(words, '    ').strip()}\n    "
        parts.append(
            f"def {function.signature}:\n    {docstring(whole)}\n"
            f'    raise NotImplementedError("{function.name}")'
        )
    return "\n\n\n".join(parts) + "\n"


def _solution(functions: Sequence[NewFunction]) -> str:
    bodies = [
        f'def {function.signature}:\n    raise NotImplementedError("TODO: write the right {function.name}")'
        for function in functions
    ]
    return "\n\n\n".join([_SOLUTION_HEAD.rstrip(), *bodies]) + "\n"


def _tests(head: str, functions: Sequence[NewFunction], *, is_visible: bool) -> str:
    """Return one test per function: of an example that learners see, or on drawn inputs."""
    assertions = {_assertion(kind) for function in functions for kind in function.returns.values()} - {""}
    imports = f"\nfrom grader.testing import {', '.join(sorted(assertions))}\n" if assertions else ""
    tests = [_example(function) if is_visible else _drawn(function) for function in functions]
    return f"{head}\nimport pytest\n{imports}" + "".join(f"\n\n{test}" for test in tests)


def _example(function: NewFunction) -> str:
    lines = [
        f'@pytest.mark.points(1, function="{function.name}")',
        f"def test_{function.name.lower()}_of_an_example(learner):",
        '    """TODO: say what the example shows."""',
        *(f'    {name} = "TODO: choose {name} for the example"' for name in function.arguments),
        f"    {', '.join(_found(function))} = learner.{_call(function)}",
    ]
    for found, (name, kind) in zip(_found(function), function.returns.items(), strict=True):
        lines.append(f'    right = "TODO: the right {name}"')
        lines.append(f"    {_compared(kind, found, 'right', name, function)}")
    return "\n".join(lines) + "\n"


def _drawn(function: NewFunction) -> str:
    lines = [
        f'@pytest.mark.points(2, function="{function.name}")',
        f"def test_{function.name.lower()}_of_any_input(learner, reference, rng):",
        '    """TODO: say what must be right for every input."""',
        *(
            f'    {name} = "TODO: draw {name} with rng, a numpy.random.Generator"'
            for name in function.arguments
        ),
        f"    {', '.join(_found(function))} = learner.{_call(function)}",
        f"    {', '.join(_right(function))} = reference.{_call(function)}",
    ]
    pairs = zip(_found(function), _right(function), function.returns.items(), strict=True)
    lines += [f"    {_compared(kind, found, right, name, function)}" for found, right, (name, kind) in pairs]
    return "\n".join(lines) + "\n"


def _call(function: NewFunction) -> str:
    return f"{function.name}({', '.join(function.arguments.values())})"


def _found(function: NewFunction) -> list[str]:
    return ["found"] if len(function.returns) == 1 else [f"found_{name}" for name in function.returns]


def _right(function: NewFunction) -> list[str]:
    return ["right"] if len(function.returns) == 1 else [f"right_{name}" for name in function.returns]


_ASSERTIONS = {
    **dict.fromkeys(("array", "float", "dict", "tuple"), "assert_allclose"),
    **dict.fromkeys(("DataFrame", "Series"), "assert_same_table"),
    "model": "assert_same_model",
}


def _assertion(kind: str) -> str:
    return _ASSERTIONS.get(kind, "")


def _compared(kind: str, found: str, right: str, name: str, function: NewFunction) -> str:
    """Return the line that compares a result with the right one."""
    if kind == "model":
        return f"assert_same_model({found}, {right})"
    about = f"{_SAY} about {name}" if len(function.returns) > 1 else _SAY
    if assertion := _assertion(kind):
        return f'{assertion}({found}, {right}, "{about}")'
    return f'assert {found} == {right}, "{about}"'
