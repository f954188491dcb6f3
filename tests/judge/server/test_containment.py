"""Code that hangs, crashes, floods or lies costs only its own test. The next one gets a new worker."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from judging import (
    HASTY,
    PATIENT,
    by_id,
    exercise_of,
    judged,
    processes_in,
    session,
    wait_until,
    write_exercise,
)

from grader.judge import sentences
from grader.judge.jobs import Limits
from grader.judge.report import Outcome, TestResult
from grader.judge.server.learner import CallFailed, Learner, LearnerError
from grader.judge.wire.messages import MAX_PRINTED

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

EXERCISE = exercise_of({"f(x)": {"y": "any"}})
FIND_PIPE = """
import os, stat
def pipe():
    '''The worker's end of its pipe to the judge.'''
    ours = [n for n in range(3, 64) if _is_pipe(n)]
    return max(ours)
def _is_pipe(n):
    try: return stat.S_ISFIFO(os.fstat(n).st_mode)
    except OSError: return False
"""


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Set and yield the directory for temporary files of this process."""
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path_factory.mktemp("scratch"))
    yield Path(tempfile.tempdir)
    tempfile.tempdir = before


def outcome_of(source: str, limits: Limits = PATIENT, x: object = 1) -> tuple[Outcome, str]:
    """Return the outcome and message of a call of f, after which a new worker must answer."""
    guarded = FIND_PIPE + source + "\ng = f\ndef f(x): return 'fresh' if x == 'again' else g(x)\n"
    with session(guarded, EXERCISE, limits) as worker:
        learner = Learner(worker, EXERCISE, visible=False)
        with pytest.raises(CallFailed) as caught:
            learner.f(x)
        assert learner.f("again") == "fresh"
    return caught.value.outcome, caught.value.message


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("\n    while True: pass", Outcome.TIMED_OUT),
        ("import time; time.sleep(60)", Outcome.TIMED_OUT),
        ("os._exit(0)", Outcome.CRASHED),
        ("os.kill(os.getpid(), 9)", Outcome.CRASHED),
        ("import ctypes; ctypes.string_at(0)", Outcome.CRASHED),
        ("os.abort()", Outcome.CRASHED),
        ("raise SystemExit", Outcome.ERROR),
        ("import sys; sys.exit('bye')", Outcome.ERROR),
        ("os.closerange(3, 100)", Outcome.CRASHED),
        ("return bytearray(10**13)", Outcome.OUT_OF_MEMORY),
        ("import threading; threading.Thread(target=f, args=(x,)).start(); os._exit(0)", Outcome.CRASHED),
    ],
)
def test_each_way_to_end_has_its_outcome(body: str, outcome: Outcome) -> None:
    limits = HASTY if outcome is Outcome.TIMED_OUT else PATIENT
    assert outcome_of(f"def f(x): {body}", limits)[0] is outcome


@pytest.mark.parametrize(
    "body",
    [
        "os.write(pipe(), b'\\x00\\x00\\x00\\x05hello')",
        "os.write(pipe(), b'\\xff\\xff\\xff\\xff')",
        "os.write(pipe(), b'\\x00\\x00\\x00\\x00')",
        "os.write(pipe(), b'rubbish' * 1000)",
        "os.write(pipe(), b'\\x00\\x00\\x00\\x01\\xc0')",
    ],
    ids=["garbage", "huge length", "empty", "rubbish", "nil"],
)
def test_a_worker_that_forges_messages_is_ended(body: str) -> None:
    assert outcome_of(f"def f(x): {body}")[0] is Outcome.CRASHED


def test_a_callback_to_nothing_is_a_crash_not_a_failure_of_the_judge() -> None:
    source = """
import msgspec, struct
def f(x):
    body = msgspec.msgpack.encode({"_": "Callback", "id": 5, "args": [], "kwargs": {}})
    os.write(pipe(), struct.pack(">I", len(body)) + body)
"""
    assert outcome_of(source)[0] is Outcome.CRASHED


def test_a_callback_with_arguments_that_break_the_rules_is_a_crash() -> None:
    source = """
import msgspec, struct
def f(x):
    bad = {"_": "Integer", "text": "zz"}
    body = msgspec.msgpack.encode({"_": "Callback", "id": 0, "args": [bad], "kwargs": {}})
    os.write(pipe(), struct.pack(">I", len(body)) + body)
"""
    assert outcome_of(source, x=len)[0] is Outcome.CRASHED


def test_a_worker_that_never_reads_does_not_hang_the_judge() -> None:
    source = """
import time
from grader.judge.wire import messages
messages.receive_bytes = lambda pipe: time.sleep(60)
def f(x): return x
"""
    with session(source, EXERCISE, HASTY) as worker, pytest.raises(CallFailed) as caught:
        Learner(worker, EXERCISE, visible=False).f(np.zeros(1_000_000))  # more than a pipe can buffer
    assert caught.value.outcome is Outcome.TIMED_OUT


def test_a_worker_that_talks_without_end_does_not_fill_the_judge_s_memory() -> None:
    source = """
import msgspec, struct
def f(x):
    body = msgspec.msgpack.encode({"_": "Callback", "id": 0, "args": ["x" * 30_000_000], "kwargs": {}})
    while True:
        os.write(pipe(), struct.pack(">I", len(body)))
        view = memoryview(body)
        while view:
            view = view[os.write(pipe(), view):]
"""

    def slow(text: str) -> int:
        time.sleep(0.3)
        return 1

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert outcome_of(source, HASTY, x=slow)[0] is Outcome.TIMED_OUT
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # KB


