"""The class report, computed from the results of a class."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from class_samples import exercise_result, failed, quiz_result, unreadable
from hypothesis import given
from hypothesis import strategies as st
from sample_questions import MATCHING, TEXT, edited, question, written
from tiny_course import write_course

from grader.classroom.anonymity import anonymous, pseudonyms
from grader.classroom.answer_counts import question_answers
from grader.classroom.catalogue import Catalogue
from grader.classroom.class_report import ClassReport
from grader.classroom.owner import Owner
from grader.classroom.results import Result, Status
from grader.classroom.statistics import class_report
from grader.content.course import Course
from grader.judge.report import Outcome
from grader.quiz.answer import mark
from grader.quiz.answers_file import marked
from grader.quiz.result import QuestionResult

NONE_OF_IT = "0% of the points"
RESULTS = [
    exercise_result("ann", [1, 1]),
    exercise_result("bob", [1, 0], misconceptions=["off-by-one"]),
    exercise_result("cid", [0, 0], misconceptions=["off-by-one", "other"]),
    unreadable("dan"),
    failed("eve"),
    quiz_result("ann", {"tiny-q1": "b", "tiny-q2": "c", "tiny-q3": "a"}),
    quiz_result("bob", {"tiny-q1": "a", "tiny-q2": "c"}),
    quiz_result("dan", {"tiny-q1": "a", "tiny-q3": "b"}),
]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    yield Catalogue(Course(write_course(tmp_path_factory.mktemp("course") / "tiny")))


@pytest.fixture(scope="module")
def found(catalogue: Catalogue) -> ClassReport:
    return class_report(RESULTS, catalogue, expected=["ann", "fay"])


def test_submissions_are_counted_per_exercise_and_quiz(found: ClassReport) -> None:
    exercise, quiz = found.works
    assert (exercise.id, exercise.kind, exercise.title) == ("exercise-sum", "exercise", "Adding")
    assert (exercise.graded, exercise.unreadable, exercise.failed, exercise.missing) == (3, 1, 1, 1)
    assert exercise.shares.count == 4  # unreadable work earns 0; work that could not be graded is left out
    assert exercise.shares.mean == pytest.approx((1 + 0.5) / 4)
    assert [item.difficulty for item in exercise.items] == [pytest.approx(2 / 3), pytest.approx(1 / 3)]
    assert (quiz.id, quiz.kind, quiz.graded, quiz.missing) == ("tiny", "quiz", 3, 3)
    assert next(item.title for item in quiz.items) == "What comes after one?"


def test_learners_with_a_decision_alone_are_not_missing(catalogue: Catalogue) -> None:
    given = msgspec.structs.replace(failed("gus"), status=Status.GIVEN, problem=None, score=1.0)
    work = class_report([*RESULTS, given], catalogue, expected=["fay"]).works[0]
    assert (work.graded, work.unreadable, work.failed, work.given, work.missing) == (3, 1, 1, 1, 1)


def test_function_scores_are_sums_of_test_scores(catalogue: Catalogue) -> None:
    both = exercise_result("ann", [1, 0])
    assert both.report is not None
    tests = (both.report.tests[0], msgspec.structs.replace(both.report.tests[1], function="half"))
    split = msgspec.structs.replace(both, report=msgspec.structs.replace(both.report, tests=tests))
    (work,) = class_report([split], catalogue).works
    assert [(f.id, f.difficulty) for f in work.functions] == [("add", 1.0), ("half", 0.0)]


def test_every_option_is_listed_with_its_misconception(found: ClassReport) -> None:
    first, second, third = found.works[1].answers
    assert [(a.answer, a.learners, a.misconception) for a in first.answers] == [
        ("a", 2, "off-by-one"),
        ("b", 1, None),
        ("c", 0, None),
    ]
    assert [a.text for a in first.answers] == ["Three", "Two", "Four"]
    assert (second.answers[-1].answer, second.answers[-1].learners) == (None, 1)
    assert [a.learners for a in third.answers] == [1, 1, 1]


def test_each_learner_counts_once_per_misconception(found: ClassReport) -> None:
    first, second = found.misconceptions
    # bob shows it in the quiz and in code
    assert (first.id, first.learners, first.in_quizzes, first.in_code) == ("off-by-one", 3, 2, 2)
    assert first.belief == "Counting starts at two."
    assert (second.id, second.learners, second.belief) == ("other", 1, "other")


def test_the_share_of_a_misconception_is_of_those_who_took_the_work(catalogue: Catalogue) -> None:
    results = [quiz_result("ann", {"tiny-q1": "a"}), quiz_result("bob", {"tiny-q1": "b"})]
    code = exercise_result("cid", [1])
    (idea,) = class_report([*results, code], catalogue, expected=("dan",)).misconceptions
    assert (idea.learners, idea.took) == (1, 2)


def test_learners_who_need_help_are_listed_with_reasons(found: ClassReport) -> None:
    told = [(each.learner, each.reasons) for each in found.needs_help]
    assert told == [
        ("cid", ("nothing to grade for tiny", NONE_OF_IT)),
        ("dan", ("exercise-sum cannot be read: it is empty", NONE_OF_IT)),
        ("eve", ("exercise-sum could not be graded: no memory", "nothing to grade for tiny", NONE_OF_IT)),
        ("fay", ("nothing to grade for exercise-sum", "nothing to grade for tiny", NONE_OF_IT)),
        ("bob", ("40% of the points",)),  # a higher score than cid's, and nothing is missing
    ]


def test_advice_to_a_learner_is_quoted(catalogue: Catalogue) -> None:
    empty = msgspec.structs.replace(unreadable("dan"), problem="x.py is empty — write your code in it")
    (reason, *_), *_ = [each.reasons for each in class_report([empty], catalogue).needs_help]
    assert reason == "exercise-sum cannot be read: x.py is empty (told the learner: write your code in it)"


def test_outcomes_are_counted_per_test_and_per_learner(found: ClassReport) -> None:
    counted = {o.outcome: (o.tests, o.learners) for o in found.works[0].outcomes}
    assert counted == {Outcome.PASSED: (3, 2), Outcome.FAILED: (3, 2)}


def test_spellings_of_one_text_are_counted_together(tmp_path: Path) -> None:
    root = write_course(tmp_path / "tiny")
    (root / "quizzes" / "words.yaml").write_text(
        edited("id: tiny\n", "id: words\ntitle: Words\n", written(TEXT))
    )
    given = ["Café", "the cafe", "PUB", "a bar.", "a  park", "Park", None]
    words = Course(root).quiz("words")
    results = []
    for number, text in enumerate(given):
        done = marked(words, {} if text is None else {"q1": text}, {})
        who = f"l{number}"
        kept = {"score": done.score, "max_score": done.max_score, "answers": done}
        results.append(Result(learner=who, item="words", file=who, source="x", status=Status.GRADED, **kept))
    (quiz,) = class_report(results, Catalogue(Course(root))).works
    counted = [(each.answer, each.learners) for each in quiz.answers[0].answers]
    assert counted == [("café", 2), ("park", 2), ("bar", 1), ("pub", 1), (None, 1)]


def test_the_pairs_of_a_matching_are_counted_one_by_one() -> None:
    asked = question(MATCHING)
    given = [
        QuestionResult("q1", m.correct, m.score, m.answer, m.feedback, m.misconception)
        for m in (mark(asked, answer) for answer in ("bcc", "acc", "acb"))
    ]
    found = question_answers("q1", asked, [*given, QuestionResult("q1", False, 0.0, None, None, None)])
    assert found.several
    counted = [(each.answer, each.text, each.learners, each.correct) for each in found.answers]
    assert counted == [
        ("2c", "A dog → four", 3, True),
        ("1a", "A spider → six", 2, False),
        ("3c", "A cat → four", 2, True),
        ("1b", "A spider → eight", 1, True),
        ("3b", "A cat → eight", 1, False),
        (None, "no answer", 1, False),
    ]
    assert found.answers[1].misconception == "all-crawlers-are-insects"
    (stale,) = question_answers("q1", asked, [QuestionResult("q1", False, 0.0, "zz", None, None)]).answers
    assert (stale.answer, stale.text) == ("zz", "zz")


def test_identical_code_is_reported_but_not_identical_answers(catalogue: Catalogue) -> None:
    results = [exercise_result(name, [1], source="s") for name in ("bob", "ann")]
    results += [quiz_result(name, {"tiny-q1": "b"}) for name in ("bob", "ann")]
    (same,) = class_report(results, catalogue).same
    assert (same.work, same.learners, same.share) == ("exercise-sum", ("ann", "bob"), 1.0)


@pytest.mark.parametrize("hidden", [False, True])
def test_members_of_a_group_have_not_copied(catalogue: Catalogue, hidden: bool) -> None:
    code = "".join(f"def f{n}(a):\n    return a + {n} * g(a, {n})\n" for n in range(30))
    together = Owner(lms="gradescope", group="submission_1", sid="S1")
    results = [exercise_result(name, [1], source="s") for name in ("ann", "bob")]
    results = [msgspec.structs.replace(result, owner=together) for result in results]
    names = {"ann": "ann", "bob": "bob"}
    if hidden:
        names = pseudonyms(names)
        results = [anonymous(result, names) for result in results]
        assert "S1" not in repr(results)
        assert "submission_1" not in repr(results)
    sources = {"exercise-sum": dict.fromkeys(names.values(), code)}
    found = class_report(results, catalogue, sources)
    assert (found.same, found.alike) == ((), ())


def test_one_learner_represents_all_with_identical_code(catalogue: Catalogue) -> None:
    code = "".join(f"def f{n}(a):\n    return a + {n} * g(a, {n})\n" for n in range(30))
    results = [exercise_result(name, [1], source="s") for name in ("ann", "bob")]
    results.append(exercise_result("cid", [1]))
    found = class_report(
        results, catalogue, {"exercise-sum": {"ann": code, "bob": code, "cid": code + "\n# x"}}
    )
    assert [(pair.one, pair.other) for pair in found.alike or ()] == [("ann", "cid")]


def test_results_from_another_course_keep_their_ids() -> None:
    found = class_report(RESULTS, Catalogue(None))
    assert found.works[0].title == "exercise-sum"
    assert [a.answer for a in found.works[1].answers[0].answers] == ["a", "b"]


def test_broken_tests_are_reported_and_not_counted(catalogue: Catalogue) -> None:
    result = exercise_result("ann", [1, 0])
    assert result.report is not None
    broken = msgspec.structs.replace(result.report.tests[1], outcome=Outcome.JUDGE_BROKEN, points=0.0)
    changed = msgspec.structs.replace(result.report, tests=(result.report.tests[0], broken))
    found = class_report([msgspec.structs.replace(result, report=changed)], catalogue)
    assert [item.id for item in found.works[0].items] == ["a"]
    assert any("course validate exercise-sum" in note for note in found.notes)


def test_a_report_tells_that_penalties_do_not_count_in_it(catalogue: Catalogue) -> None:
    late = msgspec.structs.replace(exercise_result("ann", [1, 1]), score=1.0, raw_score=2.0)
    found = class_report([late], catalogue)
    assert found.table.rows[0].share == 1.0
    assert any("before late penalties" in note for note in found.notes)
    assert not any("penalties" in note for note in class_report(RESULTS, catalogue).notes)


def test_tests_that_were_not_judged_are_listed_with_their_learner(catalogue: Catalogue) -> None:
    result = exercise_result("ann", [1, 0])
    assert result.report is not None
    open_ = msgspec.structs.replace(result.report.tests[1], outcome=Outcome.NOT_JUDGED)
    changed = msgspec.structs.replace(result.report, tests=(result.report.tests[0], open_))
    found = class_report([msgspec.structs.replace(result, report=changed)], catalogue)
    assert [count.outcome for count in found.works[0].outcomes] == [Outcome.PASSED, Outcome.NOT_JUDGED]
    (note,) = found.file_notes
    assert note.learner == "ann" and note.note.startswith("1 test was not judged")


@given(st.permutations(RESULTS))
def test_the_order_of_the_results_changes_nothing(results: list[Result]) -> None:
    assert class_report(results, Catalogue(None)) == class_report(RESULTS, Catalogue(None))


@given(st.integers(0, 2**32))
def test_renaming_learners_changes_only_names(seed: int) -> None:
    names = random.Random(seed).sample(["u", "v", "w", "x", "y"], 5)
    renamed = dict(zip(["ann", "bob", "cid", "dan", "eve"], names, strict=True))
    other = [msgspec.structs.replace(r, learner=renamed[r.learner]) for r in RESULTS]
    ours, theirs = class_report(RESULTS, Catalogue(None)), class_report(other, Catalogue(None))
    assert ours.works == theirs.works
    for one, other in zip(ours.misconceptions, theirs.misconceptions, strict=True):
        assert {renamed[learner] for learner in one.who} == set(other.who)
        assert msgspec.structs.replace(one, who=()) == msgspec.structs.replace(other, who=())
    assert {renamed[each.learner] for each in ours.needs_help} == {each.learner for each in theirs.needs_help}
