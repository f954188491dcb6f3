"""Models that lie about themselves, contain code or are too large. The judge does not rebuild them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from arena import Arena, Attack, arena
from corpus import sampled
from judging import write_exercise

from grader.judge.jobs import Limits
from grader.judge.sandbox import walls

pytestmark = pytest.mark.skipif(walls.bubblewrap() is None, reason="bubblewrap is not installed")

ATTACKS = {path.stem: path for path in sorted((Path(__file__).parent / "models").glob("*.py"))}
# code that a model carries, a model that poses as another, one without an end, one that is too large
FEW = "lambda_layer custom_layer posing_class patched_keras endless_config million_units".split()
LIMITS = Limits(load=60, call=20, submission=60, memory=4_000_000_000)
HONEST = """
import keras
def build(n):
    model = keras.Sequential([keras.Input((5, 1)), keras.layers.LSTM(n), keras.layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse")
    return model
"""
VISIBLE = '''
    def parameters(n):
        return 4 * n * (n + 1 + 1) + n + 1

    @pytest.mark.points(1, function="build")
    def test_size(learner):
        """It has an LSTM layer and one output."""
        assert learner.build(4).count_params() == parameters(4), "It has another number of parameters"
'''
HIDDEN = '''
    def parameters(n):
        return 4 * n * (n + 1 + 1) + n + 1

    @pytest.mark.points(1, function="build")
    def test_drawn_size(learner, rng):
        """The number of units is the argument."""
        n = int(rng.integers(5, 20))
        model = learner.build(n)
        assert model.output_shape == (None, 1), "It has more than one output"
        assert model.count_params() == parameters(n), "It has another number of parameters"

    @pytest.mark.points(1, function="build")
    def test_prediction(learner, rng):
        """It computes."""
        model = learner.build(3)
        y = model.predict(rng.normal(size=(2, 5, 1)), verbose=0)
        assert np.isfinite(y).all() and np.ptp(y) > 0, "It does not look at its input"
        assert len(model.layers) == 2, "It has more than two layers"
'''


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    place = tmp_path_factory.mktemp("models")
    course = write_exercise(place / "course", {"build(n)": {"model": "model"}}, HONEST, VISIBLE, HIDDEN)
    with arena(place, HONEST, LIMITS, course) as built:
        yield built


@pytest.mark.parametrize("path", sampled(ATTACKS, FEW))
def test_attack(judge: Arena, path: Path) -> None:
    judge.fight(Attack(path))
