"""Questions for export: what all formats need to know about them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from enum import Enum

from msgspec import Struct, field

from grader.content.arithmetic import Value, evaluate
from grader.content.course import Course
from grader.content.questions import (
    ChoiceQuestion,
    EssayQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    Question,
    TextQuestion,
    ValueQuestion,
)
from grader.content.quiz import Practice, Quiz
from grader.content.spelling import tidy, without_accents
from grader.content.value_questions import numbers
from grader.quiz.drawn_values import drawn, literal

SHORT_TEXT = "is a short-answer question that accepts the common spellings of the listed answers"
CLOSEST = 1e-9  # relative; closer numbers are equal, even for a question without tolerance


class Bank(Struct, frozen=True):
    """Questions with the drawn values of the first attempt."""

    id: str
    title: str
    questions: tuple[Question, ...]
    figures: Mapping[str, bytes] = {}  # by the names that the questions use


def bank(source: Quiz | Practice, course: Course) -> Bank:
    """Return the questions of a quiz, or the practice questions of a lesson, with all values drawn.

    Raises EnvironmentProblem if a figure cannot be read.
    """
    title = source.title if isinstance(source, Quiz) else f"Practice: {source.lesson}"
    figures = {each.file: course.figure_bytes(each.file) for each in source.pictures}
    return Bank(source.id, title, tuple(drawn(question, 0) for question in source.questions), figures)


class Notes(Struct):
    """The differences between a format and the course, each with the questions it affects."""

    by_text: dict[str, list[str]] = field(default_factory=dict)

    def add(self, question: Question, text: str) -> None:
        self.by_text.setdefault(text, []).append(question.id)

    def lines(self, bank: Bank) -> Iterator[str]:
        """Yield one line per difference."""
        for text, ids in self.by_text.items():
            everything = 1 < len(bank.questions) == len(ids)
            yield f"{'all questions' if everything else ', '.join(ids)}: {text}"


class Accepted(Struct, frozen=True):
    """A value with its tolerance and its feedback."""

    value: float
    margin: float
    why: str


def accepted(question: NumericQuestion) -> tuple[Accepted, ...]:
    """Return the right number, then the foreseen wrong ones, of a question for one number."""
    formulas = [(question.answer, ""), *((wrong.value, wrong.why) for wrong in question.wrong)]
    return tuple(_accepted(question, evaluate(formula), why) for formula, why in formulas)


def accepted_in_turn(question: NumericQuestion) -> tuple[Accepted, ...]:
    """Return the right numbers of a question for several numbers."""
    return tuple(_accepted(question, number, "") for number in numbers(evaluate(question.answer)))


def _accepted(question: NumericQuestion, value: Value, why: str) -> Accepted:
    number = numbers(value)[0]
    assert number is not None  # checked when the question was read
    exact = question.tolerance == 0 and float(number).is_integer()
    tolerated = 0.0 if exact else abs(number) * max(question.tolerance, CLOSEST)
    margin = max(tolerated, question.half_unit(number))
    return Accepted(float(number), margin, why)


def is_single_number(question: Question) -> bool:
    return isinstance(question, NumericQuestion) and question.count == 1


class Written(Struct, frozen=True):
    """The ways to write an answer, and its feedback."""

    forms: tuple[str, ...]
    why: str
    right: bool


def written(question: ValueQuestion | TextQuestion) -> tuple[Written, ...]:
    """Return the right answer, then the foreseen wrong ones, of a question whose answer is typed.

    Each form appears once, with the first answer it belongs to. Case makes no difference.
    """
    seen: set[str] = set()
    answers = []
    for each in _ways(question):
        forms = [form for form in each.forms if form.casefold() not in seen]
        seen |= {form.casefold() for form in forms}
        if forms:
            answers.append(Written(tuple(forms), each.why, each.right))
    return tuple(answers)


def _ways(question: ValueQuestion | TextQuestion) -> Iterator[Written]:
    if isinstance(question, TextQuestion):
        yield Written(spellings(question, question.answers), "", True)
        for text in question.wrong:
            yield Written(spellings(question, text.answers), text.why, False)
        return
    yield Written(tuple(forms_of(evaluate(question.answer))), "", True)
    for wrong in question.wrong:
        yield Written(tuple(forms_of(evaluate(wrong.value))), wrong.why, False)


def spellings(question: TextQuestion, answers: tuple[str, ...]) -> tuple[str, ...]:
    """Return the common spellings of answers, for systems that compare letter by letter except for case."""
    found = []
    for answer in map(tidy, answers):
        ways = [answer, answer.replace("-", " ")]
        if not question.accents:
            ways += [*map(without_accents, ways)]
        found += [f"{article}{way}" for article in ("", *map(_before, question.articles)) for way in ways]
    # an article may be part of a wrong answer, or a hyphen may begin one
    return tuple(way for way in dict.fromkeys(found) if question.listed(way) in map(tidy, answers))


def _before(article: str) -> str:
    return article if article.endswith(("'", "’")) else f"{article} "


def wildcards_escaped(form: str) -> str:
    r"""Return an answer for Moodle, where * stands for any text and \* for itself."""
    return form.replace("*", r"\*")


def forms_of(value: Value) -> list[str]:
    """Return the common ways to write a value: `(32, 10, 1)` without spaces, in other or no brackets."""
    sizes = [literal(size) if size is not None else "None" for size in numbers(value)]
    if not sizes:
        return ["()", "[]"]
    spaced, tight = ", ".join(sizes), ",".join(sizes)
    forms = [f"({spaced})", f"({tight})", spaced, tight, f"[{spaced}]", f"[{tight}]"]
    if len(sizes) == 1:
        forms = [f"({tight},)", *forms]
    return list(dict.fromkeys(forms))


class Prompted(Struct, frozen=True):
    """An item of a matching in an export: its text, and the text that belongs to it."""

    item: str  # Markdown, as all texts here
    match: str


def to_match(question: OrderingQuestion | MatchingQuestion) -> tuple[Prompted, ...]:
    """Return what is matched with what; an ordering matches each item with its place."""
    if isinstance(question, MatchingQuestion):
        texts = map(question.text_of, question.answer)
        return tuple(Prompted(item, text) for item, text in zip(question.items, texts, strict=True))
    places = ((letter, str(question.answer.index(letter) + 1)) for letter in question.option_ids)
    return tuple(Prompted(question.text_of(letter), place) for letter, place in places)


class Feature(Enum):
    """A feature of a format, for one kind of question."""

    HINTS = "hints"
    WRONG_ANSWER_FEEDBACK = "wrong_answer_feedback"  # to values that the author foresaw
    PARTIAL_CREDIT = "partial_credit"  # which the course does not give


def note_what_is_lost(question: Question, notes: Notes, features: Collection[Feature] = ()) -> None:
    """Note what a format with these features leaves out of a question, or does differently."""
    if question.hints and Feature.HINTS not in features:
        notes.add(question, "hints are left out, because this format does not support them")
    foreseen = () if isinstance(question, ChoiceQuestion | EssayQuestion) else question.wrong
    if foreseen and Feature.WRONG_ANSWER_FEEDBACK not in features:
        notes.add(
            question,
            "feedback on foreseen wrong answers is left out, because this format does not support it",
        )
    if Feature.PARTIAL_CREDIT in features and isinstance(question, MultipleQuestion | OrderingQuestion):
        notes.add(question, "partly correct answers earn part of the point; in the course they earn none")
