"""How fast a class is graded: `course grade`, plain `nbgrader autograde` and `otter run`, in one run.

    python benchmarks/classroom.py [--submissions 40] [--sizes 40,200,1000] [--peers-sample 8]
                                   [--without-nbgrader] [--without-otter] [--otter PYTHON]

All grade the same submissions of exercise-lstm: its solution, its known mistakes, and programs of
tests/recognition. Plain nbgrader takes about fifteen seconds a submission and Otter twice that, so
--peers-sample gives them only the first so many, which are of the same mix.

- floor: all tests of all submissions called in one process that has imported everything; nothing
  is confined, no interpreter is started, nothing is written
- course grade: from start to exit, with nothing remembered (an empty cache directory); then with
  training never remembered; then again with everything remembered
- nbgrader: each test is a hidden test cell, `nbgrader autograde` runs each notebook in a kernel; with
  what keeps TensorFlow off stderr, without which right submissions lose points
- Otter: each test is a question with a hidden test; `otter run`, once a submission. It is installed
  into an environment of its own, which sees the libraries of this one
- growth: `course grade` on classes of several sizes, each from an empty cache. There are not that
  many programs, so a comment makes each a source of its own, and none is graded for another

Equal in all: the submissions' code, the 25 tests (one of which trains a model, up to three times if
it does not learn), their points and the numbers they draw, the recipe of the training, TensorFlow.
Not equal: the peers and the floor call the learner's functions in the interpreter of the tests and
confine nothing; `course grade` gives each submission a process of its own behind walls, names known
mistakes, works with two judges if there are two cores, where the peers work on one submission at a
time, and trains each structure only once: how many there are is a matter of the class. What Otter's
tests print is thrown away, because it takes printed text for a failure; feedback pages are generated
by nobody. Memory is that of the whole process tree, looked at once a second. On a busy machine look
at the CPU seconds.
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
from process_tree import Ran, run

BIN = Path(sys.executable).parent
CONSTRAINTS = Path(__file__).parent.parent / "constraints.txt"
SEED = 20_071
NBGRADER_AIM, OTTER_AIM, MEMORY_AIM = 20, 35, 4000
PROGRAM_FILE = f"{plain.EXERCISE.id.replace('-', '_')}.py"

Scores = dict[str, dict[str, float]]  # learner -> test -> score

# every submission in one warm process; prints seconds, of which training, and the scores
FLOOR = """
import json, sys, time, contextlib, io, warnings
warnings.simplefilter("ignore")
given = json.load(open(sys.argv[1]))
tools = {"kernel": {}}
exec(given["tools"], tools)
for test in given["tests"]:
    exec(test["source"], tools)
train, training = tools["train"], 0.0
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
        exec(given["imports"] + "\\n" + source, tools["kernel"])
        for test in given["tests"]:
            try:
                tools["run"](tools[test["name"]])
                scores[test["name"]] = test["points"]
            except Exception:
                scores[test["name"]] = 0.0
    return scores
grade(next(iter(given["sources"].values())))
training, began, used = 0.0, time.perf_counter(), time.process_time()
scores = {name: grade(source) for name, source in given["sources"].items()}
print(json.dumps([time.perf_counter() - began, time.process_time() - used, training, scores]))
"""


class Way(Struct, frozen=True):
    """How one way of grading went."""

    name: str
    learners: tuple[str, ...]
    ran: tuple[Ran, ...]
    scores: Scores

    @property
    def count(self) -> int:
        return len(self.learners)

    @property
    def seconds(self) -> float:
        """For each submission."""
        return sum(ran.seconds for ran in self.ran) / self.count

    @property
    def cpu(self) -> float:
        """CPU seconds for each submission."""
        return sum(ran.cpu for ran in self.ran) / self.count

    def show(self) -> None:
        peak = max(ran.peak_pss for ran in self.ran)
        load = self.ran[0].load
        print(
            f"{self.name:<34} {self.count:5} {self.seconds:8.2f} {60 / self.seconds:9.1f} {self.cpu:9.2f} "
            f"{f'{peak:.0f}' if peak else '-':>8} {load:5.1f}",
            flush=True,
        )


HEAD = f"{'':<34} {'count':>5} {'s each':>8} {'a minute':>9} {'CPU each':>9} {'peak MB':>8} {'load':>5}"


# --- course grade ---


class Class:
    """A class's directory, a cache, and places where something may be left behind."""

    def __init__(self, place: Path, sources: dict[str, str]) -> None:
        self.place, self.sources = place, sources
        for name, source in sources.items():
            (place / "class" / name).mkdir(parents=True)
            (place / "class" / name / PROGRAM_FILE).write_text(source)
        for name in ("cache", "home", "tmp", "cwd"):
            (place / name).mkdir(parents=True)

    def grade(self, name: str, out: str = "grades") -> Way:
        places = {"XDG_CACHE_HOME": "cache", "COURSE_HOME": "home", "TMPDIR": "tmp"}
        environment = {variable: str(self.place / path) for variable, path in places.items()}
        command: list[str | Path] = [BIN / "course", "grade", self.place / "class", "--json"]
        command += ["--exercise", plain.EXERCISE.id, "--seed", str(SEED), "--output", self.place / out]
        ran = run(command, self.place / "cwd", environment)
        self.summary: dict[str, Any] = json.loads(ran.output)
        lines = (self.place / out / "results.jsonl").read_text().splitlines()
        self.results = [json.loads(line) for line in lines]
        scores = {
            result["learner"]: {test["id"]: test["score"] for test in result["report"]["tests"]}
            for result in self.results
        }
        assert scores.keys() == self.sources.keys(), "somebody has no grade"
        return Way(name, tuple(self.sources), (ran,), scores)

    def forget_training(self) -> None:
        """Put a file where the directory of what models have learnt would be: then nothing is kept."""
        (self.place / "cache" / "course").mkdir(exist_ok=True)
        (self.place / "cache" / "course" / "training").touch()

    def left(self) -> list[str]:
        """Return the files that are left where nothing should be."""
        found = [path for name in ("home", "tmp", "cwd") for path in (self.place / name).rglob("*")]
        return [str(path.relative_to(self.place)) for path in found]

    def cached(self, name: str = "") -> tuple[int, float]:
        """Return how many files a part of the cache holds, and their MB."""
        sizes = [p.stat().st_size for p in (self.place / "cache" / "course" / name).rglob("*") if p.is_file()]
        return len(sizes), sum(sizes) / 1e6

    def behaviours(self) -> int:
        """Return how many different verdicts there are."""
        return len({json.dumps(result["report"]["tests"]) for result in self.results})


