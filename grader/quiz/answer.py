"""One answer to one question: reading it, marking it and giving feedback.

Each kind of question has one form of answer: "b" for a single choice, "ac" for
several choices, "cadb" for an order, "10400" or "90, 72, 18" for numbers,
"(62, 10, 25)" for a shape and the words themselves for a text or an essay. A matching has
the letter of each item's match: "caa". `read_answer` converts typed text into
that form.
"""

from __future__ import annotations

import re

from msgspec import Struct

from grader.content.arithmetic import FormulaError, Number, Value, evaluate
from grader.content.essay_questions import MAX_ESSAY
from grader.content.kit import QuestionKind, SealedQuestion
from grader.content.questions import (
    EssayQuestion,
    LetterQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    Option,
    OrderingQuestion,
    Question,
    SingleQuestion,
    TextQuestion,
    ValueQuestion,
)
from grader.content.spelling import tidy
from grader.content.text_questions import MAX_TEXT
from grader.content.value_questions import numbers
from grader.quiz.drawn_values import literal, shown

MAX_TYPED = MAX_TEXT  # characters, except in essays
MAX_AXES = 8
MAX_SIZE = 10**15  # of a number; larger floats are not exact

NOT_ALL = "Your choices are right, but something is missing."
# typed at a terminal instead of an answer
KEYS = frozenset({"h", "hint", "s", "skip", "q", "quit", "?", "keys"})
MISSING = "Something else is missing."
BY_HAND = "It is marked by hand."
WRITE = "Please write a few sentences."
TYPE_WORDS = "Please type a word or a few words. Capital letters and extra spaces make no difference."

_GAPS = re.compile(r"[\s,;.()>-]+")
_NUMBERED = re.compile(r"(?<!\d)(\d{1,2})[\s:=.)>→-]*([a-z])")
_SPACE = re.compile(r"\s")  # of any width
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}([,_ ]\d{3})+(\.\d*)?")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
_OPEN = ("none", "?", "-", "*")  # ways to write an open size


class AnswerRefused(ValueError):
    """The text is not an answer that can be marked. The message says what to type instead."""


class AnswerTooRough(AnswerRefused):
    """The answer is right, but rounded more than the question allows. It is asked for again, not marked."""

    def __init__(self, precision: str) -> None:
        super().__init__(f"Right so far. Give {precision}.")
        self.precision = precision


class Mark(Struct, frozen=True):
    """The verdict on one answer."""

    answer: str
    correct: bool | None  # None if an instructor decides
    score: float  # of a first try
    feedback: str  # may be empty if the answer is right
    misconception: str | None = None
    hints: tuple[str, ...] = ()  # about the ideas behind a wrong answer, if the learner asks for a hint


class Form(Struct, frozen=True):
    """The form of the answers to a question, whether or not the right answer is known."""

    kind: QuestionKind
    letters: str = ""  # allowed in the answer; empty for a value or a text
    count: int = 1  # of numbers, or of items to find a match for


AnyQuestion = Question | SealedQuestion


def form_of(question: AnyQuestion) -> Form:
    """Return the form of the answers to a question."""
    if isinstance(question, SealedQuestion):
        return Form(question.kind, question.option_ids, question.count)
    kind: QuestionKind = type(question).__struct_config__.tag  # type: ignore[assignment]
    if isinstance(question, MatchingQuestion):
        return Form(kind, question.option_ids, len(question.items))
    if isinstance(question, LetterQuestion):
        return Form(kind, question.option_ids)
    return Form(kind, count=question.count if isinstance(question, NumericQuestion) else 1)


def letters_of(question: AnyQuestion) -> str:
    """Return the letters that are allowed in an answer; empty for a value or a text."""
    return form_of(question).letters


def right_answer(question: Question) -> str:
    """Return the right answer, or the first of several, in the form of its kind. An essay has none: ""."""
    if isinstance(question, EssayQuestion):
        return ""
    if isinstance(question, LetterQuestion | TextQuestion):
        return question.answer
    return _written(form_of(question), evaluate(question.answer))


