"""Final scores, derived from raw results, a class file and marks for essays. Nothing is judged here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from grader.classroom.class_file import ClassFile, Decision, EssayMark, Extension, Group, Remark, moment
from grader.classroom.essay_marks import Marks
from grader.classroom.late_rules import after_penalty
from grader.classroom.owner import Owner
from grader.classroom.results import Adjustment, AdjustmentKind, Mark, Result, Status
from grader.classroom.submission_time import SubmissionTime, TimeSource
from grader.content.course import Course
from grader.content.questions import EssayQuestion
from grader.errors import CourseError
from grader.judge.report import total
from grader.judge.verdict import number
from grader.quiz.result import QuestionResult
from grader.wording import first_of

REPLACES = (AdjustmentKind.OVERRIDE, AdjustmentKind.EXCUSED)  # then a penalty does not matter
NO_MARKS = Marks()
NO_TIME = "The time is unknown, so this is not taken as late."
MARKED_LATE = "The learning platform marks this as late, but the time is unknown, so no points are taken."
OF_A_COPY = "The time is that of a copy, so no points are taken."
NOT_MARKED = "The learning platform does not mark this as late, so no points are taken."
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Derived(Struct, frozen=True):
    """Final results, everybody who has a row in the table of grades, and notes for the instructor."""

    results: tuple[Result, ...]
    learners: tuple[str, ...]
    notes: tuple[str, ...] = ()


def raw_results(results: Iterable[Result]) -> list[Result]:
    """Return results as they were before a class file was applied."""
    raw: dict[tuple[str, str], Result] = {}
    # of a group's results, that of the member who handed it in says who that is
    for each in sorted(results, key=lambda each: each.handed_in_by is not None):
        if each.status is not Status.GIVEN:
            owner = each.handed_in_by or each.learner
            plain = replace(
                each,
                learner=owner,
                score=each.raw,
                adjustments=(),
                excused=False,
                marks=(),
                handed_in_by=None,
            )
            raw.setdefault((owner, each.item), plain)
    return [*raw.values()]


def derive(
    results: Sequence[Result],
    learners: Sequence[str],
    file: ClassFile | None,
    marks: Marks = NO_MARKS,
    known: Mapping[str, Owner] = MappingProxyType({}),
    of_a_copy: Collection[SubmissionTime] = (),
) -> Derived:
    """Return the final results. A mark of a table counts before one of the class file.

    `known` is what the system says of each learner, also of those without a result. `of_a_copy`
    are times that say nothing about the work. Raises CourseError if a score in the file exceeds the points.
    """
    if file is None:
        if not marks.by_place:
            return Derived(tuple(results), tuple(learners))
        file = ClassFile(timezone="UTC")  # without due dates
    best = {each.item: each.max_score for each in results}
    check_scores(file, best)
    shared = [*_in_groups(results, file, known)]
    have = {(each.learner, each.item) for each in shared}
    missing = [
        Result(
            learner=who,
            item=item,
            file="",
            source="",
            status=Status.GIVEN,
            score=0.0,
            max_score=points,
            owner=known.get(who),
        )
        for item, points in best.items()
        for who in sorted(_decided_about(file, item))
        if (who, item) not in have
    ]
    times = _Times(of_a_copy, any(each.owner is not None and each.owner.late for each in results))
    final = [_decided(_late(_marked(each, file, marks), file, times), file) for each in shared]
    final += [_decided(replace(each, raw_score=0.0), file) for each in missing]
    final = [_with_own_identity(each, known) for each in final]
    groups = {group.name for group in file.groups}
    rows = {*learners, *(each.learner for each in final)} - (groups - {each.learner for each in final})
    notes = (*_present(file, results), *_strangers(file, {*learners}, rows))
    return Derived(tuple(final), tuple(sorted(rows)), notes)


def check_scores(file: ClassFile, best: Mapping[str, float]) -> None:
    """Raise CourseError if an override exceeds the points of the work."""
    for each in file.overrides:
        most = best.get(each.work or "", each.score)
        if each.score > most:
            raise CourseError(
                f"the override for {each.learner} gives {number(each.score)} points, but {each.work} is "
                f"worth {number(most)} — correct it in the class file"
            )


def check_marks(file: ClassFile, course: Course) -> None:
    """Raise CourseError if a mark is for no essay of the course, or exceeds its points."""
    for mark in file.marks:
        if mark.work not in course.quiz_ids:
            raise CourseError(
                f"the mark of {mark.learner} is for {mark.work}, which has no essays — correct it in the "
                "class file; `overrides` give points for other work"
            )
        questions = course.quiz(mark.work or "").questions
        essays = {each.id: each for each in questions if isinstance(each, EssayQuestion)}
        _check_mark(mark, essays[mark.question].worth if mark.question in essays else None)


def _with_own_identity(result: Result, known: Mapping[str, Owner]) -> Result:
    """Return the result of a group's work with what the system says of this member, not of another."""
    return result if result.handed_in_by is None else replace(result, owner=known.get(result.learner))


