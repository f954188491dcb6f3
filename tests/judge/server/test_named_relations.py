"""A report names the relation between wrong and right results if no known mistake explains them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from judging import judged, write_exercise

from grader.content.course import Course
from grader.judge.report import Report
from grader.judge.verdict import idea_lines

FUNCTIONS = {
    "split(X, y)": {"X_train": "array", "X_test": "array", "y_train": "array"},
    "score(X, y)": {"mse": "float"},
}
SOLUTION = """
    import numpy as np
    def split(X, y): return X[:5], X[5:], y[:5]
    def score(X, y): return float(np.mean((X[:, 0] - y) ** 2))
"""
HIDDEN = '''
    SECRET = 77.125

    @pytest.mark.points(1, function="split")
    def test_split(learner, rng):
        """The parts are in order."""
        X, y = rng.normal(size=(9, 3)) + SECRET, rng.normal(size=9) + SECRET
        for got, part in zip(learner.split(X, y), (X[:5], X[5:], y[:5])):
            assert_allclose(got, part, "A part is wrong")

    @pytest.mark.points(1, function="score")
    def test_score(learner, rng):
        """The score is the mean squared error."""
        for n in (4, 9):
            X, y = rng.normal(size=(n, 3)), rng.normal(size=n) + SECRET
            assert_allclose(learner.score(X, y), np.mean((X[:, 0] - y) ** 2), "The score is wrong")

    @pytest.mark.points(1, function="score")
    def test_other_scores(learner, rng):
        """The score of other series."""
        X, y = rng.normal(size=(7, 3)), rng.normal(size=7)
        assert_allclose(learner.score(X, y), np.mean((X[:, 0] - y) ** 2), "The score is wrong")
'''
VISIBLE = '''
    @pytest.mark.points(1, function="split")
    def test_shown(learner):
        """There are three parts."""
        assert len(learner.split(np.ones((9, 3)), np.ones(9))) == 3
'''
WRONG = """
    import numpy as np
    def split(X, y): return X[:5], y[:5], X[5:]
    def score(X, y):
        print("Leak", X, y)
        return float(np.sqrt(np.mean((X[:, 0] - y) ** 2)))
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return write_exercise(tmp_path_factory.mktemp("course"), FUNCTIONS, SOLUTION, VISIBLE, HIDDEN)


@pytest.fixture(scope="module")
def report(course: Course) -> Report:
    return judged(course, WRONG)


def test_relations_are_named_with_the_tests_that_they_explain(report: Report) -> None:
    assert [(each.function, each.says, each.tests) for each in report.relations] == [
        ("split", "Your results X_test and y_train are swapped.", ("test_split",)),
        ("score", "Your result is the square root of the right one.", ("test_score", "test_other_scores")),
    ]
    assert report.mistakes == ()


def test_the_verdict_shows_them(course: Course, report: Report) -> None:
    exercise = course.exercise("exercise-x")
    shown = [*idea_lines(report, exercise, exercise.functions[0], str)]
    assert shown == ["  seen    Your results X_test and y_train are swapped."]


def test_a_report_without_relations_has_no_such_field(course: Course) -> None:
    assert b'"relations"' not in msgspec.json.encode(judged(course, SOLUTION))


def test_hidden_values_stay_hidden(report: Report) -> None:
    assert "77" not in msgspec.json.encode(report.relations).decode()


def test_a_relation_can_stand_for_a_known_mistake(course: Course, tmp_path: Path) -> None:
    """Whatever its code looks like: the file of the mistake is only an example."""
    copy = write_exercise(tmp_path, FUNCTIONS, SOLUTION, VISIBLE, HIDDEN)
    file = tmp_path / "exercises" / "exercise-x" / "exercise.yaml"
    root = "id: root, function: score, misconception: rmse, says: Which error?, relation: rooted"
    parts = "id: parts, function: split, misconception: x, says: No, relation: swapped, results: [X_train]"
    file.write_text(f"{file.read_text()}mistakes:\n  - {{{root}}}\n  - {{{parts}}}\n")
    found = judged(copy, WRONG)
    assert [(mistake.id, mistake.says) for mistake in found.mistakes] == [("root", "Which error?")]
    assert [each.function for each in found.relations] == ["split"]
