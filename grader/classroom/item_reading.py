"""Readings of an item's difficulty and discrimination in plain language."""

from __future__ import annotations

from msgspec import Struct

from grader.classroom.class_report import QuestionAnswers
from grader.classroom.item_analysis import FEW, MIN_LEARNERS, Item, Statistic

TOO_EASY, EASY, HARD, TOO_HARD = 0.95, 0.8, 0.4, 0.1  # mean shares of the points
WELL, SOMEWHAT = 0.4, 0.2  # correlations; the bounds are those of Ebel (1972)
RELIABLE, FAIR = 0.8, 0.6  # Cronbach's alpha


class Reading(Struct, frozen=True):
    """A sentence about an item. `check` is true if the instructor should look at it."""

    says: str
    check: bool = False


def reading(item: Item) -> Reading:
    """Say what the numbers of an item mean."""
    if item.count < MIN_LEARNERS:
        return Reading("Too few learners to say.")
    if item.difficulty >= TOO_EASY:
        return Reading("Too easy to tell learners apart.")
    if item.difficulty <= TOO_HARD:
        return Reading("Almost nobody has it: it is too hard, or something is unclear.", check=True)
    level = "Easy" if item.difficulty >= EASY else "Medium difficulty" if item.difficulty >= HARD else "Hard"
    return _with_discrimination(level, item)


def _with_discrimination(level: str, item: Item) -> Reading:
    """Say whether an item tells learners apart, as far as the 95% interval allows."""
    found = item.discrimination
    if found.value is None or found.low is None or found.high is None:
        return Reading(f"{level}.")
    if found.high < 0:
        return Reading(f"{level}. Stronger learners do worse on it: check it.", check=True)
    is_unclear = found.low <= 0 and (found.value >= SOMEWHAT or item.count < FEW)
    if is_unclear:
        return Reading(f"{level}. Too few learners to say if it tells strong and weak learners apart.")
    if found.value < SOMEWHAT:
        return Reading(f"{level}. Hardly tells strong and weak learners apart.")
    how = "well" if found.value >= WELL else "somewhat"
    return Reading(f"{level}. Tells strong and weak learners apart {how}.")


def reliability(alpha: Statistic) -> str:
    """Say how far a total can be trusted, by Cronbach's alpha."""
    if alpha.value is None:
        return f"unknown: {alpha.why}"
    level = "good" if alpha.value >= RELIABLE else "fair" if alpha.value >= FAIR else "low"
    return f"{level} ({alpha.value:.2f})"


def common_error(asked: QuestionAnswers) -> str:
    """Name the wrong answer that most learners gave, if two or more did."""
    wrong = [each for each in asked.answers if not each.correct and each.answer not in (None, "…")]
    most = max(wrong, key=lambda each: each.learners, default=None)
    if most is None or most.learners < 2:
        return ""
    return f"Most frequent wrong answer ({most.learners} learners): {most.text}"
