"""`class.yaml`: due dates, late work, groups, and what an instructor decided about single learners."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from grader.classroom.late_rules import Duration, LateRule, NoPenalty, duration, wrong_duration
from grader.content.base import Content, Finding
from grader.content.decode import decode, follow
from grader.content.problem import ContentError, Problem
from grader.content.yaml_core import compose, line_of

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME_SAYS = 'write "2026-11-27 23:59", or a date alone for the end of that day'


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Return a time of a class file in UTC. Raises ValueError."""
    read = datetime.fromisoformat(text)
    if _DATE.fullmatch(text):
        read = datetime.combine(read, time(23, 59, 59))
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)


def _wrong_time(name: str, text: str | None) -> Iterator[Finding]:
    try:
        if text is not None:
            moment(text, ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        yield Finding((name,), f"{text!r} is not a time", _TIME_SAYS)


class Work(Content, frozen=True):
    """When an exercise or quiz is due. `late` and `grace` replace those of the class."""

    due: str | None = None
    late: LateRule | None = None
    grace: Duration | None = None

    def findings(self) -> Iterator[Finding]:
        yield from _wrong_time("due", self.due)
        yield from wrong_duration("grace", self.grace)


class Group(Content, frozen=True):
    """Learners who hand in one file together, for some work or (the default) for all."""

    name: str
    learners: tuple[str, ...]
    work: tuple[str, ...] | None = None

    def findings(self) -> Iterator[Finding]:
        if not self.learners:  # its file would be nobody's
            yield Finding(("learners",), f"the group {self.name!r} has no learners", "list them")

    def shares(self, item: str) -> bool:
        return self.work is None or item in self.work


class Remark(Content, frozen=True, kw_only=True):
    """What somebody wrote about a learner or group. Without `work`, it is about all work."""

    learner: str
    who: str
    when: str
    work: str | None = None

    def concerns(self, names: Iterable[str], item: str) -> bool:
        return self.learner in names and self.work in (None, item)

    def findings(self) -> Iterator[Finding]:
        yield from _wrong_time("when", self.when)


class Decision(Remark, frozen=True, kw_only=True):
    """What somebody decided about a learner or group."""

    why: str

    @property
    def signed(self) -> str:
        return f"{self.why} ({self.who}, {self.when})"


class Extension(Decision, frozen=True, kw_only=True):
    """A later due date."""

    until: str

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        yield from _wrong_time("until", self.until)


class Excused(Decision, frozen=True, kw_only=True):
    """Work that does not count for a learner."""


class Override(Decision, frozen=True, kw_only=True):
    """The final score, whatever was handed in and when."""

    score: float

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        if self.work is None:
            yield Finding(("learner",), "the override does not say for what", "add `work:`")
        if not 0 <= self.score < 1e9:
            yield Finding(("score",), f"{self.score:g} is not a score", "write a number from 0 on")


class EssayMark(Remark, frozen=True, kw_only=True):
    """The points for an essay of a quiz."""

    question: str
    points: float

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        if self.work is None:
            yield Finding(("learner",), "the mark does not say for which quiz", "add `work:`")
        if not 0 <= self.points < 1e9:
            yield Finding(
                ("points",), f"{self.points:g} is not a number of points", "write a number from 0 on"
            )


class Comment(Remark, frozen=True, kw_only=True):
    """A remark for a learner. It changes no score."""

    text: str


class ClassFile(Content, frozen=True):
    """A whole class.yaml. Of several decisions on the same point, the last one counts."""

    timezone: str
    late: LateRule = NoPenalty()
    grace: Duration = "0m"
    work: dict[str, Work] = msgspec.field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    extensions: tuple[Extension, ...] = ()
    excused: tuple[Excused, ...] = ()
    marks: tuple[EssayMark, ...] = ()
    overrides: tuple[Override, ...] = ()
    comments: tuple[Comment, ...] = ()
    absent: tuple[str, ...] = ()  # learners of the class who have no submission

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def findings(self) -> Iterator[Finding]:
        try:
            self.zone  # noqa: B018
        except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
            yield Finding(
                ("timezone",), f"{self.timezone!r} is not a time zone", "write a name such as Europe/Berlin"
            )
        yield from wrong_duration("grace", self.grace)
        for index, group in enumerate(self.groups):
            for other in self.groups[:index]:
                if group.name == other.name:
                    yield Finding(("groups", index, "name"), f"{group.name!r} occurs twice", "rename one")
                both = sorted({*group.learners} & {*other.learners})
                shared = group.work is None or other.work is None or {*group.work} & {*other.work}
                if both and shared:
                    what = f"{', '.join(both)} would be in {other.name} and {group.name} for the same work"
                    yield Finding(("groups", index, "learners"), what, "name the `work` of each group")

    def names_of(self, learner: str, item: str) -> tuple[str, ...]:
        """Return the learner's name and that of the group that shares the work."""
        groups = (g.name for g in self.groups if learner in g.learners and g.shares(item))
        return (learner, *groups)

    def grace_of(self, item: str) -> timedelta:
        own = self.work[item].grace if item in self.work else None
        return duration(own or self.grace) or timedelta()

    def late_of(self, item: str) -> LateRule:
        own = self.work[item].late if item in self.work else None
        return self.late if own is None else own


def class_file_of(text: str, path: Path, items: Iterable[str]) -> ClassFile:
    """Read the text of a class.yaml for a course with these exercises and quizzes. Raises ContentError."""
    file = decode(text, str(path), ClassFile)
    if unknown := [*_unknown_work(file, sorted(items))]:
        raise ContentError(problems_in(unknown, text, path))
    return file


def problems_in(findings: Iterable[Finding], text: str, path: Path) -> list[Problem]:
    """Return the problems of a class file with this text, each with its line."""
    root = compose(text, str(path))
    assert root is not None
    return [Problem(str(path), line_of(follow(root, where)), what, todo) for where, what, todo in findings]


def _unknown_work(file: ClassFile, items: list[str]) -> Iterator[Finding]:
    named: list[tuple[tuple[str | int, ...], str]] = [(("work", item), item) for item in file.work]
    for index, group in enumerate(file.groups):
        named += [(("groups", index, "work", n), item) for n, item in enumerate(group.work or ())]
    for field in ("extensions", "excused", "marks", "overrides", "comments"):
        for index, each in enumerate(getattr(file, field)):
            if each.work is not None:
                named.append(((field, index, "work"), each.work))
    for path, item in named:
        if item not in items:
            finding = Finding.unknown(path, item, items)
            what = f"the course has no exercise or quiz {item!r}"
            todo = f"use one of {', '.join(items)}" if finding.todo == "define it" else finding.todo
            yield Finding(path, what, todo)
