"""A question with its whole key, for an author who proofreads it. Learners never see this."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from grader.content.matching_questions import WrongPair
from grader.content.questions import (
    EssayQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    Question,
    ShapeQuestion,
    SingleQuestion,
    TextQuestion,
)
from grader.content.quiz import Practice, Quiz
from grader.quiz.answer import answer_in_words, right_answer
from grader.quiz.drawn_values import drawn
from grader.quiz.sitting import Skipped, apply
from grader.tutor.sittings import practice_sitting, quiz_sitting
from grader.web.questions import Item, Shown, Try, show

OTHERWISE = "Any other wrong answer:"
DRAWN = "The values are those of the first sitting."


def proof(source: Quiz | Practice, question: Question, heading: str, now: datetime) -> Shown:
    """Return a question as if it was given up, with every hint and all that a learner may be told."""
    if isinstance(source, Quiz):
        logged = quiz_sitting(source, "", [])
    else:
        logged = practice_sitting(question, source.lesson, [])
    given_up, _ = apply(logged.sitting, Skipped(question.id))
    first = drawn(question, 0)
    shown = show(question, replace(logged, sitting=given_up), [], heading, now)
    shown = replace(shown, hints=first.hints, said=_said(question, first))
    if isinstance(first, SingleQuestion | MultipleQuestion):
        return replace(shown, items=tuple(_options(first)), tries=())
    return replace(shown, tries=tuple(_remarks(first)))


def _said(question: Question, first: Question) -> str:
    """Return the answer that is not in the items, and whether other sittings have another one."""
    if not isinstance(first, NumericQuestion | ShapeQuestion):
        return ""
    answer = f"The answer is {answer_in_words(first, right_answer(first))}."
    return answer if first == question else f"{answer} {DRAWN}"


def _options(question: SingleQuestion | MultipleQuestion) -> Iterator[Item]:
    """Yield the options in the order of the file, each with its mark and its remark."""
    for letter, option in zip(question.option_ids, question.options, strict=True):
        verdict = "right" if option.correct else "wrong"
        hint = f" *Hint:* {option.hint.strip()}" if option.hint else ""
        yield Item(letter, option.text, option.correct, verdict=verdict, why=option.why.strip() + hint)


def _remarks(question: Question) -> Iterator[Try]:
    """Yield the foreseen answers with their remarks, and the remark on all other wrong answers."""
    match question:
        case NumericQuestion() | ShapeQuestion():
            for value in question.wrong:
                yield Try((answer_in_words(question, value.value),), value.why, False)
        case TextQuestion():
            yield Try((" / ".join(question.answers),), "", True)
            for text in question.wrong:
                yield Try((" / ".join(text.answers),), text.why, False)
        case OrderingQuestion():
            for order in question.wrong:
                second, first = (question.items[number - 1] for number in (order.second, order.first))
                yield Try((f"{second.strip()} before {first.strip()}",), order.why, False)
        case MatchingQuestion():
            for pair in question.wrong:
                yield Try((_pair(question, pair),), pair.why, False)
    if not isinstance(question, SingleQuestion | MultipleQuestion | EssayQuestion):
        yield Try((OTHERWISE,), question.otherwise, None)


def _pair(question: MatchingQuestion, wrong: WrongPair) -> str:
    matches = [*(pair.match for pair in question.pairs), *question.extra]
    return f"{question.items[wrong.item - 1].strip()} → {matches[wrong.match - 1].strip()}"
