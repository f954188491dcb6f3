"""`course review`: the questions that are due for review."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from grader.cli.common import ConfidencePrompt, confidence_option

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from grader.cli.conversation import Conversation
    from grader.progress.evidence import Contents
    from grader.progress.schedule import Planned, PlannedOwn
    from grader.tutor.recording import Recorder


@click.command()
@click.option(
    "--count", type=click.IntRange(1), default=20, show_default=True, help="Maximum number of questions."
)
@click.option("--ahead", is_flag=True, help="Also review questions that are not due yet, soonest first.")
@click.option("--json", "as_json", is_flag=True, help="Print the schedule as JSON, and ask nothing.")
@confidence_option
def review(count: int, ahead: bool, as_json: bool, confidence: ConfidencePrompt) -> int:
    """Review questions you answered some time ago, before you forget the answers.

    FSRS, a model of forgetting, decides when a question is due. It looks at how
    often you have answered the question, how well, and how sure you were. It uses
    only your own log. Questions about your own code come back with other values, as
    long as your file has not changed.

    \b
    Examples:
      course review
      course review --count 5
      course review --json

    Exit code: 0 if nothing is due any more, 1 if something is.
    """
    from grader.cli.common import current_course, current_recorder
    from grader.cli.conversation import Conversation, LearnerQuit
    from grader.progress.evidence import Contents
    from grader.progress.schedule import schedule
    from grader.tutor.own_reviews import one_per_exercise, own_reviews

    course, recorder = current_course(), current_recorder()
    contents, now = Contents.of(course), recorder.now
    attempts = recorder.attempts()
    planned, own = schedule(contents, attempts, now), own_reviews(course, attempts, now)
    due = _due(planned, now)
    if as_json:
        shown = _as_json(planned, due) | {"own_code": [_own_as_json(each.planned) for each in own]}
        click.echo(json.dumps(shown, indent=2))
        return 1 if due else 0
    conversation = Conversation(sys.stdout)
    chosen = (planned if ahead else due)[:count]
    about_code = one_per_exercise(each for each in own if ahead or each.planned.due <= now)
    about_code = about_code[: count - len(chosen)]
    if chosen:
        recorder.prepare()
        asked_now = f" This review asks {len(chosen)} of them." if len(chosen) < len(due) else ""
        conversation.say(f"{_counted(len(due))} due.{asked_now}")
    try:
        _ask(conversation, contents, recorder, chosen, confidence)
        if about_code:
            from grader.cli.own_questions import review_code

            recorder.prepare()
            review_code(course, about_code, recorder, conversation)
    except (LearnerQuit, KeyboardInterrupt):
        conversation.write("\n\n")
        conversation.say("Stopped. Your answers are saved. To continue: `course review`")
        return 1
    planned = schedule(contents, recorder.attempts(), now)
    return _say_what_is_next(conversation, planned, now, anything=bool(planned or own))


def _due(planned: Sequence[Planned], now: datetime) -> list[Planned]:
    return [each for each in planned if each.due <= now]


def _ask(
    conversation: Conversation,
    contents: Contents,
    recorder: Recorder,
    chosen: list[Planned],
    confidence: ConfidencePrompt,
) -> None:
    from grader.cli.asking import ask
    from grader.tutor.asked_questions import SittingQuestion
    from grader.tutor.sittings import practice_sitting

    lesson_of = {q.id: source.lesson for source in contents.sources for q in source.questions}
    for number, each in enumerate(chosen, 1):
        question = contents.questions[each.question]
        logged = practice_sitting(question, lesson_of[question.id], recorder.attempts())
        heading = f"Review {number} of {len(chosen)}"
        ask(conversation, SittingQuestion(logged, question.id, recorder), heading, confidence)


def _say_what_is_next(
    conversation: Conversation, planned: list[Planned], now: datetime, *, anything: bool
) -> int:
    """Say when the next question is due; return the exit code."""
    if due := _due(planned, now):
        conversation.say(f"{_counted(len(due))} still due: `course review`")
        return 1
    if not anything:
        conversation.say(
            "There is nothing to review yet: questions come back some days after you answer them."
        )
        conversation.say("To begin: `course`")
        return 0
    if not planned:
        conversation.say("Nothing is due now.")
        return 0
    from grader.progress.dates import day_in_words

    day = day_in_words(planned[0].due)
    conversation.say(f"Nothing is due now. The next question is due on {day}.")
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


def _own_as_json(planned: PlannedOwn) -> dict[str, object]:
    from grader.progress.attempt import timestamp

    return {
        "exercise": planned.exercise,
        "function": planned.function,
        "template": planned.template,
        "due": timestamp(planned.due),
        "seen": planned.seen,
        "recall": round(planned.recall, 4),
    }
