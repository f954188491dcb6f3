"""In the course's own exercises, a right function keeps its points if one that it calls is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from corpus import sampled

from grader.cli.verdict import lines
from grader.content.course import Course
from grader.judge.client.judge import Judge
from grader.judge.report import Report
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell

COURSE = Course.bundled()
# function -> what a learner wrote in its place; the solution's other functions stay
CASES = {
    "encode is wrong": (
        "exercise-rnn",
        "encode",
        "generate_text",
        """
def encode(X_idx, vocab_size, mode):
    return np.eye(vocab_size + 1)[X_idx]
def generate_text(predict, start_text, length, char_to_idx, idx_to_char, seq_length, mode="one_hot",
                  temperature=0.0, rng=None):
    if not start_text:
        raise ValueError("start_text is empty")
    recent = [code_of(character, char_to_idx) for character in start_text][-seq_length:]
    for _ in range(length):
        X = encode(np.array([recent]), len(char_to_idx), mode)
        X = np.pad(X, ((0, 0), (seq_length - len(recent), 0), (0, 0)))
        p = np.asarray(predict(X), dtype=float)[0]
        if temperature == 0:
            index = int(p.argmax())
        else:
            p = (p / p.max()) ** (1 / temperature)
            index = int(rng.choice(len(p), p=p / p.sum()))
        start_text += idx_to_char[index]
        recent = [*recent, index][-seq_length:]
    return start_text
""",
    ),
    "count_params is wrong": (
        "exercise-gru",
        "count_params",
        "match_units",
        """
def count_params(kind, units, n_features, reset_after=True):
    if kind not in BLOCKS:
        raise ValueError(kind)
    return BLOCKS[kind] * units * (units + n_features)
""",
    ),
    "create_sequences is blank": (
        "exercise-lstm",
        "create_sequences",
        "plot_forecast",
        """
def create_sequences(data, seq_length):
    raise NotImplementedError
def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    X, y = create_sequences(data, seq_length)
    where = times[len(times) - len(y):]
    middle = len(train_predictions)
    figure, axes = plt.subplots()
    axes.plot(times, data, label="series")
    axes.plot(where[:middle], np.ravel(train_predictions), label="train")
    axes.plot(where[middle:middle + len(test_predictions)], np.ravel(test_predictions), label="test")
    axes.set_xlabel("time")
    axes.legend()
    return figure
""",
    ),
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


def check(judge: Judge, exercise: str, written: str) -> Report:
    cells = (
        Cell("code cell 1", (COURSE.exercise_dir(exercise) / "solution.py").read_text()),
        Cell("code cell 2", written),
    )
    return judge.check(COURSE, exercise, Submission("my.ipynb", cells), seed=1)


@pytest.mark.parametrize("case", sampled(CASES, few=["create_sequences is blank"]))
def test_only_the_root_costs_points(judge: Judge, case: tuple[str, str, str, str]) -> None:
    exercise, wrong, user, written = case
    report = check(judge, exercise, written)
    lost = {test.function for test in report.tests if test.score < test.points}
    assert lost == {wrong} and not report.passed
    assert {test.function for test in report.tests if test.after} == {user}
    assert {test.after for test in report.tests if test.after} == {(wrong,)}
    shown = [*lines(report, COURSE.exercise(exercise), "my.ipynb")]
    mine = [test for test in report.tests if test.function == user]
    best = f"{sum(test.points for test in mine):g}"
    assert f"{user}  {best} of {best}, {len(mine)} tests passed (with a right {wrong})" in shown
