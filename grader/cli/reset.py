"""`course reset`: a clean start. The progress so far is kept in a dated copy."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.progress.attempt import Attempt

_SORTS = {
    "answer": "answer", "given": "answer", "own": "answer", "skip": "skipped question", "check": "check",
    "hint": "hint", "example": "worked example", "solution": "solution", "read": "section"
}  # fmt: skip


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask. For scripts.")
def reset(yes: bool) -> int:
    """Start again from the beginning. Your progress so far is kept in a dated copy.

    Your files stay as they are. To bring the old progress back, import the copy.

    \b
    Examples:
      course reset
      course reset --yes
      course progress --import attempts-2026-11-29.sqlite

    Exit code: 0 if the progress is empty now, 1 if you did not agree.
    """
    from datetime import datetime

    from grader.cli.common import attempt_log

    log = attempt_log()
    recorded = _counted(log.attempts())
    if recorded and not yes and not _agrees(recorded):
        click.echo("Nothing was changed.")
        return 1
    copy = log.reset(datetime.now().astimezone().date()) if recorded else None
    if copy is None:
        click.echo("No progress is recorded, so there is nothing to reset.")
        return 0
    click.echo(f"Your progress is empty now. The old progress is in {copy}: {recorded}.")
    click.echo(f"To bring the old progress back: course progress --import {_quoted(str(copy))}")
    click.echo("Next: course")
    return 0


def _agrees(recorded: str) -> bool:
    """Ask, and return True if the answer is yes. The end of the input means no."""
    from grader.cli.conversation import Conversation, LearnerQuit

    conversation = Conversation(sys.stdout)
    conversation.say(f"This empties your progress: {recorded}. A copy is kept.")
    try:
        return conversation.read_word("Empty it? Type yes or no (default: no): ") in ("y", "yes")
    except LearnerQuit:
        conversation.write("\n")
        return False


def _counted(attempts: list[Attempt]) -> str:
    """Return how many entries of each sort there are, such as "12 answers, 3 checks"; "" if none."""
    from grader.judge.verdict import count

    numbers = Counter(_SORTS[each.kind] for each in attempts)
    return ", ".join(count(numbers[sort], sort) for sort in dict.fromkeys(_SORTS.values()) if numbers[sort])


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path
