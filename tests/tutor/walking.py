"""A course of three sections, and learners who walk through it in memory, as `course learn` leads them.

Steps are written as texts: "read 1", "read 1 again" after a miss, "pass 1" for a skipped section,
"ask up-quiz", "again up-fixed" after a miss, "strengthen up-drawn" at the end, "do exercise-steps",
"finish".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import Enum

from msgspec.structs import replace

from grader.content.course import content_hash
from grader.content.decode import decode
from grader.content.exercise import Exercise
from grader.content.lesson import Lesson, Section
from grader.content.questions import LetterQuestion, Question, SingleQuestion
from grader.content.quiz import Practice, Quiz
from grader.progress.attempt import Attempt, timestamp
from grader.progress.evidence import Contents, VersionedExercise
from grader.quiz.answer import right_answer
from grader.quiz.sitting import Answered, Event, HintOpened, Skipped, apply
from grader.tutor.facts import Facts
from grader.tutor.path import (
    AskQuestion,
    DoExercise,
    FinishLesson,
    ReadSection,
    Reason,
    SkipSection,
    Step,
    next_step,
)
from grader.tutor.recording import new_attempt
from grader.tutor.sittings import LoggedSitting, attempt_of, open_sitting, practice_sitting, sitting_to_ask

_LESSON = """\
id: walk
title: Up and down
introduction: Two ways to count.
concepts:
  - {id: up, title: Counting up, summary: One more.}
  - {id: down, title: Counting down, summary: One less.}
sections:
  - {id: "1", title: Up, text: Add one., concepts: [up], questions: [up-quiz]}
  - {id: "2", title: Down, text: Take one away., concepts: [down], questions: [down-quiz],
     exercises: [exercise-steps]}
  - {id: "3", title: Both, text: Up and down., concepts: [up, down]}
summary: You can count both ways.
"""
_QUIZ = """\
id: walk
title: A quiz on counting
lesson: walk
questions:
  - {id: up-quiz, concepts: [up], section: "1", @fixed}
  - {id: down-quiz, concepts: [down], section: "2", @fixed}
"""
_PRACTICE = """\
id: walk
lesson: walk
questions:
  - {id: up-fixed, concepts: [up], section: "1", @fixed}
  - {id: up-drawn, concepts: [up], section: "1", @drawn}
  - {id: up-spare, concepts: [up], section: "1", @fixed}
  - {id: down-fixed, concepts: [down], section: "2", @fixed}
  - {id: down-drawn, concepts: [down], section: "2", @drawn}
  - {id: both-fixed, concepts: [up, down], section: "3", @fixed}
  - {id: both-drawn, concepts: [down, up], section: "3", @drawn}
