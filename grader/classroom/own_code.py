"""Questions about each learner's own code, for a short talk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct

from grader.classroom.exports.bank import Notes
from grader.classroom.graded_code import graded_code
from grader.classroom.own_banks import BankFormat, bank_of
from grader.classroom.own_sheets import BANKS, Talk, make_part, require_new, write_talks
from grader.classroom.read_results import read_results
from grader.classroom.results import Result
from grader.content.course import Course
from grader.errors import CourseError
from grader.files import write_whole
from grader.judge.client.capacity import sensible_jobs
from grader.judge.client.judge import default_seed
from grader.judge.client.pool import JudgePool, Task
from grader.judge.own_questions import OwnQuestion
from grader.judge.submission import Submission
from grader.tutor.own_questions import functions_passed, has_own_questions

Tell = Callable[[int, int], None]


class Written(Struct, frozen=True):
    """The numbers of what was written, and what a format of banks cannot express."""

    sheets: int
    questions: int
    notes: tuple[str, ...]


def write_own_code(
    course: Course,
    out: Path,
    directory: Path,
    form: BankFormat | None = None,
    tell: Tell = lambda done, total: None,
) -> Written:
    """Write sheets, keys, a table for the answers and, in a format, a bank per sheet.

    `out` has the results. A learner gets a sheet for each exercise in which a function passed and
    has questions.
    """
    require_new(directory)
    named = write_talks(directory, (talk for talk in _talks(course, out, tell) if talk.questions))
    notes = Notes()
    if form is not None:
        make_part(directory / BANKS)
        for name, talk in named.items():
            file, data = bank_of(name, talk, form, notes)
            write_whole(directory / BANKS / file, data)
    return Written(len(named), sum(len(talk.questions) for talk in named.values()), tuple(notes.by_text))


def _talks(course: Course, out: Path, tell: Tell) -> Iterator[Talk]:
    results = [each for each in read_results(out).results if _is_asked(course, each)]
    code = graded_code(course, out, results, None)
    wanted = [each for each in results if (each.learner, each.item) in code]
    with JudgePool(sensible_jobs(), forked=True) as judges, ThreadPoolExecutor(sensible_jobs()) as threads:

        def make(result: Result) -> Talk:
            questions = _questions(judges, course, result, code[result.learner, result.item])
            return Talk(result.learner, result.item, result.source, questions)

        for done, talk in enumerate(threads.map(make, wanted), 1):
            tell(done, len(wanted))
            yield talk


def _questions(
    judges: JudgePool, course: Course, result: Result, submission: Submission
) -> tuple[OwnQuestion, ...]:
    """Return the questions about one submission. If none can be made, the learner gets no sheet."""
    assert result.report is not None
    task = Task(result.item, submission, default_seed(course, result.item))
    try:
        return judges.make_questions(course, task, functions_passed(result.report))
    except CourseError:
        return ()


def _is_asked(course: Course, result: Result) -> bool:
    report = result.report
    return report is not None and bool(functions_passed(report)) and has_own_questions(course, result.item)
