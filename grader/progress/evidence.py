"""Evidence in the attempts log. Attempts at items that have changed since are stale and do not count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from grader.content.course import Course, content_hash
from grader.content.exercise import Exercise
from grader.content.lesson import Concept, Lesson, Misconception
from grader.content.questions import EssayQuestion, Question, SingleQuestion
from grader.content.quiz import Practice, Quiz
from grader.content.value_questions import is_drawn
from grader.progress.attempt import Attempt, in_time
from grader.progress.mastery import HELPED, REPEATED, Piece

OWN_PIECES = 2  # answers about the code of one function that count
TEST_GUESS = 0.02  # probability of passing a test without knowing its concepts


class VersionedExercise(Struct, frozen=True):
    """An exercise and its version, the hash of all files that decide its verdicts."""

    exercise: Exercise
    version: str


class Contents(Struct, frozen=True):
    """All content of a course, against which progress is measured."""

    lessons: tuple[Lesson, ...]
    quizzes: tuple[Quiz, ...]
    exercises: tuple[VersionedExercise, ...]
    practice: tuple[Practice, ...] = ()

    @classmethod
    def of(cls, course: Course) -> Contents:
        """Read all content of a course, the exercises in the order of its lessons. Raises ContentError."""
        lessons = tuple(map(course.lesson, course.lesson_ids))
        places = [id_ for lesson in lessons for section in lesson.sections for id_ in section.exercises]
        exercises = sorted(course.exercise_ids, key=[*places, *course.exercise_ids].index)
        return cls(
            lessons=lessons,
            quizzes=tuple(map(course.quiz, course.quiz_ids)),
            exercises=tuple(
                VersionedExercise(course.exercise(id_), course.exercise_version(id_)) for id_ in exercises
            ),
            practice=tuple(map(course.practice, course.practice_ids)),
        )

    @property
    def questions(self) -> dict[str, Question]:
        """All questions by id; questions of quizzes come first."""
        return {q.id: q for source in self.sources for q in source.questions}

    @property
    def sources(self) -> tuple[Quiz | Practice, ...]:
        """All files with questions; quizzes come first."""
        return (*self.quizzes, *self.practice)

    @property
    def concepts(self) -> dict[str, Concept]:
        """All concepts by id."""
        return {concept.id: concept for lesson in self.lessons for concept in lesson.concepts}

    @property
    def misconceptions(self) -> dict[str, Misconception]:
        """All misconceptions by id."""
        return {m.id: m for lesson in self.lessons for m in lesson.misconceptions}

    def sections_on(self, concept_id: str) -> list[tuple[str, str]]:
        """Return (lesson id, section id) for each section that teaches a concept."""
        return [(lesson.id, s.id) for lesson in self.lessons for s in lesson.sections_on(concept_id)]


class TestLine(Struct, frozen=True):
    """The fields of one test in a check's report that progress needs."""

    __test__ = False  # keeps pytest from collecting this class

    id: str
    function: str
    outcome: str
    points: float
    score: float
    title: str = ""
    visible: bool = False

    @property
    def counts(self) -> bool:
        """True if the test judged something. A broken test did not, nor one of a blank function."""
        return self.outcome not in ("judge_broken", "not_judged", "not_run")

    @property
    def is_open(self) -> bool:
        """True if the code has not passed the test yet. A test that itself is broken is not open."""
        return self.outcome not in ("passed", "judge_broken", "not_judged")


class MistakeLine(Struct, frozen=True):
    """The fields of one recognized mistake in a check's report that progress needs."""

    id: str = ""
    misconception: str | None = None
    tests: tuple[str, ...] = ()  # ids of those that failed because of it


class ReportLines(Struct, frozen=True):
    """The fields of a check's report that progress needs."""

    passed: bool = False
    tests: tuple[TestLine, ...] = ()
    mistakes: tuple[MistakeLine, ...] = ()


def report_lines(report: dict[str, Any] | None) -> ReportLines:
    """Return the fields of a report that progress needs. Raises ValueError if their shape is wrong."""
    return msgspec.convert(report or {}, ReportLines)


