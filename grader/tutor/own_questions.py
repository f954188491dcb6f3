"""Questions about a learner's own code: made for what passed, asked once for a source, recorded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING


from grader.content.course import Course
from grader.content.quiz import Quiz
from grader.judge.client.judge import default_seed
from grader.judge.own_questions import OwnQuestion
from grader.judge.report import Report
from grader.judge.submission import Submission
from grader.progress.attempt import Attempt, Confidence
from grader.quiz.answer import mark
from grader.quiz.sitting import Answered, Event, Feedback, Marked, Stage, apply, begin
from grader.tutor.recording import Recorder, new_attempt

if TYPE_CHECKING:
    from grader.judge.client.resident import Checks

FILE = "own_code.py"  # of an exercise


def functions_passed(report: Report) -> tuple[str, ...]:
    """Return the functions whose tests have all passed."""
    failed = {test.function for test in report.tests if test.outcome.value != "passed"}
    return tuple(dict.fromkeys(test.function for test in report.tests if test.function not in failed))


def has_own_questions(course: Course, exercise_id: str) -> bool:
    """Return True if questions about code can be made for an exercise."""
    return (course.exercise_dir(exercise_id) / FILE).is_file()


def own_questions(
    checks: Checks, course: Course, submission: Submission, report: Report, attempts: Iterable[Attempt]
) -> tuple[OwnQuestion, ...]:
    """Return the questions to ask after a check: at most three, and none that was asked about this source.

    Raises as `Checks.check` does.
    """
    functions = functions_passed(report)
    if not functions or not has_own_questions(course, report.exercise):
        return ()
    seed = default_seed(course, report.exercise)
    made = checks.make_questions(report.exercise, submission, seed, functions)
    asked = {(each.content_hash, (each.report or {}).get("question")) for each in attempts if each.kind == "own"}
    return tuple(each for each in made if (each.source, each.question.id) not in asked)


def own_attempt(own: OwnQuestion, recorder: Recorder, answer: str, seconds: float | None = None) -> Attempt:
    """Return the attempt that records the first answer to a question about the learner's code."""
    marked = mark(own.question, answer)
    return new_attempt(
        recorder.now,
        "own",
        f"{own.exercise}/{own.function}",
        own.source,
        answer=marked.answer,
        correct=marked.correct,
        score=marked.score,
        max_score=1.0,
        first_try=True,
        seconds=seconds,
        report={"template": own.template, "question": own.question.id, "guess": own.guess},
    )


class OwnAsked:
    """A question about the learner's code while it is asked. Only the first answer is recorded."""

    def __init__(self, own: OwnQuestion, recorder: Recorder, lesson: str) -> None:
        self.own = own
        self.question = own.question
        self.lesson = lesson
        self._recorder = recorder
        self._sitting = begin(Quiz(id="own-code", title="", lesson=lesson, questions=(own.question,)))

    @property
    def order(self) -> tuple[str, ...]:
        """The option ids, as the screen lists them."""
        return self._sitting.order(self.question.id)

    @property
    def tries(self) -> tuple[str, ...]:
        """The answers so far, first try first."""
        return self._sitting.state(self.question.id).tries

    @property
    def is_open(self) -> bool:
        return self._sitting.state(self.question.id).stage is Stage.OPEN

    def take(self, event: Event, seconds: float | None = None, confidence: Confidence | None = None) -> Feedback:
        """Record a first answer, then apply the event. A skip leaves no trace."""
        after, feedback = apply(self._sitting, event)
        if isinstance(event, Answered) and isinstance(feedback, Marked) and feedback.first_try:
            self._recorder.add(own_attempt(self.own, self._recorder, event.answer, seconds))
        self._sitting = after
        return feedback


