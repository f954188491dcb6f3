"""Feedback for one learner on one quiz: what `course quiz --answers` tells, and no right answers."""

from __future__ import annotations

from collections.abc import Iterator

from grader.classroom.catalogue import answer_words
from grader.classroom.feedback import Feedback, choice, decisions, points_of, readable, unread
from grader.classroom.results import Mark, Result
from grader.content.quiz import Quiz
from grader.quiz.drawn_values import drawn_quiz
from grader.quiz.result import QuestionResult, QuizResult
from grader.tutor.parts import Part


def feedback_on_quiz(result: Result, quiz: Quiz) -> Feedback:
    """Return the feedback on a quiz that is marked or unreadable."""
    parts = [unread(result)] if result.answers is None else [*_parts(result, result.answers, quiz)]
    if result.answers is not None and result.problem:
        parts.insert(0, Part("Not counted", (result.problem,)))
    return Feedback(
        learner=result.learner,
        exercise=quiz.id,
        title=f"{quiz.title}: {points_of(result.score, result.max_score)}",
        parts=readable((*parts, *choice(result), *decisions(result)), result),
    )


def _parts(result: Result, answers: QuizResult, quiz: Quiz) -> Iterator[Part]:
    questions = {question.id: question for question in drawn_quiz(quiz, 0).questions}
    for number, marked in enumerate(answers.questions, 1):
        question = questions.get(marked.id)
        prompt = [question.full_prompt] if question is not None else []  # it may have been removed
        lines = [*prompt]
        if marked.answer is not None:
            lines.append(f"Your answer: {answer_words(question, marked.answer)}")
        if marked.feedback:
            lines.append(" ".join(marked.feedback.split()))
        mark = result.mark_for(marked.id)
        if mark is not None and mark.comment:
            lines.append(f"Comment: {' '.join(mark.comment.split())}")
        yield Part(f"Question {number}: {_word(marked, mark)}", tuple(lines))


def _word(marked: QuestionResult, mark: Mark | None) -> str:
    if mark is not None:
        return points_of(mark.points, marked.points)
    if marked.answer is None:
        return "not answered"
    if marked.correct is None:
        return "not marked yet"
    return "right" if marked.correct else "not right"