def of_size(size: int) -> dict[str, str]:
    """Return so many submissions, each a source of its own."""
    programs = itertools.cycle(plain.submissions(size).items())
    numbered = zip(range(size), programs, strict=False)
    return {f"{name}-{n:04}": f"{source}\n# handed in as number {n}\n" for n, (name, source) in numbered}


# --- the others ---


def floor(place: Path, sources: dict[str, str]) -> tuple[Way, float]:
    """Return how the floor went, and how much of a submission's time was training."""
    tests, tools = plain.tests_and_tools(SEED)
    given = {
        "tests": [{"name": t.name, "points": t.points, "source": t.source} for t in tests],
        "tools": tools,
        "imports": plain.IMPORTS,
        "sources": sources,
    }
    place.mkdir()
    (place / "given.json").write_text(json.dumps(given))
    ran = run([sys.executable, "-c", FLOOR, place / "given.json"], place, plain.QUIET)
    seconds, cpu, training, scores = json.loads(ran.output.splitlines()[-1])
    own = replace(ran, seconds=seconds, cpu=cpu)
    return Way("floor, tests in one warm process", tuple(sources), (own,), scores), training / len(sources)


def nbgrader(place: Path, sources: dict[str, str]) -> Way:
    """Grade with plain nbgrader; what is timed is `autograde`."""
    (place / "source" / "plain").mkdir(parents=True)
    notebook, _ = plain.nbgrader_notebook(SEED)
    (place / "source" / "plain" / "plain.ipynb").write_text(json.dumps(notebook))
    (place / "nbgrader_config.py").write_text(plain.NBGRADER_CONFIG)
    environment = plain.QUIET | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}  # it runs alembic
    run([BIN / "nbgrader", "generate_assignment", "plain"], place, environment)
    for name, source in sources.items():
        plain.hand_in(place, "plain", "plain", name, source)
    # 1 if a submission could not be graded: its scores are missing then, which is shown
    ran = run([BIN / "nbgrader", "autograde", "plain"], place, environment, ok=(0, 1))
    return Way("plain nbgrader autograde", tuple(sources), (ran,), plain.nbgrader_scores(place))


def otter(place: Path, sources: dict[str, str], python: Path) -> Way:
    """Grade with Otter; what is timed is one `otter run` after the other."""
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
    return Way("otter run", tuple(sources), tuple(runs), scores)