def answer_in_words(question: AnyQuestion, answer: str) -> str:
    """Return the meaning of an answer: the options' texts, the value, or the text as it was typed."""
    form = form_of(question)
    if form.kind == "ordering":
        return "; ".join(f"{n}. {_text(question, letter)}" for n, letter in enumerate(answer, 1))
    if isinstance(question, MatchingQuestion | SealedQuestion) and form.kind == "matching":
        return "; ".join(pairs_in_words(question, answer))
    if form.letters:
        return "; ".join(_text(question, letter) for letter in answer)
    if form.kind == "numeric":
        return ", ".join(map(shown, numbers(evaluate(answer))))
    return answer


def pairs_in_words(question: MatchingQuestion | SealedQuestion, answer: str) -> list[str]:
    """Return each item of a matching with the match that an answer gives it."""
    return [pair_in_words(question, number, letter) for number, letter in enumerate(answer, 1)]


def pair_in_words(question: MatchingQuestion | SealedQuestion, number: int, letter: str) -> str:
    """Return an item, numbered from 1, with its match."""
    return f"{question.items[number - 1].strip()} → {question.text_of(letter).strip()}"


def _text(question: AnyQuestion, letter: str) -> str:
    assert isinstance(question, LetterQuestion | SealedQuestion)
    return question.text_of(letter)


def read_answer(question: AnyQuestion, typed: str) -> str:
    """Return typed text in the form of the question's kind. Raises AnswerRefused."""
    typed, form = typed.replace("\r\n", "\n").strip(), form_of(question)
    if len(typed) > most_typed(question):
        raise AnswerRefused(f"An answer has at most {most_typed(question)} characters.")
    if form.letters:
        return _letters(form, typed)
    if form.kind == "essay":
        return _written_text(typed)
    if form.kind == "text":
        return _text_typed(typed)
    value = _typed_value(form, typed)
    if isinstance(question, NumericQuestion):
        _check_precision(question, value)
    return _written(form, value)


def most_typed(question: AnyQuestion) -> int:
    """Return the number of characters that an answer may have."""
    return MAX_ESSAY if form_of(question).kind == "essay" else MAX_TYPED


def refusal(refused: AnswerRefused, typed: str) -> str:
    """Return the feedback to a refused answer that cannot be asked for again, such as in a notebook."""
    if isinstance(refused, AnswerTooRough):
        return f"{typed} is right so far, but it does not count. The question asks for {refused.precision}."
    return f"{typed} is not an answer. {refused}"


def _check_precision(question: NumericQuestion, value: Value) -> None:
    """Raise AnswerTooRough if the value is right so far. A foreseen wrong value is not: it has a `why`."""
    if any(question.same(evaluate(wrong.value), value) for wrong in question.wrong):
        return
    if question.is_rounded(evaluate(question.answer), value):
        raise AnswerTooRough(question.precision)


def mark(question: Question, answer: str) -> Mark:
    """Return the verdict on an answer. Raises AnswerRefused if it cannot be marked."""
    answer = read_answer(question, answer)
    if isinstance(question, EssayQuestion):
        return Mark(answer, None, 0.0, wanted(question))
    if isinstance(question, TextQuestion):
        return _mark_text(question, answer)
    if answer == right_answer(question):
        why = question.option(answer).why if isinstance(question, SingleQuestion) else ""
        return Mark(answer, True, float(question.worth), why)
    if isinstance(question, SingleQuestion):
        option = question.option(answer)
        return Mark(answer, False, 0.0, option.why, option.misconception, _hints_about([option]))
    if isinstance(question, MultipleQuestion):
        return _mark_multiple(question, answer)
    if isinstance(question, OrderingQuestion):
        return _mark_ordering(question, answer)
    if isinstance(question, MatchingQuestion):
        return _mark_matching(question, answer)
    return _mark_value(question, answer)


