"""Group wrong answers that no known mistake explains by their behavior, and say one sentence to each group.

A group are functions that gave the same results on the same calls. Its digest holds for one seed
and one version of the exercise. Functions that passed all tests have no digest, so that no sentence
can reach right code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from grader.classroom.graded_code import function_in
from grader.classroom.legible import legible
from grader.classroom.results import Result
from grader.classroom.store import FEEDBACK
from grader.content.base import Content, Finding
from grader.content.decode import decode
from grader.content.exercise import Exercise
from grader.content.problem import ContentError, Problem
from grader.content.yaml_core import read_text
from grader.errors import CourseError
from grader.judge.report import UnnamedBehavior
from grader.judge.verdict import is_right, results_of


class AnswerGroup(Struct, frozen=True, kw_only=True):
    """Learners whose function behaves alike, though wrongly. The first one is the example."""

    work: str
    function: str
    id: str
    learners: tuple[str, ...]
    tests: tuple[str, ...]  # that failed
    says: str | None = None  # an instructor's sentence in feedback.yaml
    code: str | None = None  # of the example, if the submissions were read


class Sentence(Content, frozen=True, kw_only=True):
    """A sentence of an instructor for one group."""

    exercise: str
    function: str
    group: str
    says: str


class FeedbackFile(Content, frozen=True, kw_only=True):
    """A whole feedback.yaml."""

    sentences: tuple[Sentence, ...]

    def findings(self) -> Iterator[Finding]:
        seen: set[tuple[str, str, str]] = set()
        for index, each in enumerate(self.sentences):
            key = (each.exercise, each.function, each.group)
            if key in seen:
                yield Finding(
                    ("sentences", index), f"group {each.group!r} has a sentence already", "keep one of them"
                )
            seen.add(key)


Sentences = Mapping[tuple[str, str, str], str]  # exercise, function, group -> what to say


def read_sentences(out: Path) -> Sentences:
    """Read the feedback.yaml of a directory of results. Empty if there is none. Raises CourseError."""
    path = out / FEEDBACK
    if not path.exists():
        return {}
    file = decode(read_text(path), str(path), FeedbackFile)
    return {(s.exercise, s.function, s.group): " ".join(s.says.split()) for s in file.sentences}


def check_sentences(
    out: Path, sentences: Sentences, results: Iterable[Result], known: Mapping[str, Exercise]
) -> Iterator[str]:
    """Yield a note for each sentence that reaches nobody. Raises ContentError for unknown functions."""
    present = {(r.item, each.function, each.digest) for r in results for each in unnamed(r)}
    for exercise, function, group in sentences:
        if exercise not in known:
            raise _unknown(out, f"the course has no exercise {exercise!r}", known)
        functions = [each.name for each in known[exercise].functions]
        if function not in functions:
            raise _unknown(out, f"{exercise} has no function {function!r}", functions)
        if (exercise, function, group) not in present:
            yield (
                f"{FEEDBACK}: nobody is in group {group} of {function} ({exercise}). Groups change with the "
                "seed and the exercise; `course report` lists them"
            )


def _unknown(out: Path, what: str, known: Iterable[str]) -> ContentError:
    return ContentError([Problem(str(out / FEEDBACK), 1, what, f"use one of {', '.join(known)}")])


def unnamed(result: Result) -> list[UnnamedBehavior]:
    """Return the unexplained behaviors of a result, of functions that failed a test."""
    report = result.report
    if report is None:
        return []
    return [each for each in report.unnamed if not is_right(results_of(report, each.function))]


def said(result: Result, sentences: Sentences) -> dict[str, str]:
    """Return function -> what the instructor says to this learner about it."""
    found = {
        each.function: sentences.get((result.item, each.function, each.digest)) for each in unnamed(result)
    }
    return {function: says for function, says in found.items() if says}


def groups(
    results: Iterable[Result],
    sentences: Sentences,
    sources: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[AnswerGroup, ...]:
    """Return the groups, the largest first. `sources` is exercise -> learner -> code, if it is known."""
    members: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    tests: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for result in sorted(results, key=lambda result: (result.item, result.learner)):
        for each in unnamed(result):
            key = (result.item, each.function, each.digest)
            members[key].append(result.learner)
            tests[key] = each.tests
    found = [
        AnswerGroup(
            work=work,
            function=function,
            id=group,
            learners=tuple(learners),
            tests=tests[work, function, group],
            says=sentences.get((work, function, group)),
            code=_code_of((sources or {}).get(work, {}).get(learners[0], ""), function),
        )
        for (work, function, group), learners in members.items()
    ]
    return tuple(sorted(found, key=lambda g: (-len(g.learners), g.work, g.function, g.id)))


def _code_of(source: str, function: str) -> str | None:
    code = function_in(source, function)
    return None if code is None else legible(code)


def group_named(found: Sequence[AnswerGroup], start: str) -> AnswerGroup:
    """Return the group whose id starts with `start`. Raises CourseError."""
    matching = [group for group in found if group.id.startswith(start)]
    if len(matching) != 1:
        problem = "several groups have" if matching else "no group has"
        raise CourseError(f"{problem} an id that starts with {start!r} — `course report` lists the groups")
    return matching[0]
