"""Find the learners who may need help.

A learner is listed for missing, unreadable or ungraded work, for code of which no
test could run, for less than half of the points, or for three or more
misconceptions. Sorted by: missing or unreadable work, then lowest score, then
number of misconceptions, then name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from grader.classroom.class_report import NeedsHelp
from grader.classroom.not_run import why_nothing_ran
from grader.classroom.results import Result, Status
from grader.classroom.told import in_third_person

LOW_SHARE = 0.5  # of all points
MANY_MISCONCEPTIONS = 3


def needing_help(results: Sequence[Result], learners: Sequence[str]) -> tuple[NeedsHelp, ...]:
    """Return the learners who may need help, in order."""
    best = most_points(results)
    own: dict[str, dict[str, Result]] = {learner: {} for learner in learners}
    for result in results:
        own[result.learner][result.item] = result
    entries = [_look_at(learner, own[learner], best) for learner in learners]
    kept = [(order, entry) for order, entry in entries if entry.reasons]
    return tuple(entry for _, entry in sorted(kept, key=lambda pair: (pair[0], pair[1].learner)))


def _look_at(
    learner: str, own: dict[str, Result], best: dict[str, float]
) -> tuple[tuple[int, float, int], NeedsHelp]:
    """Return the sort key and the entry of a learner. An entry without reasons is not listed."""
    trouble: list[str] = []
    for item in sorted(best):
        result = own.get(item)
        if result is None:
            trouble.append(f"nothing to grade for {item}")
        elif result.excused:
            continue
        elif result.status is Status.UNREADABLE:
            trouble.append(f"{item} cannot be read: {in_third_person(result.problem or 'no reason given')}")
        elif result.status is Status.FAILED:
            trouble.append(f"{item} could not be graded: {result.problem or 'no reason given'}")
        elif result.report is not None and (reason := why_nothing_ran(result.report, item)):
            trouble.append(reason)
    share = share_of_points(own, best)
    ideas = tuple(sorted({idea for result in own.values() for idea in misconceptions(result)}))
    reasons = list(trouble)
    if share is not None and share < LOW_SHARE:
        reasons.append(f"{share:.0%} of the points")
    if len(ideas) >= MANY_MISCONCEPTIONS:
        reasons.append(f"{len(ideas)} misconceptions")
    order = (0 if trouble else 1, -1.0 if share is None else share, -len(ideas))
    return order, NeedsHelp(learner=learner, share=share, misconceptions=ideas, reasons=tuple(reasons))


def most_points(results: Sequence[Result]) -> dict[str, float]:
    """Return work -> the most points that a learner can have for it."""
    best: dict[str, float] = {}
    for result in results:
        best[result.item] = max(best.get(result.item, 0.0), result.max_score)
    return best


def share_of_points(own: Mapping[str, Result], best: Mapping[str, float]) -> float | None:
    """Return a learner's share of the points for all work of the class; None if nothing counts.

    Missing and unreadable work counts as 0. Work that is excused, decided by the class file, or
    could not be graded is left out.
    """
    score: list[float] = []
    points: list[float] = []
    for item, most in sorted(best.items()):
        result = own.get(item)
        if result is not None and (result.excused or result.status in (Status.GIVEN, Status.FAILED)):
            continue
        score.append(result.raw if result else 0.0)
        points.append(result.max_score if result and result.status is Status.GRADED else most)
    return math.fsum(score) / math.fsum(points) if math.fsum(points) > 0 else None


def misconceptions(result: Result) -> set[str]:
    """Return the misconceptions in one result."""
    ids = {mistake.misconception for mistake in result.report.mistakes} if result.report else set()
    if result.answers:
        ids |= {each.misconception for each in result.answers.questions if each.misconception}
    return ids
