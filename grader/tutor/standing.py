"""A learner's standing in a course or a kit."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from grader.progress.attempt import Attempt
from grader.progress.evidence import Contents
from grader.progress.standing import Standing
from grader.progress.suggestion import first_step
from grader.progress.summary import standing

KIT_DONE = "Every exercise passes its visible tests. Answer the quizzes, and hand everything in."


def learner_standing(contents: Contents, attempts: list[Attempt], now: datetime, *, kit: bool) -> Standing:
    """Return the learner's standing. In a kit, its next step does not depend on quizzes, which are sealed."""
    found = standing(contents, attempts, now)
    if not kit:
        return found
    if found.next.kind == "done":
        return replace(found, next=replace(found.next, says=KIT_DONE))
    if not found.attempts and contents.lessons:
        return replace(found, next=first_step(contents.lessons[0].id))
    return found
