"""The keys of questions about right submissions, found again by another road, and blind learners.

`test_own_questions.py` has a small version of this."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from proof import blind_rates, prove, right_submissions
from rewrites import REWRITES

from grader.content.course import Course
from grader.judge.client.judge import Judge

ROOT = Path(__file__).parents[3]
FUNCTIONS = 2  # of each submission
REWRITTEN = 4  # ways in which each submission is asked about


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.mark.exhaustive
def test_no_key_is_wrong_in_the_whole_corpus_and_blind_learners_guess(judge: Judge) -> None:
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
    for template, (count, chance, rates) in blind_rates([each.question for each in verdicts]).items():
        if template == "which-raises":
            rates.pop("commonest")  # a call that raises does so in every right submission
        if count >= 100:
            assert max(rates.values()) <= chance + 0.05, (template, count, chance, rates)
