"""Scheduling of reviews with FSRS, from the attempts log alone.

The library's defaults suit flash cards, which are repeated within minutes. Here
the shortest interval is one day and the longest is 180 days.
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
    """The next review of a question that was asked before."""

    question: str
    due: datetime
    seen: int  # number of times it was asked
    recall: float  # probability of remembering it when it is due, or now if that is later


def schedule(contents: Contents, attempts: Iterable[Attempt], now: datetime) -> list[Planned]:
    """Return the next review of each question asked so far, soonest first; `now` has a time zone."""
    cards: dict[str, Card] = {}
    seen: dict[str, int] = {}
    tries = answers(contents, in_time(attempts))
    ends = {(each.attempt.sitting, each.question.id): each.attempt.time for each in tries}

    def end(first: QuestionAttempt) -> str:
        """Return the time of the last try in the same sitting."""
        return ends[first.attempt.sitting, first.question.id]

    for first in sorted(first_tries(tries), key=end):
        card = cards.get(first.question.id) or Card(card_id=1)  # the default id is the current time
        # the first try shows how well the question was remembered; the interval starts at the last try
        moment = datetime.fromisoformat(end(first))
        with suppress(OverflowError):  # the clock was thousands of years ahead
            cards[first.question.id], _ = _SCHEDULER.review_card(card, rating(first), moment)
        seen[first.question.id] = seen.get(first.question.id, 0) + 1
    planned = [
        Planned(name, card.due, seen[name], _SCHEDULER.get_card_retrievability(card, max(now, card.due)))
        for name, card in cards.items()
    ]
    return sorted(planned, key=lambda each: (each.due, each.question))


def rating(first_try: QuestionAttempt) -> Rating:
    """Return the FSRS rating of a first try, from its verdict, hints and confidence."""
    if not first_try.right:
        return Rating.Again
    if first_try.attempt.hints or first_try.attempt.confidence == "low":
        return Rating.Hard
    return Rating.Easy if first_try.attempt.confidence == "high" else Rating.Good
