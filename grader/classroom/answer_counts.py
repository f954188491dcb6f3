"""The answers of a class to one question, each with the number of learners who gave it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from grader.classroom.catalogue import answer_words
from grader.classroom.class_report import AnswerCount, QuestionAnswers
from grader.content.questions import (
    ChoiceQuestion,
    MatchingQuestion,
    MultipleQuestion,
    Question,
    TextQuestion,
)
from grader.quiz.answer import pair_in_words
from grader.quiz.result import QuestionResult

MOST_ANSWERS = 8  # listed answers of a question without options


class _Key(NamedTuple):
    answer: str
    correct: bool
    misconception: str | None


def question_answers(
    question_id: str, question: Question | None, given: Iterable[QuestionResult]
) -> QuestionAnswers:
    """Return the answers to a question, which is None if the course no longer has it.

    Chosen options and the pairs of a matching are counted one by one. Spellings of a
    text that the author lists are one answer.
    """
    counts: Counter[_Key] = Counter()
    if isinstance(question, ChoiceQuestion):
        counts.update({_option(question, letter): 0 for letter in question.option_ids})
    none = 0
    for each in given:
        if each.answer is None:
            none += 1
        else:
            counts.update(_keys(question, each, each.answer))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].answer))
    if isinstance(question, ChoiceQuestion):
        ordered = sorted(counts.items(), key=lambda pair: pair[0].answer)
    shown = ordered if isinstance(question, ChoiceQuestion) else ordered[:MOST_ANSWERS]
    answers = [
        AnswerCount(
            answer=key.answer,
            text=_words(question, key.answer),
            learners=count,
            correct=key.correct,
            misconception=key.misconception,
        )
        for key, count in shown
    ]
    if others := sum(count for _, count in ordered[len(shown) :]):
        answers.append(AnswerCount(answer="…", text="another answer", learners=others, correct=False))
    if none:
        answers.append(AnswerCount(answer=None, text="no answer", learners=none, correct=False))
    several = isinstance(question, MultipleQuestion | MatchingQuestion)
    return QuestionAnswers(question=question_id, several=several, answers=tuple(answers))


def _keys(question: Question | None, each: QuestionResult, answer: str) -> list[_Key]:
    """Return what an answer counts as: the options or pairs that were chosen, or all of it."""
    if isinstance(question, MultipleQuestion) and set(answer) <= set(question.option_ids):
        return [_option(question, letter) for letter in answer]
    if isinstance(question, MatchingQuestion) and _fits(question, answer):
        return [_pair(question, number, letter) for number, letter in enumerate(answer, 1)]
    if isinstance(question, TextQuestion):
        answer = question.listed(answer)
    return [_Key(answer, bool(each.correct), each.misconception)]


def _option(question: ChoiceQuestion, letter: str) -> _Key:
    option = question.option(letter)
    return _Key(letter, option.correct, option.misconception)


def _pair(question: MatchingQuestion, number: int, letter: str) -> _Key:
    wrong = question.foreseen(number - 1, letter)
    is_right = question.answer[number - 1] == letter
    return _Key(f"{number}{letter}", is_right, wrong.misconception if wrong else None)


def _fits(question: MatchingQuestion, answer: str) -> bool:
    """Return True if the question has not changed since in a way that makes the answer meaningless."""
    return len(answer) == len(question.items) and set(answer) <= set(question.option_ids)


def _words(question: Question | None, answer: str) -> str:
    if isinstance(question, MatchingQuestion) and answer[:-1].isdecimal():
        return pair_in_words(question, int(answer[:-1]), answer[-1])
    return answer_words(question, answer)
