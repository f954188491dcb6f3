"""The conversation of a quiz: shows a question, reads a key, says what came of it."""

from __future__ import annotations

import sys
import time
from typing import IO

import click

from grader.cli.sittings import LoggedSitting, attempt_of
from grader.cli.text import Look, screen, verdict
from grader.content.quiz import Question
from grader.progress.log import AttemptLog
from grader.quiz.sitting import (
    Answered,
    Event,
    Feedback,
    GivenUp,
    Hint,
    HintOpened,
    Marked,
    NoHint,
    Sitting,
    Skipped,
    Stage,
    apply,
)

COMMANDS = {"h": "hint", "s": "skip", "q": "quit", "?": "keys"}
_AROUND = " \t\r\n().:'\"`"  # typed around a letter, as in "(b)" or "b."


class Stopped(Exception):
    """The learner quit, or the input ended."""


class QuizScreen:
    """Runs one sitting. Input is read line by line and need not be a terminal."""

    def __init__(self, logged: LoggedSitting, log: AttemptLog | None, out: IO[str]) -> None:
        self._logged = logged
        self._log = log
        self._out = out
        self._screen = screen(out)
        self._echo = not sys.stdin.isatty()  # so that a piped conversation can be read afterwards
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(errors="replace")

    @property
    def sitting(self) -> Sitting:
        return self._logged.sitting

    def run(self, resumed: bool) -> Sitting:
        """Ask until every question is closed or the learner stops; return where the sitting is then."""
        try:
            self._greet(resumed)
            while (question := self.sitting.current) is not None:
                self._ask(question)
        except (Stopped, KeyboardInterrupt):
            self._say_goodbye()
        return self.sitting

    def _greet(self, resumed: bool) -> None:
        quiz = self.sitting.quiz
        self._say(f"**{quiz.title}**")
        if resumed:
            done = sum(state.stage is not Stage.OPEN for state in self.sitting.states)
            self._say(
                f"You go on where you stopped; {done} of {len(quiz.questions)} questions are done. "
                f"(`course quiz {quiz.id} --new` starts afresh.)"
            )
        else:
            self._say("Type the letter of an option. Your first try scores. Type ? to see the other keys.")

    def _ask(self, question: Question) -> None:
        self._show(question)
        asked = time.monotonic()
        while self.sitting.state(question.id).stage is Stage.OPEN:
            typed = self._read(question)
            event = self._event(question, typed)
            if event is not None:
                feedback = self._take(event, time.monotonic() - asked)
                self._tell(question, feedback)

    def _event(self, question: Question, typed: str) -> Event | None:
        """Return what the typed line asks for; None if it has been dealt with."""
        order = self.sitting.order(question.id)
        if len(typed) == 1 and typed in question.option_ids:
            return Answered(question.id, order[question.option_ids.index(typed)])
        # a long list of options takes the letters h, q and s; the whole words always work
        match COMMANDS.get(typed, typed):
            case "hint":
                return HintOpened(question.id)
            case "skip":
                return Skipped(question.id)
            case "quit":
                raise Stopped
            case "keys":
                self._show_keys(question)
            case "":
                pass
            case _:
                self._say(f"Please type one of the letters {_letters(question)}, or ? to see the keys.")
        return None

    def _take(self, event: Event, seconds: float) -> Feedback:
        """Record the event, then apply it: what is shown has been kept."""
        after, feedback = apply(self.sitting, event)
        repeated = isinstance(feedback, Hint) and feedback.again
        if self._log is not None and not repeated and not isinstance(feedback, NoHint):
            self._log.append(attempt_of(self._logged, event, round(seconds, 3)))
        self._logged = LoggedSitting(self._logged.id, after)
        return feedback

    def _show(self, question: Question) -> None:
        quiz = self.sitting.quiz
        number = self.sitting.index(question.id) + 1
        self._say(f"**Question {number} of {len(quiz.questions)}**")
        if "\n" in question.prompt.strip():
            from grader.cli.markdown import render

            self._write("\n".join(render(question.prompt, self._screen)) + "\n\n")
        else:
            self._say(question.prompt)
        state = self.sitting.state(question.id)
        for letter, option_id in zip(question.option_ids, self.sitting.order(question.id), strict=True):
            tried = " (tried)" if option_id in state.tries else ""
            option = question.option(option_id).text + tried
            self._write(self._screen.wrap(option, f"  {letter}) ", "     ") + "\n")
        self._write("\n")

    def _show_keys(self, question: Question) -> None:
        self._write("\n")
        keys = [
            (_letters(question), "choose an option; the first try scores, then go on until it is right"),
            ("h", "show the next hint; hints are free"),
            ("s", "skip: see the answer, for no point"),
            ("q", "quit; what you answered is kept"),
        ]
        for key, what in keys:
            word = COMMANDS.get(key, "")
            shown = word if key in question.option_ids else key
            self._write(self._screen.wrap(what, f"  {shown:<5} ", " " * 8) + "\n")
        self._write("\n")
        self._show(question)

    def _read(self, question: Question) -> str:
        self._write(f"Your answer ({_letters(question)}, ? for keys): ")
        self._out.flush()
        try:
            line = sys.stdin.readline()
        except OSError:  # the terminal is gone
            line = ""
        if self._echo:
            self._write("".join(filter(str.isprintable, line.strip()[:80])) + "\n")
        if not line:
            raise Stopped
        return line.strip(_AROUND).lower()

    def _tell(self, question: Question, feedback: Feedback) -> None:
        self._write("\n")
        match feedback:
            case Marked(mark=mark, first_try=first_try):
                if not mark.correct:
                    self._say_verdict("Not yet.", mark.feedback, Look.BAD)
                    self._say("Try again: it no longer scores, but it helps you to remember.")
                    return
                self._say_verdict("Right." if first_try else "Right now.", mark.feedback, Look.GOOD)
            case GivenUp(mark=mark):
                self._say(f"Skipped. The answer is: {question.option(mark.answer).text}")
                self._say(mark.feedback)
            case Hint(text=text, number=number, total=total, again=again):
                note = " There are no more; here is the last one again." if again else ""
                self._say(f"**Hint {number} of {total}.**{note} {text}")
                return
            case NoHint():
                where = f"`course lesson {self.sitting.quiz.lesson} {question.section}`"
                self._say(f"This question has no hints. To read about it: {where}")
                return
        self._say(question.explain)

    def _say_goodbye(self) -> None:
        quiz = self.sitting.quiz
        self._write("\n\n")
        if self._log is None:
            self._say("Stopped. Nothing was recorded, as you asked for.")
        elif self.sitting.untouched:
            self._say(f"Stopped before the first answer. To start again: `course quiz {quiz.id}`")
        else:
            self._say(f"Stopped. Your answers are kept. To go on: `course quiz {quiz.id}`")

    def _say_verdict(self, word: str, text: str, look: Look) -> None:
        self._write("\n".join(self._screen.lines(verdict(word, text, look))) + "\n\n")

    def _say(self, text: str) -> None:
        """Print one paragraph of inline Markdown."""
        self._write(self._screen.wrap(text) + "\n\n")

    def _write(self, text: str) -> None:
        click.echo(text, file=self._out, nl=False, color=self._screen.styled)


def _letters(question: Question) -> str:
    return f"{question.option_ids[0]}-{question.option_ids[-1]}"
