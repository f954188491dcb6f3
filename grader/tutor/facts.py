"""Facts about a learner that the tutor needs. All are derived from the log."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from grader.content.lesson import Lesson, Section
from grader.content.questions import Question
from grader.content.quiz import Quiz
from grader.content.value_questions import is_drawn
from grader.progress.attempt import Attempt, in_time
from grader.progress.evidence import Contents, QuestionAttempt, answers, at_exercise, first_tries, pieces_of
from grader.progress.mastery import PRIOR, Piece, is_mastered, level


class Facts:
    """A learner's attempts, seen from one lesson."""

    def __init__(self, contents: Contents, lesson: Lesson, attempts: Iterable[Attempt]) -> None:
        self.contents = contents
        self.lesson = lesson
        self._attempts = in_time(attempts)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions of the lesson, quizzes first."""
        sources = self.contents.sources
        return tuple(q for source in sources if source.lesson == self.lesson.id for q in source.questions)

    @cached_property
    def practice(self) -> tuple[Question, ...]:
        """The questions that belong to no quiz."""
        return tuple(question for question in self.questions if self.quiz_of(question) is None)

    def quiz_of(self, question: Question) -> Quiz | None:
        """Return the quiz that a question belongs to, or None if it is only for practice."""
        return next((quiz for quiz in self.contents.quizzes if quiz.question(question.id)), None)

    # --- reading ---

    def settled(self, section: Section) -> str:
        """Return the time when the section was last read or skipped, or "" if never."""
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
        """The first tries, one for each time a question was asked, oldest first."""
        mine = {question.id for question in self.questions}
        return [attempt for attempt in first_tries(self._answers) if attempt.question.id in mine]

    @cached_property
    def _closed(self) -> set[tuple[str, str | None]]:
        done = (tried for tried in self._answers if tried.closes)
        return {(tried.question.id, tried.attempt.sitting) for tried in done}

    def is_closed(self, question: Question) -> bool:
        """Return True if the question was solved or skipped when it was last asked."""
        times = [tried.attempt.sitting for tried in self.tries if tried.question.id == question.id]
        return bool(times) and (question.id, times[-1]) in self._closed

    def is_open(self, question: Question) -> bool:
        """Return True if the question was asked and then left before it was solved."""
        return self.was_asked(question) and not self.is_closed(question)

    def left_in(self, question: Question) -> Quiz | None:
        """Return the quiz in whose sitting a question was last asked, or None if it was practice."""
        last = [tried.attempt.quiz for tried in self.tries if tried.question.id == question.id][-1]
        return self.quiz_of(question) if last else None

    def was_asked(self, question: Question) -> bool:
        return any(tried.question.id == question.id for tried in self.tries)

    def can_be_asked(self, question: Question) -> bool:
        """Return True if asking gives new evidence: the question is not closed, or it can draw new values."""
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
        """Return how many of the latest questions on a concept, since a time, were missed at first."""
        count = 0
        for tried in reversed(self.tries):
            if concept in tried.question.concepts and tried.tells:
                if tried.right or tried.attempt.time < since:
                    break
                count += 1
        return count

    # --- exercises ---

    def is_done(self, exercise_id: str) -> bool:
        """Return True if the exercise was passed or set aside."""
        version = next((e.version for e in self.contents.exercises if e.exercise.id == exercise_id), None)
        aside = (a for a in self._attempts if a.kind == "skip" and a.item == exercise_id)
        return self.is_passed(exercise_id) or any(a.content_hash == version for a in aside)

    def is_passed(self, exercise_id: str) -> bool:
        """Return True if the current version was passed. An exercise that does not exist counts as passed."""
        versioned = next((e for e in self.contents.exercises if e.exercise.id == exercise_id), None)
        if versioned is None:
            return True
        return any(check.lines.passed for check in at_exercise(versioned, self._attempts)[0])
