"""A question while it is asked: what the learner does is recorded, then applied, then answered.

A course marks answers; a kit only records them. Both take the same events, so
one conversation serves both, at the terminal or on a page.
"""

from __future__ import annotations

from msgspec import Struct

from grader.content.course import content_hash
from grader.content.kit import SealedQuestion, SealedQuiz
from grader.content.questions import Question
from grader.progress.attempt import Confidence
from grader.quiz.points import points_note
from grader.quiz.sitting import Answered, Event, Feedback, Hint, HintOpened, NoHint, Skipped, Stage, apply
from grader.tutor.kit_answers import answer_attempt, hints_opened, recorded_answers
from grader.tutor.recording import Recorder
from grader.tutor.sittings import LoggedSitting, Purpose, attempt_of


class Recorded(Struct, frozen=True):
    """Feedback to an answer that the instructor marks."""

    answer: str


class LeftOpen(Struct, frozen=True):
    """Feedback to a skip in a kit: nothing has changed."""


class SittingQuestion:
    """A question of a sitting. It stays open until it is solved or skipped."""

    def __init__(self, logged: LoggedSitting, question_id: str, recorder: Recorder) -> None:
        self.logged = logged
        self._id = question_id
        self._recorder = recorder

    @property
    def question(self) -> Question:
        """The question with its drawn values."""
        return self.logged.sitting.quiz.questions[self.logged.sitting.index(self._id)]

    @property
    def lesson(self) -> str:
        return self.logged.quiz.lesson

    @property
    def points_note(self) -> str:
        """What the heading says about points."""
        is_scored = self.logged.purpose is Purpose.QUIZ
        return points_note(self.logged.quiz, self.question) if is_scored else ""

    @property
    def order(self) -> tuple[str, ...]:
        """The option ids, as the screen lists them."""
        return self.logged.sitting.order(self._id)

    @property
    def tries(self) -> tuple[str, ...]:
        """The answers so far, first try first."""
        return self.logged.sitting.state(self._id).tries

    @property
    def is_open(self) -> bool:
        return self.logged.sitting.state(self._id).stage is Stage.OPEN

    def take(
        self, event: Event, seconds: float | None = None, confidence: Confidence | None = None
    ) -> Feedback:
        """Record the event, then apply it: feedback is shown only for what is recorded."""
        after, feedback = apply(self.logged.sitting, event)
        repeated = isinstance(feedback, NoHint) or (isinstance(feedback, Hint) and feedback.again)
        if not repeated:
            self._recorder.add(attempt_of(self.logged, event, self._recorder.now, seconds, confidence))
        self.logged = LoggedSitting(self.logged.id, self.logged.quiz, after, self.logged.purpose)
        return feedback


class KitQuestion:
    """A question of a kit. It stays open until it is answered or skipped, and can be answered again."""

    def __init__(
        self, quiz: SealedQuiz, question: SealedQuestion, recorder: Recorder, *, hints_stay: bool = False
    ) -> None:
        """With `hints_stay`, the hints opened earlier are still on the screen, as on a page."""
        attempts = recorder.attempts()
        self.question = question
        self.points_note = points_note(quiz, question)
        self.lesson = quiz.lesson
        self.answer = recorded_answers(quiz, attempts).get(question.id)  # the latest
        self.is_open = True
        self._hints = hints_opened(question, attempts)
        # number of the last hint shown while the question is asked this time
        self._hints_now = self._hints if hints_stay else 0
        self._recorder = recorder

    @property
    def order(self) -> tuple[str, ...]:
        """The option ids, as the screen lists them."""
        return tuple(self.question.option_ids)

    @property
    def tries(self) -> tuple[str, ...]:
        """Always empty: no try is wrong before the instructor marks it."""
        return ()

    def take(
        self, event: Event, seconds: float | None = None, confidence: Confidence | None = None
    ) -> Recorded | LeftOpen | Hint | NoHint:
        """Record the event, then apply it. A kit asks for no confidence and keeps none."""
        match event:
            case Answered(answer=answer):
                attempt = answer_attempt(self._recorder.now, self.question, answer, self._hints_now, seconds)
                self._recorder.add(attempt)
                self.answer = answer
                self.is_open = False
                return Recorded(answer)
            case HintOpened():
                return self._hint()
            case Skipped():
                self.is_open = False
                return LeftOpen()

    def _hint(self) -> Hint | NoHint:
        hints = self.question.hints
        if not hints:
            return NoHint()
        repeated = self._hints >= len(hints)
        number = len(hints) if repeated else self._hints + 1
        if not repeated:
            self._recorder.record("hint", self.question.id, content_hash(self.question), hints=number)
        self._hints = self._hints_now = number
        return Hint(hints[number - 1], number, len(hints), again=repeated)


AskedQuestion = SittingQuestion | KitQuestion
