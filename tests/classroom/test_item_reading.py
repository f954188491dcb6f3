"""What the numbers of an item mean, in words."""

from __future__ import annotations

import pytest

from grader.classroom.class_report import AnswerCount, QuestionAnswers
from grader.classroom.item_analysis import Item, Statistic, interval
from grader.classroom.item_reading import common_error, reading, reliability


def item(difficulty: float, discrimination: float | None, count: int = 200) -> Item:
    low, high = (None, None) if discrimination is None else interval(discrimination, count)
    return Item(
        id="a",
        title="a",
        count=count,
        full=0,
        difficulty=difficulty,
        discrimination=Statistic(discrimination, low=low, high=high),
        points=1.0,
    )


@pytest.mark.parametrize(
    ("difficulty", "discrimination", "says", "check"),
    [
        (1.0, None, "Too easy to tell learners apart.", False),
        (0.05, 0.5, "Almost nobody has it: it is too hard, or something is unclear.", True),
        (0.85, 0.5, "Easy. Tells strong and weak learners apart well.", False),
        (0.6, 0.3, "Medium difficulty. Tells strong and weak learners apart somewhat.", False),
        (0.3, 0.1, "Hard. Hardly tells strong and weak learners apart.", False),
        (0.3, -0.2, "Hard. Stronger learners do worse on it: check it.", True),
        (0.3, -0.1, "Hard. Hardly tells strong and weak learners apart.", False),
    ],
)
def test_readings(difficulty: float, discrimination: float | None, says: str, check: bool) -> None:
    found = reading(item(difficulty, discrimination))
    assert (found.says, found.check) == (says, check)


@pytest.mark.parametrize(
    ("discrimination", "count", "says"),
    [
        (-0.3, 12, "Too few learners to say if it tells strong and weak learners apart."),
        (-0.65, 12, "Stronger learners do worse on it: check it."),
        (-0.3, 60, "Stronger learners do worse on it: check it."),
        (0.45, 12, "Too few learners to say if it tells strong and weak learners apart."),
        (0.65, 12, "Tells strong and weak learners apart well."),
        (0.1, 29, "Too few learners to say if it tells strong and weak learners apart."),
        (0.1, 30, "Hardly tells strong and weak learners apart."),
        (0.25, 40, "Too few learners to say if it tells strong and weak learners apart."),
    ],
)
def test_nothing_is_said_that_chance_explains(discrimination: float, count: int, says: str) -> None:
    assert reading(item(0.6, discrimination, count)).says == f"Medium difficulty. {says}"


def test_few_learners_are_not_read() -> None:
    assert reading(item(0.0, None, count=9)).says == "Too few learners to say."


def test_reliability() -> None:
    assert reliability(Statistic(0.83)) == "good (0.83)"
    assert reliability(Statistic(0.1)) == "low (0.10)"
    assert reliability(Statistic(None, "there is only one item")) == "unknown: there is only one item"


def test_the_most_frequent_wrong_answer() -> None:
    def asked(*learners: int) -> QuestionAnswers:
        answers = [
            AnswerCount(answer=letter, text=f"Text {letter}", learners=count, correct=letter == "a")
            for letter, count in zip("abc", learners, strict=True)
        ]
        return QuestionAnswers(question="q", several=False, answers=tuple(answers))

    assert common_error(asked(9, 2, 5)) == "Most frequent wrong answer (5 learners): Text c"
    assert common_error(asked(9, 1, 0)) == ""
