"""The course's own programs share a process, one after another. A learner's program has its own."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator

import pytest
from judging import HASTY, PATIENT, descendants, exercise_of, is_running, submission, wait_until
from sound_course import SoundCourse

from grader.content.course import Course
from grader.judge.client.judge import Judge
from grader.judge.jobs import Limits
from grader.judge.sandbox.available import best_workers
from grader.judge.sandbox.reuse import ReusedWorkers
from grader.judge.sandbox.sources import Setting, Workers
from grader.judge.server.learner import CallFailed, Learner
from grader.judge.server.session import Session

EXERCISE = exercise_of({"f(x)": {"y": "any"}})
MARKS = "import sys\nsys.marked = True\n"  # marks the process, which later programs can see
LOOKS = "def f(x): import sys; return hasattr(sys, 'marked')\n"


@pytest.fixture
def under() -> Iterator[Workers]:
    under = best_workers(Setting(modules=("numpy",), memory=2**32, fonts="", hidden=()))
    yield under
    under.close()


@pytest.fixture
def source(under: Workers) -> Iterator[ReusedWorkers]:
    source = ReusedWorkers(under)
    yield source
    source.close()


def run(source: ReusedWorkers, code: str, limits: Limits = PATIENT) -> object:
    with Session(submission(code), ("f",), source, limits, seed=1) as session:
        return Learner(session, EXERCISE, visible=True).f(0)


def test_the_next_session_has_the_same_process(source: ReusedWorkers) -> None:
    assert run(source, MARKS + LOOKS) is True
    assert run(source, LOOKS) is True


def test_what_a_program_has_defined_printed_and_drawn_is_gone(source: ReusedWorkers) -> None:
    assert (
        run(source, "import matplotlib.pyplot as plt\nprint('hi')\nh = plt.figure()\ndef f(x): return 1") == 1
    )
    code = "import matplotlib.pyplot as plt\ndef f(x): return plt.get_fignums(), 'h' in globals()"
    with Session(submission(code), ("f",), source, PATIENT, seed=1) as session:
        loaded = session.load()
        assert [output.printed for output in loaded.outputs] == [""]
        assert Learner(session, EXERCISE, visible=True).f(0) == ([], False)


def test_sessions_at_the_same_time_have_their_own(source: ReusedWorkers) -> None:
    with (
        Session(submission(MARKS + LOOKS), ("f",), source, PATIENT, seed=1) as one,
        Session(submission(LOOKS), ("f",), source, PATIENT, seed=1) as other,
    ):
        assert Learner(one, EXERCISE, visible=True).f(0) is True
        assert Learner(other, EXERCISE, visible=True).f(0) is False


@pytest.mark.parametrize("end", ["while True: pass", "import os; os._exit(1)"])
def test_a_process_that_did_not_answer_serves_no_other_session(source: ReusedWorkers, end: str) -> None:
    with pytest.raises(CallFailed):
        run(source, f"{MARKS}def f(x):\n    {end}\n", HASTY)
    assert run(source, LOOKS) is False


def test_a_process_that_is_in_the_middle_of_something_serves_no_other_session(source: ReusedWorkers) -> None:
    session = Session(submission(f"{MARKS}import time\ntime.sleep(60)\n"), ("f",), source, PATIENT, seed=1)
    session.begin()  # without waiting for it
    session.close()
    assert run(source, LOOKS) is False


def test_a_process_that_has_died_meanwhile_is_replaced(
    under: Workers, source: ReusedWorkers, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = descendants(os.getpid())
    worker = under.start()
    monkeypatch.setattr(under, "start", lambda: worker)
    assert run(source, MARKS + LOOKS) is True
    left = descendants(os.getpid()) - others
    for pid in left:
        with contextlib.suppress(ProcessLookupError):  # it ended together with another process
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(map(is_running, left)))
    assert left
    monkeypatch.undo()
    assert worker.pipe.wait_for_silence(10)  # a thread of ours has to notice
    assert run(source, LOOKS) is False


def test_no_submission_has_the_process_of_known_mistakes(tmp_path_factory: pytest.TempPathFactory) -> None:
    made = SoundCourse(tmp_path_factory.mktemp("course"))
    for file in made.root.glob("exercises/exercise-x/mistakes/*.py"):
        file.write_text(MARKS + file.read_text())
    course = Course(made.root)
    wrong = next(made.root.glob("exercises/exercise-x/mistakes/*.py")).read_text().replace(MARKS, "")
    looks = "import sys\nassert not hasattr(sys, 'marked')\n"
    with Judge() as judge:
        alone = judge.check(course, "exercise-x", submission(wrong), seed=1)
        assert alone.mistakes  # this proves that the mistakes ran
        looked = judge.check(course, "exercise-x", submission(wrong + looks), seed=1)
        assert looked.tests == alone.tests and looked.stopped == ()
        marked = judge.check(course, "exercise-x", submission(MARKS + wrong + looks), seed=1)
        assert marked.stopped  # this proves that a mark would be noticed
