"""Compare the time to grade a class: plain `nbgrader autograde`, and nbgrader with the course's plug-in.

    python benchmarks/nbgrader.py [--submissions 20] [--keep DIR]

Both grade the same submissions of exercise-lstm: its solution, its known mistakes, and programs of
tests/recognition. One submission takes about fifteen seconds, nearly all of them in plain nbgrader.

- plain: each test is a hidden test cell of one notebook, and nbgrader runs the notebook in a kernel.
  CUDA_VISIBLE_DEVICES=-1 and TF_CPP_MIN_LOG_LEVEL=3 keep TensorFlow from writing to stderr; otherwise
  right submissions lose points
- plug-in: the assignment is made by `course nbgrader build` and `nbgrader generate_assignment`. It is
  graded first with an empty cache directory, then again with trained models and the behavior of the
  mistakes in the cache. Judges work ahead of nbgrader, one per core

Equal in both: the submissions' code, the 25 tests with their points and drawn numbers, the training
recipe, nbgrader itself, its gradebook, and the start of the commands. Not equal: plain nbgrader confines
nothing, calls functions in the interpreter of the tests, recognizes no mistakes, and trains for every
submission. The plug-in confines submissions, recognizes mistakes, and trains each structure once.
Neither generates feedback pages. Two programs score less in plain nbgrader: they cause warnings
(`input_shape` in a layer, a legend without labels), and it treats a warning on stderr as an error.
On a busy machine, compare the CPU seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import sys
import tempfile
from pathlib import Path

from plain_notebook import (
    EXERCISE,
    NBGRADER_CONFIG,
    QUIET,
    PlainTest,
    hand_in,
    nbgrader_notebook,
    nbgrader_scores,
    submissions,
)
from process_tree import CommandRun, run

BIN = Path(sys.executable).parent
TARGET = 10  # ratio of the times, plain to plug-in


def grade(class_dir: Path, *command: str | Path) -> CommandRun:
    """Run a command in a class's directory, with a separate cache per class."""
    environment = {
        **QUIET,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",  # nbgrader runs alembic
        "XDG_CACHE_HOME": str(class_dir.parent / f"{class_dir.name}-cache"),
    }
    return run([BIN / command[0], *command[1:]], class_dir, environment)


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument(
        "--submissions", type=int, default=20, metavar="N", help="number of submissions to grade"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work in DIR and keep all files there")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        place = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        compare(place.resolve(), submissions(options.submissions))


def compare(place: Path, sources: dict[str, str]) -> None:
    """Grade the submissions in both ways; print the times and the differing scores."""
    plain, ours = place / "plain", place / "ours"
    for directory in (plain, ours):
        directory.mkdir(parents=True)
    grade(ours, "course", "nbgrader", "build", EXERCISE.lesson, "--course-dir", ours)
    seed_line = re.search(r"GradeWithJudge.seed = (\d+)", (ours / "nbgrader_config.py").read_text())
    assert seed_line is not None
    notebook, tests = nbgrader_notebook(int(seed_line.group(1)))
    (plain / "source" / "plain").mkdir(parents=True)
    (plain / "source" / "plain" / "plain.ipynb").write_text(json.dumps(notebook))
    (plain / "nbgrader_config.py").write_text(NBGRADER_CONFIG)
    for directory, assignment, notebook_name in (
        (plain, "plain", "plain"),
        (ours, EXERCISE.lesson, EXERCISE.id),
    ):
        grade(directory, "nbgrader", "generate_assignment", assignment)
        for name, source in sources.items():
            hand_in(directory, assignment, notebook_name, name, source)

    count = len(sources)
    print(f"{count} submissions, {len(tests)} tests each; seconds per submission:  wall      CPU")

    def graded(title: str, directory: Path, *options: str) -> CommandRun:
        autograde = grade(directory, "nbgrader", "autograde", *options)
        print(f"{title:<50} {autograde.seconds / count:8.2f} {autograde.cpu / count:8.2f}", flush=True)
        return autograde

    first = graded("plug-in, empty cache", ours, EXERCISE.lesson)
    again = graded("plug-in, again", ours, EXERCISE.lesson, "--force")
    theirs = graded("plain nbgrader", plain, "plain")
    for title, own in (("empty cache", first), ("again", again)):
        ratios = f"{theirs.seconds / own.seconds:8.1f} {theirs.cpu / own.cpu:8.1f}"
        print(f"{f'plain / plug-in, {title} (target: {TARGET})':<50} {ratios}")
    disagree(nbgrader_scores(plain), nbgrader_scores(ours), tests)


def disagree(
    theirs: dict[str, dict[str, float]], ours: dict[str, dict[str, float]], tests: list[PlainTest]
) -> None:
    """Print the functions and learners whose scores differ between the two."""
    different = []
    function_of = {test.name: test.function for test in tests}
    functions = set(function_of.values())
    for name, graded in theirs.items():
        summed = dict.fromkeys(functions, 0.0)
        for test, score in graded.items():
            summed[function_of[test]] += score
        for function, score in summed.items():
            own = ours[name][f"{EXERCISE.id}--{function}--test"]
            if own != score:
                different.append(f"{name}, {function}: plain {score:g}, plug-in {own:g}")
    print(f"function scores that differ: {len(different)} of {len(theirs) * len(functions)}")
    print("".join(f"    {line}\n" for line in different), end="")


if __name__ == "__main__":
    main()
