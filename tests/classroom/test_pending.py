"""Work that waits for the verdicts on several files."""

from __future__ import annotations

from class_samples import report, test_result

from grader.classroom.learner_work import LearnerWork, OtherFile
from grader.classroom.pending import Pending
from grader.errors import EnvironmentProblem
from grader.judge.report import Report
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell

ITEM = "exercise-x"


def submission(source: str) -> Submission:
    return Submission("exercise_x.py", (Cell("exercise_x.py", source),))


def work(learner: str, source: str, *others: str) -> LearnerWork:
    return LearnerWork(
        learner=learner,
        item=ITEM,
        file=f"{learner}/exercise_x.ipynb",
        source=source,
        submission=submission(source),
        shown="exercise_x.ipynb",
        others=tuple(OtherFile(f"{each}.py", each, submission(each)) for each in others),
    )


def scored(score: float) -> Report:
    return report([test_result("a", score, 4)])


def test_equal_code_is_judged_once_whichever_file_it_is() -> None:
    pending = Pending()
    for each in (work("ada", "a", "b"), work("bob", "b"), work("cy", "b", "a")):
        pending.add(each)
    assert [(each.source, each.submission) for each in pending.submissions] == [
        ("a", submission("a")),
        ("b", submission("b")),
    ]


def test_a_result_waits_for_all_of_the_learner_s_files() -> None:
    pending = Pending()
    ada, bob, cy = work("ada", "a", "b", "c"), work("bob", "b"), work("cy", "c", "b")
    for each in (ada, bob, cy):
        pending.add(each)
    assert [*pending.finished((ITEM, "b"), scored(4))] == [(bob, scored(4), ())]
    note = ("exercise_x.ipynb counts, with 1 of 4 points. b.py would get 4.",)
    assert [*pending.finished((ITEM, "c"), scored(1))] == [(cy, scored(1), note)]
    found = [*pending.finished((ITEM, "a"), scored(3))]
    note = ("exercise_x.ipynb counts, with 3 of 4 points. b.py would get 4; c.py would get 1.",)
    assert found == [(ada, scored(3), note)]


def test_equal_scores_are_not_worth_a_note() -> None:
    pending = Pending()
    pending.add(work("ada", "a", "b"))
    assert [*pending.finished((ITEM, "a"), scored(2))] == []
    assert [notes for _, _, notes in pending.finished((ITEM, "b"), scored(2))] == [()]


def test_a_file_that_could_not_be_graded_is_told() -> None:
    lost = EnvironmentProblem("no memory")
    for own, other, note in (
        (scored(2), lost, "exercise_x.ipynb counts, with 2 of 4 points. b.py could not be graded."),
        (lost, scored(2), "exercise_x.ipynb counts. b.py would get 2."),
    ):
        pending = Pending()
        ada = work("ada", "a", "b")
        pending.add(ada)
        found = [*pending.finished((ITEM, "a"), own), *pending.finished((ITEM, "b"), other)]
        assert found == [(ada, own, (note,))]
