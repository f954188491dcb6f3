"""`course reset`: a clean start. The progress so far is kept in a dated copy."""

from __future__ import annotations

import sys

import click


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
    recorded = len(log.attempts())
    if recorded and not yes and not _agrees(recorded):
        click.echo("Nothing was changed.")
        return 1
    done = log.reset(datetime.now().astimezone().date()) if recorded else None
    if done is None:
        click.echo("No progress is recorded, so there is nothing to reset.")
        return 0
    copy, moved = done
    click.echo(f"Your progress is empty now. {_counted(moved)} moved to {copy}.")
    click.echo(f"To bring the old progress back: course progress --import {_quoted(str(copy))}")
    click.echo("Next: course")
    return 0


def _agrees(recorded: int) -> bool:
    """Ask, and return True if the answer is yes. The end of the input means no."""
    from grader.cli.conversation import Conversation, LearnerQuit

    conversation = Conversation(sys.stdout)
    conversation.say(f"This empties your progress: {_counted(recorded)}. A copy is kept.")
    try:
        return conversation.read_word("Empty it? Type yes or no (default: no): ") in ("y", "yes")
    except LearnerQuit:
        conversation.write("\n")
        return False


def _counted(attempts: int) -> str:
    return "1 attempt" if attempts == 1 else f"{attempts} attempts"


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path
