"""`course watch`: check on every save, with one judge that stays for the next save."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from grader.cli.common import Recording, current_course, current_recorder, no_record_option, the_exercise
from grader.cli.keys import AGAIN, HINT, MORE, OPEN, QUIT, read_key, single_keys
from grader.errors import CourseError, EnvironmentProblem

if TYPE_CHECKING:
    from grader.cli.watch_display import WatchDisplay
    from grader.content.course import Course
    from grader.judge.client.resident import Checks
    from grader.judge.submission import Submission
    from grader.tutor.learner_file import LearnerFile
    from grader.tutor.recording import Recorder


class _Saved(Struct, frozen=True):
    """The file was saved, or the learner asked for a check."""


class _KeyPress(Struct, frozen=True):
    key: str


class _Verdict(Struct, frozen=True):
    """The result of one check: a report, or an error to show."""

    report: object = None
    error: CourseError | None = None


_WatchEvent = _Saved | _KeyPress | _Verdict


@click.command()
@click.argument("exercise_id", metavar="[EXERCISE]", required=False)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--poll", is_flag=True, help="Poll the file for changes. Use it for network and shared folders."
)
@no_record_option
def watch(exercise_id: str | None, file: Path | None, poll: bool, recording: Recording) -> None:
    """Check your code each time you save it, until you press q.

    The screen shows one line per function, then the first function that is wrong.
    Press h for a hint and o for the section of the lesson about it.

    FILE is your .ipynb or .py file. Default: the one that `course check` takes. A
    save of a module that it imports counts, too.

    It uses the judge that stays in memory, as `course check` does, so a check takes
    under a second once TensorFlow is loaded. A new save cancels a running check.

    \b
    Examples:
      course watch exercise-lstm
      course watch exercise-lstm my_answer.py --poll
    """
    from grader.tutor.learner_file import LearnerFile, learner_file

    course = current_course()
    exercise_id = the_exercise(course, exercise_id)
    exercise = course.exercise(exercise_id)
    own = learner_file(course, exercise_id) if file is None else LearnerFile(file)
    recorder = current_recorder(recording)
    recorder.prepare()

    from grader.cli.watch_display import WatchDisplay, whole_screen
    from grader.judge.client.missing_libraries import missing_note
    from grader.judge.client.resident import Checks, start_resident

    own.submission()  # fail now if the file name is wrong
    watched = {own.path.resolve()}
    if note := missing_note(exercise):
        click.echo(f"course: {note}", err=True)

    events: queue.Queue[_WatchEvent] = queue.Queue()
    stop = threading.Event()
    start_resident(course, exercise_id)  # the first check waits for it
    with Checks(course) as checks, _keys(events) as has_keys, whole_screen():
        threading.Thread(
            target=_watch_files, args=(own.path, watched, poll, events, stop), daemon=True
        ).start()
        screen = WatchDisplay(course, exercise, own.path, has_keys)
        try:
            _loop(course, exercise_id, own, watched, checks, events, screen, recorder)
        finally:
            stop.set()


def _loop(
    course: Course,
    exercise_id: str,
    own: LearnerFile,
    watched: set[Path],
    checks: Checks,
    events: queue.Queue[_WatchEvent],
    screen: WatchDisplay,
    recorder: Recorder,
) -> None:
    from grader.judge.report import Report

    events.put(_Saved())
    while True:
        event = events.get()
        key = event.key if isinstance(event, _KeyPress) else None
        if key is not None and screen.turn(key):
            continue
        if key == QUIT:
            return
        if key == HINT:
            screen.hint(recorder)
        elif key == OPEN:
            screen.section()
        elif isinstance(event, _Saved) or key == AGAIN:
            try:
                submission = own.submission()
            except CourseError as error:
                screen.error(error)
                continue
            watched.update(own.path.resolve().parent / each.path for each in submission.files)
            args = (checks, course, exercise_id, submission, events)
            threading.Thread(target=_check, args=args, daemon=True).start()
            screen.checking()
        elif isinstance(event, _Verdict) and isinstance(event.report, Report):
            screen.verdict(event.report)
            recorder.record_check(event.report)
        elif isinstance(event, _Verdict) and event.error is not None:
            if isinstance(event.error, EnvironmentProblem):  # no later save can change that
                raise event.error
            screen.error(event.error)


def _check(
    checks: Checks,
    course: Course,
    exercise_id: str,
    submission: Submission,
    events: queue.Queue[_WatchEvent],
) -> None:
    """Judge one save and report the verdict; a newer save cancels it."""
    from grader.judge.client.judge import Cancelled, default_seed
    from grader.tutor.checking import with_notes

    with suppress(Cancelled):
        try:
            report = checks.check_newest(exercise_id, submission, default_seed(course, exercise_id))
            events.put(_Verdict(report=with_notes(report, submission)))
        except CourseError as error:
            events.put(_Verdict(error=error))


def _watch_files(
    path: Path, watched: set[Path], poll: bool, events: queue.Queue[_WatchEvent], stop: threading.Event
) -> None:
    """Report each save of a watched file. The directory is watched because some editors replace the file."""
    from watchfiles import watch as changes

    for _ in changes(
        path.resolve().parent,
        watch_filter=lambda _, changed: Path(changed).resolve() in watched,
        debounce=200,
        step=50,
        stop_event=stop,
        force_polling=poll or None,
        recursive=False,
        raise_interrupt=False,
    ):
        events.put(_Saved())


@contextmanager
def _keys(events: queue.Queue[_WatchEvent]) -> Iterator[bool]:
    """Report keys pressed on a terminal, or lines of a pipe. Yield True if there is a terminal."""
    if sys.stdin.isatty():
        threading.Thread(target=_read_keys, args=(events,), daemon=True).start()
        with single_keys():
            yield True
    else:
        threading.Thread(target=_read_lines, args=(events,), daemon=True).start()
        yield False


def _read_keys(events: queue.Queue[_WatchEvent]) -> None:
    while key := read_key():
        events.put(_KeyPress(key))


def _read_lines(events: queue.Queue[_WatchEvent]) -> None:
    with suppress(OSError, ValueError):
        for line in sys.stdin:
            events.put(_KeyPress(line.strip().lower()[:1] or MORE))
