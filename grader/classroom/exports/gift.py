r"""Export questions in GIFT, as in MoodleDocs, "GIFT format", and as Moodle's importer reads it.

A backslash escapes ~ = # { } : and itself. A blank line ends a question, so
texts must not contain one.
"""

from __future__ import annotations

from collections.abc import Iterator

from grader.classroom.exports.bank import (
    SHORT_TEXT,
    Bank,
    Feature,
    Notes,
    accepted,
    is_single_number,
    note_what_is_lost,
    to_match,
    wildcards_escaped,
    written,
)
from grader.classroom.exports.html_text import to_html, to_text
from grader.content.questions import (
    ChoiceQuestion,
    EssayQuestion,
    MatchingQuestion,
    NumericQuestion,
    OrderingQuestion,
    Question,
    SingleQuestion,
    TextQuestion,
    ValueQuestion,
)

_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\~=#{}:"} | {"\n": "\\n"})


def gift(bank: Bank, notes: Notes) -> bytes:
    """Return the questions in a category named after their quiz."""
    title = " ".join(bank.title.split()).replace("/", "//")
    parts = [f"$CATEGORY: $course$/{title}", *(_question(question, notes) for question in bank.questions)]
    return ("\n\n".join(parts) + "\n").encode()


def _question(question: Question, notes: Notes) -> str:
    kind = ""
    if isinstance(question, ChoiceQuestion):
        lines = _choice(question)
    elif isinstance(question, OrderingQuestion):
        lines = _matching(question)
        notes.add(question, "matches items to positions, because this format has no ordering questions")
        notes.add(question, "feedback on wrong orders is left out, because this format does not support it")
    elif isinstance(question, MatchingQuestion):
        lines = _matching(question)
    elif isinstance(question, EssayQuestion):
        lines = iter(())
        if question.criteria:
            notes.add(question, "what earns points is left out, because this format does not support it")
    elif isinstance(question, NumericQuestion) and is_single_number(question):
        lines, kind = _numerical(question), "#"
    elif isinstance(question, TextQuestion):
        lines = _short_answer(question)
        notes.add(question, SHORT_TEXT)
    else:
        lines = _short_answer(question)
        notes.add(question, "is a short-answer question that accepts the common ways to write the values")
        if isinstance(question, NumericQuestion) and question.tolerance:
            notes.add(question, "the tolerance is lost, because short answers have none")
    if question.worth != 1:
        notes.add(question, "has other points than 1, which this format does not support: set them in Moodle")
    features = {Feature.PARTIAL_CREDIT}
    if isinstance(question, ValueQuestion | TextQuestion):
        features.add(Feature.WRONG_ANSWER_FEEDBACK)
    note_what_is_lost(question, notes, features)
    body = "\n".join(f"\t{line}" for line in [*lines, f"####{_text(question.explain)}"])
    prompt = question.full_prompt
    if question.picture is not None:
        prompt += f"\n\nFigure: {question.picture.words}"
        notes.add(question, "has words in place of its figure, because this format holds no files")
    return f"::{_escaped(question.id)}::{_text(prompt)}{{{kind}\n{body}\n}}"


def _choice(question: ChoiceQuestion) -> Iterator[str]:
    if not isinstance(question, SingleQuestion):
        share = round(100 / sum(option.correct for option in question.options), 5)
    for option in question.options:
        if isinstance(question, SingleQuestion):
            mark = "=" if option.correct else "~"
        else:
            mark = f"~%{share:g}%" if option.correct else "~%-100%"
        yield f"{mark}{_text(option.text)}#{_text(option.why)}"


def _matching(question: OrderingQuestion | MatchingQuestion) -> Iterator[str]:
    for each in to_match(question):
        # an arrow in the item itself becomes `-&gt;` in HTML
        yield f"={_text(each.item)} -> {_escaped(to_text(each.match))}"
    for extra in question.extra if isinstance(question, MatchingQuestion) else ():
        yield f"= -> {_escaped(to_text(extra))}"


def _numerical(question: NumericQuestion) -> Iterator[str]:
    for place, each in enumerate(accepted(question)):
        weight = 0 if place else 100
        yield f"=%{weight}%{each.value:.15g}:{each.margin:.6g}#{_text(each.why) if each.why else ''}"
    yield f"~#{_text(question.otherwise)}"


def _short_answer(question: ValueQuestion | TextQuestion) -> Iterator[str]:
    for each in written(question):
        for form in each.forms:
            answer, why = _escaped(wildcards_escaped(form)), _text(each.why) if each.why else ""
            yield f"=%{100 if each.right else 0}%{answer}#{why}"
    yield f"=%0%*#{_text(question.otherwise)}"


def _text(markdown: str) -> str:
    """Return Markdown as HTML, marked as such, with special characters escaped."""
    return f"[html]{_escaped(to_html(markdown))}"


def _escaped(text: str) -> str:
    return text.translate(_SPECIAL)
