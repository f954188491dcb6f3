"""An exercise inside `course learn`: write the starter file, wait for the learner to save, check, help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.cli.conversation import Conversation
from grader.cli.start import write_data, write_starter_code
from grader.content.file_names import file_stem

if TYPE_CHECKING:
    from grader.content.course import Course
    from grader.content.exercise import Exercise
    from grader.judge.client.resident import Checks
    from grader.tutor.recording import Recorder


def work_on(course: Course, exercise: Exercise, recorder: Recorder, conversation: Conversation) -> None:
    """Work on an exercise until it is passed or set aside. Raises LearnerQuit."""
    from grader.judge.client.missing_libraries import missing_note
    from grader.judge.client.resident import Checks, start_resident
    from grader.tutor.learner_file import has_learner_file

    stem = file_stem(exercise.id)
    conversation.say(f"**Exercise: {exercise.title}**")
    conversation.say(exercise.full_text)
    if note := missing_note(exercise):
        conversation.say(note)
    if not has_learner_file(exercise.id):
        if _choice(conversation, f"Enter to write {stem}.py into this directory") == "s":
            _set_aside(course, exercise, recorder, conversation)
            return
        path = write_starter_code(course, exercise.id)
        conversation.say(
            f"Wrote {path}: {len(exercise.functions)} functions to write. Open it in your editor."
        )
        for line in write_data(course, exercise.id):
            conversation.say(line)
    start_resident(course, exercise.id)  # it warms up while the learner writes
    with Checks(course) as checks:
        while True:
            match _choice(conversation, "Save your file, then Enter to check it", "h for a hint"):
                case "h":
                    from grader.cli.hint import show_exercise_hint

                    show_exercise_hint(
                        course, exercise, None, recorder, lambda text: conversation.write(text + "\n")
                    )
                    conversation.write("\n")
                case "s":
                    _set_aside(course, exercise, recorder, conversation)
                    return
                case _:
                    if _check(checks, course, exercise, recorder, conversation):
                        return


def _check(
    checks: Checks, course: Course, exercise: Exercise, recorder: Recorder, conversation: Conversation
) -> bool:
    """Check the file, show and record the verdict; return True if it passed.

    If the file cannot be read, say so and return False, so that the learner can try again.
    """
    from grader.cli.check_meter import CheckMeter
    from grader.cli.own_questions import ask_about_code
    from grader.cli.verdict import terminal_lines
    from grader.errors import CourseError, EnvironmentProblem
    from grader.tutor.checking import check_submission
    from grader.tutor.learner_file import learner_file
    from grader.tutor.own_questions import has_own_questions

    try:
        own = learner_file(course, exercise.id)
        submission = own.submission()
        with CheckMeter(exercise.id) as meter:
            report = check_submission(
                checks, course, exercise.id, submission, on_total=meter.begin, on_test=meter.step
            )
    except EnvironmentProblem:
        raise
    except CourseError as error:
        conversation.say(str(error))
        return False
    shown = terminal_lines(report, exercise, str(own.path), names_commands=False)
    conversation.write("\n" + "\n".join(shown) + "\n\n")
    recorder.record_check(report)
    if report.passed and has_own_questions(course, exercise.id):
        ask_about_code(checks.make_questions, course, submission, report, recorder, conversation)
    return report.passed


def _set_aside(course: Course, exercise: Exercise, recorder: Recorder, conversation: Conversation) -> None:
    recorder.set_aside(course, exercise.id)
    conversation.say(f"Set aside. To come back to it: `course check {exercise.id}`")


def _choice(conversation: Conversation, enter: str, *more: str) -> str:
    """Return the letter that was typed, or "" for Enter alone. Raises LearnerQuit."""
    keys = ", ".join((enter, *more, "s to skip the exercise for now", "q to stop"))
    letters = {"", "s", *(each[0] for each in more)}
    while True:
        conversation.say(f"{keys}.")
        typed = conversation.read_word("> ")
        if typed in letters:
            return typed
