"""What can be wrong in a question by itself, beyond its shape: hints that tell, words said twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from grader.content.arithmetic import evaluate
from grader.content.base import Finding
from grader.content.questions import (
    PLACEHOLDER,
    ChoiceQuestion,
    OrderingQuestion,
    Question,
    ShapeQuestion,
    ValueQuestion,
    WrongOrder,
    WrongValue,
    numbers,
)
from grader.quiz.drawing import with_values

MAX_DRAWS = 50  # looked at
_NUMBER = re.compile(r"None|\d+(?:\.\d+)?(?:e-?\d+)?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")


class Reply(NamedTuple):
    """What a question says to one answer, and where that stands."""

    path: tuple[str | int, ...]
    name: str
    words: str
    misconception: str | None


def question_flaws(question: Question) -> Iterator[Finding]:
    """Yield what is wrong, with paths from the question on."""
    if not question.hints:
        yield Finding((), "it has no hint", "add `hints:`, from a nudge to almost there")
    if isinstance(question, ValueQuestion):
        broken = [*question.findings_of_all_draws()]
        yield from broken
        if broken:
            return  # its texts cannot be filled
    for path, text in _texts(question):
        if "{{" in (PLACEHOLDER.sub("", text) if isinstance(question, ValueQuestion) else text):
            yield Finding(path, "a `{{` that is not filled", "end it with }}; only drawn questions have them")
    for i in sorted(_telling_hints(question)):
        yield Finding(("hints", i), "the hint contains the answer", "lead there without saying it")
    said = {_words(question.explain): "`explain`"}
    for reply in replies(question):
        where = said.setdefault(_words(reply.words), reply.name)
        if where != reply.name:
            path = reply.path if reply.path == ("otherwise",) else (*reply.path, "why")
            yield Finding(path, f"{where} says the same", f"explain what is special to {reply.name}")


def _texts(question: Question) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield ("prompt",), question.prompt
    yield ("explain",), question.explain
    for i, hint in enumerate(question.hints):
        yield ("hints", i), hint
    for reply in replies(question):
        yield reply.path, reply.words


def replies(question: Question) -> Iterator[Reply]:
    """Yield what is said to each answer that the question foresees."""
    if isinstance(question, ChoiceQuestion):
        for letter, option in zip(question.option_ids, question.options, strict=True):
            path = ("options", question.option_ids.index(letter))
            yield Reply(path, f"option {letter}", option.why, option.misconception)
        return
    foreseen: Sequence[WrongValue | WrongOrder] = question.wrong
    for i, wrong in enumerate(foreseen):
        yield Reply(("wrong", i), f"wrong answer {i + 1}", wrong.why, wrong.misconception)
    yield Reply(("otherwise",), "`otherwise`", question.otherwise, None)


def _telling_hints(question: Question) -> set[int]:
    """Return the hints that name the answer alone, while the question itself does not."""
    if not isinstance(question, ValueQuestion):
        return {i for i, hint in enumerate(question.hints) if _tells(question, hint)}
    telling: set[int] = set()
    for values in islice(question.draws(), MAX_DRAWS):
        asked = with_values(question, values)
        if not _is_in(asked, asked.prompt):
            telling |= {i for i, hint in enumerate(asked.hints) if _is_in(asked, hint)}
    return telling


def _is_in(asked: ValueQuestion, text: str) -> bool:
    """Whether the right numbers stand one after another in a text."""
    right = evaluate(asked.answer)
    many = isinstance(right, tuple)
    said = text if isinstance(asked, ShapeQuestion) else _THOUSANDS.sub("", text)
    found = [None if word == "None" else float(word) for word in _NUMBER.findall(said)]
    size = len(numbers(right))
    parts = (tuple(found[i : i + size]) for i in range(len(found) - size + 1) if size)
    return any(asked.same(right, part if many else part[0]) for part in parts)


def _tells(question: ChoiceQuestion | OrderingQuestion, hint: str) -> bool:
    said, prompt = _words(hint), _words(question.prompt)
    if isinstance(question, OrderingQuestion):
        places = [said.find(_words(item)) for item in question.items]
        return min(places) >= 0 and places == sorted(places)
    right = [_words(option.text) for option in question.options if option.correct]
    if not all(each in said and each not in prompt for each in right):
        return False
    for each in right:  # a wrong option may be a part of a right one
        said = said.replace(each, " ")
    return not any(_words(option.text) in said for option in question.options if not option.correct)


def _words(text: str) -> str:
    """The words alone, with a space before and after each, so that only whole words are found in others."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(words)} "
