"""An exercise inside `course learn`: write the starter, wait for the learner's editor, check, help."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.asking import Asking, Stopped
from grader.cli.start import write_starter
from grader.content.file_names import file_stem

if TYPE_CHECKING:
    from grader.content.course import Course
    from grader.content.exercise import Exercise
    from grader.judge.client.judge import Judge
    from grader.progress.log import AttemptLog


def work_on(course: Course, exercise: Exercise, log: AttemptLog, asking: Asking) -> None:
    """Go on until the exercise is passed or set aside. Raises Stopped."""
    from grader.judge.client.judge import Judge

    stem = file_stem(exercise.id)
    asking.say(f"**Exercise: {exercise.title}**")
    asking.say(exercise.text)
    if not any(Path(f"{stem}{end}").exists() for end in (".py", ".ipynb")):
        if _choice(asking, f"Enter to write {stem}.py into this directory") == "s":
            _set_aside(course, exercise, log, asking)
            return
        path = write_starter(course, exercise.id)
        asking.say(f"Wrote {path}: {len(exercise.functions)} functions to write. Open it in your editor.")
    with Judge() as judge:
        while True:
            match _choice(asking, "Save your file, then Enter to check it", "h for a hint"):
                case "h":
                    from grader.cli.hint import show_exercise_hint

                    show_exercise_hint(course, exercise, None, log)
                    asking.write("\n")
                case "s":
                    _set_aside(course, exercise, log, asking)
                    return
                case _:
                    if _passed(judge, course, exercise, log, asking):
                        return


def _passed(judge: Judge, course: Course, exercise: Exercise, log: AttemptLog, asking: Asking) -> bool:
    """Check the file, show and record the verdict; a file that cannot be read is said and tried again."""
    from grader.cli.check import learner_file, record
    from grader.cli.verdict import lines, screen_width
    from grader.errors import CourseError, EnvironmentProblem
    from grader.judge.client.judge import default_seed
    from grader.judge.submission import read_submission

    try:
        path = learner_file(exercise.id)
        report = judge.check(course, exercise.id, read_submission(path), default_seed(course, exercise.id))
    except EnvironmentProblem:
        raise
    except CourseError as error:
        asking.say(str(error))
        return False
    asking.write("\n" + "\n".join(lines(report, exercise, str(path), screen_width())) + "\n\n")
    record(log, report)
    return report.passed


def _set_aside(course: Course, exercise: Exercise, log: AttemptLog, asking: Asking) -> None:
    from grader.cli.common import new_attempt

    log.append(new_attempt("skip", exercise.id, course.exercise_version(exercise.id)))
    asking.say(f"Set aside. To come back to it: `course check {exercise.id}`")


def _choice(asking: Asking, enter: str, *more: str) -> str:
    """Return "", or the letter that was typed. Raises Stopped."""
    keys = ", ".join((enter, *more, "s to set the exercise aside", "q to stop"))
    letters = {"", "s", *(each[0] for each in more)}
    while True:
        asking.say(f"{keys}.")
        typed = asking.read("> ").lower()
        if typed in ("q", "quit"):
            raise Stopped
        if typed in letters:
            return typed