class QuestionAttempt(Struct, frozen=True):
    """An attempt at a question that has not changed since."""

    question: Question
    attempt: Attempt

    @property
    def right(self) -> bool:
        """True if the answer was right; a skip is not."""
        return bool(self.attempt.correct)

    @property
    def tells(self) -> bool:
        """True if the attempt tells something about what the learner knows. An essay does not."""
        return not isinstance(self.question, EssayQuestion)

    @property
    def closes(self) -> bool:
        """True if the question takes no further answer in this sitting."""
        return self.right or self.attempt.kind == "skip" or not self.tells


class CheckAttempt(Struct, frozen=True):
    """A check of an exercise that has not changed since."""

    exercise: Exercise
    attempt: Attempt
    lines: ReportLines


def answers(contents: Contents, attempts: Iterable[Attempt]) -> list[QuestionAttempt]:
    """Return the answers and skips at all current questions, from quizzes, practice and reviews."""
    questions = contents.questions
    return _at(questions, (attempt for attempt in attempts if attempt.item in questions))[0]


def at_quiz(quiz: Quiz, attempts: Iterable[Attempt]) -> tuple[list[QuestionAttempt], int]:
    """Return the answers and skips in a quiz's sittings that count, and the number of stale ones."""
    in_quiz = (attempt for attempt in attempts if attempt.quiz == quiz.id)
    return _at({question.id: question for question in quiz.questions}, in_quiz)


def _at(questions: dict[str, Question], attempts: Iterable[Attempt]) -> tuple[list[QuestionAttempt], int]:
    """Return the answers and skips at these questions, and the number of stale ones.

    An attempt at any other question is stale, too.
    """
    hashes = {name: content_hash(question) for name, question in questions.items()}
    fresh, stale = [], 0
    for attempt in attempts:
        if attempt.kind not in ("answer", "skip"):
            continue
        if hashes.get(attempt.item) == attempt.content_hash:
            question = questions[attempt.item]
            fresh.append(QuestionAttempt(question, _completed(question, attempt)))
        else:
            stale += 1
    return fresh, stale


def _completed(question: Question, attempt: Attempt) -> Attempt:
    """Return the attempt with its verdict, which version 1 of the log did not store.

    Version 1 had only single-choice questions.
    """
    if attempt.kind != "answer" or attempt.correct is not None or not isinstance(question, SingleQuestion):
        return attempt
    known = (attempt.answer or "") in [*question.option_ids]
    misconception = question.option(attempt.answer or "").misconception if known else None
    return msgspec.structs.replace(
        attempt, correct=attempt.answer == question.answer, misconception=misconception
    )


def first_tries(tries: Iterable[QuestionAttempt]) -> list[QuestionAttempt]:
    """Return the first try at each question in each sitting; a skip without a try counts as one.

    If two terminals continue the same sitting, each may log its own first try. Only
    the earlier one counts.
    """
    first: dict[tuple[str | None, str], QuestionAttempt] = {}
    for each in tries:
        if each.attempt.first_try or each.attempt.kind == "skip":
            first.setdefault((each.attempt.sitting, each.question.id), each)
    return [*first.values()]


def at_exercise(versioned: VersionedExercise, attempts: Iterable[Attempt]) -> tuple[list[CheckAttempt], int]:
    """Return the checks of an exercise that count, and the number of stale ones."""
    fresh, stale = [], 0
    for attempt in attempts:
        if attempt.kind != "check" or attempt.item != versioned.exercise.id:
            continue
        if attempt.content_hash == versioned.version:
            fresh.append(CheckAttempt(versioned.exercise, attempt, report_lines(attempt.report)))
        else:
            stale += 1
    return fresh, stale


def pieces_of(contents: Contents, attempts: Iterable[Attempt]) -> dict[str, list[Piece]]:
    """Return the pieces of evidence for each concept id, in order of time.

    A question counts once, with its first try. A later first try replaces it if at
    least a day has passed; within a day, it only repeats the explanation. A drawn
    question counts once per sitting, because its numbers change. A test counts with
    its latest verdict before the solution was shown; a blank function has none. Of the answers about
    one function of the learner's own code, the latest two count, because its tests speak of the same
    concepts.
    """
    ordered = in_time(attempts)
    latest: dict[tuple[str, str], Piece] = {}
    found = (
        _question_pieces(contents, ordered),
        _test_pieces(contents, ordered),
        _own_pieces(contents, ordered),
    )
    for concept, piece in chain.from_iterable(found):
        latest[concept, piece.item] = piece
    by_concept: dict[str, list[Piece]] = {}
    # of the tests of one check, those that failed come last, so that those that passed do not outweigh them
    for (concept, _), piece in sorted(latest.items(), key=lambda item: (item[1].time, not item[1].right)):
        by_concept.setdefault(concept, []).append(piece)
    return by_concept


