"""Time that the judge spends on a submission's results counts as the submission's time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from arena import BEYOND
from judging import by_id, judged, write_exercise

from grader.judge.jobs import Limits
from grader.judge.report import Outcome
from grader.judge.wire.values import Dict, Tuple, WireError, decode

HIDDEN = '''
    @pytest.mark.points(1, function="f")
    def test_long(learner):
        """It takes as many steps as the learner says."""
        for _ in range(learner.f(1)):
            np.sin(1.0)

    @pytest.mark.points(1, function="f")
    def test_next(learner):
        """It works."""
        assert learner.f(1) > 0, "It is not positive"
'''


def test_a_test_that_a_result_keeps_busy_ends_with_the_submission_s_time(tmp_path: Path) -> None:
    course = write_exercise(tmp_path / "c", {"f(x)": {"n": "int"}}, "def f(x): return 1", "", HIDDEN)
    started = time.monotonic()
    results = by_id(judged(course, "def f(x): return 10**12", Limits(load=10, call=5, submission=2)))
    assert time.monotonic() - started < 2 + BEYOND
    assert [result.outcome for result in results.values()] == [Outcome.TIMED_OUT, Outcome.TIMED_OUT]
    assert "ran out during this test" in results["test_long"].message


def test_a_dictionary_whose_keys_collide_is_not_built() -> None:
    keys = tuple(Tuple(tuple(-1 - (n >> bit & 1) for bit in range(8))) for n in range(256))
    assert len({hash(decode(key)) for key in keys}) == 1
    with pytest.raises(WireError, match="same hash"):
        decode(Dict(keys, keys))
    assert len(decode(Dict(tuple(range(10_000)), tuple(range(10_000))))) == 10_000


SLOW_CALLS = '''
    @pytest.mark.points(1, function="f")
    def test_many(learner):
        """Each of many calls returns."""
        for _ in range(100):
            learner.f(1)

    @pytest.mark.points(1, function="f")
    def test_next(learner):
        """It works."""
        assert learner.f(0) == 0, "It is not 0"
'''


def test_calls_that_are_slow_together_end_their_test_and_no_other(tmp_path: Path) -> None:
    course = write_exercise(tmp_path / "c", {"f(x)": {"n": "int"}}, "def f(x): return x", "", SLOW_CALLS)
    slow = "import time\ndef f(x):\n    time.sleep(x / 2)\n    return x\n"
    results = by_id(judged(course, slow, Limits(load=10, call=2, test=2)))
    assert results["test_many"].outcome is Outcome.TIMED_OUT
    assert "took more than 2 s" in results["test_many"].message
    assert results["test_next"].outcome is Outcome.PASSED
