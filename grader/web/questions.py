"""A question as the page shows it, and what a learner does with it.

The state is in the log. Nothing of an answer is in what is shown before it is given.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from markupsafe import Markup
from msgspec import Struct

from grader.content.kit import SealedQuestion, SealedQuiz
from grader.content.questions import EssayQuestion, MatchingQuestion, Question, SingleQuestion
from grader.content.quiz import Practice, Quiz
from grader.progress.attempt import Attempt, Confidence
from grader.quiz.answer import (
    BY_HAND,
    AnswerRefused,
    AnyQuestion,
    Mark,
    answer_in_words,
    form_of,
    letters_of,
    mark,
    most_typed,
    pairs_in_words,
    read_answer,
    right_answer,
    wanted,
    what_to_type,
)
from grader.quiz.points import points_note
from grader.quiz.sitting import Answered, Event, Hint, HintOpened, NoHint, Skipped, Stage, next_hint
from grader.tutor.kit_answers import hints_opened, recorded_answers
from grader.tutor.sittings import LoggedSitting, Purpose

CONFIDENCES: dict[str, Confidence] = {"low": "low", "medium": "medium", "high": "high"}
RIGHT_AT_ONCE = "Right at the first try."
NOT_YET = "Not yet. Read the remark, then try again: it no longer scores, but it helps you to remember."
SKIPPED = "Skipped. The answer is marked."
RECORDED = "Recorded. Your instructor marks it. You can still change it."
CHOOSE = {
    "single": "Choose an answer first.",
    "multiple": "Choose at least one answer first.",
    "ordering": "Give each item a place of its own.",
    "matching": "Choose a match for each item first.",
}


class Item(Struct, frozen=True):
    """One option, or one item to put in order or to find a match for."""

    id: str
    text: str  # Markdown
    chosen: bool = False
    place: int = 0  # of an item, from 1; 0 if none is chosen yet
    match: str = ""  # the letter of an item's match, or "" if none is chosen yet
    verdict: str = ""  # "right", "wrong", or "" if it has not been tried
    why: str = ""


class Try(Struct, frozen=True):
    """One answer that was given, where the options themselves do not show it."""

    parts: tuple[str, ...]  # of the answer: texts of options in Markdown, or one value
    feedback: str
    right: bool | None  # None if an instructor marks it


class Shown(Struct, frozen=True):
    """One question on a page."""

    id: str
    kind: str
    heading: str
    prompt: str
    state: str  # "open", "wrong", "right", "skipped", "written" or "recorded"
    version: str  # of its state; an answer to an older one is left out
    now: str  # when it was shown
    sitting: str = ""  # the one that the answer goes to, or "" for the one that is to be asked next
    items: tuple[Item, ...] = ()
    matches: tuple[Item, ...] = ()  # of which each item gets one
    tries: tuple[Try, ...] = ()
    said: str = ""
    explain: str = ""
    hints: tuple[str, ...] = ()  # opened so far
    next_hint: str = ""  # its title, or "" if there is none
    asks_confidence: bool = False
    typed: str = ""  # in a field, as it was refused or recorded
    refused: str = ""
    note: str = ""  # what to type
    most: int = 0  # characters to type
    marked: bool = True  # False in a kit
    section: str = ""
    figure: Markup = Markup()

    @property
    def closed(self) -> bool:
        """True if it takes no further answer."""
        return self.state in ("right", "skipped", "written")


class Refused(Struct, frozen=True):
    """An answer that could not be read, which the page shows again. Nothing of it is recorded."""

    question: str
    typed: str


def is_predicted(question: Shown) -> bool:
    """Return True once the answer may be seen: the question is closed, or two answers were wrong."""
    wrong = sum(item.verdict == "wrong" for item in question.items)
    return question.state not in ("open", "wrong") or wrong > 1


def show(
    question: Question,
    logged: LoggedSitting,
    attempts: list[Attempt],
    heading: str,
    now: datetime,
    refused: Refused | None = None,
) -> Shown:
    """Return a question of a course, as it stands in a sitting."""
    question = logged.sitting.quiz.questions[logged.sitting.index(question.id)]  # with its drawn values
    state = logged.sitting.state(question.id)
    marks = [mark(question, answer) for answer in state.tries]
    closed = state.stage is not Stage.OPEN
    solved = "written" if isinstance(question, EssayQuestion) else "right"
    name = {Stage.SOLVED: solved, Stage.SKIPPED: "skipped"}.get(state.stage, "wrong" if marks else "open")
    typed, message = _refusal(question, refused)
    form = form_of(question)
    given = typed or (right_answer(question) if closed else state.tries[-1] if marks else "")
    single = isinstance(question, SingleQuestion)
    return Shown(
        id=question.id,
        kind=form.kind,
        heading=heading + (points_note(logged.quiz, question) if logged.purpose is Purpose.QUIZ else ""),
        prompt=question.full_prompt,
        state=name,
        sitting=logged.id if any(attempt.sitting == logged.id for attempt in attempts) else "",
        version=version(question.id, attempts),
        now=_stamp(now),
        items=tuple(_items(question, logged.sitting.order(question.id), given, marks, closed)),
        matches=tuple(_matches(question, logged.sitting.order(question.id))),
        tries=() if single else tuple(_tries(question, marks)),
        said=_said(question, name, marks),
        explain=_explained(question) if closed else "",
        hints=state.opened,
        next_hint=_next_hint(next_hint(question, state)),
        asks_confidence=not state.tries and not closed and form.kind != "essay",
        typed=typed if not form.letters else "",
        refused=message,
        note=what_to_type(question) if not form.letters else "",
        most=most_typed(question),
        section=question.section,
    )


def show_sealed(
    quiz: SealedQuiz,
    question: SealedQuestion,
    attempts: list[Attempt],
    heading: str,
    now: datetime,
    refused: Refused | None = None,
) -> Shown:
    """Return a question of a kit: an answer is recorded, not marked."""
    answer, opened = recorded_answers(quiz, attempts).get(question.id, ""), hints_opened(question, attempts)
    typed, message = _refusal(question, refused)
    given = typed or answer
    form = form_of(question)
    return Shown(
        id=question.id,
        kind=form.kind,
        heading=heading + points_note(quiz, question),
        prompt=question.full_prompt,
        state="recorded" if answer else "open",
        version=version(question.id, attempts),
        now=_stamp(now),
        items=tuple(_sealed_items(question, given)),
        matches=tuple(_matches(question, tuple(question.option_ids))),
        said=RECORDED if answer else "",
        hints=question.hints[:opened],
        next_hint=f"Hint {opened + 1} of {len(question.hints)}" if opened < len(question.hints) else "",
        typed=given if not form.letters else "",
        refused=message,
        note=what_to_type(question) if not form.letters else "",
        most=most_typed(question),
        marked=False,
        section=question.section,
    )


def version(question_id: str, attempts: Iterable[Attempt]) -> str:
    """Return the version of a question's state: the number of all that was done with it."""
    return str(sum(attempt.item == question_id for attempt in attempts))


