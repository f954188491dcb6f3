"""A limit on time counts what the learner's code uses, not what else the machine does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.server.waiting import LONGEST, is_certain, more_seconds
from grader.judge.wire.control import CpuUse

SECONDS = st.floats(0, 1000)


@pytest.mark.parametrize(
    ("used", "more"),
    [
        (CpuUse(10.0, 5.0), 0),  # an endless loop
        (CpuUse(0.1, 0.01), 0),  # it sleeps
        (CpuUse(2.0, 2.0), 2),  # others had the processor
        (CpuUse(2.0, 8.0), 2.5),  # then look again
        (None, 0),
    ],
)
def test_what_waited_for_a_processor_gets_more_time(used: CpuUse | None, more: float) -> None:
    assert more_seconds(10, 10, used) == more


@given(SECONDS, SECONDS, SECONDS)
def test_the_end_always_comes(elapsed: float, cpu: float, waited: float) -> None:
    more = more_seconds(10, elapsed, CpuUse(cpu, waited))
    assert more >= 0
    assert elapsed + more <= max(elapsed, LONGEST * 10)


def test_only_cpu_time_proves_that_code_is_slow() -> None:
    assert is_certain(10, CpuUse(10.5, 0))
    assert is_certain(10, CpuUse(8.5, 0))  # what was used in the first second may not be counted
    assert not is_certain(10, CpuUse(7.5, 0))
    assert not is_certain(10, None)
