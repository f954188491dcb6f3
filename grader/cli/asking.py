"""The conversation about one question, wherever it is asked: in a quiz, a lesson, a review or a kit."""

from __future__ import annotations

import time
from collections.abc import Iterator
from enum import Enum

from grader.cli.common import ConfidencePrompt
from grader.cli.conversation import Conversation, LearnerQuit
from grader.cli.text import Look, literally
from grader.content.kit import SealedQuestion
from grader.content.questions import EssayQuestion, LetterQuestion, MatchingQuestion, SingleQuestion
from grader.progress.attempt import Confidence
from grader.quiz.answer import (
    BY_HAND,
    AnswerRefused,
    AnswerTooRough,
    AnyQuestion,
    answer_in_words,
    form_of,
    letters_of,
    read_answer,
    what_to_type,
)
from grader.quiz.order import chosen_on_screen
from grader.quiz.sitting import Answered, Event, Feedback, GivenUp, Hint, HintOpened, Marked, NoHint, Skipped
from grader.tutor.asked_questions import AskedQuestion, KitQuestion, LeftOpen, Recorded, SittingQuestion
from grader.tutor.own_questions import OwnAsked

# numbers, because letters are commands: h is a hint wherever a key is read
CONFIDENCE: dict[str, Confidence] = {
    "1": "low", "low": "low", "2": "medium", "medium": "medium", "3": "high", "high": "high"
}  # fmt: skip
WRITTEN = ("text", "essay")  # kinds whose answers are words of the learner
_AROUND = " \t().:'\"`"  # typed around a letter, as in "(b)" or "b."


class Key(Enum):
    """A command that can be typed instead of an answer: its letter or its whole word."""

    HINT = ("h", "hint")
    SKIP = ("s", "skip")
    QUIT = ("q", "quit")
    KEYS = ("?", "keys")

    @property
    def letter(self) -> str:
        return self.value[0]

    @property
    def word(self) -> str:
        return self.value[1]


def ask(
    conversation: Conversation,
    asked: AskedQuestion | OwnAsked,
    heading: str,
    confidence: ConfidencePrompt = ConfidencePrompt.HIDDEN,
) -> None:
    """Ask a question until it is closed. Raises LearnerQuit."""
    _Asking(conversation, asked, heading, confidence).run()


class _Asking:
    """One question, and the conversation about it."""

    def __init__(
        self,
        conversation: Conversation,
        asked: AskedQuestion | OwnAsked,
        heading: str,
        confidence: ConfidencePrompt,
    ) -> None:
        self._conversation = conversation
        self._asked = asked
        self._heading = heading
        self._confidence = confidence

    def run(self) -> None:
        self._show_question()
        started = time.monotonic()
        while self._asked.is_open:
            event = self._read_event()
            if event is None:
                continue
            seconds = round(time.monotonic() - started, 3)
            try:
                confidence = self._read_confidence(event)
            except (LearnerQuit, KeyboardInterrupt):
                self._asked.take(event, seconds, None)  # the answer was typed already
                raise
            self._show_feedback(self._asked.take(event, seconds, confidence))

    # --- input ---

    def _read_event(self) -> Event | None:
        """Read a line and return what it asks for, or None if the question is to be asked again."""
        question, say = self._asked.question, self._conversation.say
        typed = self._conversation.read(self._prompt())
        match _key(question, typed):
            case Key.HINT:
                return HintOpened(question.id)
            case Key.SKIP:
                return Skipped(question.id)
            case Key.QUIT:
                raise LearnerQuit
            case Key.KEYS:
                self._show_keys()
                return None
        if not typed and _earlier_answer(self._asked):
            return Skipped(question.id)
        if not typed:
            say(f"{what_to_type(question)} Type ? to see the keys.")
            return None
        bare = typed.strip(_AROUND).lower() if letters_of(question) else typed
        try:
            return Answered(
                question.id, read_answer(question, chosen_on_screen(question, bare, self._asked.order))
            )
        except AnswerTooRough as refused:
            say(str(refused))
            return None
        except AnswerRefused as refused:
            say(f"{refused} Type ? to see the keys.")
            return None

    def _prompt(self) -> str:
        keep = ", Enter keeps it" if _earlier_answer(self._asked) else ""
        return f"Your answer ({expected(self._asked.question)}{keep}, ? for keys): "

    def _read_confidence(self, event: Event) -> Confidence | None:
        """Ask how sure the learner is of a first try, before saying whether it is right."""
        is_essay = isinstance(self._asked.question, EssayQuestion)
        is_first_try = isinstance(event, Answered) and not self._asked.tries and not is_essay
        if self._confidence is ConfidencePrompt.HIDDEN or not is_first_try:
            return None
        while True:
            typed = self._conversation.read_word(
                "How sure are you? (1 not sure, 2 fairly, 3 very; Enter to skip): "
            )
            if not typed or typed in CONFIDENCE:
                return CONFIDENCE.get(typed)
            self._conversation.say("Please type 1, 2 or 3, or press Enter to skip.")

    # --- output ---

    def _show_question(self) -> None:
        conversation, question = self._conversation, self._asked.question
        note = "" if isinstance(self._asked, OwnAsked) else self._asked.points_note
        conversation.say(f"**{self._heading}{note}**")
        if "\n" in question.full_prompt:
            conversation.say_blocks(question.full_prompt)
        else:
            conversation.say(question.full_prompt)
        if question.picture is not None:
            command = f"course lesson {self._asked.lesson} {question.section} --figures"
            conversation.say_figure(question.picture, command)
        conversation.say_options(_items(question))
        conversation.say_options(_options(self._asked))
        tries = self._asked.tries
        if tries and not isinstance(question, SingleQuestion):  # whose options say which were tried
            conversation.say(f"Tried: {' / '.join(answer_to_say(question, answer) for answer in tries)}")
        if earlier := _earlier_answer(self._asked):
            conversation.say(f"Your answer so far: {answer_to_say(question, earlier)}")

    def _show_keys(self) -> None:
        conversation, question = self._conversation, self._asked.question
        conversation.write("\n")
        if form_of(question).kind != "single":
            conversation.say(what_to_type(question))
        conversation.say_keys(_keys(self._asked))
        self._show_question()

    def _show_feedback(self, feedback: Feedback | Recorded | LeftOpen) -> None:
        conversation, question = self._conversation, self._asked.question
        say = conversation.say
        conversation.write("\n")
        match feedback:
            case Marked(mark=mark) if mark.correct is None:
                conversation.say_verdict("Recorded.", f"{BY_HAND} {mark.feedback}".strip(), Look.GOOD)
            case GivenUp(mark=mark) if mark.correct is None:
                say(f"Skipped. {mark.feedback}".strip())
            case Marked(mark=mark, first_try=first_try):
                if not mark.correct:
                    conversation.say_verdict("Not yet.", mark.feedback, Look.BAD)
                    conversation.say_once("Try again: it no longer scores, but it helps you to remember.")
                    return
                word = "Right." if first_try else "Correct this time."
                conversation.say_verdict(word, mark.feedback, Look.GOOD)
            case GivenUp(mark=mark):
                say(f"Skipped. The answer is: {answer_to_say(question, mark.answer)}")
                if mark.feedback:
                    say(mark.feedback)
            case Hint():
                note = " There are no more hints. Here is the last one again." if feedback.again else ""
                say(f"**Hint {feedback.place}.**{note} {feedback.text}")
            case NoHint():
                where = f"`course lesson {self._asked.lesson} {question.section}`"
                say(f"This question has no hints. To read about it: {where}")
            case Recorded(answer=answer):
                say(f"Recorded: {answer_to_say(question, answer)}")
        if isinstance(feedback, Marked | GivenUp) and not isinstance(question, SealedQuestion):
            say(question.explain)


