"""A learner at a real terminal. The log shows the current question, and so the right answer to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pexpect

from grader.content.course import Course
from grader.content.questions import LetterQuestion, MultipleQuestion, OrderingQuestion, Question
from grader.progress.attempt import Attempt
from grader.progress.evidence import Contents
from grader.progress.log import AttemptLog
from grader.quiz.answer import letters_of, right_answer
from grader.tutor.facts import Facts
from grader.tutor.path import AskQuestion, ReadSection, next_step
from grader.tutor.sittings import LoggedSitting, sitting_to_ask

PROMPTS = {
    "begin": r"Enter to begin: ",
    "section": r"Enter to go on: ",
    "again": r"Enter to read it again, s to skip it: ",
    "answer": r"Your answer \([^\n]*\? for keys\): ",
    "sure": r"How sure are you\?[^\n]*: ",
    "exercise": r"\n> ",
    "end": pexpect.EOF,
}
Typed = Callable[["Terminal", str], str]  # (terminal, name of the prompt) -> what to type


class Terminal:
    """A command that runs at a pseudo-terminal of 80 columns."""

    def __init__(self, command: str, environment: dict[str, str], cwd: Path, *args: str) -> None:
        self.home = Path(environment["COURSE_HOME"])
        self.output = ""
        self._child: Any = pexpect.spawn(
            command, [*args], env=environment, cwd=cwd, encoding="utf-8", timeout=90, dimensions=(50, 80)
        )

    def run(self, typed: Typed) -> int:
        """Answer every prompt until the command ends, and return its exit code."""
        names = [*PROMPTS]
        while (name := names[self._child.expect([*PROMPTS.values()])]) != "end":
            self._keep()
            self._child.sendline(typed(self, name))
        self._keep()
        self._child.close()
        return int(self._child.exitstatus)

    @property
    def is_about_code(self) -> bool:
        """True if the current question is about the learner's own code, which is not in the course."""
        headings = re.findall(r"^(Your code, q|Q|Another q)uestion ", self.output, re.MULTILINE)
        return bool(headings) and headings[-1].startswith("Your")

    def attempts(self) -> list[Attempt]:
        log = AttemptLog(self.home / "attempts.sqlite")
        attempts = log.attempts()
        log.close()
        return attempts

    def _keep(self) -> None:
        matched = self._child.after if isinstance(self._child.after, str) else ""
        self.output += (self._child.before + matched).replace("\r\n", "\n").replace("\r", "")


@cache
def contents_of(course: Course) -> Contents:
    return Contents.of(course)


def asked_in_learn(course: Course, lesson: str, attempts: list[Attempt]) -> tuple[Question, LoggedSitting]:
    """Return the question that `course learn` asks now, with its drawn values, and its sitting."""
    facts = Facts(contents_of(course), course.lesson(lesson), attempts)
    back = [
        ReadSection(s, concept.id).key for s in facts.lesson.sections for concept in facts.lesson.concepts
    ]
    step = next_step(facts, led_back=back)  # a question is asked only after the reading
    assert isinstance(step, AskQuestion), step
    logged = sitting_to_ask(step.question, step.quiz, lesson, attempts)
    return logged.sitting.quiz.questions[logged.sitting.index(step.question.id)], logged


def as_typed(logged: LoggedSitting, question: Question, answer: str) -> str:
    """Return an answer as it must be typed, with the letters shown on the screen."""
    if not isinstance(question, LetterQuestion):
        return answer
    order = logged.sitting.order(question.id)
    return "".join(letters_of(question)[order.index(letter)] for letter in answer)


def wrong_answer(question: Question) -> str:
    """Return a wrong answer. For a value, it is one that the question foresees."""
    if isinstance(question, MultipleQuestion):
        return next(letter for letter in question.option_ids if letter not in question.answer)
    if isinstance(question, OrderingQuestion):
        return question.answer[::-1]
    if isinstance(question, LetterQuestion):
        return next(letter for letter in question.option_ids if letter != question.answer)
    return question.wrong[0].value


def right_typed(course: Course, terminal: Terminal, lesson: str) -> str:
    question, logged = asked_in_learn(course, lesson, terminal.attempts())
    return as_typed(logged, question, right_answer(question))


def wrong_typed(course: Course, terminal: Terminal, lesson: str) -> str:
    question, logged = asked_in_learn(course, lesson, terminal.attempts())
    return as_typed(logged, question, wrong_answer(question))


def without_lesson_text(output: str) -> str:
    """Return the output without the text of sections, because the lesson has its own tests."""
    return re.sub(
        r"(^\d(?:\.\d)? [^\n]+\n)(?:-+\n)?\n.*?(?=^Enter to go on: )",
        r"\1[its text]\n\n",
        output,
        flags=re.DOTALL | re.MULTILINE,
    )
