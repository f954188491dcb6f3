"""`course review`: the questions that are due to be asked again."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from grader.cli.common import confidence_option

if TYPE_CHECKING:
    from datetime import datetime

    from grader.cli.asking import Asking
    from grader.progress.evidence import Contents
    from grader.progress.log import AttemptLog
    from grader.progress.schedule import Planned


@click.command()
@click.option("--count", type=click.IntRange(1), default=20, show_default=True, help="Ask at most so many.")
@click.option("--ahead", is_flag=True, help="Ask those too that are not due yet, the next one first.")
@click.option("--json", "as_json", is_flag=True, help="Print what is planned as JSON, and ask nothing.")
@confidence_option
def review(count: int, ahead: bool, as_json: bool, confidence: bool | None) -> int:
    """Ask again what you answered some time ago, just before you would forget it.

    When a question is due depends on how you answered it before, how often, and
    how sure you were (FSRS, a model of forgetting). All comes from your own log.

    \b
    Examples:
      course review
      course review --count 5
      course review --json

    Exit code: 0 when nothing that was due is left, 1 when something is.
    """
    from datetime import UTC, datetime

    from grader.cli.asking import Asking, Stopped
    from grader.cli.common import attempt_log, current_course
    from grader.progress.evidence import Contents
    from grader.progress.schedule import schedule

    contents, log, now = Contents.of(current_course()), attempt_log(), datetime.now(UTC)
    planned = schedule(contents, log.attempts(), now)
    due = [each for each in planned if each.due <= now]
    if as_json:
        click.echo(json.dumps(_as_json(planned, due), indent=2))
        return 1 if due else 0
    asking = Asking(log, sys.stdout, confidence)
    chosen = (planned if ahead else due)[:count]
    if chosen:
        log.prepare()
        asking.say(
            f"{_counted(len(due))} due." + (f" Now come {len(chosen)}." if len(chosen) != len(due) else "")
        )
    try:
        _ask(asking, contents, log, chosen)
    except (Stopped, KeyboardInterrupt):
        asking.write("\n\n")
        asking.say("Stopped. Your answers are kept. To go on: `course review`")
        return 1
    return _say_when(asking, schedule(contents, log.attempts(), now), now)


def _ask(asking: Asking, contents: Contents, log: AttemptLog, chosen: list[Planned]) -> None:
    from grader.cli.sittings import practice_sitting

    lesson_of = {q.id: source.lesson for source in contents.sources for q in source.questions}
    for number, each in enumerate(chosen, 1):
        question = contents.questions[each.question]
        logged = practice_sitting(question, lesson_of[question.id], log.attempts())
        asking.ask(logged, question.id, f"Review {number} of {len(chosen)}")


def _say_when(asking: Asking, planned: list[Planned], now: datetime) -> int:
    due = [each for each in planned if each.due <= now]
    if due:
        asking.say(f"{_counted(len(due))} still due: `course review`")
        return 1
    if not planned:
        asking.say("There is nothing to review yet: questions come back some days after you answered them.")
        asking.say("To begin: `course`")
        return 0
    day = planned[0].due.astimezone().strftime("%A, %d %B %Y")
    asking.say(f"Nothing is due now. The next question comes on {day}.")
    return 0


def _counted(count: int) -> str:
    return "One question is" if count == 1 else f"{count} questions are"


def _as_json(planned: list[Planned], due: list[Planned]) -> dict[str, object]:
    from grader.progress.attempt import timestamp

    rows = [
        {"question": p.question, "due": timestamp(p.due), "seen": p.seen, "recall": round(p.recall, 4)}
        for p in planned
    ]
    return {"due": len(due), "questions": rows}
