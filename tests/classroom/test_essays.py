"""Essays of a class: listed to be read, marked in class.yaml, and told to their learners."""

from __future__ import annotations

import re
from typing import Any

import pytest
from msgspec.structs import replace
from sample_questions import ESSAY, SINGLE, question

from grader.classroom.catalogue import Catalogue
from grader.classroom.class_file import ClassFile, EssayMark, Override, Work
from grader.classroom.class_page.page import page
from grader.classroom.class_report import ClassReport
from grader.classroom.derivation import derive, raw_results
from grader.classroom.feedback_page import text
from grader.classroom.known_names import with_names
from grader.classroom.late_rules import Zero
from grader.classroom.quiz_feedback import feedback_on_quiz
from grader.classroom.report_rows import rows
from grader.classroom.results import AdjustmentKind, Result, Status
from grader.classroom.statistics import class_report
from grader.classroom.submission_time import SubmissionTime, TimeSource
from grader.cli.report_tables import tables
from grader.cli.text import Screen
from grader.content.course import Course
from grader.content.quiz import Quiz
from grader.errors import CourseError
from grader.quiz.answers_file import marked

WHY = replace(question(ESSAY), id="why", points=3)
QUIZ = Quiz(id="tiny", lesson="tiny", title="Tiny", questions=(question(SINGLE), WHY))
SIGNED: dict[str, Any] = {"work": "tiny", "who": "Kim", "when": "2026-11-27"}


def result(learner: str, **answers: str) -> Result:
    found = marked(QUIZ, answers, {})
    return Result(
        learner=learner,
        item="tiny",
        file=f"{learner}/tiny.yaml",
        source="x",
        status=Status.GRADED,
        score=found.score,
        raw_score=found.score,
        max_score=found.max_score,
        answers=found,
        submitted=SubmissionTime("2026-11-27T12:00", TimeSource.STAMP),
    )


RESULTS = [result("bob", q1="a", why="To <share>."), result("ann", q1="b", why="To *eat*."), result("cid")]


def mark(learner: str, points: float, question: str = "why") -> EssayMark:
    return EssayMark(learner=learner, question=question, points=points, **SIGNED)


def derived(*marks: EssayMark, **more: Any) -> dict[str, Result]:
    file = ClassFile(timezone="Europe/Berlin", marks=marks, **more)
    return {each.learner: each for each in derive(RESULTS, ["ann", "bob", "cid"], file).results}


def test_marks_add_to_the_points_of_the_quiz() -> None:
    """The last one of several counts, and the points of the answers stay as they are."""
    final = derived(mark("ann", 1), mark("ann", 2.5), mark("bob", 3))
    assert {name: each.score for name, each in final.items()} == {"ann": 3.5, "bob": 3.0, "cid": 0.0}
    assert final["ann"].raw == 1.0 and final["ann"].points_for("why") == 2.5
    (told,) = final["ann"].adjustments
    assert (told.kind, told.says) == (AdjustmentKind.MARK, "why: 2.5 of 3 points (Kim, 2026-11-27).")
    assert sorted(raw_results(final.values()), key=lambda r: r.learner) == sorted(
        RESULTS, key=lambda r: r.learner
    )


def test_late_rules_and_overrides_come_after_marks() -> None:
    work = {"tiny": Work(due="2026-11-20", late=Zero())}
    override = Override(learner="bob", score=4, why="oral exam", **SIGNED)
    final = derived(mark("ann", 3), mark("bob", 1), work=work, overrides=(override,))
    assert (final["ann"].score, final["bob"].score) == (0.0, 4.0)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (mark("ann", 4), "the mark of ann for why gives 4 points, but it is worth 3"),
        (mark("ann", 1, "q1"), "the mark of ann for q1: tiny has no such essay"),
        (mark("ann", 1, "q9"), "the mark of ann for q9: tiny has no such essay"),
    ],
)
def test_a_mark_that_does_not_fit_is_refused(wrong: EssayMark, says: str) -> None:
    with pytest.raises(CourseError, match=re.escape(says)):
        derived(wrong)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ClassReport:
    root = tmp_path_factory.mktemp("course")
    (root / "quizzes").mkdir()
    lines = "\n    ".join(ESSAY.splitlines())
    (root / "quizzes/tiny.yaml").write_text(
        f"id: tiny\nlesson: tiny\ntitle: Tiny\nquestions:\n"
        f"  - id: why\n    concepts: [numbers]\n    section: '1'\n    points: 3\n    {lines}\n"
    )
    return class_report([*derived(mark("ann", 2)).values()], Catalogue(Course(root)))


def test_the_report_lists_answers_to_read_and_counts_none_as_wrong(report: ClassReport) -> None:
    (essay,) = report.essays
    assert (essay.question, essay.points, essay.prompt) == ("why", 3.0, "Why do people count?")
    assert [(each.learner, each.text, each.points) for each in essay.answers] == [
        ("ann", "To *eat*.", 2.0),
        ("bob", "To <share>.", None),
    ]
    (work,) = report.works
    assert [item.id for item in work.items] == ["q1"] == [each.question for each in work.answers]
    assert ("tiny", "learner", "ann", "points for why", 2.0) in [*rows(report)]
    shown = "\n".join(tables(report, Screen()))
    assert "Essay why of tiny, 3 points" in shown and "- bob (no points yet): To <share>." in shown
    assert "- ann (2 points): To *eat*." in shown
    html = page(with_names(report, {"ann": "Ann Lee"}))
    assert "Ann Lee</th><td>To *eat*.</td>" in html and "To &lt;share&gt;." in html
    assert "What earns points: It names a purpose.; It gives an example" in html


def test_learners_read_their_points() -> None:
    final = derived(mark("ann", 2))
    said = text(feedback_on_quiz(final["ann"], QUIZ))
    assert "Question 2: 2 of 3 points" in said and "Your answer: To *eat*." in said
    assert "Question 2: not marked yet" in text(feedback_on_quiz(final["bob"], QUIZ))
    assert "Question 2: not answered" in text(feedback_on_quiz(final["cid"], QUIZ))