def given_up(question: Question) -> Mark:
    """Return the right answer with its verdict; for an essay, only what it should have."""
    if isinstance(question, EssayQuestion):
        return Mark("", None, 0.0, wanted(question))
    return mark(question, right_answer(question))


def wanted(question: EssayQuestion) -> str:
    """Return what earns points in an essay, as a sentence; empty if the author does not say."""
    criteria = "; ".join(each.strip().rstrip(".") for each in question.criteria)
    return f"What earns points: {criteria}." if criteria else ""


def _mark_multiple(question: MultipleQuestion, answer: str) -> Mark:
    wrong = [question.option(letter) for letter in answer if letter not in question.answer]
    feedback = [f"“{option.text.rstrip('.')}”: {option.why.strip()}" for option in wrong]
    if not set(question.answer) <= set(answer):
        feedback.append(MISSING if wrong else NOT_ALL)
    ideas = [option.misconception for option in wrong if option.misconception]
    return Mark(answer, False, 0.0, " ".join(feedback), ideas[0] if ideas else None, _hints_about(wrong))


def _hints_about(wrong: list[Option]) -> tuple[str, ...]:
    return tuple(option.hint for option in wrong if option.hint)


def _mark_ordering(question: OrderingQuestion, answer: str) -> Mark:
    places = [question.answer.index(letter) + 1 for letter in answer]  # in the right order, from 1
    for wrong in question.wrong:
        if places.index(wrong.first) > places.index(wrong.second):
            return Mark(answer, False, 0.0, wrong.why, wrong.misconception)
    return Mark(answer, False, 0.0, question.otherwise)


def _mark_matching(question: MatchingQuestion, answer: str) -> Mark:
    """Each right pair earns its share of the points, in hundredths of a point."""
    pairs = [*zip(answer, question.answer, strict=True)]
    right = sum(given == wanted for given, wanted in pairs)
    wrong = [i for i, (given, wanted) in enumerate(pairs) if given != wanted]
    foreseen = [(i, why) for i in wrong if (why := question.foreseen(i, answer[i]))]
    said = [f"“{question.items[i].strip().rstrip('.')}”: {each.why.strip()}" for i, each in foreseen]
    count = f"{right} of {len(pairs)} {'is' if right == 1 else 'are'} right."
    feedback = " ".join([count, *(said or [question.otherwise.strip()])])
    ideas = [each.misconception for _, each in foreseen if each.misconception]
    score = round(question.worth * right / len(pairs), 2)
    return Mark(answer, False, score, feedback, ideas[0] if ideas else None)


def _mark_value(question: ValueQuestion, answer: str) -> Mark:
    value = evaluate(answer)
    if question.same(evaluate(question.answer), value):
        return Mark(answer, True, float(question.worth), "")
    for wrong in question.wrong:
        if question.same(evaluate(wrong.value), value):
            return Mark(answer, False, 0.0, wrong.why, wrong.misconception)
    return Mark(answer, False, 0.0, question.otherwise)


def _mark_text(question: TextQuestion, answer: str) -> Mark:
    if question.is_right(answer):
        return Mark(answer, True, float(question.worth), "")
    if (wrong := question.foreseen(answer)) is not None:
        return Mark(answer, False, 0.0, wrong.why, wrong.misconception)
    return Mark(answer, False, 0.0, question.otherwise)


def _letters(form: Form, typed: str) -> str:
    if form.kind == "matching":
        return _matches(form, typed.lower())
    letters = _GAPS.sub("", typed.lower())
    if not letters or not set(letters) <= set(form.letters) or len(set(letters)) < len(letters):
        raise AnswerRefused(_what_to_type(form))
    if form.kind == "multiple":
        return "".join(sorted(letters))
    if len(letters) != (len(form.letters) if form.kind == "ordering" else 1):
        raise AnswerRefused(_what_to_type(form))
    return letters


