"""Compute the class report. Pure: the same results give the same report, in any order."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from grader.classroom.answer_counts import question_answers
from grader.classroom.at_risk import misconceptions, needing_help
from grader.classroom.catalogue import Catalogue
from grader.classroom.class_report import (
    ClassReport,
    MisconceptionCount,
    OutcomeCount,
    OwnCodeAnswers,
    Work,
)
from grader.classroom.class_table import Order, class_table
from grader.classroom.essays import essays
from grader.classroom.grouping import AnswerGroup
from grader.classroom.item_analysis import FEW, Item, ItemScore, ItemScores, alpha, items, spread
from grader.classroom.namesakes import Namesakes
from grader.classroom.results import Result, Status, file_notes
from grader.classroom.shared_code import Sources, large_groups_of, same_work, similar_work
from grader.content.file_names import FileKind, read_file_name
from grader.judge.report import Outcome, Report
from grader.judge.verdict import count
from grader.quiz.result import QuizResult


def class_report(
    results: Sequence[Result],
    catalogue: Catalogue,
    sources: Sources | None = None,
    expected: Iterable[str] = (),
    answer_groups: tuple[AnswerGroup, ...] = (),
    own_code: tuple[OwnCodeAnswers, ...] = (),
    *,
    absent: Iterable[str] = (),
    namesakes: tuple[Namesakes, ...] = (),
    stopped: str | None = None,
    order: Order = Order.TOTAL,
    with_code: bool = True,
) -> ClassReport:
    """Return the report.

    `sources` is the code of the exercises, if it is available. `expected` are
    learners who should have handed in work. `answer_groups` are of wrong answers, and `own_code` are
    answers about own code. `absent` are learners of whom the class file says that they have no
    submission. `stopped` says that the results are not those of a whole run.
    Without `with_code`, the report names similar code, but does not show it.
    """
    learners = sorted({r.learner for r in results} | set(expected))
    everything = results
    judged = (r for r in results if r.status is not Status.GIVEN)  # the others show nothing
    results = sorted(judged, key=lambda r: (r.item, r.learner))
    by_work: defaultdict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_work[result.item].append(result)
    given = Counter(r.item for r in everything if r.status is Status.GIVEN)
    each_work = (_work(name, own, len(learners), given[name], catalogue) for name, own in by_work.items())
    works = tuple(sorted(each_work, key=lambda work: (work.kind, work.id)))
    table = class_table(everything, learners, works, catalogue, order)
    same = tuple(each for name, own in by_work.items() for each in same_work(name, own))
    return ClassReport(
        learners=len(learners),
        works=works,
        table=table,
        needs_help=needing_help(everything, learners),
        misconceptions=_misconceptions(results, catalogue),
        shares=spread([row.share for row in table.rows if row.share is not None]),
        groups=answer_groups,
        same=same,
        alike_groups=tuple(large_groups_of(sources or {}, results, same, catalogue)),
        alike=None if sources is None else tuple(similar_work(sources, results, same, catalogue, with_code)),
        file_notes=file_notes(results),
        notes=tuple(_notes(everything, works, len(learners))),
        own_code=own_code,
        essays=essays(results, catalogue),
        stopped=stopped,
        nothing_from=tuple(sorted({*learners} - {r.learner for r in everything})),
        namesakes=namesakes,
        absent=tuple(sorted({*absent} - {*learners})),
    )


def _work(name: str, results: list[Result], learners: int, given: int, catalogue: Catalogue) -> Work:
    status = Counter(result.status for result in results)
    reports = [r.report for r in results if r.report is not None]
    sittings = [r.answers for r in results if r.answers is not None]
    marks = [_test_marks(report) for report in reports] + [_question_marks(s) for s in sittings]
    points = max((r.max_score for r in results), default=0.0)
    counted = [r for r in results if r.status is not Status.FAILED and points > 0]
    titles = _titles(name, reports, sittings, catalogue)
    return Work(
        id=name,
        kind=_kind(results),
        title=catalogue.title(name),
        graded=status[Status.GRADED],
        unreadable=status[Status.UNREADABLE],
        failed=status[Status.FAILED],
        missing=learners - len(results) - given,
        given=given,
        points=points,
        shares=spread([r.raw / (r.max_score or points) for r in counted]),
        alpha=alpha(marks),
        functions=_functions(reports, catalogue.functions(name)),
        items=items(marks, titles),
        outcomes=_outcomes(reports),
        answers=tuple(
            question_answers(
                question,
                catalogue.question(name, question),
                [each for sitting in sittings for each in sitting.questions if each.id == question],
            )
            for question in titles
            if sittings
        ),
        versions=len({r.version for r in reports} | {s.version for s in sittings}),
    )


def _kind(results: list[Result]) -> str:
    graded = next((r for r in results if r.status is Status.GRADED), None)
    if graded is None:
        kinds = {read_file_name(PurePosixPath(r.file).name).kind for r in results}
        return "quiz" if kinds <= {FileKind.YAML, FileKind.JSON} else "exercise"
    return "exercise" if graded.report is not None else "quiz"


# --- items ---


def _test_marks(report: Report) -> dict[str, ItemScore]:
    """Return test -> points; broken tests do not count."""
    return {test.id: ItemScore(test.score, test.points) for test in report.tests if test.points > 0}


def _question_marks(sitting: QuizResult) -> dict[str, ItemScore]:
    """Return question -> points. Essays, which an instructor marks, do not count."""
    marked = (each for each in sitting.questions if each.points > 0 and each.correct is not None)
    return {each.id: ItemScore(each.score, each.points) for each in marked}


def _titles(
    name: str, reports: list[Report], sittings: list[QuizResult], catalogue: Catalogue
) -> dict[str, str]:
    """Return item -> title, in the order of the result with the most items."""
    item_titles: dict[str, str] = {}
    for report in sorted(reports, key=lambda r: (-len(r.tests), r.version)):
        for test in report.tests:
            item_titles.setdefault(test.id, test.title)
    for sitting in sorted(sittings, key=lambda s: (-len(s.questions), s.version)):
        for question in sitting.questions:
            if question.id not in item_titles and question.correct is not None:
                asked = catalogue.question(name, question.id)
                item_titles[question.id] = question.id if asked is None else " ".join(asked.prompt.split())
    return item_titles


def _functions(reports: list[Report], known: Sequence[str]) -> tuple[Item, ...]:
    """Return the analysis of functions, first those of `known`, in its order.

    The points of a function are the sum of its tests.
    """
    learners: list[ItemScores] = []
    for report in reports:
        tests: defaultdict[str, list[ItemScore]] = defaultdict(list)
        for test in report.tests:
            if test.points > 0:
                tests[test.function].append(ItemScore(test.score, test.points))
        learners.append(
            {
                name: ItemScore(math.fsum(m.score for m in own), math.fsum(m.points for m in own))
                for name, own in tests.items()
            }
        )
    tested = {name for own in learners for name in own}
    names = [name for name in known if name in tested]
    names += sorted(tested.difference(names))
    return items(learners, {name: name for name in names})


def _outcomes(reports: list[Report]) -> tuple[OutcomeCount, ...]:
    tests: Counter[Outcome] = Counter()
    learners: Counter[Outcome] = Counter()
    for report in reports:
        outcomes = [test.outcome for test in report.tests]
        tests.update(outcomes)
        learners.update(set(outcomes))
    return tuple(
        OutcomeCount(outcome=outcome, tests=tests[outcome], learners=learners[outcome])
        for outcome in Outcome
        if tests[outcome]
    )


# --- misconceptions ---


def _misconceptions(results: Sequence[Result], catalogue: Catalogue) -> tuple[MisconceptionCount, ...]:
    quizzes: defaultdict[str, set[str]] = defaultdict(set)
    code: defaultdict[str, set[str]] = defaultdict(set)
    works: defaultdict[str, set[str]] = defaultdict(set)  # misconception -> where it was seen
    took: defaultdict[str, set[str]] = defaultdict(set)  # work -> learners with a verdict
    for result in results:
        if result.answers or result.report:
            took[result.item].add(result.learner)
        seen = quizzes if result.answers else code
        for idea in misconceptions(result):
            seen[idea].add(result.learner)
            works[idea].add(result.item)
    misconception_counts = (
        MisconceptionCount(
            id=name,
            belief=catalogue.belief(name),
            correction=catalogue.correction(name),
            learners=len(quizzes[name] | code[name]),
            took=len(set[str]().union(*(took[work] for work in works[name]))),
            in_quizzes=len(quizzes[name]),
            in_code=len(code[name]),
            who=tuple(sorted(quizzes[name] | code[name])),
        )
        for name in {*quizzes, *code}
    )
    return tuple(sorted(misconception_counts, key=lambda m: (-m.learners, m.id)))


# --- notes ---


def _notes(results: Iterable[Result], works: Sequence[Work], learners: int) -> list[str]:
    notes = []
    if learners < FEW:
        notes.append(
            f"With {count(learners, 'learner')}, difficulty, discrimination and alpha are imprecise."
        )
    if any(result.raw != result.score for result in results):
        notes.append("Points are those of the verdicts, before late penalties and changes by class.yaml.")
    for work in works:
        if work.failed:
            notes.append(
                f"{work.id}: {work.failed} could not be graded on this machine and are not counted. "
                "Grade again."
            )
        if work.versions > 1:
            notes.append(
                f"{work.id}: the results come from {work.versions} versions. Items with the same id are "
                "counted as one."
            )
        if any(each.outcome is Outcome.JUDGE_BROKEN for each in work.outcomes):
            notes.append(
                f"{work.id}: some tests are broken and are not counted. Run: course validate {work.id}"
            )
    return notes
