"""The path through a lesson, one step at a time, derived from the log.

For each section, the learner reads it and answers its questions. After a miss,
the learner can read the section again and gets another question. Then come the
section's exercises. Mastered sections are skipped. After the last section come
questions on the concepts that are not mastered yet.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from msgspec import Struct

from grader.content.lesson import Section
from grader.content.questions import Question
from grader.content.quiz import Quiz
from grader.progress.evidence import QuestionAttempt
from grader.tutor.facts import Facts
from grader.tutor.practice import ENOUGH_MISSES, question_on, weakest

IN_A_SECTION = 2  # practice questions asked after a section, besides the section's own questions


class ReadSection(Struct, frozen=True):
    """Read a section. `missed` is the concept that leads back to it, or None the first time."""

    section: Section
    missed: str | None = None

    @property
    def key(self) -> str:
        """The step's entry in `led_back`."""
        return f"{self.section.id} {self.missed}"


class SkipSection(Struct, frozen=True):
    """Skip a section: all its concepts are mastered."""

    section: Section


class Reason(Enum):
    """The reason for asking a question now."""

    NEXT = "it comes next in its section"
    MISSED = "another question on the same concept was missed"
    UNMASTERED = "the whole lesson has been read, and its concept is not mastered yet"


class AskQuestion(Struct, frozen=True):
    """Ask a question in a sitting of `quiz`, or for practice if that is None."""

    question: Question
    quiz: Quiz | None
    reason: Reason = Reason.NEXT


class DoExercise(Struct, frozen=True):
    """Write the code of an exercise."""

    exercise: str


class FinishLesson(Struct, frozen=True):
    """Nothing is left to do except exercises that were set aside."""

    unmastered: tuple[str, ...] = ()  # concepts without further questions in this lesson
    aside: tuple[str, ...] = ()  # exercises that were set aside


Step = ReadSection | SkipSection | AskQuestion | DoExercise | FinishLesson


def next_step(facts: Facts, led_back: Collection[str] = ()) -> Step:
    """Return the next step.

    `led_back` holds the keys of the steps that led back to a section in this run
    of the command. Each concept leads back to a section only once per run.
    """
    for section in facts.lesson.sections:
        step = _step_in(facts, section, led_back)
        if step is not None:
            return step
    question = weakest(facts, avoid=[last.question.id for last in facts.tries[-1:]]) or weakest(facts)
    if question is not None:
        return AskQuestion(question, None, Reason.UNMASTERED)
    left = (concept.id for concept in facts.lesson.concepts if not facts.is_mastered(concept.id))
    aside = (e for section in facts.lesson.sections for e in section.exercises if not facts.is_passed(e))
    return FinishLesson(tuple(left), tuple(aside))


def _step_in(facts: Facts, section: Section, led_back: Collection[str]) -> Step | None:
    if not facts.settled(section):
        mastered = bool(section.concepts) and all(map(facts.is_mastered, section.concepts))
        return SkipSection(section) if mastered else ReadSection(section)
    mine = [q for q in facts.questions if q.section == section.id or q.id in section.questions]
    left_open = next((question for question in mine if facts.is_open(question)), None)
    if left_open is not None:
        return AskQuestion(left_open, facts.left_in(left_open))
    missed = _missed(facts, section)
    if missed is not None:
        concept = missed.question.concepts[0]
        back = ReadSection(section, missed=concept)
        if facts.settled(section) < missed.attempt.time and back.key not in led_back:
            return back
        other = question_on(facts, concept, avoid=(missed.question.id, *_still_to_come(facts)))
        if other is not None:
            return AskQuestion(other, None, Reason.MISSED)
    for question in facts.questions:
        if question.id in section.questions and not facts.is_closed(question):
            return AskQuestion(question, facts.quiz_of(question))
    practice = [question for question in facts.practice if question.section == section.id]
    for question in practice if sum(map(facts.was_asked, practice)) < IN_A_SECTION else []:
        if not facts.was_asked(question) and not all(map(facts.is_mastered, question.concepts)):
            return AskQuestion(question, None)
    for exercise in section.exercises:
        if not facts.is_done(exercise):
            return DoExercise(exercise)
    return None


def _still_to_come(facts: Facts) -> set[str]:
    """Return the ids of questions on sections that have not been read yet."""
    read = {section.id for section in facts.lesson.sections if facts.settled(section)}
    return {question.id for question in facts.questions if question.section not in read}


def _missed(facts: Facts, section: Section) -> QuestionAttempt | None:
    """Return the latest miss on the section's concepts, if no question on that concept has followed."""
    for tried in reversed(facts.tries):
        concept = tried.question.concepts[0]
        if tried.question.section != section.id or tried.right or not tried.tells:
            continue
        later = facts.tries[facts.tries.index(tried) + 1 :]
        if any(concept in other.question.concepts for other in later):
            return None
        in_a_row = facts.misses_in_a_row(concept, since=facts.settled(section))
        if not facts.is_mastered(concept) and in_a_row < ENOUGH_MISSES:
            return tried
        return None
    return None
