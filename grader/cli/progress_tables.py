"""Progress as tables that fit narrow terminals and pipes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from grader.cli.markdown import table
from grader.cli.text import Look, Screen, spans
from grader.progress.dates import day_in_words
from grader.progress.known import known
from grader.progress.mastery import ENOUGH, THRESHOLD
from grader.progress.standing import (
    ConceptStanding,
    ExerciseStanding,
    QuizStanding,
    ReviewStanding,
    Standing,
)

NEW = "-"
CONFIDENCE = {"high": "very sure", "medium": "fairly sure", "low": "not sure"}
ENOUGH_ANSWERS = 5  # to comment on the learner's confidence
_MASTERY = (
    "“Known” is the probability that you know the concept. It comes from your first tries at questions "
    f"and your latest tests. With fewer than {ENOUGH} of them, a word stands for it. "
    f"You have mastered a concept at {THRESHOLD:.0%}."
)


def tables(standing: Standing, page: Screen, *, kit: bool = False) -> Iterator[str]:
    """Yield the lines of `course progress`. In a kit, only visible tests have been run."""
    if standing.quizzes:
        yield from _title("Quizzes", page)
        yield from table(["quiz", "best", "last", "sittings"], list(_quiz_rows(standing.quizzes)), page)
        for quiz in standing.quizzes:
            if quiz.last is not None and quiz.open_questions:
                yield from _note(f"{quiz.id}: {quiz.open_questions} open in the last sitting.", page)
            yield from _stale(quiz.id, quiz.stale, page)
        yield ""
    if standing.exercises:
        yield from _title("Exercises", page)
        yield from table(
            ["exercise", "best", "last", "checks"], list(_exercise_rows(standing.exercises)), page
        )
        for exercise in standing.exercises:
            yield from _stale(exercise.id, exercise.stale, page)
        yield ""
    yield from _title("Concepts", page)
    if standing.concepts:
        rows = [[c.title, _mastery(c), f"{c.right} of {c.evidence}"] for c in standing.concepts]
        yield from table(["concept", "known", "right"], rows, page)
        yield from _note(_MASTERY, page)
        if kit:
            yield from _note("In a kit, only the visible tests count.", page)
    else:
        yield from _note("Nothing yet: your answers and checks will show what you know.", page)
    yield ""
    yield from _misconceptions(standing, page)
    yield from _confidence(standing, page)
    yield from _review(standing.review, page)
    yield from _title("Next", page)
    yield from page.lines(spans(standing.next.says))
    for command in (*standing.next.commands, *filter(None, [standing.next.other])):
        yield f"  {command}"


def _mastery(concept: ConceptStanding) -> str:
    return known(concept) + (", mastered" if concept.mastered else "")


def _misconceptions(standing: Standing, page: Screen) -> Iterator[str]:
    if not standing.misconceptions:
        return
    yield from _title("Misconceptions you had", page)
    for met in standing.misconceptions:
        times = "once" if met.times == 1 else f"{met.times} times"
        mended = "; corrected since" if met.mended else ""
        yield from page.lines(spans(f"“{met.belief.strip()}” ({times}{mended})"), "- ", "  ")
        yield from page.lines(spans(met.correction), "  ")
    yield ""


def _confidence(standing: Standing, page: Screen) -> Iterator[str]:
    if not standing.confidence:
        return
    yield from _title("How sure you were", page)
    rows = [[CONFIDENCE[each.confidence], f"{each.right} of {each.answers}"] for each in standing.confidence]
    yield from table(["confidence", "right"], rows, page)
    sure = next((each for each in standing.confidence if each.confidence == "high"), None)
    if sure is not None and sure.answers >= ENOUGH_ANSWERS and sure.right < 0.8 * sure.answers:
        yield from _note(
            "Check your answers again when you feel sure: those mistakes teach you the most.", page
        )
    yield ""


def _review(review: ReviewStanding, page: Screen) -> Iterator[str]:
    if review.due == 0 and review.next is None:
        return
    yield from _title("Review", page)
    if review.due:
        count = "One question is" if review.due == 1 else f"{review.due} questions are"
        yield from page.lines(spans(f"{count} due: `course review`"))
    else:
        day = day_in_words(datetime.fromisoformat(review.next or ""))
        yield from page.lines(spans(f"Nothing is due. The next question is due on {day}."))
    yield ""


def _quiz_rows(quizzes: tuple[QuizStanding, ...]) -> Iterator[list[str]]:
    for quiz in quizzes:
        best, last = _score(quiz.best, quiz.max_score), _score(quiz.last, quiz.max_score)
        yield [quiz.id, best, last, str(quiz.sittings)]


def _exercise_rows(exercises: tuple[ExerciseStanding, ...]) -> Iterator[list[str]]:
    for exercise in exercises:
        passed = " (passed)" if exercise.passed else ""
        best, last = _score(exercise.best, exercise.max_score), _score(exercise.last, exercise.max_score)
        yield [exercise.id + passed, best, last, str(exercise.checks)]
        for function in exercise.functions:
            best, last = _score(function.best, function.max_score), _score(function.last, function.max_score)
            yield [f"· `{function.name}`", best, last, ""]


def _score(score: float | None, max_score: float | None) -> str:
    return NEW if score is None or max_score is None else f"{score:.4g}/{max_score:.4g}"


def _title(title: str, page: Screen) -> Iterator[str]:
    yield from page.lines(spans(f"**{title}**"))


def _note(text: str, page: Screen) -> Iterator[str]:
    yield from page.lines(spans(text, Look.ITALIC))


def _stale(name: str, stale: int, page: Screen) -> Iterator[str]:
    if stale:
        attempts = "1 older attempt is" if stale == 1 else f"{stale} older attempts are"
        yield from _note(f"{name}: {attempts} not counted because the content has changed since.", page)