def test_a_flood_of_print_fills_neither_memory_nor_disk_nor_the_report() -> None:
    source = "def f(x):\n    for _ in range(400): print('x' * 1_000_000)\n"
    with session(source, EXERCISE) as worker:
        learner = Learner(worker, EXERCISE, visible=True)
        with pytest.raises(CallFailed, match=r"^f\(1\) was stopped because it printed too much"):
            learner.f(1)
        assert len(learner.printed) <= MAX_PRINTED + 100 and "left out" in learner.printed


@pytest.mark.parametrize(
    "body",
    [
        "while True: print(x)",
        pytest.param("import sys\n    while True: sys.stderr.write('x')", marks=pytest.mark.exhaustive),
        pytest.param("import sys\n    while True: sys.__stdout__.write('x')", marks=pytest.mark.exhaustive),
        "while True:\n        try: print(x)\n        except Exception: pass",
    ],
)
def test_a_loop_that_prints_without_end_is_stopped_long_before_the_time_limit(body: str) -> None:
    began = time.monotonic()
    with session(f"def f(x):\n    {body}\n", EXERCISE) as worker:
        shown, hidden = (Learner(worker, EXERCISE, visible=each) for each in (True, False))
        assert failure_of(shown, 2).message == sentences.printed_too_much("f(2)")
        shown.show(failure_of(shown, 3))
        assert failure_of(hidden, 4).message == sentences.printed_too_much("f")
    assert time.monotonic() - began < PATIENT.call


def test_a_hidden_test_tells_of_a_flood_only_what_a_visible_one_has_told() -> None:
    with session("def f(x):\n    while True: print(x)\n", EXERCISE) as worker:
        assert failure_of(Learner(worker, EXERCISE, visible=False), 1).message == "f raised an error."


def failure_of(learner: Learner, x: int) -> LearnerError:
    with pytest.raises(LearnerError) as caught:
        learner.f(x)
    assert caught.value.outcome is Outcome.ERROR
    return caught.value


def test_what_is_printed_by_many_calls_together_is_not_limited() -> None:
    source = "def f(x):\n    print('x' * 4_000_000)\n    return x\n"
    with session(source, EXERCISE) as worker:
        learner = Learner(worker, EXERCISE, visible=True)
        assert [learner.f(n) for n in range(4)] == [0, 1, 2, 3]


def test_a_list_that_grows_without_end_is_out_of_memory() -> None:
    source = "def f(x):\n    grown = []\n    while True: grown.append(bytearray(1_000_000))\n"
    limits = Limits(memory=600_000_000)
    assert outcome_of(source, limits)[0] is Outcome.OUT_OF_MEMORY


def test_memory_that_is_full_of_small_objects_leaves_room_for_the_verdict() -> None:
    source = "import numpy as np\ndef f(x):\n    data, grown = np.arange(9.0), []\n"
    source += "    while True: grown.append(data[0:5])\n"
    assert outcome_of(source, Limits(memory=600_000_000))[0] is Outcome.OUT_OF_MEMORY


def test_children_of_learner_code_end_with_it(scratch: Path) -> None:
    source = """
import subprocess, sys
def f(x):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    return 1
"""
    with session(source, EXERCISE) as worker:
        Learner(worker, EXERCISE, visible=False).f(1)
        assert len(processes_in(scratch)) == 2
    wait_until(lambda: not processes_in(scratch))


# --- a whole check ---

TESTS = '''
    @pytest.mark.points(1, function="f")
    def test_{n}(learner):
        """Test {n}."""
        assert learner.f({n}) == {n}, "It should be the same"
'''
HOSTILE = """
    import os, subprocess, sys, time
    def f(x):
        if x == 0:
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
            os._exit(1)
        if x == 1: raise MemoryError
        if x in (3, 4, 5):
            while True: pass
        return x
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, scratch: Path) -> dict[str, TestResult]:
    tests = "".join(TESTS.format(n=n) for n in range(6))
    course = write_exercise(
        tmp_path_factory.mktemp("course"), {"f(x)": {"y": "int"}}, "def f(x): return x", "", tests
    )
    return by_id(judged(course, HOSTILE, HASTY))


def test_every_test_has_its_own_outcome(hostile: dict[str, TestResult]) -> None:
    outcomes = [hostile[f"test_{n}"].outcome for n in range(4)]
    assert outcomes == [Outcome.CRASHED, Outcome.OUT_OF_MEMORY, Outcome.PASSED, Outcome.TIMED_OUT]


def test_a_function_that_hung_twice_is_not_called_a_third_time(hostile: dict[str, TestResult]) -> None:
    assert hostile["test_4"].message == "f did not return within 1 s. Look for a loop that never ends."
    assert hostile["test_5"].message == "f timed out in two earlier tests, so it was not called again."
    assert hostile["test_5"].outcome is Outcome.TIMED_OUT


@pytest.mark.usefixtures("hostile")
def test_nothing_is_left_running_not_even_what_detached_itself(scratch: Path) -> None:
    wait_until(lambda: not processes_in(scratch))


@pytest.mark.usefixtures("hostile")
def test_no_scratch_directory_is_left(scratch: Path) -> None:
    assert not list(scratch.iterdir())
