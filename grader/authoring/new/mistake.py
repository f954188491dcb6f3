"""A wrong program turned into a known mistake: its wrong function alone, tried on the tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from grader.authoring.mistake_drafts import imports_for
from grader.authoring.mutants import definitions
from grader.authoring.new.files import Files
from grader.authoring.new.functions import parsed
from grader.authoring.new.yaml_text import text, with_item
from grader.authoring.running import SECOND_SEED
from grader.content.course import Course
from grader.content.exercise import Exercise, Mistake
from grader.content.lesson import Lesson
from grader.content.yaml_core import read_text
from grader.errors import CourseError
from grader.judge.client.judge import default_seed
from grader.judge.client.pool import JudgePool, Task
from grader.judge.jobs import Scope
from grader.judge.report import Outcome, Report
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell
from grader.tutor.ladder import definition_in


class WrongFunction(Struct, frozen=True, kw_only=True):
    """A graded function that differs from the solution's, with all it needs that the solution lacks."""

    function: str
    source: str
    reports: tuple[Report, ...] = ()  # of its own tests, with two seeds

    @property
    def fails(self) -> bool:
        """True if it fails a test with each seed, so that it can be a known mistake."""
        return bool(self.reports) and all(
            any(test.outcome is not Outcome.PASSED for test in report.tests) for report in self.reports
        )

    @property
    def named(self) -> tuple[str, ...]:
        """The known mistakes that it is recognized as."""
        return tuple(dict.fromkeys(mistake.id for report in self.reports for mistake in report.mistakes))


class NewMistake(Struct, frozen=True, kw_only=True):
    """What an author has said about a mistake; what is empty becomes a placeholder."""

    id: str
    misconception: str
    concept: str = ""  # of a new misconception
    belief: str = ""
    says: str = ""


def source_of(submission: Submission) -> str:
    """Return the code of a submission as one text. Cells of a notebook that do not parse are left out."""
    cells = [cell.source for cell in submission.cells]
    return cells[0] if len(cells) == 1 else "\n\n".join(filter(_parses, cells))


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def different_functions(source: str, file: str, solution: str, exercise: Exercise) -> list[WrongFunction]:
    """Return the graded functions of a program that are not those of the solution. Raises ContentError."""
    theirs, ours = definitions(parsed(source, file)), definitions(parsed(solution, "solution.py"))
    same = {name for name, node in theirs.items() if name in ours and ast.dump(node) == ast.dump(ours[name])}
    graded = [function.name for function in exercise.functions]
    found = []
    for name in graded:
        body = definition_in(source, name, {*graded, *same} - {name}) if name in theirs else None
        if body is not None and (name not in same or len(ast.parse(body).body) > 1):
            imports = "\n".join(imports_for(source, body))
            found.append(
                WrongFunction(function=name, source="\n\n\n".join(filter(None, (imports, body))) + "\n")
            )
    return found


def tried(
    judges: JudgePool, course: Course, exercise: Exercise, solution: str, wrong: WrongFunction
) -> WrongFunction:
    """Return the function with the reports on its own tests. Raises CourseError if it cannot be loaded."""
    cells = (Cell("solution.py", solution), Cell("mistake.py", wrong.source))
    submission, scope = Submission("mistake.py", cells), Scope((wrong.function,), test_errors=True)
    reports = []
    for seed in (default_seed(course, exercise.id), SECOND_SEED):
        outcome = judges.check(course, Task(exercise.id, submission, seed, scope))
        if outcome.stopped:
            raise CourseError(f"{wrong.function} cannot be judged alone: {outcome.stopped[0].message}")
        reports.append(outcome)
    return WrongFunction(function=wrong.function, source=wrong.source, reports=tuple(reports))


def new_mistake(
    course: Course, exercise: Exercise, lesson: Lesson, wrong: WrongFunction, said: NewMistake
) -> Files:
    """Return the mistake's file, exercise.yaml with its entry, and the lesson if its wrong idea is new."""
    mistake = Mistake(id=said.id, function=wrong.function, misconception=said.misconception, says="-")
    directory = f"exercises/{exercise.id}"
    contract, lesson_name = f"{directory}/exercise.yaml", f"lessons/{lesson.id}.yaml"
    entry = (
        f"id: {said.id}\nfunction: {wrong.function}\nmisconception: {said.misconception}\n"
        f"says: {text(said.says or _SAYS)}\n"
    )
    changed = {contract: with_item(read_text(course.root / contract), ("mistakes",), entry, contract)}
    known = {each.id: each for each in lesson.misconceptions}
    if said.misconception not in known:
        idea = (
            f"id: {said.misconception}\nconcept: {said.concept}\n"
            f"belief: {text(said.belief or _BELIEF)}\ncorrection: {text(_CORRECTION)}\n"
        )
        source = read_text(course.root / lesson_name)
        changed[lesson_name] = with_item(source, ("misconceptions",), idea, lesson_name)
    belief = known[said.misconception].belief if said.misconception in known else said.belief
    gap = "\n" if wrong.source.startswith(("import ", "from ")) else "\n\n"
    head = f'"""{_quotable(belief or said.id)}"""\n{gap}'
    return Files(created={f"{directory}/{mistake.file}": head + wrong.source}, changed=changed)


_SAYS = "TODO: ask a question that lets learners find the mistake, without giving the answer away."
_BELIEF = "TODO: state the wrong idea as someone who holds it would."
_CORRECTION = "TODO: say what is right."


def _quotable(words: str) -> str:
    """Return words for a docstring on one line."""
    return " ".join(words.split()).replace("\\", "\\\\").replace('"', "'")


def concept_of(exercise: Exercise, lesson: Lesson, function: str) -> str:
    """Return the concept that a new misconception about a function belongs to."""
    found = exercise.function(function)
    concepts = [*(found.concepts if found else ()), *(concept.id for concept in lesson.concepts)]
    return concepts[0]


def failures(report: Report) -> Iterator[tuple[str, list[str]]]:
    """Yield the title of each failed test, and the lines that its learner would read."""
    for test in report.tests:
        if test.outcome is not Outcome.PASSED:
            yield f"{test.title}{'' if test.visible else ' (hidden)'}", test.message.splitlines()
