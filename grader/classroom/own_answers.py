"""Mark the answers about own code that an instructor noted in a talk."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from grader.classroom.class_report import OwnCodeAnswers
from grader.classroom.own_sheets import ANSWERS, HEADER, Talk, read_talks
from grader.classroom.results import Result
from grader.classroom.spreadsheet import checked_header, read_lines
from grader.content.problem import ContentError, Problem
from grader.files import harmless
from grader.quiz.answer import AnswerRefused, mark, refusal
from grader.tutor.own_questions import functions_passed

NOTHING = "-"  # noted if the learner was asked and had no answer
_Z = 1.96  # of the normal distribution, for 95%


class Marked(Struct, frozen=True):
    """The answers that were found, and notes for the instructor."""

    answers: tuple[OwnCodeAnswers, ...]
    notes: tuple[str, ...]


def read_own_answers(directory: Path, results: Sequence[Result]) -> Marked:
    """Mark the answers in a directory that `course grade --own-code` wrote. Raises CourseError.

    Those who answered least come first. Answers about code that has changed since are left out.
    """
    talks = read_talks(directory)
    given = _given(directory / ANSWERS, talks)
    if not given:
        return Marked((), (f"{directory / ANSWERS} has no answers yet: write them into its last column.",))
    graded = {(result.learner, result.item): result for result in results}
    answers, notes = [], []
    for name, marks in given.items():
        talk = talks[name]
        result = graded.get((talk.learner, talk.exercise))
        if result is None or result.report is None or result.source != talk.code:
            notes.append(f"{name}: these answers are about code that is not in the results; left out.")
            continue
        low, high = interval(sum(marks), len(marks))
        answers.append(
            OwnCodeAnswers(
                learner=talk.learner,
                work=talk.exercise,
                passed=len(functions_passed(result.report)),
                functions=len({test.function for test in result.report.tests}),
                asked=len(marks),
                right=sum(marks),
                low=low,
                high=high,
            )
        )
    answers.sort(key=lambda each: (each.right / each.asked, each.high, each.learner, each.work))
    return Marked(tuple(answers), tuple(notes))


def interval(right: int, asked: int) -> tuple[float, float]:
    """Return the 95% interval for the share of such questions that a learner can answer (Wilson's)."""
    share, z2 = right / asked, _Z**2
    middle = share + z2 / (2 * asked)
    half = _Z * math.sqrt((share * (1 - share) + z2 / (4 * asked)) / asked)
    scale = 1 + z2 / asked
    return min(share, max(0.0, (middle - half) / scale)), max(share, min(1.0, (middle + half) / scale))


class _Entry(Struct, frozen=True):
    """A line with an answer."""

    line: int
    sheet: str
    question: str  # its number on the sheet
    answer: str


class _Refused(ValueError):
    """An entry that cannot be marked: what is wrong, and what to do."""


def _given(path: Path, talks: Mapping[str, Talk]) -> dict[str, list[bool]]:
    """Return for each sheet with answers whether each of them is right. Raises ContentError."""
    by_name = {harmless(name): name for name in talks}
    marks: dict[str, dict[str, bool]] = {}
    problems: list[Problem] = []
    for entry in _entries(path):
        name = by_name.get(entry.sheet, "")
        own = marks.setdefault(name, {})
        try:
            if entry.question in own:
                raise _Refused(
                    f"{entry.sheet} has a second answer to question {entry.question}", "delete one"
                )
            own[entry.question] = _is_right(talks.get(name), entry)
        except _Refused as refused:
            problems.append(Problem(str(path), entry.line, *refused.args))
    if problems:
        raise ContentError(problems)
    return {name: [*own.values()] for name, own in marks.items()}


def _entries(path: Path) -> Iterator[_Entry]:
    """Yield the lines that have an answer. Raises ContentError."""
    lines = read_lines(path, "the directory that `course grade --own-code` wrote", HEADER.__contains__)
    needed = ("sheet", "question", "answer")
    header = checked_header(lines, path, needed, HEADER)
    places = [header.index(name) for name in needed]
    for line, row in lines[1:]:
        sheet, question, answer = (row[place] if place < len(row) else "" for place in places)
        if answer:
            yield _Entry(line, sheet, question, answer)


def _is_right(talk: Talk | None, entry: _Entry) -> bool:
    """Raises _Refused."""
    numbers = {str(number): own for number, own in enumerate(talk.questions, 1)} if talk else {}
    if entry.question not in numbers:
        raise _Refused(
            f"no sheet {entry.sheet} has a question {entry.question}", "change only the last column"
        )
    if entry.answer == NOTHING:
        return False
    question = numbers[entry.question].question
    try:
        return bool(mark(question, entry.answer).correct)
    except AnswerRefused as refused:
        raise _Refused(refusal(refused, entry.answer), f"or write {NOTHING} if there was no answer") from None