def _decided_about(file: ClassFile, item: str) -> set[str]:
    """Return the learners for whom the file gives a score, or excuses the work."""
    decisions: list[Decision] = [*file.overrides, *file.excused]
    named = {each.learner for each in decisions if each.work in (None, item)}
    groups = {g.name: g for g in file.groups if g.shares(item)}
    inside = {member for name in named & groups.keys() for member in groups[name].learners}
    return (named - {g.name for g in file.groups}) | inside


def _present(file: ClassFile, results: Iterable[Result]) -> Iterator[str]:
    """Yield a note if somebody who is absent is not."""
    if present := sorted({*file.absent} & {each.learner for each in results}):
        yield f"The class file lists these as absent, but they have a submission: {first_of(present)}"


def _strangers(file: ClassFile, learners: set[str], rows: set[str]) -> Iterator[str]:
    """Yield notes on names that match no submission. Near misses are refused earlier."""
    decisions: list[Remark] = [*file.extensions, *file.excused, *file.overrides, *file.marks, *file.comments]
    named = {each.learner for each in decisions} - {group.name for group in file.groups}
    named |= {member for group in file.groups for member in group.learners}
    strangers = named - learners - {*file.absent}
    if alone := sorted(strangers & rows):
        yield f"No submission has these names, so their rows come from this file alone: {first_of(alone)}"
    if idle := sorted(strangers - rows):
        yield f"No submission has these names, so this has no effect for them: {first_of(idle)}"


# --- groups ---


def _in_groups(results: Sequence[Result], file: ClassFile, known: Mapping[str, Owner]) -> Iterator[Result]:
    """Yield the results, with one for each member of a group in place of the group's."""
    rest = {(each.learner, each.item): each for each in results}
    for group in file.groups:
        for item in sorted({each.item for each in results}):
            if not group.shares(item):
                continue
            names = (group.name, *group.learners)
            own = [rest.pop((name, item)) for name in dict.fromkeys(names) if (name, item) in rest]
            if own:
                yield from _of_members(group, own, file, known)
    yield from rest.values()


def _of_members(
    group: Group, own: Sequence[Result], file: ClassFile, known: Mapping[str, Owner]
) -> Iterator[Result]:
    def rank(each: Result) -> tuple[bool, datetime, str]:
        time = each.submitted.moment(file.zone) if each.submitted else _LONG_AGO
        return each.status is Status.GRADED, time, each.learner

    counts = max(own, key=rank)
    different = sorted({each.learner for each in own if each.source != counts.source})
    says = f"{_named(counts.learner, known)} handed this in for {group.name}."
    if different:
        others = ", ".join(_named(each, known) for each in different)
        says += f" It is the last of the group's files; those of {others} do not count."
    told = (*counts.adjustments, Adjustment(AdjustmentKind.GROUP, says))
    for learner in group.learners:
        by = None if learner == counts.learner else counts.learner
        same_as = counts.same_as if by is None else None
        yield replace(counts, learner=learner, handed_in_by=by, same_as=same_as, adjustments=told)


def _named(learner: str, known: Mapping[str, Owner]) -> str:
    """Return the name that the other members know."""
    return (learner in known and known[learner].name) or learner


# --- essays ---


def _marked(result: Result, file: ClassFile, table: Marks) -> Result:
    """Return a quiz with the points for its essays. Raises CourseError if a mark does not fit."""
    if result.answers is None:
        return result
    essays = {each.id: each for each in result.answers.questions if each.correct is None}
    names = file.names_of(result.learner, result.item)
    last = {each.question: each for each in file.marks if each.concerns(names, result.item)}
    given = {
        name: (_mark(each, essays.get(name)), f" ({each.who}, {each.when})") for name, each in last.items()
    }
    given |= {mark.question: (mark, "") for mark in table.of(result)}
    told = [*result.adjustments]
    for name, (mark, by) in given.items():
        of = f"{number(mark.points)} of {number(essays[name].points)} points"
        says = " ".join(f"{name}: {of}{by}. {mark.comment}".split())
        told.append(Adjustment(AdjustmentKind.MARK, says, mark.points))
    marks = tuple(mark for mark, _ in given.values())
    score = total((result.score, *(mark.points for mark in marks)))
    return replace(result, score=score, marks=marks, adjustments=tuple(told))


