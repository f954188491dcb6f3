"""`course` without a command: a greeting, the one next step, and Enter to start it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.content.course import Course
    from grader.progress.standing import Standing

WELCOME = (
    "Read in small steps, answer questions, and write code that hidden tests check. "
    "You can stop at any time and continue later."
)


def greet(context: click.Context) -> int:
    """Show where the learner stands and the next step, which Enter starts at a terminal.

    Returns the exit code of that step, or else 0.
    """
    from grader.cli.common import attempt_log, current_course
    from grader.cli.progress import kit_lines, standing_in
    from grader.cli.text import screen

    course, log = current_course(), attempt_log()
    standing = standing_in(course, log)
    page = screen()
    for line in (*_where(course, standing), *kit_lines(course, standing, log)):
        click.echo(page.wrap(line))
    command = next(iter(standing.next.commands), None)
    click.echo()
    if command:
        click.echo(f"Next: {command}")
    if standing.next.other:
        click.echo(f"Or:   {standing.next.other}")
    click.echo(page.wrap("In your browser: `course open`. All commands: `course --help`"))
    if command and _wants_to_start(command):
        return _start(context, command)
    return 0


def _where(course: Course, standing: Standing) -> Iterator[str]:
    """Yield the greeting of a newcomer, or the scores and what is open."""
    if not standing.attempts and course.lesson_ids and standing.next.kind in ("take", "learn"):
        yield f"Welcome! **{course.lesson(course.lesson_ids[0]).title}**"
        yield WELCOME
        return
    if standing.attempts:
        taken = sum(quiz.finished for quiz in standing.quizzes)
        passed = sum(exercise.passed for exercise in standing.exercises)
        quizzes = f"Quizzes taken: {taken} of {len(standing.quizzes)}. " if standing.quizzes else ""
        what = "Exercises passed" if course.kit is None else "Exercises that pass their visible tests"
        yield f"{quizzes}{what}: {passed} of {len(standing.exercises)}."
    yield standing.next.says


def _wants_to_start(command: str) -> bool:
    """Wait for Enter; return False for q, Ctrl-C and the end of the input. Only a terminal is asked."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    from grader.cli.conversation import Conversation, LearnerQuit

    conversation = Conversation(sys.stdout)
    conversation.write("\n")
    try:
        while conversation.read_word("Enter to start it, q to quit: ") not in ("", command):
            conversation.say("Press Enter or type `q`. After `q`, you can type any command.")
    except (LearnerQuit, KeyboardInterrupt):
        conversation.write("\n")
        return False
    conversation.write("\n")
    return True


def _start(context: click.Context, command: str) -> int:
    """Run the command, such as `course learn`, in this process. Return its exit code."""
    assert isinstance(context.command, click.Group)
    name, *arguments = command.split()[1:]
    chosen = context.command.get_command(context, name)
    assert chosen is not None
    with chosen.make_context(name, arguments, parent=context) as sub_context:
        code = chosen.invoke(sub_context)
    return code if isinstance(code, int) else 0
