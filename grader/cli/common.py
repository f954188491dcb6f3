"""Shared by the commands: the course, the learner's log, and options that several commands have."""

from __future__ import annotations

import os
import shutil
import sys
from enum import Enum
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.content.course import Course
    from grader.progress.log import AttemptLog
    from grader.tutor.recording import Recorder


class Recording(Enum):
    """The setting that decides if a command records attempts."""

    ON = "on"
    OFF = "off"


class ConfidencePrompt(Enum):
    """The setting that decides if a question is followed by "How sure are you?"."""

    SHOWN = "shown"
    HIDDEN = "hidden"


def current_course() -> Course:
    """Return the course that --course or COURSE_DIR names, or else the bundled or the installed course."""
    from grader.cli.which_course import note_course_here
    from grader.content.course import Course

    named = click.get_current_context().find_root().obj
    course = Course.named(named)
    if named is None:
        note_course_here(course)
    return course


def only_id(kind: str, ids: Sequence[str], option: str = "", where: str = "this course has") -> str:
    """Return the only lesson or quiz, for a command without an id. Raises CourseError if there are several.

    `kind` is a plural, such as "lessons"; `option` is what names one, if it is no argument; `where`
    begins the sentence that counts them.
    """
    from grader.errors import CourseError

    if len(ids) == 1:
        return ids[0]
    if not ids:
        raise CourseError(f"this course has no {kind} — check --course and COURSE_DIR")
    command = f"{click.get_current_context().command_path} {option}".rstrip()
    lines = "".join(f"\n  {command} {id_}" for id_ in ids)
    raise CourseError(f"{where} {len(ids)} {kind} — name one:{lines}")


def the_exercise(course: Course, given: str | None, *, begun: bool = True) -> str:
    """Return the exercise that was named; else the only one whose file is here, or the only one at all.

    `begun` is False for a command that begins one. Raises CourseError if several come into question.
    """
    from grader.tutor.learner_file import begun_exercises

    if given is not None:
        return given
    here = begun_exercises(course.exercise_ids) if begun else []
    ids: Sequence[str] = [*here] or course.exercise_ids
    if len(ids) > 1:  # only then does their order matter, which is in the lessons
        ids = [each for each in course.exercises_in_order() if each in ids]
    where = "this directory has files of" if here else "this course has"
    return only_id("exercises", ids, where=where)


def attempt_log() -> AttemptLog:
    """Return the learner's log. It is closed when the command ends."""
    from grader.progress.log import AttemptLog
    from grader.progress.place import log_path

    log = AttemptLog(log_path(os.environ))
    click.get_current_context().call_on_close(log.close)
    return log


def current_recorder(recording: Recording = Recording.ON) -> Recorder:
    """Return the recorder of this learner's attempts. If recording is off, it records nothing."""
    from datetime import UTC, datetime

    from grader.tutor.recording import Recorder

    log = attempt_log() if recording is Recording.ON else None
    return Recorder(log, lambda: datetime.now(UTC))


def _recording(context: click.Context, parameter: click.Parameter, value: bool) -> Recording:
    return Recording.OFF if value else Recording.ON


no_record_option = click.option(
    "--no-record",
    "recording",
    is_flag=True,
    callback=_recording,
    help="Do not record this attempt.",
)


def _confidence(context: click.Context, parameter: click.Parameter, value: bool | None) -> ConfidencePrompt:
    """Ask at a terminal, unless COURSE_CONFIDENCE is off; a pipe holds one answer per line."""
    if value is None:
        setting = os.environ.get("COURSE_CONFIDENCE", "").lower()
        value = sys.stdin.isatty() and setting not in ("off", "no", "0")
    return ConfidencePrompt.SHOWN if value else ConfidencePrompt.HIDDEN


confidence_option = click.option(
    "--confidence/--no-confidence",
    default=None,
    callback=_confidence,
    help="Ask how sure you are. Default: only at a terminal, and not if COURSE_CONFIDENCE=off.",
)


def may_redraw(stream: IO[str]) -> bool:
    """Return True if this is a terminal on which text may be replaced, paged and colored.

    COURSE_PLAIN is for screen readers: with it, text is only ever appended.
    """
    return stream.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("COURSE_PLAIN")


class StatusLine:
    """One line on stderr that shows the progress of a long job, if stderr is a terminal."""

    def __init__(self, wanted: bool) -> None:
        self.shown = wanted and may_redraw(sys.stderr)

    def say(self, text: str) -> None:
        """Replace the line's text. An empty text clears the line. What does not fit is cut off."""
        if self.shown:
            room = shutil.get_terminal_size().columns - 1
            kept = text if len(text) <= room else f"{text[: room - 1]}…"
            click.echo(f"\r\x1b[K{kept}", nl=False, err=True)
