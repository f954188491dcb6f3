"""Files of answers: lines that cannot be marked."""

from __future__ import annotations

from sample_questions import NUMERIC, edited, question

from grader.content.quiz import Quiz
from grader.quiz.answers_file import marked, read_lines
from grader.quiz.drawn_values import drawn_quiz

BODY = edited("answer: rows * columns", "answer: 0.878622", NUMERIC) + "decimals: 3\n"
QUIZ = drawn_quiz(Quiz(id="tiny", lesson="tiny", title="Tiny", questions=(question(BODY),)), 0)


def test_an_answer_rounded_too_much_is_refused_with_what_is_missing() -> None:
    answers, [refused] = read_lines("q1: 0.9\n", "f.yaml", QUIZ)
    assert answers == {}
    assert (refused.question, refused.problem.what, refused.problem.todo) == (
        "q1",
        "'0.9' is rounded too much for q1",
        "Right so far. Give three decimals.",
    )
    [result] = marked(QUIZ, answers, {"q1": refused.problem.todo}).questions
    assert (result.score, result.misconception, result.feedback) == (0, None, refused.problem.todo)


def test_an_answer_rounded_as_asked_counts() -> None:
    answers, refused = read_lines("q1: 0.879\n", "f.yaml", QUIZ)
    assert not refused and marked(QUIZ, answers, {}).score == 1
