"""Ask about the learner's own code after a check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.cli.conversation import Conversation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.content.course import Course
    from grader.judge.report import Report
    from grader.judge.submission import Submission
    from grader.tutor.own_questions import MakeQuestions
    from grader.tutor.own_reviews import OwnReview
    from grader.tutor.recording import Recorder


def ask_about_code(
    make: MakeQuestions,
    course: Course,
    submission: Submission,
    report: Report,
    recorder: Recorder,
    conversation: Conversation,
) -> None:
    """Ask a few questions about the functions that passed. Raises LearnerQuit.

    If no question can be made, say so. No failure here concerns the verdict.
    """
    from grader.cli.asking import ask
    from grader.errors import CourseError
    from grader.tutor.own_questions import OwnAsked, own_questions

    try:
        questions = own_questions(make, course, submission, report, recorder.attempts())
    except CourseError as error:
        conversation.say(f"There are no questions about your code: {error}")
        return
    if not questions:
        conversation.say("There are no new questions about this code.")
        return
    conversation.say(
        "Passing the tests is one thing, knowing your code another. "
        "These questions cost no points: read your code, type `s` to skip one or `q` to stop."
    )
    lesson = course.exercise(report.exercise).lesson
    for number, own in enumerate(questions, 1):
        heading = f"Your code, question {number} of {len(questions)}: {own.function}"
        ask(conversation, OwnAsked(own, recorder, lesson), heading)


def review_code(
    course: Course, reviews: Iterable[OwnReview], recorder: Recorder, conversation: Conversation
) -> None:
    """Ask questions about own code again, with other arguments. Raises LearnerQuit.

    A question that cannot be made is left out.
    """
    from contextlib import suppress

    from grader.cli.asking import ask
    from grader.errors import CourseError
    from grader.judge.client.resident import Checks
    from grader.tutor.own_questions import OwnAsked
    from grader.tutor.own_reviews import ask_once_more

    with Checks(course) as checks:
        for review in reviews:
            own = None
            with suppress(CourseError):
                own = ask_once_more(checks.make_questions, course, review, recorder.attempts())
            if own is not None:
                heading = f"Your code in {own.exercise}, once more: {own.function}"
                ask(conversation, OwnAsked(own, recorder, course.exercise(own.exercise).lesson), heading)


def offer(exercise_id: str) -> str:
    """Return the line that offers the questions after all tests have passed."""
    return f"Do you know your own code? A few questions about it: course check {exercise_id} --ask"
