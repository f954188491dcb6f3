"""Questions about each learner's own code, for a short talk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct

from grader.classroom.exports.bank import Notes
from grader.classroom.graded_code import GradedCode, graded_code
from grader.classroom.own_banks import BankFormat, bank_of
from grader.classroom.own_sheets import BANKS, Talk, make_part, require_new, write_talks
from grader.classroom.read_results import read_results
from grader.classroom.results import Result
from grader.content.course import OWN_CODE, Course
from grader.errors import CourseError
from grader.files import write_whole
from grader.judge.client.capacity import sensible_jobs
from grader.judge.client.judge import default_seed
from grader.judge.client.pool import JudgePool, Task
from grader.judge.submission import Submission
from grader.judge.verdict import count
from grader.tutor.own_questions import functions_passed, has_own_questions

Tell = Callable[[int, int], None]


class Written(Struct, frozen=True):
    """The numbers of what was written, what a format of banks cannot express, and why sheets are missing."""

    sheets: int
    questions: int
    notes: tuple[str, ...]
    without: tuple[str, ...]  # sentences without a period


class _Work(Struct, frozen=True):
    """The questions about a submission, or why it has none."""

    talk: Talk | None
    reason: str = ""  # goes after "because"


def write_own_code(
    course: Course,
    out: Path,
    directory: Path,
    form: BankFormat | None = None,
    tell: Tell = lambda done, total: None,
) -> Written:
    """Write sheets, keys, a table for the answers and, in a format, a bank per sheet.

    `out` has the results. A learner gets a sheet for each exercise in which a function passed and
    has questions. Without any sheet, nothing is written.
    """
    require_new(directory)
    works = [*_works(course, out, tell)]
    talks = [each.talk for each in works if each.talk is not None]
    notes = Notes()
    if talks:
        named = write_talks(directory, talks)
        if form is not None:
            make_part(directory / BANKS)
            for name, talk in named.items():
                file, data = bank_of(name, talk, form, notes)
                write_whole(directory / BANKS / file, data)
    reasons = Counter(each.reason for each in works if each.talk is None)
    without = [
        f"{count(number, 'submission')} {'has' if number == 1 else 'have'} no sheet, because {reason}"
        for reason, number in reasons.most_common()
    ]
    if not works:
        without = ["no code was graded, only quizzes or files that could not be read"]
    return Written(
        len(talks), sum(len(talk.questions) for talk in talks), tuple(notes.by_text), tuple(without)
    )


def _works(course: Course, out: Path, tell: Tell) -> Iterator[_Work]:
    """Yield the questions about each submission of code."""
    results = [each for each in read_results(out).results if each.report is not None]
    reasons = [_why_out(course, each) for each in results]
    yield from (_Work(None, reason) for reason in reasons if reason)
    asked = [each for each, reason in zip(results, reasons, strict=True) if not reason]
    if not asked:
        return
    code = graded_code(course, out, asked, None)
    wanted = [each for each in asked if (each.learner, each.item) in code]
    yield from [_Work(None, "its file is missing or has changed since")] * (len(asked) - len(wanted))
    yield from _asked(course, wanted, code, tell)


def _asked(course: Course, wanted: Sequence[Result], code: GradedCode, tell: Tell) -> Iterator[_Work]:
    with JudgePool(sensible_jobs(), forked=True) as judges, ThreadPoolExecutor(sensible_jobs()) as threads:

        def make(result: Result) -> _Work:
            return _work(judges, course, result, code[result.learner, result.item])

        for done, work in enumerate(threads.map(make, wanted), 1):
            tell(done, len(wanted))
            yield work


def _work(judges: JudgePool, course: Course, result: Result, submission: Submission) -> _Work:
    """Return the questions about one submission. If none can be made, the learner gets no sheet."""
    assert result.report is not None
    task = Task(result.item, submission, default_seed(course, result.item))
    try:
        questions = judges.make_questions(course, task, functions_passed(result.report))
    except CourseError as error:
        return _Work(None, f"of an error: {error}")
    if not questions:
        return _Work(None, "no question about the code could be made")
    return _Work(Talk(result.learner, result.item, result.source, questions))


def _why_out(course: Course, result: Result) -> str:
    """Return why there are no questions about a result, or ""."""
    assert result.report is not None
    if not has_own_questions(course, result.item):
        return f"{result.item} has no {OWN_CODE}"
    return "" if functions_passed(result.report) else "no function passes all its tests"