def _mark(given: EssayMark, essay: QuestionResult | None) -> Mark:
    """Return a mark of the class file. Raises CourseError if it does not fit."""
    _check_mark(given, None if essay is None else essay.points)
    return Mark(given.question, given.points)


def _check_mark(given: EssayMark, points: float | None) -> None:
    """Raise CourseError if a mark does not fit an essay with these points; None: there is no such essay."""
    where = f"the mark of {given.learner} for {given.question}"
    if points is None:
        raise CourseError(f"{where}: {given.work} has no such essay — correct it in the class file")
    if given.points > points:
        raise CourseError(
            f"{where} gives {number(given.points)} points, but it is worth {number(points)} — "
            "correct it in the class file"
        )


# --- late work ---


class _Times(Struct, frozen=True):
    """What makes the time of a submission doubtful."""

    of_a_copy: Collection[SubmissionTime]
    are_marked: bool  # True if the system marks late work

    def doubt(self, result: Result) -> str:
        """Return why a result that is late by its time may not be late; empty if it is late."""
        assert result.submitted is not None
        owner = result.owner
        if result.submitted in self.of_a_copy:
            return MARKED_LATE if owner is not None and owner.late else OF_A_COPY
        from_file = result.submitted.source in (TimeSource.ZIP, TimeSource.FILE)
        if self.are_marked and from_file and owner is not None and owner.lms and not owner.late:
            return NOT_MARKED
        return ""


def _late(result: Result, file: ClassFile, times: _Times) -> Result:
    work = file.work.get(result.item)
    if work is None or work.due is None or result.status is Status.FAILED:
        return result
    due = moment(work.due, file.zone)
    told = [*result.adjustments]
    if extension := _extension(result, file):
        due = moment(extension.until, file.zone)
        told.append(
            Adjustment(AdjustmentKind.EXTENSION, f"Due {_shown(due, file)} instead: {extension.signed}.")
        )
    if result.submitted is None:
        says = MARKED_LATE if result.owner is not None and result.owner.late else NO_TIME
        told.append(Adjustment(AdjustmentKind.LATE, says))
        return replace(result, adjustments=tuple(told))
    late = result.submitted.moment(file.zone) - due
    if late <= timedelta():
        return replace(result, adjustments=tuple(told))
    if doubt := times.doubt(result):
        told.append(Adjustment(AdjustmentKind.LATE, doubt))
        return replace(result, adjustments=tuple(told))
    grace = file.grace_of(result.item)
    score = after_penalty(file.late_of(result.item), result.score, result.max_score, late, grace)
    says = f"{_span(late)} late (due {_shown(due, file)}, time of {result.submitted.source.value})"
    lost = total((result.score, -score))
    if late <= grace:
        says += ", within the grace period."
    else:
        says += f": {number(lost)} points less." if lost else "."
    told.append(Adjustment(AdjustmentKind.LATE, says, -lost if lost else 0.0))
    return replace(result, score=score, adjustments=tuple(told))


def _extension(result: Result, file: ClassFile) -> Extension | None:
    names = file.names_of(result.learner, result.item)
    return next((e for e in reversed(file.extensions) if e.concerns(names, result.item)), None)


def _shown(time: datetime, file: ClassFile) -> str:
    return f"{time.astimezone(file.zone):%Y-%m-%d %H:%M %Z}"


def _span(late: timedelta) -> str:
    minutes = max(1, round(late.total_seconds() / 60))
    days, rest = divmod(minutes, 24 * 60)
    parts = ((days, "d"), (rest // 60, "h"), (rest % 60, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


# --- decisions ---


def _decided(result: Result, file: ClassFile) -> Result:
    names = file.names_of(result.learner, result.item)
    told = [*result.adjustments]
    score, status, excused = result.score, result.status, False
    for override in [e for e in file.overrides if e.concerns(names, result.item)][-1:]:
        if result.report is None and result.answers is None:
            status = Status.GIVEN
        told.append(
            Adjustment(
                AdjustmentKind.OVERRIDE,
                f"{number(override.score)} points: {override.signed}.",
                total((override.score, -score)),
            )
        )
        score = override.score
    for excuse in [e for e in file.excused if e.concerns(names, result.item)][-1:]:
        excused = True
        told.append(Adjustment(AdjustmentKind.EXCUSED, f"Excused: {excuse.signed}."))
    for comment in file.comments:
        if comment.concerns(names, result.item):
            says = f"{comment.text} ({comment.who}, {comment.when})"
            told.append(Adjustment(AdjustmentKind.COMMENT, says))
    return replace(result, score=score, status=status, excused=excused, adjustments=tuple(told))
