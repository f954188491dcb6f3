"""Every source of workers behaves the same, and a dead zygote is replaced."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from judging import PATIENT, exercise_of, is_running, submission

from grader.judge.sandbox import walls
from grader.judge.sandbox.available import best_workers
from grader.judge.sandbox.forking import Zygote, ZygoteFailed
from grader.judge.sandbox.plain import PlainWorkers
from grader.judge.sandbox.sources import Setting, Workers
from grader.judge.server.learner import Learner
from grader.judge.server.session import Session
from grader.judge.wire.control import FORK, READY, WALLED

EXERCISE = exercise_of({"f(x)": {"y": "any"}})
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs fork")
SETTING = Setting(modules=("numpy",), memory=2**32, fonts="", hidden=())


def walls_here() -> list[walls.Wall]:
    return list(walls.walls())


@pytest.fixture(params=["plain", *(wall.mode for wall in walls_here())])
def source(request: pytest.FixtureRequest) -> Iterator[Workers]:
    """Yield each source of workers that works on this machine."""
    if request.param == "plain":
        found: Workers = PlainWorkers(SETTING)
    else:
        wall = next(wall for wall in walls_here() if wall.mode == request.param)
        try:
            found = Zygote(SETTING, wall)
        except ZygoteFailed:
            assert wall.mode == "dropped"  # another user may be unable to read this Python
            pytest.skip("see tests/attacks/test_another_user.py")
    yield found
    found.close()


def result(source: Workers, code: str, x: object = 0, seed: int = 1) -> object:
    with Session(submission(code), ("f",), source, PATIENT, seed) as session:
        return Learner(session, EXERCISE, visible=True).f(x)


def test_every_source_runs_a_submission(source: Workers) -> None:
    assert result(source, "def f(x): return [x, 'hello']", 5) == [5, "hello"]


def test_unseeded_generators_start_from_the_given_seed(source: Workers) -> None:
    code = "import random, numpy as np\ndef f(x): return [random.random(), float(np.random.normal())]"
    assert result(source, code, seed=7) == result(source, code, seed=7)
    assert result(source, code, seed=7) != result(source, code, seed=8)


def test_generators_made_without_a_seed_are_alike_too(source: Workers) -> None:
    code = """
        import numpy as np
        def f(x):
            one, other = np.random.default_rng(), np.random.Generator(np.random.PCG64())
            return [float(one.normal()), float(other.normal()), float(np.random.RandomState().rand())]
    """
    drawn = result(source, code, seed=7)
    assert result(source, code, seed=7) == drawn != result(source, code, seed=8)
    assert isinstance(drawn, list) and len(set(drawn)) == 3


def test_each_worker_has_a_directory_of_its_own(source: Workers) -> None:
    """Workers at work at the same time do not share helper modules or copies of data files."""
    code = """
        from pathlib import Path
        def f(x):
            Path("mine").write_text(str(x))
            return sorted(path.name for path in Path(".").iterdir()), Path("mine").read_text()
    """
    with (
        Session(submission(code), ("f",), source, PATIENT, 1) as one,
        Session(submission(code), ("f",), source, PATIENT, 1) as other,
    ):
        first, second = (Learner(session, EXERCISE, visible=True) for session in (one, other))
        assert first.f(1) == (["mine"], "1")
        assert second.f(2) == (["mine"], "2")
        assert first.f(3) == (["mine"], "3")


@LINUX
def test_garbage_is_not_looked_for_in_what_was_imported() -> None:
    zygote = Zygote(SETTING, walls_here()[0])
    kept = result(zygote, "import gc\ndef f(x): return [gc.get_freeze_count(), len(gc.get_objects())]")
    zygote.close()
    assert isinstance(kept, list) and kept[0] > 10 * kept[1]


def test_the_order_of_sets_is_always_the_same(source: Workers) -> None:
    code = "def f(x): return list(set('recurrent networks'))"
    assert result(source, code) == result(source, code)


def test_little_of_the_environment_arrives(source: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "do not tell")
    seen = result(source, "import os\ndef f(x): return [*os.environ.items()]")
    assert isinstance(seen, list)
    assert not any("SECRET" in name or "do not tell" in value for name, value in seen)


@LINUX
def test_the_best_source_of_this_machine_is_a_zygote() -> None:
    best = best_workers(SETTING)
    assert isinstance(best, Zygote)
    assert best.confinement == walls_here()[0].confinement
    best.close()


@LINUX
def test_workers_behind_walls_see_nothing_of_ours(tmp_path: Path) -> None:
    walled = [wall for wall in walls_here() if wall.confinement.walled]
    assert walled, "bubblewrap is not installed: the walls cannot be tested"
    (tmp_path / "secret").write_text("secret")
    code = f"""
import os, socket
def f(x):
    seen = [os.path.exists({str(tmp_path / "secret")!r}), os.path.exists({str(Path.home())!r} + '/.bashrc')]
    seen += [os.path.exists({str(Path(__file__).parents[3] / "exercises")!r})]
    seen += [sorted(os.listdir('/proc')), os.listdir('.'), os.getpid()]
    try: socket.create_connection(('127.0.0.1', 9), 1)
    except OSError as error: seen.append(type(error).__name__)
    for place in ('/', '/dev', '/usr', os.path.dirname(os.__file__)):
        try: open(place + '/x', 'w')
        except OSError as error: seen.append(error.errno)
    return seen
"""
    for wall in walled:
        zygote = Zygote(SETTING, wall)
        seen = result(zygote, code)
        assert seen[:6] == [False, False, False, ["self"], [], 1], wall
        assert seen[6] == "OSError" and set(seen[7:]) <= {13, 30}, wall
        zygote.close()


@LINUX
def test_a_dead_zygote_is_replaced() -> None:
    zygote = Zygote(SETTING, walls_here()[0])
    assert result(zygote, "def f(x): return 1") == 1
    os.kill(zygote.pid, signal.SIGKILL)
    assert result(zygote, "def f(x): return 2") == 2
    zygote.close()


@LINUX
def test_closing_the_zygote_ends_its_workers() -> None:
    zygote = Zygote(SETTING, walls_here()[0])
    with Session(submission("def f(x): return 1"), ("f",), zygote, PATIENT, 1) as session:
        session.load()
        pid = zygote.pid
        zygote.close()
        assert not is_running(pid)


LATE_THREADS = """
import sys, threading, time
from grader.judge.worker import zygote
def sleepers():
    for _ in range(3): threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
zygote.preload = lambda modules: threading.Timer(0.5, sleepers).start()
sys.argv = ["zygote", "open", "4000000000"]
zygote.main()
"""


@LINUX
def test_a_zygote_with_new_threads_refuses_to_fork() -> None:
    """Once a TensorFlow operation has run in the zygote, every child would hang."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-c", LATE_THREADS]
    with ours, theirs, subprocess.Popen(command, stdin=theirs.fileno(), stderr=subprocess.PIPE) as zygote:
        assert ours.recv(2, socket.MSG_WAITALL) == WALLED + READY
        time.sleep(1.5)
        socket.send_fds(ours, [FORK], [theirs.fileno(), theirs.fileno()])
        _, said = zygote.communicate(timeout=20)
    assert b"would hang" in said


@LINUX
def test_walls_that_cannot_be_built_are_known_at_once() -> None:
    with pytest.raises(ZygoteFailed, match="no process can be started"):
        Zygote(SETTING, walls.Wall("user", "/bin/false"))
