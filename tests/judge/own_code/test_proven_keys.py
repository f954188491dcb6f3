"""The keys of questions about right submissions, found again by another road, and blind learners.

`test_own_questions.py` has a small version of this."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from blind_calls import NUMPY_ONLY
from proof import blind_rates, prove, right_submissions, too_often
from rewrites import REWRITES

from grader.content.course import Course
from grader.judge.client.judge import Judge
from grader.judge.jobs import Again
from grader.judge.own_code.templates import TEMPLATES
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell

ROOT = Path(__file__).parents[3]
FUNCTIONS = 2  # of each submission
REWRITTEN = 4  # ways in which each submission is asked about
ENOUGH = 1000  # questions of a template for blind learners
TURNS = 12  # in which these are drawn


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.mark.exhaustive
def test_no_key_is_wrong_in_the_whole_corpus(judge: Judge) -> None:
    """At least 200 submissions and 1,000 questions; this takes more than an hour."""
    course = Course(ROOT)
    verdicts, seen = [], set()
    for name, (exercise_id, source) in right_submissions(ROOT).items():
        names = [function.name for function in course.exercise(exercise_id).functions]
        for rewrite in Random(name).sample([*REWRITES], REWRITTEN):
            changed = REWRITES[rewrite](source)
            if changed not in seen:
                seen.add(changed)
                functions = Random(f"{name}+{rewrite}").sample(names, FUNCTIONS)
                verdicts += prove(judge, course, exercise_id, f"{name}+{rewrite}", changed, functions)
    assert len(seen) >= 200
    assert len(verdicts) >= 1000
    assert [each for each in verdicts if each.opinion not in ("same", "none")] == []
    assert not too_often(blind_rates([each.question for each in verdicts]))


@pytest.mark.exhaustive
@pytest.mark.parametrize("template", [name for family in TEMPLATES.values() for name in family])
def test_blind_learners_only_guess(judge: Judge, template: str) -> None:
    """Questions for this need no second opinion, so there are many. This takes about an hour."""
    course, asked = Course(ROOT), []
    for turn in range(1, TURNS + 1):
        for exercise_id, source in right_submissions(ROOT).values():
            if exercise_id in NUMPY_ONLY and len(asked) < ENOUGH:
                names = tuple(function.name for function in course.exercise(exercise_id).functions)
                code = Submission("my.py", (Cell("my.py", source),))
                again = Again(template, turn)
                asked += judge.make_questions(course, exercise_id, code, 1, names, again=again)
    rates = blind_rates(asked)
    assert not too_often(rates), rates
