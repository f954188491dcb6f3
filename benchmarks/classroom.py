"""Compare the time to grade a class: `course grade`, plain `nbgrader autograde` and `otter run`.

    python benchmarks/classroom.py [--submissions 40] [--sizes 40,200,1000] [--peers-sample 8]
                                   [--without-nbgrader] [--without-otter] [--otter PYTHON]
                                   [--exercises exercise-lstm,exercise-cells]

All grade the same submissions of an exercise in the same run: its solution, its known mistakes, and
programs of tests/recognition. exercise-lstm builds models and figures; exercise-cells uses numpy only.
With models, plain nbgrader takes about fifteen seconds per submission and Otter twice that. With
--peers-sample they grade only the first submissions, which are of the same mix.

- floor: all tests of all submissions in one process that has imported everything. Nothing is confined,
  no interpreter is started, and nothing is written
- course grade: from start to exit, first with an empty cache directory, then again with everything
  cached; then in a second class without a training cache
- nbgrader: each test is a hidden test cell, and `nbgrader autograde` runs each notebook in a kernel.
  Environment variables keep TensorFlow from writing to stderr; otherwise right submissions lose points
- Otter: each test is a question with a hidden test, and `otter run` runs once per submission. Otter is
  installed into its own environment, which uses the libraries of this one
- growth: `course grade` on classes of several sizes, each with an empty cache. There are fewer programs
  than learners, so an added comment makes each source distinct, and each is graded separately

Equal in all: the submissions' code, the tests with their points and drawn numbers, the training
recipe, TensorFlow. One test of exercise-lstm trains a model, up to three times if it does not learn.
Not equal: the peers and the floor call the learner's functions in the interpreter of the tests and
confine nothing. `course grade` runs each submission in a confined process of its own and recognizes
known mistakes. It uses two judges if there are two cores, while the peers grade one submission at a
time. It trains each structure only once, and runs a test once for programs that give the same answers.
How much that saves depends on the class; here 30 of 40 programs get distinct verdicts. Printed text in
Otter's tests is discarded, because Otter treats it as a failure. None of them generates feedback pages.
Memory is that of the whole process tree, sampled once a second. On a busy machine, compare the CPU
seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import plain_notebook as plain
from msgspec import Struct
from msgspec.structs import replace
from process_tree import CommandRun, run

BIN = Path(sys.executable).parent
CONSTRAINTS = Path(__file__).parent.parent / "constraints.txt"
SEED = 20_071
NBGRADER_TARGET, OTTER_TARGET = 20, 35  # ratios of the times, peer to course grade
MEMORY_TARGET = 4000  # MB

Scores = dict[str, dict[str, float]]  # learner -> test -> score

# grades every submission in one warm process; prints wall, CPU and training seconds, and the scores
FLOOR = """
import json, sys, time, contextlib, io, warnings
warnings.simplefilter("ignore")
task = json.load(open(sys.argv[1]))
tools = {"kernel": {}}
exec(task["tools"], tools)
for test in task["tests"]:
    exec(test["source"], tools)
train, training = tools["train"], 0.0  # None for an exercise without models
def timed(*args):
    global training
    began = time.perf_counter()
    try:
        return train(*args)
    finally:
        training += time.perf_counter() - began
tools["train"] = timed
def grade(source):
    tools["kernel"], scores = {}, {}
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        exec(task["imports"], tools["kernel"])
        exec(source, tools["kernel"])
        for test in task["tests"]:
            try:
                tools["run"](tools[test["name"]])
                scores[test["name"]] = test["points"]
            except Exception:
                scores[test["name"]] = 0.0
    return scores
