"""Measure the time that a user waits for a command, relative to a floor in the same run.

    python benchmarks/startup.py [--runs 7]

Each command and its floor are timed in turn (A B A B …). Their medians are compared:
- `course --version` and the first question of `course quiz day4`, against `import click, yaml`
- `course check exercise-lstm` on the reference solution, against `import tensorflow`
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

COURSE = str(Path(sys.executable).with_name("course"))
SOLUTION = Path(__file__).parent.parent / "exercises" / "exercise-lstm" / "solution.py"
IMPORT_FLOOR = [sys.executable, "-c", "import click, yaml"]
TENSORFLOW_FLOOR = [sys.executable, "-c", "import tensorflow"]


def seconds(command: Sequence[str], home: Path) -> float:
    """Return the wall time of one run in seconds, from start to exit, with an empty stdin."""
    environment = os.environ | {"COURSE_HOME": str(home), "TF_CPP_MIN_LOG_LEVEL": "3"}
    started = time.perf_counter()
    nothing = subprocess.DEVNULL
    subprocess.run(command, stdin=nothing, stdout=nothing, stderr=nothing, env=environment)
    return time.perf_counter() - started


def compare(title: str, command: Sequence[str], floor: Sequence[str], runs: int, target: float) -> None:
    """Time both commands in turn after one warm-up each; print their medians in seconds and the ratio."""
    with tempfile.TemporaryDirectory() as home:
        for warm_up in (command, floor):
            seconds(warm_up, Path(home))
        pairs = [(seconds(command, Path(home)), seconds(floor, Path(home))) for _ in range(runs)]
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = ours / theirs
    print(
        f"{title:<34} {ours:7.3f} s   floor {theirs:7.3f} s   ratio {ratio:5.2f}   target: below {target:g}"
    )


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--runs", type=int, default=7, help="number of timed runs per command")
    runs = parser.parse_args().runs
    compare("course --version", [COURSE, "--version"], IMPORT_FLOOR, runs, 2)
    # with an empty stdin, the quiz ends after its first question
    compare("course quiz day4, first question", [COURSE, "quiz", "day4", "--new"], IMPORT_FLOOR, runs, 3)
    check = [COURSE, "check", "exercise-lstm", str(SOLUTION)]
    compare("course check exercise-lstm", check, TENSORFLOW_FLOOR, max(3, runs // 2), 2)


if __name__ == "__main__":
    main()
