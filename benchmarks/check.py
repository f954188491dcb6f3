"""Measure the time of one check, cold and warm, against two floors in the same run.

    python benchmarks/check.py [--runs 7]

- cold: `course check exercise-lstm --cold` from start to exit
- again: the same command without --cold, with the judge that an earlier check left in memory
- first: the first check 10 seconds after `course start`, which has warmed that judge up
- warm: the second and later checks of one resident judge, 1.5 seconds apart, as in `course watch`
- warm, back to back: the same without pauses, as when a class is graded
- floor 1: `python -c "import tensorflow"`
- floor 2: the same tests in one process, with everything imported and nothing confined.
  Both the floor and the judge remember the trained model and the solution's answers
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from grader.content.course import Course
from grader.judge.client.judge import default_seed
from grader.judge.client.resident import Checks, start_resident
from grader.judge.submission import read_submission

EXERCISE = "exercise-lstm"
COURSE = str(Path(sys.executable).with_name("course"))
SOLUTION = Path(__file__).parent.parent / "exercises" / EXERCISE / "solution.py"
# the tests and the solution in one interpreter, without pytest, pipes and other processes
IN_ONE_PROCESS = """
import importlib.util, inspect, json, sys, time
from pathlib import Path
import numpy as np
directory, cache, runs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
import contextlib
from grader.judge.server import training
from grader.judge.worker.convert import convert
from grader.judge.models import rebuild
solution = load("solution", directory / "solution.py")
class Learner:
    def __getattr__(self, name):
        function = getattr(solution, name)
        def call(*args, **kwargs):
            value = function(*args, **kwargs)
            moved = convert(value)  # figures and models are converted to data here, too
            if moved is None: return value
            if type(moved).__name__ == "Blueprint": return rebuild(moved)
            from grader.judge.wire.values import decode
            return decode(moved)
        return call
    @contextlib.contextmanager
    def raises(self, kind, when=""):
        try: yield
        except kind: return
        raise AssertionError
    def assert_unchanged(self): pass
class Reference(Learner):
    # remembers its answers from run to run, as the judge does
    answers, asked = [], 0
    def __getattr__(self, name):
        function = super().__getattr__(name)
        def call(*args, **kwargs):
            if self.asked == len(self.answers):
                self.answers.append(function(*args, **kwargs))
            self.asked += 1
            return self.answers[self.asked - 1]
        return call
tests = []
for file in ("visible_tests", "hidden_tests"):
    module = load(file, directory / f"{file}.py")
    tests += [f for n, f in vars(module).items() if n.startswith("test_")]
reference = Reference()
fixtures = {"learner": Learner(), "reference": reference, "train": training.Trainer(cache), "seed": 7}
times = []
for _ in range(runs + 1):
    reference.asked = 0
    began = time.perf_counter()
    for number, test in enumerate(tests):
        names = inspect.signature(test).parameters
        fixtures["rng"] = np.random.default_rng(number)
        test(**{name: fixtures[name] for name in names})
    times.append(time.perf_counter() - began)
print(json.dumps(times[1:]))
"""


def timed(action: Callable[[], object]) -> float:
    """Return the wall time of a call in seconds."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--runs", type=int, default=7, help="number of warm checks to time")
    runs = parser.parse_args().runs
    course, submission = Course.bundled(), read_submission(SOLUTION)
    with tempfile.TemporaryDirectory() as home:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        runtime = Path(home) / "run"
        runtime.mkdir(mode=0o700)
        own = {"COURSE_HOME": home, "XDG_RUNTIME_DIR": str(runtime), "COURSE_WARM": "5"}
        os.environ.update(own)
        environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
        command = [COURSE, "check", EXERCISE, str(SOLUTION)]
        cold_command = [*command, "--cold"]
        stop = [COURSE, "doctor", "--stop"]
        import_command = [sys.executable, "-c", "import tensorflow"]
        for warm_up in (cold_command, import_command):
            subprocess.run(warm_up, env=environment, **quiet)
        cold, importing, again, first = [], [], [], []
        for _ in range(max(3, runs // 2)):  # in turn, so that load on the machine affects both
            cold.append(timed(lambda: subprocess.run(cold_command, env=environment, **quiet)))
            importing.append(timed(lambda: subprocess.run(import_command, env=environment, **quiet)))
            started = tempfile.mkdtemp(dir=home)
            subprocess.run([COURSE, "start", EXERCISE], env=environment, cwd=started, **quiet)
            time.sleep(10)
            first.append(timed(lambda: subprocess.run(command, env=environment, **quiet)))
            time.sleep(3)
            again.append(timed(lambda: subprocess.run(command, env=environment, **quiet)))
            subprocess.run(stop, env=environment, **quiet)
        start_resident(course, EXERCISE)
        with Checks(course) as checks:
            seed = default_seed(course, EXERCISE)
            checks.check_newest(EXERCISE, submission, seed)
            busy = [timed(lambda: checks.check_newest(EXERCISE, submission, seed)) for _ in range(runs)]
            time.sleep(15)  # the server forks a spare judge meanwhile
            warm = []
            for _ in range(runs):
                time.sleep(1.5)  # the judge prepares a worker for the next check meanwhile
                warm.append(timed(lambda: checks.check_newest(EXERCISE, submission, seed)))
        subprocess.run(stop, env=environment, **quiet)
        one = [
            sys.executable,
            "-c",
            IN_ONE_PROCESS,
            str(SOLUTION.parent),
            str(Path(home) / "cache"),
            str(runs),
        ]
        floor = subprocess.run(one, env=environment, capture_output=True, text=True, check=True)
        alone = [float(text) for text in floor.stdout.strip().strip("[]").split(",")]
    measured = (cold, warm, busy, importing, alone, first, again)
    cold_, warm_, busy_, import_, alone_, first_, again_ = (statistics.median(times) for times in measured)
    print(f"cold check                     {cold_:6.2f} s")
    print(f"first check after start        {first_:6.2f} s")
    print(f"check again                    {again_:6.2f} s")
    print(f"warm check                     {warm_:6.2f} s")
    print(f"warm check, back to back       {busy_:6.2f} s")
    print(f"floor 1, import tensorflow     {import_:6.2f} s")
    print(f"floor 2, tests in one process  {alone_:6.2f} s")
    print(f"cold / import tensorflow       {cold_ / import_:6.2f}   target: below 2")
    print(f"first / import tensorflow      {first_ / import_:6.2f}   target: below 0.3")
    print(f"again / import tensorflow      {again_ / import_:6.2f}   target: below 0.2")
    print(f"warm / import tensorflow       {warm_ / import_:6.2f}   target: below 0.25")
    print(f"warm / tests in one process    {warm_ / alone_:6.2f}   target: below 2")


if __name__ == "__main__":
    main()
