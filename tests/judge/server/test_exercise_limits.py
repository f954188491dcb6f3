"""An exercise has its own limits, within bounds, and a job with less time keeps less in proportion."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import by_id, judged, write_exercise

from grader.content.decode import decode
from grader.content.limits import (
    CALL_SECONDS,
    MEMORY_MB,
    TOTAL_SECONDS,
    USUAL_LIMITS,
    ExerciseLimits,
)
from grader.content.problem import ContentError
from grader.judge.jobs import LIMITS, Limits, limits_of
from grader.judge.report import Outcome

any_limits = st.builds(
    ExerciseLimits,
    call_seconds=st.floats(*CALL_SECONDS),
    total_seconds=st.floats(*TOTAL_SECONDS),
    memory_mb=st.integers(*MEMORY_MB),
)


@given(any_limits)
def test_an_exercise_decides_its_limits(limits: ExerciseLimits) -> None:
    found = limits_of(limits)
    assert found.call == pytest.approx(limits.call_seconds)
    assert found.submission == pytest.approx(limits.total_seconds)
    assert found.memory == limits.memory_mb * 1_000_000
    assert found.test >= LIMITS.test and (found.load, found.statement) == (LIMITS.load, LIMITS.statement)


@given(any_limits, st.floats(0.1, 1))
def test_a_job_with_less_time_keeps_less(limits: ExerciseLimits, share: float) -> None:
    given_ = Limits(call=LIMITS.call * share, submission=LIMITS.submission * share)
    assert limits_of(limits, given_).call == pytest.approx(limits_of(limits).call * share)
    assert limits_of(USUAL_LIMITS, given_) == given_


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("call_seconds: 0", "call_seconds is 0 — choose a number from 0.5 to 120"),
        ("call_seconds: 121", "call_seconds is 121 — choose a number from 0.5 to 120"),
        ("total_seconds: 3600", "total_seconds is 3600 — choose a number from 10 to 1800"),
        ("memory_mb: 100", "memory_mb is 100 — choose a number from 500 to 16000"),
        ("{call_seconds: 60, total_seconds: 20}", "one call may take longer than all together"),
        ("call_seconds: .nan", "call_seconds is nan"),
    ],
)
def test_limits_have_bounds(text: str, says: str) -> None:
    with pytest.raises(ContentError, match=re.escape(says)):
        decode(text, "x.yaml", ExerciseLimits)


def test_the_judge_applies_them(tmp_path: Path) -> None:
    solution = "def wait(x): return x\ndef fill(x): return x\n"
    tests = "".join(
        f'@pytest.mark.points(1, function="{name}")\ndef test_{name}(learner):\n'
        f'    """{name}."""\n    assert learner.{name}(1) == 1, "It should be 1"\n'
        for name in ("wait", "fill")
    )
    functions = {"wait(x)": {"y": "int"}, "fill(x)": {"y": "int"}}
    course = write_exercise(tmp_path, functions, solution, tests, tests.replace("test_", "test_hidden_"))
    with (tmp_path / "exercises/exercise-x/exercise.yaml").open("a") as file:
        file.write("limits: {call_seconds: 1, memory_mb: 500}\n")
    source = "def wait(x):\n    while True: pass\ndef fill(x): return len(bytearray(700_000_000))\n"
    results = by_id(judged(course, source))
    assert results["test_wait"].outcome is Outcome.TIMED_OUT
    assert "did not return within 1 s" in results["test_wait"].message
    assert results["test_fill"].outcome is Outcome.OUT_OF_MEMORY
