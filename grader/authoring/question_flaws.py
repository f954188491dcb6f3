"""Flaws of a single question beyond its shape: hints that contain the answer, repeated explanations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import msgspec

from grader.content.arithmetic import evaluate
from grader.content.base import Finding
from grader.content.matching_questions import WrongPair
from grader.content.questions import (
    ChoiceQuestion,
    EssayQuestion,
    MatchingQuestion,
    NumericQuestion,
    OrderingQuestion,
    Question,
    ShapeQuestion,
    TextQuestion,
    ValueQuestion,
    WrongOrder,
)
from grader.content.text_questions import WrongText
from grader.content.value_questions import PLACEHOLDER, WrongValue, numbers
from grader.quiz.answer import KEYS
from grader.quiz.drawn_values import with_values

CHECKED_DRAWS = 50  # number of draws whose hints are checked
_NUMBER = re.compile(r"None|\d+(?:\.\d+)?(?:e-?\d+)?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")


class Reply(NamedTuple):
    """The explanation that a question gives for one answer, and its path in the question."""

    path: tuple[str | int, ...]
    name: str
    words: str
    misconception: str | None


class _ByContent:
    """A question that equals another one with the same content. Questions themselves cannot be hashed."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self._content = msgspec.msgpack.encode(question)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByContent) and other._content == self._content

    def __hash__(self) -> int:
        return hash(self._content)


def question_flaws(question: Question) -> tuple[Finding, ...]:
    """Return the flaws of a question; their paths start at the question."""
    return _known_flaws(_ByContent(question))


@lru_cache(5000)  # of the questions of a course, few change between two saves
def _known_flaws(by_content: _ByContent) -> tuple[Finding, ...]:
    return tuple(_flaws(by_content.question))


def _flaws(question: Question) -> Iterator[Finding]:
    if not question.hints and not isinstance(question, EssayQuestion):
        yield Finding((), "it has no hint", "add `hints:`, starting with a nudge")
    if isinstance(question, NumericQuestion) and question.tolerance and not _says_precision(question):
        yield Finding(
            ("tolerance",),
            "learners cannot know how finely to round",
            "say it with `decimals:` or `digits:`",
        )
    if isinstance(question, ValueQuestion):
        broken = [*question.findings_of_all_draws()]
        yield from broken
        if broken:
            return  # the placeholders in its texts have no values
    if isinstance(question, TextQuestion):
        yield from _taken_by_keys(question)
    for path, text in _texts(question):
        if "{{" in (PLACEHOLDER.sub("", text) if isinstance(question, ValueQuestion) else text):
            yield Finding(
                path, "a `{{` is not replaced", "close it with }}; use it only in numeric and shape questions"
            )
    if question.picture is not None and "{{" in question.picture.alt:
        what = "a `{{` is not replaced"
        yield Finding(("figure", "alt"), what, "describe the figure without drawn values")
    for path in _telling_hints(question):
        yield Finding(path, "the hint contains the answer", "point to the answer without giving it")
    first_use = {_words(question.explain): "`explain`"}
    for reply in replies(question):
        earlier = first_use.setdefault(_words(reply.words), reply.name)
        if earlier != reply.name:
            path = reply.path if reply.path == ("otherwise",) else (*reply.path, "why")
            yield Finding(path, f"it repeats {earlier}", f"explain what is specific to {reply.name}")


def _taken_by_keys(question: TextQuestion) -> Iterator[Finding]:
    """Yield the right answers that a learner at a terminal cannot simply type."""
    for i, answer in enumerate(question.answers):
        if question.plain(answer) in KEYS:
            what = f"{answer!r} is a command at the terminal"
            yield Finding(("answers", i), what, "ask for another word, or use another kind of question")


def _says_precision(question: NumericQuestion) -> bool:
    return question.decimals is not None or question.digits is not None


def _texts(question: Question) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield ("prompt",), question.prompt
    yield ("explain",), question.explain
    yield from _hints(question)
    for reply in replies(question):
        yield reply.path, reply.words


def _hints(question: Question) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the hints with their paths, those about wrong options last."""
    for i, hint in enumerate(question.hints):
        yield ("hints", i), hint
    if isinstance(question, ChoiceQuestion):
        for i, option in enumerate(question.options):
            if option.hint:
                yield ("options", i, "hint"), option.hint


def replies(question: Question) -> Iterator[Reply]:
    """Yield the explanation for each foreseen answer, and for all other answers."""
    if isinstance(question, ChoiceQuestion):
        for letter, option in zip(question.option_ids, question.options, strict=True):
            path = ("options", question.option_ids.index(letter))
            yield Reply(path, f"option {letter}", option.why, option.misconception)
        return
    if isinstance(question, EssayQuestion):
        return
    foreseen: Sequence[WrongValue | WrongOrder | WrongPair | WrongText] = question.wrong
    for i, wrong in enumerate(foreseen):
        yield Reply(("wrong", i), f"wrong answer {i + 1}", wrong.why, wrong.misconception)
    yield Reply(("otherwise",), "`otherwise`", question.otherwise, None)


def _telling_hints(question: Question) -> list[tuple[str | int, ...]]:
    """Return the paths of the hints that contain the answer, unless the prompt contains it, too."""
    if not isinstance(question, ValueQuestion):
        return [path for path, hint in _hints(question) if _tells(question, hint)]
    telling: set[int] = set()
    for values in islice(question.draws(), CHECKED_DRAWS):
        drawn = with_values(question, values)
        if not _contains_answer(drawn, drawn.prompt):
            telling |= {i for i, hint in enumerate(drawn.hints) if _contains_answer(drawn, hint)}
    return [("hints", i) for i in sorted(telling)]


def _contains_answer(question: ValueQuestion, text: str) -> bool:
    """Return True if the text contains the numbers of the answer in a row."""
    right = evaluate(question.answer)
    many = isinstance(right, tuple)
    plain = text if isinstance(question, ShapeQuestion) else _THOUSANDS.sub("", text)
    values = [None if word == "None" else float(word) for word in _NUMBER.findall(plain)]
    size = len(numbers(right))
    parts = (tuple(values[i : i + size]) for i in range(len(values) - size + 1) if size)
    return any(question.same(right, part if many else part[0]) for part in parts)


def _tells(
    question: ChoiceQuestion | OrderingQuestion | MatchingQuestion | TextQuestion | EssayQuestion, hint: str
) -> bool:
    """Return True if the hint has all items in order, all pairs, a right text, or just the right options."""
    hint_words, prompt_words = _words(hint), _words(question.prompt)
    if isinstance(question, EssayQuestion):
        return any(_words(each) in hint_words for each in question.criteria if _words(each).strip())
    if isinstance(question, OrderingQuestion):
        places = [hint_words.find(_words(item)) for item in question.items]
        return min(places) >= 0 and places == sorted(places)
    if isinstance(question, MatchingQuestion):
        return all(_words(part) in hint_words for pair in question.pairs for part in (pair.item, pair.match))
    if isinstance(question, TextQuestion):
        words = [each for each in map(_words, question.answers) if each.strip()]
        return any(each in hint_words and each not in prompt_words for each in words)
    right = [_words(option.text) for option in question.options if option.correct]
    if not all(each in hint_words and each not in prompt_words for each in right):
        return False
    for each in right:  # a right option may contain a wrong one
        hint_words = hint_words.replace(each, " ")
    return not any(_words(option.text) in hint_words for option in question.options if not option.correct)


def _words(text: str) -> str:
    """Return the words of a text in lower case, with spaces around each, so that only whole words match."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(words)} "
