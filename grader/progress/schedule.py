"""Scheduling of reviews with FSRS, from the attempts log alone.

The library's defaults suit flash cards, which are repeated within minutes. Here
the shortest interval is one day and the longest is 180 days.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from fsrs import Card, Rating, Scheduler
from msgspec import Struct

from grader.progress.attempt import Attempt, in_time
from grader.progress.evidence import Contents, QuestionAttempt, answers, first_tries, own_lines

_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=180, enable_fuzzing=False)
K = TypeVar("K")


class Planned(Struct, frozen=True):
    """The next review of a question that was asked before."""

    question: str
    due: datetime
    seen: int  # number of times it was asked
    recall: float  # probability of remembering it when it is due, or now if that is later


class PlannedOwn(Struct, frozen=True):
    """The next review of a question about the learner's own code. It will have other arguments."""

    item: str  # "exercise/function"
    template: str
    source: str  # the hash of the code that it is about
    due: datetime
    seen: int
    recall: float

    @property
    def exercise(self) -> str:
        return self.item.partition("/")[0]

    @property
    def function(self) -> str:
        return self.item.partition("/")[2]


def schedule(contents: Contents, attempts: Iterable[Attempt], now: datetime) -> list[Planned]:
    """Return the next review of each question asked so far, soonest first; `now` has a time zone."""
    tries = [each for each in answers(contents, in_time(attempts)) if each.tells]
    ends = {(each.attempt.sitting, each.question.id): each.attempt.time for each in tries}

    def end(first: QuestionAttempt) -> str:
        """Return the time of the last try in the same sitting."""
        return ends[first.attempt.sitting, first.question.id]

    # the first try shows how well the question was remembered; the interval starts at the last try
    asked = ((first.question.id, end(first), rating(first)) for first in sorted(first_tries(tries), key=end))
    planned = [Planned(name, *when) for name, when in _next_reviews(asked, now).items()]
    return sorted(planned, key=lambda each: (each.due, each.question))


def own_schedule(attempts: Iterable[Attempt], now: datetime) -> list[PlannedOwn]:
    """Return the next review of each kind of question about own code asked so far, soonest first.

    Each version of the code has its own: only questions about the latest one can be asked.
    """
    first: dict[tuple[str, str, str], Attempt] = {}
    for attempt in in_time(attempts):
        if attempt.kind in ("own", "skip") and (question := own_lines(attempt).question):
            first.setdefault((attempt.item, attempt.content_hash, question), attempt)
    asked = (
        (
            (each.item, own_lines(each).template, each.content_hash),
            each.time,
            Rating.Good if each.correct else Rating.Again,
        )
        for each in first.values()
    )
    planned = [PlannedOwn(*key, *when) for key, when in _next_reviews(asked, now).items()]
    return sorted(planned, key=lambda each: (each.due, each.item, each.template))


def _next_reviews(
    tries: Iterable[tuple[K, str, Rating]], now: datetime
) -> dict[K, tuple[datetime, int, float]]:
    """Return when each thing is due, how often it was seen, and the probability of remembering it then."""
    cards: dict[K, Card] = {}
    seen: dict[K, int] = {}
    for name, time, rated in tries:
        card = cards.get(name) or Card(card_id=1)  # the default id is the current time
        with suppress(OverflowError):  # the clock was thousands of years ahead
            cards[name], _ = _SCHEDULER.review_card(card, rated, datetime.fromisoformat(time))
        seen[name] = seen.get(name, 0) + 1
    return {
        name: (card.due, seen[name], _SCHEDULER.get_card_retrievability(card, max(now, card.due)))
        for name, card in cards.items()
    }


def rating(first_try: QuestionAttempt) -> Rating:
    """Return the FSRS rating of a first try, from its verdict, hints and confidence."""
    if not first_try.right:
        return Rating.Again
    if first_try.attempt.hints or first_try.attempt.confidence == "low":
        return Rating.Hard
    return Rating.Easy if first_try.attempt.confidence == "high" else Rating.Good
