"""Results of a quiz: their JSON shape and the summary per concept."""

from __future__ import annotations

import json

import msgspec
from msgspec import structs
from tiny_course import QUIZ

from grader.content.decode import decode
from grader.content.quiz import Quiz
from grader.quiz.points import points_note, score_words
from grader.quiz.result import ConceptResult, by_concept, result
from grader.quiz.sitting import Answered, HintOpened, Skipped, begin, replay

QUIZ_ = decode(QUIZ, "tiny.yaml", Quiz)


def test_the_result_reports_the_first_try() -> None:
    sitting = replay(begin(QUIZ_), [Answered("tiny-q1", "a"), Answered("tiny-q1", "b"), Skipped("tiny-q2")])
    assert json.loads(msgspec.json.encode(result(sitting, "v1"))) == {
        "quiz": "tiny",
        "version": "v1",
        "score": 0.0,
        "max_score": 3.0,
        "questions": [
            {
                "id": "tiny-q1",
                "correct": False,
                "score": 0.0,
                "answer": "a",
                "feedback": "Three comes after two.",
                "misconception": "off-by-one",
                "points": 1.0,
            },
            {
                "id": "tiny-q2",
                "correct": False,
                "score": 0.0,
                "answer": None,
                "feedback": None,
                "misconception": None,
                "points": 1.0,
            },
            {
                "id": "tiny-q3",
                "correct": False,
                "score": 0.0,
                "answer": None,
                "feedback": None,
                "misconception": None,
                "points": 1.0,
            },
        ],
    }


def test_questions_may_be_worth_several_points() -> None:
    first, *others = QUIZ_.questions
    weighted = structs.replace(QUIZ_, questions=(structs.replace(first, points=3), *others))
    sitting = replay(begin(weighted), [Answered("tiny-q1", "b"), Answered("tiny-q2", "a")])
    found = result(sitting, "v1")
    assert (found.score, found.max_score) == (3.0, 5.0)
    assert [question.points for question in found.questions] == [3.0, 1.0, 1.0]
    assert [concept.right for concept in by_concept(sitting)] == [1]
    assert score_words(weighted, found.score) == "3 of 5 points"
    assert [points_note(weighted, question) for question in weighted.questions[:2]] == [
        " (3 points)",
        " (1 point)",
    ]
    assert (score_words(QUIZ_, 2.5), points_note(QUIZ_, first)) == ("2.5 of 3", "")


def test_by_concept_counts_first_tries_and_names_sections_to_read_again() -> None:
    sitting = replay(
        begin(QUIZ_), [Answered("tiny-q1", "b"), Answered("tiny-q2", "a"), Answered("tiny-q3", "b")]
    )
    assert by_concept(sitting) == (
        ConceptResult("numbers", 1, 3, ("1.1", "2")),
        ConceptResult("sums", 0, 1, ("2",)),
    )


def test_questions_that_were_not_asked_are_not_counted() -> None:
    sitting = replay(begin(QUIZ_), [HintOpened("tiny-q1"), Skipped("tiny-q2")])
    assert by_concept(sitting) == (ConceptResult("numbers", 0, 1, ("1.1",)),)
