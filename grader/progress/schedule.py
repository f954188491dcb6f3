"""When each question should be asked again: FSRS, fed from the attempts log alone.

The library's defaults are for flash cards, which come back within minutes; here
the shortest interval is a day, and the longest half a year.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from fsrs import Card, Rating, Scheduler
from msgspec import Struct

from grader.progress.attempt import Attempt, in_time
from grader.progress.evidence import Contents, QuestionAttempt, answers, first_tries

_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=180, enable_fuzzing=False)


class Planned(Struct, frozen=True):
    """A question that was met, when it is due, and how probably it is remembered at that moment."""

    question: str
    due: datetime
    seen: int  # how often it was asked
    recall: float


def schedule(contents: Contents, attempts: Iterable[Attempt], now: datetime) -> list[Planned]:
    """Return all questions met so far, those first that are due first; `now` has a time zone."""
    cards: dict[str, Card] = {}
    seen: dict[str, int] = {}
    found_all = answers(contents, in_time(attempts))
    ends = {(found.attempt.sitting, found.question.id): found.attempt.time for found in found_all}

    def end(found: QuestionAttempt) -> str:
        return ends[found.attempt.sitting, found.question.id]

    for found in sorted(first_tries(found_all), key=end):
        card = cards.get(found.question.id) or Card(card_id=1)  # by itself it would take the time as its id
        # how it was remembered shows in the first try; what was learnt then counts from the last one on
        moment = datetime.fromisoformat(end(found))
        with suppress(OverflowError):  # a clock that was thousands of years ahead
            cards[found.question.id], _ = _SCHEDULER.review_card(card, rating(found), moment)
        seen[found.question.id] = seen.get(found.question.id, 0) + 1
    planned = [
        Planned(name, card.due, seen[name], _SCHEDULER.get_card_retrievability(card, max(now, card.due)))
        for name, card in cards.items()
    ]
    return sorted(planned, key=lambda each: (each.due, each.question))


def rating(found: QuestionAttempt) -> Rating:
    """Return how well a question was remembered; learners need not say it, their confidence tells."""
    if not found.right:
        return Rating.Again
    if found.attempt.hints or found.attempt.confidence == "low":
        return Rating.Hard
    return Rating.Easy if found.attempt.confidence == "high" else Rating.Good
