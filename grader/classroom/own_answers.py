"""Mark the answers about own code that an instructor noted in a talk."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from grader.classroom.class_report import OwnCodeAnswers
from grader.classroom.own_sheets import ANSWERS, HEADER, Talk, read_talks
from grader.classroom.results import Result
from grader.classroom.spreadsheet import checked_header, read_lines
from grader.content.questions import Question, SingleQuestion
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
    if not given.by_sheet and not given.notes:
        return Marked((), (f"{directory / ANSWERS} has no answers yet: write them into its last column.",))
    graded = {(result.learner, result.item): result for result in results}
    answers, notes = [], [*given.notes]
    for name, marks in given.by_sheet.items():
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


class _Given(Struct, frozen=True):
    """Whether each answer on a sheet is right, and notes on the answers that cannot be marked."""

    by_sheet: Mapping[str, Sequence[bool]]
    notes: tuple[str, ...]


class _Refused(ValueError):
    """An entry that cannot be marked. The message says why, and what to do, in sentences."""


def _given(path: Path, talks: Mapping[str, Talk]) -> _Given:
    """Mark the answers in a table. Raises ContentError if it lacks a column."""
    by_name = {harmless(name): name for name in talks}
    entries = [*_entries(path)]
    answers = Counter((each.sheet, each.question) for each in entries)
    marks: dict[str, list[bool]] = {}
    notes: list[str] = []
    for entry in entries:
        name = by_name.get(entry.sheet, "")
        try:
            if answers[entry.sheet, entry.question] > 1:
                several = f"{entry.sheet} has several answers to question {entry.question}"
                raise _Refused(f"{several}. Keep one of them.")
            is_right = _is_right(talks.get(name), entry)
        except _Refused as refused:
            notes.append(f"{path}:{entry.line} is left out: {refused}")
        else:
            marks.setdefault(name, []).append(is_right)
    return _Given(marks, tuple(notes))


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
            f"there is no sheet {entry.sheet} with a question {entry.question}. Change only the last column."
        )
    if entry.answer == NOTHING:
        return False
    question = numbers[entry.question].question
    try:
        return bool(mark(question, entry.answer).correct)
    except AnswerRefused as refused:
        if letter := _letter(question, entry.answer):
            return bool(mark(question, letter).correct)
        why = refusal(refused, entry.answer)
        if isinstance(question, SingleQuestion):
            why = f"{why.removesuffix('.')}, or the text of an option."
        raise _Refused(f"{why} Write {NOTHING} if there was no answer.") from None


def _letter(question: Question, typed: str) -> str | None:
    """Return the letter of the only option that has the typed text; None if there is no such option."""
    if not isinstance(question, SingleQuestion):
        return None
    options = [*zip(question.option_ids, map(_plain, (each.text for each in question.options)), strict=True)]
    wanted = _plain(typed)
    exact = [letter for letter, text in options if wanted in (text, f"{letter}) {text}")]
    # spreadsheets write True as TRUE
    alike = [letter for letter, text in options if wanted.casefold() == text.casefold()]
    found = exact or alike
    return found[0] if len(found) == 1 else None


def _plain(text: str) -> str:
    """Return a text as it is typed: without the marks of code and double spaces."""
    return " ".join(text.replace("`", "").split())