def _question_pieces(contents: Contents, attempts: list[Attempt]) -> Iterator[tuple[str, Piece]]:
    counted: dict[str, datetime] = {}
    asked_ids: set[str] = set()
    for each in filter(lambda each: each.tells, first_tries(answers(contents, attempts))):
        item = f"{each.question.id} {each.attempt.sitting}" if is_drawn(each.question) else each.question.id
        moment = datetime.fromisoformat(each.attempt.time)
        if item in counted and moment - counted[item] < timedelta(days=1):
            continue
        counted[item] = moment
        helped = HELPED if each.attempt.hints else 0.0
        repeated = REPEATED if each.question.id in asked_ids else 0.0
        asked_ids.add(each.question.id)
        guess = max(each.question.guess, helped, repeated)
        for concept in each.question.concepts:
            yield concept, Piece(item, each.attempt.time, each.right, guess)


def _test_pieces(contents: Contents, attempts: list[Attempt]) -> Iterator[tuple[str, Piece]]:
    solutions = [attempt for attempt in reversed(attempts) if attempt.kind == "solution"]
    shown = {(attempt.item, attempt.content_hash): attempt.time for attempt in solutions}
    for versioned in contents.exercises:
        for check in at_exercise(versioned, attempts)[0]:
            for test in filter(lambda test: test.counts, check.lines.tests):
                function = check.exercise.function(test.function)
                name = f"{check.exercise.id}/{test.function}"
                if function is None:
                    continue
                if check.attempt.time >= shown.get((name, content_hash(function)), "~"):
                    continue
                item = f"{check.exercise.id}/{test.id}"
                for concept in function.concepts:
                    right = test.outcome == "passed"
                    yield concept, Piece(item, check.attempt.time, right, TEST_GUESS)


class OwnLines(Struct, frozen=True):
    """The fields of an answer about the learner's own code that progress needs."""

    template: str = ""
    question: str = ""
    guess: Annotated[float, Meta(gt=0, lt=0.9)] = 0.3


def own_answers(exercise_id: str, function: str, attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the first answers to questions about the learner's code for one function, in order of time."""
    found: dict[tuple[str, str], Attempt] = {}
    for attempt in attempts:
        if attempt.kind == "own" and attempt.item == f"{exercise_id}/{function}":
            found.setdefault((attempt.content_hash, own_lines(attempt).question), attempt)
    return [*found.values()]


def own_attempts(contents: Contents, attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return all answers to questions about the learner's code for functions that exist."""
    names = {
        f"{each.exercise.id}/{function.name}"
        for each in contents.exercises
        for function in each.exercise.functions
    }
    return [attempt for attempt in attempts if attempt.kind == "own" and attempt.item in names]


def own_lines(attempt: Attempt) -> OwnLines:
    """Return what an answer or a skip tells of its question. Raises ValueError if its shape is wrong."""
    return msgspec.convert(attempt.report or {}, OwnLines)


def _own_pieces(contents: Contents, attempts: list[Attempt]) -> Iterator[tuple[str, Piece]]:
    own = [attempt for attempt in attempts if attempt.kind == "own"]
    helped = {
        attempt.item: attempt.time for attempt in reversed(attempts) if attempt.kind in ("hint", "solution")
    }
    for exercise in (each.exercise for each in contents.exercises):
        for function in exercise.functions:
            name = f"{exercise.id}/{function.name}"
            latest = own_answers(exercise.id, function.name, own)[-OWN_PIECES:]
            for number, attempt in enumerate(latest):
                was_helped = attempt.time >= helped.get(name, "~")
                guess = max(own_lines(attempt).guess, HELPED if was_helped else 0.0)
                for concept in function.concepts:
                    yield concept, Piece(f"own {name} {number}", attempt.time, bool(attempt.correct), guess)