def event_of(question: AnyQuestion, action: str, typed: str) -> Event:
    """Return what the learner did. Raises AnswerRefused."""
    if action == "hint":
        return HintOpened(question.id)
    if action == "skip":
        return Skipped(question.id)
    return Answered(question.id, _read(question, typed))


def typed_answer(question: AnyQuestion, chosen: list[str], places: dict[str, str]) -> str:
    """Return a form's fields as one text: letters, or what was typed.

    `chosen` holds the values of the field `answer`, `places` the place of each item by its
    letter, or the letter of its match by its number.
    """
    if form_of(question).kind == "matching":
        return " ".join(f"{item}{letter}" for item, letter in sorted(places.items()) if letter)
    if form_of(question).kind != "ordering":
        return "".join(chosen) if letters_of(question) else (chosen or [""])[0]
    ranked = sorted((place, letter) for letter, place in places.items() if letter in letters_of(question))
    own = [place for place, _ in ranked] == sorted(map(str, range(1, len(letters_of(question)) + 1)))
    in_order = sorted(ranked, key=lambda pair: int(pair[0])) if own else []
    return "".join(letter for _, letter in in_order)


def _read(question: AnyQuestion, typed: str) -> str:
    try:
        return read_answer(question, typed)
    except AnswerRefused:
        if letters_of(question):
            raise AnswerRefused(CHOOSE[form_of(question).kind]) from None
        raise


