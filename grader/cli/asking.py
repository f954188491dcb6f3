"""Asks one question: shows it, reads a line, says what came of it. Used wherever questions are asked."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from typing import IO

import click

from grader.cli.sittings import LoggedSitting, attempt_of
from grader.cli.text import Look, screen, verdict
from grader.content.questions import (
    LetterQuestion,
    Question,
    SingleQuestion,
)
from grader.progress.attempt import Confidence
from grader.progress.log import AttemptLog
from grader.quiz.answer import (
    AnswerRefused,
    Asked,
    answer_in_words,
    form_of,
    letters_of,
    read_answer,
    what_to_type,
)
from grader.quiz.sitting import (
    Answered,
    Event,
    Feedback,
    GivenUp,
    Hint,
    HintOpened,
    Marked,
    NoHint,
    Skipped,
    Stage,
    apply,
)

COMMANDS = {"h": "hint", "s": "skip", "q": "quit", "?": "keys"}
CONFIDENCE: dict[str, Confidence] = {
    "l": "low", "low": "low", "m": "medium", "medium": "medium", "h": "high", "high": "high"
}  # fmt: skip


_AROUND = " \t().:'\"`"  # typed around a letter, as in "(b)" or "b."


class Stopped(Exception):
    """The learner quit, or the input ended."""


class Asking:
    """The conversation with a learner. Input is read line by line and need not be a terminal."""

    def __init__(self, log: AttemptLog | None, out: IO[str], confidence: bool | None = None) -> None:
        self.log = log
        self.screen = screen(out)
        self.logged: LoggedSitting | None = None  # where it is now, also when the learner stops midway
        self._out = out
        self._echo = not sys.stdin.isatty()  # so that a piped conversation can be read afterwards
        self._confidence = _wants_confidence() if confidence is None else confidence
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(errors="replace")

    def ask(self, logged: LoggedSitting, question_id: str, heading: str) -> LoggedSitting:
        """Ask a question until it is solved or skipped; return the sitting after it. Raises Stopped."""
        question = logged.sitting.quiz.questions[logged.sitting.index(question_id)]
        self.logged = logged
        self._show(logged, question, heading)
        asked = time.monotonic()
        while logged.sitting.state(question.id).stage is Stage.OPEN:
            event = self._event(logged, question, heading)
            if event is None:
                continue
            confidence = self._ask_confidence(logged, event)
            logged, feedback = self._take(logged, event, round(time.monotonic() - asked, 3), confidence)
            self._tell(logged, question, feedback)
        return logged

    def say(self, text: str) -> None:
        """Print one paragraph of inline Markdown."""
        self.write(self.screen.wrap(text) + "\n\n")

    def write(self, text: str) -> None:
        click.echo(text, file=self._out, nl=False, color=self.screen.styled)

    def read(self, prompt: str) -> str:
        """Return one line that was typed, without its end. Raises Stopped when there is none."""
        if len(prompt) > self.screen.width:  # it has lines of its own, so that there is room to type
            prompt = self.screen.wrap(prompt) + "\n> "
        self.write(prompt)
        self._out.flush()
        try:
            line = sys.stdin.readline()
        except OSError:  # the terminal is gone
            line = ""
        if self._echo:
            self.write("".join(filter(str.isprintable, line.strip()[:80])) + "\n")
        if not line:
            raise Stopped
        return line.strip()

    def _event(self, logged: LoggedSitting, question: Question, heading: str) -> Event | None:
        """Read a line and return what it asks for; None if it has been dealt with."""
        typed = self.read(f"Your answer ({asks_for(question)}, ? for keys): ")
        letters = letters_of(question)
        word = typed.strip(_AROUND).lower()
        order = logged.sitting.order(question.id)
        # a long list of options takes the letters h, q and s; the whole words always work
        match "" if word and len(word) == 1 and word in letters else COMMANDS.get(word or typed, word):
            case "hint":
                return HintOpened(question.id)
            case "skip":
                return Skipped(question.id)
            case "quit":
                raise Stopped
            case "keys":
                self._show_keys(logged, question, heading)
                return None
        if not typed:
            return None
        # on the screen the letters go by place
        meant = "".join(_meant(c, letters, order) for c in word) if letters else typed
        try:
            return Answered(question.id, read_answer(question, meant))
        except AnswerRefused as refused:
            self.say(f"{refused} Type ? to see the keys.")
            return None

    def _ask_confidence(self, logged: LoggedSitting, event: Event) -> Confidence | None:
        """Ask how sure the learner is of a first try, before telling whether it is right."""
        if (
            not (self._confidence and isinstance(event, Answered))
            or logged.sitting.state(event.question).tries
        ):
            return None
        while True:
            typed = self.read("How sure are you? (l low, m medium, h high; Enter to leave it open): ").lower()
            if typed in ("q", "quit"):
                raise Stopped
            if not typed or typed in CONFIDENCE:
                return CONFIDENCE.get(typed)

    def _take(
        self, logged: LoggedSitting, event: Event, seconds: float, confidence: Confidence | None
    ) -> tuple[LoggedSitting, Feedback]:
        """Record the event, then apply it: what is shown has been kept."""
        after, feedback = apply(logged.sitting, event)
        repeated = isinstance(feedback, Hint) and feedback.again
        if self.log is not None and not repeated and not isinstance(feedback, NoHint):
            self.log.append(attempt_of(logged, event, seconds, confidence))
        self.logged = LoggedSitting(logged.id, logged.quiz, after, logged.scores)
        return self.logged, feedback

    def show(self, heading: str, prompt: str, options: Iterable[tuple[str, str]]) -> None:
        """Print a question: its heading, what is asked, and the letters with their options."""
        self.say(f"**{heading}**")
        if "\n" in prompt.strip():
            from grader.cli.markdown import render

            self.write("\n".join(render(prompt, self.screen)) + "\n\n")
        else:
            self.say(prompt)
        lines = [self.screen.wrap(text, f"  {letter}) ", "     ") + "\n" for letter, text in options]
        if lines:
            self.write("".join(lines) + "\n")

    def show_keys(self, keys: Iterable[tuple[str, str]]) -> None:
        """Print what each key does."""
        for key, what in keys:
            self.write(self.screen.wrap(what, f"  {key:<5} ", " " * 8) + "\n")
        self.write("\n")

    def _show(self, logged: LoggedSitting, question: Question, heading: str) -> None:
        tries = logged.sitting.state(question.id).tries
        options = []
        if isinstance(question, LetterQuestion):
            for letter, option_id in zip(
                letters_of(question), logged.sitting.order(question.id), strict=True
            ):
                tried = " (tried)" if isinstance(question, SingleQuestion) and option_id in tries else ""
                options.append((letter, question.text_of(option_id) + tried))
        self.show(heading, question.prompt, options)
        if tries and not isinstance(question, SingleQuestion):
            self.say(f"Tried: {' / '.join(answer_in_words(question, answer) for answer in tries)}")

    def _show_keys(self, logged: LoggedSitting, question: Question, heading: str) -> None:
        self.write("\n")
        letters = letters_of(question)
        span = f"{letters[0]}-{letters[-1]}" if letters else "value"
        if not isinstance(question, SingleQuestion):
            self.say(what_to_type(question))
        keys = [
            (span, "answer; the first try scores, then go on until it is right"),
            ("h", "show the next hint; it costs no points"),
            ("s", "skip: see the answer, for no point"),
            ("q", "quit; what you answered is kept"),
        ]
        self.show_keys((COMMANDS.get(key, "") if key in letters else key, what) for key, what in keys)
        self._show(logged, question, heading)

    def _tell(self, logged: LoggedSitting, question: Question, feedback: Feedback) -> None:
        self.write("\n")
        match feedback:
            case Marked(mark=mark, first_try=first_try):
                if not mark.correct:
                    self._say_verdict("Not yet.", mark.feedback, Look.BAD)
                    self.say("Try again: it no longer scores, but it helps you to remember.")
                    return
                self._say_verdict("Right." if first_try else "Right now.", mark.feedback, Look.GOOD)
            case GivenUp(mark=mark):
                self.say(f"Skipped. The answer is: {answer_in_words(question, mark.answer)}")
                if mark.feedback:
                    self.say(mark.feedback)
            case Hint(text=text, number=number, total=total, again=again):
                note = " There are no more; here is the last one again." if again else ""
                self.say(f"**Hint {number} of {total}.**{note} {text}")
                return
            case NoHint():
                where = f"`course lesson {logged.quiz.lesson} {question.section}`"
                self.say(f"This question has no hints. To read about it: {where}")
                return
        self.say(question.explain)

    def _say_verdict(self, word: str, text: str, look: Look) -> None:
        self.write("\n".join(self.screen.lines(verdict(word, text, look))) + "\n\n")


def _meant(typed: str, letters: str, order: tuple[str, ...]) -> str:
    """Return the option that a letter stands for on the screen; 1 is the first one, as a is."""
    if typed in letters:
        return order[letters.index(typed)]
    if typed in "123456789"[: len(letters)]:
        return order[int(typed) - 1]
    return typed


def _wants_confidence() -> bool:
    """At a terminal, unless COURSE_CONFIDENCE is off; a pipe holds answers, one a line."""
    return sys.stdin.isatty() and os.environ.get("COURSE_CONFIDENCE", "").lower() not in ("off", "no", "0")


def asks_for(question: Asked) -> str:
    """Return in a few words what to type."""
    form = form_of(question)
    span = f"{form.letters[0]}-{form.letters[-1]}" if form.letters else ""
    match form.kind:
        case "single":
            return span
        case "multiple":
            return f"all that apply of {span}"
        case "ordering":
            return f"{span} in order"
        case "numeric":
            return "a number" if form.count == 1 else f"{form.count} numbers"
        case "shape":
            return "a shape"
