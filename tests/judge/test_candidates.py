"""The rule that decides among several files for one exercise."""

from __future__ import annotations

import random

import pytest
from class_samples import report, test_result
from hypothesis import given
from hypothesis import strategies as st

from grader.content.file_names import read_file_name
from grader.errors import CourseError, EnvironmentProblem, SubmissionError
from grader.judge.candidates import Candidate, choose, scores_note
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell, SourceFile


def candidate(path: str, code: str | CourseError = "", files: tuple[SourceFile, ...] = ()) -> Candidate:
    """Return a candidate whose code is its path unless it is given, or that raises this error."""

    def read() -> Submission:
        if isinstance(code, CourseError):
            raise code
        is_notebook = path.endswith(("ipynb", "json"))
        return Submission(path, (Cell(path, code or f"x = {path!r}", notebook=is_notebook),), files)

    name = read_file_name(path.rpartition("/")[2])
    copy = name.copy_of("x")
    assert copy is not None
    return Candidate(path, name, copy, read)


RANKED = [
    "x.ipynb",
    "x.json",
    "old/x.ipynb",
    "x (3).ipynb",
    "x-Copy2.ipynb",
    "X.py",
    "x.py",
    "x.py.txt",
    "a/x.py",
    "b/x.py",
    "a/b/x.py",
    "x (10).py",
    "x (2).py",
    "Copy of x.py",
]


@given(st.integers(), st.integers(1, len(RANKED)))
def test_the_rule_does_not_depend_on_the_order_of_the_files(seed: int, count: int) -> None:
    chance = random.Random(seed)
    some = sorted(chance.sample(RANKED, count), key=RANKED.index)
    choice = choose(candidate(path) for path in chance.sample(some, count))
    assert choice.counts and [choice.counts.path, *(each.path for each in choice.others)] == some[:4]
    assert choice.more == max(count - 4, 0)


@pytest.mark.parametrize(
    "code",
    [
        "x = 1",
        "# coding: utf-8\n\nx = 1\n",
        "%matplotlib inline\nx = 1  ",
        "get_ipython().system('x')\nx = 1",
    ],
)
def test_what_an_export_adds_is_no_difference(code: str) -> None:
    assert choose([candidate("x.ipynb", "x = 1"), candidate("x.py", code)]).others == ()


def test_other_modules_are_a_difference() -> None:
    first, other = (SourceFile("tools.py", text) for text in ("a = 1", "a = 2"))
    found = choose(
        [candidate("x.py", "import tools", (first,)), candidate("a/x.py", "import tools", (other,))]
    )
    assert [each.path for each in found.others] == ["a/x.py"]


def test_the_starter_counts_only_alone() -> None:
    starter = Submission("starter.py", (Cell("starter.py", "x = 0\n"),))
    blank, written = candidate("x.ipynb", "# mine\nx = 0"), candidate("x (1).py", "x = 1")
    found = choose([blank, written], [starter])
    assert found.counts and (found.counts.path, found.others) == ("x (1).py", ())
    alone = choose([blank], [starter])
    assert alone.counts and alone.counts.path == "x.ipynb"


def test_a_file_that_this_machine_cannot_read_is_not_passed_over() -> None:
    locked, broken = EnvironmentProblem("locked"), SubmissionError("broken")
    found = choose([candidate("x.ipynb", broken), candidate("x.py", locked), candidate("x (1).py")])
    assert found.counts is None and found.refused[0].error is locked
    found = choose([candidate("x.ipynb", broken), candidate("x.py"), candidate("x (1).py", locked)])
    assert found.counts and found.counts.path == "x.py"
    assert [each.error for each in found.refused] == [broken, locked]
    assert choose([]).counts is None


def test_scores_are_told_only_if_they_differ() -> None:
    own, other = (report([test_result("a", score, 4)]) for score in (1, 4))
    assert scores_note("x.py", own, []) == scores_note("x.py", own, [("y.py", own)]) == ()
    assert scores_note("x.py", own, [("y.py", own), ("z.py", other)]) == (
        "x.py counts, with 1 of 4 points. y.py would get 1; z.py would get 4.",
    )
