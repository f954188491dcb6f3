"""What the page of an exercise shows: the file, the last verdict, the help opened so far."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from grader.content.course import Course
from grader.content.exercise import Exercise, Function
from grader.content.lesson import Lesson
from grader.content.questions import Question
from grader.errors import CourseError
from grader.judge.client.missing_libraries import missing_note
from grader.judge.report import Report
from grader.judge.verdict import first_wrong, number, surroundings_lines, where_to_start
from grader.progress.attempt import Attempt, in_time
from grader.progress.evidence import Contents
from grader.tutor.figures import no_reference
from grader.tutor.function_verdicts import (
    FunctionVerdict,
    function_verdicts,
    helps,
    status_line,
)
from grader.tutor.ladder import Ladder, solution_of
from grader.tutor.own_questions import functions_passed, has_own_questions
from grader.tutor.standing import learner_standing
from grader.web.identity import Learner
from grader.web.links import Link, NextStep, lesson_path, next_step, question_path
from grader.web.plot_svg import Drawing, drawings
from grader.web.site import Site
from grader.web.templating import Piece, Place
from grader.web.workplace import OpenFile, open_file

MAX_FIGURES = 4
MAX_HISTORY = 50


class Help(Struct, frozen=True):
    """The ladder of one function: rungs that are open, and the one button that comes next."""

    hints: tuple[str, ...]
    example: str | None  # once it was opened
    solution: str | None  # once it was opened
    button: str  # empty if there is nothing more
    asks_solution: bool = False


class FunctionView(Struct, frozen=True):
    """One function in a verdict, with links from its ideas and its help."""

    verdict: FunctionVerdict
    ideas: tuple[tuple[str, str, Link | None, Link | None], ...]  # belief, says, section, question
    section: Link | None
    help: Help | None
    is_open: bool
    visible_only: bool  # in a kit


class VerdictView(Struct, frozen=True):
    """A verdict as the page shows it."""

    attempt: str  # its id
    points: str
    passed: bool
    hand_in: bool  # in a kit, once every visible test passes
    status: str
    start: str  # the function to look at first, if there is a choice
    surroundings: tuple[str, ...]
    functions: tuple[FunctionView, ...]
    place: Place


class Figure(Struct, frozen=True):
    """One figure of a check: the test that received it, and its drawings."""

    function: str
    test: str
    drawings: tuple[Drawing, ...]


class Desk(Struct, frozen=True):
    """Everything that the page of one exercise shows."""

    exercise: Exercise
    number: int
    total: int
    lesson: Link | None
    note: str
    file: OpenFile | None
    code: str
    base: str
    problem: str
    conflict: bool
    verdict: VerdictView | None
    stale: bool
    figures: tuple[Figure, ...]
    check: int | None
    untried: tuple[tuple[str, Help], ...]  # help before the first check
    asks_about_code: bool  # True if a function has passed, and there are questions about its code
    step: NextStep | None  # what comes next, once all tests have passed

    @property
    def is_of_another_file(self) -> bool:
        """True if the file that the last check was of is not there."""
        return self.file is not None and not self.file.exists

    @property
    def place(self) -> Place:
        """Where the learner is, for the header."""
        if self.verdict:
            return self.verdict.place
        return Place("Not checked yet", tuple(Piece("", 12.0) for _ in self.exercise.functions))


class PastCheck(Struct, frozen=True):
    """One line of an exercise's history."""

    time: datetime
    points: str
    seconds: str
    is_current: bool  # False if the exercise has changed since
    verdict: VerdictView


def desk(
    site: Site,
    learner: Learner,
    exercise: Exercise,
    problem: str = "",
    code: str | None = None,
    conflict: bool = False,
) -> Desk:
    """Return what the page shows now. `code` is the learner's text if it could not be saved."""
    contents = site.library.contents()
    with site.store.reading(learner) as recorder:
        attempts = recorder.attempts()
    directory = site.workplace.directory(learner)
    file: OpenFile | None = None
    try:
        file = open_file(site.course, exercise.id, directory)
    except CourseError as error:
        problem = problem or str(error)
    checks = attempts_of(exercise.id, attempts)
    report = report_of(checks[-1]) if checks else None
    lesson = _lesson(contents, exercise)
    view = _verdict(site.course, contents, exercise, checks[-1].id, report, attempts) if report else None
    ids = [each.exercise.id for each in contents.exercises]
    running = site.checks.running(learner, exercise.id)
    before = (
        ()
        if view
        else tuple(
            (f.name, help_)
            for f in exercise.functions
            if (help_ := _help(site.course, exercise, f, attempts))
        )
    )
    return Desk(
        exercise=exercise,
        number=ids.index(exercise.id) + 1,
        total=len(ids),
        lesson=Link(lesson.title, lesson_path(lesson.id)) if lesson else None,
        note=missing_note(exercise) or "",
        file=file,
        code=code if code is not None else file.text if file else "",
        base=file.digest if file else "",
        problem=sentence(problem),
        conflict=conflict,
        verdict=view,
        stale=_changed_since(file, checks[-1]) if file and checks else False,
        figures=_figures(site, learner, report) if report else (),
        check=running.number if running else None,
        untried=before,
        asks_about_code=bool(
            report and functions_passed(report) and has_own_questions(site.course, exercise.id)
        ),
        step=_next(site, contents, attempts, directory) if view and view.passed else None,
    )