def _refusal(question: AnyQuestion, refused: Refused | None) -> tuple[str, str]:
    """Return the refused text and why it was refused; nothing if it can be read after all."""
    if refused is None or refused.question != question.id:
        return "", ""
    try:
        _read(question, refused.typed)
    except AnswerRefused as error:
        return refused.typed, str(error)
    return "", ""


def _items(
    question: Question, order: tuple[str, ...], given: str, marks: list[Mark], closed: bool
) -> Iterable[Item]:
    kind = form_of(question).kind
    if isinstance(question, MatchingQuestion):
        yield from _matching_items(question, given)
        return
    if not letters_of(question):
        return
    for letter in order:
        text, chosen = question.text_of(letter), letter in given  # type: ignore[union-attr]
        verdict = why = ""
        if isinstance(question, SingleQuestion):
            tried = next((m for m in marks if m.answer == letter), None)
            if tried is not None:
                verdict, why = ("right" if tried.correct else "wrong"), tried.feedback
                chosen = bool(tried.correct)
            elif closed and letter == question.answer:
                verdict, why = "right", mark(question, letter).feedback
        elif closed and kind == "multiple" and letter in given:
            verdict = "right"
        place = given.index(letter) + 1 if kind == "ordering" and letter in given else 0
        yield Item(letter, text, chosen, place, verdict=verdict, why=why)


def _matching_items(question: MatchingQuestion | SealedQuestion, given: str) -> Iterable[Item]:
    """Yield the items with the matches of an answer, which may be a refused one: "1b 3a"."""
    chosen = {pair[:-1]: pair[-1] for pair in given.split()} if given[:1].isdecimal() else {}
    chosen = chosen or {str(number): letter for number, letter in enumerate(given, 1)}
    for number, item in enumerate(question.items, 1):
        yield Item(str(number), item, match=chosen.get(str(number), ""))


def _matches(question: AnyQuestion, order: tuple[str, ...]) -> Iterable[Item]:
    if isinstance(question, MatchingQuestion | SealedQuestion) and form_of(question).kind == "matching":
        yield from (Item(letter, question.text_of(letter)) for letter in order)


def _sealed_items(question: SealedQuestion, given: str) -> Iterable[Item]:
    if question.kind == "matching":
        yield from _matching_items(question, given)
        return
    for letter in question.option_ids:
        place = given.index(letter) + 1 if question.kind == "ordering" and letter in given else 0
        yield Item(letter, question.text_of(letter), letter in given, place)


def _tries(question: Question, marks: list[Mark]) -> Iterable[Try]:
    for each in marks:
        if isinstance(question, MatchingQuestion):
            parts = tuple(pairs_in_words(question, each.answer))
        elif letters_of(question):
            parts = tuple(question.text_of(letter) for letter in each.answer)  # type: ignore[union-attr]
        else:
            parts = (answer_in_words(question, each.answer),)
        feedback = "" if isinstance(question, EssayQuestion) else each.feedback
        yield Try(parts, feedback, each.correct)


def _said(question: Question, state: str, marks: list[Mark]) -> str:
    if state == "right":
        return RIGHT_AT_ONCE if len(marks) == 1 else f"Right at try {len(marks)}. Only the first try scores."
    if isinstance(question, EssayQuestion):
        return {"written": f"Recorded. {BY_HAND}", "skipped": "Skipped."}.get(state, "")
    if state == "skipped" and not letters_of(question):
        return f"Skipped. The answer is {answer_in_words(question, right_answer(question))}."
    return {"wrong": NOT_YET, "skipped": SKIPPED}.get(state, "")


def _next_hint(hint: Hint | NoHint) -> str:
    """Return the title of the next hint; empty if all are open."""
    return "" if isinstance(hint, NoHint) or hint.again else f"Hint {hint.place}"


def _explained(question: Question) -> str:
    """Return the explanation, in Markdown; that of an essay begins with what earns points."""
    criteria = wanted(question) if isinstance(question, EssayQuestion) else ""
    return f"{criteria}\n\n{question.explain}" if criteria else question.explain


def _stamp(now: datetime) -> str:
    return str(round(now.timestamp()))


def sources(quizzes: Iterable[Quiz | Practice], question_id: str) -> tuple[Question, Quiz | Practice] | None:
    """Return a question and the file that it comes from, quizzes first; None if there is none."""
    for source in quizzes:
        question = source.question(question_id)
        if question is not None:
            return question, source
    return None