"""
_FIXED = """kind: single, prompt: Which?, explain: The second., hints: [Not the first., Not the third.],
  options: [{text: One, why: No.}, {text: Two, why: Yes., correct: true}, {text: Three, why: No.},
  {text: Four, why: No.}]"""
_DRAWN = """kind: numeric, draw: {n: [1, 2, 3, 4, 5, 6, 7, 8]}, prompt: "From {{n}}?", answer: n + 1,
  otherwise: No., explain: One more., hints: [Count.]"""
_EXERCISE = """\
id: exercise-steps
title: Steps
lesson: walk
text: Go down.
functions: [{signature: step(n), text: One less., returns: {n: int}}]
"""


def _filled(text: str) -> str:
    return text.replace("@fixed", _FIXED).replace("@drawn", _DRAWN)


LESSON = decode(_LESSON, "lesson", Lesson)
QUIZ = decode(_filled(_QUIZ), "quiz", Quiz)
PRACTICE = decode(_filled(_PRACTICE), "practice", Practice)
VERSION = "v1"
CONTENTS = Contents(
    lessons=(LESSON,),
    quizzes=(QUIZ,),
    exercises=(VersionedExercise(decode(_EXERCISE, "exercise", Exercise), VERSION),),
    practice=(PRACTICE,),
)


class How(Enum):
    """A way to take a step. Steps that are not questions tell only some of these apart."""

    RIGHT = "right at first"  # sections are read, exercises passed
    HINT = "right after a hint"
    WRONG = "wrong, then right"
    GIVE_UP = "wrong, then skipped"
    SKIP = "skipped"  # also exercises, and sections offered for a second reading
    LEAVE = "wrong, then stopped"  # exercises are checked and do not pass


RIGHT, HINT, WRONG, GIVE_UP, SKIP, LEAVE = How


class Learner:
    """A learner with an attempts log. Each attempt takes half a minute."""

    def __init__(self, contents: Contents = CONTENTS, log: Iterable[Attempt] = ()) -> None:
        self.contents = contents
        self.log = [*log]
        self.led_back: set[str] = set()  # during this run of the command
        self.now = datetime(2026, 1, 2, tzinfo=UTC)

    @property
    def facts(self) -> Facts:
        return Facts(self.contents, self.contents.lessons[0], self.log)

    @property
    def step(self) -> Step:
        return next_step(self.facts, self.led_back)

    @property
    def next(self) -> str:
        """The next step as a text."""
        return step_text(self.step)

    def does(self, how: How = RIGHT) -> str:
        """Take the next step and return it as a text."""
        step = self.step
        match step:
            case ReadSection(section=section, missed=missed):
                self._settle(section, "skip" if how is SKIP and missed is not None else "read")
                if missed is not None:
                    self.led_back.add(step.key)
            case SkipSection(section=section):
                self._settle(section, "skip")
            case AskQuestion(question=question):
                self._answer(self.sitting_of(step), question.id, how)
            case DoExercise(exercise=exercise):
                self.set_aside(exercise) if how is SKIP else self.check(exercise, passed=how is not LEAVE)
        return step_text(step)

    def walks(self, *hows: How) -> list[str]:
        """Take one step for each of `hows` and return the steps as texts."""
        return [self.does(how) for how in hows]

    def goes_to(self, step: str, how: How = RIGHT) -> list[str]:
        """Take steps until this one is next, and return those taken."""
        done = []
        while self.next != step:
            assert self.next != "finish", f"{step!r} never came: {done}"
            done.append(self.does(how))
        return done

    def comes_back(self) -> None:
        """Start the command again the next day."""
        self.led_back = set()
        self.now += timedelta(days=1)

    def reviews(self, question_id: str, how: How = RIGHT) -> None:
        """Answer a question outside the lesson, as in `course review`."""
        self._answer(self.practice_of(self.contents.questions[question_id]), question_id, how)

    def takes_the_quiz(self, *hows: How) -> None:
        """Answer the questions of the quiz in order, as in `course quiz`."""
        for question, how in zip(QUIZ.questions, hows, strict=False):
            self._answer(self._quiz_sitting(QUIZ), question.id, how)

    def sitting_of(self, step: AskQuestion) -> LoggedSitting:
        """Return the sitting in which `course learn` asks a question."""
        return sitting_to_ask(step.question, step.quiz, "walk", self.log)

    def practice_of(self, question: Question) -> LoggedSitting:
        return practice_sitting(question, "walk", self.log)

    def check(self, exercise: str, passed: bool) -> None:
        score = {"score": float(passed), "max_score": 1.0}
        self._append(new_attempt(self.now, "check", exercise, VERSION, report={"passed": passed}, **score))

    def set_aside(self, exercise: str) -> None:
        self._append(new_attempt(self.now, "skip", exercise, VERSION))

    def _quiz_sitting(self, quiz: Quiz) -> LoggedSitting:
        return open_sitting(quiz, [attempt for attempt in self.log if attempt.quiz == quiz.id])

    def _settle(self, section: Section, kind: str) -> None:
        item = f"{self.contents.lessons[0].id}/{section.id}"
        self._append(new_attempt(self.now, "read" if kind == "read" else "skip", item, content_hash(section)))

    def _answer(self, logged: LoggedSitting, question_id: str, how: How) -> None:
        question = logged.sitting.quiz.questions[logged.sitting.index(question_id)]
        right, wrong = Answered(question_id, right_answer(question)), Answered(question_id, _wrong(question))
        events: dict[How, list[Event]] = {
            RIGHT: [right],
            HINT: [HintOpened(question_id), right],
            WRONG: [wrong, right],
            GIVE_UP: [wrong, Skipped(question_id)],
            SKIP: [Skipped(question_id)],
            LEAVE: [wrong],
        }
        for event in events[how]:
            after, _ = apply(logged.sitting, event)
            self._append(attempt_of(logged, event, self.now))
            logged = replace(logged, sitting=after)

    def _append(self, attempt: Attempt) -> None:
        self.now += timedelta(seconds=30)
        self.log.append(replace(attempt, id=f"{len(self.log):032x}", time=timestamp(self.now)))


def step_text(step: Step) -> str:
    """Return a step as a text."""
    match step:
        case ReadSection(section=section, missed=missed):
            return f"read {section.id}" + (" again" if missed is not None else "")
        case SkipSection(section=section):
            return f"pass {section.id}"
        case AskQuestion(question=question, reason=reason):
            verbs = {Reason.NEXT: "ask", Reason.MISSED: "again", Reason.UNMASTERED: "strengthen"}
            return f"{verbs[reason]} {question.id}"
        case DoExercise(exercise=exercise):
            return f"do {exercise}"
        case FinishLesson():
            return "finish"


def _wrong(question: Question) -> str:
    if isinstance(question, LetterQuestion):
        assert isinstance(question, SingleQuestion)
        return next(letter for letter in question.option_ids if letter != question.answer)
    return "-1"
