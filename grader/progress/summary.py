"""Where the learner stands: derived from attempts and contents, nothing stored."""

from __future__ import annotations

from collections.abc import Iterable

from grader.content.exercise import Exercise
from grader.content.quiz import Quiz
from grader.progress.attempt import Attempt
from grader.progress.evidence import (
    CheckAttempt,
    Contents,
    QuestionAttempt,
    VersionedExercise,
    at_exercise,
    at_questions,
    first_tries,
    in_time,
)
from grader.progress.next_step import next_step
from grader.progress.standing import (
    ConceptStanding,
    ExerciseStanding,
    FunctionStanding,
    MisconceptionMet,
    QuizStanding,
    Standing,
)


def standing(contents: Contents, attempts: Iterable[Attempt]) -> Standing:
    """Return where a learner with these attempts stands."""
    ordered = in_time(attempts)
    answers = [at_questions(quiz, ordered) for quiz in contents.quizzes]
    checks = [at_exercise(found, ordered) for found in contents.exercises]
    quizzes = tuple(
        _quiz(quiz, fresh, stale) for quiz, (fresh, stale) in zip(contents.quizzes, answers, strict=True)
    )
    exercises = tuple(
        _exercise(found, fresh, stale)
        for found, (fresh, stale) in zip(contents.exercises, checks, strict=True)
    )
    all_answers = [found for fresh, _ in answers for found in fresh]
    all_checks = [found for fresh, _ in checks for found in fresh]
    concepts = _concepts(contents, all_answers, all_checks)
    return Standing(
        attempts=len(ordered),
        quizzes=quizzes,
        exercises=exercises,
        concepts=concepts,
        misconceptions=_misconceptions(contents, all_answers, all_checks),
        next=next_step(contents, quizzes, exercises, concepts),
    )


def _quiz(quiz: Quiz, fresh: list[QuestionAttempt], stale: int) -> QuizStanding:
    scores: dict[str | None, float] = {found.attempt.sitting: 0.0 for found in fresh}
    for found in first_tries(fresh):
        scores[found.attempt.sitting] += found.attempt.score or 0.0
    last = fresh[-1].attempt.sitting if fresh else None
    closed = {f.question.id for f in fresh if f.attempt.sitting == last and _closes(f)}
    return QuizStanding(
        id=quiz.id,
        title=quiz.title,
        best=max(scores.values(), default=None),
        last=scores.get(last),
        max_score=float(len(quiz.questions)),
        sittings=len(scores),
        open_questions=len(quiz.questions) - len(closed),
        stale=stale,
    )


def _closes(found: QuestionAttempt) -> bool:
    return found.attempt.kind == "skip" or found.attempt.answer == found.question.answer


def _exercise(found: VersionedExercise, fresh: list[CheckAttempt], stale: int) -> ExerciseStanding:
    scores = [check.attempt.score or 0.0 for check in fresh]
    last = fresh[-1].attempt if fresh else None
    return ExerciseStanding(
        id=found.exercise.id,
        title=found.exercise.title,
        best=max(scores, default=None),
        last=scores[-1] if scores else None,
        max_score=last.max_score if last else None,
        checks=len(fresh),
        passed=any(check.lines.passed for check in fresh),
        functions=_functions(found.exercise, fresh),
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


def _concepts(
    contents: Contents, answers: list[QuestionAttempt], checks: list[CheckAttempt]
) -> tuple[ConceptStanding, ...]:
    verdicts: dict[str, dict[str, bool]] = {}  # concept -> item -> was it right?
    for found in first_tries(answers):
        for concept in found.question.concepts:
            right = found.attempt.answer == found.question.answer
            verdicts.setdefault(concept, {})[found.question.id] = right
    for check in {check.exercise.id: check for check in checks}.values():  # the latest of each
        for test in filter(lambda test: test.counts, check.lines.tests):
            function = check.exercise.function(test.function)
            for concept in function.concepts if function else ():
                verdicts.setdefault(concept, {})[f"{check.exercise.id}/{test.id}"] = test.outcome == "passed"
    known = contents.concepts
    order = [*known, *(c for c in verdicts if c not in known)]
    return tuple(
        ConceptStanding(
            id=concept,
            title=known[concept].title if concept in known else concept,
            right=sum(verdicts[concept].values()),
            evidence=len(verdicts[concept]),
            read_again=() if all(verdicts[concept].values()) else tuple(contents.sections_on(concept)),
        )
        for concept in order
        if concept in verdicts
    )


def _misconceptions(
    contents: Contents, answers: list[QuestionAttempt], checks: list[CheckAttempt]
) -> tuple[MisconceptionMet, ...]:
    met: dict[str, list[str]] = {}
    for found in answers:
        if found.attempt.kind == "answer" and found.attempt.answer:
            misconception = found.question.option(found.attempt.answer).misconception
            if misconception:
                met.setdefault(misconception, []).append(found.attempt.time)
    for check in checks:
        for misconception in {m.misconception for m in check.lines.mistakes if m.misconception}:
            met.setdefault(misconception, []).append(check.attempt.time)
    known = contents.misconceptions
    return tuple(
        MisconceptionMet(
            id=name,
            belief=known[name].belief if name in known else name,
            correction=known[name].correction if name in known else "",
            times=len(times),
            last=max(times),
        )
        for name, times in sorted(met.items(), key=lambda item: max(item[1]), reverse=True)
    )