def otter_environment(place: Path) -> Path:
    """Install Otter into an environment that sees the libraries of this one; return its Python."""
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    python = place / "bin" / "python"
    pip: list[str | Path] = [python, "-m", "pip", "install", "-qq"]
    subprocess.run([*pip, "--constraint", CONSTRAINTS, "otter-grader"], check=True)
    subprocess.run([*pip, "setuptools<81"], check=True)  # it imports pkg_resources
    ours = sysconfig.get_path("purelib")
    theirs = sysconfig.get_path("purelib", vars={"base": str(place)})
    Path(theirs, "libraries.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    return python


# --- what is printed ---


def compare(place: Path, options: argparse.Namespace) -> None:
    """Grade the same submissions in every way."""
    sources = plain.submissions(options.submissions)
    few = dict([*sources.items()][: options.peers_sample])
    python = (
        None if options.without_otter else options.otter or otter_environment(place / "otter-environment")
    )

    tests = len(plain.tests_and_tools(SEED)[0])
    print(f"{len(sources)} submissions, {len(set(sources.values()))} different, {tests} tests each")
    if len(few) < len(sources) and not (options.without_nbgrader and options.without_otter):
        print(f"nbgrader and Otter grade only the first {len(few)}, which are of the same mix")
    print(HEAD)
    lowest, training = floor(place / "floor", sources)
    lowest.show()
    print(f"{'    without its training':<34} {'':5} {lowest.seconds - training:8.2f}")
    ours = Class(place / "ours", sources)
    first = ours.grade("course grade, nothing remembered")
    first.show()
    structures = ours.cached("training")[0]
    again = ours.grade("course grade, once more", "again")
    again.show()
    forgetful = Class(place / "forgetful", sources)
    forgetful.forget_training()
    trains = forgetful.grade("course grade, every training anew")
    trains.show()

    peers = []
    if not options.without_nbgrader:
        peers.append((nbgrader(place / "nbgrader", few), NBGRADER_AIM))
        peers[-1][0].show()
    if python is not None:
        peers.append((otter(place / "otter", few, python), OTTER_AIM))
        peers[-1][0].show()
    print(f"course grade: {structures} trainings, {ours.behaviours()} different verdicts")
    print(f"walls: {ours.summary['confinement']}")
    for peer, aim in peers:
        print(
            f"{peer.name} / course grade: {peer.seconds / first.seconds:.1f}, aim at least {aim} "
            f"(CPU {peer.cpu / first.cpu:.1f}); with every training anew {peer.seconds / trains.seconds:.1f} "
            f"(CPU {peer.cpu / trains.cpu:.1f})"
        )
    print(f"course grade / floor: {first.seconds / lowest.seconds:.2f} (CPU {first.cpu / lowest.cpu:.2f})")
    for way in (lowest, trains, *(peer for peer, _ in peers)):
        disagree(way, first)


def disagree(way: Way, ours: Way) -> None:
    """Print which tests have other scores than in `course grade`, and of whom."""
    different = []
    for learner in way.learners:
        for test, own in ours.scores[learner].items():
            other = way.scores.get(learner, {}).get(test)
            if other != own:
                different.append(f"    {learner}, {test}: {other}, course grade {own:g}\n")
    print(f"scores that differ from those of course grade, {way.name}: {len(different)}")
    print("".join(different[:20]), end="")


def growth(place: Path, sizes: list[int]) -> None:
    """Grade classes of several sizes, and print how time and memory grow."""
    print(f"\ncourse grade on classes of several sizes, each from an empty cache\n{HEAD}")
    ways = []
    for size in sizes:
        group = Class(place / f"class-{size}", of_size(size))
        way = group.grade(f"{size} sources, {min(size, len(plain.submissions(size)))} programs")
        way.show()
        ways.append(way)
        files, megabytes = group.cached()
        print(
            f"    judged {group.summary['judged']}, different verdicts {group.behaviours()}, trainings "
            f"{group.cached('training')[0]}, at most {way.ran[0].peak_processes} processes\n"
            f"    left behind: processes {list(way.ran[0].left_running)}, files {group.left()}; in the cache "
            f"{files} files, {megabytes:.1f} MB",
            flush=True,
        )
    for small, large in itertools.pairwise(ways):
        more = large.ran[0].seconds - small.ran[0].seconds
        print(
            f"from {small.count} to {large.count}: {more / (large.count - small.count):.3f} s for each more; "
            f"peak memory x {large.ran[0].peak_pss / small.ran[0].peak_pss:.2f}"
        )
    peak = max(way.ran[0].peak_pss for way in ways)
    print(f"peak memory {peak:.0f} MB, aim below {MEMORY_AIM}")


@contextlib.contextmanager
def working_place(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="course-benchmark-") as place:
        yield Path(place)


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--submissions", type=int, default=40, metavar="N", help="0 for growth alone")
    parser.add_argument("--sizes", default="40,200,1000", metavar="N,N,…", help="of classes; empty for none")
    parser.add_argument("--peers-sample", type=int, metavar="K", help="how many the slow peers grade")
    parser.add_argument("--without-nbgrader", action="store_true")
    parser.add_argument("--without-otter", action="store_true")
    parser.add_argument(
        "--otter", type=Path, metavar="PYTHON", help="a Python that has Otter and all of ours"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work in DIR, and leave everything there")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",") if size]
    began = time.perf_counter()
    with working_place(options.keep) as place:
        if options.submissions:
            compare(place, options)
        if sizes:
            growth(place, sizes)
    print(f"\nall this took {(time.perf_counter() - began) / 60:.0f} minutes")


if __name__ == "__main__":
    main()
