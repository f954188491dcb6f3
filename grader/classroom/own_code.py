"""Sheets with questions about each learner's own code, for a short talk, and their keys apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct

from grader.classroom.exports.feedback import safe_name
from grader.classroom.graded_code import graded_code
from grader.classroom.read_results import read_results
from grader.classroom.results import Result
from grader.content.course import Course
from grader.content.questions import SingleQuestion
from grader.errors import CourseError
from grader.files import write_whole
from grader.judge.client.capacity import sensible_jobs
from grader.judge.client.judge import default_seed
from grader.judge.client.pool import JudgePool, Task
from grader.judge.own_questions import OwnQuestion
from grader.judge.submission import Submission
from grader.quiz.answer import answer_in_words, right_answer
from grader.tutor.own_questions import functions_passed, has_own_questions

SHEETS, KEYS = "sheets", "keys"
Tell = Callable[[int, int], None]


class Talk(Struct, frozen=True):
    """The questions for one learner and exercise."""

    learner: str
    exercise: str
    questions: tuple[OwnQuestion, ...]


def require_new(directory: Path) -> None:
    """Raise CourseError if the directory for the sheets holds something, before hours of grading."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise CourseError(f"{directory} is not an empty directory — name a new one with --own-code")


def write_own_code(
    course: Course, out: Path, directory: Path, tell: Tell = lambda done, total: None
) -> tuple[int, int]:
    """Write sheets and keys for the results in `out`. Return the number of sheets and of questions.

    A learner gets a sheet for each exercise in which a function passed and has questions.
    """
    require_new(directory)
    talks = [talk for talk in _talks(course, out, tell) if talk.questions]
    try:
        for part in (SHEETS, KEYS):
            (directory / part).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(f"{directory} cannot be made: {error.strerror} — name another one") from None
    names: set[str] = set()
    for talk in talks:
        name = _unused(f"{safe_name(talk.learner)}-{talk.exercise}", names)
        write_whole(directory / SHEETS / f"{name}.md", sheet(talk, with_keys=False).encode())
        write_whole(directory / KEYS / f"{name}.md", sheet(talk, with_keys=True).encode())
    return len(talks), sum(len(talk.questions) for talk in talks)


def sheet(talk: Talk, with_keys: bool) -> str:
    """Return the questions for a learner in Markdown."""
    lines = [f"# {talk.exercise}: questions about the code of {talk.learner}", ""]
    if with_keys:
        lines += ["Keys. A wrong answer is a reason to talk, not a proof of cheating.", ""]
    for number, own in enumerate(talk.questions, 1):
        question = own.question
        lines += [f"## {number}. `{own.function}`", "", question.full_prompt, ""]
        if isinstance(question, SingleQuestion):
            pairs = zip(question.option_ids, question.options, strict=True)
            lines += [f"- {letter}) {option.text}" for letter, option in pairs]
            lines.append("")
        if with_keys:
            key = right_answer(question)
            words = answer_in_words(question, key)
            lines += [f"**Key:** {f'{key}) ' if isinstance(question, SingleQuestion) else ''}{words}", ""]
            lines += [question.explain, ""]
        else:
            lines += ["Answer:", ""]
    return "\n".join(lines)


def _talks(course: Course, out: Path, tell: Tell) -> Iterator[Talk]:
    results = [each for each in read_results(out).results if _is_asked(course, each)]
    code = graded_code(course, out, results, None)
    wanted = [each for each in results if (each.learner, each.item) in code]
    with JudgePool(sensible_jobs(), forked=True) as judges, ThreadPoolExecutor(sensible_jobs()) as threads:

        def make(result: Result) -> Talk:
            questions = _questions(judges, course, result, code[result.learner, result.item])
            return Talk(result.learner, result.item, questions)

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


def _unused(name: str, names: set[str]) -> str:
    number, free = 1, name
    while free.casefold() in names:
        number += 1
        free = f"{name} ({number})"
    names.add(free.casefold())
    return free