def _next(site: Site, contents: Contents, attempts: list[Attempt], directory: Path) -> NextStep:
    standing = learner_standing(site.course, contents, attempts, site.clock(), directory)
    return next_step(contents, attempts, standing.next)


def attempts_of(exercise_id: str, attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the checks of an exercise by time."""
    return [each for each in in_time(attempts) if each.kind == "check" and each.item == exercise_id]


def report_of(attempt: Attempt) -> Report | None:
    """Return a check's report, or None if an older version of this program has written another shape."""
    try:
        return msgspec.convert(attempt.report, Report)
    except msgspec.ValidationError:
        return None


def last_report(checks: list[Attempt]) -> Report | None:
    """Return the report of the last of these checks."""
    return report_of(checks[-1]) if checks else None


def history(site: Site, exercise: Exercise, attempts: list[Attempt]) -> list[PastCheck]:
    """Return the checks of an exercise, the newest first."""
    contents = site.library.contents()
    version = site.course.exercise_version(exercise.id)
    found = []
    for each in reversed(attempts_of(exercise.id, attempts)[-MAX_HISTORY:]):
        report = report_of(each)
        if report is not None:
            view = _verdict(site.course, contents, exercise, each.id, report, None)
            time = datetime.fromisoformat(each.time).astimezone()
            seconds = f"{report.seconds:.1f} s"
            found.append(PastCheck(time, view.points, seconds, each.content_hash == version, view))
    return found


def _verdict(
    course: Course,
    contents: Contents,
    exercise: Exercise,
    attempt: str,
    report: Report,
    attempts: list[Attempt] | None,
) -> VerdictView:
    """Return a verdict; without `attempts` it has no help."""
    verdicts = function_verdicts(report, exercise, _lesson(contents, exercise))
    opened = first_wrong(report, exercise)
    shown = []
    for verdict in verdicts:
        function = exercise.function(verdict.name)
        wants_help = attempts is not None and function is not None and not verdict.passed and helps(report)
        help_ = _help(course, exercise, function, attempts or []) if wants_help and function else None
        shown.append(
            FunctionView(
                verdict,
                tuple(
                    (
                        idea.belief,
                        idea.says,
                        _section(contents, exercise, idea.section),
                        _question(contents, exercise, idea.misconception),
                    )
                    for idea in verdict.ideas
                ),
                _section(contents, exercise, verdict.section),
                help_,
                function is not None and function == opened,
                report.withheld is not None,
            )
        )
    points = f"{number(report.score)} of {number(report.max_score)} points"
    pieces = tuple(Piece("done" if v.passed else "miss", 4 * max(v.worth, 0.5)) for v in verdicts)
    return VerdictView(
        attempt,
        points,
        report.passed,
        report.passed and report.withheld is not None,
        status_line(report, verdicts),
        where_to_start(report, exercise) if helps(report) else "",
        tuple(filter(None, surroundings_lines(report))),
        tuple(shown),
        Place(points, pieces),
    )


def _help(course: Course, exercise: Exercise, function: Function, attempts: list[Attempt]) -> Help | None:
    ladder = Ladder(exercise, function, attempts)
    if ladder.is_empty:
        return None
    hints = ladder.given
    left = ladder.total - len(hints)
    button, asks_solution = "", False
    if left:
        button = f"Show hint {len(hints) + 1} of {ladder.total}"
    elif ladder.left:
        button = "Show a worked example"
    elif course.kit is None and not ladder.solution_seen:
        button, asks_solution = "Show the reference solution", True
    solution = None
    if ladder.solution_seen and course.kit is None:
        try:
            solution = solution_of(course, exercise, function)
        except CourseError:
            solution = None
    example = function.example if ladder.example_seen else None
    return Help(hints, example, solution, button, asks_solution)


def _figures(site: Site, learner: Learner, report: Report) -> tuple[Figure, ...]:
    pairs = site.checks.figures(learner, report)[:MAX_FIGURES]
    instead = no_reference(site.course)
    return tuple(Figure(p.function, p.test, tuple(drawings(p, instead))) for p in pairs)


def _lesson(contents: Contents, exercise: Exercise) -> Lesson | None:
    return next((lesson for lesson in contents.lessons if lesson.id == exercise.lesson), None)


def _section(contents: Contents, exercise: Exercise, section_id: str | None) -> Link | None:
    lesson = _lesson(contents, exercise)
    section = lesson.section(section_id) if lesson and section_id else None
    if lesson is None or section is None:
        return None
    return Link(f"{section.id} {section.title}", lesson_path(lesson.id, section.id))


def _question(contents: Contents, exercise: Exercise, misconception: str) -> Link | None:
    """Return the first question with a wrong answer that shows the same misconception."""
    for source in contents.sources:
        for question in source.questions:
            if misconception in _misconceptions(question):
                return Link(question.prompt, question_path(question.id))
    return None


def _misconceptions(question: Question) -> set[str]:
    named: Iterable[Any] = (*getattr(question, "options", ()), *getattr(question, "wrong", ()))
    return {each.misconception for each in named if getattr(each, "misconception", None)}


def _changed_since(file: OpenFile, attempt: Attempt) -> bool:
    """Return True if the file was changed after a check."""
    try:
        return file.path.stat().st_mtime > datetime.fromisoformat(attempt.time).timestamp() + 0.001
    except OSError:
        return False


def sentence(text: str) -> str:
    """Return the text with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
