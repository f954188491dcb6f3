"""Computation of a learner's standing from attempts and contents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from grader.content.exercise import Exercise
from grader.content.quiz import Quiz
from grader.progress.attempt import Attempt, Confidence, in_time, timestamp
from grader.progress.evidence import (
    CheckAttempt,
    Contents,
    QuestionAttempt,
    VersionedExercise,
    answers,
    at_exercise,
    at_quiz,
    first_tries,
    own_attempts,
    pieces_of,
)
from grader.progress.mastery import Piece, is_mastered, level
from grader.progress.standing import (
    ConceptStanding,
    ConfidenceStanding,
    ExerciseStanding,
    FunctionStanding,
    MisconceptionMet,
    QuizStanding,
    ReviewStanding,
    Standing,
)
from grader.progress.suggestion import suggestion


def standing(
    contents: Contents, attempts: Iterable[Attempt], now: datetime, started: Collection[str] = ()
) -> Standing:
    """Return the standing of a learner with these attempts; `now` has a time zone.

    `started` holds the ids of exercises for which the learner has a file.
    """
    ordered = in_time(attempts)
    sittings = [at_quiz(quiz, ordered) for quiz in contents.quizzes]
    checks = [at_exercise(versioned, ordered) for versioned in contents.exercises]
    all_answers = answers(contents, ordered)
    all_checks = [check for fresh, _ in checks for check in fresh]
    pieces = pieces_of(contents, ordered)
    shown_in = [*(each.attempt for each in all_answers), *own_attempts(contents, ordered)]
    quizzes = tuple(
        _quiz(quiz, fresh, stale) for quiz, (fresh, stale) in zip(contents.quizzes, sittings, strict=True)
    )
    exercises = tuple(
        _exercise(versioned, fresh, stale)
        for versioned, (fresh, stale) in zip(contents.exercises, checks, strict=True)
    )
    concepts = _concepts(contents, pieces)
    review = _review(contents, ordered, now) if all_answers else ReviewStanding(0, None)
    return Standing(
        attempts=len(ordered),
        quizzes=quizzes,
        exercises=exercises,
        concepts=concepts,
        misconceptions=_misconceptions(contents, shown_in, all_checks, pieces),
        confidence=_confidence(all_answers),
        review=review,
        next=suggestion(contents, quizzes, exercises, concepts, review, _begun(contents, ordered), started),
    )


def _begun(contents: Contents, attempts: list[Attempt]) -> list[str]:
    """Return the ids of the lessons with some sections read or skipped, but not all."""
    settled = {attempt.item for attempt in attempts if attempt.kind in ("read", "skip")}
    counts = {
        lesson.id: sum(f"{lesson.id}/{section.id}" in settled for section in lesson.sections)
        for lesson in contents.lessons
    }
    return [lesson.id for lesson in contents.lessons if 0 < counts[lesson.id] < len(lesson.sections)]


def _quiz(quiz: Quiz, fresh: list[QuestionAttempt], stale: int) -> QuizStanding:
    scores: dict[str | None, float] = {each.attempt.sitting: 0.0 for each in fresh}
    for first in first_tries(fresh):
        scores[first.attempt.sitting] += first.attempt.score or 0.0
    last = fresh[-1].attempt.sitting if fresh else None
    closed: dict[str | None, set[str]] = {sitting: set() for sitting in (*scores, last)}
    for each in fresh:
        if each.closes:
            closed[each.attempt.sitting].add(each.question.id)
    return QuizStanding(
        id=quiz.id,
        title=quiz.title,
        best=max(scores.values(), default=None),
        last=scores.get(last),
        max_score=quiz.points,
        sittings=len(scores),
        open_questions=len(quiz.questions) - len(closed[last]),
        stale=stale,
        finished=any(len(questions) == len(quiz.questions) for questions in closed.values()),
    )


def _exercise(versioned: VersionedExercise, fresh: list[CheckAttempt], stale: int) -> ExerciseStanding:
    scores = [check.attempt.score or 0.0 for check in fresh]
    last = fresh[-1].attempt if fresh else None
    return ExerciseStanding(
        id=versioned.exercise.id,
        title=versioned.exercise.title,
        best=max(scores, default=None),
        last=scores[-1] if scores else None,
        max_score=last.max_score if last else None,
        checks=len(fresh),
        passed=any(check.lines.passed for check in fresh),
        functions=_functions(versioned.exercise, fresh),
        stale=stale,
    )


def _functions(exercise: Exercise, fresh: list[CheckAttempt]) -> tuple[FunctionStanding, ...]:
    done = []
    for name in [function.name for function in exercise.functions] if fresh else []:
        tests = [[t for t in check.lines.tests if t.function == name] for check in fresh]
        scores = [sum(t.score for t in some) for some in tests]
        if any(tests):
            points = sum(t.points for t in tests[-1])
            done.append(FunctionStanding(name, max(scores), scores[-1], points))
    return tuple(done)


def _concepts(contents: Contents, pieces: Mapping[str, list[Piece]]) -> tuple[ConceptStanding, ...]:
    known = contents.concepts
    order = [*known, *(c for c in pieces if c not in known)]
    return tuple(
        ConceptStanding(
            id=concept,
            title=known[concept].title if concept in known else concept,
            right=sum(piece.right for piece in pieces[concept]),
            evidence=len(pieces[concept]),
            mastery=round(level(pieces[concept]), 4),
            mastered=is_mastered(pieces[concept]) and pieces[concept][-1].right,
            read_again=()
            if all(piece.right for piece in pieces[concept])
            else tuple(contents.sections_on(concept)),
        )
        for concept in order
        if concept in pieces
    )


def _misconceptions(
    contents: Contents,
    answered: list[Attempt],
    checks: list[CheckAttempt],
    pieces: Mapping[str, list[Piece]],
) -> tuple[MisconceptionMet, ...]:
    met: dict[str, dict[str, str]] = {}  # by question or exercise, so that repeated tries count once
    in_answers: dict[str, str] = {}  # the time of the last such answer
    in_code: dict[str, dict[str, CheckAttempt]] = {}  # the last such check of each exercise
    for attempt in answered:
        if attempt.misconception:
            _keep_latest(met.setdefault(attempt.misconception, {}), attempt)
            in_answers[attempt.misconception] = max(in_answers.get(attempt.misconception, ""), attempt.time)
    for check in checks:
        for misconception in {m.misconception for m in check.lines.mistakes if m.misconception}:
            _keep_latest(met.setdefault(misconception, {}), check.attempt)
            in_code.setdefault(misconception, {})[check.exercise.id] = check
    known = contents.misconceptions
    latest = {check.exercise.id: check for check in checks}

    def is_mended(name: str) -> bool:
        concept = known[name].concept if name in known else ""
        since = in_answers.get(name)
        is_right = any(piece.right and piece.time > (since or "") for piece in pieces.get(concept, ()))
        code = in_code.get(name, {}).items()
        return (since is None or is_right) and all(
            _is_corrected(name, wrong, latest[exercise]) for exercise, wrong in code
        )

    return tuple(
        MisconceptionMet(
            id=name,
            belief=known[name].belief if name in known else name,
            correction=known[name].correction if name in known else "",
            times=len(times),
            last=max(times.values()),
            mended=is_mended(name),
        )
        for name, times in sorted(met.items(), key=lambda item: max(item[1].values()), reverse=True)
    )


def _is_corrected(misconception: str, wrong: CheckAttempt, latest: CheckAttempt) -> bool:
    """Return True if the latest check passes all tests that showed a misconception in an earlier one.

    That the mistake is no longer named is not enough: it may hide behind another one.
    """
    mistakes = (m for m in wrong.lines.mistakes if m.misconception == misconception)
    failed = {test for mistake in mistakes for test in mistake.tests}
    passed = {test.id for test in latest.lines.tests if test.outcome == "passed"}
    return failed <= passed if failed else latest.lines.passed


def _keep_latest(times: dict[str, str], attempt: Attempt) -> None:
    times[attempt.item] = max(times.get(attempt.item, ""), attempt.time)


def _confidence(answered: list[QuestionAttempt]) -> tuple[ConfidenceStanding, ...]:
    first = [each for each in first_tries(answered) if each.attempt.kind == "answer" and each.tells]
    levels: tuple[Confidence, ...] = ("high", "medium", "low")
    counted = []
    for confidence in levels:
        some = [each for each in first if each.attempt.confidence == confidence]
        if some:
            counted.append(ConfidenceStanding(confidence, sum(each.right for each in some), len(some)))
    return tuple(counted)


def _review(contents: Contents, attempts: list[Attempt], now: datetime) -> ReviewStanding:
    from grader.progress.schedule import schedule  # slow to import

    planned = schedule(contents, attempts, now)
    later = [each.due for each in planned if each.due > now]
    return ReviewStanding(len(planned) - len(later), timestamp(min(later)) if later else None)
