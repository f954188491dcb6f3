"""`%quiz`: the questions of `course quiz` below a cell. Answers are typed, so any front end will do."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from IPython import display as ipython
from IPython.core.error import StdinNotImplementedError

from grader.cli.common import ConfidencePrompt, Recording, current_course, current_recorder
from grader.cli.conversation import Conversation, LearnerQuit
from grader.cli.text import Look, Screen
from grader.errors import CourseError, EnvironmentProblem
from grader.tutor.recording import Recorder

if TYPE_CHECKING:
    from grader.content.figures import Figure

PRACTICE_COUNT = 10  # as many as `course quiz --practice` asks


class NotebookConversation(Conversation):
    """A conversation below a cell: Markdown goes out, and lines come from the front end's input field."""

    def __init__(self) -> None:
        self.screen = Screen()
        self._said = set()

    def say(self, text: str) -> None:
        """Show one paragraph of inline Markdown."""
        _show(text, self.screen.wrap(text))

    def say_blocks(self, text: str) -> None:
        """Show Markdown: paragraphs, lists, tables, code."""
        _show(text, text)

    def say_verdict(self, word: str, text: str, look: Look) -> None:
        """Show a verdict: a word that stands out, then a text."""
        self.say(f"**{word}** {text}")

    def say_figure(self, figure: Figure, command: str) -> None:
        """Show a figure. A front end without pictures shows its alternative text."""
        from grader.notebook.pictures import picture

        _show(picture(figure, current_course()), self.screen.wrap(f"Figure: {figure.words}"))

    def say_options(self, options: Iterable[tuple[str, str]]) -> None:
        """Show lettered options."""
        if lines := [f"**{letter})** {text.strip()}" for letter, text in options]:
            self.say_list(lines)

    def say_keys(self, keys: Iterable[tuple[str, str]]) -> None:
        """Show what each key does."""
        self.say_list([f"`{key}`: {effect}" for key, effect in keys])

    def say_list(self, lines: Iterable[str]) -> None:
        """Show a list of inline Markdown."""
        listed = [*lines]
        plain = "\n".join(self.screen.wrap(line, "  ", "     ") for line in listed)
        _show("\n".join("- " + "\n  ".join(line.split("\n")) for line in listed), plain)

    def write(self, text: str) -> None:
        """Print text, unless it is only there to separate lines at a terminal."""
        if text.strip():
            print(text)

    def read(self, prompt: str) -> str:
        """Return one typed line without its end. Raises LearnerQuit at the end of the input."""
        sys.stdout.flush()
        try:
            return input(prompt).strip()
        except EOFError:
            raise LearnerQuit from None
        except StdinNotImplementedError:
            raise EnvironmentProblem(
                "nothing can be typed here, because the notebook runs without a reader — "
                "take the quiz in a terminal: course quiz"
            ) from None


def take_quiz(quiz_id: str, options: Collection[str], recording: Recording) -> None:
    """Ask the questions of a quiz, or practice questions. Record the answers. Raises CourseError."""
    from grader.cli.quiz_screen import run_quiz
    from grader.cli.quiz_summary import show_summary
    from grader.tutor.sittings import fresh_sitting, open_sitting

    course, recorder = current_course(), current_recorder(recording)
    quiz_ids = course.quiz_ids or course.sealed_quiz_ids
    if not quiz_id and len(quiz_ids) != 1:
        raise CourseError(f"which quiz? Name it, as in %quiz ID (quizzes: {', '.join(quiz_ids) or 'none'})")
    quiz_id = quiz_id or quiz_ids[0]
    conversation = NotebookConversation()
    if course.kit is not None:
        _take_in_kit(course.sealed_quiz(quiz_id), options, recorder, conversation)
        return
    quiz = course.quiz(quiz_id)
    if "--practice" in options:
        from grader.cli.practice import run_practice

        run_practice(quiz.lesson, PRACTICE_COUNT, recorder, conversation, ConfidencePrompt.HIDDEN)
        return
    recorder.prepare()
    attempts = recorder.attempts(quiz=quiz.id)
    logged = fresh_sitting(quiz, attempts) if "--new" in options else open_sitting(quiz, attempts)
    show_summary(run_quiz(logged, recorder, conversation, ConfidencePrompt.HIDDEN), course)


def _take_in_kit(
    quiz: Any, options: Collection[str], recorder: Recorder, conversation: NotebookConversation
) -> None:
    from grader.cli.kit_quiz import answer_all_questions, answer_open_questions

    if "--practice" in options:
        raise CourseError("a learner's kit has no practice questions")
    answer = answer_all_questions if "--new" in options else answer_open_questions
    answer(quiz, recorder, conversation)


def _show(markdown: str, plain: str) -> None:
    display: Any = ipython.display
    display({"text/markdown": markdown, "text/plain": plain}, raw=True)