grade(next(iter(task["sources"].values())))
training, began, used = 0.0, time.perf_counter(), time.process_time()
scores = {name: grade(source) for name, source in task["sources"].items()}
print(json.dumps([time.perf_counter() - began, time.process_time() - used, training, scores]))
"""


class GradingRun(Struct, frozen=True):
    """The measurements and scores of grading a class in one way."""

    name: str
    learners: tuple[str, ...]
    commands: tuple[CommandRun, ...]
    scores: Scores

    @property
    def count(self) -> int:
        """The number of submissions."""
        return len(self.learners)

    @property
    def seconds(self) -> float:
        """Wall time per submission, in seconds."""
        return sum(command.seconds for command in self.commands) / self.count

    @property
    def cpu(self) -> float:
        """CPU seconds per submission."""
        return sum(command.cpu for command in self.commands) / self.count

    def show(self) -> None:
        """Print a line of the table whose header is HEAD."""
        peak = max(command.peak_pss for command in self.commands)
        load = self.commands[0].load
        print(
            f"{self.name:<34} {self.count:5} {self.seconds:8.2f} {60 / self.seconds:9.1f} {self.cpu:9.2f} "
            f"{f'{peak:.0f}' if peak else '-':>8} {load:5.1f}",
            flush=True,
        )


HEAD = f"{'':<34} {'count':>5} {'s each':>8} {'per min':>9} {'CPU each':>9} {'peak MB':>8} {'load':>5}"


# --- course grade ---


class ClassDirectory:
    """A directory with the submissions of a class, a cache, and the directories that must stay empty."""

    def __init__(self, place: Path, sources: dict[str, str]) -> None:
        self.place, self.sources = place, sources
        for name, source in sources.items():
            (place / "class" / name).mkdir(parents=True)
            program = f"{plain.EXERCISE.id.replace('-', '_')}.py"
            (place / "class" / name / program).write_text(source)
        for name in ("cache", "home", "tmp", "cwd"):
            (place / name).mkdir(parents=True)

    def grade(self, name: str, out: str = "grades") -> GradingRun:
        """Run `course grade` on the class, and read its results."""
        places = {"XDG_CACHE_HOME": "cache", "COURSE_HOME": "home", "TMPDIR": "tmp"}
        environment = {variable: str(self.place / path) for variable, path in places.items()}
        command: list[str | Path] = [BIN / "course", "grade", self.place / "class", "--json"]
        command += ["--exercise", plain.EXERCISE.id, "--seed", str(SEED), "--output", self.place / out]
        command_run = run(command, self.place / "cwd", environment)
        self.summary: dict[str, Any] = json.loads(command_run.output)
        lines = (self.place / out / "results.jsonl").read_text().splitlines()
        self.results = [json.loads(line) for line in lines]
        scores = {
            result["learner"]: {test["id"]: test["score"] for test in result["report"]["tests"]}
            for result in self.results
        }
        assert scores.keys() == self.sources.keys(), "a learner has no grade"
        return GradingRun(name, tuple(self.sources), (command_run,), scores)

    def disable_training_cache(self) -> None:
        """Disable the training cache by putting a file in the place of its directory."""
        (self.place / "cache" / "course").mkdir(exist_ok=True)
        (self.place / "cache" / "course" / "training").touch()

    def leftover_files(self) -> list[str]:
        """Return the files in the directories that must stay empty."""
        paths = [path for name in ("home", "tmp", "cwd") for path in (self.place / name).rglob("*")]
        return [str(path.relative_to(self.place)) for path in paths]

    def cached(self, name: str = "") -> tuple[int, float]:
        """Return the number of files in a part of the cache, and their total size in MB."""
        sizes = [p.stat().st_size for p in (self.place / "cache" / "course" / name).rglob("*") if p.is_file()]
        return len(sizes), sum(sizes) / 1e6

    def distinct_verdicts(self) -> int:
        """Return the number of distinct verdicts."""
        return len({json.dumps(result["report"]["tests"]) for result in self.results})


def of_size(size: int) -> dict[str, str]:
    """Return `size` submissions with distinct sources."""
    programs = itertools.cycle(plain.submissions(size).items())
    numbered = zip(range(size), programs, strict=False)
    return {f"{name}-{n:04}": f"{source}\n# submission number {n}\n" for n, (name, source) in numbered}


# --- the floor and the peers ---


def floor(place: Path, sources: dict[str, str]) -> tuple[GradingRun, float]:
    """Grade in one warm process. Return the run, and the training seconds per submission."""
    tests, tools = plain.tests_and_tools(SEED)
    task = {
        "tests": [{"name": t.name, "points": t.points, "source": t.source} for t in tests],
        "tools": tools,
        "imports": plain.IMPORTS,
        "sources": sources,
    }
    place.mkdir()
    (place / "task.json").write_text(json.dumps(task))
    command_run = run([sys.executable, "-c", FLOOR, place / "task.json"], place, plain.QUIET)
    seconds, cpu, training, scores = json.loads(command_run.output.splitlines()[-1])
    own = replace(command_run, seconds=seconds, cpu=cpu)
    return GradingRun("floor, tests in one warm process", tuple(sources), (own,), scores), training / len(
        sources
    )


def nbgrader(place: Path, sources: dict[str, str]) -> GradingRun:
    """Grade with plain nbgrader; only `autograde` is timed."""
    (place / "source" / "plain").mkdir(parents=True)
    notebook, _ = plain.nbgrader_notebook(SEED)
    (place / "source" / "plain" / "plain.ipynb").write_text(json.dumps(notebook))
    (place / "nbgrader_config.py").write_text(plain.NBGRADER_CONFIG)
    environment = plain.QUIET | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}  # nbgrader runs alembic
    run([BIN / "nbgrader", "generate_assignment", "plain"], place, environment)
    for name, source in sources.items():
        plain.hand_in(place, "plain", "plain", name, source)
    # exit code 1: some submission could not be graded; `disagree` shows its missing scores
    command_run = run([BIN / "nbgrader", "autograde", "plain"], place, environment, ok=(0, 1))
    return GradingRun(
        "plain nbgrader autograde", tuple(sources), (command_run,), plain.nbgrader_scores(place)
    )


def otter(place: Path, sources: dict[str, str], python: Path) -> GradingRun:
    """Grade with Otter; only `otter run` is timed, one submission after the other."""
    place.mkdir()
    tests, tools = plain.tests_and_tools(SEED)
    (place / "course_tests.py").write_text(plain.otter_module(tests, tools))
    (place / "plain.ipynb").write_text(json.dumps(plain.otter_notebook(tests)))
    command: list[str | Path] = [python, "-m", "otter"]
    environment = plain.QUIET | {"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    run([*command, "assign", "plain.ipynb", "dist", "--no-run-tests", "--no-pdfs"], place, environment)
    [autograder] = (place / "dist" / "autograder").glob("*.zip")
    runs, scores = [], {}
    for name, source in sources.items():
        (place / name).mkdir()
        notebook = place / name / "plain.ipynb"
        notebook.write_text(json.dumps(plain.otter_submission(source)))
        runs.append(
            run([*command, "run", notebook, "-a", autograder, "-o", place / name], place, environment)
        )
        graded = json.loads((place / name / "results.json").read_text())["tests"]
        scores[name] = {test["name"]: test["score"] for test in graded if "score" in test}
    return GradingRun("otter run", tuple(sources), tuple(runs), scores)


def otter_environment(place: Path) -> Path:
    """Install Otter into an environment that uses the libraries of this one; return its Python."""
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    python = place / "bin" / "python"
    pip: list[str | Path] = [python, "-m", "pip", "install", "-qq"]
    subprocess.run([*pip, "--constraint", CONSTRAINTS, "otter-grader"], check=True)
    subprocess.run([*pip, "setuptools<81"], check=True)  # Otter imports pkg_resources
    ours = sysconfig.get_path("purelib")
    theirs = sysconfig.get_path("purelib", vars={"base": str(place)})
    Path(theirs, "libraries.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    return python


# --- comparing and printing ---


def compare(place: Path, options: argparse.Namespace) -> None:
    """Grade the same submissions in every way, and print the table and the ratios."""
    sources = plain.submissions(options.submissions)
    few = dict([*sources.items()][: options.peers_sample])
    python = (
        None if options.without_otter else options.otter or otter_environment(place / "otter-environment")
    )

    tests, distinct = len(plain.tests_and_tools(SEED)[0]), len(set(sources.values()))
    print(f"\n{plain.EXERCISE.id}: {len(sources)} submissions, {distinct} distinct, {tests} tests each")
    if len(few) < len(sources) and not (options.without_nbgrader and options.without_otter):
        print(f"nbgrader and Otter grade only the first {len(few)}, which are of the same mix")
    print(HEAD)
    lowest, training = floor(place / "floor", sources)
    lowest.show()
    print(f"{'    without its training':<34} {'':5} {lowest.seconds - training:8.2f}")
    ours = ClassDirectory(place / "ours", sources)
    first = ours.grade("course grade, empty cache")
    first.show()
    structures = ours.cached("training")[0]
    again = ours.grade("course grade, everything cached", "again")
    again.show()
    uncached = ClassDirectory(place / "uncached", sources)
    uncached.disable_training_cache()
    trains = uncached.grade("course grade, no training cache")
    trains.show()

    peers = []
    if not options.without_nbgrader:
        peers.append((nbgrader(place / "nbgrader", few), NBGRADER_TARGET))
        peers[-1][0].show()
    if python is not None:
        peers.append((otter(place / "otter", few, python), OTTER_TARGET))
        peers[-1][0].show()
    print(f"course grade: {structures} trainings, {ours.distinct_verdicts()} distinct verdicts")
    print(f"confinement: {ours.summary['confinement']}")
    for peer, target in peers:
        aim = f", target: at least {target}" if plain.HEAVY else ""
        print(
            f"{peer.name} / course grade: {peer.seconds / first.seconds:.1f}{aim} "
            f"(CPU {peer.cpu / first.cpu:.1f}); without the training cache "
            f"{peer.seconds / trains.seconds:.1f} "
            f"(CPU {peer.cpu / trains.cpu:.1f})"
        )
    print(f"course grade / floor: {first.seconds / lowest.seconds:.2f} (CPU {first.cpu / lowest.cpu:.2f})")
    for grading in (lowest, trains, *(peer for peer, _ in peers)):
        disagree(grading, first)


def disagree(peer: GradingRun, ours: GradingRun) -> None:
    """Print the tests and learners whose scores differ from those of `course grade`."""
    different = []
    for learner in peer.learners:
        for test, own in ours.scores[learner].items():
            other = peer.scores.get(learner, {}).get(test)
            if other != own:
                different.append(f"    {learner}, {test}: {other}, course grade {own:g}\n")
    print(f"scores that differ from those of course grade, {peer.name}: {len(different)}")
    print("".join(different[:20]), end="")


def growth(place: Path, sizes: list[int]) -> None:
    """Grade classes of several sizes; print the growth of time and memory."""
    print(f"\ncourse grade on classes of several sizes, each with an empty cache\n{HEAD}")
    gradings = []
    for size in sizes:
        group = ClassDirectory(place / f"class-{size}", of_size(size))
        grading = group.grade(f"{size} sources, {min(size, len(plain.submissions(size)))} programs")
        grading.show()
        gradings.append(grading)
        files, megabytes = group.cached()
        print(
            f"    judged {group.summary['judged']}, distinct verdicts {group.distinct_verdicts()}, trainings "
            f"{group.cached('training')[0]}, at most {grading.commands[0].peak_processes} processes\n"
            f"    left behind: processes {list(grading.commands[0].left_running)}, "
            f"files {group.leftover_files()}; in the cache: {files} files, {megabytes:.1f} MB",
            flush=True,
        )
    for small, large in itertools.pairwise(gradings):
        more = large.commands[0].seconds - small.commands[0].seconds
        print(
            f"from {small.count} to {large.count}: {more / (large.count - small.count):.3f} s "
            "per additional submission; "
            f"peak memory x {large.commands[0].peak_pss / small.commands[0].peak_pss:.2f}"
        )
    peak = max(grading.commands[0].peak_pss for grading in gradings)
    print(f"peak memory {peak:.0f} MB, target: below {MEMORY_TARGET}")


@contextlib.contextmanager
def working_place(keep: Path | None) -> Iterator[Path]:
    """Yield the directory `keep`, or a temporary one."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="course-benchmark-") as place:
        yield Path(place)


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument(
        "--submissions",
        type=int,
        default=40,
        metavar="N",
        help="number of submissions to compare; 0: growth only",
    )
    parser.add_argument(
        "--sizes", default="40,200,1000", metavar="N,N,…", help="sizes of the classes for growth; empty: none"
    )
    parser.add_argument(
        "--peers-sample",
        type=int,
        metavar="K",
        help="number of submissions that nbgrader and Otter grade; default: all",
    )
    parser.add_argument(
        "--exercises",
        default="exercise-lstm,exercise-cells",
        metavar="ID,ID,…",
        help="exercises to compare; growth is measured with the first",
    )
    parser.add_argument("--without-nbgrader", action="store_true")
    parser.add_argument("--without-otter", action="store_true")
    parser.add_argument(
        "--otter", type=Path, metavar="PYTHON", help="Python with Otter and all libraries of this environment"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work in DIR and keep all files there")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",") if size]
    began = time.perf_counter()
    with working_place(options.keep) as place:
        exercises = options.exercises.split(",")
        for exercise in exercises if options.submissions else ():
            plain.choose(exercise)
            (place / exercise).mkdir()
            compare(place / exercise, options)
        if sizes:
            plain.choose(exercises[0])
            growth(place, sizes)
    print(f"\ntotal time: {(time.perf_counter() - began) / 60:.0f} minutes")


if __name__ == "__main__":
    main()
