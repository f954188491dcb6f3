"""What a learner has done and shown so far, as the tutor needs it. Derived from the log alone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from grader.content.lesson import Lesson, Section
from grader.content.questions import Question, is_drawn
from grader.content.quiz import Quiz
from grader.progress.attempt import Attempt, in_time
from grader.progress.evidence import Contents, QuestionAttempt, answers, at_exercise, first_tries, pieces_of
from grader.progress.mastery import PRIOR, Piece, is_mastered, level


class Facts:
    """A learner's attempts, looked at from one lesson."""

    def __init__(self, contents: Contents, lesson: Lesson, attempts: Iterable[Attempt]) -> None:
        self.contents = contents
        self.lesson = lesson
        self._attempts = in_time(attempts)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions of the lesson, those of its quizzes first."""
        sources = self.contents.sources
        return tuple(q for source in sources if source.lesson == self.lesson.id for q in source.questions)

    @cached_property
    def practice(self) -> tuple[Question, ...]:
        """The questions that belong to no quiz."""
        return tuple(question for question in self.questions if self.quiz_of(question) is None)

    def quiz_of(self, question: Question) -> Quiz | None:
        """Return the quiz that a question belongs to; None if it is for practice only."""
        return next((quiz for quiz in self.contents.quizzes if quiz.question(question.id)), None)

    # --- reading ---

    def settled(self, section: Section) -> str:
        """Return when the section was read, or passed over, for the last time; "" if never."""
        return self._settled.get(f"{self.lesson.id}/{section.id}", "")

    @cached_property
    def _settled(self) -> dict[str, str]:
        return {a.item: a.time for a in self._attempts if a.kind in ("read", "skip") and a.quiz is None}

    # --- questions ---

    @cached_property
    def _answers(self) -> list[QuestionAttempt]:
        return answers(self.contents, self._attempts)

    @cached_property
    def tries(self) -> list[QuestionAttempt]:
        """The first try at each question, each time it was asked, in order of time."""
        mine = {question.id for question in self.questions}
        return [found for found in first_tries(self._answers) if found.question.id in mine]

    @cached_property
    def _closed(self) -> set[tuple[str, str | None]]:
        done = (found for found in self._answers if found.right or found.attempt.kind == "skip")
        return {(found.question.id, found.attempt.sitting) for found in done}

    def is_closed(self, question: Question) -> bool:
        """Whether the question was solved or given up when it was asked last."""
        times = [found.attempt.sitting for found in self.tries if found.question.id == question.id]
        return bool(times) and (question.id, times[-1]) in self._closed

    def is_open(self, question: Question) -> bool:
        """Whether it was asked, and left before it was solved."""
        return self.was_asked(question) and not self.is_closed(question)

    def left_in(self, question: Question) -> Quiz | None:
        """Return the quiz in whose sitting a question was asked last; None if it was for practice."""
        last = [found.attempt.quiz for found in self.tries if found.question.id == question.id][-1]
        return self.quiz_of(question) if last else None

    def was_asked(self, question: Question) -> bool:
        return any(found.question.id == question.id for found in self.tries)

    def can_be_asked(self, question: Question) -> bool:
        """Whether it says something new: it was not asked yet, or has other numbers now."""
        return is_drawn(question) or not self.is_closed(question)

    # --- concepts ---

    @cached_property
    def _pieces(self) -> dict[str, list[Piece]]:
        return pieces_of(self.contents, self._attempts)

    def level(self, concept: str) -> float:
        """Return the probability that a concept is known."""
        return level(self._pieces[concept]) if concept in self._pieces else PRIOR

    def is_mastered(self, concept: str) -> bool:
        return is_mastered(self._pieces.get(concept, []))

    def misses_in_a_row(self, concept: str, since: str = "") -> int:
        """How many of the latest questions on a concept, after a time, were not right at first."""
        count = 0
        for found in reversed(self.tries):
            if concept in found.question.concepts:
                if found.right or found.attempt.time < since:
                    break
                count += 1
        return count

    # --- exercises ---

    def is_done(self, exercise_id: str) -> bool:
        """Whether the exercise was passed, or set aside."""
        version = next((e.version for e in self.contents.exercises if e.exercise.id == exercise_id), None)
        aside = (a for a in self._attempts if a.kind == "skip" and a.item == exercise_id)
        return self.is_passed(exercise_id) or any(a.content_hash == version for a in aside)

    def is_passed(self, exercise_id: str) -> bool:
        """Whether the exercise was passed, as it is now; one that does not exist cannot fail."""
        versioned = next((e for e in self.contents.exercises if e.exercise.id == exercise_id), None)
        if versioned is None:
            return True
        return any(check.lines.passed for check in at_exercise(versioned, self._attempts)[0])
