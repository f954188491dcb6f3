"""A sitting: one learner's single run through one quiz.

The state is a value. `apply` turns a state and an event into the next state and
feedback. `replay` rebuilds a sitting from its events, so that a stopped quiz can
be resumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from grader.content.quiz import Question, Quiz
from grader.quiz.answer import AnswerRefused, Mark, given_up, mark
from grader.quiz.drawn_values import drawn_quiz
from grader.quiz.order import screen_order


class Answered(Struct, frozen=True):
    """The learner gave an answer, in the form of the question's kind."""

    question: str
    answer: str


class HintOpened(Struct, frozen=True):
    """The learner asked for the next hint."""

    question: str


class Skipped(Struct, frozen=True):
    """The learner gave the question up."""

    question: str


Event = Answered | HintOpened | Skipped


class Marked(Struct, frozen=True):
    """Feedback to an answer. Only the first try scores."""

    mark: Mark
    first_try: bool


class Hint(Struct, frozen=True):
    """Feedback to a request for a hint. `number` counts from 1."""

    text: str
    number: int
    total: int  # grows with a wrong answer that has a hint of its own
    again: bool  # there are no more hints, so the last one is repeated
    about_answer: bool = False  # about the idea behind the last wrong answer

    @property
    def place(self) -> str:
        """Which hint this is: "2 of 4, about your answer"."""
        return f"{self.number} of {self.total}{', about your answer' * self.about_answer}"


class NoHint(Struct, frozen=True):
    """Feedback to a request for a hint if the question has none."""


class GivenUp(Struct, frozen=True):
    """Feedback to a skip: the right answer."""

    mark: Mark


Feedback = Marked | Hint | NoHint | GivenUp


class EventRefused(ValueError):
    """The event does not fit the sitting: its question is unknown or closed, or the answer is invalid."""


class Stage(Enum):
    """The stage of one question."""

    OPEN = "open"
    SOLVED = "solved"  # or written, if an instructor marks it
    SKIPPED = "skipped"


class QuestionState(Struct, frozen=True):
    """The state of one question in a sitting."""

    stage: Stage = Stage.OPEN
    tries: tuple[str, ...] = ()  # answers, first try first
    opened: tuple[str, ...] = ()  # the hints so far, in order

    @property
    def hints(self) -> int:
        """The number of hints that are open."""
        return len(self.opened)


class Sitting(Struct, frozen=True):
    """The state of a sitting. Start one with `begin`."""

    quiz: Quiz  # with drawn values
    orders: tuple[tuple[str, ...], ...]  # for each question, its option ids as the screen lists them
    states: tuple[QuestionState, ...]

    @property
    def current(self) -> Question | None:
        """The question to ask now, or None if all are solved or skipped."""
        pairs = zip(self.quiz.questions, self.states, strict=True)
        return next((q for q, s in pairs if s.stage is Stage.OPEN), None)

    @property
    def answered(self) -> int:
        """The number of questions with a first try."""
        return sum(bool(state.tries) for state in self.states)

    @property
    def untouched(self) -> bool:
        """True if nothing has happened yet."""
        return all(state == QuestionState() for state in self.states)

    @property
    def score(self) -> float:
        marks = (self.first_mark(question.id) for question in self.quiz.questions)
        return sum((m.score for m in marks if m), 0.0)

    @property
    def max_score(self) -> float:
        return self.quiz.points

    def state(self, question_id: str) -> QuestionState:
        return self.states[self.index(question_id)]

    def order(self, question_id: str) -> tuple[str, ...]:
        """Return the option ids as the screen lists them."""
        return self.orders[self.index(question_id)]

    def first_mark(self, question_id: str) -> Mark | None:
        """Return the verdict on the first try, or None before it."""
        index = self.index(question_id)
        tries = self.states[index].tries
        return mark(self.quiz.questions[index], tries[0]) if tries else None

    def index(self, question_id: str) -> int:
        """Return the question's index in the quiz. Raises EventRefused if the quiz does not have it."""
        for index, question in enumerate(self.quiz.questions):
            if question.id == question_id:
                return index
        raise EventRefused(f"no question {question_id!r} in quiz {self.quiz.id!r}")


def begin(quiz: Quiz, seed: str | None = None, turn: int = 0) -> Sitting:
    """Return a fresh sitting.

    `seed` shuffles the options; None keeps the file's order. `turn` counts the
    learner's sittings from 0 and selects the drawn values.
    """
    quiz = drawn_quiz(quiz, turn)
    return Sitting(
        quiz=quiz,
        orders=tuple(screen_order(question, seed) for question in quiz.questions),
        states=(QuestionState(),) * len(quiz.questions),
    )


def apply(sitting: Sitting, event: Event) -> tuple[Sitting, Feedback]:
    """Return the state after the event, and the feedback. Raises EventRefused."""
    index = sitting.index(event.question)
    question, state = sitting.quiz.questions[index], sitting.states[index]
    if state.stage is not Stage.OPEN:
        raise EventRefused(f"question {question.id!r} is {state.stage.value}")
    feedback: Feedback
    match event:
        case Answered(answer=answer):
            state, feedback = _answer(question, state, answer)
        case HintOpened():
            state, feedback = _open_hint(question, state)
        case Skipped():
            state, feedback = replace(state, stage=Stage.SKIPPED), GivenUp(given_up(question))
    states = (*sitting.states[:index], state, *sitting.states[index + 1 :])
    return replace(sitting, states=states), feedback


def replay(sitting: Sitting, events: Iterable[Event]) -> Sitting:
    """Return the state after logged events. Events that do not fit are left out.

    An event does not fit if the quiz has been edited since, or if two terminals
    continued the same sitting at once.
    """
    for event in events:
        try:
            sitting, _ = apply(sitting, event)
        except EventRefused:
            continue
    return sitting


def _answer(question: Question, state: QuestionState, answer: str) -> tuple[QuestionState, Marked]:
    try:
        verdict = mark(question, answer)
    except AnswerRefused:
        raise EventRefused(f"{answer!r} is not an answer to question {question.id!r}") from None
    stage = Stage.OPEN if verdict.correct is False else Stage.SOLVED  # an essay is written once
    after = replace(state, stage=stage, tries=(*state.tries, verdict.answer))
    return after, Marked(verdict, first_try=not state.tries)


def next_hint(question: Question, state: QuestionState) -> Hint | NoHint:
    """Return the hint that a request brings now: first those about the last wrong answer.

    No hint is given twice while there are others.
    """
    about = mark(question, state.tries[-1]).hints if state.tries else ()
    left = [text for text in (*about, *question.hints) if text not in state.opened]
    total = state.hints + len(left)
    if left:
        return Hint(left[0], state.hints + 1, total, again=False, about_answer=left[0] in about)
    if not state.opened:
        return NoHint()
    return Hint(state.opened[-1], total, total, again=True)


def _open_hint(question: Question, state: QuestionState) -> tuple[QuestionState, Hint | NoHint]:
    hint = next_hint(question, state)
    if isinstance(hint, NoHint) or hint.again:
        return state, hint
    return replace(state, opened=(*state.opened, hint.text)), hint
