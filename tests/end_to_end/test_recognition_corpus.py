"""Submissions as learners write them, in `tests/recognition/`: right ones pass, wrong ideas are named.

The first line of a wrong one says `# expect: function=mistake, other=one+two, third=?`;
"?" is an error that no known mistake stands for, so that no mistake may be named. The next
line may say `# relation: other=reversed`: this relation is named, and no other.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import Queue

import pytest
from corpus import sampled
from snapshots import assert_snapshot

from grader.cli.verdict import lines
from grader.content.course import Course
from grader.judge.client.judge import Judge
from grader.judge.report import Report
from grader.judge.submission import read_submission

CORPUS = Path(__file__).parents[1] / "recognition"
COURSE = Course.bundled()
WRONG, RIGHT, TOLD = (sorted(CORPUS.glob(f"{kind}/*/*.py")) for kind in ("wrong", "right", "told"))
# 20 seeds take minutes: COURSE_TEST_SEEDS=20 pytest -m "" tests/end_to_end/test_recognition_corpus.py
SEEDS = range(int(os.environ.get("COURSE_TEST_SEEDS", "1")))
# a wrong function or a wrong model of each exercise, and some errors without a name;
# and two mistakes in one function, one in one branch, and one with a relation
FEW_WRONG = (
    "exercise-lstm/row_windows"
    " exercise-rnn/first_window_only"
    " exercise-gru/one_bias"
    " exercise-cells/both_alternatives exercise-cells/torch_order"
    " exercise-bptt/mean_and_old_state exercise-bptt/near_half_slope"
    " exercise-bidirectional/turned_by_index exercise-attention/mask_inverted"
    " exercise-shapes/plain_stack exercise-seq2seq/pairs_without_start"
).split()
FEW_RIGHT = (
    "exercise-lstm/tutorial exercise-rnn/vectors exercise-cells/stacked"
    " exercise-bptt/terse exercise-attention/einsum exercise-shapes/functional"
).split()
FEW_TOLD = (
    "exercise-lstm/lists_from_windows exercise-rnn/lists_from_encode exercise-gru/lists_for_params"
    " exercise-cells/list_of_states"
).split()


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def by_name(paths: list[Path]) -> dict[str, Path]:
    return {name(path): path for path in paths}


class Judges:
    """Warm judges, two of them where much is asked, so that both of a small machine's cores work."""

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count)
        self._free: Queue[Judge] = Queue()
        self._judges = [Judge() for _ in range(count)]
        for judge in self._judges:
            self._free.put(judge)
        self._asked: dict[tuple[Path, int | None], Future[Report]] = {}

    def ask(self, path: Path, seed: int | None) -> None:
        if (path, seed) not in self._asked:
            self._asked[path, seed] = self._pool.submit(self._check, path, seed)

    def report(self, path: Path, seed: int | None = None) -> Report:
        self.ask(path, seed)
        return self._asked[path, seed].result()

    def _check(self, path: Path, seed: int | None) -> Report:
        exercise = path.parent.name
        judge = self._free.get()
        try:
            return judge.check(COURSE, exercise, read_submission(path), 1 if seed is None else seed)
        finally:
            self._free.put(judge)

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        for judge in self._judges:
            judge.close()


@pytest.fixture(scope="module")
def judges(request: pytest.FixtureRequest) -> Iterator[Judges]:
    params = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    asked = [each["path"] for each in params if each.get("path") in {*WRONG, *RIGHT, *TOLD}]
    judges = Judges(2 if len(asked) > 20 else 1)
    for path in asked:  # what will be asked for, so that no judge has to wait
        for seed in SEEDS if path in RIGHT else (None,):
            judges.ask(path, seed)
    yield judges
    judges.close()


def expected(path: Path) -> dict[str, list[str]]:
    """Return function -> mistakes, none for "?"; read from the first line of a wrong submission."""
    first = path.read_text().partition("\n")[0]
    assert first.startswith("# expect: "), path
    found = re.findall(r"(\w+)=([\w?+-]+)", first)
    return {function: [] if ids == "?" else ids.split("+") for function, ids in found}


def expected_relations(path: Path) -> dict[str, str]:
    """Return function -> relation; read from the second line of a wrong submission."""
    second = path.read_text().split("\n")[1]
    return dict(re.findall(r"(\w+)=(\w+)", second)) if second.startswith("# relation: ") else {}


def named(path: Path, report: Report) -> dict[str, list[str]]:
    """Return function -> the mistakes named for it."""
    functions = {m.id: m.function for m in COURSE.exercise(path.parent.name).mistakes}
    found: dict[str, list[str]] = {}
    for mistake in report.mistakes:
        found.setdefault(functions[mistake.id], []).append(mistake.id)
    return found


