"""Final scores: what a class file makes of raw results."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from class_samples import exercise_result, failed, unreadable
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.classroom.class_file import ClassFile, Comment, Excused, Extension, Group, Override, Work
from grader.classroom.derivation import derive, raw_results
from grader.classroom.late_rules import (
    LateRule,
    NoPenalty,
    PerDay,
    PerHour,
    Step,
    Steps,
    Zero,
    after_penalty,
    duration,
)
from grader.classroom.notes_on_times import notes_on_times
from grader.classroom.results import AdjustmentKind, Result, Status
from grader.classroom.submission_time import SubmissionTime, TimeSource
from grader.errors import CourseError

ITEM = "exercise-sum"
SIGNED: dict[str, Any] = {"who": "Prof. Ng", "when": "2026-11-20", "why": "illness"}


def handed_in(learner: str, at: str | None = "2026-11-27T12:00", points: int = 4) -> Result:
    """Return a result with 4 points of which the learner has some, handed in at a time in Berlin."""
    result = exercise_result(learner, [1.0] * points + [0.0] * (4 - points))
    time = None if at is None else SubmissionTime(at, TimeSource.STAMP)
    return replace(result, raw_score=result.score, submitted=time)


def class_file(**fields: Any) -> ClassFile:
    late = fields.pop("late", PerDay(percent=10, at_most=50))
    return ClassFile(timezone="Europe/Berlin", late=late, work={ITEM: Work(due="2026-11-27")}, **fields)


def finals(results: list[Result], file: ClassFile) -> dict[str, float]:
    return {each.learner: each.score for each in derive(results, [], file).results if each.counts}


@pytest.mark.parametrize(
    ("rule", "late", "share"),
    [
        (NoPenalty(), "9d", 0),
        (Zero(), "1m", 1),
        (PerDay(percent=10), "1m", 0.1),
        (PerDay(percent=10), "1d", 0.1),
        (PerDay(percent=10), "25h", 0.2),
        (PerDay(percent=10, at_most=15), "25h", 0.15),
        (PerDay(percent=60), "3d", 1),
        (PerHour(percent=2), "90m", 0.04),
        (Steps(steps=(Step(after="1h", percent=10), Step(after="1d", percent=50))), "1h", 0),
        (Steps(steps=(Step(after="1h", percent=10), Step(after="1d", percent=50))), "2h", 0.1),
        (Steps(steps=(Step(after="1h", percent=10), Step(after="1d", percent=50))), "2d", 0.5),
    ],
)
def test_the_rules(rule: LateRule, late: str, share: float) -> None:
    span = duration(late)
    assert span is not None
    assert rule.share(span) == pytest.approx(share)


PERCENT = st.floats(0, 100)
RULES = st.one_of(
    st.just(NoPenalty()),
    st.just(Zero()),
    st.builds(PerDay, percent=PERCENT, at_most=PERCENT),
    st.builds(PerHour, percent=PERCENT, at_most=PERCENT),
    st.lists(st.builds(Step, after=st.sampled_from(["0m", "5h", "3d"]), percent=PERCENT)).map(
        lambda steps: Steps(steps=tuple(steps))
    ),
)
SPANS = st.timedeltas(timedelta(days=-3), timedelta(days=60))


@given(RULES, st.floats(0, 1), st.floats(0, 1000), SPANS, SPANS, SPANS)
def test_a_penalty_never_raises_a_score_and_more_grace_never_lowers_it(
    rule: LateRule, share: float, best: float, late: timedelta, one: timedelta, other: timedelta
) -> None:
    score = share * best
    less, more = (after_penalty(rule, score, best, late, grace) for grace in sorted((one, other)))
    assert 0 <= less <= more <= score


def test_late_work_loses_points_and_says_why() -> None:
    (result,) = derive([handed_in("ada", "2026-11-29T08:00")], ["ada"], class_file()).results
    assert (result.score, result.raw_score, result.max_score) == (3.2, 4.0, 4.0)
    (why,) = result.adjustments
    assert why.kind is AdjustmentKind.LATE
    assert why.points == pytest.approx(-0.8)
    assert why.says == ("1 d 8 h late (due 2026-11-27 23:59 CET, time of timestamp.txt): 0.8 points less.")


def test_offsets_and_summer_time_are_the_same_moment() -> None:
    at_the_end = handed_in("ada", "2026-11-27T22:59:59+00:00")
    too_late = handed_in("bob", "2026-11-27T23:00:01+00:00")
    assert finals([at_the_end, too_late], class_file()) == {"ada": 4.0, "bob": 3.6}


def test_grace_extensions_excuses_overrides() -> None:
    late = "2026-11-28T00:10"
    results = [handed_in(name, late) for name in ("ada", "bob", "cy", "dan")]
    file = class_file(
        grace="5m",
        extensions=(Extension(learner="bob", until="2026-11-30", **SIGNED),),
        excused=(Excused(learner="cy", work=ITEM, **SIGNED),),
        overrides=(
            Override(learner="dan", work=ITEM, score=1, **SIGNED),
            Override(learner="dan", work=ITEM, score=2.5, **SIGNED),
        ),
        comments=(Comment(learner="ada", text="Come and see me.", who="Prof. Ng", when="2026-11-30"),),
    )
    derived = derive(results, ["ada", "bob", "cy", "dan"], file)
    by = {each.learner: each for each in derived.results}
    assert finals(results, file) == {"ada": 3.6, "bob": 4.0, "dan": 2.5}
    assert by["cy"].excused
    assert [a.says for a in by["dan"].adjustments][1] == "2.5 points: illness (Prof. Ng, 2026-11-20)."
    assert by["ada"].adjustments[-1].says == "Come and see me. (Prof. Ng, 2026-11-30)"
    assert by["ada"].adjustments[-1].kind is AdjustmentKind.COMMENT
    assert all(each.raw == 4.0 for each in derived.results)
    within = replace(file, grace="30m")
    assert finals(results, within)["ada"] == 4.0


def test_unknown_times_are_not_late_and_failures_stay_failures() -> None:
    derived = derive([handed_in("ada", None), failed("bob")], [], class_file(late=Zero()))
    by = {each.learner: each for each in derived.results}
    assert by["ada"].score == 4.0
    assert "unknown" in by["ada"].adjustments[0].says
    assert by["bob"].status is Status.FAILED
    file = class_file(overrides=(Override(learner="bob", work=ITEM, score=2, **SIGNED),))
    assert finals([failed("bob")], file) == {"bob": 2.0}


def test_a_score_can_be_given_without_work() -> None:
    file = class_file(
        overrides=(Override(learner="oral", work=ITEM, score=3, **SIGNED),),
        excused=(Excused(learner="ill", work=ITEM, **SIGNED),),
    )
    derived = derive([handed_in("ada")], ["ada"], file)
    given = {each.learner: each for each in derived.results if each.status is Status.GIVEN}
    assert given["oral"].score == 3.0
    assert given["ill"].excused
    assert derived.learners == ("ada", "ill", "oral")


def test_all_members_get_the_group_s_last_work() -> None:
    first, last = handed_in("ada", "2026-11-26T10:00", 1), handed_in("bob", "2026-11-27T10:00", 3)
    file = class_file(groups=(Group(name="team", learners=("ada", "bob", "cy")),))
    derived = derive([first, last, handed_in("dan")], ["ada", "bob", "dan"], file)
    assert {each.learner: each.score for each in derived.results} == {
        "ada": 3.0,
        "bob": 3.0,
        "cy": 3.0,
        "dan": 4.0,
    }
    assert derived.learners == ("ada", "bob", "cy", "dan")
    by = {each.learner: each for each in derived.results}
    assert (by["ada"].handed_in_by, by["bob"].handed_in_by) == ("bob", None)
    assert "those of ada do not count" in by["cy"].adjustments[0].says
    broken = derive([first, replace(unreadable("bob"), submitted=last.submitted)], [], file)
    assert {each.score for each in broken.results} == {1.0}  # what can be read comes first


def test_a_group_can_hand_in_under_its_own_name_and_be_extended() -> None:
    file = class_file(
        late=Zero(),
        groups=(Group(name="team", learners=("ada", "bob")),),
        extensions=(Extension(learner="team", until="2026-12-01", **SIGNED),),
    )
    derived = derive([handed_in("team", "2026-11-30T10:00")], ["team"], file)
    assert {each.learner: each.score for each in derived.results} == {"ada": 4.0, "bob": 4.0}
    assert derived.learners == ("ada", "bob")


@given(st.lists(st.sampled_from("abcdef"), unique=True, min_size=1), st.integers(0, 4))
def test_raw_results_come_back(names: list[str], points: int) -> None:
    results = [handed_in(name, f"2026-11-29T0{n}:00", points) for n, name in enumerate(sorted(names))]
    file = class_file(
        groups=(Group(name="b", learners=("a", "g")),),
        overrides=(Override(learner="c", work=ITEM, score=2, **SIGNED),),
        excused=(Excused(learner="d", **SIGNED),),
    )
    once = derive(results, names, file)
    kept = {each.learner: each for each in raw_results(once.results)}
    assert kept.items() <= {each.learner: each for each in results}.items()
    assert derive(list(kept.values()), names, None).results == tuple(kept.values())
    again = derive(list(kept.values()), names, file)
    assert {(r.learner, r.score) for r in again.results} == {(r.learner, r.score) for r in once.results}


def test_an_override_above_the_points_and_names_without_a_submission_are_told() -> None:
    file = class_file(overrides=(Override(learner="ada", work=ITEM, score=5, **SIGNED),))
    with pytest.raises(CourseError, match="the override for ada gives 5 points, but exercise-sum is worth 4"):
        derive([handed_in("ada")], ["ada"], file)
    strangers = class_file(
        groups=(Group(name="t", learners=("ada", "bob")),),
        extensions=(Extension(learner="cy", until="2026-12-01", **SIGNED),),
        excused=tuple(Excused(learner=name, **SIGNED) for name in ("zoe", "dan", "eve")),
        absent=("eve",),
    )
    derived = derive([handed_in("ada")], ["ada"], strangers)
    assert derived.learners == ("ada", "bob", "dan", "eve", "zoe")
    assert derived.notes == (
        "No submission has these names, so their rows come from this file alone: bob, dan, zoe",
        "No submission has these names, so this has no effect for them: cy",
    )


def test_somebody_who_is_absent_and_has_a_submission_is_told() -> None:
    found = derive([handed_in("ann")], ["ann", "bob"], class_file(absent=("ann", "bob", "gus")))
    assert found.notes == ("The class file lists these as absent, but they have a submission: ann",)


def test_penalties_by_the_date_of_a_file_are_told() -> None:
    late = replace(handed_in("ada"), submitted=SubmissionTime("2026-11-29T10:00", TimeSource.FILE))
    derived = derive([late, handed_in("bob", "2026-11-29T10:00")], [], class_file())
    (note,) = notes_on_times(derived.results)
    assert note.endswith("may change: ada")