def answer_to_say(question: AnyQuestion, answer: str) -> str:
    """Return the meaning of an answer as inline Markdown. A text stays as the learner typed it."""
    words = answer_in_words(question, answer)
    return literally(words) if form_of(question).kind in WRITTEN else words


def _key(question: AnyQuestion, typed: str) -> Key | None:
    """Return the key that was typed, or None if it is an answer or nothing.

    Quotes around a text make it an answer, even if it is the name of a key.
    """
    word = typed.strip(" \t" if form_of(question).kind in WRITTEN else _AROUND).lower()
    if len(word) == 1 and word in letters_of(question):
        return None  # a long list of options takes the letters h, q and s; the whole words always work
    return next((key for key in Key if word in key.value), None)


def _earlier_answer(asked: AskedQuestion | OwnAsked) -> str | None:
    """Return the answer that Enter keeps."""
    return asked.answer if isinstance(asked, KitQuestion) else None


def _items(question: AnyQuestion) -> Iterator[tuple[str, str]]:
    """Yield the number and the text of each item that needs a match."""
    if isinstance(question, MatchingQuestion | SealedQuestion):
        yield from ((str(number), item) for number, item in enumerate(question.items, 1))


def _options(asked: AskedQuestion | OwnAsked) -> Iterator[tuple[str, str]]:
    """Yield each letter and the text of its option, as the screen lists them."""
    question = asked.question
    if not isinstance(question, LetterQuestion | SealedQuestion):
        return
    for letter, option_id in zip(letters_of(question), asked.order, strict=True):
        is_tried = isinstance(question, SingleQuestion) and option_id in asked.tries
        yield letter, question.text_of(option_id) + (" (tried)" if is_tried else "")


def _keys(asked: AskedQuestion | OwnAsked) -> Iterator[tuple[str, str]]:
    """Yield what can be typed, and what it does."""
    letters = letters_of(asked.question)
    answers = f"{letters[0]}-{letters[-1]}" if letters else _noun(asked.question)
    match asked:
        case SittingQuestion():
            yield answers, "answer; only the first try counts, but you can keep trying"
            skip = "skip and see the answer (0 points)"
        case OwnAsked():
            yield answers, "answer; it costs no points"
            skip = "skip and see the answer"
        case KitQuestion():
            yield answers, "answer"
            skip = "leave the question open"
    effects = {
        Key.HINT: "show the next hint; it costs no points",
        Key.SKIP: skip,
        Key.QUIT: "quit; what you answered is kept",
    }
    for key, effect in effects.items():
        yield key.word if key.letter in letters else key.letter, effect


def expected(question: AnyQuestion) -> str:
    """Return in a few words what to type."""
    form = form_of(question)
    letters = f"{form.letters[0]}-{form.letters[-1]}" if form.letters else ""
    match form.kind:
        case "single":
            return letters
        case "multiple":
            return f"all that apply of {letters}"
        case "ordering":
            return f"{letters} in order"
        case "matching":
            return f"{letters} for each of 1-{form.count}"
        case "numeric":
            return "a number" if form.count == 1 else f"{form.count} numbers"
        case "shape":
            return "a shape"
        case "text":
            return "a word or a few words"
        case "essay":
            return "a few sentences, on one line"


def _noun(question: AnyQuestion) -> str:
    """Return what an answer without letters is called in the list of keys."""
    return "words" if form_of(question).kind in WRITTEN else "value"
