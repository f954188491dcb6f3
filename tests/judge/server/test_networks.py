"""A learner's networks, trained by a judge for the page."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from judging import submission, write_exercise

from grader.content.course import Course
from grader.judge.client.judge import Judge
from grader.judge.networks import TrainedNetwork
from grader.judge.report import Report

NETWORKS = """\
networks:
  - {id: small, title: Small, call: "build(4, units=3)", window: 4, steps: 150, learning_rate: 0.02,
     wave: {values: 60, period: 20, level: 10, amplitude: 2}, shift: 10, factor: 2}
"""
SOLUTION = """
    import keras
    def build(n, units):
        return keras.Sequential([keras.Input((n, 1)), keras.layers.GRU(units), keras.layers.Dense(1)])
"""
VISIBLE = '''
    @pytest.mark.points(1, function="build")
    def test_it(learner):
        """It is built."""
        learner.build(4, 3)
'''


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("course")
    course = write_exercise(root, {"build(n, units)": {"model": "model"}}, SOLUTION, VISIBLE, "")
    file = root / "exercises/exercise-x/exercise.yaml"
    file.write_text(file.read_text() + NETWORKS)
    return course


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


def trained(judge: Judge, course: Course, source: str) -> TrainedNetwork:
    (network,) = judge.train_networks(course, "exercise-x", submission(source), seed=1)
    return network


def floats(network: TrainedNetwork, layer: int) -> list[np.ndarray]:
    return [np.frombuffer(w.data, "<f4").reshape(w.shape) for w in network.layers[layer].weights]


def test_the_page_gets_layers_weights_and_the_series(judge: Judge, course: Course) -> None:
    network = trained(judge, course, SOLUTION)
    assert network.problem == ""
    assert [layer.kind for layer in network.layers] == ["GRU", "Dense"]
    assert network.layers[0].options == {
        "units": 3,
        "activation": "tanh",
        "use_bias": True,
        "return_sequences": False,
        "go_backwards": False,
        "recurrent_activation": "sigmoid",
        "reset_after": True,
    }
    assert [weight.shape for weight in floats(network, 0)] == [(1, 9), (3, 9), (2, 9)]
    assert network.parameters == sum(w.size for k in (0, 1) for w in floats(network, k))
    assert (len(network.series), network.training_windows) == (60, 44)
    assert all(np.abs(weight).max() > 0 for k in (0, 1) for weight in floats(network, k))  # biases moved
    assert trained(judge, course, SOLUTION) == network  # whatever the learner's weights
    assert isinstance(judge.check(course, "exercise-x", submission(SOLUTION), 1), Report)  # the judge goes on


DENSE = "keras.layers.Flatten(), keras.layers.Dense(1)"


@pytest.mark.parametrize(
    ("layers", "says"),
    [
        ("keras.layers.Conv1D(2, 2), " + DENSE, "because it contains a Conv1D layer"),
        ("keras.layers.GRU(units, stateful=True), keras.layers.Dense(1)", ""),
        ("keras.layers.LSTM(400), keras.layers.Dense(1)", "because it has 643,601 weights"),
        ("keras.layers.LSTM(2), keras.layers.Dense(2)", "because it does not predict a single number."),
        ("keras.layers.LSTM(2, return_sequences=True), keras.layers.Dense(1)", "a single number"),
        (", ".join(["keras.layers.Dense(2)"] * 9) + ", " + DENSE, "because it has more than 8 layers"),
    ],
)
def test_what_the_page_cannot_run_is_told(judge: Judge, course: Course, layers: str, says: str) -> None:
    network = trained(
        judge, course, SOLUTION.replace("keras.layers.GRU(units), keras.layers.Dense(1)", layers)
    )
    if says:
        assert says in network.problem
    else:
        assert network.problem
    assert network.layers == ()


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def build(n, units): return 1 / 0", "ZeroDivisionError"),
        ("def build(n, units): return None", "build should return a Keras model"),
        ("x = 1", "build"),
    ],
)
def test_code_without_a_network_is_told(judge: Judge, course: Course, source: str, says: str) -> None:
    network = trained(judge, course, source)
    assert says in network.problem
    assert network.layers == ()
