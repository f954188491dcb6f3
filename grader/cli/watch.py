"""`course watch`: check on every save, with a judge that stays loaded."""

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

from grader.cli.common import Recording, current_course, current_recorder, may_redraw, no_record_option
from grader.errors import CourseError, EnvironmentProblem

if TYPE_CHECKING:
    from grader.cli.learner_file import LearnerFile
    from grader.content.course import Course
    from grader.content.exercise import Exercise
    from grader.judge.client.pool import JudgePool, Task
    from grader.judge.report import Report
    from grader.tutor.recording import Recorder

KEYS = "Keys: h hint, r check again, q quit."


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
@click.argument("exercise_id", metavar="EXERCISE")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--poll", is_flag=True, help="Poll the file for changes. Use it for network and shared folders."
)
@no_record_option
def watch(exercise_id: str, file: Path | None, poll: bool, recording: Recording) -> None:
    """Check your code each time you save it, until you press q.

    FILE is your .ipynb or .py file. Default: the one that `course check` takes. A
    save of a module that it imports counts, too.

    The first check takes as long as `course check`. After that, TensorFlow is
    loaded and a check takes under a second. A new save cancels a running check.

    \b
    Examples:
      course watch exercise-lstm
      course watch exercise-lstm my_answer.py --poll
    """
    from grader.cli.learner_file import LearnerFile, learner_file

    course = current_course()
    exercise = course.exercise(exercise_id)
    own = learner_file(course, exercise_id) if file is None else LearnerFile(file)
    recorder = current_recorder(recording)
    recorder.prepare()

    from grader.judge.client.missing_libraries import missing_note
    from grader.judge.client.pool import JudgePool

    own.submission()  # fail now if the file name is wrong
    watched = {own.path.resolve()}
    if note := missing_note(exercise):
        click.echo(f"course: {note}", err=True)

    events: queue.Queue[_WatchEvent] = queue.Queue()
    stop = threading.Event()
    with JudgePool() as judges, _keys(events) as has_keys:
        threading.Thread(
            target=_watch_files, args=(own.path, watched, poll, events, stop), daemon=True
        ).start()
        screen = _VerdictDisplay(exercise, own.path, has_keys)
        try:
            _loop(course, exercise_id, own, watched, judges, events, screen, recorder)
        finally:
            stop.set()


def _loop(
    course: Course,
    exercise_id: str,
    own: LearnerFile,
    watched: set[Path],
    judges: JudgePool,
    events: queue.Queue[_WatchEvent],
    screen: _VerdictDisplay,
    recorder: Recorder,
) -> None:
    from grader.judge.client.judge import default_seed
    from grader.judge.client.pool import Task
    from grader.judge.report import Report

    events.put(_Saved())
    while True:
        event = events.get()
        if isinstance(event, _KeyPress) and event.key == "q":
            return
        if isinstance(event, _KeyPress) and event.key == "h":
            screen.hint(course, exercise_id, recorder)
        elif isinstance(event, _Saved) or (isinstance(event, _KeyPress) and event.key == "r"):
            try:
                submission = own.submission()
            except CourseError as error:
                screen.error(error)
                continue
            watched.update(own.path.resolve().parent / each.path for each in submission.files)
            task = Task(exercise_id, submission, default_seed(course, exercise_id))
            threading.Thread(target=_check, args=(judges, course, task, events), daemon=True).start()
            screen.checking()
        elif isinstance(event, _Verdict) and isinstance(event.report, Report):
            screen.verdict(event.report)
            recorder.record_check(event.report)
        elif isinstance(event, _Verdict) and event.error is not None:
            if isinstance(event.error, EnvironmentProblem):  # no later save can change that
                raise event.error
            screen.error(event.error)


class _VerdictDisplay:
    """Shows the last verdict. On a terminal it replaces the one before."""

    def __init__(self, exercise: Exercise, path: Path, has_keys: bool) -> None:
        self._exercise = exercise
        self._path = path
        self._redraws = may_redraw(sys.stdout)
        self._foot = KEYS if has_keys else "Press Ctrl-C to stop."

    def checking(self) -> None:
        click.echo(f"\nChecking {self._path} …")

    def verdict(self, report: Report) -> None:
        from grader.cli.verdict import lines, screen_width

        self._clear()
        for line in lines(report, self._exercise, str(self._path), screen_width()):
            click.echo(line)
        click.echo(f"\nChecked in {report.seconds:.1f} s; waiting for the next save. {self._foot}")

    def error(self, error: CourseError) -> None:
        self._clear()
        click.echo(f"{error}\n\nWaiting for the next save. {self._foot}")

    def hint(self, course: Course, exercise_id: str, recorder: Recorder) -> None:
        from grader.cli.hint import show_exercise_hint

        click.echo()
        show_exercise_hint(course, course.exercise(exercise_id), None, recorder)

    def _clear(self) -> None:
        if self._redraws:
            click.clear()


def _check(judges: JudgePool, course: Course, task: Task, events: queue.Queue[_WatchEvent]) -> None:
    """Judge one save and report the verdict; a newer save cancels it."""
    from grader.cli.learner_file import with_notes
    from grader.judge.client.judge import Cancelled

    with suppress(Cancelled):
        try:
            report = judges.check_newest(course, task)
            events.put(_Verdict(report=with_notes(report, task.submission)))
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
        with _unbuffered_terminal():
            yield True
    else:
        threading.Thread(target=_read_lines, args=(events,), daemon=True).start()
        yield False


def _read_keys(events: queue.Queue[_WatchEvent]) -> None:
    with suppress(OSError, ValueError):
        while key := sys.stdin.read(1):
            events.put(_KeyPress(key.lower()))


def _read_lines(events: queue.Queue[_WatchEvent]) -> None:
    with suppress(OSError, ValueError):
        for line in sys.stdin:
            events.put(_KeyPress(line.strip().lower()[:1]))


@contextmanager
def _unbuffered_terminal() -> Iterator[None]:
    """Deliver keys without Enter, and always restore the terminal."""
    try:
        import termios
        import tty
    except ImportError:  # Windows: type the letter and press Enter
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
