"""Questions about a learner's own code: made for what passed, asked once for a source, recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from grader.content.course import OWN_CODE, Course
from grader.content.quiz import Quiz
from grader.judge.client.judge import default_seed
from grader.judge.own_questions import OwnQuestion
from grader.judge.report import Report
from grader.judge.submission import Submission
from grader.progress.attempt import Attempt, Confidence, in_time
from grader.quiz.answer import mark
from grader.quiz.sitting import Answered, Event, Feedback, HintOpened, Skipped, Stage, apply, begin, replay
from grader.tutor.recording import Recorder, new_attempt
from grader.tutor.sittings import LoggedSitting, Purpose

MakeQuestions = Callable[[str, Submission, int, tuple[str, ...]], tuple[OwnQuestion, ...]]


def functions_passed(report: Report) -> tuple[str, ...]:
    """Return the functions whose tests have all passed."""
    failed = {test.function for test in report.tests if test.outcome.value != "passed"}
    return tuple(dict.fromkeys(test.function for test in report.tests if test.function not in failed))


def has_own_questions(course: Course, exercise_id: str) -> bool:
    """Return True if questions about code can be made for an exercise."""
    return (course.exercise_dir(exercise_id) / OWN_CODE).is_file()


def own_questions(
    make: MakeQuestions, course: Course, submission: Submission, report: Report, attempts: Iterable[Attempt]
) -> tuple[OwnQuestion, ...]:
    """Return the questions to ask after a check: at most three, and none that was asked about this source.

    `make` asks a judge, as `Checks.make_questions` does. Raises what it raises.
    """
    functions = functions_passed(report)
    if not functions or not has_own_questions(course, report.exercise):
        return ()
    seed = default_seed(course, report.exercise)
    made = make(report.exercise, submission, seed, functions)
    earlier = [*attempts]
    return tuple(each for each in made if not attempts_at(each, earlier))


def attempts_at(own: OwnQuestion, attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the answers to a question about code, and the skips, in order of time."""
    return [each for each in in_time(attempts) if each.content_hash == own.source and _names(each, own)]


def own_sitting(own: OwnQuestion, lesson: str, attempts: Iterable[Attempt]) -> LoggedSitting:
    """Return the sitting of one question, as the log has it."""
    quiz = Quiz(id="own-code", title="", lesson=lesson, questions=(own.question,))
    events = (_event(each, own.question.id) for each in attempts_at(own, attempts))
    return LoggedSitting("own-code", quiz, replay(begin(quiz), events), Purpose.PRACTICE)


class OwnAsked:
    """A question about the learner's code while it is asked. Only the first answer counts."""

    def __init__(self, own: OwnQuestion, recorder: Recorder, lesson: str) -> None:
        self.own = own
        self.question = own.question
        self.lesson = lesson
        self._recorder = recorder
        self._sitting = own_sitting(own, lesson, recorder.attempts()).sitting

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

    def take(
        self, event: Event, seconds: float | None = None, confidence: Confidence | None = None
    ) -> Feedback:
        """Record an answer or a skip, then apply it. These questions have no hints."""
        after, feedback = apply(self._sitting, event)
        if not isinstance(event, HintOpened):
            self._recorder.add(_attempt(self.own, self._recorder, event, not self.tries, seconds))
        self._sitting = after
        return feedback


def _attempt(
    own: OwnQuestion, recorder: Recorder, event: Event, first: bool, seconds: float | None
) -> Attempt:
    about = {"template": own.template, "question": own.question.id, "guess": own.guess}
    item = f"{own.exercise}/{own.function}"
    if not isinstance(event, Answered):
        return new_attempt(recorder.now, "skip", item, own.source, report=about)
    marked = mark(own.question, event.answer)
    return new_attempt(
        recorder.now,
        "own",
        item,
        own.source,
        answer=marked.answer,
        correct=bool(marked.correct),
        score=marked.score,
        max_score=1.0,
        first_try=first,
        seconds=seconds,
        misconception=marked.misconception,
        report=about,
    )


def _names(attempt: Attempt, own: OwnQuestion) -> bool:
    return attempt.kind in ("own", "skip") and (attempt.report or {}).get("question") == own.question.id


def _event(attempt: Attempt, question: str) -> Event:
    return Skipped(question) if attempt.answer is None else Answered(question, attempt.answer)
