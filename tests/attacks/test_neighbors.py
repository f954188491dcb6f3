"""Whoever is graded beside an attacker gets the same score as without."""

from __future__ import annotations

import random

import pytest
from judging import submission, write_exercise
from msgspec.structs import replace

from grader.content.course import Course
from grader.judge.client.pool import JudgePool, Task
from grader.judge.jobs import Limits
from grader.judge.report import Outcome, Report
from grader.judge.sandbox import walls

pytestmark = pytest.mark.skipif(walls.bubblewrap() is None, reason="bubblewrap is not installed")

LIMITS = Limits(load=20, call=1, test=30, submission=60, memory=500_000_000)
VISIBLE = '''
    @pytest.mark.points(1, function="total")
    def test_two(learner):
        """Two numbers."""
        assert learner.total([1, 2]) == 3, "It should be 3"
'''
HIDDEN = '''
    @pytest.mark.points(2, function="total")
    def test_any(learner, rng):
        """Any numbers."""
        numbers = [int(n) for n in rng.integers(1000, 10_000, 3)]
        assert learner.total(numbers) == sum(numbers), "It is not the sum"
'''
SOLUTION = "def total(numbers):\n    return sum(numbers)\n"
# needs a third of its time even on an idle machine
HONEST = """
import time
def total(numbers):
    ends = time.process_time() + 0.3
    while time.process_time() < ends:
        pass
    return sum(numbers)
"""
ATTACKS = {
    # attack 01: 150 processes that leave their session and spin
    "spinner": """
import os, time
def total(numbers):
    for _ in range(150):
        try: pid = os.fork()
        except OSError: break
        if pid == 0:
            os.setsid()
            while True: pass
    time.sleep(60)
""",
    "fork bomb": """
import os
def total(numbers):
    while True:
        try: os.fork()
        except OSError: pass
""",
    "memory": """
import os
def total(numbers):
    for _ in range(8):
        if os.fork() == 0:
            break
    kept = []
    while True: kept.append(bytearray(os.urandom(1_000_000)))
""",
    # attack 12: buffers of sockets, which are no process's memory
    "kernel memory": """
import os, socket, time
def total(numbers):
    for _ in range(60):
        try: pid = os.fork()
        except OSError: break
        if pid == 0: break
    kept = []
    while True:
        try: a, b = socket.socketpair()
        except OSError: time.sleep(60)
        for end in (a, b):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1_000_000)
            end.setblocking(False)
            try:
                while True: end.send(bytes(65536))
            except OSError: pass
        kept += [a, b]
""",
    "disk": """
def total(numbers):
    n = 0
    while True:
        n += 1
        try:
            with open(f"f{n % 100}", "ab") as file: file.write(bytes(10_000_000))
        except OSError: pass
""",
    "flood": """
import os
def total(numbers):
    while True:
        try: os.write(1, bytes(65536)); print("x" * 1_000_000)
        except OSError: pass
""",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("course")
    return write_exercise(root, {"total(numbers)": {"sum": "int"}}, SOLUTION, VISIBLE, HIDDEN)


def judged(course: Course, sources: list[str], jobs: int, limits: Limits = LIMITS) -> list[Report]:
    """Return the reports on these sources, judged in this order by several judges."""
    tasks = [Task("exercise-x", submission(f"{source}\n# {n}\n"), seed=1) for n, source in enumerate(sources)]
    with JudgePool(jobs, forked=True) as pool:
        found = dict(pool.check_all(course, tasks, limits=limits))
    reports = [found[n] for n in range(len(sources))]
    assert all(isinstance(report, Report) for report in reports), reports
    return [report for report in reports if isinstance(report, Report)]


@pytest.mark.exhaustive  # it slows down all tests that run at the same time
@pytest.mark.parametrize("size", [40])
def test_a_class_of_which_each_is_graded_beside_an_attacker(course: Course, size: int) -> None:
    drawn = random.Random(size)
    attacks = [*ATTACKS.values(), *drawn.choices([*ATTACKS.values()], k=size)][:size]
    pairs = [each for attack in attacks for each in drawn.sample([HONEST, attack], 2)]
    reports = judged(course, pairs, jobs=2)
    for source, report in zip(pairs, reports, strict=True):
        assert (report.score, report.disturbed) == (3 if source is HONEST else 0, False), report.tests


@pytest.mark.exhaustive  # it slows down all tests that run at the same time
def test_150_spinning_processes_change_no_score(course: Course) -> None:
    """Attack 01: they have the processors while an honest function needs 0.3 s of its second."""
    spinner, *honest = judged(course, [ATTACKS["spinner"], HONEST, HONEST], jobs=2)
    told = [(test.outcome, test.message) for report in honest for test in report.tests]
    assert [report.score for report in honest] == [3, 3], told
    assert spinner.score == 0


def test_memory_of_the_kernel_counts(course: Course) -> None:
    """Attack 12: 60 processes hold full buffers of sockets, and hardly any memory of their own."""
    patient = replace(LIMITS, call=20)  # on a busy machine, the buffers fill slowly
    (report,) = judged(course, [ATTACKS["kernel memory"]], jobs=1, limits=patient)
    assert report.tests[0].outcome is Outcome.OUT_OF_MEMORY, report.tests