def idea(path: Path, mistake: str) -> str:
    """Return what the learner is told; several files may stand for one idea."""
    return next(m.says for m in COURSE.exercise(path.parent.name).mistakes if m.id == mistake)


def test_there_are_enough_of_each() -> None:
    assert len(WRONG) >= 30
    for exercise in COURSE.exercise_ids:
        assert sum(path.parent.name == exercise for path in RIGHT) >= 8


@pytest.mark.parametrize("path", sampled(by_name(WRONG), FEW_WRONG))
def test_nothing_is_named_wrongly(path: Path, judges: Judges) -> None:
    report, wanted = judges.report(path), expected(path)
    assert not report.passed
    failed = {test.function for test in report.tests if test.outcome != "passed"}
    assert failed >= set(wanted), "what should be wrong is right"
    for function, mistakes in named(path, report).items():
        ideas = {idea(path, mistake) for mistake in wanted.get(function, [])}
        assert {idea(path, mistake) for mistake in mistakes} <= ideas, f"{mistakes} of {function}"
    assert {each.function: each.relation.value for each in report.relations} == expected_relations(path)


@pytest.mark.parametrize(
    "paths", sampled({"few": [by_name(WRONG)[few] for few in FEW_WRONG], "all": WRONG}, few=["few"])
)
def test_nine_of_ten_are_named(paths: list[Path], judges: Judges) -> None:
    found: list[bool] = []
    missed: list[str] = []
    for path in paths:
        got = named(path, judges.report(path))
        for function, mistakes in expected(path).items():
            ideas = {idea(path, mistake) for mistake in got.get(function, [])}
            for mistake in mistakes:
                found.append(idea(path, mistake) in ideas)
                missed += [] if found[-1] else [f"{name(path)}: {mistake}"]
    assert sum(found) >= 0.9 * len(found), missed


@pytest.mark.exhaustive
def test_a_comparison_with_the_solution_changes_no_later_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A judge remembers messages; those of a test that runs on the solution are not every submission's."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with Judge() as judge:
        for few in ("near_other_loss", "near_mean", "shuffled_pairs_and_zero"):
            path = CORPUS / "wrong" / "exercise-lstm" / f"{few}.py"
            report = judge.check(COURSE, path.parent.name, read_submission(path), seed=1)
    failed = {test.function for test in report.tests if test.outcome != "passed"}
    assert failed == {"split_train_test", "plot_forecast"}


@pytest.mark.parametrize("path", sampled(by_name(RIGHT), FEW_RIGHT))
def test_right_in_another_style_is_right(path: Path, judges: Judges) -> None:
    for seed in SEEDS:
        report = judges.report(path, seed)
        wrong = [(test.id, test.message) for test in report.tests if test.outcome != "passed"]
        assert (report.passed, wrong) == (True, []), f"seed {seed}"


@pytest.mark.parametrize("path", sampled(by_name(TOLD), FEW_TOLD))
def test_a_list_in_the_place_of_something_else_is_told(path: Path, judges: Judges) -> None:
    function = path.read_text().partition("\n")[0].removeprefix("# expect: ").partition(" ")[0]
    report = judges.report(path)
    messages = [test.message for test in report.tests if test.function == function]
    promised = "a dictionary" if function == "compare" else "a numpy array"
    sentence = rf"should (be|return) {promised}, but \w+ returned"
    # a hidden test that says much else does not name the type, too
    expected = re.compile(rf"{sentence} (a list|a value of another type)")
    assert messages and all(map(expected.search, messages)), messages
    assert re.search(f"{sentence} a list", messages[0])
    assert not report.mistakes and not report.relations


@pytest.mark.parametrize("submission", ["exercise-lstm/row_windows", "exercise-rnn/first_window_only"])
def test_what_learners_read(submission: str, judges: Judges) -> None:
    path = CORPUS / "wrong" / f"{submission}.py"
    exercise = COURSE.exercise(path.parent.name)
    shown = [*lines(judges.report(path), exercise, path.name)]
    assert_snapshot(
        f"verdict-{exercise.id}", "\n".join(line for line in shown if not line.startswith("Confinement: "))
    )


@pytest.mark.parametrize("exercise_id", COURSE.exercise_ids)
def test_what_mistakes_say(exercise_id: str) -> None:
    exercise = COURSE.exercise(exercise_id)
    said = [f"{m.function}: {m.id} ({m.misconception})\n  {m.says}" for m in exercise.mistakes]
    assert_snapshot(f"mistakes-{exercise_id}", "\n".join(said))
