"""Reading class.yaml: every slip has a line and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.classroom.class_file import class_file_of
from grader.classroom.late_rules import PerDay, Zero
from grader.errors import CourseError

WHOLE = """\
timezone: Europe/Berlin
late: {rule: per_day, percent: 10, at_most: 50}
grace: 15m
work:
  exercise-x: {due: 2026-11-27 23:59}
  tiny: {due: 2026-11-20, late: {rule: zero}, grace: 1h}
groups:
  - {name: team, learners: [ada, bob], work: [exercise-x]}
extensions:
  - {learner: cy, work: exercise-x, until: 2026-11-30, who: Prof. Ng, when: 2026-11-25, why: illness}
excused:
  - {learner: dan, who: Prof. Ng, when: 2026-11-25, why: leave}
marks:
  - {learner: fay, work: tiny, question: tiny-q2, points: 1.5, who: Prof. Ng, when: 2026-11-25}
overrides:
  - {learner: eve, work: tiny, score: 1, who: Prof. Ng, when: 2026-11-25, why: oral exam}
comments:
  - {learner: eve, text: Well done., who: Prof. Ng, when: 2026-11-25}
"""


def read(tmp_path: Path, text: str) -> object:
    return class_file_of(text, tmp_path / "class.yaml", ["exercise-x", "tiny"])


def test_a_whole_file(tmp_path: Path) -> None:
    file = class_file_of(WHOLE, tmp_path / "class.yaml", ["exercise-x", "tiny"])
    assert file.late_of("exercise-x") == PerDay(percent=10, at_most=50)
    assert file.late_of("tiny") == Zero()
    assert (file.grace_of("exercise-x").seconds, file.grace_of("tiny").seconds) == (900, 3600)
    assert file.names_of("ada", "exercise-x") == ("ada", "team")
    assert file.names_of("ada", "tiny") == ("ada",)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("Europe/Berlin", "Berlin", 1, "'Berlin' is not a time zone"),
        ("per_day", "daily", 2, "use one of none, zero, per_day, per_hour, steps"),
        ("percent: 10", "percent: 110", 2, "110 is not a percentage"),
        (
            "grace: 15m",
            "grace: 15",
            3,
            "15 has no unit — write 15m for minutes, 15h for hours or 15d for days",
        ),
        ("grace: 15m", 'grace: "15"', 3, "15 has no unit"),
        ("grace: 15m", "grace: 1.5h", 3, "'1.5h' is not a duration — write a whole number and m, h or d"),
        ("grace: 1h", "grace: 1", 6, "1 has no unit — write 1m for minutes"),
        ("{rule: zero}", "{rule: steps, steps: [{after: 2, percent: 9}]}", 6, "2 has no unit — write 2m"),
        ("grace: 15m", "grace: [15m]", 3, "a list where text is expected"),
        ("grace: 15m", "grace: 15 minutes", 3, "'15 minutes' is not a duration"),
        ("exercise-x: {due", "exercise-y: {due", 5, "the course has no exercise or quiz 'exercise-y'"),
        ("2026-11-27 23:59", "Friday", 5, "'Friday' is not a time"),
        ("learners: [ada, bob]", "learners: []", 8, "the group 'team' has no learners — list them"),
        ("work: [exercise-x]", "work: [exercis-x]", 8, "did you mean 'exercise-x'?"),
        ("until: 2026-11-30", "until: 2026-11-31", 10, "'2026-11-31' is not a time"),
        (", why: illness", "", 10, "`why` is missing"),
        ("who: Prof. Ng, when: 2026-11-25, why: leave", "why: leave", 12, "`who` is missing"),
        (", work: tiny, score", ", score", 16, "the override does not say for what — add `work:`"),
        ("score: 1", "score: -1", 16, "-1 is not a score"),
        ("fay, work: tiny", "fay", 14, "the mark does not say for which quiz — add `work:`"),
        ("points: 1.5", "points: -1", 14, "-1 is not a number of points"),
        ("fay, work: tiny", "fay, work: tinny", 14, "did you mean 'tiny'?"),
        ("text: Well done.", "txt: Well done.", 18, "did you mean `text`?"),
    ],
)
def test_a_slip_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert WHOLE.count(old) == 1
    with pytest.raises(CourseError) as caught:
        read(tmp_path, WHOLE.replace(old, new))
    assert f"class.yaml:{line}: " in str(caught.value)
    assert says in str(caught.value)


def test_nobody_is_in_two_groups_for_the_same_work(tmp_path: Path) -> None:
    two = WHOLE.replace("extensions:", "  - {name: other, learners: [bob, zoe]}\nextensions:")
    with pytest.raises(CourseError, match="bob would be in team and other for the same work"):
        read(tmp_path, two)
    assert read(tmp_path, two.replace("zoe]", "zoe], work: [tiny]"))