def _matches(form: Form, typed: str) -> str:
    """Return the letter of each item in turn. The items' numbers may be given, in any order."""
    numbered = {int(number): letter for number, letter in _NUMBERED.findall(typed)}
    if numbered:
        letters = "".join(numbered.get(item, "") for item in range(1, form.count + 1))
        complete = len(_NUMBERED.findall(typed)) == form.count and not _GAPS.sub("", _NUMBERED.sub("", typed))
    else:
        letters, complete = _GAPS.sub("", typed), True
    if not complete or len(letters) != form.count or not set(letters) <= set(form.letters):
        raise AnswerRefused(_what_to_type(form))
    return letters


def what_to_type(question: AnyQuestion) -> str:
    """Return one sentence that says how to type an answer."""
    return _what_to_type(form_of(question))


def _what_to_type(form: Form) -> str:
    if form.letters:
        span = f"{form.letters[0]}-{form.letters[-1]}"
        if form.kind == "multiple":
            return f"Please type the letters {span} of all that apply, one after another."
        if form.kind == "matching":
            return f"Please type each number 1-{form.count} and, right after it, a letter {span}."
        if form.kind == "ordering":
            return f"Please type all letters {span} in the right order, each once."
        return f"Please type one of the letters {span}."
    if form.kind == "shape":
        return "Please type a shape, such as (32, 10, 1); None stands for an open size."
    if form.kind == "text":
        return TYPE_WORDS
    if form.kind == "essay":
        return WRITE
    if form.count == 1:
        return "Please type a number, such as 1200, 0.25 or 3e-4."
    return f"Please type {form.count} numbers, separated by commas."


def _text_typed(typed: str) -> str:
    text = tidy(typed)
    if not text:
        raise AnswerRefused(TYPE_WORDS)
    return text


def _written_text(typed: str) -> str:
    text = "\n".join(map(tidy, typed.split("\n"))).strip()
    if not text:
        raise AnswerRefused(WRITE)
    return text


def _typed_value(form: Form, typed: str) -> Value:
    typed = _SPACE.sub(" ", typed).replace("−", "-").rstrip(".")
    try:
        if form.kind == "shape":
            return _typed_shape(typed)
        values = _typed_numbers(typed, form.count)
    except (FormulaError, ValueError) as error:
        message = str(error) if isinstance(error, AnswerRefused) else _what_to_type(form)
        raise AnswerRefused(message) from None
    return values[0] if form.count == 1 else values


def _typed_shape(typed: str) -> tuple[int | None, ...]:
    bare = typed.strip("[](){} ")
    parts = [part for part in re.split(r"[,;xX×\s]+", bare) if part]
    sizes = tuple(None if part.lower() in _OPEN else int(part) for part in parts)
    if not sizes and typed.replace(" ", "") not in ("()", "[]"):
        raise ValueError
    if len(sizes) > MAX_AXES or any(size is not None and not 0 <= size <= MAX_SIZE for size in sizes):
        raise ValueError
    return sizes


def _typed_numbers(typed: str, count: int) -> tuple[Number, ...]:
    bare = typed.strip("[](){} ")
    parts = [typed] if count == 1 else re.split(r"; ?|, +", bare)
    if len(parts) != count:  # then commas separate numbers, not thousands
        parts = re.split(r"[,; ]+", bare)
    if len(parts) != count:
        raise ValueError
    return tuple(_typed_number(part.strip()) for part in parts)


def _typed_number(typed: str) -> Number:
    bare = typed.strip("[](){} ")
    if _DECIMAL_COMMA.fullmatch(bare) and not _THOUSANDS.fullmatch(bare):
        raise AnswerRefused("Please use a decimal point, not a comma.")
    if _THOUSANDS.fullmatch(bare):
        typed = bare = re.sub(r"[,_ ]", "", bare)
    try:
        value = evaluate(typed)
    except FormulaError:
        value = evaluate(bare)
    if value is None or isinstance(value, tuple) or abs(value) > MAX_SIZE:
        raise ValueError
    return value


def _written(form: Form, value: Value) -> str:
    """Return a value in the form of its kind."""
    return literal(value) if form.kind == "shape" else ", ".join(map(literal, numbers(value)))
